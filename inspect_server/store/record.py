"""Appending to the record under the case's lock."""

import json
import secrets
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from inspect_server.domain.record import (
    GENESIS,
    canonical,
    commitment,
    leaf_bytes,
    leaf_hash,
    moment,
)
from inspect_server.store import bulk
from inspect_server.store.counting import tally
from inspect_server.store.models.record import PersonalValue, RecordCase, RecordLeaf

# Built once, and of the tables: putting a statement together, and mapping, cost more than it does.
_CASE = bulk.table_of(RecordCase)
_LOCK = (
    select(_CASE.c.last_seq, _CASE.c.last_leaf)
    .where(_CASE.c.name == bindparam("case"))
    .with_for_update()
)
_MOVE_ON = (
    update(_CASE)
    .where(_CASE.c.name == bindparam("case"))
    .values(last_seq=bindparam("seq"), last_leaf=bindparam("leaf"))
)
_APPEND = insert(bulk.table_of(RecordLeaf))


def append(
    session: Session, *, case: str, type: str, at: datetime, actor: str, body: dict[str, Any]
) -> str:
    """Append one event to a case and return its hex leaf; the case's row lock orders appends."""
    last_seq, last_leaf = _lock_case(session, case)
    content = leaf_bytes(
        case=case,
        case_seq=last_seq + 1,
        case_prev=last_leaf,
        type=type,
        at=moment(at),
        actor=actor,
        body=body,
    )
    leaf = leaf_hash(content)
    session.execute(_MOVE_ON, {"case": case, "seq": last_seq + 1, "leaf": leaf})
    row = {
        "leaf": leaf,
        "case_name": case,
        "case_seq": last_seq + 1,
        "type": type,
        "at": at,
        "content": content,
    }
    session.execute(_APPEND, row)
    tally.count(session, tally.LEAF, leaf)
    return leaf


def lock(session: Session, case: str) -> None:
    """Keep everybody else from adding to a case, which may be new, until the transaction ends."""
    _lock_case(session, case)


def _lock_case(session: Session, case: str) -> tuple[int, str]:
    """Lock a case, which may be new, and return the number and the hash of its last leaf."""
    if (head := session.execute(_LOCK, {"case": case}).first()) is None:
        # Two writers may open the same case at once: the second waits here and finds the row.
        dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
        new = dialect.insert(RecordCase).values(name=case, last_seq=0, last_leaf=GENESIS)
        session.execute(new.on_conflict_do_nothing())
        head = session.execute(_LOCK, {"case": case}).one()
    return head.last_seq, head.last_leaf


def seal(session: Session, value: Any) -> str:
    """Store a personal value under a fresh salt and return the commitment that a leaf may carry."""
    salt = secrets.token_bytes(32)
    committed = commitment(salt, value)
    session.add(PersonalValue(id=uuid4(), commitment=committed, salt=salt, value=canonical(value)))
    return committed


def leaves(session: Session, case: str) -> Iterator[RecordLeaf]:
    """Yield a case's leaves in order."""
    yield from session.scalars(
        select(RecordLeaf).where(RecordLeaf.case_name == case).order_by(RecordLeaf.case_seq)
    )


def last_body(session: Session, case: str, type: str) -> dict[str, Any] | None:
    """Return the body of a case's last event of one type, None without any."""
    content = session.scalar(
        select(RecordLeaf.content)
        .where(RecordLeaf.case_name == case, RecordLeaf.type == type)
        .order_by(RecordLeaf.case_seq.desc())
        .limit(1)
    )
    body: dict[str, Any] | None = json.loads(content)["body"] if content else None
    return body


def leaves_of_type(session: Session, type: str) -> Iterator[RecordLeaf]:
    """Yield the leaves of one type, of all cases, in the order of cases and numbers."""
    yield from session.scalars(
        select(RecordLeaf)
        .where(RecordLeaf.type == type)
        .order_by(RecordLeaf.case_name, RecordLeaf.case_seq)
    )
