"""Published copies: notices, results and files that the disclosure face reads; they only grow."""

import sqlalchemy as sa
from alembic import op

from inspect_server.store.migrations.triggers import Guard, create_guards, drop_guards

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TABLES = ("published_notice", "published_result", "published_file", "stated_result")
GUARDS = {table: Guard(frozen=None) for table in TABLES}


def upgrade() -> None:
    op.create_table(
        "published_notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_notice")),
        sa.UniqueConstraint(
            "kind", "subject", "revision", name=op.f("uq_published_notice_kind_subject_revision")
        ),
    )
    op.create_index(op.f("ix_published_notice_year"), "published_notice", ["year"])
    op.create_table(
        "published_result",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("draw_no", sa.String(length=60), nullable=False),
        sa.Column("commitment", sa.String(length=64), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("cell", sa.String(length=120), nullable=False),
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("authority", sa.String(length=200), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("team", sa.JSON(), nullable=False),
        sa.Column("result", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_result")),
        sa.UniqueConstraint(
            "draw_no",
            "commitment",
            "revision",
            name=op.f("uq_published_result_draw_no_commitment_revision"),
        ),
    )
    op.create_index(op.f("ix_published_result_uscc"), "published_result", ["uscc"])
    op.create_table(
        "published_file",
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["published_notice.id"], name=op.f("fk_published_file_notice_id")
        ),
        sa.PrimaryKeyConstraint("notice_id", "name", name=op.f("pk_published_file")),
    )
    op.create_table(
        "stated_result",
        sa.Column("draw_id", sa.Uuid(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("result", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("stated_on", sa.Date(), nullable=False),
        sa.Column("stated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stated_by", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["draw_id"], ["draw.id"], name=op.f("fk_stated_result_draw_id")),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprise.id"], name=op.f("fk_stated_result_enterprise_id")
        ),
        sa.PrimaryKeyConstraint("draw_id", "enterprise_id", name=op.f("pk_stated_result")),
    )
    create_guards(op.get_bind(), GUARDS)


def downgrade() -> None:
    drop_guards(op.get_bind(), GUARDS)
    for table in reversed(TABLES):
        op.drop_table(table)
