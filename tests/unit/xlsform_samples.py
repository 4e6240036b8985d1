"""XLSForm workbooks for tests, and what pyxform, the judge, says of them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter
from pyxform.errors import PyXFormError
from pyxform.section import GroupedSection, RepeatingSection, Section
from pyxform.xls2xform import ConvertResult, convert

from forms.errors import BadWorkbook
from forms.expressions.lexing import SMART_QUOTES
from forms.model import Condition, Form, Item, Kind
from forms.model import Section as FormSection
from forms.workbook.assembling import Imported
from forms.workbook.xlsform import read_xlsform

Grid = Sequence[Sequence[Any]]
ON = date(2027, 1, 1)

CHOICES = """
choices
list_name | name | label
yn | y | 是
yn | n | 否
abc | a | 甲
abc | b | 乙
abc | c | 丙
"""


def tables(text: str) -> dict[str, Grid]:
    """Return sheets from lines: a lone word begins a sheet, `|` parts cells, `.` is a blank row."""
    sheets: dict[str, list[list[str]]] = {}
    rows: list[list[str]] = []
    for line in text.strip().splitlines():
        if line.strip() and "|" not in line and line.strip() != ".":
            rows = sheets.setdefault(line.strip(), [])
        elif line.strip():
            cells = [] if line.strip() == "." else line.split("|")
            rows.append([cell.strip().replace("\\n", "\n").replace("¦", "|") for cell in cells])
    return dict(sheets)


def survey(header: str, *rows: str) -> str:
    """Return the text of a survey with these headers and rows."""
    return "\n".join(["survey", header, *rows])


def write(path: Path, sheets: Mapping[str, Grid]) -> Path:
    """Write sheets as they are: numbers, days and truths stay what they are."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(path, {**options, "default_date_format": "yyyy-mm-dd"}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for position, cell in enumerate(row):
                    if cell not in ("", None):
                        sheet.write(number, position, cell)
    return path


def read(path: Path) -> Imported:
    """Import a workbook."""
    return read_xlsform(path, effective_from=ON)


def problems(path: Path) -> list[tuple[str, int, str]]:
    """Return sheet, row and column of all that is wrong with a workbook, [] where nothing is."""
    try:
        read(path)
    except BadWorkbook as bad:
        return [(one.sheet, one.row, one.column) for one in bad.problems]
    return []


def judged(path: Path) -> ConvertResult | PyXFormError:
    """Return what pyxform makes of a workbook, or its refusal."""
    try:
        return convert(path)
    except PyXFormError as refusal:
        return refusal


@dataclass(frozen=True)
class Asked:
    """One question, group or repeat in words that both sides share."""

    path: tuple[str, ...]
    name: str
    kind: str
    label: str = ""
    relevant: str = ""
    required: str = ""
    constraint: str = ""
    calculation: str = ""
    read_only: str = ""
    choice_filter: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    count: str = ""


MADE_LABELS = frozenset({"Specify other.", "请注明其他情况"})
"""The labels of the question behind `or_other`: each side has its own words for it."""

_MADE = re.compile(r"generated_table_list_label_\d+|reserved_name_for_field_list_labels_\d+")
_LEFT_OUT = {"simserial", "subscriberid"}
_PRELOADS = {"start", "end", "today", "deviceid", "username", "phonenumber", "email"}
_BY_TAG = {
    "range": "range",
    "select": "select_multiple",
    "select1": "select_one",
    "trigger": "acknowledge",
}
_BY_MEDIA = {"image/*": "image", "audio/*": "audio", "video/*": "video", "application/*": "file"}
_BY_BIND = {"int": "integer", "string": "text"}


def asked_by_pyxform(result: ConvertResult, language: str) -> list[Asked]:
    """Return what pyxform's tree asks, in order, without what it adds by itself."""
    return list(_walk(result._survey, (), language or result._survey.default_language))


def asked_here(form: Form) -> list[Asked]:
    """Return what a checklist asks, in order."""
    return list(_members(form.sections, (), form))


def _walk(section: Any, path: tuple[str, ...], language: str) -> Iterator[Asked]:
    made = _made_counts(section)
    for child in section.children:
        if child.name == "meta" or _MADE.fullmatch(child.name) or child.name in made:
            continue
        if isinstance(child, Section):
            inner = list(_walk(child, (*path, child.name), language))
            if inner:
                yield _group(child, path, made, language)
                yield from inner
        elif _preload(child) not in _LEFT_OUT:
            yield _question(child, path, language)


def _preload(child: Any) -> str:
    preload: str = (child.bind or {}).get("jr:preloadParams", "").removeprefix("uri:")
    return preload


def _made_counts(section: Any) -> dict[str, str]:
    """Return the counts that stand in questions of their own, which pyxform adds for repeats."""
    wanted = {
        (child.control or {}).get("jr:count", "")[2:-1]: child.name
        for child in section.children
        if isinstance(child, RepeatingSection)
    }
    return {
        child.name: child.bind["calculate"]
        for child in section.children
        if child.name in wanted and child.name == f"{wanted[child.name]}_count"
        and child.type == "calculate" and not child.label
    }  # fmt: skip


def _group(child: Any, path: tuple[str, ...], made: Mapping[str, str], language: str) -> Asked:
    bind, count = child.bind or {}, (child.control or {}).get("jr:count", "")
    return Asked(
        path,
        child.name,
        "group" if isinstance(child, GroupedSection) else "repeat",
        label=_in_language(child.label, language) if isinstance(child, RepeatingSection) else "",
        relevant=_plain(bind.get("relevant", "")),
        count=_plain(made.get(count[2:-1], count)),
    )


def _question(child: Any, path: tuple[str, ...], language: str) -> Asked:
    bind = child.bind or {}
    kind = _kind(child, bind)
    options = child.choices.options if getattr(child, "choices", None) else ()
    return Asked(
        path,
        child.name,
        kind,
        label=_in_language(child.label, language),
        relevant=_plain(re.sub(r"\.\./([\w.-]+)", r"${\1}", bind.get("relevant", ""))),
        required=_plain(bind.get("required", "")),
        constraint=_plain(bind.get("constraint", "")),
        calculation=_plain(bind.get("calculate", "")),
        read_only="" if kind == "note" else _plain(bind.get("readonly", "")),
        choice_filter=_plain(child.choice_filter or "") if kind.startswith("select") else "",
        choices=tuple(
            (one.name, "" if one.name == "other" else _in_language(one.label, language))
            for one in options
        ),
    )


def _kind(child: Any, bind: Mapping[str, str]) -> str:
    tag = (child.control or {}).get("tag", "")
    if tag in _BY_TAG:
        return _BY_TAG[tag]
    if tag == "upload":
        is_signature = "signature" in (child.control.get("appearance") or "").split()
        kind = _BY_MEDIA[child.control["mediatype"]]
        return "signature" if is_signature and kind == "image" else kind
    if tag == "input":
        is_note = "note" in child.type
        return "note" if is_note else _BY_BIND.get(bind["type"], bind["type"])
    if _preload(child) in _PRELOADS:
        return _preload(child)
    return "hidden" if child.type == "hidden" else "calculate"


def _in_language(text: Any, language: str) -> str:
    """Return a text of pyxform's as docs/forms.md has it: without one, that of another language."""
    if isinstance(text, Mapping):
        others = (other for other in text.values() if other)
        text = text.get(language) or text.get("default") or next(others, "")
    return _plain(text or "")


def _plain(text: str) -> str:
    return re.sub(r" +", " ", str(text)).strip().translate(SMART_QUOTES)


def _members(
    members: Sequence[Item | FormSection], path: tuple[str, ...], form: Form
) -> Iterator[Asked]:
    for member in members:
        if isinstance(member, Item):
            yield _item(member, path, form)
            yield from _members(member.columns, (*path, member.cited_as), form)
        elif member.name:
            yield Asked(path, member.name, "group", relevant=_text(member.relevant))
            yield from _members(member.items, (*path, member.name), form)
        else:
            yield from _members(member.items, path, form)


def _item(item: Item, path: tuple[str, ...], form: Form) -> Asked:
    if item.kind is Kind.TABLE:
        return Asked(
            path,
            item.cited_as,
            "repeat",
            label=_plain(item.question),
            relevant=_text(item.relevant),
            count=_text(item.count),
        )
    return Asked(
        path,
        item.cited_as,
        item.kind.value,
        label=_plain(item.question),
        relevant=_text(item.relevant),
        required=_text(item.required),
        constraint=_text(item.constraint),
        calculation=_text(item.calculation),
        read_only="" if item.kind is Kind.NOTE else _text(item.read_only),
        choice_filter=_text(item.choice_filter),
        choices=tuple(
            (one.name, "" if one.name == "other" else _plain(one.label))
            for one in form.choices_of(item)
        ),
    )


def _text(condition: Condition | None) -> str:
    return _plain(condition.text) if condition else ""
