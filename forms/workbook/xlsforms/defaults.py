"""
Default values: a text that simply stands there, or an expression.

XLSForm tells them apart by their looks: whatever calls a function, refers to a question or
calculates is an expression, anything else is the value itself. A hyphen between digits of a day or
of a place is no minus. Definitions know the first two signs only, so a default that only calculates
is refused: one and the same text must not be a value here and a sum there.
"""

import re

from forms.definition.tables import DYNAMIC
from forms.expressions.lexing import SMART_QUOTES
from forms.expressions.parsing import BadExpression, parse
from forms.expressions.tree import NAME
from forms.model import Kind

_DAY = r"-?\d{4}-\d{2}-\d{2}"
_TIME = r"\d{2}:\d{2}:\d{2}(?:\.\s+)?(?:[+-]\d{2}:\d{2}|Z)?"
_QUALIFIED = rf"{NAME}(?::{NAME})?"
_TOKEN = re.compile(
    rf"""
    {_DAY}T{_TIME}|{_DAY}|{_TIME}
    |-?\d+\.\d*|-?\.\d+|-?\d+
    |(?P<sum>[*+\-]|[ ]mod[ ]|[ ]div[ ])
    |"[^"]*"|'[^']*'
    |\s+
    |(?P<dynamic>\||\$\{{(?:last-saved\#)?{NAME}\}}|{_QUALIFIED}\()
    |{_QUALIFIED}(?:\[|://)?
    |.
    """,
    re.VERBOSE | re.DOTALL,
)
_WITH_HYPHENS = frozenset({Kind.DATE, Kind.MOMENT, Kind.LOCATION})


def is_dynamic(text: str, kind: Kind) -> bool:
    """Whether a default is an expression, by what it looks like."""
    for token in _TOKEN.finditer(text.translate(SMART_QUOTES)):
        if token["sum"] == "-" and kind in _WITH_HYPHENS:
            return False
        if token["sum"] or token["dynamic"]:
            return True
    return False


def refusal(text: str, kind: Kind) -> str:
    """Return why a default cannot stand there, "" where it can."""
    if is_dynamic(text, kind) == (DYNAMIC.search(text) is not None):
        return ""
    try:
        parse(f"number({text})")
    except BadExpression:
        return f"“{text}”会被当作算式，文字请去掉 + - * | 和括号，没有内容的请留空"
    return f"“{text}”会被当作算式，算式请写成 number({text})，文字请去掉 + - * | 和括号"


def plain(text: str, kind: Kind) -> str:
    """Return a default without the midnight that a cell with a day in it has."""
    return text.removesuffix(" 00:00:00") if kind is Kind.DATE else text


def fits_cell(text: str, kind: Kind) -> bool:
    """Whether a default comes back as it is when it stands in the column of defaults."""
    return text.strip() == text != "" and not refusal(text, kind) and plain(text, kind) == text
