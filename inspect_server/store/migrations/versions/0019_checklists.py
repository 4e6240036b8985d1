"""Checklists of the bureau's own, their retirement, and citations that somebody confirmed."""

import sqlalchemy as sa
from alembic import op

from inspect_server.store.migrations.triggers import Guard, create_guards, drop_guards, once

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

GUARDS = {
    "published_checklist": Guard(frozen=None),
    "checklist_retirement": Guard(frozen=None),
    "citation_confirmation": Guard(
        frozen=(
            "id",
            "name",
            "version",
            "content_sha256",
            "code",
            "citation",
            "article",
            "source",
            "confirmed_at",
            "confirmed_by",
        ),
        moves=[once("withdrawn_at", "withdrawn_by", "withdraw_reason")],
    ),
}
STANDING = "withdrawn_at IS NULL"


def upgrade() -> None:
    op.create_table(
        "published_checklist",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("name", "version", name=op.f("pk_published_checklist")),
    )
    op.create_table(
        "checklist_retirement",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("retired_on", sa.Date(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_by", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("name", "version", name=op.f("pk_checklist_retirement")),
    )
    op.create_table(
        "citation_confirmation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("citation", sa.String(length=600), nullable=False),
        sa.Column("article", sa.String(length=100), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.String(length=80), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=80), nullable=True),
        sa.Column("withdraw_reason", sa.String(length=300), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_citation_confirmation")),
    )
    op.create_index(
        "uq_citation_confirmation_standing",
        "citation_confirmation",
        ["name", "version", "code", "citation"],
        unique=True,
        sqlite_where=sa.text(STANDING),
        postgresql_where=sa.text(STANDING),
    )
    create_guards(op.get_bind(), GUARDS)


def downgrade() -> None:
    drop_guards(op.get_bind(), GUARDS)
    op.drop_index("uq_citation_confirmation_standing", table_name="citation_confirmation")
    for table in GUARDS:
        op.drop_table(table)
