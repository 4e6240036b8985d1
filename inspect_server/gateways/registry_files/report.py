"""The report of an import: every row that was not imported, as it was, with the reasons."""

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError, XlsxWriterException

LAST_ROW = 1_000_000
_SHOWN = 30_000
"""
Of the 32,767 characters that one cell of a workbook holds; longer originals continue on a sheet of
their own.
"""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LEADING = ("行号", "列", "原因")
"""What stands before the office's own columns."""

ASIDES = "不是名录的行"
"""The sheet of rows that are no entry of the list."""
REPEATED = "重复的行"
"""The sheet of rows whose key stood further up: importing them would overwrite that row."""

_SUMMARY, _LONG = "汇总", "超长内容"
OWN_SHEETS = frozenset({ASIDES, REPEATED, _SUMMARY, _LONG})
"""Sheets of a report that are no list; importing a corrected report passes over them."""


class RejectionReport:
    """
    A workbook written row by row, in flat memory, that appears under its name only when finished.

    Its sheets keep the office's own headers, so a corrected report can be imported as it is. It
    overwrites nothing: where its name is taken it gets the next free one, such as `x(2).xlsx`, and
    `path` says so.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._part = path.with_name(f".{path.name}.{os.getpid()}.part")
        path.parent.mkdir(parents=True, exist_ok=True)
        self._part.touch(mode=0o600)  # a full disk is found out now, not after hours of reading
        self._book = xlsxwriter.Workbook(self._part, {"constant_memory": True, "in_memory": False})
        self._bold = self._book.add_format({"bold": True})
        self._names: set[str] = set()
        self._sheet: Any = None
        self._row = 0
        self._title = ""
        self._headers: Sequence[str] = ()
        self._long: Any = None
        self._long_row = 0
        self._others: dict[str, tuple[Any, int]] = {}  # name of an own sheet -> it, rows on it
        self._closed = False

    def __enter__(self) -> "RejectionReport":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not self._closed:
            self._book.filename = os.devnull
            # What stopped the import is told; that its leftovers fit on no disk either is not.
            with suppress(OSError, XlsxWriterException):
                self._book.close()
        self._part.unlink(missing_ok=True)

    def start_sheet(self, title: str, headers: Sequence[str]) -> None:
        """Begin the rejects of one sheet; its page is made when the first one comes."""
        self._title, self._headers, self._sheet = title or "未导入的行", headers, None

    def add(
        self, row: int, columns: Sequence[str], reasons: Sequence[str], cells: Sequence[str]
    ) -> None:
        """Write one rejected row beside its number, the columns at fault and the reasons."""
        if self._sheet is None or self._row >= LAST_ROW:
            self._begin_page()
        self._write([str(row), "；".join(dict.fromkeys(columns)), "；".join(reasons)])
        for index, cell in enumerate(cells, start=len(LEADING)):
            self._put(index, self._fitting(cell, row, index))
        self._row += 1

    def add_aside(self, row: int, kind: str, cells: Sequence[str]) -> None:
        """Write one row that is no entry of the list: a total, a note, who filled it in."""
        self._add_other(ASIDES, "类别", (self._title, str(row), kind, *cells))

    def add_repeated(self, row: int, reason: str, cells: Sequence[str]) -> None:
        """Write one row that repeats another where no later import takes it for a correction."""
        self._add_other(REPEATED, "原因", (self._title, str(row), reason, *cells))

    def _add_other(self, name: str, third: str, cells: Sequence[str]) -> None:
        sheet, last = self._others.get(name, (None, LAST_ROW))
        if last >= LAST_ROW:
            sheet, last = self._page(name), 0
            sheet.set_column(2, 3, 24)
            for column, title in enumerate(("工作表", "行号", third, "原内容")):
                sheet.write_string(0, column, title, self._bold)
        self._others[name] = (sheet, last + 1)
        for column, cell in enumerate(cells):
            if cell:
                fitting = self._fitting(cell, int(cells[1]), column)
                sheet.write_string(last + 1, column, harmless(fitting))

    def finish(self, summary: Iterable[tuple[str, str]]) -> None:
        """Add the summary and put the finished file in its place, durably."""
        page = self._page(_SUMMARY)
        for number, (name, value) in enumerate(summary):
            page.write_string(number, 0, name, self._bold)
            page.write_string(number, 1, harmless(value)[:_SHOWN])
        page.set_column(0, 0, 24)
        page.set_column(1, 1, 70)
        self._save()
        self._closed = True
        with self._part.open("rb") as file:
            os.fsync(file.fileno())
        self._appear()
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _appear(self) -> None:
        for path in _names(self.path):
            try:
                os.link(self._part, path)
            except FileExistsError:
                continue
            except OSError:  # a disk that knows no second name for a file
                if path.exists():
                    continue
                self._part.replace(path)
            self.path = path
            return

    def _save(self) -> None:
        try:
            self._book.close()
        except FileCreateError as error:
            raise error.args[0] from error  # the OSError that it wraps: a full disk, say

    def _begin_page(self) -> None:
        self._sheet = self._page(self._title)
        self._sheet.set_column(1, 2, 36)
        self._row = 0
        for index, title in enumerate((*LEADING, *self._headers)):
            self._sheet.write_string(0, index, harmless(title)[:_SHOWN], self._bold)
        self._row = 1

    def _page(self, title: str) -> Any:
        name = base = _NOT_IN_NAMES.sub("_", _ILLEGAL.sub("", title))[:24].strip() or "数据"
        count = 1
        while name.lower() in self._names:
            count += 1
            name = f"{base}({count})"
        self._names.add(name.lower())
        return self._book.add_worksheet(name)

    def _write(self, cells: Sequence[str]) -> None:
        for index, cell in enumerate(cells):
            self._put(index, cell[:_SHOWN])

    def _put(self, index: int, cell: str) -> None:
        if cell:
            self._sheet.write_string(self._row, index, harmless(cell))

    def _fitting(self, cell: str, row: int, index: int) -> str:
        if len(cell) <= _SHOWN:
            return cell
        if self._long is None:
            self._long = self._page(_LONG)
            for column, title in enumerate(("工作表", "行号", "列", "段", "内容")):
                self._long.write_string(0, column, title, self._bold)
        header = index - len(LEADING)
        title = self._headers[header] if header < len(self._headers) else ""
        for part, start in enumerate(range(0, len(cell), _SHOWN), start=1):
            self._long_row += 1
            piece = cell[start : start + _SHOWN]
            for column, value in enumerate((self._title, str(row), title, str(part), piece)):
                self._long.write_string(self._long_row, column, harmless(value))
        return f"（共 {len(cell)} 字，全文见工作表“{_LONG}”）"


def _names(path: Path) -> Iterator[Path]:
    """Yield the name that is wished for, and what it is called where that is taken."""
    yield path
    for number in count(2):
        yield path.with_name(f"{path.stem}({number}){path.suffix}")


def harmless(cell: str) -> str:
    """
    Return text that no spreadsheet takes for a formula and that XML can hold.

    The mark in front is the one that spreadsheets use for text; importing drops it again.
    """
    cell = _ILLEGAL.sub("\ufffd", cell)
    return "'" + cell if cell.startswith(_FORMULA) else cell
