"""Uploads under way, by replica: whoever begins one does not look through those of all years."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

NAME = "ix_upload_open"
OPEN = sa.text("finished_at IS NULL")


def upgrade() -> None:
    op.create_index(NAME, "upload", ["replica_id"], sqlite_where=OPEN, postgresql_where=OPEN)


def downgrade() -> None:
    op.drop_index(NAME, "upload")
