"""Which stored files were found missing or damaged, until a phone delivered them again."""

import sqlalchemy as sa
from alembic import op

from inspect_server.store.migrations.triggers import Guard, create_guards, drop_guards, once

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

GUARDS = {"blob_fault": Guard(frozen=("sha256", "found_at"), moves=[once("restored_at")])}


def upgrade() -> None:
    op.create_table(
        "blob_fault",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restored_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["sha256"], ["blob.sha256"], name=op.f("fk_blob_fault_sha256")),
        sa.PrimaryKeyConstraint("sha256", "found_at", name=op.f("pk_blob_fault")),
    )
    create_guards(op.get_bind(), GUARDS)


def downgrade() -> None:
    drop_guards(op.get_bind(), GUARDS)
    op.drop_table("blob_fault")
