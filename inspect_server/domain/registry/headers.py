"""Finding the header row and what each column means, whatever the office called it."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from inspect_server.domain.errors import InspectError
from inspect_server.domain.registry.values import Memo, Reader

HEADER_WITHIN_ROWS = 20
"""Titles, units and dates stand above the header; a header further down is not looked for."""

_ENOUGH_TO_BE_MEANT = 2


class DuplicateHeader(InspectError):
    """Two columns carry the same title, so nobody can say which one counts."""

    code, kind = "registry.duplicate_header", "invalid"
    message = (
        "{sheet}第 {row} 行表头中“{title}”出现了两次，无法判断以哪一列为准，"
        "请删除或改名其中一列后重新导入。"
    )


class MissingHeader(InspectError):
    """A header row is there, but a column that every row needs is not."""

    code, kind = "registry.missing_header", "invalid"
    message = "{sheet}第 {row} 行表头缺少必需的列“{title}”，请补上该列后重新导入。"


@dataclass(frozen=True)
class Column:
    """One field as a column: its titles by preference, how to read it, whether it must be there."""

    field: str
    titles: tuple[str, ...]
    read: Reader
    required: bool = False
    repeats: bool = False  # few distinct cells: what they mean is remembered


@dataclass(frozen=True)
class Problem:
    """Why one cell of one row cannot be imported."""

    title: str
    reason: str


@dataclass(frozen=True)
class Header:
    """A recognised header row."""

    row: int  # 1-based, as a spreadsheet counts
    titles: tuple[str, ...]  # as written, for the report
    columns: tuple[tuple[int, str, Column], ...]  # index, title as written, column
    ignored: tuple[str, ...]  # titles that mean no field, or a field that a better title gives

    @property
    def fields(self) -> frozenset[str]:
        """Return the fields that this file speaks of."""
        return frozenset(column.field for _, _, column in self.columns)

    def title(self, field: str) -> str:
        """Return what the office calls this field; our own name if the file has no such column."""
        found = (title for _, title, column in self.columns if column.field == field)
        return next(found, field)


def title_table(table: str) -> dict[str, tuple[str, ...]]:
    """Read lines of a field and its titles by preference; a field may go on in a further line."""
    titles: dict[str, tuple[str, ...]] = {}
    for line in table.strip().splitlines():
        field, *words = line.split()
        titles[field] = (*titles.get(field, ()), *words)
    return titles


def find_header(
    rows: Sequence[tuple[int, Sequence[str]]], columns: Sequence[Column], sheet: str
) -> Header | None:
    """
    Return the header among a sheet's first rows, or None when no row looks like one.

    Args:
        rows: Row numbers and cells of at most `HEADER_WITHIN_ROWS` rows.
        sheet: The sheet's name as messages show it; "" for a file without sheets.

    Raises:
        DuplicateHeader: One title stands twice.
        MissingHeader: A required column is absent.
    """
    by_title = {
        plain_title(title): (rank, column)
        for column in columns
        for rank, title in enumerate(column.titles)
    }
    number, cells = max(
        rows,
        key=lambda row: sum(plain_title(cell) in by_title for cell in row[1]),
        default=(0, []),
    )
    if sum(plain_title(cell) in by_title for cell in cells) < _ENOUGH_TO_BE_MEANT:
        return None
    return _header(number, cells, columns, by_title, sheet)


def _header(
    number: int,
    cells: Sequence[str],
    columns: Sequence[Column],
    by_title: dict[str, tuple[int, Column]],
    sheet: str,
) -> Header:
    best: dict[str, tuple[int, int]] = {}
    seen: set[str] = set()
    for index, cell in enumerate(cells):
        title = plain_title(cell)
        if title not in by_title:
            continue
        if title in seen:
            raise DuplicateHeader(sheet=sheet, row=number, title=cell.strip())
        seen.add(title)
        rank, column = by_title[title]
        if column.field not in best or rank < best[column.field][0]:
            best[column.field] = rank, index
    for column in columns:
        if column.required and column.field not in best:
            raise MissingHeader(sheet=sheet, row=number, title=column.titles[0])
    used = {index: by_title[plain_title(cells[index])][1] for _, index in best.values()}
    return Header(
        row=number,
        titles=tuple(cells),
        columns=tuple((index, cells[index].strip(), used[index]) for index in sorted(used)),
        ignored=tuple(c.strip() for i, c in enumerate(cells) if i not in used and c.strip()),
    )


_REMARK = re.compile(r"[(\[【<].*?[)\]】>]$")


def plain_title(cell: str) -> str:
    """Return a title without spaces, marks of obligation and a remark in brackets at its end."""
    if len(cell) > 60:
        return ""
    title = "".join(unicodedata.normalize("NFKC", cell).split()).strip("*＊:：'\ufeff").upper()
    shorter = _REMARK.sub("", title)
    return shorter.strip("*:") or title


RowReader = Callable[[Sequence[str]], tuple[dict[str, Any], list[Problem]]]


def row_reader(header: Header) -> RowReader:
    """
    Return a function from a row's cells to field values and problems.

    A short row is read as if blanks followed. Every column is read, so that the report names all
    that is wrong with a row at once.
    """
    steps = [
        (
            index,
            title,
            column.field,
            Memo(column.read).__getitem__ if column.repeats else column.read,
        )
        for index, title, column in header.columns
    ]
    width = 1 + max(index for index, *_ in steps)

    def read(cells: Sequence[str]) -> tuple[dict[str, Any], list[Problem]]:
        if len(cells) < width:
            cells = [*cells, *[""] * (width - len(cells))]
        values: dict[str, Any] = {}
        problems: list[Problem] = []
        for index, title, field, read_cell in steps:
            try:
                values[field] = read_cell(cells[index])
            except ValueError as error:
                problems.append(Problem(title, str(error)))
        return values, problems

    return read


def _remembering(column: Column) -> Reader:
    return Memo(column.read).__getitem__ if column.repeats else column.read
