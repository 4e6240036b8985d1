"""Signed files of documents, beside the bytes that were issued."""

import sqlalchemy as sa
from alembic import op

from inspect_server.store.migrations.triggers import Guard, create_guards, drop_guards

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

GUARDS = {"signed_document": Guard(frozen=None)}


def upgrade() -> None:
    op.create_table(
        "signed_document",
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("signed_sha256", sa.String(length=64), nullable=False),
        sa.Column("certificate_sha256", sa.String(length=64), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_by", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["issued_document.id"], name=op.f("fk_signed_document_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["signed_sha256"], ["blob.sha256"], name=op.f("fk_signed_document_signed_sha256")
        ),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_signed_document")),
    )
    create_guards(op.get_bind(), GUARDS)


def downgrade() -> None:
    drop_guards(op.get_bind(), GUARDS)
    op.drop_table("signed_document")
