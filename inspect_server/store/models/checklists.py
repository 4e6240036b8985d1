"""Checklists of the bureau's own, and what the office says of any version, packaged or not."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from inspect_server.store.models.base import Base


class PublishedChecklist(Base):
    """One version as phones pull it. Never changed and never deleted."""

    __tablename__ = "published_checklist"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content_sha256: Mapped[str] = mapped_column(String(64))
    body: Mapped[dict[str, Any]]  # forms.body.to_json: title, dates and all
    published_at: Mapped[datetime]
    published_by: Mapped[str] = mapped_column(String(80))


class ChecklistRetirement(Base):
    """The first day on which a version is no longer handed out; said once."""

    __tablename__ = "checklist_retirement"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    retired_on: Mapped[date]
    retired_at: Mapped[datetime]
    retired_by: Mapped[str] = mapped_column(String(80))


class CitationConfirmation(Base):
    """A citation of one item that somebody compared with the text; withdrawn at most once."""

    __tablename__ = "citation_confirmation"
    __table_args__ = (
        Index(
            "uq_citation_confirmation_standing",
            "name",
            "version",
            "code",
            "citation",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    version: Mapped[int]
    content_sha256: Mapped[str] = mapped_column(String(64))  # of the version that was looked at
    code: Mapped[str] = mapped_column(String(60))
    citation: Mapped[str] = mapped_column(String(600))  # as the version prints it
    article: Mapped[str] = mapped_column(String(100))  # of a basis that had none, else ""
    source: Mapped[str] = mapped_column(String(300))  # what it was compared with
    confirmed_at: Mapped[datetime]
    confirmed_by: Mapped[str] = mapped_column(String(80))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str | None] = mapped_column(String(80))
    withdraw_reason: Mapped[str | None] = mapped_column(String(300))
