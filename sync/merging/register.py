"""
Folding the operations of one item, all at once or as they come.

A set removes exactly the heads that it cites; what nobody cited stays. Two heads with byte-equal
values corroborate each other; different ones are a conflict that only `conflict.resolve` closes:
an ordinary operation whose author knew of a disagreement removes only heads of its own user. It
knew if it cites different values, or if something else that the same user said, on whichever
phone, stands beside it: said not after it, and not replaced by what it cites. "Retracted" is a
value like any other, so that retracting against a change is a conflict too and not a silent loss.
The result depends on the set of operations, never on their order.

What comes after all that it has to do with is folded in alone. What others had cited before it
came, or comes from a second phone of its user, has the item folded again. Either way each
operation and each citation is looked at, never every pair of operations.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from sync.entries import Operation
from sync.merging.items import RESOLVE, SIGNATURE, Item, effective_value, item_of
from sync.merging.stretches import Stretches, beginning, joined

Place = tuple[int, int]  # seq and index within the entry: how a phone numbered its operation
Voice = tuple[str, str]  # user and replica: the server's replica writes for every desk
Replaced = Mapping[Voice, Stretches]
"""Of each voice, which of its operations on the item an operation is or replaces, in any way."""
NOWHERE: Place = (-1, 0)


@dataclass(slots=True)
class Looked:
    """At how many operations and citations folding looked so far."""

    at: int = 0


class Register:
    """The operations of one item, and what follows from them."""

    def __init__(
        self,
        gone: Collection[str] = (),
        judged: Collection[str] = (),
        looked: Looked | None = None,
    ) -> None:
        """
        Begin with no operation.

        Args:
            gone: Ids that are known to be replaced, though what replaced them is not at hand.
            judged: Ids whose own removals `gone` already contains; they remove nothing further.
            looked: Counts what folding costs, together with that of other items.
        """
        self._looked = looked or Looked()
        self._given = frozenset(gone)
        self._judged = judged
        self._known: dict[str, Operation] = {}
        self._fold: _Fold | None = None

    def add(self, op: Operation) -> None:
        """Take in an operation, in any order; one that is known changes nothing."""
        if op.id in self._known:
            return
        self._known[op.id] = op
        if self._fold and self._fold.is_next(op):
            self._looked.at += self._fold.take(op)
        else:
            self._fold = None

    @property
    def conflict(self) -> bool:
        """Whether phones disagree and the lead has not chosen."""
        return len(self._known) > 1 and len(self._folded().values) > 1

    def item(self) -> Item:
        """Return the item as it stands; there is at least one operation."""
        first = next(iter(self._known.values()))
        if len(self._known) == 1 and not self._given:  # as most are: nothing to compare
            return item_of(first.item, (first,), ())
        fold = self._folded()
        return item_of(first.item, fold.heads.values(), fold.gone)

    def _folded(self) -> "_Fold":
        if self._fold is None:
            self._fold = _Fold(self._known, self._given, self._judged)
            self._looked.at += self._fold.run()
        return self._fold


@dataclass(slots=True)
class _Said:
    """What one phone, or one user on it, said of the item, in the order of the phone's numbers."""

    places: list[Place] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)

    def append(self, op: Operation) -> None:
        self.places.append(_place(op))
        self.ids.append(op.id)


@dataclass(slots=True)
class _Fold:
    """How the known operations stand to each other."""

    known: Mapping[str, Operation]
    given: frozenset[str]
    judged: Collection[str]
    heads: dict[str, Operation] = field(default_factory=dict)
    values: dict[bytes, int] = field(default_factory=dict)  # of the heads: how many have it
    gone: set[str] = field(default_factory=set)
    _missing: set[str] = field(default_factory=set)  # cited, and not at hand
    _voices: dict[str, dict[str, _Said]] = field(default_factory=dict)  # by user and replica
    _phones: dict[str, _Said] = field(default_factory=dict)  # by replica
    _numbers: dict[str, int] = field(default_factory=dict)  # of operations in their voice, from 1
    _replaced: dict[str, Replaced] = field(default_factory=dict)
    _cited: dict[str, dict[str, Place]] = field(default_factory=dict)
    _reached: dict[tuple[str, str], list[Place]] = field(default_factory=dict)

    def run(self) -> int:
        """Fold everything; return at how much it looked."""
        self.gone |= self.given
        for op in sorted(self.known.values(), key=lambda op: (_place(op), op.id)):
            self._number(op)
        ordered = list(_after_what_they_cite(self.known))
        if any(len(phones) > 1 for phones in self._voices.values()):
            self._cited = _latest_cited(ordered, self.known)
        return sum(map(self._place_in, ordered))

    def is_next(self, op: Operation) -> bool:
        """Whether it changes nothing in how the others are folded."""
        if op.id in self._missing or op.id in self.given:
            return False
        phone = self._phones.get(op.replica)
        if phone and not phone.places[-1] < _place(op):
            return False
        return self._voices.get(op.user, {}).keys() <= {op.replica}

    def take(self, op: Operation) -> int:
        """Fold in an operation that `is_next`; return at how much it looked."""
        self._number(op)
        return self._place_in(op)

    def _number(self, op: Operation) -> None:
        if op.id in self.given:
            return
        voice = self._voices.setdefault(op.user, {}).setdefault(op.replica, _Said())
        voice.append(op)
        self._phones.setdefault(op.replica, _Said()).append(op)
        self._numbers[op.id] = len(voice.ids)

    def _place_in(self, op: Operation) -> int:
        """Let it remove what it may; all that it cites is in its place already."""
        self._missing.update(id for id in op.parents if id not in self.known)
        removed = self._removed_by(op)
        self.gone.update(one.id for one in removed)
        for one in removed:
            if self.heads.pop(one.id, None):
                self._count(one, -1)
        if op.id not in self.gone:
            self.heads[op.id] = op
            self._count(op, 1)
        return 1 + len(op.parents) + len(self._replaced[op.id])

    def _count(self, op: Operation, by: int) -> None:
        value = effective_value(op)
        self.values[value] = self.values.get(value, 0) + by
        if not self.values[value]:
            del self.values[value]

    def _removed_by(self, op: Operation) -> Sequence[Operation]:
        cited: Sequence[Operation] = ()
        if op.parents and op.type != SIGNATURE and op.id not in self.judged:
            cited = [self.known[id] for id in op.parents if id in self.known]
        replaced = self._with(op, cited)
        own = [one for one in cited if one.user == op.user]
        if len(own) < len(cited) and op.type != RESOLVE and self._overrules(op, cited, replaced):
            cited, replaced = own, self._with(op, own)
        self._replaced[op.id] = replaced
        return cited

    def _with(self, op: Operation, removed: Sequence[Operation]) -> Replaced:
        """Return what an operation replaces, itself among it, if it removes these."""
        parts: dict[Voice, list[Stretches]] = defaultdict(list)
        for one in removed:
            for voice, stretches in self._replaced[one.id].items():
                parts[voice].append(stretches)
        number = self._numbers.get(op.id)
        if number:
            parts[op.user, op.replica].append(((number, number),))
        return {voice: joined(found) for voice, found in parts.items()}

    def _overrules(self, op: Operation, cited: Sequence[Operation], replaced: Replaced) -> bool:
        """Whether its author knew of a disagreement and would end it without being asked to."""
        if len({effective_value(one) for one in cited}) > 1:
            return True
        return any(
            beginning(replaced.get((op.user, replica), ())) < self._not_after(op, replica)
            for replica in self._voices.get(op.user, {})
        )

    def _not_after(self, op: Operation, replica: str) -> int:
        """Return how many operations of its user on a phone do not come after this one."""
        places = self._voices[op.user][replica].places
        if replica == op.replica:
            return bisect_right(places, _place(op))
        if (replica, op.replica) not in self._reached:
            self._reached[replica, op.replica] = self._cited_by_then(replica, op.replica)
        after = bisect_left(self._reached[replica, op.replica], _place(op))
        all_there = self._phones[replica].places
        return bisect_left(places, all_there[after]) if after < len(all_there) else len(places)

    def _cited_by_then(self, citing: str, replica: str) -> list[Place]:
        """Return how far a phone, whoever held it, had cited another one with each operation."""
        phone = self._phones[citing]
        of_each = (self._cited[id].get(replica, NOWHERE) for id in phone.ids)
        latest = list(accumulate(of_each, max))
        for index in range(len(latest) - 1, 0, -1):  # in a fork one number stands twice
            if phone.places[index - 1] == phone.places[index]:
                latest[index - 1] = latest[index]
        return latest


def fold_item(
    operations: Iterable[Operation],
    gone: Collection[str] = (),
    judged: Collection[str] = (),
) -> Item:
    """
    Fold the operations of one item.

    Args:
        operations: In any order, with any repetition; at least one.
        gone: See `Register`.
        judged: See `Register`.
    """
    register = Register(gone, judged)
    for op in operations:
        register.add(op)
    return register.item()


def _place(op: Operation) -> Place:
    return op.seq, int(op.id.partition("#")[2])


def _after_what_they_cite(known: Mapping[str, Operation]) -> Iterator[Operation]:
    """Yield every operation once, after all those at hand that it cites."""
    done: set[str] = set()
    for first in known.values():
        path = [first]
        while path:
            op = path[-1]
            waiting = () if op.id in done else _waiting(op, known, done)
            if waiting:  # an entry's hash cannot stand in what it cites: this ends
                path.extend(waiting)
                continue
            path.pop()
            if op.id not in done:
                done.add(op.id)
                yield op


def _waiting(op: Operation, known: Mapping[str, Operation], done: set[str]) -> Sequence[Operation]:
    return [known[id] for id in op.parents if id in known and id not in done]


def _latest_cited(
    ordered: Iterable[Operation], known: Mapping[str, Operation]
) -> dict[str, dict[str, Place]]:
    """Return the latest place of each phone that each operation cites, directly or not."""
    latest: dict[str, dict[str, Place]] = {}
    for op in ordered:
        found: dict[str, Place] = {}
        for one in (known[id] for id in op.parents if id in known):
            for replica, place in ((one.replica, _place(one)), *latest[one.id].items()):
                found[replica] = max(place, found.get(replica, NOWHERE))
        latest[op.id] = found
    return latest
