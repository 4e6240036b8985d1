"""Whether the value of one item must be there, can stand, and fails; and how it is entered."""

import math
from dataclasses import dataclass, replace
from decimal import Decimal

from forms.expressions.evaluating import COLUMN, Evaluate, Scope, compile_condition, compile_tree
from forms.expressions.parsing import columns_of, references
from forms.expressions.values import Value, to_number, to_text
from forms.model import Choice, Condition, Form, Item, Kind

CHECKED = ("required", "constraint", "fails_if", "choices", "least", "most", "step")
MOST_ROWS = 200
"""Rows that the answer to a table holds at most (docs/sync.md)."""
STEP_TOLERANCE = 1e-9
"""
Share of the largest number taking part by which a value may be off its step: doubles hold few
decimals exactly ((0.3 - 0.1) / 0.1 is below 2), and server and phone must draw the line alike.
"""


@dataclass(frozen=True)
class Entry:
    """
    How an item is entered now; no answer is wrong by it, as answers may be older.

    `prefilled` is the text to start from, "" for none; `rows` how many rows a table is to have,
    None where nothing says so.
    """

    read_only: bool
    prefilled: str
    rows: int | None
    choices: tuple[Choice, ...]


def is_idle(item: Item) -> bool:
    """Return whether there is nothing to judge about any value of the item."""
    return item.kind is not Kind.CHECK and not any(getattr(item, field) for field in CHECKED)


class Judge:
    """The conditions of one item, compiled."""

    def __init__(self, item: Item, form: Form) -> None:
        self.item = item
        self._required = _test(item.required)
        self._constraint = _test(item.constraint)
        self._fails = _test(item.fails_if)
        fails_by = references(item.fails_if.tree) if item.fails_if else frozenset()
        self.fails_by_others = bool(fails_by - {item.cited_as})
        """Whether it depends on other items, too, which values are failures."""
        self._read_only = _test(item.read_only)
        self._default = _value(item.default)
        self._count = _value(item.count)
        self._is_measured = bool(item.least or item.most or item.step)
        self._choices = form.choices_of(item)
        self._filter = _test(item.choice_filter)
        self._blank = (
            dict.fromkeys(columns_of(item.choice_filter.tree), "") if item.choice_filter else {}
        )

    def must_be_given(self, value: Value, scope: Scope) -> bool:
        """Return whether an answer is required; of a check item it is, unless it says otherwise."""
        if self._required is None:
            return self.item.kind is Kind.CHECK
        scope.self_value = value
        return self._required(scope)

    def fault(self, value: Value, scope: Scope) -> str:
        """Return why a value that is there cannot stand, in Chinese, "" where it can."""
        scope.self_value = value
        item = self.item
        if self._is_measured and (fault := self._fault_of_number(value)):
            return fault
        if self._count is not None and (fault := self._fault_of_rows(value, scope)):
            return fault
        if item.choices and (unknown := self._unknown(value, scope)):
            return f"没有“{unknown}”这个选项"
        if self._constraint is not None and not self._constraint(scope):
            return item.constraint_message or "不符合填写要求"
        return ""

    def fails(self, value: Value, scope: Scope) -> bool:
        """Return whether a value that is there makes a finding."""
        scope.self_value = value
        return self._fails is not None and self._fails(scope)

    def entry(self, value: Value, scope: Scope) -> Entry:
        """Return how the item is entered; `value` is what it has now."""
        scope.self_value = value
        return Entry(
            read_only=self._read_only is not None and self._read_only(scope),
            prefilled="" if self._default is None else to_text(sound(self._default(scope))),
            rows=self.rows(scope),
            choices=self.offered(scope),
        )

    def rows(self, scope: Scope) -> int | None:
        """Return how many rows a table is to have, None where its count is no whole number."""
        number = math.nan if self._count is None else to_number(self._count(scope))
        is_count = number >= 0 and number % 1 == 0
        return int(min(number, MOST_ROWS)) if is_count else None

    def offered(self, scope: Scope) -> tuple[Choice, ...]:
        """Return the choices that can be chosen now."""
        if self._filter is None:
            return self._choices
        return tuple(choice for choice in self._choices if self._lets_through(choice, scope))

    def _is_in_range(self, value: Value) -> bool:
        least, most = self.item.least, self.item.most
        if not isinstance(value, float):
            return False
        return not (least and value < float(least)) and not (most and value > float(most))

    def _fault_of_number(self, value: Value) -> str:
        item = self.item
        if (item.least or item.most) and not self._is_in_range(value):
            return f"应{_range(item)}"
        if item.step and not _is_on_step(item, value):
            return f"应为从{_said(item.least or '0')}起每隔{_said(item.step)}{item.unit}的数"
        return ""

    def _fault_of_rows(self, value: Value, scope: Scope) -> str:
        wanted = self.rows(scope)
        given = len(value) if isinstance(value, list) else 0
        return "" if wanted in (None, given) else f"应为{wanted}行，现为{given}行"

    def _unknown(self, value: Value, scope: Scope) -> str:
        names = {choice.name for choice in self.offered(scope)}
        text = to_text(value)
        chosen = text.split(" ") if self.item.kind is Kind.SELECT_MULTIPLE else [text]
        return next((name for name in chosen if name and name not in names), "")

    def _lets_through(self, choice: Choice, scope: Scope) -> bool:
        assert self._filter is not None
        columns = {**self._blank, **dict(choice.columns)}
        columns |= {"name": choice.name, "label": choice.label}
        values = {**scope.values, **{COLUMN + name: cell for name, cell in columns.items()}}
        return self._filter(replace(scope, values=values))


def _test(condition: Condition | None) -> Evaluate[bool] | None:
    return None if condition is None else compile_condition(condition.tree)


def _value(condition: Condition | None) -> Evaluate[Value] | None:
    return None if condition is None else compile_tree(condition.tree)


def sound(value: Value) -> Value:
    """Return a calculated value; what is no number is no value."""
    return "" if isinstance(value, float) and not math.isfinite(value) else value


def _is_on_step(item: Item, value: Value) -> bool:
    """Whether a value is a whole number of steps from the least; a step of 0 says nothing."""
    if not isinstance(value, float):
        return False
    least, step = float(item.least or 0), abs(float(item.step))
    if step == 0:
        return True
    rest = abs(value - least) % step
    off = min(rest, step - rest)
    return not off > STEP_TOLERANCE * max(abs(value), abs(least), step)  # NaN is out of range


def _range(item: Item) -> str:
    unit = item.unit
    if item.least and item.most:
        return f"在{_said(item.least)}至{_said(item.most)}{unit}之间"
    return f"不小于{_said(item.least)}{unit}" if item.least else f"不大于{_said(item.most)}{unit}"


def _said(number: str) -> str:
    return f"{Decimal(number).normalize():f}"
