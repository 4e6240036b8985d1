"""Entries on their way into the journal, as they were read, and how many may wait there."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from msgspec import Struct

from sync import entries
from sync.entries import Entry, Envelope, Operation
from sync.errors import BadEntry
from sync.ports import LightEntry, StoredEntry
from sync.protocol import FUTURE_CLOCK_SECONDS, Reason

UNCLAIMED: Reason = "wrong_user"
"""Why entries of a replica wait of which only the key is known."""
MAX_HELD = 1000
MAX_HELD_BYTES = 16 * 1024 * 1024
"""What may wait of one replica. More is refused: the phone keeps it and sends it later."""


class Draft(Struct, frozen=True):
    """A verified entry that may be new."""

    content: bytes
    signature: bytes
    hash: str
    place: Envelope
    entry: Entry | None
    operations: tuple[Operation, ...]
    carrier: str
    received_at: datetime


class Parsed(Struct, frozen=True):
    """What an entry says; nothing where it breaks the schema."""

    entry: Entry | None
    operations: tuple[Operation, ...]


@dataclass
class Room:
    """How many entries of each replica wait, and whether one more may."""

    _held: dict[str, tuple[int, int]] = field(default_factory=dict)  # entries, bytes

    def count(self, waiting: Iterable[LightEntry]) -> None:
        """Count what waits already."""
        for one in waiting:
            self._add(one.replica, 1, one.size)

    def takes(self, draft: Draft) -> bool:
        """Count an entry that is to wait; False if there is no room for it."""
        rows, size = self._held.get(draft.place.replica, (0, 0))
        if rows >= MAX_HELD or size + len(draft.content) > MAX_HELD_BYTES:
            return False
        self._add(draft.place.replica, 1, len(draft.content))
        return True

    def _add(self, replica: str, rows: int, size: int) -> None:
        before = self._held.get(replica, (0, 0))
        self._held[replica] = (before[0] + rows, before[1] + size)


def parse(row: StoredEntry) -> Parsed:
    """Read a stored entry again."""
    try:
        return Parsed(*entries.read(row.content, row.hash))
    except BadEntry:
        return Parsed(None, ())


def targets(drafts: Sequence[Draft], *types: str) -> set[str]:
    """Return what operations of these types speak of: replicas, or entries by their hash."""
    ops = (op for draft in drafts for op in draft.operations if op.type in types)
    return {op.item.partition("/")[2] for op in ops}


def following(
    waiting: Iterable[LightEntry], arriving: Collection[str], whole: set[str]
) -> list[str]:
    """
    Return the hashes of those that may be released when these entries are in.

    Args:
        waiting: All that waits.
        arriving: Hashes of what may come in now.
        whole: Replicas of which everything may be released.
    """
    after: dict[str, list[str]] = {}
    found = []
    for one in waiting:
        after.setdefault(one.prev, []).append(one.hash)
        if one.replica in whole or one.hash in arriving:
            found.append(one.hash)
    ready = [*arriving, *found]
    while ready:
        later = after.pop(ready.pop(), [])
        found += later
        ready += later
    return sorted(set(found))


def is_ahead(draft: Draft) -> bool:
    """Whether a phone's clock was far ahead of the server's."""
    if draft.entry is None:
        return False
    ahead = datetime.fromisoformat(draft.entry.wall) - draft.received_at
    return ahead.total_seconds() > FUTURE_CLOCK_SECONDS


def is_unclaimed(row: StoredEntry, replica: str) -> bool:
    """Whether an entry waits until it is known whose its replica is."""
    return (row.replica, row.effect, row.reason) == (replica, "quarantined", UNCLAIMED)
