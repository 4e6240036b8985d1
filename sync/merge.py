"""
Folding operations into a record: multi-value registers, conflicts, and what signatures saw.

Every item is one register. A set removes exactly the heads that it cites; what nobody cited stays.
Two heads with byte-equal values corroborate each other; different ones are a conflict that only
`conflict.resolve` closes: an ordinary set whose author knew of a disagreement (it cites different
values, or an earlier one of the same replica stands beside those cited) removes only those of its
own user. "Retracted" is a value like any other, so that retracting against a change is a conflict
too and not a silent loss. The result depends on the set of operations, never on their order.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import Struct

from sync import values
from sync.entries import Operation, view_digest
from sync.ids import document_id, inspection_scope
from sync.ports import Document, ItemProjection

RETRACTED = b"null"
RESOLVE = "conflict.resolve"
SIGNATURE = "signature.add"
ORDERED = ("finding/",)
"""Items of which an order speaks: its signatures cite these and nothing else."""
OUTSIDE_VIEW = ("signature/", "visit/complete/")
"""
Items that are not part of the record that is signed: signatures themselves, given or withdrawn,
and the statement that capturing ended.
"""


class Head(Struct, frozen=True):
    """A value that no other value has replaced."""

    id: str
    type: str
    value: bytes  # RFC 8785; of a resolution the chosen value; `null` when retracted
    blob: str
    replica: str
    user: str
    seq: int
    wall: str
    hlc: str
    parents: tuple[str, ...]
    settled_reason: str  # why the lead chose it; empty when it is no resolution

    def plain(self) -> Any:
        """Return the value as plain JSON data; None when retracted."""
        return msgspec.json.decode(self.value)


class Item(Struct, frozen=True):
    """One register as folded."""

    id: str
    heads: tuple[Head, ...]  # sorted by HLC, then id
    gone: tuple[str, ...]  # ids of operations replaced, sorted

    @property
    def conflict(self) -> bool:
        """Whether phones disagree and the lead has not chosen."""
        return len(self.heads) > 1 and len({head.value for head in self.heads}) > 1

    @property
    def live(self) -> bool:
        """Whether at least one head is a value and no retraction."""
        return any(head.value != RETRACTED for head in self.heads)

    @property
    def value(self) -> Any:
        """The agreed value as plain JSON data; None when retracted or in conflict."""
        return None if self.conflict or not self.heads else self.heads[0].plain()

    @property
    def users(self) -> tuple[str, ...]:
        """The users whose heads stand, sorted: two when they corroborate each other."""
        return tuple(sorted({head.user for head in self.heads}))


@dataclass(frozen=True, slots=True)
class SignatureState:
    """A signature, and how what it saw relates to the record now."""

    item: str
    head: Head
    stale: bool  # the record is no longer what the signature's view says
    unseen: tuple[str, ...]  # items captured before it that were not in its view (签名时未见)


@dataclass(frozen=True, slots=True)
class MergedRecord:
    """One inspection as folded from its operations."""

    assignment: str
    items: Mapping[str, Item]  # by item id, sorted
    conflicts: tuple[str, ...]  # item ids, sorted
    signatures: tuple[SignatureState, ...]  # by item id
    live: tuple[str, ...]  # operation ids that a signature to the record would cite now, sorted
    view: str  # their digest
    ordered: tuple[str, ...]  # operation ids that a signature to an order would cite now, sorted

    def of_kind(self, prefix: str) -> tuple[Item, ...]:
        """Return the items under `answer/`, `finding/` …, retracted ones left out."""
        return tuple(item for id, item in self.items.items() if id.startswith(prefix) and item.live)


class _HeadBody(Struct, frozen=True):
    """A head as phones get it; fields in the order of RFC 8785, so that nothing need be sorted."""

    blob: str
    hlc: str
    id: str
    parents: tuple[str, ...]
    replica: str
    seq: int
    settled_reason: str
    type: str
    user: str
    value: msgspec.Raw
    wall: str


class _Body(Struct, frozen=True):
    """An item as phones get it; fields in the order of RFC 8785."""

    assignment: str
    conflict: bool
    gone: tuple[str, ...]
    heads: list[_HeadBody]
    item: str


_encode = msgspec.json.Encoder().encode


def fold_item(
    operations: Iterable[Operation],
    gone: Collection[str] = (),
    judged: Collection[str] = (),
) -> Item:
    """
    Fold the operations of one item.

    Args:
        operations: In any order, with any repetition; at least one.
        gone: Ids that are known to be replaced, though what replaced them is not at hand.
        judged: Ids whose own removals `gone` already contains; they remove nothing further.
    """
    known = {op.id: op for op in operations}
    if len(known) == 1 and not gone:  # the first value of an item, as most are: nothing to compare
        only = next(iter(known.values()))
        return Item(only.item, (_head(only),), ())
    removes: dict[str, Sequence[str]] = {}
    for op in _after_what_they_cite(known):
        removes[op.id] = () if op.id in judged else _removed_by(op, known, gone, removes)
    removed = set(gone).union(*removes.values())
    item = next(iter(known.values())).item
    heads = (_head(op) for op in known.values() if op.id not in removed)
    replaced = removed.intersection(known) | set(gone)
    return Item(
        item, tuple(sorted(heads, key=lambda head: (head.hlc, head.id))), tuple(sorted(replaced))
    )


def fold(assignment: str, operations: Iterable[Operation]) -> MergedRecord:
    """Fold every operation of one inspection; those of other inspections must not be among them."""
    known = {op.id: op for op in operations}
    by_item: dict[str, list[Operation]] = defaultdict(list)
    for op in known.values():
        by_item[op.item].append(op)
    return assemble(assignment, (fold_item(by_item[id]) for id in by_item), known)


def assemble(
    assignment: str, items: Iterable[Item], known: Mapping[str, Operation]
) -> MergedRecord:
    """Return the record of folded items; `known` holds the operations at hand, by id."""
    ordered = {item.id: item for item in sorted(items, key=lambda item: item.id)}
    live = _heads_of(ordered, lambda id: not id.startswith(OUTSIDE_VIEW))
    view = view_digest(live)
    orders = _heads_of(ordered, lambda id: id.startswith(ORDERED))
    return MergedRecord(
        assignment=assignment,
        items=ordered,
        conflicts=tuple(id for id, item in ordered.items() if item.conflict),
        signatures=tuple(
            _order_signature(id, head, orders, known)
            if head.plain().get("document") == "order"
            else _signature_state(id, head, view, known)
            for id, item in ordered.items()
            for head in item.heads
            if head.type == SIGNATURE
        ),
        live=live,
        view=view,
        ordered=orders,
    )


def _heads_of(items: Mapping[str, Item], wanted: Callable[[str], bool]) -> tuple[str, ...]:
    return tuple(sorted(head.id for id, item in items.items() if wanted(id) for head in item.heads))


def document(assignment: str, item: Item, pos: int) -> Document:
    """
    Return the document that carries one folded item to the phones.

    `ver` is the number of operations folded in: it grows with each, and a rebuild finds the same.
    """
    heads = [_head_body(head) for head in item.heads]
    body = _Body(assignment, item.conflict, item.gone, heads, item.id)
    return Document(
        id=document_id(assignment, item.id),
        scope=inspection_scope(assignment),
        kind="item",
        ver=len(item.heads) + len(item.gone),
        pos=pos,
        deleted=False,
        body=_encode(body),
    )


def projection(assignment: str, item: Item, pos: int) -> ItemProjection:
    """Return what the store keeps of one folded item."""
    return ItemProjection(
        assignment=assignment,
        item=item.id,
        heads=frozenset(head.id for head in item.heads),
        conflict=item.conflict,
        document=document(assignment, item, pos),
    )


def is_projected(op: Operation) -> bool:
    """Whether phones see its item; control operations steer the server instead."""
    return bool(op.assignment) and not op.item.startswith("task/")


def effective_value(op: Operation) -> bytes:
    """Return the value that an operation gives its item: chosen, retracted, or as written."""
    if op.type == RESOLVE:
        chosen: Any = msgspec.json.decode(op.value)["chosen"]
        return values.canonical(chosen)
    return RETRACTED if values.TYPES[op.type].retracts else op.value


def _after_what_they_cite(known: Mapping[str, Operation]) -> Iterator[Operation]:
    """Yield every operation once, after all those at hand that it cites."""
    done: set[str] = set()
    for first in known.values():
        path = [first]
        while path:
            op = path[-1]
            waiting = [id for id in op.parents if id in known and id not in done]
            if waiting:  # an entry's hash cannot stand in what it cites: this ends
                path.extend(known[id] for id in waiting)
                continue
            path.pop()
            if op.id not in done:
                done.add(op.id)
                yield op


def _removed_by(
    op: Operation,
    known: Mapping[str, Operation],
    gone: Collection[str],
    removes: Mapping[str, Sequence[str]],
) -> Sequence[str]:
    if op.type == SIGNATURE or not op.parents:
        return ()
    cited = [known[id] for id in op.parents if id in known]
    if op.type == RESOLVE or not _overrules(op, cited, known, gone, removes):
        return [one.id for one in cited]
    return [one.id for one in cited if one.user == op.user]


def _overrules(
    op: Operation,
    cited: Sequence[Operation],
    known: Mapping[str, Operation],
    gone: Collection[str],
    removes: Mapping[str, Sequence[str]],
) -> bool:
    """Whether its author knew of a disagreement and would end it without being asked to."""
    if len({effective_value(one) for one in cited}) > 1:
        return True
    others = {effective_value(one) for one in cited if one.user != op.user}
    if not others:
        return False
    earlier = [
        one
        for one in known.values()
        if one.replica == op.replica
        and _place(one) < _place(op)
        and one.id not in gone
        and effective_value(one) not in others
    ]
    if not earlier:
        return False
    replaced = _reached(op.parents, removes)
    return any(one.id not in replaced for one in earlier)


def _place(op: Operation) -> tuple[int, int]:
    return op.seq, int(op.id.partition("#")[2])


def _head(op: Operation) -> Head:
    resolved = op.type == RESOLVE
    reason = msgspec.json.decode(op.value)["reason"] if resolved else ""
    return Head(
        id=op.id,
        type=op.type,
        value=effective_value(op),
        blob=op.blob,
        replica=op.replica,
        user=op.user,
        seq=op.seq,
        wall=op.wall,
        hlc=op.hlc,
        parents=op.parents,
        settled_reason=reason,
    )


def _head_body(head: Head) -> _HeadBody:
    return _HeadBody(
        head.blob,
        head.hlc,
        head.id,
        head.parents,
        head.replica,
        head.seq,
        head.settled_reason,
        head.type,
        head.user,
        msgspec.Raw(head.value),
        head.wall,
    )


def _signature_state(
    item: str, head: Head, view: str, known: Mapping[str, Operation]
) -> SignatureState:
    cited = head.plain()["view"]
    unseen = _unseen(head, known, lambda id: not id.startswith(OUTSIDE_VIEW))
    stale = cited != view or view_digest(head.parents) != cited
    return SignatureState(item, head, stale, unseen)


def _order_signature(
    item: str, head: Head, ordered: Sequence[str], known: Mapping[str, Operation]
) -> SignatureState:
    """Return whether it cites the findings as they are; its `view` is for whoever prints them."""
    unseen = _unseen(head, known, lambda id: id.startswith(ORDERED))
    return SignatureState(item, head, sorted(head.parents) != list(ordered), unseen)


def _unseen(
    head: Head, known: Mapping[str, Operation], speaks_of: Callable[[str], bool]
) -> tuple[str, ...]:
    seen = _with_ancestors(head.parents, known)
    unseen = {
        op.item
        for op in known.values()
        if op.hlc < head.hlc and speaks_of(op.item) and op.id not in seen
    }
    return tuple(sorted(unseen))


def _with_ancestors(ids: Iterable[str], known: Mapping[str, Operation]) -> set[str]:
    return _reached(ids, {id: op.parents for id, op in known.items()})


def _reached(ids: Iterable[str], onwards: Mapping[str, Sequence[str]]) -> set[str]:
    """Return these ids and all that can be reached from them."""
    seen: set[str] = set()
    open_ids = list(ids)
    while open_ids:
        id = open_ids.pop()
        if id not in seen:
            seen.add(id)
            open_ids.extend(onwards.get(id, ()))
    return seen
