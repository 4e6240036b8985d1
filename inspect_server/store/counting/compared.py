"""What was counted, against the rows that are there now."""

from collections.abc import Collection, Iterator
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspect_server.domain.record import GENESIS
from inspect_server.store.counting import tally
from inspect_server.store.models.blobs import Blob
from inspect_server.store.models.identity import AuditEvent
from inspect_server.store.models.journal import Receipt
from inspect_server.store.models.planning import HashChain
from inspect_server.store.models.record import Counted, RecordLeaf

ROWS = {tally.AUDIT: AuditEvent, tally.RECEIPT: Receipt, tally.FILE: Blob, tally.CHAIN: HashChain}
"""What is counted by the hash of its whole row; a leaf is its own."""
KINDS = (tally.LEAF, *ROWS)
_COUNTED = (
    select(Counted.pos, Counted.kind, Counted.item, Counted.total)
    .order_by(Counted.pos)
    .execution_options(yield_per=2_000)
)


class Unlike(NamedTuple):
    """Where the items of one kind are not as they were counted."""

    kind: str
    gone: frozenset[str]  # deleted, or changed
    added: frozenset[str]  # never counted, or changed


class BrokenTotal(Exception):
    """The totals do not follow from each other: what was counted cannot be told."""

    def __init__(self, pos: int) -> None:
        """Say from which item on."""
        super().__init__(f"the running total does not hold from item {pos} on")
        self.pos = pos


def compare(session: Session, kinds: Collection[str] = KINDS) -> list[Unlike]:
    """
    Compute the totals again, and return where the rows of these kinds differ from what was counted.

    Items of a kind that nobody counts are gone.

    Raises:
        BrokenTotal: The totals themselves were changed.
    """
    counted: dict[str, set[str]] = {kind: set() for kind in kinds}
    strangers: dict[str, set[str]] = {}
    pos, total = 0, GENESIS
    with session.execute(_COUNTED) as rows:
        for row in rows:
            pos, total = pos + 1, tally.following(total, row.kind, row.item)
            if (pos, total) != (row.pos, row.total):
                raise BrokenTotal(pos)
            if row.kind in counted:
                counted[row.kind].add(row.item)
            elif row.kind not in KINDS:
                strangers.setdefault(row.kind, set()).add(row.item)
    found = []
    for kind, items in {**counted, **strangers}.items():
        present = frozenset(_items(session, kind))
        if items != present:
            found.append(Unlike(kind, frozenset(items - present), present - items))
    return found


def _items(session: Session, kind: str) -> Iterator[str]:
    if kind == tally.LEAF:
        yield from session.scalars(select(RecordLeaf.leaf))
    elif kind in ROWS:
        table = ROWS[kind].__table__
        for row in session.execute(select(table).execution_options(yield_per=2_000)).mappings():
            yield tally.digest(dict(row))
