"""Changing what must not change, as somebody who owns the database could: without its triggers."""

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table",
    "postgresql": "SELECT tgname FROM pg_trigger"
    " WHERE tgrelid = CAST(:table AS regclass) AND NOT tgisinternal",
}


def unguard(session: Session | Connection, *tables: str) -> None:
    """Drop every trigger of these tables."""
    connection = session.connection() if isinstance(session, Session) else session
    engine = connection.dialect.name
    for table in tables:
        for name in connection.scalars(text(TRIGGERS[engine]), {"table": table}).all():
            where = f" ON {table}" if engine == "postgresql" else ""
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"{where}')
