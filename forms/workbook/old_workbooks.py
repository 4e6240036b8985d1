"""
Cells of an .xls whose value is an error: the reader of workbooks gives them as blank.

The reader is quick and shows no errors in these files; this library is slower and does.
"""

import struct
from collections.abc import Mapping, Sequence
from io import StringIO
from pathlib import Path

import xlrd
from xlrd.compdoc import CompDocError

from forms.workbook.parts import ERROR, Unseen

_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_UNREADABLE = (
    xlrd.XLRDError,
    CompDocError,
    struct.error,
    ArithmeticError,
    AssertionError,
    LookupError,
    TypeError,
    ValueError,
)
"""What the library raises about damaged files, which it does not look at as a whole first."""


def error_cells(path: Path) -> Mapping[str, Sequence[Unseen]] | None:
    """
    Return the cells with errors by the names of their sheets; None where nobody can tell.

    Raises:
        OSError: The file cannot be opened.
    """
    content = path.read_bytes()
    if not content.startswith(_SIGNATURE):
        return None
    try:
        with xlrd.open_workbook(
            file_contents=content, logfile=StringIO(), ragged_rows=True
        ) as book:
            return {sheet.name: cells for sheet in book.sheets() if (cells := _errors(sheet))}
    except _UNREADABLE:
        return None


def _errors(sheet: xlrd.sheet.Sheet) -> list[Unseen]:
    return [
        Unseen(row + 1, column, ERROR)
        for row in range(sheet.nrows)
        for column, kind in enumerate(sheet.row_types(row))
        if kind == xlrd.XL_CELL_ERROR
    ]
