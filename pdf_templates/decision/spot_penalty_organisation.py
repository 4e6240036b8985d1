"""行政（当场）处罚决定书（单位）: a penalty decided on the spot against a unit."""

from dataclasses import dataclass

from pdf_templates.decision.spot import TITLE, SpotPenalty, content
from pdf_templates.fields import part
from pdf_templates.parts.people import Organisation, Party
from pdf_templates.setting.records import SLIPS
from pdf_templates.template import TWO_COPIES, Composed, OnReceipt, Template


@dataclass(frozen=True)
class SpotPenaltyOrganisation(SpotPenalty):
    """The facts of a 行政（当场）处罚决定书（单位）."""

    party: Organisation = part("被处罚单位")

    @property
    def whom(self) -> Party:
        """Return who is punished."""
        return Party(self.party, None)

    @property
    def label(self) -> str:
        """Return what the party is called before its name."""
        return "被处罚单位"


TEMPLATE = Template(
    kind="spot_penalty_organisation",
    title=TITLE,
    mark="罚当",
    version="2026.2",
    effective_from="2026-01-01",
    facts=SpotPenaltyOrganisation,
    layout=Composed(TITLE, content, SLIPS, TWO_COPIES),
    receipt=OnReceipt(TITLE, content),
    source=(
        "应急管理行政执法文书（2017 年式样，机构改革后）行政（当场）处罚决定书（单位）；"
        "《行政处罚法》第五十一条、第五十二条、第六十八条；《行政复议法》第二十三条第一款第一项"
    ),
)
