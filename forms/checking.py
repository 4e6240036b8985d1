"""Every authoring error of a definition file at once; `forms.load` stops at the first."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from forms.body import law_json
from forms.definition.consistency import contradictions, lapses
from forms.definition.parse import CODE, parse_item, read_form, refuse_deep
from forms.definition.tables import Table
from forms.errors import BadDefinition
from forms.load import FORM_DEFAULTS, LawTables, References, packaged_tables, read_toml
from forms.model import Kind, Law, Penalty

WHOLE = "检查表"
STAND_IN = {"code": "x", "kind": Kind.NOTE.value, "question": "x"}
SOUND: Mapping[str, Any] = {
    "name": "x",
    "version": 1,
    "title": "x",
    "effective_from": date.max,
    "retired_on": None,
    "sectors": [],
    "device_clause": None,
    "sections": [{"title": "x", "items": [STAND_IN]}],
}
"""A checklist that nothing is wrong with: what is read alone is read within it."""

PARTS = frozenset({"sections", "choice_lists", "laws", "penalties"})
FOLLOWING = frozenset({"major_needs", "choice_filter"})
"""Fields about another part: while that one has a fault of its own, theirs is not known."""

ANY_LAW = Law("x", "x", "", date.min, None, verified=False, source="x")
ANY_PENALTY = Penalty("X1", ANY_LAW, "x", "", "x", "", "", verified=False, source="x")
ANY_CLAUSE = {"law": law_json(ANY_LAW), "article": "", "verified": False}


def faults(path: Path, tables: LawTables | None = None) -> tuple[BadDefinition, ...]:
    """
    Return every authoring error of a definition file, none where `load` reads it.

    Args:
        tables: As of `load`.

    Raises:
        UnreadableDefinition: The file is not TOML.
    """
    data = {**FORM_DEFAULTS, **read_toml(path)}
    reading = _Reading(path.name, tables or packaged_tables())
    try:
        refuse_deep(Table(data, path.name, WHOLE))
        reading.rows(data)
        form = read_form(Table(reading.whole(data), path.name, WHOLE))
    except BadDefinition as error:
        reading.found.append(error)
    else:
        whole = Table(data, path.name, WHOLE)
        wrong = {one.facts["field"] for one in reading.found}
        misfits = [*contradictions(form, whole)]
        if "effective_from" not in wrong:
            misfits += lapses(form, whole)
        reading.found += [one for one in misfits if not (wrong and one.facts["field"] in FOLLOWING)]
    return tuple({str(error): error for error in reading.found}.values())


class _Reading:
    """Reads part by part; what is refused is noted, and something sound put in its place."""

    def __init__(self, file: str, tables: LawTables) -> None:
        self.found: list[BadDefinition] = []
        self._file = file
        self._tables = tables
        self._references = References(file, tables)

    def rows(self, data: Mapping[str, Any]) -> None:
        """
        Read the laws and penalty clauses of the file's own.

        Raises:
            BadDefinition: They are no rows at all.
        """
        table = Table(data, self._file, WHOLE)
        for row in table.optional_tables("laws"):
            code = str(row.data.get("code"))
            if not self._adds(row, LawTables.with_law):
                laws = {code: ANY_LAW, **self._tables.laws}
                self._tables = replace(self._tables, laws=laws)
        for row in table.optional_tables("penalties"):
            code = str(row.data.get("code"))
            if not self._adds(row, LawTables.with_penalty):
                penalties = {code: ANY_PENALTY, **self._tables.penalties}
                self._tables = replace(self._tables, penalties=penalties)
        self._references = References(self._file, self._tables)

    def whole(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Return the plain checklist with all that is sound, laws in place of their codes."""
        clean: dict[str, Any] = {}
        for field in dict.fromkeys([*SOUND, *data]):
            if field not in PARTS:
                clean |= self._field(field, data)
        sections, lists = data.get("sections"), data.get("choice_lists", [])
        if isinstance(sections, list):
            sections = [self._member(part, field="sections") for part in sections]
        if isinstance(lists, list):
            lists = [self._list(one) for one in lists]
        given = {"sections": sections} if "sections" in data else {}
        return {**clean, **given, "choice_lists": lists}

    def _adds(self, row: Table, add: Callable[[LawTables, Table], LawTables]) -> bool:
        try:
            self._tables = add(self._tables, row)
        except BadDefinition as error:
            self.found.append(error)
            return False
        return True

    def _field(self, field: str, data: Mapping[str, Any]) -> dict[str, Any]:
        """Return the field as it is, with a sound value, or not at all."""
        sound = {field: SOUND[field]} if field in SOUND else {}
        if field not in data:
            rest = {other: value for other, value in SOUND.items() if other != field}
            self._is_sound(lambda: self._read(rest))
            return sound
        value = data[field]
        try:
            if field == "device_clause" and value is not None:
                value = self._references.basis(value, WHOLE, field)
            self._read({**SOUND, field: value})
        except BadDefinition as error:
            self.found.append(error)
            # Without the clause, every item about it would be refused as well.
            return {field: ANY_CLAUSE} if field == "device_clause" else sound
        return {field: value}

    def _member(self, part: Any, *, field: str) -> Any:
        """Return a section or an item, each part of which is sound."""
        if not isinstance(part, Mapping):
            return part  # the whole is refused by it
        within = "items" if field == "sections" or "items" in part else "columns"
        inner = part.get(within)
        rows = inner if isinstance(inner, list) else []
        clean = [self._member(row, field=within) for row in rows]
        alone = {**part, within: [STAND_IN]} if rows else part
        if within == "items":
            is_sound = self._is_sound(lambda: self._read({**SOUND, "sections": [alone]}))
            rest = dict(part) if is_sound else {"title": "x"}
            return {**rest, "items": clean or [{**STAND_IN, "code": f"_{len(self.found)}"}]}
        try:
            whole = self._references.member(alone)
            parse_item(Table(whole, self._file, f"条目 {part.get('code', '（无编号）')}"))
        except BadDefinition as error:
            self.found.append(error)
            return self._bare(part, clean)
        return {**whole, "columns": clean} if rows else whole

    def _bare(self, part: Mapping[str, Any], columns: list[Any]) -> dict[str, Any]:
        """Return a sound item under the code and the name of a refused one."""
        named = {
            field: part[field]
            for field in ("code", "name")
            if isinstance(part.get(field), str) and re.fullmatch(CODE, part[field])
        }
        whole = {**STAND_IN, "code": f"_{len(self.found)}", **named}
        return {**whole, "kind": Kind.TABLE.value, "columns": columns} if columns else whole

    def _list(self, one: Any) -> Any:
        is_sound = self._is_sound(lambda: self._read({**SOUND, "choice_lists": [one]}))
        if is_sound or not isinstance(one, Mapping) or not isinstance(one.get("name"), str):
            return one
        return {"name": one["name"], "choices": [{"name": "x", "label": "x"}]}

    def _is_sound(self, read: Callable[[], object]) -> bool:
        """Read a part; note why it is refused."""
        try:
            read()
        except BadDefinition as error:
            self.found.append(error)
            return False
        return True

    def _read(self, data: Mapping[str, Any]) -> None:
        read_form(Table(data, self._file, WHOLE))
