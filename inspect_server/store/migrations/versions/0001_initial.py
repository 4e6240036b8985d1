"""The first schema."""

import sqlalchemy as sa
from alembic import op

from inspect_server.store.migrations.triggers import create_triggers, drop_triggers

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

FROZEN = {
    "record_leaf": None,
    "audit_event": None,
    # The effect of an entry is recomputable and may change; its bytes may not.
    "journal_entry": (
        "hash",
        "replica_id",
        "seq",
        "prev",
        "pos",
        "content",
        "signature",
        "received_at",
    ),
    "blob_link": None,
    "enterprise_change": None,
    "officer_change": None,
}


def upgrade() -> None:
    op.create_table(
        "audit_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("action", sa.String(length=80), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
    )
    op.create_index(op.f("ix_audit_event_at"), "audit_event", ["at"], unique=False)
    op.create_table(
        "blob",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("mime", sa.String(length=100), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_blob")),
    )
    op.create_table(
        "document_counter",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last_serial", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "year", name=op.f("pk_document_counter")),
    )
    op.create_table(
        "enrol_nonce",
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("nonce", name=op.f("pk_enrol_nonce")),
    )
    op.create_index(op.f("ix_enrol_nonce_ends_at"), "enrol_nonce", ["ends_at"], unique=False)
    op.create_table(
        "hash_chain",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("holder", sa.String(length=200), nullable=False),
        sa.Column("suite", sa.String(length=10), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("anchor_hex", sa.String(length=64), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hash_chain")),
        sa.UniqueConstraint("anchor_hex", name=op.f("uq_hash_chain_anchor_hex")),
    )
    op.create_table(
        "personal_value",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("commitment", sa.String(length=64), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_personal_value")),
    )
    op.create_index(
        op.f("ix_personal_value_commitment"), "personal_value", ["commitment"], unique=False
    )
    op.create_table(
        "plan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by", sa.String(length=80), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
    )
    op.create_index(op.f("ix_plan_year"), "plan", ["year"], unique=False)
    op.create_table(
        "record_case",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("last_leaf", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_record_case")),
    )
    op.create_table(
        "registry_import",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("rows_read", sa.Integer(), nullable=False),
        sa.Column("rows_created", sa.Integer(), nullable=False),
        sa.Column("rows_updated", sa.Integer(), nullable=False),
        sa.Column("rows_unchanged", sa.Integer(), nullable=False),
        sa.Column("rows_rejected", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registry_import")),
    )
    op.create_table(
        "sync_document",
        sa.Column(
            "id",
            sa.String(length=160).with_variant(sa.String(length=160, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("scope", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("ver", sa.Integer(), nullable=False),
        sa.Column("pos", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sync_document")),
    )
    op.create_index("ix_sync_document_scope_pos", "sync_document", ["scope", "pos"], unique=False)
    op.create_table(
        "sync_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pos", sa.BigInteger(), nullable=False),
        sa.Column("epoch", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sync_head")),
    )
    op.create_table(
        "sync_standing",
        sa.Column("assignment", sa.Uuid(), nullable=False),
        sa.Column("form", sa.String(length=400), nullable=False),
        sa.Column("lead", sa.String(length=36), nullable=False),
        sa.Column("team", sa.JSON(), nullable=False),
        sa.Column("former", sa.JSON(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("assignment", name=op.f("pk_sync_standing")),
    )
    op.create_table(
        "unverified_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("carrier", sa.String(length=64), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=30), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unverified_entry")),
        sa.UniqueConstraint(
            "carrier", "content_sha256", name=op.f("uq_unverified_entry_carrier_content_sha256")
        ),
    )
    op.create_index(
        op.f("ix_unverified_entry_carrier"), "unverified_entry", ["carrier"], unique=False
    )
    op.create_table(
        "draw",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("draw_no", sa.String(length=60), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("authority", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("visit_from", sa.Date(), nullable=False),
        sa.Column("visit_to", sa.Date(), nullable=False),
        sa.Column("commit_body", sa.Text(), nullable=False),
        sa.Column("commit_hex", sa.String(length=64), nullable=False),
        sa.Column("eligibility", sa.Text(), nullable=False),
        sa.Column("committed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("committed_by", sa.String(length=80), nullable=False),
        sa.Column("revealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revealed_by", sa.String(length=80), nullable=True),
        sa.Column("certificate", sa.Text(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_draw_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draw")),
        sa.UniqueConstraint("commit_hex", name=op.f("uq_draw_commit_hex")),
        sa.UniqueConstraint("draw_no", name=op.f("uq_draw_draw_no")),
    )
    op.create_index(op.f("ix_draw_plan_id"), "draw", ["plan_id"], unique=False)
    op.create_index(
        "uq_draw_open_commit",
        "draw",
        ["authority"],
        unique=True,
        sqlite_where=sa.text("state = 'committed'"),
        postgresql_where=sa.text("state = 'committed'"),
    )
    op.create_table(
        "enterprise",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("legal_person", sa.String(length=100), nullable=True),
        sa.Column("address", sa.String(length=500), nullable=True),
        sa.Column("division", sa.String(length=12), nullable=True),
        sa.Column("division_name", sa.String(length=100), nullable=True),
        sa.Column("industry_code", sa.String(length=10), nullable=True),
        sa.Column("business_scope", sa.String(length=20000), nullable=True),
        sa.Column("sectors", sa.JSON(), nullable=False),
        sa.Column("risk", sa.String(length=40), nullable=False),
        sa.Column("credit", sa.String(length=40), nullable=False),
        sa.Column("standardisation", sa.String(length=40), nullable=False),
        sa.Column("is_key", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("longitude_microdeg", sa.Integer(), nullable=True),
        sa.Column("latitude_microdeg", sa.Integer(), nullable=True),
        sa.Column("datum", sa.String(length=20), nullable=True),
        sa.Column("contacts", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_import_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["last_import_id"], ["registry_import.id"], name=op.f("fk_enterprise_last_import_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enterprise")),
        sa.UniqueConstraint("uscc", name=op.f("uq_enterprise_uscc")),
    )
    op.create_index(op.f("ix_enterprise_division"), "enterprise", ["division"], unique=False)
    op.create_index(op.f("ix_enterprise_name"), "enterprise", ["name"], unique=False)
    op.create_table(
        "officer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cert_no", sa.String(length=40), nullable=False),
        sa.Column("cert_valid_from", sa.Date(), nullable=False),
        sa.Column("cert_valid_to", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("specialties", sa.JSON(), nullable=False),
        sa.Column("may_lead", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_import_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["last_import_id"], ["registry_import.id"], name=op.f("fk_officer_last_import_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_officer")),
        sa.UniqueConstraint("cert_no", name=op.f("uq_officer_cert_no")),
    )
    op.create_table(
        "record_leaf",
        sa.Column("leaf", sa.String(length=64), nullable=False),
        sa.Column("case_name", sa.String(length=80), nullable=False),
        sa.Column("case_seq", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_name"], ["record_case.name"], name=op.f("fk_record_leaf_case_name")
        ),
        sa.PrimaryKeyConstraint("leaf", name=op.f("pk_record_leaf")),
        sa.UniqueConstraint(
            "case_name", "case_seq", name=op.f("uq_record_leaf_case_name_case_seq")
        ),
    )
    op.create_index(op.f("ix_record_leaf_case_name"), "record_leaf", ["case_name"], unique=False)
    op.create_table(
        "sync_item",
        sa.Column(
            "document_id",
            sa.String(length=160).with_variant(sa.String(length=160, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("assignment", sa.Uuid(), nullable=True),
        sa.Column("item", sa.String(length=160), nullable=False),
        sa.Column("heads", sa.Text(), nullable=False),
        sa.Column("conflict", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["sync_document.id"], name=op.f("fk_sync_item_document_id")
        ),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_sync_item")),
    )
    op.create_index("ix_sync_item_conflict", "sync_item", ["assignment", "conflict"], unique=False)
    op.create_table(
        "chain_value",
        sa.Column("chain_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("value_hex", sa.String(length=64), nullable=False),
        sa.Column("draw_id", sa.Uuid(), nullable=False),
        sa.Column("revealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["chain_id"], ["hash_chain.id"], name=op.f("fk_chain_value_chain_id")
        ),
        sa.ForeignKeyConstraint(["draw_id"], ["draw.id"], name=op.f("fk_chain_value_draw_id")),
        sa.PrimaryKeyConstraint("chain_id", "position", name=op.f("pk_chain_value")),
    )
    op.create_table(
        "draw_leaf",
        sa.Column("draw_id", sa.Uuid(), nullable=False),
        sa.Column("commitment", sa.String(length=64), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("included", sa.Boolean(), nullable=False),
        sa.Column("selected", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["draw_id"], ["draw.id"], name=op.f("fk_draw_leaf_draw_id")),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprise.id"], name=op.f("fk_draw_leaf_enterprise_id")
        ),
        sa.PrimaryKeyConstraint("draw_id", "commitment", name=op.f("pk_draw_leaf")),
        sa.UniqueConstraint(
            "draw_id", "enterprise_id", name=op.f("uq_draw_leaf_draw_id_enterprise_id")
        ),
    )
    op.create_table(
        "draw_officer",
        sa.Column("draw_id", sa.Uuid(), nullable=False),
        sa.Column("commitment", sa.String(length=64), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["draw_id"], ["draw.id"], name=op.f("fk_draw_officer_draw_id")),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officer.id"], name=op.f("fk_draw_officer_officer_id")
        ),
        sa.PrimaryKeyConstraint("draw_id", "commitment", name=op.f("pk_draw_officer")),
        sa.UniqueConstraint(
            "draw_id", "officer_id", name=op.f("uq_draw_officer_draw_id_officer_id")
        ),
    )
    op.create_table(
        "draw_team",
        sa.Column("draw_id", sa.Uuid(), nullable=False),
        sa.Column("task", sa.String(length=64), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["draw_id"], ["draw.id"], name=op.f("fk_draw_team_draw_id")),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officer.id"], name=op.f("fk_draw_team_officer_id")
        ),
        sa.PrimaryKeyConstraint("draw_id", "task", "stage", name=op.f("pk_draw_team")),
    )
    op.create_table(
        "enterprise_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprise.id"], name=op.f("fk_enterprise_change_enterprise_id")
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["registry_import.id"], name=op.f("fk_enterprise_change_import_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enterprise_change")),
    )
    op.create_index(
        op.f("ix_enterprise_change_enterprise_id"),
        "enterprise_change",
        ["enterprise_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_enterprise_change_import_id"), "enterprise_change", ["import_id"], unique=False
    )
    op.create_table(
        "inspection",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=True),
        sa.Column("draw_id", sa.Uuid(), nullable=True),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("authority", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("visit_from", sa.Date(), nullable=False),
        sa.Column("visit_to", sa.Date(), nullable=False),
        sa.Column("scheme", sa.JSON(), nullable=False),
        sa.Column("form_set", sa.String(length=400), nullable=False),
        sa.Column("scheme_made_by", sa.String(length=80), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by", sa.String(length=80), nullable=True),
        sa.Column("dispatched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(length=80), nullable=True),
        sa.Column("record", sa.JSON(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["draw_id"], ["draw.id"], name=op.f("fk_inspection_draw_id")),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprise.id"], name=op.f("fk_inspection_enterprise_id")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_inspection_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection")),
        sa.UniqueConstraint("number", name=op.f("uq_inspection_number")),
    )
    op.create_index(op.f("ix_inspection_draw_id"), "inspection", ["draw_id"], unique=False)
    op.create_index(
        op.f("ix_inspection_enterprise_id"), "inspection", ["enterprise_id"], unique=False
    )
    op.create_index(op.f("ix_inspection_state"), "inspection", ["state"], unique=False)
    op.create_index(op.f("ix_inspection_unit"), "inspection", ["unit"], unique=False)
    op.create_table(
        "officer_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["registry_import.id"], name=op.f("fk_officer_change_import_id")
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officer.id"], name=op.f("fk_officer_change_officer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_officer_change")),
    )
    op.create_index(
        op.f("ix_officer_change_import_id"), "officer_change", ["import_id"], unique=False
    )
    op.create_index(
        op.f("ix_officer_change_officer_id"), "officer_change", ["officer_id"], unique=False
    )
    op.create_table(
        "officer_leave",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officer.id"], name=op.f("fk_officer_leave_officer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_officer_leave")),
    )
    op.create_index(
        op.f("ix_officer_leave_officer_id"), "officer_leave", ["officer_id"], unique=False
    )
    op.create_table(
        "officer_recusal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officer.id"], name=op.f("fk_officer_recusal_officer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_officer_recusal")),
        sa.UniqueConstraint("officer_id", "uscc", name=op.f("uq_officer_recusal_officer_id_uscc")),
    )
    op.create_index(
        op.f("ix_officer_recusal_officer_id"), "officer_recusal", ["officer_id"], unique=False
    )
    op.create_index(op.f("ix_officer_recusal_uscc"), "officer_recusal", ["uscc"], unique=False)
    op.create_table(
        "user_account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("login", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=True),
        sa.Column("failed_attempts", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officer.id"], name=op.f("fk_user_account_officer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("login", name=op.f("uq_user_account_login")),
        sa.UniqueConstraint("officer_id", name=op.f("uq_user_account_officer_id")),
    )
    op.create_table(
        "enterprise_check",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("inspection_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprise.id"], name=op.f("fk_enterprise_check_enterprise_id")
        ),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspection.id"], name=op.f("fk_enterprise_check_inspection_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enterprise_check")),
    )
    op.create_index(
        op.f("ix_enterprise_check_enterprise_id"),
        "enterprise_check",
        ["enterprise_id"],
        unique=False,
    )
    op.create_table(
        "inspection_form",
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspection.id"], name=op.f("fk_inspection_form_inspection_id")
        ),
        sa.PrimaryKeyConstraint("inspection_id", "name", name=op.f("pk_inspection_form")),
    )
    op.create_table(
        "inspection_member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_reason", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspection.id"], name=op.f("fk_inspection_member_inspection_id")
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officer.id"], name=op.f("fk_inspection_member_officer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_member")),
    )
    op.create_index(
        op.f("ix_inspection_member_inspection_id"),
        "inspection_member",
        ["inspection_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_inspection_member_officer_id"), "inspection_member", ["officer_id"], unique=False
    )
    op.create_index(
        "uq_inspection_member_active",
        "inspection_member",
        ["inspection_id", "officer_id"],
        unique=True,
        sqlite_where=sa.text("left_at IS NULL"),
        postgresql_where=sa.text("left_at IS NULL"),
    )
    op.create_table(
        "issued_document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("sub_serial", sa.Integer(), nullable=False),
        sa.Column("doc_no", sa.String(length=80), nullable=False),
        sa.Column("template_version", sa.String(length=20), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("pdf_sha256", sa.String(length=64), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by", sa.String(length=80), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("void_reason", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspection.id"], name=op.f("fk_issued_document_inspection_id")
        ),
        sa.ForeignKeyConstraint(
            ["pdf_sha256"], ["blob.sha256"], name=op.f("fk_issued_document_pdf_sha256")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issued_document")),
        sa.UniqueConstraint(
            "kind",
            "year",
            "serial",
            "sub_serial",
            name=op.f("uq_issued_document_kind_year_serial_sub_serial"),
        ),
    )
    op.create_index(
        op.f("ix_issued_document_inspection_id"), "issued_document", ["inspection_id"], unique=False
    )
    op.create_table(
        "login_session",
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("csrf_token", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_login_session_user_id")
        ),
        sa.PrimaryKeyConstraint("token_sha256", name=op.f("pk_login_session")),
    )
    op.create_index(op.f("ix_login_session_user_id"), "login_session", ["user_id"], unique=False)
    op.create_table(
        "replica",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("is_server", sa.Boolean(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("storage", sa.JSON(), nullable=False),
        sa.Column("pull_token_sha256", sa.String(length=64), nullable=True),
        sa.Column("enrolled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_contact_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("upto_seq", sa.Integer(), nullable=False),
        sa.Column("head_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_replica_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replica")),
    )
    op.create_index(op.f("ix_replica_user_id"), "replica", ["user_id"], unique=False)
    op.create_table(
        "replica_scope",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.String(length=80), nullable=False),
        sa.Column("added_pos", sa.BigInteger(), nullable=False),
        sa.Column("removed_pos", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_replica_scope_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replica_scope")),
        sa.UniqueConstraint(
            "user_id", "scope", "added_pos", name=op.f("uq_replica_scope_user_id_scope_added_pos")
        ),
    )
    op.create_index(op.f("ix_replica_scope_scope"), "replica_scope", ["scope"], unique=False)
    op.create_index(
        "uq_replica_scope_visible",
        "replica_scope",
        ["user_id", "scope"],
        unique=True,
        sqlite_where=sa.text("removed_pos IS NULL"),
        postgresql_where=sa.text("removed_pos IS NULL"),
    )
    op.create_table(
        "journal_entry",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("replica_id", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("prev", sa.String(length=64), nullable=False),
        sa.Column("pos", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("carrier", sa.String(length=64), nullable=False),
        sa.Column("assignment", sa.Uuid(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("effect", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=30), nullable=True),
        sa.Column("flags", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["replica_id"], ["replica.id"], name=op.f("fk_journal_entry_replica_id")
        ),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_journal_entry")),
        sa.UniqueConstraint("pos", name=op.f("uq_journal_entry_pos")),
        sa.UniqueConstraint(
            "replica_id", "seq", "hash", name=op.f("uq_journal_entry_replica_id_seq_hash")
        ),
    )
    op.create_index(
        "ix_journal_entry_assignment", "journal_entry", ["assignment", "replica_id"], unique=False
    )
    op.create_index(
        "ix_journal_entry_effect", "journal_entry", ["replica_id", "effect"], unique=False
    )
    op.create_table(
        "receipt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("replica_id", sa.String(length=64), nullable=False),
        sa.Column("upto_seq", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["replica_id"], ["replica.id"], name=op.f("fk_receipt_replica_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt")),
    )
    op.create_index(op.f("ix_receipt_replica_id"), "receipt", ["replica_id"], unique=False)
    op.create_table(
        "upload",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("replica_id", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["replica_id"], ["replica.id"], name=op.f("fk_upload_replica_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
    )
    op.create_index(op.f("ix_upload_sha256"), "upload", ["sha256"], unique=False)
    op.create_table(
        "blob_link",
        sa.Column("entry_hash", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("replica_id", sa.String(length=64), nullable=False),
        sa.Column("assignment", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["entry_hash"], ["journal_entry.hash"], name=op.f("fk_blob_link_entry_hash")
        ),
        sa.PrimaryKeyConstraint("entry_hash", "sha256", name=op.f("pk_blob_link")),
    )
    op.create_index(op.f("ix_blob_link_assignment"), "blob_link", ["assignment"], unique=False)
    op.create_index(op.f("ix_blob_link_replica_id"), "blob_link", ["replica_id"], unique=False)
    op.create_table(
        "operation",
        sa.Column("entry_hash", sa.String(length=64), nullable=False),
        sa.Column("op_index", sa.Integer(), nullable=False),
        sa.Column("assignment", sa.Uuid(), nullable=True),
        sa.Column("item", sa.String(length=160), nullable=False),
        sa.Column("type", sa.String(length=30), nullable=False),
        sa.Column("parents", sa.Text(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.Column("blob_sha256", sa.String(length=64), nullable=False),
        sa.Column("author", sa.String(length=36), nullable=False),
        sa.Column("wall", sa.String(length=40), nullable=False),
        sa.Column("hlc", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_hash"], ["journal_entry.hash"], name=op.f("fk_operation_entry_hash")
        ),
        sa.PrimaryKeyConstraint("entry_hash", "op_index", name=op.f("pk_operation")),
    )
    op.create_index("ix_operation_item", "operation", ["assignment", "item"], unique=False)
    create_triggers(op.get_bind(), FROZEN)


def downgrade() -> None:
    drop_triggers(op.get_bind(), FROZEN)
    op.drop_index("ix_operation_item", table_name="operation")
    op.drop_table("operation")
    op.drop_index(op.f("ix_blob_link_replica_id"), table_name="blob_link")
    op.drop_index(op.f("ix_blob_link_assignment"), table_name="blob_link")
    op.drop_table("blob_link")
    op.drop_index(op.f("ix_upload_sha256"), table_name="upload")
    op.drop_table("upload")
    op.drop_index(op.f("ix_receipt_replica_id"), table_name="receipt")
    op.drop_table("receipt")
    op.drop_index("ix_journal_entry_effect", table_name="journal_entry")
    op.drop_index("ix_journal_entry_assignment", table_name="journal_entry")
    op.drop_table("journal_entry")
    op.drop_index(
        "uq_replica_scope_visible",
        table_name="replica_scope",
        sqlite_where=sa.text("removed_pos IS NULL"),
        postgresql_where=sa.text("removed_pos IS NULL"),
    )
    op.drop_index(op.f("ix_replica_scope_scope"), table_name="replica_scope")
    op.drop_table("replica_scope")
    op.drop_index(op.f("ix_replica_user_id"), table_name="replica")
    op.drop_table("replica")
    op.drop_index(op.f("ix_login_session_user_id"), table_name="login_session")
    op.drop_table("login_session")
    op.drop_index(op.f("ix_issued_document_inspection_id"), table_name="issued_document")
    op.drop_table("issued_document")
    op.drop_index(
        "uq_inspection_member_active",
        table_name="inspection_member",
        sqlite_where=sa.text("left_at IS NULL"),
        postgresql_where=sa.text("left_at IS NULL"),
    )
    op.drop_index(op.f("ix_inspection_member_officer_id"), table_name="inspection_member")
    op.drop_index(op.f("ix_inspection_member_inspection_id"), table_name="inspection_member")
    op.drop_table("inspection_member")
    op.drop_table("inspection_form")
    op.drop_index(op.f("ix_enterprise_check_enterprise_id"), table_name="enterprise_check")
    op.drop_table("enterprise_check")
    op.drop_table("user_account")
    op.drop_index(op.f("ix_officer_recusal_uscc"), table_name="officer_recusal")
    op.drop_index(op.f("ix_officer_recusal_officer_id"), table_name="officer_recusal")
    op.drop_table("officer_recusal")
    op.drop_index(op.f("ix_officer_leave_officer_id"), table_name="officer_leave")
    op.drop_table("officer_leave")
    op.drop_index(op.f("ix_officer_change_officer_id"), table_name="officer_change")
    op.drop_index(op.f("ix_officer_change_import_id"), table_name="officer_change")
    op.drop_table("officer_change")
    op.drop_index(op.f("ix_inspection_unit"), table_name="inspection")
    op.drop_index(op.f("ix_inspection_state"), table_name="inspection")
    op.drop_index(op.f("ix_inspection_enterprise_id"), table_name="inspection")
    op.drop_index(op.f("ix_inspection_draw_id"), table_name="inspection")
    op.drop_table("inspection")
    op.drop_index(op.f("ix_enterprise_change_import_id"), table_name="enterprise_change")
    op.drop_index(op.f("ix_enterprise_change_enterprise_id"), table_name="enterprise_change")
    op.drop_table("enterprise_change")
    op.drop_table("draw_team")
    op.drop_table("draw_officer")
    op.drop_table("draw_leaf")
    op.drop_table("chain_value")
    op.drop_index("ix_sync_item_conflict", table_name="sync_item")
    op.drop_table("sync_item")
    op.drop_index(op.f("ix_record_leaf_case_name"), table_name="record_leaf")
    op.drop_table("record_leaf")
    op.drop_table("officer")
    op.drop_index(op.f("ix_enterprise_name"), table_name="enterprise")
    op.drop_index(op.f("ix_enterprise_division"), table_name="enterprise")
    op.drop_table("enterprise")
    op.drop_index(
        "uq_draw_open_commit",
        table_name="draw",
        sqlite_where=sa.text("state = 'committed'"),
        postgresql_where=sa.text("state = 'committed'"),
    )
    op.drop_index(op.f("ix_draw_plan_id"), table_name="draw")
    op.drop_table("draw")
    op.drop_index(op.f("ix_unverified_entry_carrier"), table_name="unverified_entry")
    op.drop_table("unverified_entry")
    op.drop_table("sync_standing")
    op.drop_table("sync_head")
    op.drop_index("ix_sync_document_scope_pos", table_name="sync_document")
    op.drop_table("sync_document")
    op.drop_table("registry_import")
    op.drop_table("record_case")
    op.drop_index(op.f("ix_plan_year"), table_name="plan")
    op.drop_table("plan")
    op.drop_index(op.f("ix_personal_value_commitment"), table_name="personal_value")
    op.drop_table("personal_value")
    op.drop_table("hash_chain")
    op.drop_index(op.f("ix_enrol_nonce_ends_at"), table_name="enrol_nonce")
    op.drop_table("enrol_nonce")
    op.drop_table("document_counter")
    op.drop_table("blob")
    op.drop_index(op.f("ix_audit_event_at"), table_name="audit_event")
    op.drop_table("audit_event")
