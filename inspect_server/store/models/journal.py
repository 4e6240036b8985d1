"""The sync journal: every entry ever received, verbatim, and what was computed from it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    bindparam,
    cast,
    false,
    literal,
    or_,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from inspect_server.store.models.base import Base


class Replica(Base):
    """One IndexedDB (or SQLite) incarnation on one phone; its id is the SHA-256 of its key."""

    __tablename__ = "replica"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    public_key: Mapped[bytes]
    label: Mapped[str] = mapped_column(String(100))
    device_id: Mapped[UUID]
    is_server: Mapped[bool] = mapped_column(default=False)  # the server's own entries
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
    rebuilding: Mapped[bool] = mapped_column(server_default=false())  # never at rest


class JournalEntry(Base):
    """One entry as received. Its bytes never change; its effect follows from the journal."""

    __tablename__ = "journal_entry"
    __table_args__ = (
        UniqueConstraint("replica_id", "seq", "hash"),
        Index("ix_journal_entry_effect", "replica_id", "effect"),
        Index("ix_journal_entry_assignment", "assignment", "replica_id"),
    )

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    replica_id: Mapped[str] = mapped_column(ForeignKey("replica.id"))
    seq: Mapped[int] = mapped_column(BigInteger)
    prev: Mapped[str] = mapped_column(String(64))  # "" at seq 1
    pos: Mapped[int] = mapped_column(BigInteger, unique=True)
    content: Mapped[bytes]
    signature: Mapped[bytes]
    carrier: Mapped[str] = mapped_column(String(64))
    assignment: Mapped[UUID | None]
    received_at: Mapped[datetime]
    effect: Mapped[str] = mapped_column(String(20))  # applied | conflict | held | quarantined
    reason: Mapped[str | None] = mapped_column(String(30))
    flags: Mapped[list[str]]


IN_INBOX = or_(
    JournalEntry.effect.in_(
        bindparam("set_aside", ["quarantined", "held"], expanding=True, literal_execute=True)
    ),
    JournalEntry.reason == literal("fork", literal_execute=True),
    cast(JournalEntry.flags, String).like(literal('%"gap"%', literal_execute=True)),
)
"""
What a supervisor has to see: set aside, of a fork, or behind entries that a restore lost.

Its values stand in every statement as they stand in the index: else neither database knows that
the index holds what is asked for.
"""
Index("ix_journal_entry_inbox", JournalEntry.pos, sqlite_where=IN_INBOX, postgresql_where=IN_INBOX)


class Operation(Base):
    """One operation of an entry, taken apart for queries."""

    __tablename__ = "operation"
    __table_args__ = (Index("ix_operation_item", "assignment", "item"),)

    entry_hash: Mapped[str] = mapped_column(ForeignKey("journal_entry.hash"), primary_key=True)
    op_index: Mapped[int] = mapped_column(primary_key=True)
    assignment: Mapped[UUID | None]
    item: Mapped[str] = mapped_column(String(160))
    type: Mapped[str] = mapped_column(String(30))
    parents: Mapped[str] = mapped_column(Text)  # full operation ids, one blank between them
    value: Mapped[bytes]  # RFC 8785 form
    blob_sha256: Mapped[str] = mapped_column(String(64))  # "" without a file
    author: Mapped[str] = mapped_column(String(36))  # user id as the entry says it
    wall: Mapped[str] = mapped_column(String(40))
    hlc: Mapped[str] = mapped_column(String(40))


class SyncStanding(Base):
    """Who works on one inspection, as the server's own entries in the journal say."""

    __tablename__ = "sync_standing"

    assignment: Mapped[UUID] = mapped_column(primary_key=True)
    form: Mapped[str] = mapped_column(String(400))
    lead: Mapped[str] = mapped_column(String(36))
    team: Mapped[list[str]]  # user ids, sorted, the lead included
    former: Mapped[list[str]]  # user ids taken off it, sorted
    closed: Mapped[bool]


class SyncDocument(Base):
    """The latest body of one thing that phones pull, at its latest position."""

    __tablename__ = "sync_document"
    __table_args__ = (Index("ix_sync_document_scope_pos", "scope", "pos"),)

    # Compared as bytes on every engine: pages of a pull are cut by (position, id).
    id: Mapped[str] = mapped_column(
        String(160).with_variant(String(160, collation="C"), "postgresql"), primary_key=True
    )
    scope: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(30))
    ver: Mapped[int]
    pos: Mapped[int] = mapped_column(BigInteger)
    deleted: Mapped[bool]
    body: Mapped[bytes]
    lift: Mapped[int] = mapped_column(server_default="0")  # what repairs added to the version
    repaired_pos: Mapped[int] = mapped_column(BigInteger, server_default="0")  # 0: never


class SyncItem(Base):
    """One item as folded from the journal: which operations hold now, and whether they disagree."""

    __tablename__ = "sync_item"
    __table_args__ = (Index("ix_sync_item_conflict", "assignment", "conflict"),)

    document_id: Mapped[str] = mapped_column(ForeignKey("sync_document.id"), primary_key=True)
    assignment: Mapped[UUID | None]
    item: Mapped[str] = mapped_column(String(160))
    heads: Mapped[str] = mapped_column(Text)  # operation ids, sorted, one blank between them
    conflict: Mapped[bool]


class ReplicaScope(Base):
    """Since when, and until when, a user sees a scope: reassignment hides and never deletes."""

    __tablename__ = "replica_scope"
    __table_args__ = (
        UniqueConstraint("user_id", "scope", "added_pos"),
        Index(
            "uq_replica_scope_visible",
            "user_id",
            "scope",
            unique=True,
            sqlite_where=text("removed_pos IS NULL"),
            postgresql_where=text("removed_pos IS NULL"),
        ),
        Index(
            "ix_replica_scope_hidden",
            "user_id",
            "removed_pos",
            sqlite_where=text("removed_pos IS NOT NULL"),
            postgresql_where=text("removed_pos IS NOT NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
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
    __table_args__ = (
        Index(
            "ix_upload_open",
            "replica_id",
            sqlite_where=text("finished_at IS NULL"),
            postgresql_where=text("finished_at IS NULL"),
        ),
    )

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
    __table_args__ = (UniqueConstraint("carrier", "content_sha256"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    carrier: Mapped[str] = mapped_column(String(64), index=True)
    received_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(30))
    content_sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes]
    signature: Mapped[bytes]


class EnrolNonce(Base):
    """A nonce given out for one enrolment, until it is used or too old."""

    __tablename__ = "enrol_nonce"

    nonce: Mapped[str] = mapped_column(String(64), primary_key=True)
    ends_at: Mapped[datetime] = mapped_column(index=True)


class Receipt(Base):
    """A receipt that the server signed; kept so that a restored server can be measured by it."""

    __tablename__ = "receipt"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    replica_id: Mapped[str] = mapped_column(ForeignKey("replica.id"), index=True)
    upto_seq: Mapped[int]
    issued_at: Mapped[datetime]
    body: Mapped[bytes]
    signature: Mapped[bytes]
