"""Whether the value of one item must be there, can stand, and fails."""

from dataclasses import replace
from decimal import Decimal

from forms.expressions.evaluating import COLUMN, Evaluate, Scope, compile_condition
from forms.expressions.parsing import columns_of
from forms.expressions.values import Value, to_text
from forms.model import Choice, Condition, Form, Item, Kind

CHECKED = ("required", "constraint", "fails_if", "choices", "least", "most")


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
        if (item.least or item.most) and not self._is_in_range(value):
            return f"应{_range(item)}"
        if item.choices and (unknown := self._unknown(value, scope)):
            return f"没有“{unknown}”这个选项"
        if self._constraint is not None and not self._constraint(scope):
            return item.constraint_message or "不符合填写要求"
        return ""

    def fails(self, value: Value, scope: Scope) -> bool:
        """Return whether a value that is there makes a finding."""
        scope.self_value = value
        return self._fails is not None and self._fails(scope)

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


def _range(item: Item) -> str:
    unit = item.unit
    if item.least and item.most:
        return f"在{_said(item.least)}至{_said(item.most)}{unit}之间"
    return f"不小于{_said(item.least)}{unit}" if item.least else f"不大于{_said(item.most)}{unit}"


def _said(number: str) -> str:
    return f"{Decimal(number).normalize():f}"
