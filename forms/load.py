"""
Definition files (TOML) into checklists; docs/forms.md describes the format.

A definition cites laws and penalty clauses by code; loading puts them in place, so that a checklist
is whole by itself on a phone and its content hash covers every word that may be printed from it.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from forms.body import law_json, penalty_json
from forms.definition.parse import parse_form, refuse_deep
from forms.definition.parse_law import parse_law, parse_penalty
from forms.definition.tables import Table
from forms.errors import BadDefinition, UnreadableDefinition
from forms.library import Library
from forms.model import Form, Law, Penalty

DEFINITIONS = Path(__file__).parent / "definitions"
LAWS_FILE = "laws.toml"
PENALTIES_FILE = "penalties.toml"

_SAID = re.compile(
    r"""
    \#[^\n]*
    | "{3} (?: [^"\\] | \\.? | "(?!"") )*+ (?: "{3,5} | \Z )
    | '{3} (?: [^'] | '(?!'') )*+ (?: '{3,5} | \Z )
    | " (?: [^"\\\n] | \\[^\n]? )*+ "?
    | ' [^'\n]*+ '?
    """,
    re.VERBOSE | re.DOTALL,
)
"""Comments and texts of TOML; one that does not end takes in the rest, which nobody reads."""

_DOTTED = re.compile(r"\.[ \t\w.-]*")
_MOST_PARTS = 100
"""Parts of a key in a definition; parsing takes memory that grows with their square."""

# What an author may leave out.
FORM_DEFAULTS: Mapping[str, Any] = {"retired_on": None, "device_clause": None, "sectors": []}
LAW_DEFAULTS: Mapping[str, Any] = {"number": "", "effective_until": None}
PENALTY_DEFAULTS: Mapping[str, Any] = {
    "clause": "",
    "unit_range": "",
    "person_range": "",
    "aggravated_range": "",
}


@dataclass(frozen=True)
class LawTables:
    """Laws and penalty clauses by the codes under which definitions cite them."""

    laws: Mapping[str, Law]
    penalties: Mapping[str, Penalty]

    def with_own(self, rows: Mapping[str, Any], file: str) -> "LawTables":
        """
        Return these and the rows of a definition's own.

        Raises:
            BadDefinition: A row is unusable, or its code stands for something else. A row that is
                there already may come again: one day the program may bring an office's own.
        """
        whole = Table(rows, file, "检查表")
        known = self
        for row in whole.optional_tables("laws"):
            known = known.with_law(row)
        for row in whole.optional_tables("penalties"):
            known = known.with_penalty(row)
        return known

    def with_law(self, row: Table) -> "LawTables":
        """Return these and one law, refused as by `with_own`."""
        laws = dict(self.laws)
        _add_law(_row(row, "法规", LAW_DEFAULTS), laws)
        return LawTables(laws, self.penalties)

    def with_penalty(self, row: Table) -> "LawTables":
        """Return these and one penalty clause, refused as by `with_own`."""
        penalties = dict(self.penalties)
        _add_penalty(_row(row, "罚则", PENALTY_DEFAULTS), self.laws, penalties)
        return LawTables(self.laws, penalties)

    def with_cited(self, form: Form) -> "LawTables":
        """
        Return these with the rows as a checklist cites them in the place of those of their codes.

        A published version may be older than the tables; in a workbook it is whole by itself.
        """
        penalties = [one for item in form.items for one in item.penalties]
        bases = [one for item in form.items for one in item.basis]
        bases += [form.device_clause] if form.device_clause is not None else []
        laws = {law.code: law for law in (*(b.law for b in bases), *(p.law for p in penalties))}
        clauses = {one.code: replace(one, clause="") for one in penalties}
        return LawTables({**self.laws, **laws}, {**self.penalties, **clauses})


@cache
def packaged() -> Library:
    """Return the checklists that come with the program."""
    return Library(load_folder(DEFINITIONS))


def load_folder(folder: Path) -> tuple[Form, ...]:
    """
    Read every definition in a folder that also holds the law and the penalty table.

    Raises:
        BadDefinition: Names file, item and field.
        UnreadableDefinition: A file is not TOML.
    """
    tables = read_tables(folder)
    forms = []
    for path in folder.glob("*@*.toml"):
        form = load(path, tables)
        if path.stem != form.ref:
            where = Table({}, path.name, "检查表")
            raise where.refuse("name", f"文件名应为 {form.ref}.toml")
        forms.append(form)
    return tuple(sorted(forms, key=lambda form: (form.name, form.version)))


def load(path: Path, tables: LawTables | None = None) -> Form:
    """
    Read one definition file.

    Args:
        tables: The laws and penalty clauses that it may cite beside its own; those that come with
            the program where left out.

    Raises:
        BadDefinition: Names file, item and field.
        UnreadableDefinition: The file is not TOML.
    """
    data = {**FORM_DEFAULTS, **read_toml(path)}
    refuse_deep(Table(data, path.name, "检查表"))
    tables = tables or packaged_tables()
    own = {field: data.pop(field, []) for field in ("laws", "penalties")}
    references = References(path.name, tables.with_own(own, path.name))
    if data["device_clause"] is not None:
        data["device_clause"] = references.basis(data["device_clause"], "检查表", "device_clause")
    if isinstance(data.get("sections"), list):
        data["sections"] = [references.member(part) for part in data["sections"]]
    return parse_form(Table(data, path.name, "检查表"))


@cache
def packaged_tables() -> LawTables:
    """Return the law and the penalty table that come with the program."""
    return read_tables(DEFINITIONS)


def read_tables(folder: Path) -> LawTables:
    """
    Read the law and the penalty table of a folder.

    Raises:
        BadDefinition: Names file, row and field.
        UnreadableDefinition: A file is not TOML.
    """
    laws = _whole(folder / LAWS_FILE, "laws", "法规表")
    penalties = _whole(folder / PENALTIES_FILE, "penalties", "罚则表")
    only_laws = LawTables({}, {}).with_own(laws, LAWS_FILE)
    return only_laws.with_own(penalties, PENALTIES_FILE)


def _whole(path: Path, field: str, noun: str) -> Mapping[str, Any]:
    whole = Table(read_toml(path), path.name, noun)
    whole.only(field)
    whole.tables(field)
    return whole.data


def _add_law(table: Table, laws: dict[str, Law]) -> None:
    law = parse_law(table)
    if laws.setdefault(law.code, law) != law:
        raise table.refuse("code", "代号已用于另一条内容，请换一个代号")


def _add_penalty(table: Table, laws: Mapping[str, Law], penalties: dict[str, Penalty]) -> None:
    code = table.text("law")
    if code not in laws:
        raise table.refuse("law", f"法规表中没有代号“{code}”")
    resolved = Table({**table.data, "law": law_json(laws[code])}, table.file, table.item)
    penalty = parse_penalty(resolved)
    if penalties.setdefault(penalty.code, penalty) != penalty:
        raise table.refuse("code", "代号已用于另一条内容，请换一个代号")


def _row(row: Table, noun: str, defaults: Mapping[str, Any]) -> Table:
    name = f"{noun} {row.data.get('code', '（无代号）')}"
    return Table({**defaults, **row.data}, row.file, name)


class References:
    """
    Puts laws and penalty clauses in the place of their codes; the rest is left to parsing.

    What it refuses is a `BadDefinition` that names file, item and field.
    """

    def __init__(self, file: str, tables: LawTables) -> None:
        self._file = file
        self._laws = tables.laws
        self._penalties = tables.penalties

    def member(self, part: Any) -> Any:
        """Put them into a section, or into an item."""
        if not isinstance(part, Mapping):
            return part
        within = {
            field: [self.member(row) for row in part[field]]
            for field in ("items", "columns")
            if isinstance(part.get(field), list)
        }
        return {**self._item(part), **within}

    def basis(self, row: Any, item: str, field: str) -> Any:
        """Put its law into one citation."""
        table = self._table(row, item, field)
        code = table.text("law")
        if code not in self._laws:
            raise table.refuse(field, f"法规表中没有代号“{code}”")
        return {**row, "law": law_json(self._laws[code])}

    def _item(self, row: Mapping[str, Any]) -> dict[str, Any]:
        name = f"条目 {row.get('code', '（无编号）')}"
        full = dict(row)
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


def read_toml(path: Path) -> dict[str, Any]:
    """
    Read a file as plain tables.

    Raises:
        UnreadableDefinition: It cannot be read, or is not TOML in UTF-8.
    """
    try:
        # Some editors put a mark at the beginning.
        text = path.read_text(encoding="utf-8-sig")
        if _has_deep_key(text):
            raise UnreadableDefinition(file=path.name, reason="键名的嵌套过深")
        return tomllib.loads(text)
    except OSError as error:
        raise UnreadableDefinition(file=path.name, reason=_why_not(error)) from None
    except UnicodeDecodeError:
        raise UnreadableDefinition(file=path.name, reason="不是 UTF-8 编码") from None
    except RecursionError:
        raise UnreadableDefinition(file=path.name, reason="嵌套过深") from None
    except tomllib.TOMLDecodeError as error:
        reason = f"TOML 格式有误，在{_where(error)}附近"
        raise UnreadableDefinition(file=path.name, reason=reason) from None
    except ValueError:  # Python reads no integer of thousands of digits
        raise UnreadableDefinition(file=path.name, reason="有位数过多的数") from None


def _has_deep_key(text: str) -> bool:
    keys = _DOTTED.findall(_SAID.sub("", text))
    return any(key.count(".") >= _MOST_PARTS for key in keys)


def _where(error: tomllib.TOMLDecodeError) -> str:
    """Return where a text stops being TOML; its own words are English."""
    place = re.search(r"line (\d+), column (\d+)", str(error))
    return f"第{place[1]}行第{place[2]}个字符" if place else "文件末尾"


def _why_not(error: OSError) -> str:
    reasons = {
        FileNotFoundError: "没有这个文件",
        PermissionError: "没有读取权限",
        IsADirectoryError: "是一个文件夹",
    }
    return reasons.get(type(error), f"系统错误 {error.errno}")
