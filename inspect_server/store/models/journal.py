"""The sync journal: every entry ever received, verbatim, and what was computed from it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from inspect_server.store.models.base import Base


class Replica(Base):
    """One IndexedDB (or SQLite) incarnation on one phone, with its own key; id = SHA-256 of the key."""

    __tablename__ = "replica"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    public_key: Mapped[bytes]
    label: Mapped[str] = mapped_column(String(100))
    device_id: Mapped[UUID]
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    storage: Mapped[dict[str, Any]]
    pull_token_sha256: Mapped[str | None] = mapped_column(String(64))
    enrolled_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_contact_at: Mapped[datetime | None]
    upto_seq: Mapped[int]  # contiguous durable prefix
    head_hash: Mapped[str] = mapped_column(String(64))  # "" while upto_seq is 0


class SyncHead(Base):
    """The one row whose lock gives out positions without gaps."""

    __tablename__ = "sync_head"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    pos: Mapped[int] = mapped_column(BigInteger)
    epoch: Mapped[UUID]


class JournalEntry(Base):
    """One entry as received. Its bytes never change; its effect is recomputable from the journal."""

    __tablename__ = "journal_entry"
    __table_args__ = (UniqueConstraint("replica_id", "seq", "hash"),)

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    replica_id: Mapped[str] = mapped_column(ForeignKey("replica.id"))
    seq: Mapped[int]
    pos: Mapped[int] = mapped_column(BigInteger, unique=True)
    content: Mapped[bytes]
    signature: Mapped[bytes]
    carrier: Mapped[str] = mapped_column(String(64))
    assignment: Mapped[UUID | None] = mapped_column(index=True)
    received_at: Mapped[datetime]
    effect: Mapped[str] = mapped_column(String(20))  # applied | conflict | held | quarantined
    reason: Mapped[str | None] = mapped_column(String(30))
    flags: Mapped[list[str]]


class Operation(Base):
    """One operation of an entry, taken apart for queries."""

    __tablename__ = "operation"
    __table_args__ = (Index("ix_operation_item", "assignment", "item"),)

    entry_hash: Mapped[str] = mapped_column(ForeignKey("journal_entry.hash"), primary_key=True)
    op_index: Mapped[int] = mapped_column(primary_key=True)
    assignment: Mapped[UUID | None]
    item: Mapped[str] = mapped_column(String(160))
    type: Mapped[str] = mapped_column(String(30))
    is_head: Mapped[bool]
    blob_sha256: Mapped[str | None] = mapped_column(String(64), index=True)


class SyncDocument(Base):
    """The latest body of one thing that phones pull; one row per document at its latest position."""

    __tablename__ = "sync_document"

    id: Mapped[str] = mapped_column(String(160), primary_key=True)
    scope: Mapped[str] = mapped_column(String(80), index=True)
    kind: Mapped[str] = mapped_column(String(30))
    ver: Mapped[int]
    pos: Mapped[int] = mapped_column(BigInteger, index=True)
    deleted: Mapped[bool]
    body: Mapped[bytes]


class ReplicaScope(Base):
    """Since when, and until when, a user sees a scope: reassignment hides and never deletes."""

    __tablename__ = "replica_scope"
    __table_args__ = (UniqueConstraint("user_id", "scope", "added_pos"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    scope: Mapped[str] = mapped_column(String(80), index=True)
    added_pos: Mapped[int] = mapped_column(BigInteger)
    removed_pos: Mapped[int | None] = mapped_column(BigInteger)


class BlobLink(Base):
    """Which entry cites which blob; links never change."""

    __tablename__ = "blob_link"

    entry_hash: Mapped[str] = mapped_column(ForeignKey("journal_entry.hash"), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    replica_id: Mapped[str] = mapped_column(String(64), index=True)
    assignment: Mapped[UUID | None] = mapped_column(index=True)


class Upload(Base):
    """One tus upload under way; the bytes lie beside the blobs until the hash is proven."""

    __tablename__ = "upload"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    replica_id: Mapped[str] = mapped_column(ForeignKey("replica.id"))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    length: Mapped[int] = mapped_column(BigInteger)
    received: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class Unverified(Base):
    """Raw bytes whose signature or form did not hold: kept under a quota, shown to a supervisor."""

    __tablename__ = "unverified_entry"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    carrier: Mapped[str] = mapped_column(String(64), index=True)
    received_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(30))
    content: Mapped[bytes]
    signature: Mapped[bytes]


class Receipt(Base):
    """A receipt that the server signed; kept so that a restored server can be measured by it."""

    __tablename__ = "receipt"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    replica_id: Mapped[str] = mapped_column(ForeignKey("replica.id"), index=True)
    upto_seq: Mapped[int]
    issued_at: Mapped[datetime]
    body: Mapped[bytes]
    signature: Mapped[bytes]
