"""The laws and penalty clauses that a workbook brings along in sheets of its own."""

from collections.abc import Mapping
from datetime import date

from forms.errors import Problem
from forms.load import LawTables
from forms.model import Penalty
from forms.workbook.office.citing import Citations
from forms.workbook.office.entries import Entries
from forms.workbook.office.grid import Grid, Line
from forms.workbook.sheets import Sheet
from forms.workbook.words import LAW_HEADERS, PENALTY_HEADERS, SHEETS, Vocabulary


class Cited:
    """
    What the rows of a workbook may cite: its own laws and penalty clauses, and the program's.

    `problems` are what is wrong with the workbook's own, by the rules of the template.
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
        meant = {SHEETS.value(name): sheet for name, sheet in sheets.items()}
        entries = Entries(file, tables, self.problems)
        laws = entries.laws(self._lines(meant.get("laws"), LAW_HEADERS, "code", "title"))
        self.citations = Citations(laws, tables.laws, on)
        clauses = self._lines(meant.get("penalties"), PENALTY_HEADERS, "code", "law")
        own = entries.penalties(clauses, self.citations)
        self.penalties: Mapping[str, Penalty] = {**tables.penalties, **own}

    def _lines(
        self, sheet: Sheet | None, headers: Vocabulary[str], *needed: str
    ) -> tuple[Line, ...]:
        if sheet is None:
            return ()
        grid = Grid(sheet, headers)
        self.problems += [*grid.problems, *grid.unknown(), *grid.missing(*needed)]
        return tuple(grid.lines())
