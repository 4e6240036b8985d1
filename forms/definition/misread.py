"""
Conditions that are read otherwise than people read them aloud: `= 'a' or 'b'`, `0 < x < 10`.

They are no errors in any tool for XLSForm, and hold always or never. What is told ends with the
condition that was meant, where it can be written down.
"""

from collections.abc import Iterator
from itertools import pairwise

from forms.errors import beginning
from forms.expressions.tree import Tree

JOINTS = ("and", "or")
ORDERS = ("<", "<=", ">", ">=")
COMPARISONS = ("=", "!=", *ORDERS)
LITERALS = ("text", "number")
MEANT_JOINT = {"=": "or", "!=": "and"}
"""How several values of one comparison are joined: no answer is two of them at once."""


def misread(tree: Tree, *, is_condition: bool) -> Iterator[str]:
    """
    Yield what is read otherwise than meant, in Chinese, with what to write instead.

    Args:
        is_condition: Whether the tree as a whole is true or false; else it is a value.
    """
    if is_condition and is_literal(tree):
        yield f"整个条件只有{quoted(tree)}，{_always(tree)}，请改写为完整的条件"
    yield from _within(tree, around="")


def _within(tree: Tree, around: str) -> Iterator[str]:
    """Yield what is misread in a tree that hangs on a node of that name."""
    sign = tree[0]
    if sign in JOINTS and sign != around:
        yield from _joined(sign, list(operands(sign, tree)))
    elif sign in ORDERS:
        yield from _chained(tree)
    elif sign in ("=", "!="):
        yield from _judged(tree)
    elif sign in ("not", "if") and is_literal(tree[1]):
        yield f"{sign}() 的条件只有{quoted(tree[1])}，{_always(tree[1])}，请改写为完整的条件"
    for part in tree[1:]:
        if isinstance(part, tuple):
            yield from _within(part, sign)


def _joined(sign: str, operands: list[Tree]) -> Iterator[str]:
    """Yield what is wrong with a row of operands under one sign of which some are constants."""
    bare = [one for one in operands if is_literal(one)]
    if not bare:
        return
    shown = "、".join(map(quoted, bare))
    reason = f"{sign} 连接的{shown}没有写与谁比较，{_always(bare[0])}"
    meant = _meant(operands)
    yield f"{reason}，请写成 {meant}" if meant else f"{reason}，请写成完整的比较"


def _meant(operands: list[Tree]) -> str:
    """Return one comparison with each of the constants behind it, "" where they are elsewhere."""
    first = next((spot for spot, one in enumerate(operands) if is_literal(one)), 0)
    before, constants = operands[first - 1] if first else None, operands[first:]
    if before is None or not all(map(is_literal, constants)):
        return ""
    match before:
        case (("=" | "!=") as sign, subject, constant) if is_literal(constant):
            shown = [f"{written(subject)} {sign} {written(one)}" for one in (constant, *constants)]
            joint = MEANT_JOINT[sign]
        case ("selected", subject, constant) if is_literal(constant):
            shown = [
                f"selected({written(subject)}, {written(one)})" for one in (constant, *constants)
            ]
            joint = "or"
        case _:
            return ""
    return f" {joint} ".join(shown) if written(subject) else ""


def _chained(tree: Tree) -> Iterator[str]:
    """Yield what is wrong with a comparison of size whose operand is another comparison."""
    sign, left, right = tree
    if right[0] in COMPARISONS or left[0] in COMPARISONS:
        reason = f"“{sign}”的一边是另一个比较，比较的结果不是数值，不能再比较大小"
        meant = _two(tree) if left[0] in COMPARISONS else ""
        yield f"{reason}，请写成 {meant}" if meant else f"{reason}，请用 and 连接两个比较"


def _judged(tree: Tree) -> Iterator[str]:
    """Yield what is wrong with a text beside a comparison, which is true or false."""
    sign, left, right = tree
    if left[0] == "text":
        left, right = right, left
    if left[0] not in COMPARISONS or right[0] != "text":
        return
    _, one, other = left
    meant = ""
    if left[0] == sign == "=" and one[0] == other[0] == "ref":
        meant = " and ".join(f"{written(side)} = {written(right)}" for side in (one, other))
    reason = f"“{sign}”的一边是另一个比较，只有成立和不成立两种结果，不会是{quoted(right)}"
    yield f"{reason}，请写成 {meant}" if meant else f"{reason}，请用 and 连接两个比较"


def _two(tree: Tree) -> str:
    """Return `a < b < c` as two comparisons, "" where a side is no plain value."""
    sign, (inner, left, middle), right = tree
    sides = [written(side) for side in (left, middle, right)]
    if not all(sides):
        return ""
    pairs = zip((inner, sign), pairwise(sides), strict=True)
    return " and ".join(f"{one} {by} {other}" for by, (one, other) in pairs)


def operands(sign: str, tree: Tree) -> Iterator[Tree]:
    """Yield what stands between signs that are the same, from left to right."""
    if tree[0] == sign:
        for part in tree[1:]:
            yield from operands(sign, part)
    else:
        yield tree


def is_literal(tree: Tree) -> bool:
    """Whether a node is a constant, a negative number included."""
    if tree[0] == "neg":
        return is_literal(tree[1]) and tree[1][0] == "number"
    return tree[0] in LITERALS and isinstance(tree[1], str)


def _always(literal: Tree) -> str:
    """Return whether a constant alone holds, as Chinese says it."""
    if literal[0] == "neg":
        return _always(literal[1])
    kind, said = literal
    holds = bool(said) if kind == "text" else bool(float(said))
    return "始终成立" if holds else "始终不成立"


def quoted(literal: Tree) -> str:
    """Return a constant as sentences show it."""
    kind, said = literal
    return f"“{beginning(said)}”" if kind == "text" else written(literal)


def written(tree: Tree) -> str:
    """Return a plain value as an author writes it, "" for what is worked out."""
    match tree:
        case ("ref", name):
            return f"${{{name}}}"
        case ("self",):
            return "."
        case ("column", name):
            return str(name)
        case ("number", str(digits)):
            return digits
        case ("neg", ("number", str(digits))):
            return f"-{digits}"
        case ("text", text):
            return f'"{text}"' if "'" in text else f"'{text}'"
        case ("today",):
            return "today()"
    return ""
