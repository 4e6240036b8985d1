"""What a rebuild of the journal corrected, and guards on what only a rebuild may write anew."""

import sqlalchemy as sa
from alembic import op

from inspect_server.store.migrations.triggers import Guard, Move, create_guards, drop_guards, once

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

RECEIVED = ("hash", "replica_id", "seq", "prev", "pos", "content", "signature", "received_at")

# "erasable" leaves out guards against deleting that stand already.
BEFORE = {
    "journal_entry": Guard(frozen=RECEIVED, erasable=True),
    "blob_link": Guard(frozen=None),
    "replica": Guard(moves=[once("revoked_at")], erasable=True),
}
AFTER = {
    "journal_entry": Guard(frozen=(*RECEIVED, "carrier", "assignment"), erasable=True),
    "operation": Guard(frozen=None, rebuilt=True),
    "blob_link": Guard(frozen=None, rebuilt=True),
    # Whose a phone is was said once, and only a replica of nobody is the server's.
    "replica": Guard(
        moves=[
            Move(("user_id",), "OLD.user_id IS NULL OR NEW.user_id = OLD.user_id"),
            Move(
                ("is_server",),
                "NEW.is_server = OLD.is_server OR (NEW.is_server AND NEW.user_id IS NULL)",
            ),
        ],
        erasable=True,
    ),
    "replica_scope": Guard(
        frozen=("id", "user_id", "scope", "added_pos"), moves=[once("removed_pos")]
    ),
    "sync_head": Guard(frozen=("id",), moves=[Move(("pos",), "NEW.pos >= OLD.pos")]),
    "upload": Guard(
        frozen=("id", "replica_id", "length", "created_at"),
        moves=[Move(("finished_at", "sha256", "received"), "OLD.finished_at IS NULL")],
        erasable=True,
    ),
}
REVOKED = {"replica": Guard(moves=[once("revoked_at")], erasable=True, rebuilt=True)}


def upgrade() -> None:
    for name, kind in (("lift", sa.Integer()), ("repaired_pos", sa.BigInteger())):
        op.add_column("sync_document", sa.Column(name, kind, nullable=False, server_default="0"))
    rebuilding: sa.Column[bool] = sa.Column("rebuilding", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("sync_head", rebuilding)
    drop_guards(op.get_bind(), BEFORE)
    for guards in (AFTER, REVOKED):
        create_guards(op.get_bind(), guards)


def downgrade() -> None:
    for guards in (AFTER, REVOKED):
        drop_guards(op.get_bind(), guards)
    create_guards(op.get_bind(), BEFORE)
    op.drop_column("sync_head", "rebuilding")
    for name in ("repaired_pos", "lift"):
        op.drop_column("sync_document", name)
