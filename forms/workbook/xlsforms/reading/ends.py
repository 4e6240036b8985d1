"""What rows say that end a group or a repeat: but for their type nothing of it has any effect."""

from collections.abc import Iterator

from forms.workbook.xlsforms.grid import Record
from forms.workbook.xlsforms.headers import Tokens
from forms.workbook.xlsforms.reading.questions import CONDITIONS, NEVER

_NAMING: frozenset[Tokens] = frozenset({("type",), ("name",), ("label",), ("disabled",)})
"""Columns that only say what ends there; authors write them for themselves."""

_CONDITIONS = {tokens: field for field, (tokens, _) in CONDITIONS.items()}


def refused(record: Record, kind: str) -> Iterator[tuple[str, str]]:
    """
    Yield the field of each condition on such a row, and what to do about it.

    Args:
        record: The row.
        kind: group or repeat.
    """
    for tokens, field in _CONDITIONS.items():
        if record.text(*tokens) not in NEVER | {""}:
            yield field, f"写在 end_{kind} 一行不起作用，请移到 begin_{kind} 一行，或者删去"


def idle(record: Record) -> Iterator[str]:
    """Yield the headers of what else stands there: other tools pass over it, too."""
    for column in record.cells:
        if column.tokens not in _NAMING and column.tokens not in _CONDITIONS:
            yield column.header
