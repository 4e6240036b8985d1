"""The year's plan and the draws made from it."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from inspect_server.store.models.base import Base


class PlanState(StrEnum):
    """A plan counts once somebody other than its author approved it."""

    DRAFT = "draft"
    APPROVED = "approved"
    SUPERSEDED = "superseded"


class Plan(Base):
    """年度监督检查计划. `body` is the frozen domain.plan.Plan as JSON, with the law ids it used."""

    __tablename__ = "plan"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(index=True)
    state: Mapped[PlanState]
    body: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(80))
    approved_at: Mapped[datetime | None]
    approved_by: Mapped[str | None] = mapped_column(String(80))
    row_version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": row_version}


class DrawState(StrEnum):
    """A draw happens once per commit."""

    COMMITTED = "committed"
    REVEALED = "revealed"
    VOID = "void"


class Draw(Base):
    """One 双随机抽取 (SJC-DRAW/1). JSON texts are stored as the exact bytes that were hashed."""

    __tablename__ = "draw"
    __table_args__ = (
        # One open commit per authority.
        Index(
            "uq_draw_open_commit",
            "authority",
            unique=True,
            sqlite_where=text("state = 'committed'"),
            postgresql_where=text("state = 'committed'"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    draw_no: Mapped[str] = mapped_column(String(60), unique=True)
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plan.id"), index=True)
    authority: Mapped[str] = mapped_column(String(200))
    unit: Mapped[str] = mapped_column(String(200))  # of the account that committed, at that time
    state: Mapped[DrawState]
    visit_from: Mapped[date]
    visit_to: Mapped[date]
    commit_body: Mapped[str] = mapped_column(Text)
    commit_hex: Mapped[str] = mapped_column(String(64), unique=True)
    eligibility: Mapped[str] = mapped_column(Text, default="")  # the O, R and B lines as committed
    committed_at: Mapped[datetime]
    committed_by: Mapped[str] = mapped_column(String(80))
    revealed_at: Mapped[datetime | None]
    revealed_by: Mapped[str | None] = mapped_column(String(80))
    certificate: Mapped[str | None] = mapped_column(Text)
    row_version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": row_version}


class DrawLeaf(Base):
    """One enterprise in or out of the pool of one draw, with the salt that hides it."""

    __tablename__ = "draw_leaf"
    __table_args__ = (UniqueConstraint("draw_id", "enterprise_id"),)

    draw_id: Mapped[UUID] = mapped_column(ForeignKey("draw.id"), primary_key=True)
    commitment: Mapped[str] = mapped_column(String(64), primary_key=True)
    enterprise_id: Mapped[UUID] = mapped_column(ForeignKey("enterprise.id"))
    salt: Mapped[bytes]
    record: Mapped[str] = mapped_column(Text)  # JCS of {"uscc", "name"} as committed
    label: Mapped[str] = mapped_column(String(120))  # cell id, or the exclusion's reason code
    included: Mapped[bool]
    selected: Mapped[bool]


class DrawOfficer(Base):
    """One officer as a salted leaf of one draw's eligibility."""

    __tablename__ = "draw_officer"
    __table_args__ = (UniqueConstraint("draw_id", "officer_id"),)

    draw_id: Mapped[UUID] = mapped_column(ForeignKey("draw.id"), primary_key=True)
    commitment: Mapped[str] = mapped_column(String(64), primary_key=True)
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officer.id"))
    salt: Mapped[bytes]
    record: Mapped[str] = mapped_column(Text)
    line: Mapped[str] = mapped_column(Text)  # the O line that was committed


class DrawTeam(Base):
    """Who was drawn for which task in which stage."""

    __tablename__ = "draw_team"

    draw_id: Mapped[UUID] = mapped_column(ForeignKey("draw.id"), primary_key=True)
    task: Mapped[str] = mapped_column(String(64), primary_key=True)  # commitment of the enterprise
    stage: Mapped[str] = mapped_column(String(40), primary_key=True)  # lead/0, member/0 …
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officer.id"))


class DrawPartnerTeam(Base):
    """Whom a partner department (联合检查) was drawn to send; `DrawTeam` holds our own."""

    __tablename__ = "draw_partner_team"

    draw_id: Mapped[UUID] = mapped_column(ForeignKey("draw.id"), primary_key=True)
    task: Mapped[str] = mapped_column(String(64), primary_key=True)  # commitment of the enterprise
    dept: Mapped[str] = mapped_column(String(40), primary_key=True)
    stage: Mapped[str] = mapped_column(String(40), primary_key=True)
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officer.id"))


class HashChain(Base):
    """A hash chain of the draw: its anchor and what was revealed; other values stay out."""

    __tablename__ = "hash_chain"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))  # authority | witness
    holder: Mapped[str] = mapped_column(String(200))
    suite: Mapped[str] = mapped_column(String(10))  # sha256 | sm3, of every draw that uses it
    year: Mapped[int]
    anchor_hex: Mapped[str] = mapped_column(String(64), unique=True)
    length: Mapped[int]
    created_at: Mapped[datetime]
    # Ed25519, raw, in hex: with it the holder signs the void of a draw. None: on paper only.
    public_key_hex: Mapped[str | None] = mapped_column(String(64))


class ChainValue(Base):
    """One revealed value, used by one draw and never again."""

    __tablename__ = "chain_value"

    chain_id: Mapped[UUID] = mapped_column(ForeignKey("hash_chain.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    value_hex: Mapped[str] = mapped_column(String(64))
    draw_id: Mapped[UUID] = mapped_column(ForeignKey("draw.id"))
    revealed_at: Mapped[datetime]


class DrawDice(Base):
    """The dice of one draw, logged before its public value may be known; rolled once."""

    __tablename__ = "draw_dice"

    draw_id: Mapped[UUID] = mapped_column(ForeignKey("draw.id"), primary_key=True)
    value: Mapped[str] = mapped_column(Text)  # name/issue/faces, as it enters the seed
    leaf: Mapped[str] = mapped_column(String(64), unique=True)  # of the draw log
    rolled_at: Mapped[datetime]
    rolled_by: Mapped[str] = mapped_column(String(80))
