"""Tree to a function over the answers: each node becomes a closure once, then runs fast."""

from typing import Any

from forms.expressions.functions import FUNCTIONS
from forms.expressions.operands import (
    COLUMN,
    Evaluate,
    Kind,
    Operand,
    Scope,
    literal,
    reference,
)
from forms.expressions.operators import BINARY, negation
from forms.expressions.tree import Tree
from forms.expressions.values import Value

__all__ = ["COLUMN", "Evaluate", "Scope", "Value", "compile_condition", "compile_tree"]


def compile_tree(tree: Tree) -> Evaluate[Value]:
    """
    Return what computes the value of an expression over a `Scope`.

    It never fails on any values, as long as the scope has one for each of `references(tree)`. A
    list comes out only of an expression that is nothing but a reference to one.
    """
    return _operand(tree).value


def compile_condition(tree: Tree) -> Evaluate[bool]:
    """Return what tells whether an expression holds over a `Scope`, as `to_bool` has it."""
    return _operand(tree).as_bool()


def _operand(tree: Tree) -> Operand:
    name, *parts = tree
    if leaf := _leaf(name, parts):
        return leaf
    operands = tuple(_operand(part) for part in parts)
    if name == "neg":
        return negation(operands[0])
    if name in BINARY:
        return BINARY[name](operands[0], operands[1])
    return FUNCTIONS[name](operands)


def _leaf(name: str, parts: list[Any]) -> Operand | None:
    if name == "text":
        return literal(Kind.TEXT, parts[0])
    if name == "number" and isinstance(parts[0], str):
        return literal(Kind.NUMBER, float(parts[0]))
    if name == "ref":
        return reference(parts[0])
    if name == "column":
        return reference(COLUMN + parts[0])
    if name == "self":
        return Operand(Kind.ANY, lambda scope: scope.self_value)
    if name == "position":
        return Operand(Kind.NUMBER, lambda scope: float(scope.position))
    return None
