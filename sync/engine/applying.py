"""One transaction's worth of entries: their place in the chain, what they may do, what changes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

import msgspec
from msgspec.structs import replace

from sync import merge
from sync.engine import judge
from sync.engine.chains import Chain, history, link_of, losses
from sync.engine.drafts import (
    UNCLAIMED,
    Draft,
    Parsed,
    Room,
    following,
    is_ahead,
    is_unclaimed,
    parse,
    targets,
)
from sync.engine.folding import Items
from sync.entries import Entry, Envelope
from sync.ports import (
    EffectChange,
    ItemProjection,
    Journal,
    ReplicaInfo,
    ScopeChange,
    Standing,
    StoredEntry,
)
from sync.protocol import Effect, Reason
from sync.values import EnrolValue, LostValue

ACCEPT = "inbox.accept"
RULINGS = (ACCEPT, "inbox.decline")


@dataclass
class Batch:
    """
    The working set of one transaction.

    Positions are given out last, so until then `pos` is counted from 0 and shifted at the end.
    `room`: for how many entries may wait; None where all of them did before, and nothing has a
    measure.
    """

    journal: Journal
    now: datetime
    room: Room | None = None
    stored: dict[str, StoredEntry] = field(default_factory=dict)
    _parsed: dict[str, Parsed] = field(default_factory=dict)
    _drafts: list[Draft] = field(default_factory=list)
    _new: list[str] = field(default_factory=list)
    _changed: set[str] = field(default_factory=set)
    _replicas: dict[str, ReplicaInfo] = field(default_factory=dict)
    _standings: dict[str, Standing] = field(default_factory=dict)
    _places: dict[tuple[str, int], set[str]] = field(default_factory=lambda: defaultdict(set))
    _lost: dict[str, list[LostValue]] = field(default_factory=lambda: defaultdict(list))
    _waiting: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _items: Items = field(default_factory=Items)
    _scopes: dict[int, list[ScopeChange]] = field(default_factory=lambda: defaultdict(list))
    _chains: dict[str, Chain] = field(default_factory=dict)
    _control: list[Standing] = field(default_factory=list)

    def load(self, drafts: Sequence[Draft]) -> None:
        """Lock, in the one order that all writers keep, and read everything that may be touched."""
        self._drafts = list(drafts)
        enrolled = targets(drafts, "replica.enrol")
        lost, ruled = targets(drafts, "replica.lost"), targets(drafts, *RULINGS)
        names = {d.place.replica for d in drafts} | enrolled | lost | self._waiting_of(ruled)
        self.journal.lock(sorted(names), [])
        rows = [row for id in sorted(enrolled) for row in self._unclaimed(id)]
        waiting = self.journal.held(names)
        if self.room:
            self.room.count(waiting)
            self._items.bounded = len(drafts) > 1
        arriving = {draft.hash for draft in drafts} | ruled
        wanted = ruled.union(following(waiting, arriving, lost))
        rows += self.journal.find(wanted).values()
        for row in rows:
            self._parsed[row.hash] = parse(row)
        for draft in drafts:
            self._parsed[draft.hash] = Parsed(draft.entry, draft.operations)
        assignments = sorted(
            {p.entry.assignment for p in self._parsed.values() if p.entry and p.entry.assignment}
        )
        self.journal.lock([], assignments)
        self._read(drafts, rows, names, assignments)

    def run(self) -> None:
        """Take in the drafts in the order sent, release what waited for them, and store it all."""
        self.settle()
        self._save()

    def settle(self) -> None:
        """Take in the drafts and judge everything, in memory only."""
        for draft in self._drafts:
            if draft.hash not in self.stored:
                self._take(draft)

    @property
    def heads(self) -> Mapping[str, tuple[int, str]]:
        """The contiguous prefix of every replica that was written for: seq and hash."""
        return {name: chain.head for name, chain in self._chains.items()}

    @property
    def standings(self) -> Mapping[str, Standing]:
        """How the inspections stand that the drafts speak of."""
        return self._standings

    @property
    def scopes(self) -> Mapping[int, Sequence[ScopeChange]]:
        """Who gains and loses sight of what, by the number of the draft that led to it."""
        return self._scopes

    def projections(self, first: int) -> list[ItemProjection]:
        """Return what was folded anew; the first draft stands at position `first`."""
        return self._items.projections(first)

    def _read(
        self,
        drafts: Sequence[Draft],
        rows: Sequence[StoredEntry],
        names: set[str],
        assignments: Sequence[str],
    ) -> None:
        for row in rows:
            self._remember(row)
        came = {d.hash for d in drafts}  # if stored, they are found at their own places
        before = {d.place.prev for d in drafts} | {r.prev for r in rows if r.effect == "held"}
        for row in self.journal.find(before - came - self.stored.keys() - {""}).values():
            self._remember(row)
        for row in self.journal.siblings({(d.place.replica, d.place.seq) for d in drafts}):
            self._remember(row)
        involved = names | {row.replica for row in rows}
        for name in involved:
            info = self.journal.replica(name)
            assert info is not None
            self._replicas[name] = info
            if name in names:  # only those are locked
                head = info.upto_seq, info.head_hash
                self._chains[name] = Chain(head, partial(history, self.journal, name))
        for one in self.journal.beyond(names):
            self._chains[one.replica].lay_beyond(link_of(one))
        self._read_lost(drafts, rows)
        self._standings = dict(self.journal.standings(assignments))
        items = {
            (op.assignment, op.item)
            for parsed in self._parsed.values()
            for op in parsed.operations
            if merge.is_projected(op)
        }
        self._items.read(self.journal.operations(items))

    def _read_lost(self, drafts: Sequence[Draft], rows: Sequence[StoredEntry]) -> None:
        """Look up what receipts stand for, of those replicas whose chains are broken here."""
        broken = {row.replica for row in rows if row.prev and not self._is_in(row.prev)}
        came = set()
        for draft in drafts:
            replica, seq, prev = draft.place.replica, draft.place.seq, draft.place.prev
            if prev and (replica, seq - 1, prev) not in came and not self._is_joined(draft.place):
                broken.add(replica)
            came.add((replica, seq, draft.hash))
        self._lost.update({id: list(losses(self.journal, id)) for id in sorted(broken)})

    def _remember(self, row: StoredEntry) -> None:
        self.stored[row.hash] = row
        self._places[row.replica, row.seq].add(row.hash)
        if row.effect == "held":
            self._waiting[row.prev].add(row.hash)

    def _take(self, draft: Draft) -> None:
        index = len(self._new)
        place = draft.place
        others = set(self._places[place.replica, place.seq])
        flags = {"fork"} if others else set()
        if is_ahead(draft):
            flags.add("future_clock")
        row = StoredEntry(
            hash=draft.hash,
            replica=place.replica,
            seq=place.seq,
            prev=place.prev,
            pos=index,
            content=draft.content,
            signature=draft.signature,
            carrier=draft.carrier,
            assignment=draft.entry.assignment if draft.entry else "",
            received_at=draft.received_at,
            effect="held",
            reason="",
            flags=tuple(sorted(flags)),
        )
        if self.room and not self._is_ready(row) and not self.room.takes(draft):
            return
        for hash in sorted(others):
            self._flag(hash, "fork")
        self._remember(row)
        self._new.append(draft.hash)
        self._release(draft.hash, index=index)
        for hash in self._items.differing():
            self._set(hash, "conflict", self.stored[hash].reason)

    def _release(self, *hashes: str, index: int) -> None:
        """Apply those whose predecessor is in, then everything that waited for them."""
        ready = sorted(hashes, reverse=True)
        while ready:
            one = ready.pop()
            if not self._is_ready(self.stored[one]):
                continue
            self._waiting[self.stored[one].prev].discard(one)
            if self._follows_lost(self.stored[one]):
                self._flag(one, "gap")
            self._chains[self.stored[one].replica].enter(link_of(self.stored[one]))
            self._apply(one, index)
            ready.extend(sorted(self._waiting.get(one, ()), reverse=True))

    def _is_ready(self, row: StoredEntry) -> bool:
        if row.seq == 1:
            return row.prev == ""
        return self._is_joined(row) or self._follows_lost(row)

    def _is_joined(self, place: StoredEntry | Envelope) -> bool:
        """Whether its predecessor is in, under the number before its own."""
        parent = self.stored.get(place.prev)
        if parent is None or parent.effect == "held":
            return False
        return (parent.replica, parent.seq) == (place.replica, place.seq - 1)

    def _is_in(self, hash: str) -> bool:
        return hash in self.stored and self.stored[hash].effect != "held"

    def _follows_lost(self, row: StoredEntry) -> bool:
        """Whether only a receipt stands for what came before this entry."""
        named = any(lost.stands_before(row.seq, row.prev) for lost in self._lost[row.replica])
        return named and not self._is_in(row.prev)

    def _apply(self, hash: str, index: int) -> None:
        row, parsed = self.stored[hash], self._parsed[hash]
        replica = self._replicas[row.replica]
        standing = self._standings.get(row.assignment)
        reason = judge.reason_against(parsed.entry, replica, standing)
        if reason:
            self._set(hash, "quarantined", reason)
            return
        assert parsed.entry is not None
        self._take_in(hash, index)
        if replica.server:
            self._control_entry(hash, parsed.entry, index)

    def _take_in(self, hash: str, index: int) -> None:
        """Let it count; whether with a conflict shows when all that is released with it is in."""
        self._items.take_in(hash, self._parsed[hash].operations, index)
        fork: Reason = "fork" if "fork" in self.stored[hash].flags else ""
        self._set(hash, "applied", fork)

    def _control_entry(self, hash: str, entry: Entry, index: int) -> None:
        before = self._standings.get(entry.assignment)
        after = judge.standing_after(entry, before)
        if after is not None:
            self._standings[entry.assignment] = after
            self._control.append(after)
            self._scopes[index].extend(judge.scope_changes(before, after))
        for op in entry.ops:
            target = op.item.partition("/")[2]
            if op.type == "replica.enrol":
                self._enrol(target, bytes(op.value), index)
            elif op.type == "replica.lost":
                self._flag(hash, "gap")  # at once: the phone may bring nothing new for long
                self._bridge(target, bytes(op.value), index)
            elif op.type == "replica.revoke":
                self.journal.revoke(target, self.now)
                if target in self._replicas:
                    self._replicas[target] = replace(self._replicas[target], revoked=True)
            elif op.type in RULINGS:
                self._rule(target, op.type, index)

    def _enrol(self, replica: str, raw: bytes, index: int) -> None:
        """Judge again what came before anybody knew whose the replica is."""
        if replica not in self._replicas:
            return
        user = msgspec.json.decode(raw, type=EnrolValue).user
        self._replicas[replica] = replace(self._replicas[replica], user=user)
        waiting = [row for row in self.stored.values() if is_unclaimed(row, replica)]
        for row in sorted(waiting, key=lambda row: row.pos):
            self._apply(row.hash, index)

    def _bridge(self, replica: str, raw: bytes, index: int) -> None:
        """Let a chain go on behind what a restore lost and a receipt names."""
        lost = msgspec.json.decode(raw, type=LostValue)
        self._lost[replica].append(lost)
        if replica not in self._chains:
            return
        self._chains[replica].lose(lost)
        rows = [row for row in self.stored.values() if row.replica == replica]
        for row in sorted(rows, key=lambda row: (row.seq, row.hash)):
            if not self._is_in(row.hash):
                self._release(row.hash, index=index)

    def _unclaimed(self, replica: str) -> Sequence[StoredEntry]:
        return self.journal.quarantined(replica, UNCLAIMED)

    def _rule(self, hash: str, ruling: str, index: int) -> None:
        """Let a supervisor's word count; on an entry that waits it stands for what is missing."""
        row = self.stored.get(hash)
        if row is None:
            return
        waits, accepted = row.effect == "held", ruling == ACCEPT
        if accepted and not (waits or row.effect == "quarantined"):
            return
        if accepted and not judge.is_readable(
            self._parsed[hash].entry, self._replicas[row.replica]
        ):
            return
        self._flag(hash, "accepted" if accepted else "declined")
        if waits:
            self._flag(hash, "gap")
            self._waiting[row.prev].discard(hash)
            self._chains[row.replica].enter(link_of(row))
            self._set(hash, "quarantined", "declined")
        if accepted:
            self._take_in(hash, index)
        if waits:
            self._release(*self._waiting.get(hash, ()), index=index)

    def _waiting_of(self, hashes: set[str]) -> set[str]:
        """Return whose these entries are, of those that wait."""
        return {row.replica for row in self.journal.find(hashes).values() if row.effect == "held"}

    def _set(self, hash: str, effect: Effect, reason: Reason) -> None:
        self.stored[hash] = replace(self.stored[hash], effect=effect, reason=reason)
        self._changed.add(hash)

    def _flag(self, hash: str, flag: str) -> None:
        row = self.stored[hash]
        reason: Reason = row.reason
        if flag == "fork" and row.effect in ("applied", "conflict"):
            reason = "fork"
        flags = tuple(sorted({*row.flags, flag}))
        if (flags, reason) != (row.flags, row.reason):
            self.stored[hash] = replace(row, flags=flags, reason=reason)
            self._changed.add(hash)

    def _save(self) -> None:
        first = self.journal.take_positions(len(self._new)) if self._new else 0
        for hash in self._new:
            row = self.stored[hash]
            self.stored[hash] = replace(row, pos=first + row.pos)
        if self._new:
            self.journal.add_entries(
                [self.stored[hash] for hash in self._new],
                [op for hash in self._new for op in self._parsed[hash].operations],
            )
        changes = [self.stored[hash] for hash in sorted(self._changed - set(self._new))]
        if changes:
            self.journal.set_effects(
                [EffectChange(r.hash, r.effect, r.reason, r.flags) for r in changes]
            )
        folded = self.projections(first)
        if folded:
            self.journal.put_items(folded)
        for standing in self._control:
            self.journal.put_standing(standing)
        for index, scopes in sorted(self._scopes.items()):
            self.journal.change_scopes(scopes, first + index)
        for name, (seq, hash) in sorted(self.heads.items()):
            self.journal.set_head(name, seq, hash, self.now)
