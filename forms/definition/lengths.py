"""
How long the texts of a checklist may become that follow from others, worked out beforehand.

A text made of a text twice, and so on forty times, would fill the memory of any phone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from forms.evaluation.ordering import Circle, Member, conditions_of, in_order, members_of
from forms.expressions.tree import Tree
from forms.model import ATTACHMENTS, NUMBERS, Condition, Form, Item, Kind

MAX_TEXT = 1_000_000
"""Characters that a text may come to, and any part of it while it is worked out."""

_ANSWER = 4000  # what a phone may send as a text
_NUMBER = 350  # the longest double as text has fewer, as have days, truths and answers of _SHORT
_SHORT = NUMBERS | ATTACHMENTS | {
    Kind.CHECK, Kind.DATE, Kind.TIME, Kind.MOMENT, Kind.SIGNATURE, Kind.LOCATION, Kind.ACKNOWLEDGE,
    Kind.TABLE,
}  # fmt: skip


def overlong(form: Form) -> Iterator[tuple[Member, str]]:
    """
    Yield the item or section and the field of each condition whose text may pass `MAX_TEXT`.

    What is built on one of them is measured as if that one had been mended. Nothing is told of a
    checklist whose values need each other in a circle.
    """
    lengths = _Lengths(_given(form), _longest_column(form))
    try:
        calculated = list(_calculated(form.sections))
    except Circle:
        return
    for item, field, condition in calculated:
        length = lengths.of(condition.tree)
        if length > MAX_TEXT:
            yield item, field
        lengths.known[item.cited_as] = length if length <= MAX_TEXT else 0
    worked = {(item.code, field) for item, field, _ in calculated}
    for member in members_of(form.sections):
        name, code = (member.cited_as, member.code) if isinstance(member, Item) else ("", "")
        for field, condition in conditions_of(member):
            if (code, field) not in worked and lengths.of(condition.tree, name) > MAX_TEXT:
                yield member, field


@dataclass
class _Lengths:
    """The most characters of values by name, and of the columns of choices."""

    known: dict[str, int]
    column: int

    def of(self, tree: Tree, own_name: str = "") -> int:
        """Return the most characters of an expression as text, or of a part that has too many."""
        name, *parts = tree
        if name == "text":
            return len(parts[0])
        if name in ("ref", "self"):
            return self.known.get(parts[0] if parts else own_name, _ANSWER)
        if name == "column":
            return self.column
        if not parts or isinstance(parts[0], str):
            return _NUMBER
        lengths = [self.of(part, own_name) for part in parts]
        if name == "concat":
            return sum(lengths)
        if max(lengths) > MAX_TEXT:
            return max(lengths)
        if name in ("if", "coalesce"):
            return max(lengths[-2:])
        if name in ("string", "normalize-space", "selected-at"):
            return lengths[0]
        return min(lengths[0], _cut_to(tree)) if name == "substr" else _NUMBER


def _cut_to(tree: Tree) -> int:
    """Return how many characters `substr` leaves at most, as far as its numbers are written out."""
    start, end = tree[2], tree[-1]
    if len(tree) < 4 or start[0] != "number" or end[0] != "number":
        return MAX_TEXT
    if not isinstance(start[1], str) or not isinstance(end[1], str):
        return MAX_TEXT
    return int(max(0.0, min(float(end[1]) - float(start[1]) + 1, MAX_TEXT)))


def _given(form: Form) -> dict[str, int]:
    given: dict[str, int] = {}
    for item in members_of(form.sections):
        if not isinstance(item, Item):
            continue
        length = _NUMBER if item.kind in _SHORT else _ANSWER
        if item.kind is Kind.SELECT_MULTIPLE:
            length = max(length, sum(len(one.name) + 1 for one in form.choices_of(item)))
        given[item.cited_as] = max(length, given.get(item.cited_as, 0))
    return given


def _longest_column(form: Form) -> int:
    return max(
        (
            len(text)
            for one in form.choice_lists
            for choice in one.choices
            for text in (choice.name, choice.label, *(cell for _, cell in choice.columns))
        ),
        default=0,
    )


def _calculated(members: Sequence[Member]) -> Iterator[tuple[Item, str, Condition]]:
    """Yield what gives items their values, each behind what it needs."""
    for item, _ in in_order(members):
        yield from _calculated(item.columns)
        if item.kind is Kind.HIDDEN and item.default is not None:
            yield item, "default", item.default
        elif item.calculation is not None:
            yield item, "calculation", item.calculation
