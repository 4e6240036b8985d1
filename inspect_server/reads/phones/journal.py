"""How sync stands: what was kept but not applied, how far each phone is, the merged record."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session

from inspect_server.store.journal import rows as journal_rows
from inspect_server.store.models.blobs import Blob
from inspect_server.store.models.identity import User
from inspect_server.store.models.journal import (
    BlobLink,
    JournalEntry,
    Receipt,
    Replica,
)
from sync import merge
from sync.merge import MergedRecord


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


def _entries_with(session: Session, effect: str) -> dict[str, int]:
    counted = select(JournalEntry.replica_id, func.count()).where(JournalEntry.effect == effect)
    return _per_replica(session, counted.group_by(JournalEntry.replica_id))


def _per_replica(session: Session, query: Select[str, int]) -> dict[str, int]:
    return dict(iter(session.execute(query)))
