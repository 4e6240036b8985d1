"""
Comparisons that cannot hold together, or of which one always holds: and and or changed places.

No answer is two things at once: `${A} = 'x' and ${A} = 'y'` never holds, `${A} != 'x' or ${A} !=
'y'` always does. Read aloud, both sound as if they meant the other word.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import isnan

from forms.definition.misread import JOINTS, is_literal, operands, quoted, written
from forms.expressions.tree import Tree
from forms.expressions.values import to_number

SIGNS = {"and": "=", "or": "!="}
"""Which comparison cannot mean what it says under which joint."""

OTHER = {"and": "or", "or": "and"}
WORTH = {"and": "始终不成立", "or": "始终成立"}


@dataclass(frozen=True)
class Contrary:
    """Comparisons of one subject with different constants, joined by the wrong word."""

    subject: Tree
    joint: str
    constants: tuple[Tree, ...]
    is_alone: bool  # nothing else is joined with them

    def told(self, called: str, *, is_several: bool) -> str:
        """
        Return what is wrong and what to write instead, in Chinese.

        Args:
            called: The subject as sentences name it.
            is_several: Whether its answer may be several choices at once.
        """
        shown = "、".join(map(quoted, self.constants))
        reason = f"{called}不会同时等于{shown}，用 {self.joint} 连接{WORTH[self.joint]}"
        name, sign = written(self.subject), SIGNS[self.joint]
        if is_several and self.joint == "and":
            parts = [f"selected({name}, {written(one)})" for one in self.constants]
            return f"{reason}，同时选了几项的请写成 {' and '.join(parts)}"
        parts = [f"{name} {sign} {written(one)}" for one in self.constants]
        meant = f" {OTHER[self.joint]} ".join(parts)
        return f"{reason}，请写成 {meant if self.is_alone else f'({meant})'}"


def contraries(tree: Tree, around: str = "") -> Iterator[Contrary]:
    """Yield them wherever they stand in an expression that hangs on a node of that name."""
    joint = tree[0]
    if joint in JOINTS and joint != around:
        yield from _joined(joint, list(operands(joint, tree)))
    for part in tree[1:]:
        if isinstance(part, tuple):
            yield from contraries(part, joint)


def _joined(joint: str, parts: list[Tree]) -> Iterator[Contrary]:
    compared: dict[Tree, list[Tree]] = {}
    for part in parts:
        if part[0] != SIGNS[joint]:
            continue
        _, left, right = part
        subject, constant = (right, left) if is_literal(left) else (left, right)
        if subject[0] in ("ref", "self", "column") and is_literal(constant):
            compared.setdefault(subject, []).append(constant)
    for subject, constants in compared.items():
        if any(_differ(one, other) for one, other in pairwise(constants)):
            is_alone = len(constants) == len(parts)
            yield Contrary(subject, joint, tuple(dict.fromkeys(constants)), is_alone)


def _differ(one: Tree, other: Tree) -> bool:
    """Tell whether nothing equals both, whether it is a text or a number."""
    numbers = [_number(tree) for tree in (one, other)]
    return numbers[0] != numbers[1] if not any(map(isnan, numbers)) else one != other


def _number(literal: Tree) -> float:
    if literal[0] == "neg":
        return -_number(literal[1])
    return to_number(str(literal[1]))
