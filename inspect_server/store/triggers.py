"""
Triggers that make evidence append-only in the database itself, on both engines.

Migrations use these functions and say themselves which tables and columns they mean.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

Frozen = Mapping[str, Sequence[str] | None]
"""Table -> the columns that never change; None: no column does. Rows are never deleted."""


def create_triggers(connection: Connection, frozen: Frozen) -> None:
    """Refuse UPDATE of the frozen columns, DELETE and (PostgreSQL) TRUNCATE of these tables."""
    make = _sqlite if connection.dialect.name == "sqlite" else _postgresql
    for table, columns in frozen.items():
        for statement in make(table, columns):
            connection.exec_driver_sql(statement)


def drop_triggers(connection: Connection, frozen: Frozen) -> None:
    """Undo `create_triggers`, for a migration downwards only."""
    is_postgresql = connection.dialect.name == "postgresql"
    for table in frozen:
        for verb in ("update", "delete", "truncate"):
            where = f" ON {table}" if is_postgresql else ""
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {table}_no_{verb}{where}")
    if is_postgresql:
        connection.exec_driver_sql("DROP FUNCTION IF EXISTS refuse_change()")


def _sqlite(table: str, columns: Sequence[str] | None) -> list[str]:
    body = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE{_of(columns)} ON {table} {body}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {body}",
    ]


def _postgresql(table: str, columns: Sequence[str] | None) -> list[str]:
    call = "EXECUTE FUNCTION refuse_change()"
    return [
        # A doubled percent sign reaches the server as one: the driver takes it for a parameter.
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '%% is append-only', TG_TABLE_NAME; END $$",
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE{_of(columns)} ON {table} "
        f"FOR EACH ROW {call}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW {call}",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} {call}",
    ]


def _of(columns: Sequence[str] | None) -> str:
    return f" OF {', '.join(columns)}" if columns else ""
