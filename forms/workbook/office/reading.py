"""The sheets of a filled-in template into a checklist; every mistake is told at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

from forms.body import law_json
from forms.definition.parse_law import parse_law, parse_penalty
from forms.definition.tables import Table
from forms.errors import BadDefinition, BadWorkbook, Problem
from forms.load import LawTables
from forms.model import Basis, Law, Penalty
from forms.workbook.assembling import Imported, Part, Place, assemble
from forms.workbook.office import cells
from forms.workbook.office.cells import Wrong
from forms.workbook.office.citing import Citations
from forms.workbook.office.grid import Grid, Line
from forms.workbook.office.items import BETWEEN_LEVELS, Items, basis_json, in_words
from forms.workbook.sheets import Sheet
from forms.workbook.words import (
    CHOICE_HEADERS,
    FORM_HEADERS,
    FORM_ROWS,
    ITEM_HEADERS,
    LAW_HEADERS,
    PENALTY_HEADERS,
    SECTION_HEADERS,
    SHEETS,
    Vocabulary,
)

Entry = TypeVar("Entry", Law, Penalty)
Read = Callable[[str], Any]

_FORM_READERS: Mapping[str, Read] = {
    "name": cells.form_name,
    "version": cells.counted(),
    "effective_from": cells.day,
    "retired_on": cells.day,
    "sectors": cells.sectors,
    "on_request": cells.flag,
}

_LONG_AGO = date(2000, 1, 1)
_FORM_STAND_INS: Mapping[str, Any] = {
    "title": "—",
    "name": "x",
    "version": 1,
    "effective_from": _LONG_AGO,
}
_LAW_STAND_INS: Mapping[str, Any] = {
    "effective_from": _LONG_AGO,
    "verified": False,
    "source": "—",
}
_LAW_READERS: Mapping[str, Read] = {
    "effective_from": cells.day,
    "effective_until": cells.day,
    "verified": cells.flag,
}
_PENALTY_STAND_INS: Mapping[str, Any] = {
    "article": "",
    "unit_range": "—",
    "verified": False,
    "source": "—",
}


def is_template(sheets: Mapping[str, Sheet]) -> bool:
    """Tell whether a workbook is the template and not an XLSForm."""
    return any(SHEETS.value(name) == "items" for name in sheets)


def read(sheets: Mapping[str, Sheet], file: str, tables: LawTables) -> Imported:
    """
    Return the checklist of a filled-in template.

    Args:
        sheets: All sheets of the workbook.
        file: Its name, for the refusal.
        tables: The laws and penalty clauses that it may cite beside its own.

    Raises:
        BadWorkbook: Every authoring error, by sheet and row.
    """
    return _Workbook(sheets, file, tables).read()


@dataclass(frozen=True)
class _Said:
    """What the sheet of the whole says: read cells by field, and where each stands."""

    fields: dict[str, Any]
    places: Mapping[str, Place]


class _Workbook:
    def __init__(self, sheets: Mapping[str, Sheet], file: str, tables: LawTables) -> None:
        self._file = file
        self._tables = tables
        self._problems: list[Problem] = []
        self._sheets: dict[str, Sheet] = {}
        self._foreign: list[str] = []
        for name, sheet in sheets.items():
            meaning = SHEETS.value(name)
            if meaning is None and (sheet.rows or any(sheet.headers)):
                self._foreign.append(name)
            elif meaning is not None and meaning in self._sheets:
                first = self._sheets[meaning].name
                self._problems.append(Problem(name, 0, "", f"与工作表“{first}”重复，请只留一张"))
            elif meaning is not None:
                self._sheets[meaning] = sheet

    def read(self) -> Imported:
        said = self._form()
        citations, penalties = self._cited(said.fields["effective_from"])
        self._device_clause(said, citations)
        lists = self._lists()
        sections = self._items(citations, penalties)
        if not sections:
            self._refuse_empty()
        form = self._assembled(said.fields, sections, lists)
        return Imported(form, self._notices())

    def _assembled(
        self, fields: Mapping[str, Any], sections: Sequence[Part], lists: Sequence[Part]
    ) -> Any:
        if not sections:
            raise BadWorkbook(self._file, sorted(set(self._problems)))
        whole = Part(fields, Place(SHEETS.word("form"), 0))
        try:
            return assemble(self._file, whole, sections, lists, self._problems)
        except BadWorkbook as bad:
            told = {replace(one, reason=in_words(one.reason)) for one in bad.problems}
            raise BadWorkbook(self._file, sorted(told)) from None

    def _notices(self) -> tuple[str, ...]:
        if not self._foreign:
            return ()
        return (f"未读取的工作表：{'、'.join(self._foreign)}",)

    def _refuse_empty(self) -> None:
        if "items" in self._sheets and not self._problems:
            reason = "没有条目，请从第2行起填写"
            self._problems.append(Problem(self._sheets["items"].name, 0, "", reason))

    # The sheets, one after the other.

    def _form(self) -> _Said:
        fields: dict[str, Any] = {}
        places: dict[str, Place] = {}
        for line in self._lines("form", FORM_HEADERS, "item", "content"):
            self._form_row(line, fields, places)
        if "form" in self._sheets:
            self._refuse_lacking(places)
        retired, begins = fields.get("retired_on"), fields.get("effective_from")
        if retired is not None and begins is not None and retired <= begins:
            reason = "停用日期应晚于启用日期"
            self._problems.append(places["retired_on"].problem("content", reason))
            del fields["retired_on"]
        whole: dict[str, Any] = {"retired_on": None, "device_clause": None, "sectors": []}
        return _Said({**whole, **_FORM_STAND_INS, **fields}, places)

    def _form_row(self, line: Line, fields: dict[str, Any], places: dict[str, Place]) -> None:
        named = line.texts.get("item", "")
        if not named:
            if "content" in line.texts:
                self._problems.append(line.place.problem("item", "这一行没有写项目"))
            return
        field = FORM_ROWS.value(named)
        if field is None:
            known = "、".join(FORM_ROWS.written)
            reason = f"没有“{named}”这一项，可以填写的有{known}"
            self._problems.append(line.place.problem("item", reason))
            return
        if field in places:
            reason = f"“{named}”与第{places[field].row}行重复"
            self._problems.append(line.place.problem("item", reason))
            return
        places[field] = line.place
        text = line.texts.get("content", "")
        if text:
            self._put(fields, field, text, line.place, "content", _FORM_READERS)
        elif field in _FORM_STAND_INS:
            self._problems.append(line.place.problem("content", f"请填写{FORM_ROWS.word(field)}"))

    def _refuse_lacking(self, places: Mapping[str, Place]) -> None:
        sheet = self._sheets["form"].name
        for field in _FORM_STAND_INS:
            if field not in places:
                reason = f"缺少“{FORM_ROWS.word(field)}”一行，请补上"
                self._problems.append(Problem(sheet, 0, "", reason))

    def _cited(self, on: date) -> tuple[Citations, Mapping[str, Penalty]]:
        laws = self._own(
            self._lines("laws", LAW_HEADERS, "code", "title"), self._law, self._tables.laws
        )
        citations = Citations(laws, self._tables.laws, on)
        penalties = self._own(
            self._lines("penalties", PENALTY_HEADERS, "code", "law"),
            lambda line: self._penalty(line, citations),
            self._tables.penalties,
        )
        return citations, {**self._tables.penalties, **penalties}

    def _own(
        self,
        lines: Sequence[Line],
        read_row: Callable[[Line], Entry | None],
        packaged: Mapping[str, Entry],
    ) -> dict[str, Entry]:
        read: dict[str, Entry] = {}
        rows: dict[str, int] = {}
        for line in lines:
            entry = read_row(line)
            if entry is None:
                continue
            if entry.code in rows:
                reason = f"代号“{entry.code}”与第{rows[entry.code]}行重复"
                self._problems.append(line.place.problem("code", reason))
            elif packaged.get(entry.code, entry) != entry:
                reason = f"代号“{entry.code}”在系统中另有内容，请核对各列，或者换一个代号"
                self._problems.append(line.place.problem("code", reason))
            rows.setdefault(entry.code, line.place.row)
            read.setdefault(entry.code, entry)
        return read

    def _law(self, line: Line) -> Law | None:
        fields = {"number": "", "effective_until": None, **self._fields(line, _LAW_READERS)}
        return self._entry(parse_law, fields, line, LAW_HEADERS, _LAW_STAND_INS)

    def _penalty(self, line: Line, citations: Citations) -> Penalty | None:
        readers: Mapping[str, Read] = {
            "law": lambda text: law_json(citations.law(text)),
            "verified": cells.flag,
        }
        blank = dict.fromkeys(
            ("article", "clause", "unit_range", "person_range", "aggravated_range"), ""
        )
        fields = {**blank, **self._fields(line, readers)}
        return self._entry(parse_penalty, fields, line, PENALTY_HEADERS, _PENALTY_STAND_INS)

    def _entry(
        self,
        parse: Callable[[Table], Entry],
        fields: dict[str, Any],
        line: Line,
        headers: Vocabulary[str],
        stand_ins: Mapping[str, Any],
    ) -> Entry | None:
        """Read one row of a table of law; what is refused is noted and replaced, then read on."""
        told = {field for field in line.texts if field not in fields}
        while True:
            try:
                return parse(Table(fields, self._file, ""))
            except BadDefinition as error:
                field, reason = error.facts["field"], error.facts["reason"]
            if field not in told:
                blank = f"请填写{headers.word(field)}" if field not in fields else ""
                self._problems.append(line.place.problem(field, blank or reason))
            if field not in stand_ins or fields.get(field) == stand_ins[field]:
                return None
            told.add(field)
            fields[field] = stand_ins[field]

    def _device_clause(self, said: _Said, citations: Citations) -> None:
        text = said.fields["device_clause"]
        if text is None:
            return
        try:
            said.fields["device_clause"] = basis_json(citations.basis(text))
        except Wrong as wrong:
            place = said.places["device_clause"]
            self._problems.append(place.problem("content", str(wrong)))
            law = Law("x", "—", "", _LONG_AGO, None, verified=False, source="—")
            said.fields["device_clause"] = basis_json(Basis(law, "", verified=False))

    def _lists(self) -> list[Part]:
        sheet = self._sheets.get("choices")
        if sheet is None:
            return []
        grid = Grid(sheet, CHOICE_HEADERS)
        self._problems += [*grid.problems, *grid.missing("list", "label")]
        choices: dict[str, list[Part]] = {}
        above = ""
        for line in grid.lines():
            above = line.texts.get("list", above)
            if not above:
                self._problems.append(line.place.problem("list", "请填写选项表的名称"))
            elif "label" not in line.texts:
                self._problems.append(line.place.problem("label", "请填写选项"))
            else:
                self._add_choice(choices.setdefault(above, []), line)
        return [
            Part({"name": name}, parts[0].place, tuple(parts), "choices")
            for name, parts in choices.items()
        ]

    def _add_choice(self, choices: list[Part], line: Line) -> None:
        label = line.texts["label"]
        name = line.texts.get("name", label)
        first = next((one.place.row for one in choices if one.fields["name"] == name), None)
        if first is not None:
            field = "name" if "name" in line.texts else "label"
            reason = f"选项“{name}”与第{first}行重复"
            self._problems.append(line.place.problem(field, reason))
            return
        fields = {"name": name, "label": label, "columns": [list(pair) for pair in line.own]}
        choices.append(Part(fields, line.place))

    def _items(self, citations: Citations, penalties: Mapping[str, Penalty]) -> tuple[Part, ...]:
        sheet = self._sheets["items"]
        grid = Grid(sheet, ITEM_HEADERS)
        columns = frozenset(field for field in ITEM_HEADERS.words if grid.has(field))
        reader = Items(self._file, citations, penalties, columns)
        lines = list(grid.lines())
        described = self._described()
        sections = reader.sections(lines, described)
        self._problems += [*grid.problems, *grid.unknown(), *reader.problems]
        self._problems += grid.missing("code", *sorted(reader.lacking - {"code"}))
        self._refuse_unused(described, sections)
        return sections

    def _described(self) -> dict[tuple[str, ...], Part]:
        described: dict[tuple[str, ...], Part] = {}
        for line in self._lines("sections", SECTION_HEADERS, "title"):
            fields = dict(line.texts)
            path = tuple(part.strip() for part in fields.pop("title", "").split(BETWEEN_LEVELS))
            if path in described:
                reason = f"与第{described[path].place.row}行重复"
                self._problems.append(line.place.problem("title", reason))
            described.setdefault(path, Part(fields, line.place))
        return described

    def _refuse_unused(
        self, described: Mapping[tuple[str, ...], Part], sections: Sequence[Part]
    ) -> None:
        used = [part.place for section in sections for part in section.all()]
        for path, part in described.items():
            if part.place not in used:
                reason = f"“检查项”表中没有章节“{BETWEEN_LEVELS.join(path)}”"
                self._problems.append(part.place.problem("title", reason))

    # What the sheets have in common.

    def _lines(self, meaning: str, headers: Vocabulary[str], *needed: str) -> list[Line]:
        """Return the rows of a sheet whose columns are all known; none where it lacks."""
        sheet = self._sheets.get(meaning)
        if sheet is None:
            if meaning == "form":
                reason = "缺少这张工作表，请从空白模板中复制"
                self._problems.append(Problem(SHEETS.word(meaning), 0, "", reason))
            return []
        grid = Grid(sheet, headers)
        self._problems += [*grid.problems, *grid.unknown(), *grid.missing(*needed)]
        return list(grid.lines())

    def _fields(self, line: Line, readers: Mapping[str, Read]) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        for field, text in line.texts.items():
            self._put(fields, field, text, line.place, field, readers)
        return fields

    def _put(
        self,
        fields: dict[str, Any],
        field: str,
        text: str,
        place: Place,
        column: str,
        readers: Mapping[str, Read],
    ) -> None:
        try:
            fields[field] = readers.get(field, str)(text)
        except Wrong as wrong:
            self._problems.append(place.problem(column, str(wrong)))
