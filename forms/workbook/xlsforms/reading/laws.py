"""The laws and penalty clauses that a workbook brings along in sheets of its own."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar

from forms.body import law_json
from forms.definition.parse_law import parse_law, parse_penalty
from forms.definition.tables import Table
from forms.errors import BadDefinition, Problem
from forms.load import LawTables
from forms.model import Law, Penalty
from forms.workbook.office import cells
from forms.workbook.office.cells import Wrong
from forms.workbook.office.citing import Citations
from forms.workbook.office.grid import Grid, Line
from forms.workbook.sheets import Sheet
from forms.workbook.words import LAW_HEADERS, PENALTY_HEADERS, SHEETS, Vocabulary

Entry = TypeVar("Entry", Law, Penalty)

_BLANK_LAW: Mapping[str, Any] = {"number": "", "effective_until": None}
_BLANK_PENALTY: Mapping[str, Any] = dict.fromkeys(
    ("article", "clause", "unit_range", "person_range", "aggravated_range"), ""
)


class Cited:
    """
    What the rows of a workbook may cite: its own laws and penalty clauses, and the program's.

    `problems` are what is wrong with the workbook's own.
    """

    def __init__(self, file: str, sheets: Mapping[str, Sheet], tables: LawTables, on: date) -> None:
        """
        Read the sheets of laws and penalty clauses, where there are any.

        Args:
            file: The workbook's name.
            sheets: All of its sheets.
            tables: What comes with the program.
            on: The first day of the checklist.
        """
        self.problems: list[Problem] = []
        self._file = file
        meant = {SHEETS.value(name): sheet for name, sheet in sheets.items()}
        laws = self._entries(meant.get("laws"), LAW_HEADERS, self._law)
        self.citations = Citations(laws, tables.laws, on)
        own = self._entries(meant.get("penalties"), PENALTY_HEADERS, self._penalty)
        self.penalties: Mapping[str, Penalty] = {**tables.penalties, **own}

    def _entries(
        self, sheet: Sheet | None, headers: Vocabulary[str], read: Callable[[Line], Entry]
    ) -> dict[str, Entry]:
        if sheet is None:
            return {}
        grid = Grid(sheet, headers)
        self.problems += grid.problems
        self.problems += grid.unknown()
        entries: dict[str, Entry] = {}
        for line in grid.lines():
            try:
                entry = read(line)
            except BadDefinition as error:
                field, reason = error.facts["field"], error.facts["reason"]
                self.problems.append(line.place.problem(field, reason))
                continue
            if entry.code in entries:
                reason = f"代号“{entry.code}”重复"
                self.problems.append(line.place.problem("code", reason))
            entries.setdefault(entry.code, entry)
        return entries

    def _law(self, line: Line) -> Law:
        readers = {
            "effective_from": lambda text: cells.day(text).isoformat(),
            "effective_until": lambda text: cells.day(text).isoformat(),
            "verified": cells.flag,
        }
        return parse_law(self._table(line, _BLANK_LAW, readers))

    def _penalty(self, line: Line) -> Penalty:
        readers = {
            "law": lambda text: law_json(self.citations.law(text)),
            "verified": cells.flag,
        }
        return parse_penalty(self._table(line, _BLANK_PENALTY, readers))

    def _table(
        self, line: Line, blank: Mapping[str, Any], readers: Mapping[str, Callable[[str], Any]]
    ) -> Table:
        fields = dict(blank)
        for field, text in line.texts.items():
            try:
                fields[field] = readers.get(field, str)(text)
            except Wrong as wrong:
                raise Table({}, self._file, "").refuse(field, str(wrong)) from None
        return Table(fields, self._file, "")
