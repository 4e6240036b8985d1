"""Teams of the partner departments of a joint check, beside our own."""

import sqlalchemy as sa
from alembic import op

from inspect_server.store.migrations.triggers import Guard, create_guards, drop_guards

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

GUARDS = {"draw_partner_team": Guard(frozen=None)}


def upgrade() -> None:
    op.create_table(
        "draw_partner_team",
        sa.Column("draw_id", sa.Uuid(), nullable=False),
        sa.Column("task", sa.String(length=64), nullable=False),
        sa.Column("dept", sa.String(length=40), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["draw_id"], ["draw.id"], name=op.f("fk_draw_partner_team_draw_id")
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officer.id"], name=op.f("fk_draw_partner_team_officer_id")
        ),
        sa.PrimaryKeyConstraint(
            "draw_id", "task", "dept", "stage", name=op.f("pk_draw_partner_team")
        ),
    )
    create_guards(op.get_bind(), GUARDS)


def downgrade() -> None:
    drop_guards(op.get_bind(), GUARDS)
    op.drop_table("draw_partner_team")
