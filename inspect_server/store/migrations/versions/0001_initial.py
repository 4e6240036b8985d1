"""The first schema: made from the models while nothing is released; frozen before 0.1.0."""

from alembic import op

from inspect_server.store.models import Base
from inspect_server.store.triggers import create_triggers, drop_triggers

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    Base.metadata.create_all(op.get_bind())
    create_triggers(op.get_bind())


def downgrade() -> None:
    drop_triggers(op.get_bind())
    Base.metadata.drop_all(op.get_bind())
