"""
A sheet of an XLSForm workbook as records: rows whose cells are found by what their header means.

What counts as the sheet is what counts for other XLSForm tools: nothing behind 20 columns without a
header or below 60 blank rows. What lies there is named, not lost in silence.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from forms.errors import Problem
from forms.workbook.sheets import Row, Sheet, letters
from forms.workbook.xlsforms.headers import (
    Column,
    Grammar,
    Tokens,
    column,
    has_double_colon,
    meant,
    with_double_colons,
)

MOST_BLANK_COLUMNS = 20
MOST_BLANK_ROWS = 60
_YES = frozenset({"yes", "Yes", "YES", "true", "True", "TRUE", "true()"})


@dataclass(frozen=True)
class Record:
    """One row: its number, and its columns that are not blank with their texts."""

    number: int
    cells: Mapping[Column, str]

    def text(self, *tokens: str, language: str = "") -> str:
        """Return the text in the column of that meaning and language, "" where blank."""
        return next(
            (
                text
                for column, text in self.cells.items()
                if column.tokens == tokens and column.language == language
            ),
            "",
        )

    @property
    def is_disabled(self) -> bool:
        """Whether its author switched the row off."""
        return self.text("disabled") in _YES

    def has(self, *tokens: str) -> bool:
        """Whether there is a text of that meaning in any language."""
        return any(column.tokens == tokens for column in self.cells)


class Grid:
    """
    The columns and records of one sheet.

    `mixed` are texts in a language behind `:` beside headers with `::`, each with what it would
    mean: whether that matters, the chosen language tells.
    `sheet` is where it stands, `problems` are what is wrong with its headers and cells, `notices`
    what is not read of it.
    """

    def __init__(self, sheet: Sheet, grammar: Grammar) -> None:
        """Sort the columns of a sheet by what they mean."""
        self.name = sheet.name
        self.problems = list(sheet.problems())
        self.notices: list[str] = []
        self.sheet = sheet
        self._grammar = grammar
        self.mixed: dict[Column, Column] = {}
        self.columns = tuple(self._columns())
        self.rows = tuple(self._rows())

    def header(self, *tokens: str, language: str = "") -> str:
        """Return the header of that meaning as written, "" where there is none."""
        found = (one for one in self.columns if one.tokens == tokens and one.language == language)
        return next((one.header for one in found), "")

    def refuse_mixed(self, one: Column) -> None:
        """Note the error of one of `mixed`, and read it as it is meant: nothing else is wrong."""
        other = self.mixed[one]
        self.problems.append(self._mixed_up(other))
        self.columns = tuple(other if column == one else column for column in self.columns)

    def languages(self, *tokens: str) -> tuple[str, ...]:
        """Return the languages in which there is a column of that meaning, in their order."""
        return tuple(one.language for one in self.columns if one.tokens == tokens)

    def records(self) -> Iterator[Record]:
        """Yield the rows; the words that expressions compare have straight quotes."""
        for row in self.rows:
            cells = {
                one: self._grammar.clean(one, row[one.position])
                for one in self.columns
                if row[one.position]
            }
            yield Record(row.number, cells)

    def _columns(self) -> Iterator[Column]:
        headers = [re.sub(" +", " ", header) for header in self.sheet.headers]
        end = _end(headers)
        double = has_double_colon(headers[:end])
        seen: dict[tuple[Tokens, str], str] = {}
        for position, header in enumerate(headers[:end]):
            if not header:
                self._note_without_header(position)
                continue
            one = self._column(position, header, double=double)
            key = (one.tokens, one.language)
            if key in seen:
                reason = f"与“{seen[key]}”列重复，请只留一列"
                self.problems.append(Problem(self.name, 1, header, reason))
                continue
            seen[key] = header
            refusal = self._grammar.refusal(one)
            if refusal and self._is_used(position):
                self.problems.append(Problem(self.name, 1, header, refusal))
            yield one
        if end < len(headers) and any(headers[end:]):
            self.notices.append(f"{self.name}：{letters(end)}列起在许多空列之后，未读入")

    def _column(self, position: int, header: str, *, double: bool) -> Column:
        """Return a column as it is read; one with `:` beside `::` as it is meant, once refused."""
        one = column(position, header, self._grammar, double=double)
        other = meant(one, self._grammar) if double else None
        if other is None or not self._is_used(position):
            return one
        if other.language:
            self.mixed[one] = other
            return one
        if not self._grammar.refusal(other):
            self.problems.append(self._mixed_up(other))
        return other

    def _mixed_up(self, one: Column) -> Problem:
        instead = with_double_colons(one.header)
        reason = f"这张表的其他列名用两个冒号，一个冒号的不起作用，请将列名改为 {instead}"
        return Problem(self.name, 1, one.header, reason)

    def _is_used(self, position: int) -> bool:
        return any(row[position] for row in self.sheet.rows)

    def _note_without_header(self, position: int) -> None:
        if self._is_used(position):
            self.notices.append(f"{self.name}：{letters(position)}列没有列名，未读入")

    def _rows(self) -> Iterator[Row]:
        positions = [one.position for one in self.columns]
        last = 1
        for row in self.sheet.rows:
            if not any(row[position] for position in positions):
                continue
            if row.number - last > MOST_BLANK_ROWS + 1:
                self.notices.append(f"{self.name}：第{row.number}行起在许多空行之后，未读入")
                return
            last = row.number
            yield row


def _end(headers: list[str]) -> int:
    """Return how many columns count: all before more blank headers in a row than allowed."""
    blank = 0
    for position, header in enumerate(headers):
        blank = 0 if header else blank + 1
        if blank > MOST_BLANK_COLUMNS:
            return position
    return len(headers)
