"""The running total, computed again from its items, and its items compared with the rows."""

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspect_server.domain.errors import InspectError
from inspect_server.domain.record import GENESIS
from inspect_server.store.counting import tally
from inspect_server.store.models.blobs import Blob
from inspect_server.store.models.identity import AuditEvent
from inspect_server.store.models.journal import Receipt
from inspect_server.store.models.planning import HashChain
from inspect_server.store.models.record import Counted, RecordLeaf

TITLES = {
    tally.LEAF: "全过程记录事件",
    tally.AUDIT: "审计日志",
    tally.RECEIPT: "回执",
    tally.FILE: "文件登记",
    tally.CHAIN: "哈希链登记",
}
ROWS = {tally.AUDIT: AuditEvent, tally.RECEIPT: Receipt, tally.FILE: Blob, tally.CHAIN: HashChain}
"""What is counted by the hash of its whole row; a leaf is its own."""


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
    counted: dict[str, set[str]] = {kind: set() for kind in TITLES}
    pos, total = 0, GENESIS
    for row in session.execute(
        select(Counted.pos, Counted.kind, Counted.item, Counted.total).order_by(Counted.pos)
    ):
        pos, total = pos + 1, tally.following(total, row.kind, row.item)
        if (pos, total) != (row.pos, row.total):
            yield f"登记总值从第 {pos} 项起不相连，有内容被删除或改动"
            return
        counted.setdefault(row.kind, set()).add(row.item)
    for kind, items in counted.items():
        present = set(_items(session, kind))
        if lost := len(items - present):
            yield f"{TITLES.get(kind, kind)}：有 {lost} 条已被删除或改动"
        if added := len(present - items):
            yield f"{TITLES.get(kind, kind)}：有 {added} 条不是由系统登记的或已被改动"


def _items(session: Session, kind: str) -> Iterator[str]:
    if kind == tally.LEAF:
        yield from session.scalars(select(RecordLeaf.leaf))
    elif kind in ROWS:
        table = ROWS[kind].__table__
        for row in session.execute(select(table).execution_options(yield_per=2_000)).mappings():
            yield tally.digest(dict(row))
