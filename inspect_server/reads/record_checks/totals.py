"""The running total, computed again from its items, and its items compared with the rows."""

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspect_server.domain.errors import InspectError
from inspect_server.domain.record import GENESIS
from inspect_server.store.counting import compared, tally
from inspect_server.store.models.record import Counted

TITLES = {
    tally.LEAF: "全过程记录事件",
    tally.AUDIT: "审计日志",
    tally.RECEIPT: "回执",
    tally.FILE: "文件登记",
    tally.CHAIN: "哈希链登记",
}


class Total(NamedTuple):
    """How many items were counted, and the total after the last."""

    items: int
    total: str


class TotalUnknown(InspectError):
    """What was written down is no total that this database ever had."""

    code, kind = "record.total_unknown", "broken"
    message = (
        "登记总值 {total} 不在本库的历次总值中：抄录之后有内容被删除或改动，"
        "或抄录有误；请核对抄件，无误的立即停止使用并从备份恢复。"
    )


def current(session: Session) -> Total:
    """Return the total as it stands now."""
    last = session.execute(
        select(Counted.pos, Counted.total).order_by(Counted.pos.desc()).limit(1)
    ).first()
    return Total(0, GENESIS) if last is None else Total(last.pos, last.total)


def check_expected(session: Session, total: str) -> int:
    """
    Return how many items had been counted when this total was written down.

    The chain itself must have been checked: then all of them are still there.

    Raises:
        TotalUnknown: It is none of this database's totals.
    """
    found = session.scalar(select(Counted.pos).where(Counted.total == total))
    if found is None:
        raise TotalUnknown(total=total)
    return found


def faults(session: Session) -> Iterator[str]:
    """Yield what was counted and is gone or changed, and what was never counted."""
    try:
        found = compared.compare(session)
    except compared.BrokenTotal as broken:
        yield f"登记总值从第 {broken.pos} 项起不相连，有内容被删除或改动"
        return
    for kind, gone, added in found:
        title = TITLES.get(kind, kind)
        if gone:
            yield f"{title}：有 {len(gone)} 条已被删除或改动"
        if added:
            yield f"{title}：有 {len(added)} 条不是由系统登记的或已被改动"
