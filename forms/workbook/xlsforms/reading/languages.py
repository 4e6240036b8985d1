"""Which of a workbook's languages stands in the checklist; the others are kept beside it."""

import re
from collections.abc import Iterator, Sequence

from forms.errors import Problem
from forms.workbook.xlsforms.grid import Grid, Record
from forms.workbook.xlsforms.headers import TRANSLATED, Column

UNNAMED = "default"
"""What other tools call the language of columns without one."""

_CHINESE = re.compile(r"zh|中文|汉语|简体|chinese", re.IGNORECASE)
_DEFAULTS = {
    ("label",): "label",
    ("hint",): "hint",
    ("guidance_hint",): "guidance_hint",
    ("bind", "jr:constraintMsg"): "constraint_message",
    ("bind", "jr:requiredMsg"): "required_message",
}


class Language:
    """
    The chosen language: `name` as in the headers, "" for columns without one.

    `borrowed` are the languages that labels were taken from where the chosen one has none.
    """

    def __init__(self, grids: Sequence[Grid], default: str) -> None:
        """
        Choose.

        Args:
            grids: The sheets of questions and of choices.
            default: What the settings say, "" for nothing.
        """
        self.borrowed: dict[str, None] = {}
        self._grids = grids
        self.name = self._chosen(default)
        for grid in grids:
            self._refuse_mixed(grid)
            grid.problems += _covering(grid)

    def pick(self, record: Record, *tokens: str) -> tuple[str, tuple[Column, ...]]:
        """
        Return a text in the chosen language, else the one without; and the column it is in.

        Nobody answers a question without words: a label stands in another language then, and in
        that language's column as well.
        """
        for language in self._in_order():
            for column, text in record.cells.items():
                if column.tokens == tokens and column.language == language:
                    return text, (column,)
        for column, text in record.cells.items():
            if column.tokens == tokens == ("label",):
                self.borrowed[column.language] = None
                return text, ()
        return "", ()

    def header(self, *tokens: str) -> str:
        """Return the header under which a text stands or would stand."""
        for grid in self._grids:
            for language in self._in_order():
                if found := grid.header(*tokens, language=language):
                    return found
        return _DEFAULTS[tokens]

    def _in_order(self) -> tuple[str, ...]:
        """Return the languages in which a text is looked for; UNNAMED is that without a name."""
        return (self.name, "") if self.name else ("", UNNAMED)

    def _chosen(self, default: str) -> str:
        columns = [grid.mixed.get(one, one) for grid in self._grids for one in grid.columns]
        if default and any(one.language == default for one in columns if one.tokens in TRANSLATED):
            return default
        languages = list(dict.fromkeys(one.language for one in columns if one.tokens == ("label",)))
        if any(self._is_plain(grid) for grid in self._grids[:1]):
            return ""
        named = [name for name in languages if name]
        return next((name for name in named if _CHINESE.search(name)), named[0] if named else "")

    def _refuse_mixed(self, grid: Grid) -> None:
        """Refuse what other tools pass over and would stand here; further languages are kept."""
        has_label = bool(grid.languages("label"))
        for column, other in grid.mixed.items():
            is_only = other.tokens == ("label",) and not has_label
            if other.language == self.name or is_only:
                grid.refuse_mixed(column)

    def _is_plain(self, grid: Grid) -> bool:
        """Whether the sheet has texts under a header without a language."""
        plain = [one for one in grid.columns if one.tokens == ("label",) and not one.language]
        return any(row[column.position] for column in plain for row in grid.rows)


def _covering(grid: Grid) -> Iterator[Problem]:
    """
    Yield the texts without a language that stand right of one with a language in the same row.

    Other tools let them take the place of all languages left of them, which nobody means; but for
    messages and media, whose languages they merge.
    """
    for record in grid.records():
        seen: dict[tuple[str, ...], str] = {}
        for column in record.cells:
            if column.tokens not in TRANSLATED or len(column.tokens) > 1:
                continue
            if column.language:
                seen[column.tokens] = column.header
            elif header := seen.get(column.tokens):
                reason = f"没有写明语言，会取代左边“{header}”列的文字，请移到它的左边，或者清除一个"
                yield Problem(grid.name, record.number, column.header, reason)
