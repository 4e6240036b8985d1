"""The sheet of choices: lists, what their filters compare, and what is kept of other columns."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from forms.definition.doubts import CHECK_RESULT, mistaken_list
from forms.errors import Problem
from forms.expressions.tree import NAME
from forms.model import Result
from forms.workbook.assembling import Part, Place
from forms.workbook.words import ITEM_HEADERS
from forms.workbook.xlsforms.grid import Grid, Record
from forms.workbook.xlsforms.headers import TRANSLATED, Column, Tokens
from forms.workbook.xlsforms.reading.languages import Language

RESULTS: Mapping[str, str] = {
    Result.PASS: "符合",
    Result.FAIL: "不符合",
    Result.NOT_APPLICABLE: "不适用",
    Result.NOT_CHECKED: "未检查",
}
OTHER = "other"
OTHER_LABEL = "其他"

_OF_FAILURE = frozenset({"how_to_check", "basis", "penalties", "rectify", "finding"})
"""Bureau's columns that nobody fills but for what can fail."""

_LIST, _NAME, _LABEL = ("list name",), ("name",), ("label",)
_MEDIA = "media"


class Choices:
    """
    The choice lists of a workbook.

    `notices` are what of the sheet is not in use, `kept` the headers
    of columns that mean nothing here.
    """

    def __init__(self, grid: Grid | None, language: Language) -> None:
        """Read the sheet; None where the workbook has none."""
        self._problems: list[Problem] = []
        self.notices: list[str] = []
        self.kept: dict[str, None] = {}
        self.records: Mapping[str, Sequence[Record]] = {}
        self._grid = grid
        self._language = language
        self._with_other: set[str] = set()
        self._asked_for_other: set[str] = set()
        self._names: dict[str, tuple[str, ...]] = {}
        self._offered: set[str] = set()
        self._filters: dict[str, set[str]] = {}
        self._mistaken: list[str] = []  # check items by their columns, not by their answers
        self._first: dict[tuple[str, str], int] = {}  # the row of a choice, by list and name
        if grid is not None:
            self._problems += grid.problems
            self.records = self._by_list(grid)

    @property
    def problems(self) -> list[Problem]:
        """What is wrong with the sheet, and what its questions found wrong with a list."""
        records = self.records.get(CHECK_RESULT)
        if not self._mistaken or not records or self._grid is None:
            return self._problems
        header, reason = self._grid.header(*_NAME), mistaken_list(self._mistaken)
        return [*self._problems, Problem(self._grid.name, records[0].number, header, reason)]

    def __contains__(self, name: str) -> bool:
        """Whether there is such a list."""
        return name in self.records

    def names(self, name: str) -> tuple[str, ...]:
        """Return the names of a list's choices."""
        if name not in self._names:
            self._names[name] = tuple(one.text(*_NAME) for one in self.records.get(name, ()))
        return self._names[name]

    def is_check(self, name: str) -> bool:
        """Whether the choices of a list are the answers to a check item."""
        names = self.names(name) if name == CHECK_RESULT else ()
        return len(names) == len(RESULTS) and set(names) == set(RESULTS)

    def makes_check(self, name: str, record: Record) -> bool:
        """
        Whether a single choice out of a list is a check item, or is plainly meant as one.

        One of the list of check items that says what its failure means is meant so: that its
        answers have other names is the one fault of all such questions.
        """
        if name != CHECK_RESULT or self.is_check(name):
            return name == CHECK_RESULT
        fields = {ITEM_HEADERS.value(column.header): text for column, text in record.cells.items()}
        if not self.names(name) or "fails_if" in fields or _OF_FAILURE.isdisjoint(fields):
            return False
        self._mistaken.append(fields.get("code", record.text("name")))
        return True

    def offer(self, name: str) -> None:
        """Note that a question other than a check item offers a list."""
        self._offered.add(name)

    def add_other(self, name: str) -> None:
        """Let a list end with a choice for what is not in it, unless it has one."""
        if name not in self._asked_for_other and OTHER not in self.names(name):
            self._with_other.add(name)
        self._asked_for_other.add(name)

    def add_filter(self, name: str, columns: frozenset[str]) -> None:
        """Note the columns by which a question filters a list."""
        self._filters.setdefault(name, set()).update(columns)

    def parts(self) -> tuple[Part, ...]:
        """Return the lists; that of check items is left out, as they need none."""
        return tuple(
            self._part(name)
            for name, records in self.records.items()
            if records and (name in self._offered or not self.is_check(name))
        )

    def _by_list(self, grid: Grid) -> dict[str, list[Record]]:
        lists: dict[str, list[Record]] = {}
        records = list(grid.records())
        if records and not grid.header(*_NAME):
            self._problems.append(Problem(grid.name, 1, "", "缺少 name 列，请补上"))
            return lists
        for record in records:
            name = record.text(*_LIST)
            if name:
                self._add(record, lists.setdefault(name, []), grid)
            else:
                self.notices.append(f"{grid.name}：第{record.number}行没有 list_name，未使用")
        return lists

    def _add(self, record: Record, members: list[Record], grid: Grid) -> None:
        name = record.text(*_NAME)
        header = grid.header(*_NAME)
        if not name:
            self._problems.append(
                Problem(grid.name, record.number, header, "这一行没有选项名，请填写")
            )
            return
        first = self._first.setdefault((record.text(*_LIST), name), record.number)
        if first != record.number:
            reason = f"选项“{name}”与第{first}行重复，请改名（不支持 allow_choice_duplicates）"
            self._problems.append(Problem(grid.name, record.number, header, reason))
            return
        members.append(record)

    def _part(self, name: str) -> Part:
        assert self._grid is not None
        records = self.records[name]
        compared = self._compared(name, records)
        blank = [one for one in compared if not any(one in record.cells for record in records)]
        parts = [self._choice(record, compared, blank) for record in records]
        place = Place(self._grid.name, records[0].number, {"name": self._grid.header(*_LIST)})
        if name in self._with_other:
            parts.append(Part({"name": OTHER, "label": OTHER_LABEL}, place))
        return Part({"name": name}, place, tuple(parts), "choices")

    def _compared(self, name: str, records: Sequence[Record]) -> tuple[Column, ...]:
        """Return the columns that filters may compare: those in use in this list, or named."""
        assert self._grid is not None
        named = self._filters.get(name, set())
        return tuple(
            column
            for column in self._grid.columns
            if _may_compare(column)
            and (column.header in named or any(column in record.cells for record in records))
        )

    def _choice(self, record: Record, compared: Sequence[Column], blank: Sequence[Column]) -> Part:
        """
        Return one choice.

        Args:
            record: Its row.
            compared: Columns that filters may compare.
            blank: Those of them that are blank in the whole list: there they are none the less.
        """
        assert self._grid is not None
        label, used = self._language.pick(record, *_LABEL)
        kept = [
            [column.header, text]
            for column, text in record.cells.items()
            if column.tokens not in (_LIST, _NAME) and column not in used and column not in compared
        ]
        self.kept.update(dict.fromkeys(header for header, _ in kept))
        fields: dict[str, Any] = {
            "name": record.text(*_NAME),
            "label": label,
            "columns": [
                [one.header, record.cells.get(one, "")]
                for one in compared
                if one in record.cells or one in blank
            ],
            "kept": kept,
        }
        headers = {"name": self._grid.header(*_NAME), "label": self._language.header(*_LABEL)}
        return Part(fields, Place(self._grid.name, record.number, headers))


def _may_compare(column: Column) -> bool:
    is_ours = column.tokens in (_LIST, _NAME) or column.tokens in TRANSLATED
    return not is_ours and re.fullmatch(NAME, column.header) is not None


def columns_with_references(grid: Grid) -> tuple[Tokens, ...]:
    """Return the columns whose `${…}` other tools read: labels and media, without labels all."""
    every = tuple(column.tokens for column in grid.columns)
    if _LABEL not in every:
        return every
    return tuple(tokens for tokens in every if tokens == _LABEL or tokens[0] == _MEDIA)
