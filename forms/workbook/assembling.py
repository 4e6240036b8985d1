"""
Rows of a workbook into a checklist, with every refusal told where the author finds it.

A reader of workbooks brings rows into the plain tables of `forms.definition` and says of each from
where it comes. What the definition's rules refuse is then told by sheet, row and column: all of it
at once, not the first only.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from forms.definition.consistency import contradictions, lapses
from forms.definition.doubts import doubts
from forms.definition.parse import CODE, parse_choice, parse_item, read_form
from forms.definition.tables import Table
from forms.errors import BadDefinition, BadWorkbook, Problem
from forms.model import Form

WHOLE = "检查表"
MAX_ROUNDS = 200
"""Faults between rows that are told at once; each takes reading the whole again."""


@dataclass(frozen=True)
class Imported:
    """
    A checklist out of a workbook.

    `notices` say in Chinese what of the workbook is not in use, `doubts` what of the checklist can
    never hold, where its author wrote it. `stated` are those of `name`, `version` and
    `effective_from` that the workbook says as they stand; the template must say them all.
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
    read_alone = (*members, *(choice for one in lists for choice in one.parts))
    alone = {id(part): problem for part in read_alone if (problem := _alone(file, part))}
    found.update(alone.values())
    work = _Work(file, form, tuple(sections), tuple(lists), found)
    work.neutralise(alone)
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


def _alone(file: str, part: Part) -> Problem | None:
    """
    Return what is wrong with an item without what stands in it, a choice, a section's condition.

    The rest of a section is read with the whole, as the definition names it by its title only.
    """
    fields = dict(part.fields)
    if part.under:
        fields[part.under] = [{"code": "x", "kind": "text"}]
    table = Table(fields, file, part.called)
    try:
        if "code" in fields:
            parse_item(table)
        elif part.under:
            table.condition("relevant")
        else:
            parse_choice(table)
    except BadDefinition as error:
        return part.place.problem(error.facts["field"], error.facts["reason"])
    return None


class _Work:
    """
    Reads the whole again and again, each time without what was refused before.

    The first refusal of a row takes the refused field out, the second all but its name: so one
    faulty row hides no other, and none is blamed for a fault of another.
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
        self._blamed: dict[tuple[str, int], int] = {}

    def neutralise(self, parts: Iterable[int]) -> None:
        """Leave nothing but code and name of the items and choices with these ids."""
        gone = set(parts)
        self._sections = _each(self._sections, lambda p: _bare(p) if id(p) in gone else p)
        self._lists = _each(self._lists, lambda p: _bare(p) if id(p) in gone else p)

    def run(self) -> Form | None:
        """Return the checklist, or None where a problem leaves nothing to read on with."""
        for _ in range(MAX_ROUNDS):
            table = Table(self._plain(), self._file, WHOLE)
            try:
                form = read_form(table)
            except BadDefinition as error:
                if not self._learn(error):
                    return None
                continue
            misfits = list(contradictions(form, table))
            if not misfits and not self._found:  # only then is the first day what it says
                misfits = list(lapses(form, table))
            learned = [self._learn(error) for error in misfits]
            if not all(learned) or not misfits:
                return None if misfits else form
        return None

    def _plain(self) -> dict[str, Any]:
        plain = dict(self._form.fields)
        plain["sections"] = [section.plain() for section in self._sections]
        plain["choice_lists"] = [one.plain() for one in self._lists]
        return plain

    def _learn(self, error: BadDefinition) -> bool:
        """Note where the refused part stands and take the cause away; False where that fails."""
        refused, reason = error.facts["field"], error.facts["reason"]
        part = self._blame(error.facts["item"], refused, error.facts.get("spot"))
        if part is None:
            if not self._found:
                self._found.add(self._form.place.problem(refused, reason))
            return False
        row = (part.place.sheet, part.place.row)
        times = self._blamed[row] = self._blamed.get(row, 0) + 1
        # Whether the item that it needs can fail is unknown once that one has a fault of its own.
        if times == 1 and not (refused == "major_needs" and self._found):
            self._found.add(part.place.problem(refused, reason))
        is_first = times == 1 and refused in part.fields
        changed = _without(part, refused) if is_first else _bare(part)
        if refused == "code" and "code" in changed.fields:
            changed = _renamed(_bare(part))
        if times > 2 or changed == part:
            return False
        self._sections = _each(self._sections, lambda p: changed if p is part else p)
        self._lists = _each(self._lists, lambda p: changed if p is part else p)
        return True

    def _blame(self, called: str, refused: str, spot: int | None) -> Part | None:
        """
        Return the part that a refusal is about.

        That is the one at the place that it says; else of several so called the last that fits.
        """
        if spot is not None:
            return [part for section in self._sections for part in section.all()][spot]
        parts = [
            part
            for whole in (*self._sections, *self._lists)
            for part in whole.all()
            if part.called == called
        ]
        fitting = [part for part in parts if refused in part.fields]
        return fitting[-1] if fitting else parts[-1] if parts else None


def _each(parts: Iterable[Part], change: Any) -> tuple[Part, ...]:
    """Return the parts with `change` done to each and to all that stands in it."""
    changed = []
    for part in parts:
        new = change(part)
        inner = _each(new.parts, change)
        same = len(inner) == len(new.parts) and all(
            one is other for one, other in zip(inner, new.parts, strict=True)
        )
        changed.append(new if same else replace(new, parts=inner))
    return tuple(changed)


def _without(part: Part, refused: str) -> Part:
    return replace(part, fields={k: v for k, v in part.fields.items() if k != refused})


def _bare(part: Part) -> Part:
    """Return a part that nothing is wrong with, in the place of one that was refused."""
    if "code" not in part.fields and not part.under:
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
