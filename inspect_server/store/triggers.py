"""Triggers that make evidence append-only in the database itself, on both engines."""

from sqlalchemy import Connection

APPEND_ONLY = {
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
"""Table -> the columns that never change (None: no column does)."""


def create_triggers(connection: Connection) -> None:
    """Refuse UPDATE and DELETE on the tables of `APPEND_ONLY`."""
    make = _sqlite if connection.dialect.name == "sqlite" else _postgresql
    for table, columns in APPEND_ONLY.items():
        for statement in make(table, columns):
            connection.exec_driver_sql(statement)


def drop_triggers(connection: Connection) -> None:
    """Undo `create_triggers`, for a migration downwards only."""
    for table in APPEND_ONLY:
        for verb in ("update", "delete"):
            where = f" ON {table}" if connection.dialect.name == "postgresql" else ""
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {table}_no_{verb}{where}")
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("DROP FUNCTION IF EXISTS refuse_change()")


def _sqlite(table: str, columns: tuple[str, ...] | None) -> list[str]:
    of = f" OF {', '.join(columns)}" if columns else ""
    body = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE{of} ON {table} {body}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {body}",
    ]


def _postgresql(table: str, columns: tuple[str, ...] | None) -> list[str]:
    of = f" OF {', '.join(columns)}" if columns else ""
    call = "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    return [
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '%% is append-only', TG_TABLE_NAME; END $$",
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE{of} ON {table} {call}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {call}",
    ]
