"""What happens to a draw after its result: replacements, void, and every certificate issued."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from inspect_server.store.models.base import Base


class DrawReplacement(Base):
    """
    One 替补 of a draw: the request, fixed before the witness's value, and then its result.

    A request without a result stays visible as pending; it is never withdrawn or changed.
    """

    __tablename__ = "draw_replacement"
    # A value of the witness's chain serves one request, whatever draw it belongs to.
    __table_args__ = (UniqueConstraint("chain_id", "position"),)

    draw_id: Mapped[UUID] = mapped_column(ForeignKey("draw.id"), primary_key=True)
    k: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(20))  # officer | enterprise
    reason: Mapped[str] = mapped_column(String(40))
    task: Mapped[str] = mapped_column(String(64))  # commitment, as the task stood before
    dept: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(40))  # the stage's label, "" for an enterprise
    went_out: Mapped[str] = mapped_column(String(64))
    chain_id: Mapped[UUID] = mapped_column(ForeignKey("hash_chain.id"))
    position: Mapped[int]
    evidence_sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"))
    request_leaf: Mapped[str] = mapped_column(String(64), unique=True)
    requested_at: Mapped[datetime]
    requested_by: Mapped[str] = mapped_column(String(80))
    approved_by: Mapped[str] = mapped_column(String(80))
    came_in: Mapped[str | None] = mapped_column(String(64))
    entry: Mapped[str | None] = mapped_column(Text)  # JCS, as it stands in the certificate
    completed_at: Mapped[datetime | None]
    completed_by: Mapped[str | None] = mapped_column(String(80))


class DrawVoid(Base):
    """One request to void a draw, and the witness's consent once it is there."""

    __tablename__ = "draw_void"

    request_leaf: Mapped[str] = mapped_column(String(64), primary_key=True)
    draw_id: Mapped[UUID] = mapped_column(ForeignKey("draw.id"), index=True)
    reason: Mapped[str] = mapped_column(String(40))
    evidence_sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"))
    requested_at: Mapped[datetime]
    requested_by: Mapped[str] = mapped_column(String(80))
    approved_by: Mapped[str | None] = mapped_column(String(80))  # None before 0011
    paper_because: Mapped[str | None] = mapped_column(String(40))  # "" where nothing was to be said
    cosigned: Mapped[str | None] = mapped_column(Text)  # JCS, as it stands in the certificate
    voided_at: Mapped[datetime | None]
    voided_by: Mapped[str | None] = mapped_column(String(80))


class DrawCertificate(Base):
    """
    A certificate issued anew after a replacement or a void, version 2 and later.

    The first one is `Draw.certificate`. All of them stay; the newest is in force.
    """

    __tablename__ = "draw_certificate"

    draw_id: Mapped[UUID] = mapped_column(ForeignKey("draw.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    certificate: Mapped[str] = mapped_column(Text)
    issued_at: Mapped[datetime]
    issued_by: Mapped[str] = mapped_column(String(80))


class DrawTimestamp(Base):
    """A trusted timestamp (RFC 3161) on a commit, kept as it came; certificates carry it."""

    __tablename__ = "draw_timestamp"

    draw_id: Mapped[UUID] = mapped_column(ForeignKey("draw.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    tsa: Mapped[str] = mapped_column(String(200))  # who issued it, as the office calls them
    token: Mapped[bytes]  # DER of the TimeStampToken
    stored_at: Mapped[datetime]
    stored_by: Mapped[str] = mapped_column(String(80))


class InspectionEnd(Base):
    """Why an inspection ended without a visit."""

    __tablename__ = "inspection_end"

    inspection_id: Mapped[UUID] = mapped_column(ForeignKey("inspection.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(String(40))  # domain.inspection.EndReason
    ended_at: Mapped[datetime]
    ended_by: Mapped[str] = mapped_column(String(80))
