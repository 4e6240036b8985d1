"""Judging the whole journal again, to see whether what was applied is what follows from it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from sync import entries
from sync.engine import judge
from sync.entries import Entry
from sync.errors import BadEntry
from sync.ports import ReplicaInfo, Standing, StoredEntry

HELD, LIVE = "held", ""
"""What becomes of an entry, else the reason of its quarantine."""


def misjudged(
    rows: Iterable[StoredEntry], replica: Callable[[str], ReplicaInfo | None]
) -> Iterator[str]:
    """
    Yield the hashes of entries whose stored effect is not what the journal says.

    Args:
        rows: The whole journal by position.
        replica: Who signed; when a replica was revoked is read from the journal, not from here.
    """
    replay, stored = _Replay(replica), {}
    for row in rows:
        replay.take(row)
        stored[row.hash] = _stored(row)
    yield from (hash for hash, kept in stored.items() if replay.outcome.get(hash) != kept)


def _stored(row: StoredEntry) -> str:
    if row.effect == "quarantined":
        return row.reason
    return HELD if row.effect == "held" else LIVE


@dataclass
class _Replay:
    replica: Callable[[str], ReplicaInfo | None]
    outcome: dict[str, str] = field(default_factory=dict)
    _places: dict[str, tuple[str, int]] = field(default_factory=dict)  # of entries not held
    _waiting: dict[str, list[StoredEntry]] = field(default_factory=lambda: defaultdict(list))
    _standings: dict[str, Standing] = field(default_factory=dict)
    _revoked: set[str] = field(default_factory=set)
    _readable: set[str] = field(default_factory=set)

    def take(self, row: StoredEntry) -> None:
        """Judge one more entry, and what waited for it."""
        ready = [row]
        while ready:
            one = ready.pop()
            if self._is_ready(one):
                self._judge(one)
                ready.extend(reversed(self._waiting.pop(one.hash, [])))
            else:
                self.outcome[one.hash] = HELD
                self._waiting[one.prev].append(one)

    def _is_ready(self, row: StoredEntry) -> bool:
        if row.seq == 1:
            return row.prev == ""
        return self._places.get(row.prev) == (row.replica, row.seq - 1)

    def _judge(self, row: StoredEntry) -> None:
        self._places[row.hash] = (row.replica, row.seq)
        info, entry = self.replica(row.replica), _parsed(row)
        if info is None:
            return  # its signature cannot hold either, and that is said
        info = replace(info, revoked=row.replica in self._revoked)
        standing = self._standings.get(entry.assignment) if entry else None
        self.outcome[row.hash] = judge.reason_against(entry, info, standing)
        if entry is None:
            return
        self._readable.add(row.hash)
        if info.server and self.outcome[row.hash] == LIVE:
            self._control(entry)

    def _control(self, entry: Entry) -> None:
        after = judge.standing_after(entry, self._standings.get(entry.assignment))
        if after is not None:
            self._standings[entry.assignment] = after
        for op in entry.ops:
            target = op.item.partition("/")[2]
            if op.type == "replica.revoke":
                self._revoked.add(target)
            elif op.type == "inbox.accept" and target in self._readable:
                self.outcome[target] = LIVE


def _parsed(row: StoredEntry) -> Entry | None:
    try:
        return entries.parse(row.content)
    except BadEntry:
        return None
