"""
Rows of a workbook into a checklist, with every refusal told where the author finds it.

A reader of workbooks brings rows into the plain tables of `forms.definition` and says of each from
where it comes. What the definition's rules refuse is then told by sheet, row and column: all of it
at once, not the first only.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any

from forms.definition.consistency import contradictions, lapses
from forms.definition.doubts import doubts
from forms.definition.parse import CODE, parse_choice, parse_item, read_form
from forms.definition.tables import Table
from forms.errors import BadDefinition, BadWorkbook, Problem
from forms.model import Form, Kind

WHOLE = "检查表"
MAX_ROUNDS = 200
"""Readings of the whole until nothing is refused; most workbooks take one or two."""

_STAND_INS: Mapping[str, str] = {"title": "", "fails_if": "no", "calculation": "0"}
"""What takes the place of a refused cell that the rest of its row cannot do without."""


@dataclass(frozen=True)
class Said:
    """
    What of a checklist is said with the import; it goes before what the workbook says.

    None leaves it to the workbook, which then has to say it.
    """

    name: str | None = None
    version: int | None = None
    effective_from: date | None = None

    @property
    def fields(self) -> dict[str, Any]:
        """What is said, by its field."""
        said = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: value for name, value in said.items() if value is not None}


UNSAID = Said()
"""Where everything is left to the workbook."""


@dataclass(frozen=True)
class Imported:
    """
    A checklist out of a workbook.

    `notices` say in Chinese what of the workbook is not in use, `doubts` what of the checklist can
    never hold, where its author wrote it. `stated` are those of `name`, `version` and
    `effective_from` that the workbook or its importer says as they stand; of a template all are.
    """

    form: Form
    notices: tuple[str, ...] = ()
    doubts: tuple[Problem, ...] = ()
    stated: frozenset[str] = frozenset({"name", "version", "effective_from"})


@dataclass(frozen=True)
class Place:
    """
    A row of a workbook.

    `headers` gives for each field of the plain table the header it stands under; a field that is
    not named is told without a column.
    """

    sheet: str
    row: int
    headers: Mapping[str, str] = field(default_factory=dict)

    def problem(self, field_name: str, reason: str) -> Problem:
        """Return an error about one field."""
        return Problem(self.sheet, self.row, self.headers.get(field_name, ""), reason)


@dataclass(frozen=True)
class Part:
    """
    An item, section, choice list or choice as a plain table, and the row it comes from.

    `parts` are what stands in it: under `items` (a section), `columns` (a table) or `choices`.
    """

    fields: Mapping[str, Any]
    place: Place
    parts: "tuple[Part, ...]" = ()
    under: str = ""

    def plain(self) -> dict[str, Any]:
        """Return the plain table with all that stands in it."""
        if not self.under:
            return dict(self.fields)
        return {**self.fields, self.under: [part.plain() for part in self.parts]}

    def all(self) -> "Iterator[Part]":
        """Yield this part and all that stands in it, in the order of the sheet."""
        yield self
        for part in self.parts:
            yield from part.all()

    @property
    def called(self) -> str:
        """How the definition's refusals call it."""
        if "code" in self.fields:
            return f"条目 {self.fields['code']}"
        if self.under == "choices":
            return f"选项表“{self.fields.get('name', '')}”"
        return f"章节“{self.fields.get('title') or self.fields.get('name', '')}”"


def assemble(
    file: str,
    form: Part,
    sections: Sequence[Part],
    lists: Sequence[Part] = (),
    problems: Iterable[Problem] = (),
) -> Form:
    """
    Return the checklist that the parts make.

    Args:
        file: The workbook's name, for the refusal.
        form: What concerns the checklist as a whole, without its sections and lists.
        sections: Its sections in order.
        lists: Its choice lists.
        problems: What the reader found already; where there are some, nothing is returned.

    Raises:
        BadWorkbook: Every problem, by sheet and row.
    """
    found = set(problems)
    members = (part for section in sections for part in section.all())
    sound: dict[int, Part] = {}
    for part in (*members, *(inner for one in lists for inner in one.all())):
        rest, refused = _alone(file, part)
        if refused:
            sound[id(part)] = rest
            found.update(refused)
    work = _Work(file, form, _changed(sections, sound), _changed(lists, sound), found)
    result = work.run()
    if found or result is None:
        raise BadWorkbook(file, sorted(found))
    return result


def placed_doubts(
    form: Form, sections: Sequence[Part], lists: Sequence[Part] = ()
) -> tuple[Problem, ...]:
    """
    Return what of a checklist can never hold, each where it stands in the workbook.

    Args:
        form: What `assemble` made of the sections and lists.
    """
    members = [part for section in sections for part in section.all()]
    named = {one.called: one for one in lists}
    found = []
    for doubt in doubts(form):
        part = named[doubt.part] if doubt.spot is None else members[doubt.spot]
        found.append(part.place.problem(doubt.field, doubt.reason))
    return tuple(found)


def _alone(file: str, part: Part) -> tuple[Part, list[Problem]]:
    """
    Return what is sound of a part without what stands in it, and all that is wrong with the rest.

    A refused cell counts as blank; what is said to be missing then is no fault of its own.
    """
    problems: list[Problem] = []
    while True:
        try:
            _read_alone(file, part)
        except BadDefinition as error:
            refused, reason = error.facts["field"], error.facts["reason"]
        else:
            return part, problems
        is_blank = refused not in part.fields
        if not problems or not is_blank:
            problems.append(part.place.problem(refused, reason))
        rest = _without(part, refused)
        if is_blank or refused == "kind" or rest == part:
            return _bare(part), problems
        part = rest


def _read_alone(file: str, part: Part) -> None:
    """Refuse an item, a choice, or what a section or choice list says itself."""
    fields = dict(part.fields)
    if part.under:
        fields[part.under] = [{"code": "x", "kind": "text"}]
    table = Table(fields, file, part.called)
    if "code" in fields:
        parse_item(table)
    elif part.under == "choices":
        table.text("name")
    elif not part.under:
        parse_choice(table)
    else:
        for text in ("title", "hint"):
            table.lines(text)
        table.optional_text("name", pattern=CODE)
        table.optional_text("appearance")
        table.condition("relevant")


class _Work:
    """
    Reads the whole again and again, each time without what was refused before.

    A refused cell counts as blank from then on: so no fault hides another, and none is told that
    only follows from one. A row that cannot do without the cell keeps nothing but its name.
    """

    def __init__(
        self,
        file: str,
        form: Part,
        sections: tuple[Part, ...],
        lists: tuple[Part, ...],
        found: set[Problem],
    ) -> None:
        self._file = file
        self._form = form
        self._sections = sections
        self._lists = lists
        self._found = found
        self._told = {(one.sheet, one.row, one.column) for one in found}

    def run(self) -> Form | None:
        """Return the checklist, or None where a problem leaves nothing to read on with."""
        for _ in range(MAX_ROUNDS):
            table = Table(self._plain(), self._file, WHOLE)
            try:
                form = read_form(table)
            except BadDefinition as error:
                faults = [error]
            else:
                faults = _first(contradictions(form, table))
                if not faults:
                    self._tell_lapses(form, table)
                    return form
            if not self._take_out(faults):
                return None
        return None

    def _plain(self) -> dict[str, Any]:
        plain = dict(self._form.fields)
        plain["sections"] = [section.plain() for section in self._sections]
        plain["choice_lists"] = [one.plain() for one in self._lists]
        return plain

    def _tell_lapses(self, form: Form, table: Table) -> None:
        """Note what does not apply on the first day, unless that day may not be what is meant."""
        if any(problem.sheet == self._form.place.sheet for problem in self._found):
            return
        parts = {part.called: part for section in self._sections for part in section.all()}
        for error in lapses(form, table):
            place = parts[error.facts["item"]].place
            self._found.add(place.problem(error.facts["field"], error.facts["reason"]))

    def _take_out(self, faults: Sequence[BadDefinition]) -> bool:
        """Note where each refused cell stands and take it out; False where nothing changes."""
        members = [part for section in self._sections for part in section.all()]
        named: dict[str, list[Part]] = {}
        for part in (*members, *self._lists):
            named.setdefault(part.called, []).append(part)
        changes: dict[int, Part] = {}
        taken: set[tuple[int, str]] = set()
        unsure = self._unsure(members)
        for error in faults:
            refused, spot = error.facts["field"], error.facts.get("spot")
            blamed = members[spot] if spot is not None else _last(named, error)
            if blamed is None:
                if not self._found:
                    self._found.add(self._form.place.problem(refused, error.facts["reason"]))
                return False
            if (id(blamed), refused) in taken:
                continue
            taken.add((id(blamed), refused))
            part = changes.get(id(blamed), blamed)
            rest = self._rest(part, refused, error.facts["reason"], unsure)
            if rest != part:
                changes[id(blamed)] = rest
        self._sections = _changed(self._sections, changes)
        self._lists = _changed(self._lists, changes)
        return bool(changes)

    def _rest(self, part: Part, refused: str, reason: str, unsure: Set[str]) -> Part:
        """Return a part without its refused cell, that refusal noted unless it only follows."""
        is_blank = refused not in part.fields
        if refused == "major_needs" and not is_blank:
            # Whether an item can fail is unknown once it has a fault of its own.
            sure = [code for code in part.fields[refused] if code not in unsure]
            if len(sure) < len(part.fields[refused]):
                fields = {**part.fields, refused: sure}
                return replace(part, fields=fields) if sure else _without(part, refused)
        problem = part.place.problem(refused, reason)
        cell = (problem.sheet, problem.row, problem.column)
        if not is_blank or cell not in self._told:
            self._found.add(problem)
            self._told.add(cell)
        if refused == "code" and not is_blank:
            return _renamed(_bare(part))
        return _bare(part) if is_blank else _without(part, refused)

    def _unsure(self, members: Sequence[Part]) -> set[str]:
        """Return the codes of faulty rows that are now read as what nobody can fail."""
        rows = {(problem.sheet, problem.row) for problem in self._found}
        return {
            part.fields["code"]
            for part in members
            if "code" in part.fields
            and (part.place.sheet, part.place.row) in rows
            and part.fields.get("kind", Kind.CHECK) != Kind.CHECK
            and "fails_if" not in part.fields
        }


def _first(faults: Iterable[BadDefinition]) -> list[BadDefinition]:
    """Return the faults to be told first: names that are there twice make others ambiguous."""
    every = list(faults)
    return [fault for fault in every if "spot" not in fault.facts] or every


def _last(named: Mapping[str, list[Part]], error: BadDefinition) -> Part | None:
    """Return the last part so called that has the refused field, to be blamed once for its code."""
    parts = named.get(error.facts["item"], [])
    refused = error.facts["field"]
    if refused == "code" and parts:
        return parts.pop()
    fitting = (part for part in reversed(parts) if refused in part.fields)
    return next(fitting, parts[-1] if parts else None)


def _changed(parts: Iterable[Part], changes: Mapping[int, Part]) -> tuple[Part, ...]:
    """Return the parts, those whose `id` is named and those in them by what takes their place."""
    changed = []
    for part in parts:
        new = changes.get(id(part), part)
        inner = _changed(part.parts, changes)
        same = all(one is other for one, other in zip(inner, part.parts, strict=True))
        changed.append(new if same else replace(new, parts=inner))
    return tuple(changed)


def _without(part: Part, refused: str) -> Part:
    """Return a part as if a cell were blank, or with what stands in for what it must have."""
    rest = {field: said for field, said in part.fields.items() if field != refused}
    is_calculated = refused == "calculation" and part.fields.get("kind") == Kind.CALCULATE
    if refused in _STAND_INS and (refused != "calculation" or is_calculated):
        rest[refused] = _STAND_INS[refused]
    return replace(part, fields=rest)


def _bare(part: Part) -> Part:
    """Return a part that nothing is wrong with, in the place of one that was refused."""
    if "code" not in part.fields and not part.under:
        return replace(part, fields={"name": f"_{part.place.row}"})
    if part.under == "choices":
        return replace(part, fields={"name": f"_{part.place.row}"})
    if "code" not in part.fields:
        keep = {key: part.fields[key] for key in ("title", "name") if key in part.fields}
        return replace(part, fields=keep)
    kept = {
        key: part.fields[key]
        for key in ("code", "name")
        if re.fullmatch(CODE, part.fields.get(key, ""))
    }
    kind = "repeat" if part.under else "text"
    return replace(part, fields={"code": f"_{part.place.row}", **kept, "kind": kind})


def _renamed(part: Part) -> Part:
    return replace(part, fields={**part.fields, "code": f"{part.fields['code']}·{part.place.row}"})
