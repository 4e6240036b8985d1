"""The decision that is carried out, and what of its fine is open."""

from dataclasses import dataclass

from pdf_templates.constraints import Constraint
from pdf_templates.fields import day, fen, text
from pdf_templates.money import in_full
from pdf_templates.setting.page import Strip
from pdf_templates.setting.stationery import Stationery
from pdf_templates.wording import ended, long_date


@dataclass(frozen=True)
class Fined:
    """The decision on a fine."""

    decided_on: str = day("行政处罚决定作出")
    doc_no: str = text("行政处罚决定书文号")
    fine_fen: int = fen("罚款数额")
    deferral: str = text("批准延期、分期缴纳及已缴纳的情况，没有为空", optional=True)


def _no_more(surcharge: int, fine: int) -> str:
    return "" if surcharge <= fine else "加处罚款不能超过罚款的数额"


def _added(total: int, fine: int, surcharge: int) -> str:
    added = fine + surcharge
    return "" if total == added else f"合计应为罚款与加处罚款之和 {added} 分"


@dataclass(frozen=True)
class Owed:
    """What has to be paid: what is open of the fine, what was added, both together."""

    fine_fen: int = fen("尚未缴纳的罚款")
    surcharge_fen: int = fen("加处罚款")
    total_fen: int = fen("合计")

    CONSTRAINTS = (
        Constraint("surcharge_fen", ("fine_fen",), _no_more),
        Constraint("total_fen", ("fine_fen", "surcharge_fen"), _added),
    )


def late(on: Stationery, you: str, fined: Fined, due_on: str, unpaid_fen: int) -> list[Strip]:
    """Return which decision is not carried out in time, and what of its fine is open."""
    return on.prose(
        f"本机关于{{决定日期}}对{you}作出行政处罚决定（文号：{{决定书文号}}），罚款{{罚款}}。"
        + ("{延期分期情况}" if fined.deferral else "")
        + f"缴款期限已于{{原缴款期限}}届满，{you}至今未缴纳罚款{{未缴纳的罚款}}。",
        {
            "决定日期": long_date(fined.decided_on),
            "决定书文号": fined.doc_no,
            "罚款": in_full(fined.fine_fen),
            "延期分期情况": ended(fined.deferral),
            "原缴款期限": long_date(due_on),
            "未缴纳的罚款": in_full(unpaid_fen),
        },
    )
