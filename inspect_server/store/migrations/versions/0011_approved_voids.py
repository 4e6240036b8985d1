"""Who approved that a draw be made void, and why the witness signs on paper."""

import sqlalchemy as sa
from alembic import op

from inspect_server.store.migrations.triggers import Guard, create_guards, drop_guards, once

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

FROZEN = (
    *("request_leaf", "draw_id", "reason", "evidence_sha256"),
    *("requested_at", "requested_by"),
)
ADDED = ("approved_by", "paper_because")
AGREED = [once("voided_at", "voided_by", "cosigned")]
BEFORE = {"draw_void": Guard(frozen=FROZEN, moves=AGREED)}
AFTER = {"draw_void": Guard(frozen=(*FROZEN, *ADDED), moves=AGREED)}


def upgrade() -> None:
    op.add_column("draw_void", sa.Column("approved_by", sa.String(length=80), nullable=True))
    op.add_column("draw_void", sa.Column("paper_because", sa.String(length=40), nullable=True))
    drop_guards(op.get_bind(), BEFORE)
    create_guards(op.get_bind(), AFTER)


def downgrade() -> None:
    drop_guards(op.get_bind(), AFTER)
    for name in reversed(ADDED):
        op.drop_column("draw_void", name)
    create_guards(op.get_bind(), BEFORE)
