"""Personal values that events commit to: there until they are erased, and what was committed to."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspect_server.domain.record import BROKEN, commitment
from inspect_server.reads.record_checks.events import COMMITTED, ERASED
from inspect_server.reads.record_checks.replay import Event
from inspect_server.store import record
from inspect_server.store.models.record import PersonalValue

CHUNK = 500


class Value(NamedTuple):
    """A stored personal value and its salt."""

    salt: Any
    value: Any


def values(session: Session, commitments: Sequence[str]) -> Mapping[str, Value]:
    """Return what is stored behind these commitments."""
    found: dict[str, Value] = {}
    for start in range(0, len(commitments), CHUNK):
        query = select(PersonalValue.commitment, PersonalValue.salt, PersonalValue.value).where(
            PersonalValue.commitment.in_(commitments[start : start + CHUNK])
        )
        found |= {row[0]: Value(row[1], row[2]) for row in session.execute(query)}
    return found


def opens(row: Value, committed: str, value: Any = None) -> bool:
    """Return whether a row's value, or the given one, is what was committed to under its salt."""
    try:
        opened = json.loads(row.value) if value is None else value
        return commitment(as_bytes(row.salt), opened) == committed
    except BROKEN:
        return False


def faults(session: Session, events: Sequence[Event]) -> Iterator[str]:
    """Yield which values of a case are gone without having been erased, or were changed."""
    named = [
        (event.seq, event.body[name])
        for event in events
        for name in COMMITTED.get(event.type, ())
        if name in event.body
    ]
    if not named:
        return
    stored = values(session, [value for _, value in named])
    missing = {value for _, value in named} - set(stored)
    erased = _erased(session) if missing else set()
    for seq, value in named:
        if value in stored and not opens(stored[value], value):
            yield f"第 {seq} 条：留存的保密内容与登记不符"
        if value in missing - erased:
            yield f"第 {seq} 条：留存的保密内容缺失，且没有依法删除的登记"


def _erased(session: Session) -> set[str]:
    """Return what was erased for a reason that stands in the record."""
    return {
        str(json.loads(leaf.content)["body"].get("ref"))
        for leaf in record.leaves_of_type(session, ERASED)
    }


def as_bytes(content: object) -> bytes:
    """Return stored bytes; whoever edits SQLite by hand may leave text in their place."""
    return content if isinstance(content, bytes) else str(content).encode("utf-8")
