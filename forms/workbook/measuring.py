"""
How large a workbook would be once read, found out before anything is read.

A file of some kilobytes can claim a cell a million rows down; readers make room for all that lies
before it. So the parts of a workbook are passed over once, in flat memory.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat

MAX_BYTES = 20_000_000
MAX_CELLS = 1_000_000
"""Cells of the rectangle from A1 to the last cell with content, of all sheets together."""

_MAX_INFLATED = 300_000_000
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_SHEET_PARTS = re.compile(r"xl/worksheets/[^/]+\.xml|content\.xml")


class TooLarge(Exception):
    """The file is not read; its argument says in Chinese what is too much."""


class Damaged(Exception):
    """The file is no whole workbook; its argument says in Chinese what is wrong."""


def refuse_large(path: Path) -> None:
    """
    Refuse a workbook that would take too much memory or time.

    Raises:
        TooLarge: More bytes or cells than this program reads.
        Damaged: Its parts are cut, encrypted or no XML.
        OSError: It cannot be opened.
    """
    if path.stat().st_size > MAX_BYTES:
        raise TooLarge(f"文件超过 {MAX_BYTES // 1_000_000} MB")
    if not zipfile.is_zipfile(path):
        return  # .xls: at most 16 million cells a sheet, counted when they are read
    try:
        with zipfile.ZipFile(path) as archive:
            _refuse_inflated(archive)
            cells = sum(_cells(archive, part) for part in _parts(archive))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError):
        raise Damaged("压缩内容被截断或校验不符") from None
    except RuntimeError:
        raise Damaged("内容被加密") from None
    except expat.ExpatError:
        raise Damaged("内部结构无法识别") from None
    refuse_cells(cells)


def refuse_cells(cells: int) -> None:
    """
    Refuse more cells than are read.

    Raises:
        TooLarge: There are more.
    """
    if cells > MAX_CELLS:
        raise TooLarge(f"单元格超过 {MAX_CELLS} 个")


def _refuse_inflated(archive: zipfile.ZipFile) -> None:
    if sum(part.file_size for part in archive.infolist()) > _MAX_INFLATED:
        raise TooLarge(f"解压后超过 {_MAX_INFLATED // 1_000_000} MB")


def _parts(archive: zipfile.ZipFile) -> Iterator[str]:
    return (name for name in archive.namelist() if _SHEET_PARTS.fullmatch(name))


def _cells(archive: zipfile.ZipFile, part: str) -> int:
    measure = _Spreadsheet() if part.startswith("xl/") else _OpenDocument()
    parser = expat.ParserCreate()
    parser.StartElementHandler = measure.start
    parser.EntityDeclHandler = _refuse_entities
    with archive.open(part) as stream:
        parser.ParseFile(stream)
    return measure.cells


def _refuse_entities(*_: object) -> None:
    raise Damaged("内部结构无法识别")


@dataclass
class _Spreadsheet:
    """One sheet of an .xlsx; a cell counts once it has content."""

    cells: int = 0
    _row: int = 0
    _column: int = 0
    _rows: int = 0
    _columns: int = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "row":
            self._row, self._column = int(attributes.get("r", self._row + 1)), 0
        elif tag == "c":
            self._move(attributes.get("r", ""))
        elif tag in ("v", "is", "f"):
            self._rows = max(self._rows, self._row)
            self._columns = max(self._columns, self._column)
            self.cells = self._rows * self._columns

    def _move(self, reference: str) -> None:
        place = _CELL.fullmatch(reference)
        if place is None:
            self._column += 1
            return
        self._row, self._column = int(place[2]), 0
        for letter in place[1]:
            self._column = self._column * 26 + ord(letter) - 64


@dataclass
class _OpenDocument:
    """The content of an .ods: cells and rows may say how often they are repeated."""

    cells: int = 0
    _before: int = 0  # cells of the sheets before this one
    _row: int = 0
    _column: int = 0
    _rows: int = 0
    _columns: int = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "table":
            self._before, self._row, self._rows, self._columns = self.cells, 0, 0, 0
        elif tag == "table-row":
            self._row += int(attributes.get("table:number-rows-repeated", 1))
            self._column = 0
        elif tag in ("table-cell", "covered-table-cell"):
            self._column += int(attributes.get("table:number-columns-repeated", 1))
            if "office:value-type" in attributes:
                self._rows = max(self._rows, self._row)
                self._columns = max(self._columns, self._column)
                self.cells = self._before + self._rows * self._columns
