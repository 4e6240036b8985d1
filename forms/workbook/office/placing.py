"""Where rows of items stand: in sections by their titles, and in tables by the tables' codes."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from forms.model import Kind
from forms.workbook.assembling import Part, Place
from forms.workbook.office.cells import shown
from forms.workbook.words import KINDS, plain

BETWEEN_LEVELS = "／"
UNTITLED = "（无标题）"
"""Stands in the place of the title of a section that has none."""

_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")


@dataclass(frozen=True)
class Row:
    """One item, and where it stands: the titles around it, and the table whose column it is."""

    part: Part
    path: tuple[str, ...]
    parent: str


class Tables:
    """The tables among the rows of items, and what their authors call them by mistake."""

    def __init__(self, rows: Sequence[Row]) -> None:
        """Learn of every row; one that is no table is told as that where another names it."""
        self._by_code = {str(row.part.fields["code"]): row for row in rows}
        self._by_name: dict[str, str] = {}
        self._by_likeness: dict[str, str] = {}
        for code, row in self._by_code.items():
            if row.part.fields.get("kind") == Kind.TABLE:
                self._by_name.setdefault(str(row.part.fields.get("name", code)), code)
                self._by_likeness.setdefault(_likeness(code), code)

    def refusal(self, row: Row) -> str:
        """Return why a row cannot be a column of the table that it names, "" where it can."""
        table = self._by_code.get(row.parent)
        if table is None:
            return self._not_found(row)
        if table.part.fields.get("kind") != Kind.TABLE:
            return f"“{row.parent}”的类型不是“{KINDS.word(Kind.TABLE)}”，请核对编号或改类型"
        if table.part.place.row > row.part.place.row:
            return f"请将表格“{row.parent}”移到它的各列之前"
        return "不能把条目放在它自己的行内，请写另一个表格的编号" if table is row else ""

    def meant(self, row: Row) -> str:
        """Return the code of the table above a row that it names otherwise; "" for none."""
        if row.parent in self._by_code:
            return ""
        code = self._by_name.get(row.parent) or self._by_likeness.get(_likeness(row.parent), "")
        is_above = code and self._by_code[code].part.place.row < row.part.place.row
        return code if is_above else ""

    def _not_found(self, row: Row) -> str:
        meant, said = self.meant(row), shown(row.parent)
        if meant and row.parent in self._by_name:
            return f"“{said}”是引用名称，这一列写表格的编号，请改为 {meant}"
        instead = f"是否应为“{meant}”" if meant else "请核对编号"
        return f"没有编号为“{said}”的表格，{instead}"


def _likeness(code: str) -> str:
    """Return what of a code counts where somebody wrote t1 for T01."""
    return _ZEROS.sub("", plain(code))


def nested(
    rows: Sequence[Row],
    around: tuple[str, ...],
    said: Mapping[tuple[str, ...], Part],
    tables: Mapping[str, Sequence[Row]],
    within: frozenset[str],
) -> Iterator[Part]:
    """Yield the parts of one level: rows in a row under one title are one section."""
    depth = len(around)

    def title(row: Row) -> str:
        return row.path[depth] if len(row.path) > depth else ""

    for name, group in groupby(rows, title):
        members = list(group)
        if not name:
            yield from (_with_columns(row.part, said, tables, within) for row in members)
            continue
        path = (*around, name)
        parts = tuple(nested(members, path, said, tables, within))
        first = members[0].part.place
        described = None if within else said.get(path)
        fields = {**(described.fields if described else {}), "title": _title(name)}
        place = described.place if described else Place(first.sheet, first.row)
        yield Part(fields, place, parts, "items")


def _with_columns(
    item: Part,
    said: Mapping[tuple[str, ...], Part],
    tables: Mapping[str, Sequence[Row]],
    within: frozenset[str],
) -> Part:
    code = str(item.fields["code"])
    if item.fields.get("kind") != Kind.TABLE or code in within or code not in tables:
        return item
    parts = tuple(nested(tables[code], (), said, tables, within | {code}))
    return Part(item.fields, item.place, parts, "columns")


def levels_of(text: str) -> tuple[str, ...]:
    """Return the titles of a section's cell, from the outermost on."""
    return tuple(part.strip() for part in text.split(BETWEEN_LEVELS)) if text else ()


def _title(name: str) -> str:
    return "" if name == UNTITLED else name
