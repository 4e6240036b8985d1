"""What the documents of one seizure share: its kind, its period, the decision that they name."""

from dataclasses import dataclass
from datetime import date

from pdf_templates.constraints import Constraint
from pdf_templates.fields import count, day, text
from pdf_templates.wording import long_date

SEIZURES = {"seal": "查封", "detain": "扣押"}
MEASURE = "强制措施"


def _ends(last: str, first: str) -> str:
    return "" if first <= last else "不能早于起始日期"


def _lasts(days: int, first: str, last: str) -> str:
    span = (date.fromisoformat(last) - date.fromisoformat(first)).days + 1
    return "" if span == days or last < first else f"起止日期共 {span} 日，与期限不符"


@dataclass(frozen=True)
class Period:
    """How long a seizure lasts, its first and last day included."""

    days: int = count("期限（日）", least=1)
    first: str = day("起")
    last: str = day("止")

    CONSTRAINTS = (
        Constraint("last", ("first",), _ends),
        Constraint("days", ("first", "last"), _lasts),
    )

    def said(self) -> str:
        """Return 2026年3月2日至2026年3月31日（30日）."""
        return f"{long_date(self.first)}至{long_date(self.last)}（{self.days}日）"


@dataclass(frozen=True)
class Decided:
    """The decision by which something was sealed or seized."""

    decided_on: str = day("原查封扣押决定作出")
    doc_no: str = text("原查封扣押决定书文号")
    list_no: str = text("查封扣押清单编号")
