"""What was made public: copies that stand by themselves. Nothing in these tables ever changes."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from inspect_server.domain.disclosure import Result
from inspect_server.store.models.base import Base


class NoticeKind(StrEnum):
    """What a notice is about; its subject is the anchor, the plan's year, or the draw's number."""

    ANCHOR = "anchor"
    RULES = "rules"
    COMMIT = "commit"
    BATCH = "batch"


class PublishedNotice(Base):
    """One notice; a later one of the same subject corrects it and says why. Both stay."""

    __tablename__ = "published_notice"
    __table_args__ = (UniqueConstraint("kind", "subject", "revision"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[NoticeKind]
    subject: Mapped[str] = mapped_column(String(80))
    revision: Mapped[int]  # from 1
    year: Mapped[int] = mapped_column(index=True)
    body: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(String(200))  # of a correction, "" for the first
    published_at: Mapped[datetime]
    published_by: Mapped[str] = mapped_column(String(80))


class PublishedResult(Base):
    """The result of one selected enterprise; a later revision corrects it. Both stay."""

    __tablename__ = "published_result"
    __table_args__ = (UniqueConstraint("draw_no", "commitment", "revision"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    draw_no: Mapped[str] = mapped_column(String(60))
    commitment: Mapped[str] = mapped_column(String(64))
    revision: Mapped[int]  # from 1
    cell: Mapped[str] = mapped_column(String(120))
    uscc: Mapped[str] = mapped_column(String(18), index=True)
    name: Mapped[str] = mapped_column(String(200))
    number: Mapped[str] = mapped_column(String(40))  # of the inspection, "" where none was made
    authority: Mapped[str] = mapped_column(String(200))
    checked_on: Mapped[date | None]
    items: Mapped[list[str]]  # 检查事项: the titles of the checklists
    team: Mapped[list[Any]]  # [place, salted officer leaf], no names
    result: Mapped[Result]
    reason: Mapped[str] = mapped_column(String(200))  # of a stated or corrected result
    published_at: Mapped[datetime]
    published_by: Mapped[str] = mapped_column(String(80))


class PublishedFile(Base):
    """A file of a batch's notice; its bytes lie in the blob store under the hash."""

    __tablename__ = "published_file"

    notice_id: Mapped[UUID] = mapped_column(ForeignKey("published_notice.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(BigInteger)


class StatedResult(Base):
    """What a supervisor says of a check that could not be made; private until it is published."""

    __tablename__ = "stated_result"

    draw_id: Mapped[UUID] = mapped_column(ForeignKey("draw.id"), primary_key=True)
    enterprise_id: Mapped[UUID] = mapped_column(ForeignKey("enterprise.id"), primary_key=True)
    result: Mapped[Result]
    reason: Mapped[str] = mapped_column(String(200))
    stated_on: Mapped[date]
    stated_at: Mapped[datetime]
    stated_by: Mapped[str] = mapped_column(String(80))
