"""Files that entries cite: which are here, who may fetch them, which uploads are under way."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import BindParameter, bindparam, delete, exists, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from inspect_server.store import bulk
from inspect_server.store.counting import tally
from inspect_server.store.models.blobs import Blob, BlobFault
from inspect_server.store.models.disclosure import PublishedFile
from inspect_server.store.models.identity import User
from inspect_server.store.models.journal import (
    BlobLink,
    JournalEntry,
    Receipt,
    Replica,
    ReplicaScope,
    Upload,
)
from sync import protocol
from sync.ports import ChainEntry

CHUNK = 500
INSPECTION = "inspection/"
_OPEN = BlobFault.restored_at.is_(None)

# Built once, and of the table: putting a statement together, and mapping, cost more than it does.
_BLOB, _FAULT, _UPLOAD = (bulk.table_of(one) for one in (Blob, BlobFault, Upload))
_HASHES: BindParameter[Any] = bindparam("hashes", expanding=True)
_STILL_LOST = _FAULT.c.restored_at.is_(None)
_KNOWN = select(_BLOB.c.sha256).where(_BLOB.c.sha256.in_(_HASHES))
_DESCRIBED = select(_BLOB.c.sha256, _BLOB.c.size, _BLOB.c.mime).where(_BLOB.c.sha256.in_(_HASHES))
_LOST = select(_FAULT.c.sha256).where(_FAULT.c.sha256.in_(_HASHES), _STILL_LOST)
_RESTORE = (
    update(_FAULT)
    .where(_FAULT.c.sha256 == bindparam("hash"), _STILL_LOST)
    .values(restored_at=bindparam("at"))
)
_ADD = {
    name: dialect.insert(_BLOB).on_conflict_do_nothing().returning(_BLOB.c.sha256)
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}
_OPEN_UPLOADS = (
    select(_UPLOAD.c.id)
    .where(_UPLOAD.c.replica_id == bindparam("replica"), _UPLOAD.c.finished_at.is_(None))
    .order_by(_UPLOAD.c.created_at, _UPLOAD.c.id)
)
_BEGIN = insert(_UPLOAD)
_FORGET = delete(_UPLOAD).where(_UPLOAD.c.id == bindparam("upload"))
_HOLD = (
    select(_UPLOAD.c.id)
    .where(_UPLOAD.c.id.in_(bindparam("uploads", expanding=True)))
    .order_by(_UPLOAD.c.id)
    .with_for_update()
)
_FINISH = (
    update(_UPLOAD)
    .where(_UPLOAD.c.id == bindparam("upload"), _UPLOAD.c.finished_at.is_(None))
    .values(sha256=bindparam("hash"), received=_UPLOAD.c.length, finished_at=bindparam("at"))
)


def known(session: Session, sha256s: Collection[str]) -> set[str]:
    """Return which of these files are stored and verified."""
    wanted = sorted(set(sha256s))
    found: set[str] = set()
    for start in range(0, len(wanted), CHUNK):
        part = wanted[start : start + CHUNK]
        found.update(session.scalars(_KNOWN, {"hashes": part}))
    return found


def described(session: Session, sha256s: Collection[str]) -> dict[str, tuple[int, str]]:
    """Return size and media type of those of these files that are stored and verified."""
    wanted = sorted(set(sha256s))
    found: dict[str, tuple[int, str]] = {}
    for start in range(0, len(wanted), CHUNK):
        rows = session.execute(_DESCRIBED, {"hashes": wanted[start : start + CHUNK]})
        found.update((row.sha256, (row.size, row.mime)) for row in rows)
    return found


def sound(session: Session, sha256s: Collection[str]) -> set[str]:
    """Return which of these files are stored and were not found missing or damaged since."""
    found = known(session, sha256s)
    for start in range(0, len(ordered := sorted(found)), CHUNK):
        part = ordered[start : start + CHUNK]
        found.difference_update(session.scalars(_LOST, {"hashes": part}))
    return found


def note_fault(session: Session, sha256: str, at: datetime) -> bool:
    """Note that a stored file is missing or damaged; return False where that is known already."""
    is_known = session.scalar(select(BlobFault.sha256).where(BlobFault.sha256 == sha256, _OPEN))
    if is_known is None:
        session.add(BlobFault(sha256=sha256, found_at=at, restored_at=None))
    return is_known is None


def note_restored(session: Session, sha256: str, at: datetime) -> None:
    """Note that a missing or damaged file is whole again."""
    session.execute(_RESTORE, {"hash": sha256, "at": at})


def unpromised(session: Session, replica_id: str, chain: Sequence[ChainEntry]) -> set[str]:
    """
    Return the files of a chain's entries that no receipt covers yet.

    One for the other branch of a fork, or for what came before a lost part, says nothing of these.
    """
    bodies = session.scalars(
        select(Receipt.body)
        .where(Receipt.replica_id == replica_id)
        .order_by(Receipt.upto_seq.desc())
    )
    heads, left = {row.hash for row in chain}, list(chain)
    for body in bodies:
        if not left:
            break
        receipt = msgspec.json.decode(body, type=protocol.Receipt)
        if receipt.head_hash in heads:
            promised = range(receipt.after_seq + 1, receipt.upto_seq + 1)
            left = [row for row in left if row.seq not in promised]
    return cited_by(session, [row.hash for row in left])


def is_cited(session: Session, sha256: str) -> bool:
    """Return whether an entry cites this file, so that a phone may have it still."""
    return bool(session.scalar(select(exists().where(BlobLink.sha256 == sha256))))


def sendable(session: Session, replica_id: str, sha256s: Collection[str]) -> set[str]:
    """
    Return which of these files a replica may send: its entries cite them, or such as it brought.

    Of what it brought those of inspections count that its user sees.
    """
    found = cited(session, replica_id, sha256s)
    left = sorted({*sha256s} - found)
    user_id = session.scalar(select(Replica.user_id).where(Replica.id == replica_id))
    if not left or user_id is None:
        return found
    seen = _inspections_seen_by(session, user_id)  # indexed, as hashes and carriers are not
    for start in range(0, len(left), CHUNK):
        brought = select(BlobLink.sha256).where(
            BlobLink.assignment.in_(seen),
            BlobLink.sha256.in_(left[start : start + CHUNK]),
            BlobLink.entry_hash == JournalEntry.hash,
            JournalEntry.carrier == replica_id,
        )
        found.update(session.scalars(brought))
    return found


def cited(session: Session, replica_id: str, sha256s: Collection[str]) -> set[str]:
    """Return which of these files entries of this replica cite."""
    wanted = sorted(set(sha256s))
    found: set[str] = set()
    for start in range(0, len(wanted), CHUNK):
        part = wanted[start : start + CHUNK]
        found.update(
            session.scalars(
                select(BlobLink.sha256).where(
                    BlobLink.replica_id == replica_id, BlobLink.sha256.in_(part)
                )
            )
        )
    return found


def cited_by(session: Session, entry_hashes: Collection[str]) -> set[str]:
    """Return the files that these entries cite."""
    wanted = sorted(set(entry_hashes))
    found: set[str] = set()
    for start in range(0, len(wanted), CHUNK):
        part = wanted[start : start + CHUNK]
        found.update(session.scalars(select(BlobLink.sha256).where(BlobLink.entry_hash.in_(part))))
    return found


def every(session: Session) -> Sequence[str]:
    """Return the hash of each stored file, in order."""
    return session.scalars(select(Blob.sha256).order_by(Blob.sha256)).all()


def all_linked(session: Session) -> list[str]:
    """Return every file that an entry cites, sorted."""
    return list(session.scalars(select(BlobLink.sha256).distinct().order_by(BlobLink.sha256)))


def uncovered(session: Session, replica_id: str) -> set[str]:
    """Return files that this replica's entries cite and that are not here, or not whole."""
    return set(
        session.scalars(
            select(BlobLink.sha256).where(
                BlobLink.replica_id == replica_id,
                ~exists().where(Blob.sha256 == BlobLink.sha256)
                | exists().where(BlobFault.sha256 == BlobLink.sha256, _OPEN),
            )
        )
    )


def add(session: Session, sha256: str, size: int, mime: str, at: datetime) -> None:
    """Note a stored file; the same file again changes nothing."""
    row = {"sha256": sha256, "size": size, "mime": mime, "created_at": at}
    if session.scalar(_ADD[session.get_bind().dialect.name], row) is not None:
        tally.count(session, tally.FILE, tally.digest(row))


def visible_to(session: Session, user_id: UUID, sha256: str) -> Blob | None:
    """
    Return a file that a user may fetch: uploaded by them, or cited in an inspection they see.

    A citation counts only for a file that its author uploaded, or the phone that brought it, and
    then afterwards: otherwise who learns a hash could cite it and read the file, or let a colleague
    bring that citation whose own file it is.
    """
    citer, uploader = aliased(Replica), aliased(Replica)
    uploaded = (
        Upload.sha256 == Blob.sha256,
        Upload.finished_at.is_not(None),
        Upload.replica_id == uploader.id,
    )
    own = exists().where(*uploaded, uploader.user_id == user_id)
    inspections = _inspections_seen_by(session, user_id)
    cited_there = (BlobLink.sha256 == Blob.sha256, BlobLink.assignment.in_(inspections))
    seen = exists().where(
        *cited_there,
        BlobLink.replica_id == citer.id,
        citer.user_id == uploader.user_id,
        *uploaded,
    )
    brought = exists().where(
        *cited_there,
        BlobLink.entry_hash == JournalEntry.hash,
        JournalEntry.carrier == Upload.replica_id,
        Upload.created_at >= JournalEntry.received_at,
        *uploaded,
    )
    return session.scalar(select(Blob).where(Blob.sha256 == sha256, own | seen | brought))


def is_cited_before(session: Session, user_id: UUID, sha256: str) -> bool:
    """Return whether an inspection that a user sees cites this file, whoever has it."""
    return bool(
        session.scalar(
            select(
                exists().where(
                    BlobLink.sha256 == sha256,
                    BlobLink.assignment.in_(_inspections_seen_by(session, user_id)),
                )
            )
        )
    )


def _inspections_seen_by(session: Session, user_id: UUID) -> list[UUID]:
    scopes = session.scalars(
        select(ReplicaScope.scope).where(
            ReplicaScope.user_id == user_id,
            ReplicaScope.removed_pos.is_(None),
            ReplicaScope.scope.startswith(INSPECTION),
        )
    )
    return [UUID(scope.removeprefix(INSPECTION)) for scope in scopes]


def upload(session: Session, upload_id: UUID) -> Upload | None:
    """Return one upload."""
    return session.get(Upload, upload_id)


def open_uploads(session: Session, replica_id: str) -> list[UUID]:
    """Return this replica's unfinished uploads, oldest first."""
    return list(session.scalars(_OPEN_UPLOADS, {"replica": replica_id}))


def begin(
    session: Session, upload_id: UUID, replica_id: str, sha256: str, length: int, at: datetime
) -> None:
    """Note that an upload begins."""
    row = {
        "id": upload_id,
        "replica_id": replica_id,
        "sha256": sha256,
        "length": length,
        "received": 0,
        "created_at": at,
        "finished_at": None,
    }
    session.execute(_BEGIN, row)


def hold_uploads(session: Session, upload_ids: Collection[UUID]) -> None:
    """Lock the rows of uploads until the transaction ends; unknown ones are skipped."""
    if upload_ids:
        session.execute(_HOLD, {"uploads": list(upload_ids)}).all()


def begun_before(session: Session, moment: datetime) -> Sequence[Upload]:
    """Return the unfinished uploads that began before a moment, locked."""
    begun = select(Upload).where(Upload.finished_at.is_(None), Upload.created_at < moment)
    return session.scalars(begun.order_by(Upload.id).with_for_update()).all()


def left_before(session: Session, moment: datetime) -> list[tuple[UUID, str, str]]:
    """Return id, replica and hash of the unfinished uploads that began before a moment."""
    left = select(Upload.id, Upload.replica_id, Upload.sha256)
    begun = left.where(Upload.finished_at.is_(None), Upload.created_at < moment)
    rows = session.execute(begun.order_by(Upload.created_at, Upload.id))
    return [(id, replica_id, sha256) for id, replica_id, sha256 in rows]


def forget(session: Session, gone: Collection[UUID]) -> None:
    """Delete the rows of uploads whose parts are gone."""
    for upload_id in gone:
        session.execute(_FORGET, {"upload": upload_id})


def finish(session: Session, upload_id: UUID, sha256: str, at: datetime) -> None:
    """
    Note that an upload's file is stored, under the hash that its bytes have.

    One that another request finished at the same moment stays as that one noted it.
    """
    session.execute(_FINISH, {"upload": upload_id, "hash": sha256, "at": at})


def unfinished(session: Session) -> Sequence[tuple[Upload, str, str]]:
    """Return every unfinished upload with the names of its phone and user, oldest first."""
    rows = session.execute(
        select(Upload, Replica.label, func.coalesce(User.name, ""))
        .join(Replica, Replica.id == Upload.replica_id)
        .outerjoin(User, User.id == Replica.user_id)
        .where(Upload.finished_at.is_(None))
        .order_by(Upload.created_at, Upload.id)
    )
    return [(upload, label, name) for upload, label, name in rows]


def uncited(session: Session) -> Sequence[tuple[Blob, str, str]]:
    """Return the files that phones sent and no entry cites, with phone and user, by hash."""
    rows = session.execute(
        select(Blob, func.min(Replica.label), func.coalesce(func.min(User.name), ""))
        .join(Upload, Upload.sha256 == Blob.sha256)
        .join(Replica, Replica.id == Upload.replica_id)
        .outerjoin(User, User.id == Replica.user_id)
        .where(Upload.finished_at.is_not(None), ~exists().where(BlobLink.sha256 == Blob.sha256))
        .group_by(Blob.sha256)  # its primary key: the other columns follow from it
        .order_by(Blob.sha256)
    )
    return [(blob, label, name) for blob, label, name in rows]


def registered(session: Session, prefix: str) -> set[str]:
    """Return the hashes with this beginning that any table calls a stored file."""
    return {
        sha256
        for column in (Blob.sha256, PublishedFile.sha256)
        for sha256 in session.scalars(select(column).where(column.startswith(prefix)))
    }
