"""How sync stands: what was kept but not applied, how far each phone is, the merged record."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, select
from sqlalchemy.orm import Session

from inspect_server.reads.paging import Page, bounds, going_on
from inspect_server.store.journal import rows as journal_rows
from inspect_server.store.models.blobs import Blob
from inspect_server.store.models.identity import User
from inspect_server.store.models.inspection import Inspection
from inspect_server.store.models.journal import (
    BlobLink,
    JournalEntry,
    Receipt,
    Replica,
    Unverified,
)
from sync import entries, merge
from sync.errors import BadEntry
from sync.merge import MergedRecord

DECLINED = "declined"


@dataclass(frozen=True)
class QuarantinedRow:
    """One entry in a supervisor's inbox, with what it wanted to do."""

    hash: str
    replica: str
    seq: int
    reason: str
    received_at: datetime
    user_name: str  # of the replica's account, "" while nobody enrolled it
    carrier: str
    inspection_id: UUID | None
    number: str  # of the inspection, "" when there is none
    operations: tuple[str, ...]  # type and item of each, empty when the schema is broken
    declined: bool


@dataclass(frozen=True)
class UnverifiedRow:
    """Raw bytes that no key vouches for."""

    id: UUID
    carrier: str
    received_at: datetime
    reason: str
    size: int


@dataclass(frozen=True)
class ReplicaRow:
    """How far one phone is."""

    id: str
    label: str
    user_name: str
    upto_seq: int
    receipted_seq: int  # 0 without a receipt
    held: int
    quarantined: int
    missing_blobs: int
    last_contact_at: datetime | None
    revoked_at: datetime | None


def quarantined(
    session: Session,
    page: int = 1,
    size: int = 50,
    concerning: ColumnElement[bool] | None = None,
    after: str = "",
) -> Page[QuarantinedRow]:
    """
    Return the entries kept but not applied, newest first.

    Args:
        session: Reading.
        page: From 1.
        size: Rows a page.
        concerning: Says whose inspections; all of them when None.
        after: The entry behind which the pages begin; what an earlier page called `next`.
    """
    limit, offset = bounds(page, size)
    waiting = _in_quarantine() if concerning is None else and_(_in_quarantine(), concerning)
    total = session.scalar(
        select(func.count())
        .select_from(JournalEntry)
        .outerjoin(Inspection, Inspection.id == JournalEntry.assignment)
        .where(waiting)
    )
    if after:
        last = select(JournalEntry.pos).where(JournalEntry.hash == after).scalar_subquery()
        waiting = and_(waiting, JournalEntry.pos < last)
    rows = session.execute(
        select(JournalEntry, User.name, Inspection.number)
        .join(Replica, Replica.id == JournalEntry.replica_id)
        .outerjoin(User, User.id == Replica.user_id)
        .outerjoin(Inspection, Inspection.id == JournalEntry.assignment)
        .where(waiting)
        .order_by(JournalEntry.pos.desc())
        .limit(limit)
        .offset(offset)
    )
    found = tuple(_quarantined(entry, name, number) for entry, name, number in rows)
    further = going_on([row.hash for row in found], limit)
    return Page(found, total or 0, max(page, 1), limit, further)


def unverified(session: Session) -> tuple[UnverifiedRow, ...]:
    """Return the raw bytes kept under the quota, newest first."""
    rows = session.execute(
        select(
            Unverified.id,
            Unverified.carrier,
            Unverified.received_at,
            Unverified.reason,
            func.length(Unverified.content).label("size"),
        ).order_by(Unverified.received_at.desc(), Unverified.id)
    )
    return tuple(
        UnverifiedRow(row.id, row.carrier, row.received_at, row.reason, row.size) for row in rows
    )


def replica_states(session: Session) -> tuple[ReplicaRow, ...]:
    """Return every phone with how far it is; the server's own replica is left out."""
    receipted = _per_replica(
        session, select(Receipt.replica_id, func.max(Receipt.upto_seq)).group_by(Receipt.replica_id)
    )
    held, waiting = (_entries_with(session, effect) for effect in ("held", "quarantined"))
    missing = _per_replica(
        session,
        select(BlobLink.replica_id, func.count(BlobLink.sha256.distinct()))
        .where(~exists().where(Blob.sha256 == BlobLink.sha256))
        .group_by(BlobLink.replica_id),
    )
    rows = session.execute(
        select(Replica, User.name)
        .outerjoin(User, User.id == Replica.user_id)
        .where(Replica.is_server.is_(False))
        .order_by(Replica.enrolled_at, Replica.id)
    )
    return tuple(
        ReplicaRow(
            id=replica.id,
            label=replica.label,
            user_name=name or "",
            upto_seq=replica.upto_seq,
            receipted_seq=receipted.get(replica.id, 0),
            held=held.get(replica.id, 0),
            quarantined=waiting.get(replica.id, 0),
            missing_blobs=missing.get(replica.id, 0),
            last_contact_at=replica.last_contact_at,
            revoked_at=replica.revoked_at,
        )
        for replica, name in rows
    )


def merged(session: Session, inspection_id: UUID) -> MergedRecord:
    """Return what the phones' entries amount to, conflicts and stale signatures included."""
    found = journal_rows.live_operations(session, str(inspection_id), None)
    return merge.fold(str(inspection_id), filter(merge.is_projected, found))


def _quarantined(row: JournalEntry, name: str | None, number: str | None) -> QuarantinedRow:
    return QuarantinedRow(
        hash=row.hash,
        replica=row.replica_id,
        seq=row.seq,
        reason=row.reason or "",
        received_at=row.received_at,
        user_name=name or "",
        carrier=row.carrier,
        inspection_id=row.assignment,
        number=number or "",
        operations=_operations(row.content),
        declined=DECLINED in row.flags,
    )


def _operations(content: bytes) -> tuple[str, ...]:
    try:
        return tuple(f"{op.type} {op.item}" for op in entries.parse(content).ops)
    except BadEntry:
        return ()


def _in_quarantine() -> ColumnElement[bool]:
    return JournalEntry.effect == "quarantined"


def _entries_with(session: Session, effect: str) -> dict[str, int]:
    counted = select(JournalEntry.replica_id, func.count()).where(JournalEntry.effect == effect)
    return _per_replica(session, counted.group_by(JournalEntry.replica_id))


def _per_replica(session: Session, query: Select[str, int]) -> dict[str, int]:
    return dict(iter(session.execute(query)))
