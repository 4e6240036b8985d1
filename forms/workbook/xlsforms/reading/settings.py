"""The sheet of settings: what concerns the checklist as a whole."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from forms.definition.parse import NEWEST_VERSION
from forms.errors import Problem
from forms.expressions.tree import NAME
from forms.workbook.assembling import UNSAID, Part, Place, Said
from forms.workbook.office import cells
from forms.workbook.office.cells import Wrong
from forms.workbook.office.citing import Citations
from forms.workbook.office.items import basis_json
from forms.workbook.words import FORM_ROWS
from forms.workbook.xlsforms.grid import Grid, Record
from forms.workbook.xlsforms.headers import Column

ROOT = "data"
"""What a form's outermost element is called where the settings do not say."""

FALLBACK = "checklist"
"""The name of a checklist whose form_id has nothing that a name may have."""

BUREAU = (
    "name",
    "version",
    "effective_from",
    "retired_on",
    "sectors",
    "on_request",
    "instead_of",
    "device_clause",
)
"""Fields that have a Chinese column of their own in the settings."""

_BEGINS = "effective_from"
_READERS: Mapping[str, Callable[[str], Any]] = {
    "name": cells.form_name,
    "version": cells.counted(),
    "effective_from": lambda text: cells.day(text).isoformat(),
    "retired_on": lambda text: cells.day(text).isoformat(),
    "sectors": cells.sectors,
    "on_request": cells.flag,
    "instead_of": cells.form_names,
}
_REFUSED = {
    "add_none_option": "不支持 add_none_option，请把“无”写进选项表",
    "flat": "不支持 flat，请删去",
}
_NO = frozenset({"no", "No", "NO", "false", "False", "FALSE", "false()"})


@dataclass(frozen=True)
class Whole:
    """What the reader of a workbook says of the checklist beside its sheets."""

    stem: str  # the file's name without its ending
    effective_from: date  # where the settings name no day
    said: Said = UNSAID  # what goes before the settings


class Settings:
    """
    Reads the first row of the settings.

    `problems` are authoring errors, `notices` what is not read, `kept` the settings without a
    meaning here.
    """

    def __init__(self, grid: Grid | None) -> None:
        """Read the sheet; None where the workbook has none."""
        self.problems: list[Problem] = []
        self.notices: list[str] = []
        self.kept: dict[str, str] = {}
        self._grid = grid
        records = list(grid.records()) if grid is not None else []
        first = records[0] if records and records[0].number == 2 else None
        self.record = first or Record(2, {})
        for record in records if first is None else records[1:]:
            assert grid is not None
            self.notices.append(f"{grid.name}：只用第2行，第{record.number}行未读入")
        if grid is not None:
            self.problems += grid.problems
            self._refuse()

    @property
    def language(self) -> str:
        """The default language, "" where the settings do not say."""
        return self.record.text("default_language")

    @property
    def root(self) -> str:
        """What the form's outermost element is called."""
        return self.record.text("name") or ROOT

    def begins(self, otherwise: date) -> date:
        """Return the first day of the checklist, where the settings name one that can be read."""
        begins = (text for one, text in self.record.cells.items() if _field(one) == _BEGINS)
        text = next(begins, "")
        try:
            return cells.day(text) if text else otherwise
        except Wrong:
            return otherwise

    def stated(self, in_survey: Mapping[str, str]) -> frozenset[str]:
        """
        Return those of `name`, `version` and `effective_from` that are taken over as written.

        Args:
            in_survey: As for `part`.
        """
        own = {_field(column) for column in self.record.cells}
        form_id = self.record.text("id_string") or in_survey.get("id_string", "")
        version = self.record.text("version")
        written = {
            "name": "name" in own or (form_id != "" and slug(form_id) == form_id),
            "version": "version" in own or version == str(version_in(version)),
            _BEGINS: _BEGINS in own,
        }
        return frozenset(field for field, is_stated in written.items() if is_stated)

    def part(
        self, whole: Whole, in_survey: Mapping[str, str], citations: Citations, language: str
    ) -> Part:
        """
        Return the checklist as a whole, without its sections and lists.

        Args:
            whole: What the caller says of it.
            in_survey: Settings that stand in rows of the survey.
            citations: The laws that the workbook may cite.
            language: The language that stands in the checklist.
        """
        form_id = self.record.text("id_string") or in_survey.get("id_string", "") or whole.stem
        title = self.record.text("title") or in_survey.get("title", "") or whole.stem
        fields: dict[str, Any] = {
            "title": " ".join(title.split()),  # documents print it as one line
            "name": slug(form_id),
            "version": version_in(self.record.text("version")),
            "effective_from": whole.effective_from.isoformat(),
            "retired_on": None,
            "sectors": [],
            "device_clause": None,
            "language": language,
        }
        fields.update(self._own(citations, whole.said))
        fields["kept"] = self._kept(fields)
        return Part({**fields, **whole.said.fields}, self._place())

    def _own(self, citations: Citations, said: Said) -> dict[str, Any]:
        readers: dict[str, Callable[[str], Any]] = {
            **_READERS,
            "device_clause": lambda text: basis_json(citations.basis(text)),
        }
        own: dict[str, Any] = {}
        for column, text in self.record.cells.items():
            field = _field(column)
            if not field:
                continue
            try:
                own[field] = readers[field](text)
            except Wrong as wrong:
                if field in said.fields:
                    continue  # which goes before it
                self._problem(column.header, str(wrong))
        return own

    def _kept(self, fields: Mapping[str, Any]) -> list[list[str]]:
        """Return the settings that follow from nothing else."""
        derived: dict[tuple[str, ...], str | None] = {
            ("title",): fields["title"],
            ("id_string",): fields["name"],
            ("version",): str(fields["version"]),
            ("default_language",): fields["language"] or None,
        }
        kept = [
            [column.header, text]
            for column, text in self.record.cells.items()
            if not _field(column) and derived.get(column.tokens) != text
        ]
        named = {"title", "id_string", "version", "default_language"}
        self.kept = {
            column.header: text
            for column, text in self.record.cells.items()
            if not _field(column) and column.tokens[0] not in named
        }
        return kept

    def _refuse(self) -> None:
        name = self.record.text("name")
        if name and not re.fullmatch(NAME, name):
            self._problem(self._header("name"), f"“{name}”不能作名称，请只用字母、数字和 . - _")
        for key, sentence in _REFUSED.items():
            if self.record.text(key) not in _NO | {""}:
                self._problem(self._header(key), sentence)

    def _header(self, *tokens: str) -> str:
        return self._grid.header(*tokens) if self._grid is not None else ""

    def _problem(self, header: str, reason: str) -> None:
        self.problems.append(Problem(self._place().sheet, self.record.number, header, reason))

    def _place(self) -> Place:
        name = self._grid.name if self._grid is not None else "settings"
        own = {field: FORM_ROWS.word(field) for field in BUREAU}
        headers = {**own, "title": self._header("title") or "form_title"}
        return Place(name, self.record.number, headers)


def slug(form_id: str) -> str:
    """Return the name of a checklist that comes nearest to a form_id."""
    text = re.sub(r"[^a-z0-9_-]+", "-", form_id.lower()).strip("-_")
    return text[:48].rstrip("-_") or FALLBACK


def version_in(text: str) -> int:
    """Return the version that a setting says, 1 where it is no such number."""
    if not re.fullmatch(r"[1-9][0-9]*", text) or int(text) > NEWEST_VERSION:
        return 1
    return int(text)


def _field(column: Column) -> str:
    """Return the field of a bureau's column, "" for others."""
    field = FORM_ROWS.value(column.header) if column.tokens == (column.header,) else None
    return field if field in BUREAU else ""
