"""Replicas: who they are, how far they are, and the first locks of a push."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    Column,
    ColumnElement,
    Row,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    delete,
    false,
    func,
    select,
    true,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from inspect_server.domain.identity import Reach
from inspect_server.store import bulk
from inspect_server.store.models.identity import User
from inspect_server.store.models.inspection import Inspection
from inspect_server.store.models.journal import EnrolNonce, JournalEntry, Replica, SyncStanding
from sync.ports import ReplicaInfo

CHUNK = 500
MAX_NONCES = 10_000
"""Far more phones than enrol at once; a phone uses its nonce within seconds."""


def info(session: Session, replica_id: str) -> ReplicaInfo | None:
    """Return a replica as the engine sees it, read afresh."""
    row = session.execute(_INFO, {"replica": replica_id}).first()
    return None if row is None else _info(row)


def reached(session: Session, user_id: UUID, assignments: Sequence[UUID]) -> dict[str, int]:
    """
    Return how far the replicas of a user are, and those with entries in inspections sent out.

    The database steps from replica to replica in an index: however often the same ones saved
    something in an inspection, no step is added.
    """
    own = select(Replica.id, Replica.upto_seq).where(Replica.user_id == user_id)
    found = {row.id: row.upto_seq for row in session.execute(own)}
    for start in range(0, len(assignments), CHUNK):
        part = assignments[start : start + CHUNK]
        rows = session.execute(_AT_WORK, {"assignments": part})
        found.update((row.id, row.upto_seq) for row in rows)
    return found


def brought(session: Session, carrier: str) -> int:
    """Return of how many replicas known by their key alone this one brought entries."""
    by_it = select(JournalEntry.hash).where(
        JournalEntry.replica_id == Replica.id, JournalEntry.carrier == carrier
    )
    unclaimed = and_(Replica.user_id.is_(None), Replica.is_server.is_(False))
    return session.scalar(select(func.count()).where(unclaimed, by_it.exists())) or 0


def has_entries(session: Session, replica_id: str) -> bool:
    """Whether anything that a replica signed is in the journal, whatever became of it."""
    query = select(JournalEntry.hash).where(JournalEntry.replica_id == replica_id).limit(1)
    return session.scalar(query) is not None


def of_user(session: Session, user_id: UUID) -> Sequence[Replica]:
    """Return the replicas that a user enrolled, the last one first."""
    enrolled = select(Replica).where(Replica.user_id == user_id, Replica.is_server.is_(False))
    return session.scalars(enrolled.order_by(Replica.enrolled_at.desc(), Replica.id)).all()


def learn_key(session: Session, replica_id: str, public_key: bytes, at: datetime) -> None:
    """Remember the key of a replica that nobody enrolled here; one that is known stays as it is."""
    row = _new(replica_id, public_key, at)
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    session.execute(dialect.insert(Replica).values(row).on_conflict_do_nothing())


def enrol(
    session: Session,
    *,
    replica_id: str,
    public_key: bytes,
    at: datetime,
    user_id: UUID | None,
    device_id: UUID | None,
    label: str,
    storage: dict[str, object],
    pull_token_sha256: str | None,
    is_server: bool = False,
) -> Replica:
    """Enrol a replica or bring its enrolment up to date; its journal and head stay."""
    learn_key(session, replica_id, public_key, at)
    lock(session, [replica_id])
    row = session.get_one(Replica, replica_id, populate_existing=True)
    if row.user_id is None:  # its key may have been known before, from a partner
        row.enrolled_at = at
    row.user_id, row.label, row.storage = user_id, label, storage
    row.device_id = device_id or row.device_id
    row.pull_token_sha256, row.is_server = pull_token_sha256, is_server
    row.last_contact_at = at
    session.flush()
    return row


def lock(session: Session, replica_ids: Sequence[str]) -> None:
    """Lock replica rows in the order of their ids; unknown ids are skipped."""
    _lock_rows(session, _LOCK_REPLICAS, sorted(set(replica_ids)))


def lock_inspections(session: Session, assignments: Sequence[UUID]) -> None:
    """Lock inspections in the order of their ids, and what the journal says of them."""
    ids = sorted(set(assignments), key=lambda id: id.hex)
    for statement in (_LOCK_INSPECTIONS, _LOCK_STANDINGS):
        _lock_rows(session, statement, ids)


def _lock_rows(session: Session, statement: Select[*tuple[Any, ...]], ids: Sequence[Any]) -> None:
    if session.get_bind().dialect.name == "sqlite":
        return  # a writer there holds the whole database since its transaction began
    for start in range(0, len(ids), CHUNK):
        session.execute(statement, {"ids": ids[start : start + CHUNK]}).all()


def set_head(
    session: Session, replica_id: str, upto_seq: int, head_hash: str, at: datetime
) -> None:
    """Set the contiguous durable prefix and the moment of last contact."""
    reached = {"upto_seq": upto_seq, "head_hash": head_hash, "last_contact_at": at}
    session.execute(_SET_HEAD, {"replica": replica_id, **reached})


def set_prefix(session: Session, replica_id: str, upto_seq: int, head_hash: str) -> None:
    """Correct the contiguous durable prefix, where nobody made contact."""
    session.execute(
        update(Replica)
        .where(Replica.id == replica_id)
        .values(upto_seq=upto_seq, head_hash=head_hash)
    )


def looked_after(within: Reach) -> ColumnElement[bool]:
    """Return which phones a reach covers, as a condition on `User`, the account of the phone."""
    if within.everything:
        return true()
    return User.unit == within.unit if within.unit else false()


def is_reached(session: Session, within: Reach, replica_id: str) -> bool:
    """Return whether a reach covers this phone; False for one that does not exist."""
    query = (
        select(Replica.id)
        .outerjoin(User, User.id == Replica.user_id)
        .where(Replica.id == replica_id, looked_after(within))
    )
    return session.scalar(query) is not None


def revoke(session: Session, replica_id: str, at: datetime) -> None:
    """Mark a replica revoked and withdraw its pull token; the first moment stays."""
    session.execute(
        update(Replica)
        .where(Replica.id == replica_id, Replica.revoked_at.is_(None))
        .values(revoked_at=at, pull_token_sha256=None)
    )


def add_nonce(session: Session, nonce: str, ends_at: datetime, now: datetime) -> None:
    """
    Keep a nonce until it is used; those that are too old go.

    Strangers may ask for as many as they like: beyond MAX_NONCES the oldest go, too.
    """
    drop_nonces(session, now)
    newest_first = select(EnrolNonce.nonce).order_by(EnrolNonce.ends_at.desc(), EnrolNonce.nonce)
    beyond = newest_first.offset(MAX_NONCES - 1)
    session.execute(delete(EnrolNonce).where(EnrolNonce.nonce.in_(beyond)))
    session.add(EnrolNonce(nonce=nonce, ends_at=ends_at))


def drop_nonces(session: Session, now: datetime) -> None:
    """Let go of the nonces that are too old to be used."""
    session.execute(delete(EnrolNonce).where(EnrolNonce.ends_at < now))


def use_nonce(session: Session, nonce: str, now: datetime) -> bool:
    """Take a nonce; False if it was never given, is used or too old."""
    used = session.scalar(
        delete(EnrolNonce)
        .where(EnrolNonce.nonce == nonce, EnrolNonce.ends_at >= now)
        .returning(EnrolNonce.nonce)
    )
    return used is not None


def _first_after(
    assignment: ColumnElement[UUID], replica: ColumnElement[str] | None
) -> ScalarSelect[str]:
    entries = select(JournalEntry.replica_id).where(JournalEntry.assignment == assignment)
    later = entries if replica is None else entries.where(JournalEntry.replica_id > replica)
    return later.order_by(JournalEntry.replica_id).limit(1).scalar_subquery()


def _at_work() -> Select[str, int]:
    task = SyncStanding.assignment
    step = (
        select(task.label("task"), _first_after(task.expression, None).label("replica"))
        .where(task.in_(bindparam("assignments", expanding=True)))
        .cte("step", recursive=True)
    )
    step = step.union_all(
        select(step.c.task, _first_after(step.c.task, step.c.replica)).where(
            step.c.replica.is_not(None)
        )
    )
    known = Replica.user_id.is_not(None)  # of one that nobody enrolled nothing counts
    return select(Replica.id, Replica.upto_seq).where(known, Replica.id.in_(select(step.c.replica)))


_AT_WORK = _at_work()  # built once: putting it together costs more than running it


# Built once, and of the table: putting a statement together, and mapping, cost more than it does.
_TABLE = bulk.table_of(Replica)
_INFO: Select[*tuple[Any, ...]] = select(
    *(
        _TABLE.c[name]
        for name in (
            "id",
            "public_key",
            "user_id",
            "revoked_at",
            "is_server",
            "upto_seq",
            "head_hash",
        )
    )
).where(_TABLE.c.id == bindparam("replica"))
_SET_HEAD = (
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("replica"))
    .values({name: bindparam(name) for name in ("upto_seq", "head_hash", "last_contact_at")})
)


def _locking(key: Column[Any]) -> Select[*tuple[Any, ...]]:
    wanted = key.in_(bindparam("ids", expanding=True))
    return select(key).where(wanted).order_by(key).with_for_update(key_share=True)


_LOCK_REPLICAS = _locking(_TABLE.c.id)
_LOCK_INSPECTIONS = _locking(bulk.table_of(Inspection).c.id)
_LOCK_STANDINGS = _locking(bulk.table_of(SyncStanding).c.assignment)


def _info(row: Row[*tuple[Any, ...]]) -> ReplicaInfo:
    return ReplicaInfo(
        id=row.id,
        public_key=row.public_key,
        user=str(row.user_id) if row.user_id else "",
        revoked=row.revoked_at is not None,
        server=row.is_server,
        upto_seq=row.upto_seq,
        head_hash=row.head_hash,
    )


def _new(replica_id: str, public_key: bytes, at: datetime) -> dict[str, object]:
    return {
        "id": replica_id,
        "public_key": public_key,
        "label": "",
        "device_id": uuid4(),
        "is_server": False,
        "user_id": None,
        "storage": {},
        "pull_token_sha256": None,
        "enrolled_at": at,
        "revoked_at": None,
        "last_contact_at": None,
        "upto_seq": 0,
        "head_hash": "",
    }


def heads(session: Session) -> dict[str, tuple[int, str]]:
    """Return how far each replica is: the last number of its contiguous prefix, and its hash."""
    rows = session.execute(select(Replica.id, Replica.upto_seq, Replica.head_hash))
    return {row.id: (row.upto_seq, row.head_hash) for row in rows}
