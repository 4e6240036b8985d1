"""The leaves of the record as they lie: cases with and without a head, read whatever they hold."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select, type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from inspect_server.domain.record import BROKEN, StoredLeaf, chain_faults, moment
from inspect_server.reads.record_checks.replay import Event
from inspect_server.reads.record_checks.sealed import as_bytes
from inspect_server.store.models.record import RecordCase, RecordLeaf


@dataclass(frozen=True)
class Case:
    """One case: its readable events, and what is wrong with its chain."""

    name: str
    count: int
    events: tuple[Event, ...]
    faults: tuple[str, ...]


def names(session: Session) -> list[str]:
    """Return every case that has a head or a leaf, sorted."""
    heads = session.scalars(select(RecordCase.name))
    named = {*heads, *session.scalars(select(RecordLeaf.case_name).distinct())}
    return sorted(map(str, named))  # SQLite keeps bytes for a name, too


def count(session: Session) -> int:
    """Return how many cases have a head."""
    return session.scalar(select(func.count()).select_from(RecordCase)) or 0


def load(session: Session, name: str) -> Case:
    """Read one case and check its chain."""
    head = session.execute(
        select(RecordCase.last_seq, RecordCase.last_leaf).where(RecordCase.name == name)
    ).first()
    rows = session.execute(
        select(
            RecordLeaf.case_seq,
            RecordLeaf.leaf,
            type_coerce(RecordLeaf.content, NullType()),
            RecordLeaf.type,
            type_coerce(RecordLeaf.at, NullType()),
        )
        .where(RecordLeaf.case_name == name)
        .order_by(RecordLeaf.case_seq)
    ).all()
    leaves = [StoredLeaf(row[0], row[1], as_bytes(row[2])) for row in rows]
    faults = [] if head else ["有事件而没有案卷登记，案卷登记已被删除"]
    last = (head[0], head[1]) if head else (len(leaves), leaves[-1].leaf if leaves else "")
    faults += chain_faults(name, leaves, *last)
    events: list[Event] = []
    for leaf, row in zip(leaves, rows, strict=True):
        event = _event(name, leaf)
        if event is None:
            faults.append(f"第 {leaf.case_seq} 条：内容不可读")
            continue
        events.append(event)
        if (event.type, event.at) != (row[3], _moment(row[4])):
            faults.append(f"第 {leaf.case_seq} 条：登记的类型或时间与内容不符")
    return Case(name, len(leaves), tuple(events), tuple(faults))


def _event(case: str, leaf: StoredLeaf) -> Event | None:
    try:
        read = json.loads(leaf.content)
        event = Event(
            case, leaf.case_seq, leaf.leaf, read["type"], read["at"], read["actor"], read["body"]
        )
    except BROKEN:
        return None
    return event if isinstance(event.body, dict) else None


def _moment(raw: Any) -> str:
    """Return a stored moment as leaves write it; "" for what is none."""
    try:
        at = datetime.fromisoformat(raw) if isinstance(raw, str) else raw
        return moment(at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC))
    except BROKEN:
        return ""
