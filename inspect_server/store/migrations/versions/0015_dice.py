"""The dice of a draw, logged in a step of its own before the public value may be known."""

import sqlalchemy as sa
from alembic import op

from inspect_server.store.migrations.triggers import Guard, create_guards, drop_guards

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

GUARDS = {"draw_dice": Guard(frozen=None)}


def upgrade() -> None:
    op.create_table(
        "draw_dice",
        sa.Column("draw_id", sa.Uuid(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("leaf", sa.String(length=64), nullable=False),
        sa.Column("rolled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rolled_by", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["draw_id"], ["draw.id"], name=op.f("fk_draw_dice_draw_id")),
        sa.PrimaryKeyConstraint("draw_id", name=op.f("pk_draw_dice")),
        sa.UniqueConstraint("leaf", name=op.f("uq_draw_dice_leaf")),
    )
    create_guards(op.get_bind(), GUARDS)


def downgrade() -> None:
    drop_guards(op.get_bind(), GUARDS)
    op.drop_table("draw_dice")
