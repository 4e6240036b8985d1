"""References `${name}` in the cells of a workbook: labels and hints may hold them too."""

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator

from forms.errors import Problem
from forms.expressions.tree import NAME
from forms.workbook.xlsforms.grid import Grid, Record
from forms.workbook.xlsforms.headers import Tokens

_FOUND = re.compile(r"\$\{(?P<inside>[^}]+)\}|\$\{[^}]*$")
_SAVED = "last-saved#"
_BY_ITSELF = frozenset({"instanceID"})
"""Names that every form has without a row of its own."""

NO_REFERENCES: frozenset[Tokens] = frozenset({("type",), ("name",), ("trigger",)})
"""Columns of the survey in which `${` means nothing."""


def refuse_bad(
    grid: Grid, records: Iterable[Record], names: Counter[str], columns: Iterable[Tokens] = ()
) -> Iterator[Problem]:
    """
    Yield an error for each reference that no reader could follow.

    Args:
        grid: The sheet.
        records: Its rows.
        names: The names of questions, groups and repeats, and how often each is there.
        columns: The columns to look at; all but `NO_REFERENCES` where left out.
    """
    only = frozenset(columns)
    for record in records:
        for column, text in record.cells.items():
            if column.tokens in NO_REFERENCES if not only else column.tokens not in only:
                continue
            if reason := _wrong(text, names):
                yield Problem(grid.name, record.number, column.header, reason)


def without_echoes(
    problems: Iterable[Problem], of_references: Container[Problem]
) -> Iterator[Problem]:
    """Leave out what is wrong with references where the reader of the cell says it himself."""
    every = list(problems)
    told = {(one.sheet, one.row, one.column) for one in every if one not in of_references}
    for one in every:
        if one not in of_references or (one.sheet, one.row, one.column) not in told:
            yield one


def _wrong(text: str, names: Counter[str]) -> str:
    for found in _FOUND.finditer(text):
        inside = found["inside"] or ""
        name = inside.removeprefix(_SAVED)
        if not re.fullmatch(NAME, name) or inside != name:
            if re.fullmatch(NAME, name):
                return "不支持上次填写的值（last-saved），请引用本表的条目，写成 ${名称}"
            return "${…} 内应只有一个名称，没有空格和其他符号"
        if names[name] == 0 and name not in _BY_ITSELF:
            return f"没有名为“{name}”的条目，请核对 ${{…}} 内的名称"
        if names[name] > 1:
            return f"有不止一个条目名为“{name}”，请改名后引用"
    return ""
