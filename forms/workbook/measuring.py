"""
How large a workbook would be once read, found out before anything is read.

A file of some kilobytes can claim a cell a million rows down; readers make room for all that lies
before it. So the parts of a workbook are passed over once, in flat memory.
"""

import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from xml.parsers import expat

from forms.workbook.old_workbooks import error_cells
from forms.workbook.parts import BadPart, Names, OpenDocument, SharedTexts, Spreadsheet, Unseen

MAX_BYTES = 20_000_000
MAX_CELLS = 1_000_000
"""Cells of the rectangle from A1 to the last cell with content, of all sheets together."""

MAX_CHARACTERS = 30_000_000
"""Characters of all cells together: a shared text counts in each cell that cites it."""

_MAX_INFLATED = 300_000_000
_CONTENT = "content.xml"
_BINARY = "xl/workbook.bin"
_SHARED = "xl/sharedstrings.xml"
_CONTENTS = ("xl/workbook.xml", "xl/_rels/workbook.xml.rels")

Unread = Mapping[str, Sequence[Unseen]]
"""Cells that readers give as blank though they are not, by the names of their sheets."""

_Taker = Spreadsheet | SharedTexts | Names | OpenDocument


class TooLarge(Exception):
    """The file is not read; its argument says in Chinese what is too much."""


class Damaged(Exception):
    """The file is no whole workbook; its argument says in Chinese what is wrong."""


def measure(path: Path) -> Unread:
    """
    Refuse a workbook that would take too much memory or time; return what readers do not see of it.

    Raises:
        TooLarge: More bytes or cells than this program reads.
        Damaged: Its parts are cut, encrypted or no XML.
        OSError: It cannot be opened.
    """
    if path.stat().st_size > MAX_BYTES:
        raise TooLarge(f"文件超过 {MAX_BYTES // 1_000_000} MB")
    if not zipfile.is_zipfile(path):
        # .xls: at most 16 million cells a sheet, counted when they are read
        return error_cells(path) or {}
    try:
        with zipfile.ZipFile(path) as archive:
            _refuse_inflated(archive)
            return _measure(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError):
        raise Damaged("压缩内容被截断或校验不符") from None
    except RuntimeError:
        raise Damaged("内容被加密") from None
    except (expat.ExpatError, BadPart):
        raise Damaged("内部结构无法识别") from None


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


def _measure(archive: zipfile.ZipFile) -> Unread:
    """Return what readers do not see; the parts of an .xlsx are those that they would look for."""
    if any(name.casefold() == _CONTENT for name in archive.namelist()):
        document = OpenDocument(_enough(0, 0))
        for name in archive.namelist():
            if name.casefold() == _CONTENT:
                _pass_over(archive, name, document)
        return document.unseen
    return _measure_sheets(archive)


def _measure_sheets(archive: zipfile.ZipFile) -> Unread:
    if any(name.casefold() == _BINARY for name in archive.namelist()):
        raise Damaged("不支持 .xlsb 格式")
    names, shared = Names(), SharedTexts()
    for part in archive.namelist():
        if part.casefold() in _CONTENTS:
            _pass_over(archive, part, names)
        elif part.casefold() == _SHARED:
            _pass_over(archive, part, shared)
    titles = {
        path: names.sheets.get(one, "")
        for one, target in names.targets.items()
        for path in _paths(target)
    }
    cells = characters = 0
    unread: dict[str, Sequence[Unseen]] = {}
    for part in archive.namelist():
        key = part.casefold()
        if not titles.get(key) and not key.endswith(".xml"):
            continue
        sheet = Spreadsheet(shared.lengths, _enough(cells, characters))
        _pass_over(archive, part, sheet)
        cells, characters = cells + sheet.cells, characters + sheet.characters
        if sheet.unseen and titles.get(key):
            unread[titles[key]] = sheet.unseen
    return unread


def _paths(target: str) -> tuple[str, str]:
    """Return where the part of a relation may lie."""
    path = target.replace("\\", "/").casefold().removeprefix("/")
    return path, f"xl/{path}"


def _enough(cells: int, characters: int) -> Callable[[int, int], None]:
    """Return what refuses more than is read, with what the parts before hold."""

    def enough(more_cells: int, more_characters: int) -> None:
        refuse_cells(cells + more_cells)
        if characters + more_characters > MAX_CHARACTERS:
            raise TooLarge(f"文字超过 {MAX_CHARACTERS} 个")

    return enough


def _pass_over(archive: zipfile.ZipFile, part: str, taker: _Taker) -> None:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = taker.start
    if not isinstance(taker, Names):
        parser.EndElementHandler = taker.end
        parser.CharacterDataHandler = taker.text
    parser.EntityDeclHandler = _refuse_entities
    with archive.open(part) as stream:
        parser.ParseFile(stream)


def _refuse_entities(*_: object) -> None:
    raise Damaged("内部结构无法识别")
