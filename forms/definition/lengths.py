"""
How long the texts of a checklist may become that follow from others, worked out beforehand.

A text made of a text twice, and so on forty times, would fill the memory of any phone, and so would
a long one in each row of a table.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from forms.evaluation.judging import MOST_ROWS
from forms.evaluation.ordering import Circle, Member, conditions_of, in_order, members_of
from forms.expressions.parsing import references
from forms.expressions.tree import Tree
from forms.expressions.values import LONGEST_NUMBER
from forms.model import ATTACHMENTS, NUMBERS, Condition, Form, Item, Kind, Section

MAX_TEXT = 1_000_000
"""Characters that a text may come to, and any part of it while it is worked out."""
MAX_TOTAL = 100_000_000
"""Characters that all worked-out texts of a checklist may come to, with those of all rows."""

TOO_LONG = f"算出的文字可能超过 {MAX_TEXT} 个字符，请减少 concat() 的内容，或用 substr() 截短"
TOO_MANY = (
    f"本表算出的文字到此合计可能超过 {MAX_TOTAL} 个字符（表格每层按 {MOST_ROWS} 行计），"
    "请减少 concat() 的内容，或用 substr() 截短"
)

Path = tuple[str, ...]
"""The codes of the tables in whose rows an item stands, outermost first."""

_ANSWER = 4000  # what a phone may send as a text
_TABLE = 262_144  # what a phone may send as the answer to a table, all its texts together
_ROW = 3  # what a row takes of it at least: "{},"
_MAKING = frozenset({"concat", "string", "normalize-space", "selected-at", "substr"})
_NUMBER = 350  # the longest double as text has fewer, as have days, truths and answers of _SHORT
_MORE = 40  # a number worked out has fewer more than the texts together that it is worked out from
_SHORT = NUMBERS | ATTACHMENTS | {
    Kind.CHECK, Kind.DATE, Kind.TIME, Kind.MOMENT, Kind.SIGNATURE, Kind.LOCATION, Kind.ACKNOWLEDGE,
    Kind.TABLE,
}  # fmt: skip


def overlong(form: Form) -> Iterator[tuple[Member, str, str]]:
    """
    Yield the item or section and the field of each condition whose text may pass `MAX_TEXT`.

    So is each with which all worked-out texts together may pass `MAX_TOTAL`; the third is why, in
    Chinese. What is built on one of them is measured as if that one had been mended. Nothing is
    told of a checklist whose values need each other in a circle.
    """
    lengths = _Lengths(_given(form), _longest_column(form))
    totals = _Totals(lengths, dict(_placed(form.sections, lengths.known)), set())
    try:
        calculated = list(_calculated(form.sections))
    except Circle:
        return
    for item, field, condition, path in calculated:
        length = lengths.of(condition.tree)
        reason = TOO_LONG if length > MAX_TEXT else ""
        if not reason and not totals.take_in(item.cited_as, condition.tree, path):
            reason = TOO_MANY
        if reason:
            yield item, field, reason
            totals.forget(item.cited_as, path)
        lengths.known[item.cited_as] = 0 if reason else length
    worked = {(item.code, field) for item, field, _, _ in calculated}
    for member in members_of(form.sections):
        name, code = (member.cited_as, member.code) if isinstance(member, Item) else ("", "")
        for field, condition in conditions_of(member):
            if (code, field) not in worked and lengths.of(condition.tree, name) > MAX_TEXT:
                yield member, field, TOO_LONG


@dataclass
class _Lengths:
    """
    The most characters of values by name, and of the columns of choices.

    Where there are `rows`, `known` are the characters in all of them together, and what comes out
    likewise; a part has too many beyond `MAX_TEXT` in each.
    """

    known: dict[str, int]
    column: int
    rows: int = 1

    def of(self, tree: Tree, own_name: str = "") -> int:
        """Return the most characters of an expression as text, or of a part that has too many."""
        name, *parts = tree
        if name == "text":
            return len(parts[0]) * self.rows
        if name in ("ref", "self"):
            return self.known.get(parts[0] if parts else own_name, _ANSWER * self.rows)
        if name == "column":
            return self.column * self.rows
        if name == "number" and isinstance(parts[0], str):
            return (len(parts[0]) + 1) * self.rows  # 9… may be rounded to 10…
        lengths = [self.of(part, own_name) for part in parts]
        if name == "concat":
            return sum(lengths)
        if max(lengths, default=0) > MAX_TEXT * self.rows:
            return max(lengths)
        if name in ("if", "coalesce"):  # each row may have the other one
            return max(lengths[-2:]) if self.rows == 1 else sum(lengths[-2:])
        if name in ("string", "normalize-space", "selected-at"):
            return lengths[0]
        if name == "substr":
            return min(lengths[0], _cut_to(tree) * self.rows)
        # Of n characters, a number other than 0 lies between 10^-n and 10^n. A product or quotient
        # lies as far from 1 as both together, a difference is no finer than the 53 bits of its
        # parts, and at most 17 digits follow.
        return min(sum(lengths) + _MORE * self.rows, _NUMBER * self.rows)

    def made(self, tree: Tree) -> int:
        """Return the most characters of new text that stays: a value cited or written is there."""
        if tree[0] in ("if", "coalesce"):
            return sum(self.made(part) for part in tree[-2:])
        return self.of(tree) if tree[0] in _MAKING else 0


@dataclass
class _Totals:
    """The characters of values in all rows together, and of all texts worked out so far."""

    single: _Lengths
    known: dict[str, tuple[Path, int]]
    worked: set[str]
    total: int = 0

    def take_in(self, name: str, tree: Tree, path: Path) -> bool:
        """Count the text of an item; return whether all are few enough, else it does not count."""
        known = {cited: self._seen(cited, path) for cited in references(tree)}
        lengths = _Lengths(known, self.single.column, _rows(len(path)))
        self.known[name] = path, lengths.of(tree)
        self.worked.add(name)
        made = lengths.made(tree)
        if self.total + made > MAX_TOTAL:
            return False
        self.total += made
        return True

    def forget(self, name: str, path: Path) -> None:
        """Take an item as one without text."""
        self.known[name] = path, 0

    def _seen(self, name: str, path: Path) -> int:
        """Return the characters of a value wherever the rows at a path see it."""
        where, total = self.known.get(name, ((), _ANSWER))
        one = self.single.known.get(name, _ANSWER)
        seen = one * _rows(len(path))
        if path[: len(where)] != where:
            return seen  # of all its values the first
        within = _rows(len(path) - len(where))
        if where and name not in self.worked:  # its rows take their part of what may be sent
            seen = min(seen, _TABLE * one * within // (one + _ROW * within))
        return min(seen, total * within)


def _rows(depth: int) -> int:
    """Return how many rows a table may have that stands so deep in tables."""
    return min(int(MOST_ROWS**depth), _TABLE // _ROW)


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
        if item.kind in NUMBERS:
            length = LONGEST_NUMBER + 1
        if item.kind is Kind.SELECT_MULTIPLE:
            length = max(length, sum(len(one.name) + 1 for one in form.choices_of(item)))
        given[item.cited_as] = max(length, given.get(item.cited_as, 0))
    return given


def _placed(
    members: Sequence[Member], single: Mapping[str, int], path: Path = ()
) -> Iterator[tuple[str, tuple[Path, int]]]:
    """Yield where each item stands, and the characters that are given for it in all rows."""
    for member in members:
        if isinstance(member, Section):
            yield from _placed(member.items, single, path)
        else:
            name = member.cited_as
            yield name, (path, min(single[name] * MOST_ROWS, _TABLE) if path else single[name])
            yield from _placed(member.columns, single, (*path, member.code))


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


def _calculated(
    members: Sequence[Member], path: Path = ()
) -> Iterator[tuple[Item, str, Condition, Path]]:
    """Yield what gives items their values, each behind what it needs."""
    for item, _ in in_order(members):
        yield from _calculated(item.columns, (*path, item.code))
        if item.kind is Kind.HIDDEN and item.default is not None:
            yield item, "default", item.default, path
        elif item.calculation is not None:
            yield item, "calculation", item.calculation, path
