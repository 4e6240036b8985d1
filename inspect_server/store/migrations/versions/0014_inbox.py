"""The supervisor's inbox by position: opening it does not look through the entries of all years."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

NAME = "ix_journal_entry_inbox"
IN_INBOX = sa.text(
    "effect IN ('quarantined', 'held') OR reason = 'fork'"
    " OR CAST(flags AS VARCHAR) LIKE '%\"gap\"%'"
)


def upgrade() -> None:
    op.create_index(
        NAME, "journal_entry", ["pos"], sqlite_where=IN_INBOX, postgresql_where=IN_INBOX
    )


def downgrade() -> None:
    op.drop_index(NAME, "journal_entry")
