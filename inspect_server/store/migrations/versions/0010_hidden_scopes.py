"""What was hidden from a user, by position: a pull asks for what is new, not for all years."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

NAME = "ix_replica_scope_hidden"
HIDDEN = sa.text("removed_pos IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        NAME,
        "replica_scope",
        ["user_id", "removed_pos"],
        sqlite_where=HIDDEN,
        postgresql_where=HIDDEN,
    )


def downgrade() -> None:
    op.drop_index(NAME, "replica_scope")
