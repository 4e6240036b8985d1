"""The functions of expressions: a builder for each, which gets its compiled arguments."""

import re
from collections.abc import Callable
from functools import lru_cache, partial
from math import floor, isfinite, nan, trunc

from forms.expressions.operands import Evaluate, Kind, Operand, Scope
from forms.expressions.patterns import matcher
from forms.expressions.values import (
    MAX_REMEMBERED,
    XML_BLANKS,
    Single,
    Value,
    day_text,
    to_number,
    to_text,
)

MAX_PLACES = 15
"""Decimal places, or powers of ten, that `round()` knows."""

_POWERS = [float(10**places) for places in range(MAX_PLACES + 1)]
_BLANKS = re.compile(f"[{XML_BLANKS}]+")

Builder = Callable[[tuple[Operand, ...]], Operand]


def words(text: str) -> tuple[str, ...]:
    """Return the choices in an answer to a multiple choice: what blanks of XML set apart."""
    return _words(text) if len(text) <= MAX_REMEMBERED else _words.__wrapped__(text)


@lru_cache(maxsize=4096)
def _words(text: str) -> tuple[str, ...]:
    return tuple(word for word in _BLANKS.split(text) if word)


def is_selected(chosen: str, choice: str) -> bool:
    """Tell whether a choice is among those chosen; a blank one is where nothing is chosen."""
    choice = choice.strip(XML_BLANKS)
    return choice in words(chosen) if choice else not words(chosen)


def word_at(text: str, index: float) -> str:
    """Return the choice at a place counted from 0, "" where there is none."""
    found = words(text)
    return found[trunc(index)] if -1 < index < len(found) else ""


def rounded(number: float, places: float = 0.0) -> float:
    """
    Return the nearest number with so many decimal places, a half rounded up.

    It is floor(number × 10^places + 1/2) ÷ 10^places, the half not lost to the precision of
    doubles; fewer than 0 places round to tens. A number too large to scale stays as it is. Places
    beyond `MAX_PLACES` either way give NaN.
    """
    if not abs(places) <= MAX_PLACES:
        return nan
    power = _POWERS[abs(trunc(places))]
    scaled = number * power if places >= 0 else number / power
    if not isfinite(scaled):
        return number
    whole = floor(scaled)
    whole += scaled - whole >= 0.5
    return whole / power if places >= 0 else whole * power


def whole_part(number: float) -> float:
    """Return a number without its fraction, never -0."""
    return float(trunc(number)) if isfinite(number) else number


def part_of(text: str, start: float, end: float) -> str:
    """
    Return the characters from `start` to before `end`, counted from 0.

    Fractions of a place are cut off; a negative one counts from the end. "" if either is NaN.
    """
    if start != start or end != end:
        return ""
    return text[_place(start, len(text)) : _place(end, len(text))]


def _place(index: float, length: int) -> int:
    bounded = max(-length, min(length, index))
    return trunc(bounded) + (length if bounded <= -1 else 0)


def _spaced(text: str) -> str:
    return _BLANKS.sub(" ", text).strip(" ")


def _is_blank(value: Single) -> bool:
    return value == "" or value != value  # NaN alone differs from itself


def _least(numbers: list[float]) -> float:
    return nan if not numbers or any(n != n for n in numbers) else min(numbers)


def _greatest(numbers: list[float]) -> float:
    return nan if not numbers or any(n != n for n in numbers) else max(numbers)


def _total(values: Value) -> float:
    total = 0.0
    for value in values if isinstance(values, list) else [values]:
        total += to_number(value)  # one by one, as phones do; sum() may compensate
    return total


def _selected(arguments: tuple[Operand, ...]) -> Operand:
    chosen, choice = arguments
    if chosen.name and choice.constant is not None:
        return Operand(Kind.TRUTH, _selected_of_name(chosen.name, to_text(choice.constant)))
    one, other = chosen.as_text(), choice.as_text()
    return Operand(Kind.TRUTH, lambda scope: is_selected(one(scope), other(scope)))


def _selected_of_name(name: str, choice: str) -> Evaluate[bool]:
    choice = choice.strip(XML_BLANKS)
    if not choice:
        return lambda scope: not words(to_text(scope.values[name]))
    return lambda scope: (
        choice in words(value)
        if isinstance(value := scope.values[name], str)
        else choice in words(to_text(value))
    )


def _coalesce(arguments: tuple[Operand, ...]) -> Operand:
    one, other = (argument.as_single() for argument in arguments)
    return Operand(
        Kind.ANY, lambda scope: other(scope) if _is_blank(value := one(scope)) else value
    )


def _if(arguments: tuple[Operand, ...]) -> Operand:
    condition = arguments[0].as_bool()
    yes, no = (argument.as_single() for argument in arguments[1:])
    kinds = {arguments[1].kind, arguments[2].kind}
    kind = kinds.pop() if len(kinds) == 1 else Kind.ANY
    return Operand(kind, lambda scope: yes(scope) if condition(scope) else no(scope))


def _regex(arguments: tuple[Operand, ...]) -> Operand:
    subject = arguments[0].as_text()
    fits = matcher(str(arguments[1].constant))
    return Operand(Kind.TRUTH, lambda scope: fits(subject(scope)))


def _not(arguments: tuple[Operand, ...]) -> Operand:
    truth = arguments[0].as_bool()
    return Operand(Kind.TRUTH, lambda scope: not truth(scope))


def _substr(arguments: tuple[Operand, ...]) -> Operand:
    text, start = arguments[0].as_text(), arguments[1].as_number()
    if len(arguments) == 2:
        return Operand(Kind.TEXT, lambda scope: part_of(text(scope), start(scope), float("inf")))
    end = arguments[2].as_number()
    return Operand(Kind.TEXT, lambda scope: part_of(text(scope), start(scope), end(scope)))


def _round(arguments: tuple[Operand, ...]) -> Operand:
    numbers = [argument.as_number() for argument in arguments]
    return Operand(Kind.NUMBER, lambda scope: rounded(*[number(scope) for number in numbers]))


def _concat(arguments: tuple[Operand, ...]) -> Operand:
    texts = [argument.as_text() for argument in arguments]
    return Operand(Kind.TEXT, lambda scope: "".join([text(scope) for text in texts]))


def _selected_at(arguments: tuple[Operand, ...]) -> Operand:
    text, index = arguments[0].as_text(), arguments[1].as_number()
    return Operand(Kind.TEXT, lambda scope: word_at(text(scope), index(scope)))


def _of_all(compute: Callable[[list[float]], float], arguments: tuple[Operand, ...]) -> Operand:
    found = [argument.value for argument in arguments]

    def number(scope: Scope) -> float:
        numbers: list[float] = []
        for value in (one(scope) for one in found):
            numbers += map(to_number, value) if isinstance(value, list) else [to_number(value)]
        return compute(numbers)

    return Operand(Kind.NUMBER, number)


def _of_list(compute: Callable[[Value], float], arguments: tuple[Operand, ...]) -> Operand:
    values = arguments[0].value
    return Operand(Kind.NUMBER, lambda scope: compute(values(scope)))


def _of_number(
    kind: Kind, compute: Callable[[float], Value], arguments: tuple[Operand, ...]
) -> Operand:
    number = arguments[0].as_number()
    return Operand(kind, lambda scope: compute(number(scope)))


def _of_text(
    kind: Kind, compute: Callable[[str], Value], arguments: tuple[Operand, ...]
) -> Operand:
    text = arguments[0].as_text()
    return Operand(kind, lambda scope: compute(text(scope)))


def _of_texts(compute: Callable[[str, str], bool], arguments: tuple[Operand, ...]) -> Operand:
    one, other = (argument.as_text() for argument in arguments)
    return Operand(Kind.TRUTH, lambda scope: compute(one(scope), other(scope)))


def _truth(value: bool, _: tuple[Operand, ...]) -> Operand:
    return Operand(Kind.TRUTH, lambda _: value, constant=value)


FUNCTIONS: dict[str, Builder] = {
    "selected": _selected,
    "count-selected": partial(_of_text, Kind.NUMBER, lambda text: float(len(words(text)))),
    "selected-at": _selected_at,
    "coalesce": _coalesce,
    "if": _if,
    "regex": _regex,
    "not": _not,
    "true": partial(_truth, True),
    "false": partial(_truth, False),
    "today": lambda _: Operand(Kind.TEXT, lambda scope: scope.today),
    "number": lambda arguments: Operand(Kind.NUMBER, arguments[0].as_number()),
    "string": lambda arguments: Operand(Kind.TEXT, arguments[0].as_text()),
    "int": partial(_of_number, Kind.NUMBER, whole_part),
    "round": _round,
    "abs": partial(_of_number, Kind.NUMBER, abs),
    "min": partial(_of_all, _least),
    "max": partial(_of_all, _greatest),
    "sum": partial(_of_list, _total),
    "count": partial(_of_list, lambda value: float(len(value) if isinstance(value, list) else 1)),
    "string-length": partial(_of_text, Kind.NUMBER, lambda text: float(len(text))),
    "concat": _concat,
    "contains": partial(_of_texts, lambda text, part: part in text),
    "starts-with": partial(_of_texts, str.startswith),
    "ends-with": partial(_of_texts, str.endswith),
    "substr": _substr,
    "normalize-space": partial(_of_text, Kind.TEXT, _spaced),
    "date": partial(_of_number, Kind.TEXT, day_text),
}
"""The builder of each function of `tree.FUNCTIONS`."""
