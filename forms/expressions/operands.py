"""What expressions are evaluated over, and how one node offers itself to the node above it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias, TypeVar

from forms.expressions.values import Single, Value, single, to_bool, to_number, to_text


@dataclass(slots=True)
class Scope:
    """
    What an expression can see. Not frozen: one may serve many items, and change in between.

    Attributes:
        values: The value of each name that an expression refers to: "" when blank, float for
            numbers, text otherwise (a day as YYYY-MM-DD), a list for a name inside a repeat that
            the expression stands outside of. For the name of a repeat: its rows' positions. The
            columns of a choice, for the filter of a list, stand behind `COLUMN`.
        self_value: The value of the item that the expression belongs to.
        position: The row in its table, from 1; 0 outside of tables.
        today: Local day as YYYY-MM-DD.
    """

    values: Mapping[str, Value]
    self_value: Value = ""
    position: int = 0
    today: str = ""


Got = TypeVar("Got")
Evaluate: TypeAlias = Callable[[Scope], Got]
"""Computes something over a scope."""


COLUMN = "@"
"""Before the name of a column in the values of a scope: no item's name begins with it."""


class Kind(Enum):
    """What a node gives whatever it is evaluated over; ANY if that depends."""

    ANY = "any"
    TEXT = "text"
    NUMBER = "number"
    TRUTH = "truth"


@dataclass(frozen=True)
class Operand:
    """
    A compiled node.

    Attributes:
        kind: What `value` gives.
        value: Gives the value, a list only where the node is a name or the item itself.
        name: The name that the node refers to, "" if it is no reference.
        constant: The value of a literal; None for everything else.
    """

    kind: Kind
    value: Evaluate[Value]
    name: str = ""
    constant: Value | None = None

    def as_number(self) -> Evaluate[float]:
        """Return what gives the value as a number."""
        return self._converted(to_number, Kind.NUMBER)

    def as_text(self) -> Evaluate[str]:
        """Return what gives the value as text."""
        return self._converted(to_text, Kind.TEXT)

    def as_bool(self) -> Evaluate[bool]:
        """Return what gives the value as a truth."""
        return self._converted(to_bool, Kind.TRUTH)

    def as_single(self) -> Evaluate[Single]:
        """Return what gives the value, of a list its first."""
        return self._converted(single, Kind.TEXT, Kind.NUMBER, Kind.TRUTH)

    def _converted(self, convert: Callable[[Value], Got], *same: Kind) -> Evaluate[Got]:
        value = self.value
        if self.kind in same:
            return value  # type: ignore[return-value]  # the kind says so
        if self.constant is not None:
            constant = convert(self.constant)
            return lambda _: constant
        return lambda scope: convert(value(scope))


def literal(kind: Kind, constant: Value) -> Operand:
    """Return the node of a literal."""
    return Operand(kind, lambda _: constant, constant=constant)


def reference(name: str) -> Operand:
    """Return the node of `${name}`."""
    return Operand(Kind.ANY, lambda scope: scope.values[name], name=name)
