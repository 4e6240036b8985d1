"""What must only grow, only grows: guards on every table of facts; and the jobs' deadlines."""

import sqlalchemy as sa
from alembic import op

from inspect_server.store.migrations.triggers import Guard, Move, create_guards, drop_guards, once

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# Of these no column ever changes.
FACTS = (
    "hash_chain",
    "chain_value",
    "draw_officer",
    "draw_team",
    "receipt",
    "unverified_entry",
    "blob",
)
# Of these every column may change, but no row goes.
KEPT = ("enterprise", "officer", "user_account", "enterprise_check", "registry_import")

GUARDS = {
    **{table: Guard(frozen=None) for table in FACTS},
    **{table: Guard() for table in KEPT},
    "issued_document": Guard(
        frozen=(
            "id",
            "inspection_id",
            "kind",
            "year",
            "serial",
            "sub_serial",
            "doc_no",
            "template_version",
            "facts",
            "content_sha256",
            "pdf_sha256",
            "issued_at",
            "issued_by",
        ),
        moves=[once("voided_at", "void_reason")],
    ),
    "draw": Guard(
        frozen=(
            "id",
            "draw_no",
            "plan_id",
            "authority",
            "visit_from",
            "visit_to",
            "commit_body",
            "commit_hex",
            "eligibility",
            "committed_at",
            "committed_by",
        ),
        moves=[
            Move(
                ("state", "revealed_at", "revealed_by", "certificate"),
                "OLD.state = 'committed' AND NEW.state IN ('revealed', 'void')",
            )
        ],
    ),
    "draw_leaf": Guard(
        frozen=("draw_id", "commitment", "enterprise_id", "salt", "record", "label", "included"),
        moves=[Move(("selected",), "NEW.selected AND NOT OLD.selected AND OLD.included")],
    ),
    "plan": Guard(
        frozen=("id", "year", "body", "created_at", "created_by"),
        moves=[
            Move(
                ("state",),
                "(OLD.state = 'draft' AND NEW.state IN ('approved', 'superseded'))"
                " OR (OLD.state = 'approved' AND NEW.state = 'superseded')",
            ),
            once("approved_at", "approved_by"),
        ],
    ),
    "inspection": Guard(
        frozen=("id", "number", "enterprise_id", "plan_id", "draw_id", "source"),
        moves=[once("record", "closed_at", "closed_by")],
    ),
    "inspection_member": Guard(
        frozen=("id", "inspection_id", "officer_id", "role", "joined_at"),
        moves=[once("left_at", "left_reason")],
    ),
    "document_counter": Guard(
        frozen=("kind", "year"), moves=[Move(("last_serial",), "NEW.last_serial > OLD.last_serial")]
    ),
    "record_case": Guard(
        frozen=("name",),
        moves=[Move(("last_seq", "last_leaf"), "NEW.last_seq = OLD.last_seq + 1")],
    ),
    # Erasing a person deletes the row; nothing else is ever put in its place.
    "personal_value": Guard(frozen=None, erasable=True),
    "replica": Guard(
        frozen=("id", "public_key"), moves=[once("revoked_at")]
    ),
    "job_deadline": Guard(frozen=("job", "due_at"), moves=[once("fired_at")]),
}


def upgrade() -> None:
    op.create_table(
        "job_deadline",
        sa.Column("job", sa.String(length=60), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("job", "due_at", name=op.f("pk_job_deadline")),
    )
    create_guards(op.get_bind(), GUARDS)


def downgrade() -> None:
    drop_guards(op.get_bind(), GUARDS)
    op.drop_table("job_deadline")
