"""A sheet as rows of fields: which column is which, and what is wrong with the headers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from forms.errors import Problem
from forms.model import Kept
from forms.workbook.assembling import Place
from forms.workbook.sheets import Sheet
from forms.workbook.words import Vocabulary

HEADER_ROW = 1


@dataclass(frozen=True)
class Line:
    """
    One row: its texts by field, and by header those of columns that are the author's own.

    `unseen` are the fields whose cells have something that is no text; each is told already.
    Its place knows the headers of lacking columns as well: what should stand there can be told.
    """

    place: Place
    texts: Mapping[str, str]
    own: Kept = ()
    unseen: frozenset[str] = frozenset()


class Grid:
    """
    A sheet read by a vocabulary of headers.

    `own` are headers that the vocabulary does not have; `problems` are headers that stand twice,
    cells under no header, and cells whose value cannot be read.
    """

    def __init__(self, sheet: Sheet, vocabulary: Vocabulary[str]) -> None:
        """Sort the columns of a sheet by what their headers mean."""
        self._sheet = sheet
        self._vocabulary = vocabulary
        self.problems = list(sheet.problems())
        self._fields: dict[str, int] = {}
        self._own: dict[str, int] = {}
        for position, header in enumerate(sheet.headers):
            if header:
                self._sort(header, position)
        self.problems += self._without_header()

    @property
    def own(self) -> tuple[str, ...]:
        """Headers that the vocabulary does not have."""
        return tuple(self._own)

    def has(self, field: str) -> bool:
        """Whether there is a column for this field."""
        return field in self._fields

    def unknown(self) -> Iterator[Problem]:
        """Yield an error for each header that the vocabulary does not have."""
        for header in self._own:
            close = get_close_matches(header, self._vocabulary.written, n=1, cutoff=0.5)
            instead = f"是否应为“{close[0]}”" if close else "请改为模板中的列名"
            yield self._problem(header, f"不认识这一列，{instead}，不需要的列请删去")

    def missing(self, *fields: str) -> Iterator[Problem]:
        """Yield an error for each of these fields that has no column."""
        for field in fields:
            if field not in self._fields:
                header = self._vocabulary.word(field)
                yield Problem(self._sheet.name, HEADER_ROW, "", f"缺少“{header}”列，请补上")

    def lines(self) -> Iterator[Line]:
        """Yield the rows that have something in a column with a header."""
        known = {field: self._vocabulary.word(field) for field in self._vocabulary.words}
        present = {field: self._sheet.column(at) for field, at in self._fields.items()}
        headers = {**known, **present}
        unseen: dict[int, set[str]] = {}
        fields = {at: field for field, at in self._fields.items()}
        for cell in self._sheet.unseen:
            if cell.position in fields:
                unseen.setdefault(cell.row, set()).add(fields[cell.position])
        for row in self._sheet.rows:
            texts = {field: row[at] for field, at in self._fields.items() if row[at]}
            own = tuple((header, row[at]) for header, at in self._own.items() if row[at])
            if texts or own:
                place = Place(self._sheet.name, row.number, headers)
                yield Line(place, texts, own, frozenset(unseen.get(row.number, ())))

    def _sort(self, header: str, position: int) -> None:
        field = self._vocabulary.value(header)
        if field is None and header not in self._own:
            self._own[header] = position
        elif field is not None and field not in self._fields:
            self._fields[field] = position
        else:
            first = self._sheet.headers[self._fields[field] if field else self._own[header]]
            reason = f"与“{first}”列重复，请只留一列"
            self.problems.append(self._problem(header, reason))

    def _without_header(self) -> Iterator[Problem]:
        for row in self._sheet.rows:
            for position in sorted(row.cells):
                if not self._sheet.headers[position]:
                    column = self._sheet.column(position)
                    reason = "这一列没有列名，请在第1行补上列名，或清除该列的内容"
                    yield Problem(self._sheet.name, row.number, column, reason)

    def _problem(self, header: str, reason: str) -> Problem:
        return Problem(self._sheet.name, HEADER_ROW, header, reason)
