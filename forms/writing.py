"""A checklist as the text of a definition file (TOML), from which `forms.load` reads the same."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from enum import StrEnum
from typing import Any, TypeVar

import tomli_w

from forms.errors import FormError
from forms.evaluation.ordering import members_of
from forms.load import LawTables, packaged_tables
from forms.model import (
    Basis,
    Choice,
    ChoiceList,
    Condition,
    Form,
    Item,
    Kind,
    Law,
    Penalty,
    Section,
)

ONE_TABLE_EACH = frozenset({"items", "columns"})
"""Fields whose rows stand under a header of their own, however short, as all of the top do."""

LAST = ("sections", "choice_lists", "laws", "penalties")
"""The order of the tables of the top; others keep theirs and stand before these."""

ONE_LINE = 101
"""Signs up to which a list stands on one line, its line feed included."""

JUDGED_ALWAYS = frozenset({"major"})
"""Fields that a judged item says even where it is assumed of others."""

Row = dict[str, Any]
Coded = TypeVar("Coded", Law, Penalty)


class CodeTaken(FormError):
    """One code stands for two laws or penalty clauses: a definition cites them by code."""

    code, kind = "forms.code_taken", "invalid"
    message = (
        "检查表 {ref} 中代号“{taken}”的{noun}与本程序的{noun}表（或者本表另一处）内容不同，"
        "不能写入定义文件，请为其另取一个代号后重试。"
    )


def definition_text(
    form: Form, remarks: Sequence[str] = (), tables: LawTables | None = None
) -> str:
    """
    Return the text of a definition file; the same checklist gives the same text.

    Laws and penalty clauses that are not in the tables stand in the file itself.

    Args:
        remarks: Lines that stand as comments at the top.
        tables: The laws and penalty clauses that are there when the file is read; those that come
            with the program where left out.

    Raises:
        CodeTaken: The tables have something else under a code.
    """
    cited = _Cited(form, tables or packaged_tables())
    own = {"laws": cited.own_laws(), "penalties": cited.own_penalties()}
    whole = {**_said(form, cited), **{field: rows for field, rows in own.items() if rows}}
    lines = [f"# {_printable(line)}".rstrip() for remark in remarks for line in remark.split("\n")]
    head = "\n".join(lines) + "\n\n" if lines else ""
    return head + "".join(_text(whole))


class _Cited:
    """The laws and penalty clauses of a checklist, and which of them its file must hold itself."""

    def __init__(self, form: Form, tables: LawTables) -> None:
        items = [member for member in members_of(form.sections) if isinstance(member, Item)]
        bases = [basis for item in items for basis in item.basis]
        penalties = [penalty for item in items for penalty in item.penalties]
        if form.device_clause is not None:
            bases.insert(0, form.device_clause)
        laws = [*(basis.law for basis in bases), *(penalty.law for penalty in penalties)]
        self._ref = form.ref
        self._tables = tables
        self._laws = self._one_each(laws, tables.laws, "法规")
        whole = [replace(one, clause=self._clause_in_table(one)) for one in penalties]
        self._penalties = self._one_each(whole, tables.penalties, "罚则")

    def own_laws(self) -> list[Row]:
        """Return the rows of laws that the tables do not have."""
        return [_row(law) for law in self._laws]

    def own_penalties(self) -> list[Row]:
        """Return the rows of penalty clauses that the tables do not have."""
        return [_row(one) for one in self._penalties]

    def penalty(self, penalty: Penalty) -> Row:
        """Return how an item cites a penalty clause."""
        if penalty.clause == self._clause_in_table(penalty):
            return {"code": penalty.code}
        return {"code": penalty.code, "clause": penalty.clause}

    def _clause_in_table(self, penalty: Penalty) -> str:
        known = self._tables.penalties.get(penalty.code)
        return known.clause if known is not None else ""

    def _one_each(
        self, cited: Iterable[Coded], known: Mapping[str, Coded], noun: str
    ) -> tuple[Coded, ...]:
        """Return what is not known, by code in the order in which it is cited."""
        own: dict[str, Coded] = {}
        for one in cited:
            if known.get(one.code, own.setdefault(one.code, one)) != one:
                raise CodeTaken(ref=self._ref, taken=one.code, noun=noun)
        return tuple(one for code, one in own.items() if code not in known)


def _said(whole: Any, cited: _Cited, always: frozenset[str] = frozenset()) -> Row:
    """Return the fields of a part that say something, as TOML has them."""
    found = {
        one.name: _plain(value, cited)
        for one in fields(whole)
        if (value := getattr(whole, one.name)) != one.default or one.name in always
    }
    return {name: value for name, value in found.items() if value is not None and value != []}


def _plain(value: Any, cited: _Cited) -> Any:
    match value:
        case Item():
            return _item(value, cited)
        case Section() | ChoiceList() | Choice():
            return _said(value, cited)
        case Basis():
            return {"law": value.law.code, "article": value.article, "verified": value.verified}
        case Penalty():
            return cited.penalty(value)
        case Condition():
            return value.text
        case StrEnum():
            return value.value
        case tuple():
            return [_plain(part, cited) for part in value]
    return value


def _item(item: Item, cited: _Cited) -> Row:
    row = _said(item, cited, JUDGED_ALWAYS if item.is_judged else frozenset())
    if item.kind is Kind.CHECK:
        del row["kind"]
    if not item.question:
        del row["question"]
    return row


def _row(whole: Law | Penalty) -> Row:
    """Return a row of a table; a penalty clause names its law by code."""
    named = {one.name: getattr(whole, one.name) for one in fields(whole)}
    plain = {name: one.code if isinstance(one, Law) else one for name, one in named.items()}
    return {name: one for name, one in plain.items() if one not in (None, "") or name == "article"}


def _text(table: Row, path: str = "") -> Iterator[str]:
    """Yield a table: what fits into lines first, then the tables below it, each with its header."""
    below = [field for field, value in table.items() if _stands_below(field, value, path)]
    for field in (field for field in table if field not in below):
        yield _line(field, table[field])
    for field in sorted(below, key=lambda field: LAST.index(field) if field in LAST else -1):
        yield from _tables(table[field], f"{path}{field}")


def _tables(value: Row | list[Row], path: str) -> Iterator[str]:
    header = f"[{path}]" if isinstance(value, dict) else f"[[{path}]]"
    for row in [value] if isinstance(value, dict) else value:
        yield f"\n{header}\n"
        yield from _text(row, f"{path}.")


def _stands_below(field: str, value: Any, path: str) -> bool:
    """Return whether a field has a header of its own: tables that do not fit into lines."""
    if not isinstance(value, list):
        return isinstance(value, dict)
    if not isinstance(value[0], dict):
        return False
    return not path or field in ONE_TABLE_EACH or _line(field, value).startswith("[")


def _line(field: str, value: Any) -> str:
    """Return the line or lines of a field; a header first where it does not fit into lines."""
    # Of a carriage return and a line feed on two lines only the latter would come back.
    on_lines = isinstance(value, str) and "\n" in value and "\r" not in value
    text = tomli_w.dumps({field: value}, multiline_strings=on_lines)
    line = _joined(text) if isinstance(value, list) and not text.startswith("[") else text
    return line if len(line) <= ONE_LINE else text


def _joined(text: str) -> str:
    """Return a list that stands on several lines on one."""
    line = ""
    for part in map(str.strip, text[:-1].split("\n")):
        line = line.removesuffix(" ").removesuffix(",") if part.startswith("]") else line
        line += f"{part} " if part.endswith(",") else part
    return f"{line}\n"


def _printable(line: str) -> str:
    """Return a line that may stand in a comment."""
    return "".join(character if character.isprintable() else " " for character in line)
