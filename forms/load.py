"""
Definition files (TOML) into checklists; docs/forms.md describes the format.

A definition cites laws and penalty clauses by code; loading puts them in place, so that a checklist
is whole by itself on a phone and its content hash covers every word that may be printed from it.
"""

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from forms.body import law_json, penalty_json
from forms.errors import BadDefinition, FormNotFound, UnreadableDefinition
from forms.model import Form, Law, Penalty
from forms.parse import parse_form, parse_law, parse_penalty
from forms.reading import Table

DEFINITIONS = Path(__file__).parent / "definitions"
LAWS_FILE = "laws.toml"
PENALTIES_FILE = "penalties.toml"

# What an author may leave out.
FORM_DEFAULTS: Mapping[str, Any] = {"retired_on": None, "device_clause": None, "sectors": []}
ITEM_DEFAULTS: Mapping[str, Any] = {
    "kind": "check",
    "major_needs": [],
    "major_note": "",
    "device_clause": False,
    "photos_on_failure": 1,
    "correctable_on_site": False,
}
LAW_DEFAULTS: Mapping[str, Any] = {"number": "", "effective_until": None}
PENALTY_DEFAULTS: Mapping[str, Any] = {
    "clause": "",
    "unit_range": "",
    "person_range": "",
    "aggravated_range": "",
}


@cache
def load_all() -> tuple[Form, ...]:
    """Return every installed version of every checklist, by name and version."""
    return load_folder(DEFINITIONS)


def get(name: str, version: int) -> Form:
    """
    Return one version of a checklist.

    Raises:
        FormNotFound: It is not installed.
    """
    for form in load_all():
        if (form.name, form.version) == (name, version):
            return form
    raise FormNotFound(ref=f"{name}@{version}")


def forms_for(sectors: Iterable[str], on: date) -> tuple[Form, ...]:
    """
    Return the checklists for an enterprise, by name.

    Of each checklist the newest version that has begun decides: where it is retired or no longer
    for these sectors, no older version comes back.

    Args:
        sectors: The enterprise's sector tags; the lists without tags are for everybody.
        on: The day on which the checklist is handed out.
    """
    tags = frozenset(sectors)
    newest = {form.name: form for form in load_all() if form.effective_from <= on}
    return tuple(form for _, form in sorted(newest.items()) if form.is_for(tags, on))


def form_set(forms: Iterable[Form]) -> str:
    """Return how an inspection pins its checklists: sorted "name@version" joined by "+"."""
    return "+".join(sorted(form.ref for form in forms))


def forms_of(form_set: str) -> tuple[Form, ...]:
    """
    Return the checklists that `form_set` named, in its order.

    Raises:
        FormNotFound: One is not installed, or the text does not name checklists.
    """
    found = {form.ref: form for form in load_all()}
    refs = form_set.split("+")
    for ref in refs:
        if ref not in found:
            raise FormNotFound(ref=ref)
    return tuple(found[ref] for ref in refs)


def load_folder(folder: Path) -> tuple[Form, ...]:
    """
    Read every definition in a folder that also holds the law and the penalty table.

    Raises:
        BadDefinition: Names file, item and field.
        UnreadableDefinition: A file is not TOML.
    """
    laws = read_laws(folder / LAWS_FILE)
    penalties = read_penalties(folder / PENALTIES_FILE, laws)
    forms = [load(path, laws, penalties) for path in folder.glob("*@*.toml")]
    return tuple(sorted(forms, key=lambda form: (form.name, form.version)))


def load(path: Path, laws: Mapping[str, Law], penalties: Mapping[str, Penalty]) -> Form:
    """
    Read one definition file.

    Raises:
        BadDefinition: Names file, item and field.
        UnreadableDefinition: The file is not TOML.
    """
    data = {**FORM_DEFAULTS, **_toml(path)}
    references = _References(path.name, laws, penalties)
    if data["device_clause"] is not None:
        data["device_clause"] = references.basis(data["device_clause"], "检查表", "device_clause")
    if isinstance(data.get("sections"), list):
        data["sections"] = [references.section(part) for part in data["sections"]]
    table = Table(data, path.name, "检查表")
    form = parse_form(table)
    if path.stem != form.ref:
        raise table.refuse("name", f"文件名应为 {form.ref}.toml")
    return form


def read_laws(path: Path) -> dict[str, Law]:
    """Read the law table, by code."""
    laws: dict[str, Law] = {}
    for table in _rows(path, "laws", "法规", LAW_DEFAULTS):
        law = parse_law(table)
        if law.code in laws:
            raise table.refuse("code", "代号重复")
        laws[law.code] = law
    return laws


def read_penalties(path: Path, laws: Mapping[str, Law]) -> dict[str, Penalty]:
    """Read the penalty table, by code."""
    penalties: dict[str, Penalty] = {}
    for table in _rows(path, "penalties", "罚则", PENALTY_DEFAULTS):
        code = table.text("law")
        if code not in laws:
            raise table.refuse("law", f"法规表中没有代号“{code}”")
        resolved = Table({**table.data, "law": law_json(laws[code])}, table.file, table.item)
        penalty = parse_penalty(resolved)
        if penalty.code in penalties:
            raise table.refuse("code", "代号重复")
        penalties[penalty.code] = penalty
    return penalties


class _References:
    """Puts laws and penalty clauses in the place of their codes; the rest is left to parsing."""

    def __init__(
        self, file: str, laws: Mapping[str, Law], penalties: Mapping[str, Penalty]
    ) -> None:
        self._file = file
        self._laws = laws
        self._penalties = penalties

    def section(self, part: Any) -> Any:
        if not isinstance(part, Mapping) or not isinstance(part.get("items"), list):
            return part
        return {**part, "items": [self._item(row) for row in part["items"]]}

    def basis(self, row: Any, item: str, field: str) -> Any:
        table = self._table(row, item, field)
        code = table.text("law")
        if code not in self._laws:
            raise table.refuse(field, f"法规表中没有代号“{code}”")
        return {**row, "law": law_json(self._laws[code])}

    def _item(self, row: Any) -> Any:
        if not isinstance(row, Mapping):
            return row
        name = f"条目 {row.get('code', '（无编号）')}"
        full = {**ITEM_DEFAULTS, **row}
        if isinstance(full.get("basis"), list):
            full["basis"] = [self.basis(part, name, "basis") for part in full["basis"]]
        if isinstance(full.get("penalties"), list):
            full["penalties"] = [self._penalty(part, name) for part in full["penalties"]]
        return full

    def _penalty(self, row: Any, item: str) -> Any:
        table = self._table(row, item, "penalties")
        table.only("code", "clause")
        code = table.text("code")
        if code not in self._penalties:
            raise table.refuse("penalties", f"罚则表中没有代号“{code}”")
        return {**penalty_json(self._penalties[code]), **row}

    def _table(self, row: Any, item: str, field: str) -> Table:
        if not isinstance(row, Mapping):
            raise BadDefinition(file=self._file, item=item, field=field, reason="应为表")
        return Table(row, self._file, item)


def _rows(path: Path, field: str, noun: str, defaults: Mapping[str, Any]) -> list[Table]:
    whole = Table(_toml(path), path.name, f"{noun}表")
    whole.only(field)
    return [
        Table({**defaults, **row.data}, path.name, f"{noun} {row.data.get('code', '（无代号）')}")
        for row in whole.tables(field)
    ]


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UnreadableDefinition(file=path.name, reason=error.strerror) from None
    except UnicodeDecodeError:
        raise UnreadableDefinition(file=path.name, reason="不是 UTF-8 编码") from None
    except tomllib.TOMLDecodeError as error:
        raise UnreadableDefinition(file=path.name, reason=f"TOML 格式有误：{error}") from None
