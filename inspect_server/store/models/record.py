"""The full-process record: leaves as exact bytes; personal values that they only commit to."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from inspect_server.store.models.base import Base


class RecordCase(Base):
    """One case of the record: its row is the lock under which leaves are appended."""

    __tablename__ = "record_case"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    last_seq: Mapped[int]
    last_leaf: Mapped[str] = mapped_column(String(64))


class RecordLeaf(Base):
    """One event, append-only: triggers refuse UPDATE and DELETE."""

    __tablename__ = "record_leaf"
    __table_args__ = (UniqueConstraint("case_name", "case_seq"),)

    leaf: Mapped[str] = mapped_column(String(64), primary_key=True)
    case_name: Mapped[str] = mapped_column(ForeignKey("record_case.name"), index=True)
    case_seq: Mapped[int]
    type: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime]
    content: Mapped[bytes]


class Counted(Base):
    """One step of the running total (see `store.counting`), append-only as what it counts."""

    __tablename__ = "counted"
    __table_args__ = (UniqueConstraint("kind", "item"),)

    pos: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(20))  # leaf | audit | receipt | file | chain
    item: Mapped[str] = mapped_column(String(64))
    total: Mapped[str] = mapped_column(String(64))


class PersonalValue(Base):
    """What a leaf's commitment stands for; erasing a person deletes the row, never the leaf."""

    __tablename__ = "personal_value"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    commitment: Mapped[str] = mapped_column(String(64), index=True)
    salt: Mapped[bytes]
    value: Mapped[str] = mapped_column(Text)  # JCS
