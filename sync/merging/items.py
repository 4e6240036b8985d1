"""One item as folded: a register of values that no other value has replaced."""

from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import Struct

from sync import values
from sync.entries import Operation

RETRACTED = b"null"
RESOLVE = "conflict.resolve"
SIGNATURE = "signature.add"


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


def effective_value(op: Operation) -> bytes:
    """Return the value that an operation gives its item: chosen, retracted, or as written."""
    if op.type == RESOLVE:
        chosen: Any = msgspec.json.decode(op.value)["chosen"]
        return values.canonical(chosen)
    return RETRACTED if values.TYPES[op.type].retracts else op.value


def item_of(id: str, heads: Iterable[Operation], gone: Iterable[str]) -> Item:
    """Return an item of the operations that stand and the ids of those that do not."""
    shown = list(map(_head, heads))
    if len(shown) > 1:  # seldom
        shown.sort(key=lambda head: (head.hlc, head.id))
    return Item(id, tuple(shown), tuple(sorted(gone)))


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
