"""Paying later or in instalments."""

from collections.abc import Sequence
from dataclasses import dataclass

from pdf_templates.fields import count, day, fen
from pdf_templates.money import in_full
from pdf_templates.wording import long_date

MODES = {"deferral": "延期缴纳", "instalments": "分期缴纳"}


@dataclass(frozen=True)
class Instalment:
    """One payment and until when it is made."""

    number: int = count("第几期（期）")
    due_on: str = day("缴款期限届满")
    amount_fen: int = fen("本期金额")


def plan(instalments: Sequence[Instalment]) -> str:
    """Return every instalment on a line of its own."""
    return "\n".join(
        f"第{one.number}期：{long_date(one.due_on)}前缴纳{in_full(one.amount_fen)}。"
        for one in instalments
    )
