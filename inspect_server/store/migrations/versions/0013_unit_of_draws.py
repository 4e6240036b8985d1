"""Whose a draw is: the unit of who committed to it, as it was then and wherever they go later."""

import sqlalchemy as sa
from alembic import op

from inspect_server.store.migrations.triggers import Guard, Move, create_guards, drop_guards

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

# One guard more; the draw's others stay ("erasable" leaves out the one against deleting).
GUARDS = {"draw": Guard(moves=[Move(("unit",), "NEW.unit = OLD.unit")], erasable=True)}
DRAW = sa.table("draw", sa.column("id", sa.Uuid()), sa.column("committed_by"), sa.column("unit"))
ACCOUNT = sa.table("user_account", sa.column("id", sa.Uuid()), sa.column("unit"))


def upgrade() -> None:
    """Draws from before get the unit that the account has now: until here it counted."""
    column = sa.Column("unit", sa.String(length=200), nullable=False, server_default="")
    op.add_column("draw", column)
    connection = op.get_bind()
    rows = connection.execute(sa.select(ACCOUNT.c.id, ACCOUNT.c.unit)).all()
    units = {f"user:{id}": unit for id, unit in rows}
    for id, by in connection.execute(sa.select(DRAW.c.id, DRAW.c.committed_by)).all():
        known = sa.update(DRAW).where(DRAW.c.id == id).values(unit=units.get(by, ""))
        connection.execute(known)
    create_guards(connection, GUARDS)


def downgrade() -> None:
    drop_guards(op.get_bind(), GUARDS)
    op.drop_column("draw", "unit")
