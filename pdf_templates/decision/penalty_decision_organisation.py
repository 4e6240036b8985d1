"""行政处罚决定书（单位）: a penalty decided by the ordinary procedure against a unit."""

from dataclasses import dataclass

from pdf_templates.decision.ordinary import TITLE, PenaltyDecision, content
from pdf_templates.fields import part
from pdf_templates.parts.people import Organisation, Party
from pdf_templates.setting.reasoned import REASONED_SHEET
from pdf_templates.template import TWO_COPIES, Composed, Template


@dataclass(frozen=True)
class PenaltyDecisionOrganisation(PenaltyDecision):
    """The facts of a 行政处罚决定书（单位）."""

    party: Organisation = part("被处罚单位")

    @property
    def whom(self) -> Party:
        """Return who is punished."""
        return Party(self.party, None)


TEMPLATE = Template(
    kind="penalty_decision_organisation",
    title=TITLE,
    mark="罚",
    version="2026.3",
    effective_from="2026-01-01",
    facts=PenaltyDecisionOrganisation,
    layout=Composed(TITLE, content, REASONED_SHEET, TWO_COPIES),
    source=(
        "应急管理行政执法文书（2017 年式样，机构改革后的说理式文本）行政处罚决定书（单位）；"
        "《行政处罚法》第五十九条"
    ),
)
