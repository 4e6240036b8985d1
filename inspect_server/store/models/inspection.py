"""Inspections: the scheme, the team, the checklists, and the record once it is closed."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from inspect_server.domain.enums import InspectionState, TeamRole
from inspect_server.store.models.base import Base


class Inspection(Base):
    """One visit to one enterprise. Never deleted."""

    __tablename__ = "inspection"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)  # e.g. 2026-0012, names the case
    enterprise_id: Mapped[UUID] = mapped_column(ForeignKey("enterprise.id"), index=True)
    plan_id: Mapped[UUID | None] = mapped_column(ForeignKey("plan.id"))
    draw_id: Mapped[UUID | None] = mapped_column(ForeignKey("draw.id"), index=True)
    source: Mapped[str] = mapped_column(String(40))  # draw | key | complaint | assigned | recheck
    # 承办机构 and its bureau: which supervisors see it.
    unit: Mapped[str] = mapped_column(String(200), default="", index=True)
    authority: Mapped[str] = mapped_column(String(200), default="")
    state: Mapped[InspectionState] = mapped_column(index=True)
    visit_from: Mapped[date]
    visit_to: Mapped[date]
    scheme: Mapped[dict[str, Any]]  # 检查方案 as domain.assignment.Scheme
    form_set: Mapped[str] = mapped_column(String(400))  # sorted "name@version" joined by "+"
    scheme_made_by: Mapped[str] = mapped_column(String(80))
    approved_at: Mapped[datetime | None]
    approved_by: Mapped[str | None] = mapped_column(String(80))
    dispatched_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None] = mapped_column(String(80))
    record: Mapped[dict[str, Any] | None]  # domain.inspection.ClosedRecord, frozen at closing
    row_version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": row_version}


class EnterpriseCheck(Base):
    """
    One check of an enterprise.

    `counts`: toward the annual cap of 应急〔2025〕11号. For recency and the rounds of the key
    enterprises the source says it.
    """

    __tablename__ = "enterprise_check"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    enterprise_id: Mapped[UUID] = mapped_column(ForeignKey("enterprise.id"), index=True)
    checked_on: Mapped[date]
    source: Mapped[str] = mapped_column(String(40))  # draw | key | complaint | assigned | recheck
    counts: Mapped[bool]
    inspection_id: Mapped[UUID | None] = mapped_column(ForeignKey("inspection.id"))


class InspectionMember(Base):
    """Who is or was on the team. Leaving ends the row, nothing is overwritten."""

    __tablename__ = "inspection_member"
    __table_args__ = (
        Index(
            "uq_inspection_member_active",
            "inspection_id",
            "officer_id",
            unique=True,
            sqlite_where=text("left_at IS NULL"),
            postgresql_where=text("left_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    inspection_id: Mapped[UUID] = mapped_column(ForeignKey("inspection.id"), index=True)
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officer.id"), index=True)
    role: Mapped[TeamRole]
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    left_reason: Mapped[str | None] = mapped_column(String(200))


class InspectionForm(Base):
    """A checklist version pinned by the assignment; its content hash proves which text was used."""

    __tablename__ = "inspection_form"

    inspection_id: Mapped[UUID] = mapped_column(ForeignKey("inspection.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    version: Mapped[int]
    content_sha256: Mapped[str] = mapped_column(String(64))


class IssuedDocument(Base):
    """One printed document under its number. Voided, never deleted; the number is not reused."""

    __tablename__ = "issued_document"
    __table_args__ = (UniqueConstraint("kind", "year", "serial", "sub_serial"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    inspection_id: Mapped[UUID] = mapped_column(ForeignKey("inspection.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))  # e.g. inspection_record, rectification_order
    year: Mapped[int]
    serial: Mapped[int]
    sub_serial: Mapped[int]  # 0: none
    doc_no: Mapped[str] = mapped_column(String(80))  # （苏·云）应急检记〔2026〕1号
    template_version: Mapped[str] = mapped_column(String(20))
    facts: Mapped[dict[str, Any]]
    content_sha256: Mapped[str] = mapped_column(String(64))
    pdf_sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"))
    issued_at: Mapped[datetime]
    issued_by: Mapped[str] = mapped_column(String(80))
    voided_at: Mapped[datetime | None]
    void_reason: Mapped[str | None] = mapped_column(String(200))


class SignedDocument(Base):
    """The signed file of a document: the issued bytes with a signature behind them, once."""

    __tablename__ = "signed_document"

    document_id: Mapped[UUID] = mapped_column(ForeignKey("issued_document.id"), primary_key=True)
    signed_sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"))
    certificate_sha256: Mapped[str] = mapped_column(String(64))  # "": an external program signed
    signed_at: Mapped[datetime]
    signed_by: Mapped[str] = mapped_column(String(80))


class DocumentCounter(Base):
    """The next serial of one 文种 in one year; its row is the lock."""

    __tablename__ = "document_counter"

    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last_serial: Mapped[int]
