"""Replacements, voids and reissued certificates of draws; how an inspection ends without a visit."""

import sqlalchemy as sa
from alembic import op

from inspect_server.store.migrations.triggers import Guard, Move, create_guards, drop_guards, once

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

GUARDS = {
    "draw_replacement": Guard(
        frozen=(
            "draw_id",
            "k",
            "kind",
            "reason",
            "task",
            "dept",
            "role",
            "went_out",
            "chain_id",
            "position",
            "evidence_sha256",
            "request_leaf",
            "requested_at",
            "requested_by",
            "approved_by",
        ),
        moves=[once("completed_at", "completed_by", "came_in", "entry")],
    ),
    "draw_void": Guard(
        frozen=(
            "request_leaf",
            "draw_id",
            "reason",
            "evidence_sha256",
            "requested_at",
            "requested_by",
        ),
        moves=[once("voided_at", "voided_by", "cosigned")],
    ),
    "draw_certificate": Guard(frozen=None),
    "inspection_end": Guard(frozen=None),
}

# A revealed draw may still become void; what it revealed never changes. The draw's other guards
# stay as they are ("erasable" leaves out the one against deleting, which 0003 made).
REVEALED = ("revealed_at", "revealed_by", "certificate")
FROM_COMMIT = "OLD.state = 'committed' AND NEW.state IN ('revealed', 'void')"
BEFORE = {"draw": Guard(moves=[Move(("state", *REVEALED), FROM_COMMIT)], erasable=True)}
AFTER = {
    "draw": Guard(
        moves=[
            Move(("state",), f"({FROM_COMMIT}) OR (OLD.state = 'revealed' AND NEW.state = 'void')"),
            Move(REVEALED, FROM_COMMIT),
        ],
        erasable=True,
    )
}


def upgrade() -> None:
    op.create_table(
        "draw_replacement",
        sa.Column("draw_id", sa.Uuid(), nullable=False),
        sa.Column("k", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("task", sa.String(length=64), nullable=False),
        sa.Column("dept", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("went_out", sa.String(length=64), nullable=False),
        sa.Column("chain_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("evidence_sha256", sa.String(length=64), nullable=False),
        sa.Column("request_leaf", sa.String(length=64), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("requested_by", sa.String(length=80), nullable=False),
        sa.Column("approved_by", sa.String(length=80), nullable=False),
        sa.Column("came_in", sa.String(length=64), nullable=True),
        sa.Column("entry", sa.Text(), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_by", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["draw_id"], ["draw.id"], name=op.f("fk_draw_replacement_draw_id")),
        sa.ForeignKeyConstraint(
            ["chain_id"], ["hash_chain.id"], name=op.f("fk_draw_replacement_chain_id")
        ),
        sa.ForeignKeyConstraint(
            ["evidence_sha256"], ["blob.sha256"], name=op.f("fk_draw_replacement_evidence_sha256")
        ),
        sa.PrimaryKeyConstraint("draw_id", "k", name=op.f("pk_draw_replacement")),
        sa.UniqueConstraint(
            "chain_id", "position", name=op.f("uq_draw_replacement_chain_id_position")
        ),
        sa.UniqueConstraint("request_leaf", name=op.f("uq_draw_replacement_request_leaf")),
    )
    op.create_table(
        "draw_void",
        sa.Column("request_leaf", sa.String(length=64), nullable=False),
        sa.Column("draw_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("evidence_sha256", sa.String(length=64), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("requested_by", sa.String(length=80), nullable=False),
        sa.Column("cosigned", sa.Text(), nullable=True),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_by", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["draw_id"], ["draw.id"], name=op.f("fk_draw_void_draw_id")),
        sa.ForeignKeyConstraint(
            ["evidence_sha256"], ["blob.sha256"], name=op.f("fk_draw_void_evidence_sha256")
        ),
        sa.PrimaryKeyConstraint("request_leaf", name=op.f("pk_draw_void")),
    )
    op.create_index(op.f("ix_draw_void_draw_id"), "draw_void", ["draw_id"])
    op.create_table(
        "draw_certificate",
        sa.Column("draw_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("certificate", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["draw_id"], ["draw.id"], name=op.f("fk_draw_certificate_draw_id")),
        sa.PrimaryKeyConstraint("draw_id", "version", name=op.f("pk_draw_certificate")),
    )
    op.create_table(
        "inspection_end",
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspection.id"], name=op.f("fk_inspection_end_inspection_id")
        ),
        sa.PrimaryKeyConstraint("inspection_id", name=op.f("pk_inspection_end")),
    )
    op.add_column("hash_chain", sa.Column("public_key_hex", sa.String(length=64), nullable=True))
    create_guards(op.get_bind(), GUARDS)
    drop_guards(op.get_bind(), BEFORE)
    create_guards(op.get_bind(), AFTER)


def downgrade() -> None:
    drop_guards(op.get_bind(), AFTER)
    create_guards(op.get_bind(), BEFORE)
    drop_guards(op.get_bind(), GUARDS)
    op.drop_column("hash_chain", "public_key_hex")
    op.drop_table("inspection_end")
    op.drop_table("draw_certificate")
    op.drop_table("draw_void")
    op.drop_table("draw_replacement")
