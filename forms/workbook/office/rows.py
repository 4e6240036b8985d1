"""A checklist as the rows of a template's sheets; what they cannot hold is refused."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeVar

from forms.errors import FormError
from forms.load import LawTables
from forms.model import Condition, Form, Item, Kept, Law, Penalty, Section
from forms.workbook.office import cells
from forms.workbook.office.citing import SEPARATOR, Citations, article_text, penalties_text
from forms.workbook.office.guide import numbered_steps
from forms.workbook.office.placing import BETWEEN_LEVELS, UNTITLED
from forms.workbook.words import (
    CHOICE_HEADERS,
    COMPETENCES,
    FLAGS,
    FORM_ROWS,
    ITEM_HEADERS,
    KINDS,
    LAW_HEADERS,
    MAJORS,
    PARENT,
    PENALTY_HEADERS,
    SECTION,
    SECTION_HEADERS,
)

Entry = TypeVar("Entry", Law, Penalty)

Rows = tuple[tuple[str, ...], ...]
"""The rows of a sheet, its headers first, every row as long as they are."""

USUAL = (
    "code",
    SECTION,
    "question",
    "kind",
    "how_to_check",
    "basis",
    "major",
    "major_note",
    "penalties",
    "rectify",
    "finding",
    "photos_on_failure",
    "correctable_on_site",
    "competence",
    "verification",
)
"""Columns of items that are there whether or not an item needs them."""

_TEXTS = (
    "code",
    "question",
    "how_to_check",
    "major_note",
    "finding",
    "verification",
    "name",
    "hint",
    "guidance",
    "required_message",
    "constraint_message",
    "choices",
    "unit",
    "least",
    "most",
    "step",
    "appearance",
)
"""Fields of an item that stand in a cell as they are."""


class BeyondTemplate(FormError):
    """The checklist says something that the template has no place for."""

    code, kind = "forms.beyond_template", "invalid"
    message = "检查表 {ref} 不能写成检查表模板：{reason}，请改为导出 XLSForm 工作簿。"


@dataclass(frozen=True)
class Sheets:
    """
    What stands in each sheet of a template; those without rows are left out of the file.

    `guide` is what the guide says before it explains the columns.
    """

    guide: Rows
    form: Rows
    items: Rows
    sections: Rows
    choices: Rows
    laws: Rows
    penalties: Rows


def sheets_of(form: Form, tables: LawTables) -> Sheets:
    """
    Return what a template says for a checklist.

    Args:
        form: Any checklist.
        tables: The laws that come with the program: no citation is mistaken for one of them.

    Raises:
        BeyondTemplate: A part of it has no place in the template.
    """
    _refuse_kept(form)
    _refuse_sections(form, form.sections)
    laws, penalties = _laws(form), _penalties(form)
    citations = Citations(laws, tables.laws, form.effective_from)
    return Sheets(
        guide=numbered_steps(),
        form=tuple(_form_rows(form, citations)),
        items=_item_rows(form, citations),
        sections=_section_rows(form),
        choices=_choice_rows(form),
        laws=law_rows(laws.values()),
        penalties=penalty_rows(penalties.values(), citations),
    )


def law_rows(laws: Iterable[Law]) -> Rows:
    """Return the sheet of laws."""
    rows = [
        (
            law.code,
            law.title,
            law.number,
            law.effective_from.isoformat(),
            law.effective_until.isoformat() if law.effective_until else "",
            FLAGS.word(law.verified),
            law.source,
        )
        for law in laws
    ]
    return (LAW_HEADERS.written, *rows)


def penalty_rows(penalties: Iterable[Penalty], citations: Citations) -> Rows:
    """Return the sheet of penalty clauses."""
    rows = [
        (
            penalty.code,
            citations.name(penalty.law),
            article_text(penalty),
            penalty.unit_range,
            penalty.person_range,
            penalty.aggravated_range,
            FLAGS.word(penalty.verified),
            penalty.source,
        )
        for penalty in penalties
    ]
    return (PENALTY_HEADERS.written, *rows)


SELDOM = frozenset({"instead_of", "language"})
"""What is said of few checklists."""


def _form_rows(form: Form, citations: Citations) -> Iterator[tuple[str, str]]:
    clause = form.device_clause
    said = {
        "title": form.title,
        "name": form.name,
        "version": str(form.version),
        "effective_from": form.effective_from.isoformat(),
        "retired_on": form.retired_on.isoformat() if form.retired_on else "",
        "sectors": cells.sectors_text(form.sectors),
        "on_request": FLAGS.word(form.on_request),
        "instead_of": "、".join(form.instead_of),
        "device_clause": citations.written(clause) if clause else "",
        "language": form.language,
    }
    for field, text in said.items():
        if text or field not in SELDOM:
            yield FORM_ROWS.word(field), text


def _item_rows(form: Form, citations: Citations) -> Rows:
    rows = [
        {**_cells(item, citations), SECTION: path, PARENT: parent}
        for item, path, parent in _placed(form.sections, (), "")
    ]
    used = {field for row in rows for field, text in row.items() if text}
    fields = [field for field in ITEM_HEADERS.words if field in used or field in USUAL]
    headers = tuple(ITEM_HEADERS.word(field) for field in fields)
    return (headers, *(tuple(row.get(field, "") for field in fields) for row in rows))


def _placed(
    members: Sequence[Item | Section], path: tuple[str, ...], parent: str
) -> Iterator[tuple[Item, str, str]]:
    for member in members:
        if isinstance(member, Section):
            yield from _placed(member.items, (*path, member.title or UNTITLED), parent)
            continue
        yield member, BETWEEN_LEVELS.join(path), parent
        yield from _placed(member.columns, (), member.code)


def _cells(item: Item, citations: Citations) -> dict[str, str]:
    """Return the texts of one item by field, "" for what it does not say."""
    conditions = {
        field: condition.text if condition else "" for field, condition in _conditions(item).items()
    }
    texts = {field: getattr(item, field) for field in _TEXTS}
    said = {
        **texts,
        **conditions,
        "kind": KINDS.word(item.kind),
        "focus": FLAGS.word(True) if item.focus else "",
        "required": cells.yes_or_condition_text(item.required) if item.required else "",
        "read_only": cells.yes_or_condition_text(item.read_only) if item.read_only else "",
    }
    return {**said, **(judged_cells(item, citations) if item.is_judged else {})}


def judged_cells(item: Item, citations: Citations) -> dict[str, str]:
    """Return what a failure means as cells by field, but for its plain texts."""
    return {
        "basis": SEPARATOR.join(citations.written(basis) for basis in item.basis),
        "major": MAJORS.word(item.major),
        "major_needs": "、".join(item.major_needs),
        "device_clause": FLAGS.word(True) if item.device_clause else "",
        "penalties": penalties_text(item.penalties),
        "rectify": cells.period_text(item.rectify),
        "photos_on_failure": str(item.photos_on_failure),
        "correctable_on_site": FLAGS.word(item.correctable_on_site),
        "competence": COMPETENCES.word(item.competence),
    }


def _conditions(item: Item) -> dict[str, Condition | None]:
    fields = (
        "fails_if",
        "relevant",
        "constraint",
        "choice_filter",
        "calculation",
        "default",
        "count",
    )
    return {field: getattr(item, field) for field in fields}


def _section_rows(form: Form) -> Rows:
    rows = []
    for section, path in _sections(form.sections, ()):
        relevant = section.relevant.text if section.relevant else ""
        said = (section.name, relevant, section.hint, section.appearance)
        if any(said):
            rows.append((BETWEEN_LEVELS.join(path), *said))
    return (SECTION_HEADERS.written, *rows) if rows else ()


def _sections(
    members: Sequence[Item | Section], path: tuple[str, ...]
) -> Iterator[tuple[Section, tuple[str, ...]]]:
    for member in members:
        if isinstance(member, Section):
            inner = (*path, member.title or UNTITLED)
            yield member, inner
            yield from _sections(member.items, inner)


def _choice_rows(form: Form) -> Rows:
    columns = tuple(
        dict.fromkeys(
            header
            for one in form.choice_lists
            for choice in one.choices
            for header, _ in choice.columns
        )
    )
    rows = [
        (one.name, choice.name, choice.label, *(_cell(choice.columns, name) for name in columns))
        for one in form.choice_lists
        for choice in one.choices
    ]
    return ((*CHOICE_HEADERS.written, *columns), *rows) if rows else ()


def _cell(columns: Kept, header: str) -> str:
    return dict(columns).get(header, "")


def _laws(form: Form) -> dict[str, Law]:
    items = [item for item, _, _ in _placed(form.sections, (), "")]
    clause = [form.device_clause.law] if form.device_clause else []
    bases = [basis.law for item in items for basis in item.basis]
    penalties = [penalty.law for item in items for penalty in item.penalties]
    return _by_code(form, (*clause, *bases, *penalties))


def _penalties(form: Form) -> dict[str, Penalty]:
    items = [item for item, _, _ in _placed(form.sections, (), "")]
    cited = [replace(penalty, clause="") for item in items for penalty in item.penalties]
    return dict(sorted(_by_code(form, cited).items()))


def _by_code(form: Form, entries: Iterable[Entry]) -> dict[str, Entry]:
    """Return laws or penalty clauses by code; one code must not stand for two texts."""
    known: dict[str, Entry] = {}
    for entry in entries:
        if known.setdefault(entry.code, entry) != entry:
            reason = f"代号“{entry.code}”有两种不同的内容"
            raise BeyondTemplate(ref=form.ref, reason=reason)
    return known


def _refuse_kept(form: Form) -> None:
    """Refuse columns of a workbook that only it can hold: other languages, media."""
    kept: list[tuple[str, Kept]] = [("检查表", form.kept)]
    kept += [(f"章节“{one.title}”", one.kept) for one, _ in _sections(form.sections, ())]
    kept += [(f"条目 {item.code} ", item.kept) for item, _, _ in _placed(form.sections, (), "")]
    kept += [
        (f"选项“{choice.label}”", choice.kept)
        for one in form.choice_lists
        for choice in one.choices
    ]
    lost = {header for _, columns in kept for header, _ in columns}
    if lost:
        first = next(place for place, columns in kept if columns)
        headers = "、".join(f"“{header}”" for header in sorted(lost))
        reason = f"{first}等处另有模板没有的内容{headers}，只有 XLSForm 能写"
        raise BeyondTemplate(ref=form.ref, reason=reason)


def _refuse_sections(form: Form, members: Sequence[Item | Section]) -> None:
    for one, other in pairwise(members):
        if isinstance(one, Section) and isinstance(other, Section) and one.title == other.title:
            reason = f"相邻的两个章节同名“{one.title}”"
            raise BeyondTemplate(ref=form.ref, reason=reason)
    for member in members:
        if isinstance(member, Section):
            if BETWEEN_LEVELS in member.title:
                reason = f"章节名称“{member.title}”含有“{BETWEEN_LEVELS}”"
                raise BeyondTemplate(ref=form.ref, reason=reason)
            _refuse_sections(form, member.items)
        else:
            _refuse_sections(form, member.columns)
