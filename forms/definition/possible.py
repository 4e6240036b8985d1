"""Which values an answer can have, as far as a checklist fixes them: results, choices, ranges."""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isnan
from typing import Protocol, TypeAlias

from forms.evaluation.given import WrongValue, read
from forms.expressions.functions import is_selected, words
from forms.expressions.values import equal, to_number, to_text
from forms.model import CHOICES, NUMBERS, Choice, Form, Item, Kind, Result

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
        shown = "、".join(list(self.labels)[:MANY]) or "空白"
        return f"{self.what} {shown}" + (f" 等{len(self.labels)}个" if self._is_long else "")

    @property
    def has_numbers(self) -> bool:
        """Whether any name is a number."""
        return not all(isnan(to_number(name)) for name in self.labels)

    def can_be(self, constant: Constant) -> bool:
        """Whether it is a name, or several where there may be."""
        if any(equal(name, constant) for name in self.labels):
            return True
        return self.several and isinstance(constant, str) and self._is_selection(constant)

    def can_have(self, constant: Constant) -> bool:
        """Whether it is a name."""
        return any(is_selected(name, to_text(constant)) for name in self.labels)

    def can_stand(self, sign: str, constant: Constant) -> bool:
        """Whether some name is a number for which it holds."""
        limit = to_number(constant)
        return any(ORDER[sign](to_number(name), limit) for name in self.labels)

    def meant(self, constant: Constant) -> str:
        """Return the name whose label it is, or that differs in letter case or blanks only."""
        said = _folded(to_text(constant))
        pairs = [*((name, name) for name in self.labels), *self.labels.items()]
        return next((name for name, text in pairs if _folded(text) == said), "")

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


CHECKED = Names(RESULTS, "答案是")
CONFIRMED = Names({"OK": "已确认"}, "值是")
DAYS = Written(Kind.DATE, "2026-01-01", "日期")
WRITTEN: Mapping[Kind, Written] = {
    Kind.DATE: DAYS,
    Kind.TODAY: DAYS,
    Kind.TIME: Written(Kind.TIME, "08:30", "时间"),
    Kind.MOMENT: Written(Kind.MOMENT, "2026-01-01T08:30+08:00", "日期时间"),
}


def possible_values(item: Item, form: Form) -> Possible | None:
    """Return which values an item can have, None where they are worked out or free."""
    if item.calculation is not None:
        return None
    if item.kind is Kind.CHECK:
        return CHECKED
    if item.kind is Kind.ACKNOWLEDGE:
        return CONFIRMED
    if item.kind in CHOICES:
        labels = {choice.name: choice.label for choice in form.choices_of(item)}
        return Names(labels, "选项是", several=item.kind is Kind.SELECT_MULTIPLE)
    if item.kind in NUMBERS:
        return Numbers(item.least, item.most, are_whole=item.kind is Kind.INTEGER)
    return WRITTEN.get(item.kind)


def possible_cells(item: Item, column: str, form: Form) -> Possible:
    """Return what stands in a column of an item's choices, as its filter compares it."""
    choices = form.choices_of(item)
    cells = [_cell(choice, column) for choice in choices]
    return Names({cell: cell for cell in cells if cell}, "内容是")


def _cell(choice: Choice, column: str) -> str:
    own = {"name": choice.name, "label": choice.label}
    return own[column] if column in own else dict(choice.columns).get(column, "")


def _folded(text: str) -> str:
    return "".join(text.split()).casefold()
