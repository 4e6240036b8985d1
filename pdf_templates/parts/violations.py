"""What a party is told that it did, and what it is to be punished with."""

from collections.abc import Sequence
from dataclasses import dataclass

from pdf_templates.constraints import Constraint
from pdf_templates.fields import fen, text
from pdf_templates.money import in_full
from pdf_templates.setting.page import Strip
from pdf_templates.setting.stationery import Stationery
from pdf_templates.wording import ended


def _punished(penalty: str, fine: int) -> str:
    return "" if penalty or fine else "没有罚款的，应当写明处罚"


@dataclass(frozen=True)
class Violation:
    """One violation and the penalty for it alone."""

    act: str = text("违法行为")
    violated: str = text("违反的规定（法律及条款）")
    basis: str = text("处罚依据（法律及条款）")
    discretion: str = text("裁量情况，未另作说明为空", optional=True)
    penalty: str = text("罚款以外的处罚，如警告，没有为空", optional=True)
    fine_fen: int = fen("罚款数额，没有为 0")

    CONSTRAINTS = (Constraint("penalty", ("fine_fen",), _punished),)


def _total(total: int, fines: Sequence[int]) -> str:
    return "" if total == sum(fines) else f"罚款合计应为各项罚款之和 {sum(fines)} 分"


TOTAL_FINE = Constraint("total_fine_fen", ("violations[].fine_fen",), _total)
"""Of whoever tells violations and a total: it is the sum, as each is weighed by itself."""


@dataclass(frozen=True)
class Evidence:
    """A piece of evidence and what it proves."""

    name: str = text("证据名称")
    proves: str = text("证明的事实")


def penalty_said(penalty: str, fine_fen: int) -> str:
    """Return 警告，并处罚款人民币贰万元整（¥20,000.00）, or the one of both that there is."""
    fine = f"罚款{in_full(fine_fen)}" if fine_fen else ""
    return f"{penalty}，并处{fine}" if penalty and fine else penalty or fine


def acts(on: Stationery, violations: Sequence[Violation]) -> list[Strip]:
    """Return the violations as paragraphs, numbered where there are several."""
    if len(violations) == 1:
        return on.said(ended(violations[0].act), "违法行为")
    return on.items([ended(one.act) for one in violations], "违法行为")


def applied(on: Stationery, violations: Sequence[Violation]) -> list[Strip]:
    """Return for each violation which rule it broke, and under which it is punished."""
    return [
        strip
        for number, one in enumerate(violations, 1)
        for strip in on.prose(
            f"上述{_which(violations, number)}行为违反了{{违反的规定}}的规定，依据{{处罚依据}}的"
            "规定，应当给予行政处罚。",
            {"违反的规定": one.violated, "处罚依据": one.basis},
        )
    ]


def weighed(on: Stationery, violations: Sequence[Violation]) -> list[Strip]:
    """Return how each violation is weighed, where that is said."""
    return [
        strip
        for number, one in enumerate(violations, 1)
        if one.discretion
        for strip in on.said(
            f"对上述{_which(violations, number)}行为的裁量：{ended(one.discretion)}",
            f"第{number}项裁量情况",
        )
    ]


def _which(violations: Sequence[Violation], number: int) -> str:
    return f"第{number}项" if len(violations) > 1 else ""


def penalties(violations: Sequence[Violation], total_fen: int) -> str:
    """Return the penalty, for each violation where there are several, and the fines together."""
    said = [penalty_said(one.penalty, one.fine_fen) for one in violations]
    if len(said) == 1:
        return f"{said[0]}。"
    verbs = ["给予" if one.penalty else "处" for one in violations]
    each = "；".join(
        f"对第{number}项行为，{verb}{what}"
        for number, (verb, what) in enumerate(zip(verbs, said, strict=True), 1)
    )
    together = f"。分别裁量，合并执行罚款{in_full(total_fen)}" if total_fen else ""
    return f"{each}{together}。"
