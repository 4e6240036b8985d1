"""
Workbooks in flat memory.

python-calamine is fast but holds a whole sheet: 333 MB for 150,000 rows of 20 columns. So the sheet
is inflated here, under limits, cut between rows, and calamine reads one slice after another from a
small workbook beside it that shares the styles and strings of the original.
"""

import errno
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError

import python_calamine

from inspect_server.gateways.registry_files.errors import DamagedWorkbook, Oversized
from inspect_server.gateways.registry_files.sheets import Row, Sheet
from inspect_server.gateways.registry_files.xlsx_parts import (
    Parts,
    Slice,
    estimate_rows,
    find_parts,
    slices,
)

_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    ParseError,
    KeyError,
    ValueError,
    NotImplementedError,  # a compression method that nobody uses for workbooks
    RuntimeError,  # an encrypted part
    python_calamine.CalamineError,
)


@dataclass(frozen=True)
class Workbook:
    """One open workbook."""

    name: str
    expected_rows: int
    archive: zipfile.ZipFile
    parts: Parts
    folder: Path

    def sheets(self) -> Iterator[Sheet]:
        """Yield the visible worksheets in order; hidden ones are what their office hid."""
        for sheet, part in self.parts.sheets.items():
            yield Sheet(sheet, self._rows(sheet, part))

    def _rows(self, sheet: str, part: str) -> Iterator[Row]:
        with _told_in_chinese(self.name):
            shell = _Shell(self.folder / "slice.xlsx", self.archive, self.parts, part)
            for piece in slices(self.archive, part, self.name):
                rows_before = piece.rows_before
                shell.put(piece)
                del piece
                yield from _cells(shell.path, sheet, rows_before)


@contextmanager
def open_workbook(file: BinaryIO, name: str) -> Iterator[Workbook]:
    """
    Open a workbook and check what it claims to hold before anything is inflated.

    Raises:
        DamagedWorkbook: Truncated, not a workbook, or unreadable parts.
        Oversized: It claims more than `xlsx_parts` allows.
    """
    with tempfile.TemporaryDirectory(prefix="inspect-") as folder:
        with _told_in_chinese(name):
            archive = zipfile.ZipFile(file)
            parts = find_parts(archive, name)
            expected = estimate_rows(archive, parts)
        with archive:
            yield Workbook(name, expected, archive, parts, Path(folder))


@contextmanager
def _told_in_chinese(name: str) -> Iterator[None]:
    try:
        yield
    except _BROKEN as error:
        raise DamagedWorkbook(name=name, reason=_reason(error)) from error
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
        # A damaged directory names a place before the file's beginning.
        raise DamagedWorkbook(name=name, reason=_CUT) from error


_CUT = "压缩内容被截断或校验不符"


def _reason(error: BaseException) -> str:
    if isinstance(error, zipfile.BadZipFile | zlib.error | EOFError):
        return _CUT
    if isinstance(error, RuntimeError) and not isinstance(error, NotImplementedError):
        return "内容被加密"
    return "内部结构无法识别"


class _Shell:
    """The small workbook: the original's parts without its sheets, and one slice at a time."""

    def __init__(self, path: Path, archive: zipfile.ZipFile, parts: Parts, sheet: str) -> None:
        self.path = path
        self._sheet = sheet
        with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as shell:
            for part in parts.shared:
                with archive.open(part) as source, shell.open(part, "w") as target:
                    while block := source.read(1 << 20):
                        target.write(block)
            self._end = shell.start_dir
        with path.open("rb") as file:
            file.seek(self._end)
            self._directory = file.read()

    def put(self, piece: Slice) -> None:
        """Replace the slice."""
        with self.path.open("r+b") as file:
            file.seek(self._end)
            file.truncate()
            file.write(self._directory)
        with zipfile.ZipFile(self.path, "a", zipfile.ZIP_STORED) as shell:
            shell.writestr(self._sheet, piece.xml)


def _cells(path: Path, sheet: str, rows_before: int) -> Iterator[Row]:
    with python_calamine.load_workbook(path) as workbook:
        content = workbook.get_sheet_by_name(sheet)
        start = content.start
        if start is None:
            return
        left = [""] * start[1]
        # Rows without numbers of their own start again at 1 in every slice.
        first = start[0] + 1 + rows_before
        # Its iter_rows would also yield every empty row above the slice.
        rows = content.to_python(skip_empty_area=True)
    for number, cells in enumerate(rows, start=first):
        yield number, left + [c if type(c) is str else _text(c) for c in cells]


def _text(cell: Any) -> str:
    match cell:
        case str():
            return cell
        case bool():
            return "是" if cell else "否"
        case float():
            # An 18-digit code kept as a number has lost its end: shown as a spreadsheet shows it.
            return f"{Decimal(f'{cell:.15g}'):f}"
        case datetime():
            whole_day = cell.time() == time()
            return cell.date().isoformat() if whole_day else cell.isoformat(" ", "seconds")
        case date() | time():
            return cell.isoformat()
        case timedelta():
            return str(cell)
        case None:
            return ""
        case _:
            return str(cell)


__all__ = ["Oversized", "Workbook", "open_workbook"]
