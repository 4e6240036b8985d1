"""
Entities: things that other tools keep from visit to visit. Here they mean nothing.

What those tools refuse of them is an error all the same, so that a workbook that is taken here can
be used there: what the sheet `entities` declares, and what the survey saves to it (`save_to`).
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from forms.definition.parse import DEEPEST
from forms.errors import Problem
from forms.workbook.xlsforms import containers, kinds
from forms.workbook.xlsforms.containers import Listed, Use
from forms.workbook.xlsforms.grid import Grid, Record
from forms.workbook.xlsforms.headers import Tokens
from forms.workbook.xlsforms.reading import references
from forms.workbook.xlsforms.reading.naming import unfit

_SAVE_TO: Tokens = ("bind", "entities:saveto")
_EXPRESSIONS: tuple[Tokens, ...] = (("entity_id",), ("create_if",), ("update_if",), ("label",))
_KNOWN = frozenset({("dataset",), ("repeat",), *_EXPRESSIONS})
_RESERVED = frozenset({"name", "label"})
_NO_QUESTIONS = frozenset(
    {"audit", "form_title", "set_form_title", "form_id", "set_form_id", "prefix"}
)
"""Types of rows that other tools read before they look at what is saved."""


def refuse_bad(survey: Grid, entities: Grid | None, names: Counter[str]) -> Iterator[Problem]:
    """
    Yield what is wrong with a workbook's entities.

    Args:
        survey: The sheet of the questions.
        entities: The sheet of that name; None where the workbook has none.
        names: The names of questions, groups and repeats, and how often each is there.
    """
    declared: dict[str, Record] = {}
    wrong = list(_wrong_cells(survey, entities, names, declared))
    yield from wrong
    if entities is not None and declared and not wrong:
        yield from _wrong_places(survey, entities, declared)


def _wrong_cells(
    survey: Grid, entities: Grid | None, names: Counter[str], declared: dict[str, Record]
) -> Iterator[Problem]:
    """Yield what is wrong with single cells, and note the lists that are declared."""
    if entities is not None:
        yield from entities.problems
        yield from _unknown_columns(entities)
        records = list(entities.records())
        yield from references.refuse_bad(entities, records, names, _EXPRESSIONS)
        yield from _gaps(entities, records)
        for record in records:
            yield from _declaration(entities, record, declared)
    yield from _Saved(survey, tuple(declared)).problems()


def _unknown_columns(entities: Grid) -> Iterator[Problem]:
    for column in entities.columns:
        if not any(row[column.position] for row in entities.rows):
            continue
        if column.tokens not in _KNOWN:
            known = "、".join(["list_name", *(one for (one,) in _EXPRESSIONS)])
            reason = f"entities 表没有这一列，请核对列名（{known}）或删去这一列"
            yield Problem(entities.name, 1, column.header, reason)
        elif column.language:
            reason = "这一列不分语言，请去掉列名中冒号以后的部分"
            yield Problem(entities.name, 1, column.header, reason)


def _gaps(entities: Grid, records: Sequence[Record]) -> Iterator[Problem]:
    """Refuse blank rows between others, which other tools take for lists without a name."""
    before = 1
    for record in records:
        if record.number > before + 1:
            header = entities.header("dataset")
            yield Problem(entities.name, before + 1, header, "这一行是空行，请删去")
        before = record.number


def _declaration(entities: Grid, record: Record, declared: dict[str, Record]) -> Iterator[Problem]:
    """Yield what is wrong with one row, and note the list that it declares."""

    def problem(column: str, usual: str, reason: str) -> Problem:
        return Problem(entities.name, record.number, entities.header(column) or usual, reason)

    name = record.text("dataset")
    if reason := _unfit_list(name, declared):
        yield problem("dataset", "list_name", reason)
    declared.setdefault(name, record)
    entity, create, update = (record.text(one) for one in ("entity_id", "create_if", "update_if"))
    if update and not entity:
        yield problem("entity_id", "entity_id", "写了 update_if 就要有 entity_id，请补上")
    if entity and create and not update:
        reason = "entity_id 和 create_if 都写了就要有 update_if，请补上"
        yield problem("update_if", "update_if", reason)
    if not (entity or update or record.has("label")):
        yield problem("label", "label", "新建实体要有名称，请填写 label")


def _unfit_list(name: str, declared: dict[str, Record]) -> str:
    if not name:
        return "这一行没有实体表名称，请填写 list_name"
    if name in declared:
        return f"实体表“{name}”与第{declared[name].number}行重复，请改名"
    if "." in name:
        return f"实体表名称“{name}”里不能有点号，请改名"
    return _unfit_for_entities(name)


def _unfit_for_entities(name: str) -> str:
    if name.startswith("__"):
        return f"“{name}”不能以两个下划线开头，请改名"
    return unfit(name)


@dataclass(frozen=True)
class _Saved:
    """What the survey saves to the declared lists."""

    survey: Grid
    declared: Sequence[str]

    def problems(self) -> Iterator[Problem]:
        header = self.survey.header(*_SAVE_TO)
        rows: dict[tuple[str, str], int] = {}  # by list and property: who saves to it
        for record in self.survey.records():
            if not record.text(*_SAVE_TO) or not _is_read(record):
                continue
            if reason := self._wrong(record, rows):
                yield Problem(self.survey.name, record.number, header, reason)

    def _wrong(self, record: Record, rows: dict[tuple[str, str], int]) -> str:
        written = record.text(*_SAVE_TO)
        if not self.declared:
            return "没有 entities 工作表，save_to 应留空，请删去"
        if reason := self._wrong_list(written):
            return reason
        wanted, _, name = written.rpartition("#")
        wanted = wanted or self.declared[0]
        kind = record.text("type")
        if kinds.BEGIN.fullmatch(kind) or kinds.END.fullmatch(kind):
            return "分组和重复组不能存入实体，请删去 save_to，写到其中的题目"
        if name.lower() in _RESERVED:
            return f"“{name}”是实体保留的名称，请改名"
        if reason := _unfit_for_entities(name):
            return reason
        first = rows.setdefault((wanted, name), record.number)
        if first != record.number:
            return f"第{first}行已经存入“{name}”，请改名或删去其中一个"
        return ""

    def _wrong_list(self, written: str) -> str:
        wanted, sign, name = written.partition("#")
        if written.count("#") > 1:
            return "save_to 里最多有一个 #，请写成 实体表#属性"
        if sign and not (wanted and name):
            return "# 的前面应是实体表，后面应是属性，请补上"
        if not sign and len(self.declared) > 1:
            return "有不止一张实体表，请写成 实体表#属性"
        if sign and wanted not in self.declared:
            return f"entities 表中没有“{wanted}”，请补上或核对名称"
        return ""


def _wrong_places(
    survey: Grid, entities: Grid, declared: Mapping[str, Record]
) -> Iterator[Problem]:
    """Yield the uses of lists, and the lists, for which other tools find no place."""
    lists = _lists(survey, declared)
    wrong = list(_wrong_uses(survey, entities, lists, declared))
    yield from wrong
    if wrong:
        return
    for one in containers.without_place(lists):
        reason = "已没有分组或重复组可以放这张实体表，请把它的题目放进单独的分组，或者删去这一行"
        yield Problem(entities.name, one.row, entities.header("dataset"), reason)


def _wrong_uses(
    survey: Grid, entities: Grid, lists: Sequence[Listed], declared: Mapping[str, Record]
) -> Iterator[Problem]:
    for listed in lists:
        for use in containers.apart(listed):
            if not use.name:
                header = survey.header(*_SAVE_TO)
                reason = "这一题与同一实体表的其他题目不在同一个重复组内，请删去 save_to"
                yield Problem(survey.name, use.row, header, reason)
                continue
            header = _cited(declared[listed.name])[use.name]
            reason = f"“{use.name}”与这张实体表的其他题目不在同一个重复组内，请改引别的条目"
            yield Problem(entities.name, listed.row, header, reason)


def _lists(survey: Grid, declared: Mapping[str, Record]) -> list[Listed]:
    """Return the lists with their uses, those that come first in the survey first."""
    lists = {name: Listed(name, record.number) for name, record in declared.items()}
    citing: dict[str, list[str]] = {}  # by the name of a row: the lists whose declaration cites it
    for wanted, declaration in declared.items():
        for name in _cited(declaration):
            citing.setdefault(name, []).append(wanted)
    used: dict[str, Listed] = {}
    around = containers.SURVEY
    for record in filter(_is_read, survey.records()):
        kind, name = record.text("type"), record.text("name")
        if kinds.END.fullmatch(kind):
            around = around[:-1] or containers.SURVEY  # too many of them are told elsewhere
            continue
        if saved := record.text(*_SAVE_TO):
            wanted = saved.rpartition("#")[0] or next(iter(declared))
            used.setdefault(wanted, lists[wanted]).uses.append(Use(around, record.number))
        for wanted in citing.get(name, ()):
            used.setdefault(wanted, lists[wanted]).uses.append(Use(around, record.number, name))
        if begin := kinds.BEGIN.fullmatch(kind):
            around = (*around, (name, "repeat" if begin["what"] in kinds.REPEATS else "group"))
            if len(around) > DEEPEST + 1:
                return []  # it is told elsewhere
    return list({**used, **lists}.values())


def _cited(declaration: Record) -> dict[str, str]:
    """Return the names that the expressions of a list cite, each with the header where it does."""
    return {
        name: column.header
        for column, text in declaration.cells.items()
        if column.tokens in _EXPRESSIONS
        for name in re.findall(r"\$\{([^}]+)\}", text)
    }


def _is_read(record: Record) -> bool:
    kind = record.text("type")
    return bool(kind) and kind not in _NO_QUESTIONS and not record.is_disabled
