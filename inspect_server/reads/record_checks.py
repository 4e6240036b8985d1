"""Verifying the full-process record from what is stored, and nothing else."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inspect_server.domain.record import (
    StoredLeaf,
    canonical,
    chain_faults,
    commitment,
    moment,
)
from inspect_server.store.models.inspection import Inspection, InspectionForm
from inspect_server.store.models.planning import Plan
from inspect_server.store.models.record import PersonalValue, RecordCase, RecordLeaf

PREFIX, PLAN = "inspection/", "plan/"
COMMITMENT = 64
"""Length of a commitment in hex digits; see `domain.record.commitment`."""


@dataclass(frozen=True)
class CaseCheck:
    """One case after recomputing: how many events, and what is wrong."""

    case: str
    events: int
    faults: tuple[str, ...]


def count_cases(session: Session) -> int:
    """Return how many cases the record has."""
    return session.scalar(select(func.count()).select_from(RecordCase)) or 0


def check_cases(
    session: Session, case: str = "", advance: Callable[[int], None] = lambda _: None
) -> tuple[CaseCheck, ...]:
    """
    Recompute every case, or one: hashes, order, copies, and everything that its events name.

    That is plans, schemes and pinned checklists, sealed records, and the personal values that
    events commit to. A personal value that is gone was erased, which the record allows for.

    Args:
        session: Reading.
        case: Only this one, when given.
        advance: Called with 1 after each case.
    """
    query = select(RecordCase).order_by(RecordCase.name)
    heads = session.scalars(query.where(RecordCase.name == case) if case else query).all()
    return tuple(_check(session, head, advance) for head in heads)


def _check(session: Session, head: RecordCase, advance: Callable[[int], None]) -> CaseCheck:
    rows = session.execute(
        select(
            RecordLeaf.case_seq,
            RecordLeaf.leaf,
            RecordLeaf.content,
            RecordLeaf.type,
            RecordLeaf.at,
        )
        .where(RecordLeaf.case_name == head.name)
        .order_by(RecordLeaf.case_seq)
    ).all()
    leaves = [StoredLeaf(row.case_seq, row.leaf, _bytes(row.content)) for row in rows]
    faults = chain_faults(head.name, leaves, head.last_seq, head.last_leaf)
    if not faults:
        events = [json.loads(leaf.content) for leaf in leaves]
        faults = _shown_faults(events, [(row.type, moment(row.at)) for row in rows])
        faults += _committed_faults(session, events)
        if head.name.startswith(PREFIX):
            faults += _inspection_faults(session, head.name.removeprefix(PREFIX), events)
        if head.name.startswith(PLAN):
            faults += _plan_faults(session, events)
    advance(1)
    return CaseCheck(head.name, len(leaves), faults)


def _shown_faults(
    events: Sequence[dict[str, Any]], shown: Sequence[tuple[str, str]]
) -> tuple[str, ...]:
    """Compare what lists show of each event, copied beside its bytes, with the bytes."""
    pairs = enumerate(zip(events, shown, strict=True), start=1)
    return tuple(
        f"第 {seq} 条：登记的类型或时间与内容不符"
        for seq, (event, copied) in pairs
        if (event["type"], event["at"]) != copied
    )


def _plan_faults(session: Session, events: Sequence[dict[str, Any]]) -> tuple[str, ...]:
    """Compare the plans of a year with the hashes that their leaves carry."""
    made = [event["body"] for event in events if event["type"] == "plan.made"]
    bodies = {str(id): body for id, body in session.execute(select(Plan.id, Plan.body))}
    return tuple(
        f"计划 {one['plan']} 与登记的哈希不符"
        for one in made
        if "sha256" in one and _hash_of(bodies.get(one["plan"])) != one["sha256"]
    )


def _committed_faults(session: Session, events: Sequence[dict[str, Any]]) -> tuple[str, ...]:
    """Compare the personal values that events commit to with their commitments."""
    named = [
        (seq, value)
        for seq, event in enumerate(events, start=1)
        for value in event["body"].values()
        if isinstance(value, str) and len(value) == COMMITMENT
    ]
    sealed = _personal(session, [value for _, value in named])
    return tuple(
        f"第 {seq} 条：留存的保密内容与登记不符"
        for seq, value in named
        if value in sealed and not _opens(sealed[value], value)
    )


def _inspection_faults(
    session: Session, number: str, events: Sequence[dict[str, Any]]
) -> tuple[str, ...]:
    """Compare an inspection as stored with what its events say of it."""
    visit = session.scalar(select(Inspection).where(Inspection.number == number))
    if visit is None:
        return ("该检查已不在数据库中",)
    return (
        *_scheme_faults(session, visit, events),
        *_form_faults(session, visit, events),
        *_sealed_faults(visit.record, events),
    )


def _scheme_faults(
    session: Session, visit: Inspection, events: Sequence[dict[str, Any]]
) -> tuple[str, ...]:
    """Compare the scheme with the last commitment to it."""
    committed = [one["body"]["scheme"] for one in events if "scheme" in one["body"]][-1:]
    sealed = _personal(session, committed)
    if all(_opens(row, value, visit.scheme) for value, row in sealed.items()):
        return ()
    return ("检查方案与登记不符",)


def _form_faults(
    session: Session, visit: Inspection, events: Sequence[dict[str, Any]]
) -> tuple[str, ...]:
    """Compare the pinned checklists with those that the task was sent out with."""
    sent = [one["body"] for one in events if one["type"] == "inspection.dispatched"]
    if not sent:
        return ()
    rows = session.scalars(select(InspectionForm).where(InspectionForm.inspection_id == visit.id))
    pinned = {row.name: row for row in rows}
    hashes = {name: row.content_sha256 for name, row in pinned.items()}
    names = "+".join(sorted(f"{name}@{row.version}" for name, row in pinned.items()))
    said = (sent[-1].get("form_set"), sent[-1].get("form_set"), sent[-1].get("forms"))
    return () if (visit.form_set, names, hashes) == said else ("检查表与派发时登记的不符",)


def _personal(session: Session, commitments: Sequence[str]) -> dict[str, PersonalValue]:
    found = select(PersonalValue).where(PersonalValue.commitment.in_(commitments))
    return {row.commitment: row for row in session.scalars(found)}


def _opens(row: PersonalValue, committed: str, value: object = None) -> bool:
    """Return whether a row's value, or the given one, is what was committed to under its salt."""
    try:
        opened = json.loads(row.value) if value is None else value
        return commitment(_bytes(row.salt), opened) == committed
    except ValueError:
        return False


def _sealed_faults(stored: object, events: Sequence[dict[str, Any]]) -> tuple[str, ...]:
    """Compare a closed record with the hash that its leaf carries."""
    sealed = [one["body"]["record_sha256"] for one in events if one["type"] == "record.closed"]
    if not sealed:
        return () if stored is None else ("有办结记录而没有办结事件",)
    if stored is None:
        return ("办结记录缺失",)
    return () if _hash_of(stored) == sealed[-1] else ("办结记录与登记的哈希不符",)


def _hash_of(stored: object) -> str:
    """Return the hash of a sealed record; "" when it is no longer canonical at all."""
    try:
        return hashlib.sha256(canonical(stored).encode("utf-8")).hexdigest()
    except ValueError:
        return ""


def _bytes(content: object) -> bytes:
    """Return stored bytes; whoever edits SQLite by hand may leave text in their place."""
    return content if isinstance(content, bytes) else str(content).encode("utf-8")
