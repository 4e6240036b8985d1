"""Comparison, arithmetic, `and` and `or`: a builder for each, the common shapes made fast."""

import operator
from collections.abc import Callable
from math import fmod, isinf, nan
from typing import TypeGuard

from forms.expressions.operands import Evaluate, Kind, Operand
from forms.expressions.values import Value, divided, equal, ordered, to_number, unequal

_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_ORDER: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def conjunction(left: Operand, right: Operand) -> Operand:
    """Build `and`; the right side is looked at only where the left is true."""
    one, other = left.as_bool(), right.as_bool()
    return Operand(Kind.TRUTH, lambda scope: one(scope) and other(scope))


def disjunction(left: Operand, right: Operand) -> Operand:
    """Build `or`; the right side is looked at only where the left is false."""
    one, other = left.as_bool(), right.as_bool()
    return Operand(Kind.TRUTH, lambda scope: one(scope) or other(scope))


def equality(left: Operand, right: Operand) -> Operand:
    """Build `=`."""
    return _equality(equal, left, right)


def inequality(left: Operand, right: Operand) -> Operand:
    """Build `!=`."""
    return _equality(unequal, left, right)


def order(sign: str) -> Callable[[Operand, Operand], Operand]:
    """Return the builder of `<`, `<=`, `>` or `>=`."""

    def build(left: Operand, right: Operand) -> Operand:
        if _is_limit(left.constant) and right.name:
            limit = to_number(left.constant)
            return Operand(Kind.TRUTH, _order_of_name(_ORDER[_MIRRORED[sign]], right.name, limit))
        if _is_limit(right.constant) and left.name:
            limit = to_number(right.constant)
            return Operand(Kind.TRUTH, _order_of_name(_ORDER[sign], left.name, limit))
        return Operand(Kind.TRUTH, _order(_ORDER[sign], left, right))

    return build


def arithmetic(compute: Callable[[float, float], float]) -> Callable[[Operand, Operand], Operand]:
    """Return the builder of an operator on two numbers."""

    def build(left: Operand, right: Operand) -> Operand:
        one, other = left.as_number(), right.as_number()
        return Operand(Kind.NUMBER, lambda scope: compute(one(scope), other(scope)))

    return build


def negation(operand: Operand) -> Operand:
    """Build the minus before a value."""
    number = operand.as_number()
    return Operand(Kind.NUMBER, lambda scope: -number(scope))


def remainder(left: float, right: float) -> float:
    """Return what truncating division leaves, with the sign of `left`, as JavaScript's `%`."""
    return nan if not right or isinf(left) else fmod(left, right)


BINARY: dict[str, Callable[[Operand, Operand], Operand]] = {
    "or": disjunction,
    "and": conjunction,
    "=": equality,
    "!=": inequality,
    **{sign: order(sign) for sign in _ORDER},
    "+": arithmetic(operator.add),
    "-": arithmetic(operator.sub),
    "*": arithmetic(operator.mul),
    "div": arithmetic(divided),
    "mod": arithmetic(remainder),
}
"""The builder of each operator between two operands."""


def _equality(holds: Callable[[Value, Value], bool], left: Operand, right: Operand) -> Operand:
    if left.constant is not None and right.name:
        left, right = right, left
    if right.constant is not None and left.name:
        return Operand(Kind.TRUTH, _equality_of_name(holds, left.name, right.constant))
    one, other = left.value, right.value
    return Operand(Kind.TRUTH, lambda scope: holds(one(scope), other(scope)))


def _equality_of_name(
    holds: Callable[[Value, Value], bool], name: str, constant: Value
) -> Evaluate[bool]:
    same = constant.__class__
    if holds is equal:
        # Two of one class are what they seem; the rest goes the long way.
        return lambda scope: (
            value == constant
            if (value := scope.values[name]).__class__ is same
            else equal(value, constant)
        )
    return lambda scope: (
        value != constant
        if (value := scope.values[name]).__class__ is same
        else unequal(value, constant)
    )


def _is_limit(constant: "Value | None") -> TypeGuard[str | float]:
    """Tell whether a literal is a number to any value; a truth is none to a list."""
    return isinstance(constant, str | float)


def _order_of_name(
    holds: Callable[[float, float], bool], name: str, limit: float
) -> Evaluate[bool]:
    return lambda scope: (
        holds(value, limit)
        if isinstance(value := scope.values[name], float)
        else ordered(holds, value, limit)
    )


def _order(holds: Callable[[float, float], bool], left: Operand, right: Operand) -> Evaluate[bool]:
    one, other = left.value, right.value
    if left.kind is not Kind.ANY and right.kind is not Kind.ANY:
        first, second = left.as_number(), right.as_number()
        return lambda scope: holds(first(scope), second(scope))
    return lambda scope: ordered(holds, one(scope), other(scope))
