"""
What values are in an expression, and what each becomes where another kind is wanted.

    text       str; "" is what stands for a blank answer; a day is its ISO text YYYY-MM-DD
    number     float, an IEEE double
    truth      bool
    list       the values of a name inside a repeat, seen from outside of it: str or float each
"""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import lru_cache
from math import copysign, inf, isinf, nan
from typing import TypeAlias

Single: TypeAlias = str | float | bool
Value: TypeAlias = "str | float | bool | list[Value]"

XML_BLANKS = " \t\r\n"

MAX_REMEMBERED = 500
"""Characters of a text whose meaning is kept for the next time; long ones would fill the memory."""

LONGEST_NUMBER = 30
"""Characters of a number that is written in an answer, a bound or an expression."""

_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_EPOCH = date(1970, 1, 1).toordinal()
_WHOLE = 2.0**53  # below this every whole number is a double of its own
_DAYS = range(date.min.toordinal() - _EPOCH, date.max.toordinal() - _EPOCH + 1)


def single(value: Value) -> Single:
    """Return the one value that a list stands for: its first, blank if it has none."""
    if isinstance(value, list):
        return single(value[0]) if value else ""
    return value


def to_number(value: Value) -> float:
    """
    Return a value as a number.

    Text is a decimal `-?digits(.digits)?` or a day that exists, blanks of XML around it left out;
    a day is the number of days since 1970-01-01. Any other text, and a blank, is not a number
    (NaN). True is 1, false 0. Of a list the first value counts.
    """
    if isinstance(value, bool):
        return 1.0 if value else 0.0
    if isinstance(value, float):
        return value
    if isinstance(value, str):
        return _number_in(value) if len(value) <= MAX_REMEMBERED else _number_in.__wrapped__(value)
    return to_number(single(value))


def to_text(value: Value) -> str:
    """
    Return a value as text.

    A whole number is its digits without a point (-0 is "0"), any other the shortest decimal that
    reads back as the same double, never with an exponent; then "NaN", "Infinity", "-Infinity".
    Truth is "true" or "false". Of a list the first value counts, "" if it has none.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _digits(value)
    return to_text(single(value))


def to_bool(value: Value) -> bool:
    """
    Return whether a value counts as true.

    Text is true unless empty, a number unless 0 or NaN, a list unless it has no values (a blank
    value in it is one).
    """
    if isinstance(value, float):
        return value == value and value != 0.0  # NaN is the only one that differs from itself
    return bool(value)


def day_text(number: float) -> str:
    """Return the ISO text of a day number, part of a day cut off; "" outside 0001 to 9999."""
    if number != number or isinf(number):
        return ""
    days = int(number // 1)
    return date.fromordinal(days + _EPOCH).isoformat() if days in _DAYS else ""


def equal(left: Value, right: Value) -> bool:
    """
    Tell whether two values are equal as XPath 1.0 has it.

    With a truth both count as truths, else with a number both as numbers, else they are compared
    as texts. A list is equal if one of its values is; beside a truth it counts as a truth itself.
    """
    if isinstance(left, list) or isinstance(right, list):
        return _some_pair(equal, left, right)
    if isinstance(left, bool) or isinstance(right, bool):
        return to_bool(left) == to_bool(right)
    if isinstance(left, float) or isinstance(right, float):
        return to_number(left) == to_number(right)
    return left == right


def unequal(left: Value, right: Value) -> bool:
    """Tell whether two values differ; a list differs if one of its values does."""
    if isinstance(left, list) or isinstance(right, list):
        return _some_pair(unequal, left, right)
    return not equal(left, right)


def ordered(holds: Callable[[float, float], bool], left: Value, right: Value) -> bool:
    """Tell whether `holds` for two values as numbers; for a list, whether for one of its values."""
    if isinstance(left, list) or isinstance(right, list):
        return _some_pair(lambda one, other: ordered(holds, one, other), left, right)
    return holds(to_number(left), to_number(right))


def _some_pair(holds: Callable[[Value, Value], bool], left: Value, right: Value) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return holds(to_bool(left), to_bool(right))
    lefts = left if isinstance(left, list) else [left]
    rights = right if isinstance(right, list) else [right]
    return any(holds(one, other) for one in lefts for other in rights)


@lru_cache(maxsize=4096)
def _number_in(text: str) -> float:
    text = text.strip(XML_BLANKS)
    if _DECIMAL.fullmatch(text):
        return float(text)
    if not _DAY.fullmatch(text):
        return nan
    try:
        return float(date.fromisoformat(text).toordinal() - _EPOCH)
    except ValueError:
        return nan


def _digits(number: float) -> str:
    if number != number:
        return "NaN"
    if isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    if abs(number) < _WHOLE and number == int(number):
        return str(int(number))
    return format(Decimal(repr(number)), "f").removesuffix(".0")


def divided(left: float, right: float) -> float:
    """Return the quotient of IEEE doubles: by zero it is infinite, 0 by 0 is NaN."""
    if right:
        return left / right
    if left != left or not left:
        return nan
    return copysign(inf, left) * copysign(1.0, right)
