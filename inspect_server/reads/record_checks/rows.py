"""Reading rows as they lie, whatever somebody put there, and comparing them with the events."""

import hashlib
import json
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, ColumnElement, Text, Uuid, cast, select, type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from inspect_server.domain.record import BROKEN, GENESIS, canonical, moment
from inspect_server.reads.record_checks.events import KEYS
from inspect_server.reads.record_checks.replay import Expected, Facts, Key
from inspect_server.reads.record_checks.sealed import opens, values
from inspect_server.store.models import Base

UNREADABLE = "\x00unreadable"
"""What stands for a value that is none of its column's: no event ever says this."""
TITLES: Mapping[str, str] = {
    "plan": "检查计划",
    "draw": "抽取",
    "draw_dice": "骰子点数",
    "draw_replacement": "替补",
    "draw_void": "作废申请",
    "hash_chain": "哈希链",
    "inspection": "检查任务",
    "inspection_member": "检查组成员",
    "inspection_end": "终止登记",
    "enterprise_check": "检查频次",
    "inspection_form": "检查表",
    "issued_document": "文书",
    "signed_document": "文书签名",
    "registry_import": "导入登记",
    "user_account": "账号",
    "published_notice": "公示",
    "published_checklist": "发布的检查表",
    "checklist_retirement": "检查表停用",
    "citation_confirmation": "引用核对登记",
}
Row = Mapping[str, Any]
Found = tuple[str, str]
"""The case that a fault belongs to ("" for none), and the fault in Chinese."""


def read(session: Session, name: str, only: Collection[str] | None = None) -> Iterator[Row]:
    """
    Yield the rows of a table as plain values, comparable with what a leaf says.

    Ids and days are text, moments as leaves write them; what cannot be read is UNREADABLE.

    Args:
        only: Those whose first key column has one of these values; None for every row.
    """
    table = Base.metadata.tables[name]
    columns = list(table.columns)
    query = select(*(_as_it_lies(session, column).label(column.name) for column in columns))
    if only is not None:
        first = table.c[KEYS[name][0]]
        query = query.where(first.in_([_bound(first, value) for value in only]))
    readers = {column.name: _reader(session, column) for column in columns}
    for row in session.execute(query.execution_options(yield_per=2_000)).mappings():
        yield {key: readers[key](value) for key, value in row.items()}


def _as_it_lies(session: Session, column: Column[Any]) -> ColumnElement[Any]:
    """Return a column unread: of JSON, PostgreSQL's driver would fail for all rows at once."""
    if isinstance(column.type, JSON) and session.get_bind().dialect.name == "postgresql":
        return cast(column, Text)
    return type_coerce(column, NullType())


def _bound(column: Column[Any], value: str) -> Any:
    return UUID(value) if isinstance(column.type, Uuid) else value


def _reader(session: Session, column: Column[Any]) -> Callable[[Any], Any]:
    dialect = session.get_bind().dialect
    process = (
        json.loads
        if isinstance(column.type, JSON)
        else column.type.dialect_impl(dialect).result_processor(dialect, None)
    )

    def plain(raw: Any) -> Any:
        try:
            return _plain(process(raw) if process and raw is not None else raw)
        except BROKEN:
            return UNREADABLE

    return plain


def _plain(value: Any) -> Any:
    match value:
        case Enum():
            return value.value
        case UUID():
            return str(value)
        case datetime():
            return moment(value)
        case date():
            return value.isoformat()
        case _:
            return value


def compare(session: Session, facts: Facts, *, whole: bool) -> Iterator[Found]:
    """
    Yield where rows and events contradict each other.

    Args:
        whole: Whether the facts are those of every case, so that a row without events is a fault.
    """
    for name, key_columns in KEYS.items():
        expected = dict(facts.of(name))
        if not expected and not whole:
            continue
        for row in read(session, name, None if whole else {key[0] for key in expected}):
            key = tuple(row[column] for column in key_columns)
            wanted = expected.pop(key, None)
            if wanted is not None:
                yield from _differences(session, name, key, row, wanted)
            elif whole:
                yield "", f"{TITLES[name]} {_shown(key)}：全过程记录中没有相应事件"
        for key, lost in expected.items():
            yield lost.case, f"{TITLES[name]} {_shown(key)}：全过程记录中有事件，数据库中已缺失"


def _differences(
    session: Session, table: str, key: Key, row: Row, wanted: Expected
) -> Iterator[Found]:
    for column, value in wanted.columns.items():
        holds = HOLDS.get((table, column), _same)
        if not holds(session, row[column], value):
            yield wanted.case, f"{TITLES[table]} {_shown(key)}：{column} 与全过程记录不符"


def _shown(key: Key) -> str:
    return " ".join(str(part) for part in key)


def _same(_: Session, stored: Any, said: Any) -> bool:
    return bool(stored == said)


def digest_of(value: Any) -> str:
    """Return the hash of a JSON value; "" when it is no longer canonical at all."""
    try:
        return hashlib.sha256(canonical(value).encode("utf-8")).hexdigest()
    except BROKEN:
        return ""


def _hashed_json(_: Session, stored: Any, said: Any) -> bool:
    return bool(digest_of(stored) == said)


def _hashed_json_or_none(_: Session, stored: Any, said: Any) -> bool:
    return bool(stored is said if stored is None or said is None else digest_of(stored) == said)


def _hashed_text(_: Session, stored: Any, said: Any) -> bool:
    if stored is None or said is None:
        return bool(stored is said)
    return bool(hashlib.sha256(str(stored).encode("utf-8", "replace")).hexdigest() == said)


def _committed(session: Session, stored: Any, said: Any) -> bool:
    if stored is None or said is None:
        return bool(stored is said)
    return all(opens(row, said, stored) for row in values(session, [said]).values())


def _said_or_committed(session: Session, stored: Any, said: Any) -> bool:
    """Judge a reason that stands in clear (of an enterprise) or is committed to (of a person)."""
    is_commitment = isinstance(said, str) and len(said) == len(GENESIS)
    return _committed(session, stored, said) if is_commitment else bool(stored == said)


HOLDS: Mapping[tuple[str, str], Callable[[Session, Any, Any], bool]] = {
    ("plan", "body"): _hashed_json,
    ("published_notice", "body"): _hashed_json,
    ("inspection", "record"): _hashed_json_or_none,
    ("inspection", "scheme"): _committed,
    ("published_notice", "reason"): _hashed_text,
    ("draw", "certificate"): _hashed_text,
    ("draw_replacement", "entry"): _hashed_text,
    ("issued_document", "void_reason"): _committed,
    ("inspection_member", "left_reason"): _said_or_committed,
    ("published_checklist", "body"): _hashed_json,
    ("citation_confirmation", "citation"): _hashed_text,
    ("citation_confirmation", "article"): _hashed_text,
    ("citation_confirmation", "source"): _committed,
    ("citation_confirmation", "withdraw_reason"): _committed,
}
"""Columns of which events carry a hash or a commitment."""
