"""The photos of an inspection: those that stand, and those that wait for a supervisor's ruling."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspect_server.domain.enums import Role
from inspect_server.domain.errors import NotFound
from inspect_server.reads.people import names_of
from inspect_server.reads.phones.phones import concerns
from inspect_server.reads.visibility import Viewer, may_see
from inspect_server.store import visit_records
from inspect_server.store.models.inspection import Inspection
from inspect_server.store.models.journal import IN_INBOX, BlobLink, JournalEntry


@dataclass(frozen=True)
class PhotoRow:
    """One photo that stands, as its phone described it."""

    sha256: str
    caption: str
    taken_at: str  # the phone's wall time, RFC 3339
    position: str  # decimal degrees and their datum; "" where the phone had no fix
    by: str  # the account's name
    has_arrived: bool


class Files(Protocol):
    """Where the bytes are."""

    def read(self, sha256: str) -> bytes:
        """Return the bytes of this hash, re-hashed."""


def photos(session: Session, inspection_id: UUID) -> tuple[PhotoRow, ...]:
    """Return the photos of an inspection by the time they were taken; check `may_see` first."""
    items = visit_records.load(session, inspection_id).merged.of_kind("photo/")
    found = [(item.heads[0].user, value) for item in items if (value := item.value) is not None]
    names = names_of(session, {f"user:{user}" for user, _ in found})
    stored = visit_records.stored_blobs(session, {value["sha256"] for _, value in found})
    rows = [
        PhotoRow(
            sha256=value["sha256"],
            caption=value["caption"],
            taken_at=value["taken_wall"],
            position=_position(value),
            by=names[f"user:{user}"],
            has_arrived=value["sha256"] in stored,
        )
        for user, value in found
    ]
    return tuple(sorted(rows, key=lambda row: (datetime.fromisoformat(row.taken_at), row.sha256)))


def photo_file(
    session: Session, viewer: Viewer, bureau: str, files: Files, inspection_id: UUID, sha256: str
) -> bytes:
    """
    Return the original bytes of one photo, re-hashed: one that stands, or that the viewer rules on.

    Raises:
        NotFound: The inspection does not concern the viewer, or has no such photo (yet).
        BlobMissing, BlobDamaged: The stored file.
    """
    stands = may_see(session, viewer, inspection_id) and _stands(session, inspection_id, sha256)
    is_shown = stands or _awaits_ruling(session, viewer, bureau, inspection_id, sha256)
    if not is_shown or sha256 not in visit_records.stored_blobs(session, {sha256}):
        raise NotFound(what="该照片")
    return files.read(sha256)


def _stands(session: Session, inspection_id: UUID, sha256: str) -> bool:
    """Whether a photo stands, be it as one side of a disagreement."""
    items = visit_records.load(session, inspection_id).merged.of_kind("photo/")
    values = [head.plain() for item in items for head in item.heads]
    return any(value["sha256"] == sha256 for value in values if value)


def _awaits_ruling(
    session: Session, viewer: Viewer, bureau: str, inspection_id: UUID, sha256: str
) -> bool:
    """Whether an entry of the inbox, on which the viewer may rule, brings a photo."""
    if Role.SUPERVISOR not in viewer.roles:
        return False
    found = session.scalar(
        select(JournalEntry.hash)
        .join(BlobLink, BlobLink.entry_hash == JournalEntry.hash)
        .outerjoin(Inspection, Inspection.id == JournalEntry.assignment)
        .where(
            BlobLink.sha256 == sha256,
            JournalEntry.assignment == inspection_id,
            IN_INBOX,
            concerns(viewer, bureau),
        )
        .limit(1)
    )
    return found is not None


def _position(value: Mapping[str, Any]) -> str:
    if not value["latitude"] or not value["longitude"]:
        return ""
    return f"{value['latitude']}, {value['longitude']}（{value['datum']}）"
