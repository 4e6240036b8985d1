"""Appending to the record under the case's lock."""

import secrets
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import select
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
from inspect_server.store.counting import tally
from inspect_server.store.models.record import PersonalValue, RecordCase, RecordLeaf


def append(
    session: Session, *, case: str, type: str, at: datetime, actor: str, body: dict[str, Any]
) -> str:
    """Append one event to a case and return its hex leaf; the case's row lock orders appends."""
    head = _lock_case(session, case)
    content = leaf_bytes(
        case=case,
        case_seq=head.last_seq + 1,
        case_prev=head.last_leaf,
        type=type,
        at=moment(at),
        actor=actor,
        body=body,
    )
    head.last_seq += 1
    head.last_leaf = leaf_hash(content)
    session.flush()
    session.add(
        RecordLeaf(
            leaf=head.last_leaf,
            case_name=case,
            case_seq=head.last_seq,
            type=type,
            at=at,
            content=content,
        )
    )
    session.flush()
    tally.count(session, tally.LEAF, head.last_leaf)
    return head.last_leaf


def _lock_case(session: Session, case: str) -> RecordCase:
    locked = select(RecordCase).where(RecordCase.name == case).with_for_update()
    if (head := session.scalar(locked)) is not None:
        return head
    # Two writers may open the same case at once: the second waits here and then finds the row.
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    session.execute(
        insert(RecordCase).values(name=case, last_seq=0, last_leaf=GENESIS).on_conflict_do_nothing()
    )
    return session.execute(locked).scalar_one()


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


def leaves_of_type(session: Session, type: str) -> Iterator[RecordLeaf]:
    """Yield the leaves of one type, of all cases, in the order of cases and numbers."""
    yield from session.scalars(
        select(RecordLeaf)
        .where(RecordLeaf.type == type)
        .order_by(RecordLeaf.case_name, RecordLeaf.case_seq)
    )
