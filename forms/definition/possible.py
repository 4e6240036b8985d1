"""Which values an answer can have, as far as a checklist fixes them: results, choices, ranges."""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from math import isnan
from typing import Protocol, TypeAlias

from forms.evaluation.given import WrongValue, read
from forms.expressions.functions import words
from forms.expressions.values import XML_BLANKS, to_number, to_text
from forms.model import ATTACHMENTS, CHOICES, NUMBERS, Choice, Form, Item, Kind, Result

Constant: TypeAlias = str | float
"""A value that stands in a condition itself."""

ORDER: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
MANY = 8
"""Names beyond which the others are only counted."""

RESULTS: Mapping[str, str] = {
    Result.PASS: "符合",
    Result.FAIL: "不符合",
    Result.NOT_APPLICABLE: "不适用",
    Result.NOT_CHECKED: "未检查",
}


class Possible(Protocol):
    """The values that something can have beside a blank; each question is asked of a constant."""

    @property
    def described(self) -> str:
        """Which values these are, in Chinese."""

    @property
    def has_numbers(self) -> bool:
        """Whether any of them has a size."""

    def can_be(self, constant: Constant) -> bool:
        """Whether `=` can hold."""

    def can_have(self, constant: Constant) -> bool:
        """Whether `selected()` can hold."""

    def can_stand(self, sign: str, constant: Constant) -> bool:
        """Whether a comparison of size can hold, the constant at its right."""

    def meant(self, constant: Constant) -> str:
        """Return which value is meant by something that is none, "" where nobody knows."""


@dataclass(frozen=True)
class Names:
    """
    One of a closed list of texts, or, where there may be `several`, some with a blank between.

    `labels` are what people read, by name; `what` is what the names are, in Chinese.
    """

    labels: Mapping[str, str]
    what: str
    several: bool = False

    @property
    def described(self) -> str:
        """Which values these are, the first of many."""
        shown = "、".join(islice(self.labels, MANY)) or "空白"
        return f"{self.what} {shown}" + (f" 等{len(self.labels)}个" if self._is_long else "")

    @property
    def has_numbers(self) -> bool:
        """Whether any name is a number."""
        return bool(self._numbers)

    def can_be(self, constant: Constant) -> bool:
        """Whether it is a name, or several where there may be."""
        if isinstance(constant, float):
            return constant in self._numbers
        return constant in self.labels or (self.several and self._is_selection(constant))

    def can_have(self, constant: Constant) -> bool:
        """Whether it is a name, without the blanks around it."""
        name = to_text(constant).strip(XML_BLANKS)
        return name in self.labels and len(words(name)) == 1

    def can_stand(self, sign: str, constant: Constant) -> bool:
        """Whether the name that comes closest, of those that are numbers, satisfies it."""
        if not self._numbers:
            return False
        closest = self._least if sign in ("<", "<=") else self._greatest
        return ORDER[sign](closest, to_number(constant))

    def meant(self, constant: Constant) -> str:
        """Return the name whose label it is, or that differs in letter case or blanks only."""
        said = to_text(constant)
        name = self._by_folded.get(_folded(said), "")
        return "" if name == said else name

    @cached_property
    def _by_folded(self) -> Mapping[str, str]:
        """The names by themselves and by their labels, as `_folded` makes them."""
        by_label = {_folded(label): name for name, label in self.labels.items() if label}
        return {**by_label, **{_folded(name): name for name in self.labels}}

    @cached_property
    def _numbers(self) -> frozenset[float]:
        """The names that are numbers, as numbers."""
        found = map(to_number, self.labels)
        return frozenset(number for number in found if not isnan(number))

    @cached_property
    def _least(self) -> float:
        return min(self._numbers)

    @cached_property
    def _greatest(self) -> float:
        return max(self._numbers)

    @property
    def _is_long(self) -> bool:
        return len(self.labels) > MANY

    def _is_selection(self, text: str) -> bool:
        chosen = words(text)
        return " ".join(dict.fromkeys(chosen)) == text and self.labels.keys() >= set(chosen)


@dataclass(frozen=True)
class Numbers:
    """Numbers from `least` to `most`, both included, as decimals; "" for no bound."""

    least: str
    most: str
    are_whole: bool

    @property
    def described(self) -> str:
        """Which values these are, with the bounds."""
        kind = "整数" if self.are_whole else "数值"
        if self.least and self.most:
            return f"值是{self.least}至{self.most}的{kind}"
        if self.least:
            return f"值是不小于{self.least}的{kind}"
        return f"值是不大于{self.most}的{kind}" if self.most else f"值是{kind}"

    @property
    def has_numbers(self) -> bool:
        """They are numbers."""
        return True

    def can_be(self, constant: Constant) -> bool:
        """Whether it is a number within the bounds, a whole one where they are."""
        number = to_number(constant)
        if isnan(number) or (self.are_whole and number % 1):
            return False
        is_low = bool(self.least) and number < float(self.least)
        return not is_low and not (self.most and number > float(self.most))

    def can_have(self, constant: Constant) -> bool:
        """Whether it can be one: a number is a single word."""
        return self.can_be(constant)

    def can_stand(self, sign: str, constant: Constant) -> bool:
        """Whether the bound that comes closest satisfies it."""
        bound = self.least if sign in ("<", "<=") else self.most
        limit = to_number(constant)
        return not isnan(limit) and (not bound or ORDER[sign](float(bound), limit))

    def meant(self, _: Constant) -> str:
        """Nobody knows."""
        return ""


@dataclass(frozen=True)
class Written:
    """Days, times or moments: texts in the notation of a kind, of which `example` is one."""

    kind: Kind
    example: str
    what: str

    @property
    def described(self) -> str:
        """Which values these are, by an example."""
        return f"值是 {self.example} 这样的{self.what}"

    @property
    def has_numbers(self) -> bool:
        """Whether they are days; no time has a size."""
        return self.kind is Kind.DATE

    def can_be(self, constant: Constant) -> bool:
        """Whether it is written so, or the number of a day."""
        if isinstance(constant, float):
            return self.has_numbers and not constant % 1
        try:
            read(Item("", self.kind, ""), constant)
        except WrongValue:
            return False
        return True

    def can_have(self, constant: Constant) -> bool:
        """Whether it can be one: each is a single word."""
        return self.can_be(to_text(constant).strip())

    def can_stand(self, _: str, constant: Constant) -> bool:
        """Whether both sides have a size."""
        return self.has_numbers and not isnan(to_number(constant))

    def meant(self, _: Constant) -> str:
        """Nobody knows."""
        return ""


class _Counted(Numbers):
    """How many photos or files were taken; where none was, the value is blank and no number."""

    @property
    def described(self) -> str:
        """Which values these are, and how to ask for none."""
        return "值是附件的个数（1以上的整数，没有的写作 ''）"


TAKEN = _Counted("1", "", are_whole=True)
CHECKED = Names(RESULTS, "答案是")
CONFIRMED = Names({"OK": "已确认"}, "值是")
DAYS = Written(Kind.DATE, "2026-01-01", "日期")
WRITTEN: Mapping[Kind, Written] = {
    Kind.DATE: DAYS,
    Kind.TODAY: DAYS,
    Kind.TIME: Written(Kind.TIME, "08:30", "时间"),
    Kind.MOMENT: Written(Kind.MOMENT, "2026-01-01T08:30+08:00", "日期时间"),
}


class Answers:
    """What the answers to one checklist can be; each list is read once, however long it is."""

    def __init__(self, form: Form) -> None:
        """Take the lists of the checklist."""
        self._choices = {one.name: one.choices for one in form.choice_lists}
        self._names: dict[tuple[str, bool], Names] = {}
        self._cells: dict[tuple[str, str], Names] = {}

    def of(self, item: Item) -> Possible | None:
        """Return which values an item can have, None where they are worked out or free."""
        if item.calculation is not None:
            return None
        if item.kind is Kind.CHECK:
            return CHECKED
        if item.kind is Kind.ACKNOWLEDGE:
            return CONFIRMED
        if item.kind in CHOICES:
            return self._of_list(item.choices, item.kind is Kind.SELECT_MULTIPLE)
        if item.kind in ATTACHMENTS:
            return TAKEN
        if item.kind in NUMBERS:
            return Numbers(item.least, item.most, are_whole=item.kind is Kind.INTEGER)
        return WRITTEN.get(item.kind)

    def in_column(self, item: Item, column: str) -> Possible:
        """Return what stands in a column of an item's choices, as its filter compares it."""
        key = (item.choices, column)
        if key not in self._cells:
            cells = [_cell(choice, column) for choice in self._choices.get(item.choices, ())]
            self._cells[key] = Names({cell: cell for cell in cells if cell}, "内容是")
        return self._cells[key]

    def _of_list(self, name: str, several: bool) -> Names:
        key = (name, several)
        if key not in self._names:
            labels = {choice.name: choice.label for choice in self._choices.get(name, ())}
            self._names[key] = Names(labels, "选项是", several=several)
        return self._names[key]


def _cell(choice: Choice, column: str) -> str:
    own = {"name": choice.name, "label": choice.label}
    return own[column] if column in own else dict(choice.columns).get(column, "")


def _folded(text: str) -> str:
    return "".join(text.split()).casefold()
