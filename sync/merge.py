"""
Folding operations into a record: its items, their conflicts, and what signatures saw.

Every item is one register, folded as `sync.merging.register` says.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import msgspec
from msgspec import Struct

from sync.entries import Operation, view_digest
from sync.ids import document_id, inspection_scope
from sync.merging.items import RESOLVE, RETRACTED, SIGNATURE, Head, Item, effective_value
from sync.merging.register import Looked, Register, fold_item
from sync.ports import Document, ItemProjection

__all__ = [
    "RESOLVE",
    "RETRACTED",
    "Head",
    "Item",
    "Looked",
    "Register",
    "effective_value",
    "fold_item",
]

ORDERED = ("finding/",)
"""Items of which an order speaks: its signatures cite these and nothing else."""
OUTSIDE_VIEW = ("signature/", "visit/complete/")
"""
Items that are not part of the record that is signed: signatures themselves, given or withdrawn,
and the statement that capturing ended.
"""


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
