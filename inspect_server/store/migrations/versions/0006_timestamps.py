"""Trusted timestamps on commits, obtained outside and kept as they came."""

import sqlalchemy as sa
from alembic import op

from inspect_server.store.migrations.triggers import Guard, create_guards, drop_guards

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

GUARDS = {"draw_timestamp": Guard(frozen=None)}


def upgrade() -> None:
    op.create_table(
        "draw_timestamp",
        sa.Column("draw_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tsa", sa.String(length=200), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stored_by", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["draw_id"], ["draw.id"], name=op.f("fk_draw_timestamp_draw_id")),
        sa.PrimaryKeyConstraint("draw_id", "number", name=op.f("pk_draw_timestamp")),
    )
    create_guards(op.get_bind(), GUARDS)


def downgrade() -> None:
    drop_guards(op.get_bind(), GUARDS)
    op.drop_table("draw_timestamp")
