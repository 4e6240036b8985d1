"""Fields of a checklist and their values in the words that offices use for them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from forms.expressions.tree import Tree
from forms.model import (
    COMPETENCE_NAMES,
    Basis,
    ChoiceList,
    Competence,
    Condition,
    Kind,
    Law,
    Major,
    Penalty,
)
from forms.workbook.words import (
    CHOICE_HEADERS,
    FLAGS,
    FORM_ROWS,
    ITEM_HEADERS,
    KINDS,
    LAW_HEADERS,
    LAW_VALUES,
    MAJORS,
    PENALTY_HEADERS,
    SECTION_HEADERS,
    SECTORS,
    Vocabulary,
)

GRADES = {Major.YES: "★", Major.POSSIBLE: "☆", Major.NO: "—"}
"""How a paper marks whether a failure is a 重大事故隐患."""

UNVERIFIED = "［待核］"
"""Stands behind a citation that nobody compared with the text."""

NOTHING = "（无）"
KEPT = {"kept": "保留不用的列"}
FORM_FIELDS = {**{name: FORM_ROWS.word(name) for name in FORM_ROWS.words}, "kept": "保留不用的设置"}
ITEM_FIELDS = {**{name: ITEM_HEADERS.word(name) for name in ITEM_HEADERS.words}, **KEPT}
SECTION_FIELDS = {
    **{name: SECTION_HEADERS.word(name) for name in SECTION_HEADERS.words},
    "title": "名称",
    **KEPT,
}
CHOICE_FIELDS = {
    **{name: CHOICE_HEADERS.word(name) for name in CHOICE_HEADERS.words},
    "columns": "筛选用的列",
    **KEPT,
}
LAW_FIELDS = {name: LAW_HEADERS.word(name) for name in LAW_HEADERS.words}
PENALTY_FIELDS = {name: PENALTY_HEADERS.word(name) for name in PENALTY_HEADERS.words}
OFTEN_ANSWERED = frozenset({"required", "read_only"})
"""Conditions that offices answer with 是 or 否."""

ANSWERS: Mapping[Tree, str] = {("true",): "是", ("false",): "否"}
COUNTED_IN = {"rectify": "天", "photos_on_failure": "张"}
CODED: Mapping[str, Vocabulary[str]] = {"sectors": SECTORS, "rectify": LAW_VALUES}


def in_words(field: str, value: Any) -> str:
    """Return the value of a field of any part of a checklist as a person reads it."""
    match value:
        case None | "" | ():
            return NOTHING
        case bool():
            return FLAGS.word(value)
        case Major():
            return f"{MAJORS.word(value)}（{GRADES[value]}）"
        case Kind():
            return KINDS.word(value)
        case Competence():
            return COMPETENCE_NAMES[value]
        case int():
            return f"{value}{COUNTED_IN.get(field, '')}" if value else NOTHING
        case date():
            return day(value)
        case Condition():
            return ANSWERS.get(value.tree, value.text) if field in OFTEN_ANSWERED else value.text
        case ChoiceList():
            return f"{len(value.choices)}个选项"
        case Basis() | Penalty() | Law():
            return cited(value)
        case tuple():
            return _listed(field, value)
    return _coded(field, str(value))


def day(on: date) -> str:
    """Return a day as documents write it."""
    return f"{on.year}年{on.month}月{on.day}日"


def cited(citation: Basis | Penalty | Law) -> str:
    """Return a citation with its code where it has one, marked where nobody checked it."""
    code = f"（{citation.code}）" if isinstance(citation, Penalty) else ""
    is_checked = citation.verified and (isinstance(citation, Law) or citation.law.verified)
    return f"{citation.printed}{code}{'' if is_checked else UNVERIFIED}"


def _listed(field: str, values: tuple[Any, ...]) -> str:
    if all(isinstance(value, tuple) for value in values):
        return "；".join(f"{column}＝{cell}" for column, cell in values)
    if all(isinstance(value, str) for value in values):
        return "、".join(_coded(field, value) for value in values)
    return "；".join(in_words(field, value) for value in values)


def _coded(field: str, code: str) -> str:
    known = CODED.get(field)
    return known.word(code) if known is not None and code in known.words else code
