"""
Workbooks as sheets of texts, and texts as workbooks.

Cells become text as XLSForm tools do it, so that both see the same: a whole number has no decimal
point, truth is TRUE or FALSE, a day has its midnight behind it (`2026-01-01 00:00:00`), blanks
around a text are cut off and non-breaking ones become plain ones, as do line breaks of every kind.
"""

import os
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import python_calamine
import xlsxwriter
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum

from forms.definition.tables import is_control
from forms.errors import Problem, UnreadableWorkbook, UnwritableWorkbook
from forms.workbook.measuring import Damaged, TooLarge, Unread, measure, refuse_cells
from forms.workbook.old_workbooks import error_cells
from forms.workbook.parts import Unseen

LONGEST_CELL = 32_767
"""Characters that one cell of a workbook holds."""

_ROWS_ABOVE = 10
"""Rows in which a title may stand above the headers."""

_FEWEST_HEADERS = 2
"""Known headers in one row by which it is a row of headers: titles and answers have none or one."""

_DAMAGED = "不是工作簿，或者内容已损坏"
_OTHERS: Mapping[str, str] = {
    "word/document.xml": "是 Word 文档，不是工作簿，请把其中的表格复制到 Excel",
    "ppt/presentation.xml": "是演示文稿，不是工作簿",
}
"""What other files are, by a part that each of their kind has."""

_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 -- a fixed one, so that equal content is equal bytes


class Unfit(Exception):
    """A text that no cell can hold; its argument says in Chinese where and why."""


@dataclass(frozen=True)
class Row:
    """One row with its number as the spreadsheet shows it, and its cells that are not blank."""

    number: int
    cells: Mapping[int, str]  # position of the column, from 0 -> text

    def __getitem__(self, position: int) -> str:
        """Return the text in a column, "" where blank."""
        return self.cells.get(position, "")


@dataclass(frozen=True)
class Sheet:
    """
    One sheet: the texts of its first row, "" where blank, and every row below it that has any.

    `headers` is as long as the widest row. `unseen` are cells that have something, and no text.
    """

    name: str
    headers: tuple[str, ...]
    rows: tuple[Row, ...]
    unseen: tuple[Unseen, ...] = ()

    def column(self, position: int) -> str:
        """Return how people call a column: its header, or its letter where it has none."""
        named = self.headers[position] if position < len(self.headers) else ""
        return named or letters(position)

    def header_row(self, is_header: Callable[[str], bool]) -> int:
        """
        Return the row in which the headers stand though they should in the first; 0 for none.

        Args:
            is_header: Whether a text is a header of such a sheet.
        """
        if sum(map(is_header, self.headers)) >= _FEWEST_HEADERS:
            return 0
        near = (row for row in self.rows if row.number <= _ROWS_ABOVE + 1)
        found = (
            row.number for row in near if sum(map(is_header, row.cells.values())) >= _FEWEST_HEADERS
        )
        return next(found, 0)

    def below(self, number: int) -> "Sheet":
        """Return the sheet as if its headers stood in that row; the rows keep their numbers."""
        headers = next(row for row in self.rows if row.number == number)
        return replace(
            self,
            headers=tuple(headers[position] for position in range(len(self.headers))),
            rows=tuple(row for row in self.rows if row.number > number),
        )

    def problems(self) -> Iterator[Problem]:
        """Yield an error for each cell that has something, and no text."""
        for one in self.unseen:
            yield Problem(self.name, one.row, self.column(one.position), one.reason)


def displaced(number: int) -> str:
    """Return what is wrong where the headers stand in this row, and what to do."""
    return f"列名应在第1行，现在第{number}行，请删去上面的各行"


def letters(position: int) -> str:
    """Return a column's letters as the spreadsheet shows them, from its position from 0."""
    text = ""
    while position >= 0:
        position, rest = divmod(position, 26)
        text = chr(65 + rest) + text
        position -= 1
    return text


def read_sheets(path: Path) -> Mapping[str, Sheet]:
    """
    Return the sheets of an .xlsx, .xls or .ods file by their names, hidden ones too.

    Raises:
        UnreadableWorkbook: No workbook, damaged, encrypted, or too large.
        OSError: The disk does not give the file.
    """
    try:
        unread = measure(path)
        with _opened(path) as book:
            return {sheet.name: sheet for sheet in _sheets(book, unread)}
    except PasswordError:
        reason = "设有密码"
    except CalamineError:
        reason = _what_else(path)
    except (Damaged, TooLarge) as error:
        reason = str(error)
    raise UnreadableWorkbook(file=path.name, reason=reason)


def _opened(path: Path) -> CalamineWorkbook:
    """Return the workbook, whatever the file is called."""
    try:
        return python_calamine.load_workbook(path)
    except PasswordError:
        raise  # which the library finds out only where the ending is right
    except (CalamineError, OSError):
        # By the path it goes by the ending, which may be another than that of the content, and
        # opens no name of another encoding than UTF-8.
        return python_calamine.load_workbook(BytesIO(path.read_bytes()))


def _what_else(path: Path) -> str:
    """Return in Chinese what a file is instead of a workbook, as far as its content tells."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            parts = archive.namelist()
        return next((said for part, said in _OTHERS.items() if part in parts), _DAMAGED)
    with path.open("rb") as file:
        return "是 PDF 文件，不是工作簿" if file.read(5) == b"%PDF-" else _DAMAGED


def blind_spots(path: Path) -> tuple[str, ...]:
    """Return in Chinese what nobody can see in a workbook of this kind, though it may be there."""
    if zipfile.is_zipfile(path) or error_cells(path) is not None:
        return ()
    return ("旧式工作簿中的错误值（如 #N/A）读作空白，请另存为 .xlsx 后再检查一遍",)


def _sheets(book: CalamineWorkbook, unread: Unread) -> Iterator[Sheet]:
    cells = 0
    for meta in book.sheets_metadata:
        if meta.typ != SheetTypeEnum.WorkSheet:
            continue
        content = book.get_sheet_by_name(meta.name)
        cells += content.total_height * content.total_width
        refuse_cells(cells)
        sheet = _sheet(meta.name, content.to_python(skip_empty_area=False))
        yield replace(sheet, unseen=tuple(unread.get(meta.name, ())))


def _sheet(name: str, grid: Sequence[Sequence[Any]]) -> Sheet:
    lines = [[_text(cell) for cell in line] for line in grid]
    headers = tuple(lines[0]) if lines else ()
    rows = (
        Row(number, {position: text for position, text in enumerate(line) if text})
        for number, line in enumerate(lines[1:], start=2)
    )
    return Sheet(name, headers, tuple(row for row in rows if row.cells))


def _text(cell: Any) -> str:
    match cell:
        case str():
            text = cell.strip().replace("\u00a0", " ")
            return text.replace("\r\n", "\n").replace("\r", "\n")
        case bool():
            return "TRUE" if cell else "FALSE"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime():
            return str(cell)
        case date():
            return f"{cell} 00:00:00"
        case _:
            return str(cell)


@contextmanager
def writing(path: Path) -> Iterator[Any]:
    """
    Give a workbook (of xlsxwriter) to write into; the file appears whole or not at all.

    Texts stay texts whatever they look like, and equal content makes equal bytes.

    Raises:
        UnwritableWorkbook: A text fits into no cell.
        OSError: The disk refuses the file.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    options = {
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
        "in_memory": True,
    }
    whole = BytesIO()  # on a full disk the library would leave its archive open, and complain
    try:
        book = xlsxwriter.Workbook(whole, options)
        book.set_properties({"created": _CREATED})
        yield book
        book.close()
        part.write_bytes(whole.getbuffer())
        part.replace(path)
    except Unfit as error:
        raise UnwritableWorkbook(file=path.name, reason=str(error)) from None
    finally:
        part.unlink(missing_ok=True)


def put_row(sheet: Any, row: int, cells: Sequence[str], style: Any = None) -> None:
    """
    Write one row of texts, blank ones left out.

    Args:
        sheet: A worksheet of the workbook that `writing` gave.
        row: Its position from 0.
        style: A format of that workbook, for every cell; None for plain ones.

    Raises:
        Unfit: A text is too long for a cell, or holds what XML cannot.
    """
    for position, text in enumerate(cells):
        if not text:
            continue
        place = f"工作表“{sheet.name}”第{row + 1}行{letters(position)}列"
        if len(text) > LONGEST_CELL:
            raise Unfit(f"{place}超过 {LONGEST_CELL} 个字")
        if any(is_control(character) for character in text):
            raise Unfit(f"{place}有控制字符")
        sheet.write_string(row, position, text, style)
