"""行政处罚决定书（个人）: a penalty decided by the ordinary procedure against a person."""

from dataclasses import dataclass

from pdf_templates.decision.ordinary import TITLE, PenaltyDecision, content
from pdf_templates.fields import part
from pdf_templates.parts.people import Party, Person
from pdf_templates.setting.reasoned import REASONED_SHEET
from pdf_templates.template import TWO_COPIES, Composed, Template


@dataclass(frozen=True)
class PenaltyDecisionPerson(PenaltyDecision):
    """The facts of a 行政处罚决定书（个人）."""

    party: Person = part("被处罚人")

    @property
    def whom(self) -> Party:
        """Return who is punished."""
        return Party(None, self.party)


TEMPLATE = Template(
    kind="penalty_decision_person",
    title=TITLE,
    mark="罚",
    version="2026.3",
    effective_from="2026-01-01",
    facts=PenaltyDecisionPerson,
    layout=Composed(TITLE, content, REASONED_SHEET, TWO_COPIES),
    source=(
        "应急管理行政执法文书（2017 年式样，机构改革后的说理式文本）行政处罚决定书（个人）；"
        "《行政处罚法》第五十九条"
    ),
)
