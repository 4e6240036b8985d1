"""
Plain tables into checklists: one strict reader for definition files and for JSON bodies.

Every refusal is a `BadDefinition` that names file, item and field. What items say of each other is
looked at afterwards (`consistency`).
"""

import re
from dataclasses import MISSING, fields
from typing import Any

from forms.definition.consistency import contradictions, lapses
from forms.definition.parse_law import optional_basis, parse_basis, parse_penalty
from forms.definition.tables import Table
from forms.expressions.values import LONGEST_NUMBER
from forms.model import (
    Choice,
    ChoiceList,
    Competence,
    Condition,
    Form,
    Item,
    Kept,
    Kind,
    Major,
    Section,
)

CODE = r"[^\W\d][\w.\-·]*"
LAW_VALUE_ID = r"[a-z_]+(\.[a-z_]+)+"
NAME = r"[a-z0-9][a-z0-9_-]{0,47}"
SECTOR = r"[a-z]+(_[a-z]+)*"
DECIMAL = r"-?(0|[1-9]\d*)(\.\d+)?"

NEWEST_VERSION = 999_999_999
"""The highest number of a version: what commands can name and every database can hold."""

MOST_PHOTOS = 99
LONGEST_PERIOD = 3650
"""Days to rectify; a longer period, or more photos of one failure, is a slip of the keyboard."""

_COUNTED = re.compile(r"(\d{1,9}|[零一二两三四五六七八九十百]+) *[行次个条遍组人台项份]?")
"""A number of rows as people write it in a sentence."""

DEEPEST = 20
"""Levels of sections and tables."""
WITHIN = ("items", "columns")

JUDGED_FIELDS = (
    "how_to_check",
    "basis",
    "major",
    "major_needs",
    "major_note",
    "device_clause",
    "penalties",
    "rectify",
    "finding",
    "photos_on_failure",
    "correctable_on_site",
    "verification",
    "competence",
)
"""Fields that only an item has which can fail."""

FORM_FIELDS = tuple(one.name for one in fields(Form))
SECTION_FIELDS = tuple(one.name for one in fields(Section))
ITEM_FIELDS = tuple(one.name for one in fields(Item))
CHOICE_FIELDS = tuple(one.name for one in fields(Choice))
ITEM_DEFAULTS: dict[str, Any] = {
    one.name: one.default for one in fields(Item) if one.default is not MISSING
}


def parse_form(table: Table, *more: str) -> Form:
    """
    Read a whole checklist whose laws and penalties stand in place.

    Args:
        table: The body; a definition file is brought into this form by `forms.load`.
        more: Fields that the table may have beside those of a checklist.

    Raises:
        BadDefinition: Names file, item and field.
    """
    form = read_form(table, *more)
    for error in (*contradictions(form, table), *lapses(form, table)):
        raise error
    return form


def read_form(table: Table, *more: str) -> Form:
    """
    Read a whole checklist as `parse_form` does, without asking whether its parts fit together.

    Raises:
        BadDefinition: Names file, item and field.
    """
    table.only(*FORM_FIELDS, *more)
    refuse_deep(table)
    form = Form(
        name=table.text("name", pattern=NAME),
        version=table.number("version", most=NEWEST_VERSION),
        title=table.text("title"),
        effective_from=table.day("effective_from"),
        retired_on=table.optional_day("retired_on"),
        sectors=table.texts("sectors", pattern=SECTOR),
        device_clause=optional_basis(table, "device_clause"),
        sections=tuple(_parse_section(part) for part in table.tables("sections")),
        on_request="on_request" in table and table.flag("on_request"),
        instead_of=table.optional_texts("instead_of", pattern=NAME),
        choice_lists=tuple(_parse_list(one) for one in table.optional_tables("choice_lists")),
        language=table.optional_text("language"),
        kept=_kept(table, "kept"),
    )
    if form.retired_on is not None and form.retired_on <= form.effective_from:
        raise table.refuse("retired_on", "停用日期应晚于启用日期")
    if form.name in form.instead_of:
        raise table.refuse("instead_of", "不能代替自己")
    return form


def parse_item(table: Table) -> Item:
    """
    Read one item, without looking at any other.

    Raises:
        BadDefinition: Names file, item and field.
    """
    code = table.text("code", pattern=CODE)
    table = table.named(f"条目 {code}")
    table.only(*ITEM_FIELDS)
    kind = table.choice("kind", Kind) if "kind" in table else Kind.CHECK
    is_judged = kind is Kind.CHECK or table.data.get("fails_if") is not None
    if not is_judged:
        _refuse_judging(table)
    return Item(code=code, kind=kind, **_asked(table), **(_judged(table) if is_judged else {}))


def refuse_deep(table: Table) -> None:
    """
    Refuse sections in sections beyond what anybody reads, before anything recurses.

    Raises:
        BadDefinition: There are more than `DEEPEST` levels.
    """
    level: list[Any] = [table.data.get("sections")]
    for _ in range(DEEPEST + 1):
        rows = [row for part in level if isinstance(part, list) for row in part]
        level = [row.get(key) for row in rows if isinstance(row, dict) for key in WITHIN]
        if not any(level):
            return
    raise table.refuse("sections", f"章节和表格的嵌套不能超过{DEEPEST}层")


def _decimal(table: Table, field: str) -> str:
    if len(table.optional_text(field)) > LONGEST_NUMBER:
        raise table.refuse(field, f"数字不能超过{LONGEST_NUMBER}个字符，请改短")
    return table.optional_text(field, pattern=DECIMAL)


def _count(table: Table) -> Condition | None:
    """Read how many rows there are: a number with a word behind it is no expression."""
    text = table.data.get("count")
    said = _COUNTED.fullmatch(text) if isinstance(text, str) and not text.isascii() else None
    if said is not None:
        meant = f"请写成 {int(said[1])}" if said[1].isdecimal() else "请写成数字，如 3"
        raise table.refuse("count", f"行数只写数字，{meant}")
    return table.condition("count")


def _asked(table: Table) -> dict[str, Any]:
    return {
        "question": table.lines("question") if "question" in table else "",
        "focus": "focus" in table and table.flag("focus"),
        "fails_if": table.condition("fails_if"),
        "name": table.optional_text("name", pattern=CODE),
        "hint": table.lines("hint"),
        "guidance": table.lines("guidance"),
        "relevant": table.condition("relevant"),
        "required": table.condition("required"),
        "required_message": table.lines("required_message"),
        "read_only": table.condition("read_only"),
        "constraint": table.condition("constraint"),
        "constraint_message": table.lines("constraint_message"),
        "calculation": table.condition("calculation"),
        "default": table.starting_value("default"),
        "choices": table.optional_text("choices"),
        "choice_filter": table.filter("choice_filter"),
        "unit": table.optional_text("unit"),
        "least": _decimal(table, "least"),
        "most": _decimal(table, "most"),
        "step": _decimal(table, "step"),
        "appearance": table.optional_text("appearance"),
        "columns": tuple(_parse_member(row) for row in table.optional_tables("columns")),
        "count": _count(table),
        "kept": _kept(table, "kept"),
    }


def _judged(table: Table) -> dict[str, Any]:
    """Read what a failure means: the bureau's own matters say it all, others name no penalty."""
    table.text("question")  # one line: documents print it
    competence = table.choice("competence", Competence) if "competence" in table else Competence.OWN
    is_own = competence is Competence.OWN
    if not is_own and (table.data.get("penalties") or table.data.get("rectify")):
        field = "penalties" if table.data.get("penalties") else "rectify"
        raise table.refuse(field, "不属于本部门职责的条目只移送线索，不写罚则和整改期限")
    penalties = table.tables("penalties") if is_own else ()
    major = table.choice("major", Major)
    if not is_own and major is not Major.NO:
        raise table.refuse("major", "不属于本部门职责的条目只移送线索，不判定重大事故隐患")
    return {
        "how_to_check": table.text("how_to_check"),
        "basis": tuple(parse_basis(row, "basis") for row in table.tables("basis")),
        "major": major,
        "major_needs": table.optional_texts("major_needs", pattern=CODE),
        "major_note": table.optional_text("major_note"),
        "device_clause": "device_clause" in table and table.flag("device_clause"),
        "penalties": tuple(parse_penalty(row) for row in penalties),
        "rectify": _rectify(table) if is_own else 0,
        "finding": table.text("finding"),
        "photos_on_failure": _photos(table),
        "correctable_on_site": (
            "correctable_on_site" in table and table.flag("correctable_on_site")
        ),
        "verification": table.text("verification"),
        "competence": competence,
    }


def _refuse_judging(table: Table) -> None:
    for field in JUDGED_FIELDS:
        if field in table and table.data[field] != ITEM_DEFAULTS[field]:
            raise table.refuse(field, "只有检查项或者写明 fails_if 的条目才有这个字段")


def _parse_section(table: Table) -> Section:
    table.only(*SECTION_FIELDS)
    title = table.lines("title", may_lack=False)
    name = table.optional_text("name", pattern=CODE)
    table = table.named(f"章节“{title or name}”")
    return Section(
        title=title,
        items=tuple(_parse_member(row) for row in table.tables("items")),
        name=name,
        relevant=table.condition("relevant"),
        hint=table.lines("hint"),
        appearance=table.optional_text("appearance"),
        kept=_kept(table, "kept"),
    )


def _parse_member(table: Table) -> Item | Section:
    return _parse_section(table) if "items" in table else parse_item(table)


def _parse_list(table: Table) -> ChoiceList:
    table.only("name", "choices")
    name = table.text("name")
    table = table.named(f"选项表“{name}”")
    return ChoiceList(name, tuple(parse_choice(row) for row in table.tables("choices")))


def parse_choice(table: Table) -> Choice:
    """
    Read one choice, without looking at any other.

    Raises:
        BadDefinition: Names file, list and field.
    """
    table.only(*CHOICE_FIELDS)
    return Choice(
        name=table.text("name"),
        label=table.lines("label"),
        columns=_kept(table, "columns"),
        kept=_kept(table, "kept"),
    )


def _kept(table: Table, field: str) -> Kept:
    if table.data.get(field) is None:
        return ()
    rows = table.list(field)
    for row in rows:
        if not isinstance(row, list) or [type(part) for part in row] != [str, str]:
            raise table.refuse(field, "每一项应为列名和内容两段文字")
    return tuple((column, cell) for column, cell in rows)


def _photos(table: Table) -> int:
    field = "photos_on_failure"
    return table.number(field, most=MOST_PHOTOS) if field in table else 1


def _rectify(table: Table) -> int | str:
    if isinstance(table.data.get("rectify"), str):
        return table.text("rectify", pattern=LAW_VALUE_ID)
    return table.number("rectify", most=LONGEST_PERIOD)
