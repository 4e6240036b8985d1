"""What an inspector of the demo enters where a checklist asks for a value."""

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from forms.evaluation.filling import Filling
from forms.model import NUMBERS, Form, Item, Kind, placed

STROKES = [[[100, 520], [260, 300], [420, 640]], [[500, 280], [560, 700], [860, 420]]]
NOWHERE = {"latitude": "34.600000", "longitude": "119.200000", "accuracy_m": "", "datum": ""}
UNBOUNDED = Decimal(10)
"""How far from its least a number is where nothing bounds it."""


def filled(form: Form, answers: Mapping[str, Mapping[str, Any]], at: datetime) -> Filling:
    """Return a checklist with these answers, at some time of the visit."""
    filling = Filling(form, at.date().isoformat())
    for code, answer in answers.items():
        filling.answer(code, answer)
    return filling


def value_of(item: Item, filling: Filling, at: datetime, position: Mapping[str, str]) -> Any:
    """
    Return what is entered for an item that is neither a check nor a photo.

    Args:
        item: An item that is asked now.
        filling: The checklist as filled in so far.
        at: The time of day.
        position: Where the phone is, as in `answer.set`; empty where it does not know.
    """
    if item.kind is Kind.TABLE:
        columns = [column for column, _ in placed(item.columns) if column.calculation is None]
        return [{column.code: value_of(column, filling, at, position) for column in columns}]
    if item.kind in (Kind.SELECT_ONE, Kind.SELECT_MULTIPLE):
        return _chosen(item, [choice.name for choice in _offered(item, filling)])
    if item.kind in NUMBERS:
        return _number(item)
    made = ENTERED.get(item.kind)
    return "现场核实" if made is None else made(at, position)


def _offered(item: Item, filling: Filling) -> Sequence[Any]:
    own = any(item.code == known.code for known in filling.form.items)
    return filling.entry(item.code).choices if own else filling.form.choices_of(item)


def _chosen(item: Item, names: Sequence[str]) -> Any:
    """Return one choice, or some of several: the same ones for the same item each time."""
    chance = random.Random(item.code)
    if item.kind is Kind.SELECT_ONE:
        return chance.choice(names)
    return sorted(chance.sample(names, min(2, len(names))), key=names.index)


def _number(item: Item) -> str:
    """Return a number in the middle of what is allowed."""
    least = Decimal(item.least) if item.least else None
    most = Decimal(item.most) if item.most else None
    low = least if least is not None else (most or UNBOUNDED) - UNBOUNDED
    high = most if most is not None else low + UNBOUNDED
    middle = (low + high) / 2
    places = Decimal(1) if item.kind is Kind.INTEGER else Decimal("0.1")
    return str(min(max(middle.quantize(places), low), high))


ENTERED: Mapping[Kind, Callable[[datetime, Mapping[str, str]], Any]] = {
    Kind.DATE: lambda at, _: at.date().isoformat(),
    Kind.TIME: lambda at, _: f"{at:%H:%M}",
    Kind.MOMENT: lambda at, _: at.isoformat(timespec="seconds"),
    Kind.LOCATION: lambda _, position: {**NOWHERE, **position},
    Kind.SIGNATURE: lambda _, __: {"name": "", "strokes": STROKES},
    Kind.ACKNOWLEDGE: lambda _, __: "OK",
}
