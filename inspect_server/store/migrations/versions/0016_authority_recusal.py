"""Enterprises that the bureau as a whole may not check (本机关回避), with the reason."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("enterprise", sa.Column("recusal", sa.String(length=200), nullable=True))


def downgrade() -> None:
    op.drop_column("enterprise", "recusal")
