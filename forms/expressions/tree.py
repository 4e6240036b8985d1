"""
What an expression is after parsing: a tree that JSON can carry, so that every evaluator reads it.

A node is an array whose first element names it:

    ["text", "x"]  ["number", "1.5"]  ["ref", "name"]  ["self"]  ["position"]
    ["column", "name"]: in a filter of choices, what a choice has in that column
    ["and", left, right], likewise or = != < <= > >= + - * div mod;  ["neg", operand]
    [function, argument, …] with the functions of `FUNCTIONS`

A `number` whose second element is a string is a literal; with a tree it is the function.
"""

import re
from collections.abc import Iterator
from typing import Any

from forms.errors import FormError
from forms.expressions.patterns import BadPattern, portable

Tree = tuple[Any, ...]
"""A node and all that hangs on it; hashable. Made by `parse` or `from_json` only."""

BINARY = frozenset({"or", "and", "=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "div", "mod"})

MAX_ARGUMENTS = 100
"""Arguments of the functions that take as many as there are."""

FUNCTIONS: dict[str, tuple[int, int]] = {
    "selected": (2, 2),
    "count-selected": (1, 1),
    "selected-at": (2, 2),
    "coalesce": (2, 2),
    "if": (3, 3),
    "regex": (2, 2),
    "not": (1, 1),
    "true": (0, 0),
    "false": (0, 0),
    "today": (0, 0),
    "number": (1, 1),
    "string": (1, 1),
    "int": (1, 1),
    "round": (1, 2),
    "abs": (1, 1),
    "min": (1, MAX_ARGUMENTS),
    "max": (1, MAX_ARGUMENTS),
    "sum": (1, 1),
    "count": (1, 1),
    "string-length": (1, 1),
    "concat": (1, MAX_ARGUMENTS),
    "contains": (2, 2),
    "starts-with": (2, 2),
    "ends-with": (2, 2),
    "substr": (2, 3),
    "normalize-space": (1, 1),
    "date": (1, 1),
}
"""Every function with the fewest and the most arguments."""

OF_A_REF = frozenset({"sum", "count"})
"""Functions that take the values of one name, not an expression."""

MAX_DEPTH = 100
"""Nodes on the longest way down; evaluators recurse, and phones have small stacks."""

NAME_START = (
    r"A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d"
    r"\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
NAME = rf"[{NAME_START}][{NAME_START}\-.0-9\u00b7\u0300-\u036f\u203f\u2040]*"
"""A regular expression for names of questions, as XML has them without colons."""

UNUSABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML, hence a workbook, cannot hold."""

_NAME = re.compile(NAME)
_LITERAL = re.compile(r"(0|[1-9][0-9]*)(\.[0-9]*[1-9])?")


class BadTree(FormError):
    """JSON that is no expression of this subset: it was not made by `to_json`."""

    code, kind = "forms.bad_tree", "broken"
    message = "检查表中的条件表达式无法识别（{reason}），请重新下载该检查表。"


def to_json(tree: Tree) -> list[Any]:
    """Return the tree as JSON arrays and strings."""
    return [to_json(part) if isinstance(part, tuple) else part for part in tree]


def from_json(value: object) -> Tree:
    """
    Return the tree that `to_json` gave.

    Raises:
        BadTree: An unknown node, a wrong number or type of arguments, a number that is not in
            canonical decimal notation, a pattern outside the portable subset, or too deep.
    """
    return _node(value, MAX_DEPTH)


def nodes(tree: Tree) -> Iterator[Tree]:
    """Yield the tree and every node below it, each before what hangs on it."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(part for part in reversed(node[1:]) if isinstance(part, tuple))


def references(tree: Tree) -> frozenset[str]:
    """Return the names of all questions that the expression looks at, except its own."""
    return frozenset(node[1] for node in nodes(tree) if node[0] == "ref")


def columns_of(tree: Tree) -> frozenset[str]:
    """Return the columns of a list of choices that the expression looks at."""
    return frozenset(node[1] for node in nodes(tree) if node[0] == "column")


def uses_self(tree: Tree) -> bool:
    """Tell whether the expression looks at the value of its own question (`.`)."""
    return any(node[0] == "self" for node in nodes(tree))


def _node(value: object, levels: int) -> Tree:
    if not isinstance(value, list) or not value or not isinstance(value[0], str):
        raise BadTree(reason="节点不是数组")
    if not levels:
        raise BadTree(reason="嵌套过深")
    name, *parts = value
    if name in ("text", "ref", "column") or (
        name == "number" and parts and isinstance(parts[0], str)
    ):
        return _leaf(name, parts)
    if not _fits(name, len(parts)):
        raise BadTree(reason=f"没有带 {len(parts)} 个参数的 {name}")
    if name == "regex":
        return name, _node(parts[0], levels - 1), _pattern(parts[1])
    tree = (name, *(_node(part, levels - 1) for part in parts))
    if name in OF_A_REF and tree[1][0] != "ref":
        raise BadTree(reason=f"{name} 的参数不是引用")
    return tree


def _leaf(name: str, parts: list[object]) -> Tree:
    text = parts[0] if len(parts) == 1 else None
    if not isinstance(text, str):
        raise BadTree(reason=f"{name} 应有一段文字")
    if name == "text":
        is_sound = not UNUSABLE.search(text)
    else:
        is_sound = bool((_LITERAL if name == "number" else _NAME).fullmatch(text))
    if not is_sound:
        raise BadTree(reason=f"{name} 的写法不对")
    return name, text


def _fits(name: str, parts: int) -> bool:
    if name in BINARY:
        return parts == 2
    if name in ("self", "position", "neg"):
        return parts == (name == "neg")
    if name not in FUNCTIONS:
        return False
    least, most = FUNCTIONS[name]
    return least <= parts <= most


def _pattern(value: object) -> Tree:
    # Its sets may begin or end with characters that no other text has, such as U+0000.
    match value:
        case ["text", str(pattern)] if _is_portable(pattern):
            return "text", pattern
    raise BadTree(reason="regex 的格式不可移植")


def _is_portable(pattern: str) -> bool:
    try:
        return portable(pattern) == pattern
    except BadPattern:
        return False
