"""
Default values: a text that simply stands there, or an expression.

XLSForm tells them apart by their looks: whatever calls a function, refers to a question or
calculates is an expression, anything else is the value itself. A hyphen between digits of a day or
of a place is no minus.
"""

import re

from forms.expressions.lexing import SMART_QUOTES
from forms.expressions.tree import NAME
from forms.model import Condition, Kind
from forms.workbook.office.cells import quoted

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


def as_expression(text: str, kind: Kind) -> str:
    """Return the expression of a default as it stands in a cell."""
    if is_dynamic(text, kind):
        return text
    if kind is Kind.DATE:
        text = text.removesuffix(" 00:00:00")  # how a cell that holds a day looks
    return quoted(text)


def as_cell(default: Condition, kind: Kind) -> str:
    """Return the cell that means this default, "" where none does."""
    if is_dynamic(default.text, kind):
        return default.text
    fixed = str(default.tree[1]) if default.tree[0] == "text" else ""
    return fixed if fixed.strip() and as_expression(fixed, kind) == default.text else ""
