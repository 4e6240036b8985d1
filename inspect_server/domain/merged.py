"""
The shape of what two phones captured, merged: as the journal folds it, or as a phone holds it.

Whoever reads a record reads these, so that the same code makes the same document of it on the
server and, without a network, on a phone (docs/decisions/0064).
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol


class Operation(Protocol):
    """One operation of the record."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def item(self) -> str:
        """The item that it is of."""

    @property
    def user(self) -> str:
        """Whose it is."""

    @property
    def wall(self) -> str:
        """When, by the phone's clock."""

    @property
    def hlc(self) -> str:
        """When, as people read the record."""


class Head(Protocol):
    """A value that no other value has replaced."""

    @property
    def id(self) -> str:
        """The operation's id."""

    @property
    def value(self) -> bytes:
        """The value in force, in the form of RFC 8785."""

    @property
    def user(self) -> str:
        """Whose it is."""

    @property
    def replica(self) -> str:
        """Which phone's."""

    @property
    def wall(self) -> str:
        """When, by the phone's clock."""

    @property
    def hlc(self) -> str:
        """When, as people read the record."""

    @property
    def parents(self) -> tuple[str, ...]:
        """The operations that it replaces."""

    @property
    def settled_reason(self) -> str:
        """Why the lead chose it; "" where it settles nothing."""

    def plain(self) -> Any:
        """Return the value as plain JSON data; None when retracted."""


class Register(Protocol):
    """One item as folded: the values that no other has replaced."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def heads(self) -> Sequence[Head]:
        """What stands, by time."""

    @property
    def conflict(self) -> bool:
        """Whether phones disagree and the lead has not chosen."""

    @property
    def live(self) -> bool:
        """Whether at least one head is a value and no retraction."""

    @property
    def value(self) -> Any:
        """The agreed value; None when retracted or in conflict."""

    @property
    def users(self) -> tuple[str, ...]:
        """The users whose heads stand, sorted."""


class SignatureState(Protocol):
    """A signature, and how what it saw relates to the record now."""

    @property
    def item(self) -> str:
        """The item that it is."""

    @property
    def head(self) -> Head:
        """What was signed."""

    @property
    def stale(self) -> bool:
        """Whether the record is no longer what it saw."""

    @property
    def unseen(self) -> tuple[str, ...]:
        """Items captured before it that it did not see."""


class Merged(Protocol):
    """One inspection as folded."""

    @property
    def items(self) -> Mapping[str, Register]:
        """By id, sorted."""

    @property
    def signatures(self) -> Sequence[SignatureState]:
        """By item."""

    def of_kind(self, prefix: str) -> Sequence[Register]:
        """Return the items under a prefix, retracted ones left out."""


class Record(Protocol):
    """A merged record with what it was folded from."""

    @property
    def merged(self) -> Merged:
        """The record."""

    @property
    def operations(self) -> Mapping[str, Operation]:
        """By id, replaced ones included."""

    @property
    def entry_hashes(self) -> tuple[str, ...]:
        """The entries that it was folded from, sorted."""

    def effective(self, operation: Any) -> bytes:
        """Return the value that an operation gives its item, in the form of RFC 8785."""
