"""
Triggers that make evidence append-only in the database itself, on both engines.

Migrations use these functions and say themselves which tables and columns they mean. A migration
that rebuilds a guarded table (SQLite's batch mode does) drops its triggers first and makes them
again afterwards.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

Frozen = Mapping[str, Sequence[str] | None]
"""Table -> the columns that never change; None: no column does. Rows are never deleted."""


@dataclass(frozen=True)
class Move:
    """
    Columns that change only when a condition on OLD and NEW holds.

    The condition is SQL that both engines read; where it is NULL, it does not hold.
    """

    columns: Sequence[str]
    only_if: str


@dataclass(frozen=True)
class Guard:
    """What may happen to the rows of one table: what is not said here stays free."""

    frozen: Sequence[str] | None = ()
    """Columns that never change; None: no column does."""
    moves: Sequence[Move] = ()
    erasable: bool = False
    """Whether rows may be deleted, as a person's values must be."""
    rebuilt: bool = False
    """Whether the rows follow from the journal: inside a rebuild of it, all of this may happen."""


def once(column: str, *others: str) -> Move:
    """Return the move that fills a column, and others with it, a single time."""
    return Move((column, *others), f"OLD.{column} IS NULL AND NEW.{column} IS NOT NULL")


def create_triggers(connection: Connection, frozen: Frozen) -> None:
    """Refuse UPDATE of the frozen columns, DELETE and (PostgreSQL) TRUNCATE of these tables."""
    create_guards(connection, {table: Guard(columns) for table, columns in frozen.items()})


def create_guards(connection: Connection, guards: Mapping[str, Guard]) -> None:
    """Refuse every change of these tables that their guards do not allow."""
    is_postgresql = connection.dialect.name == "postgresql"
    if is_postgresql:
        connection.exec_driver_sql(REFUSE)
        if any(guard.rebuilt for guard in guards.values()):
            connection.exec_driver_sql(REFUSE_OUTSIDE_REBUILD)
    for table, guard in guards.items():
        for name, event, condition in _refused(table, guard, is_postgresql):
            conditions = [f"({condition}) IS NOT TRUE"] if condition else []
            action = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            if is_postgresql:
                function = "refuse_outside_rebuild" if guard.rebuilt else "refuse_change"
                action = f"EXECUTE FUNCTION {function}()"
            elif guard.rebuilt:
                conditions.append(f"NOT {REBUILDING}")
            when = f"WHEN ({' AND '.join(conditions)}) " if conditions else ""
            connection.exec_driver_sql(f"CREATE TRIGGER {name} {event} {when}{action}")


def drop_triggers(connection: Connection, frozen: Frozen) -> None:
    """Undo `create_triggers` and the function behind all guards: only below the first schema."""
    drop_guards(connection, {table: Guard(columns) for table, columns in frozen.items()})
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("DROP FUNCTION IF EXISTS refuse_change()")


def drop_guards(connection: Connection, guards: Mapping[str, Guard]) -> None:
    """Undo `create_guards`, for a migration only."""
    is_postgresql = connection.dialect.name == "postgresql"
    for table, guard in guards.items():
        for name, _, _ in _refused(table, guard, is_postgresql):
            where = f" ON {table}" if is_postgresql else ""
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}{where}")


# A doubled percent sign reaches the server as one: the driver takes it for a parameter.
REFUSE = (
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION '%% is append-only', TG_TABLE_NAME; END $$"
)


REBUILDING = "EXISTS (SELECT 1 FROM sync_head WHERE rebuilding)"
"""True only inside the transaction of a rebuild, which sets the mark and takes it back."""
REFUSE_OUTSIDE_REBUILD = (
    "CREATE OR REPLACE FUNCTION refuse_outside_rebuild() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN IF NOT {REBUILDING} THEN RAISE EXCEPTION '%% is append-only', TG_TABLE_NAME; "
    "ELSIF TG_OP = 'DELETE' THEN RETURN OLD; ELSE RETURN NEW; END IF; END $$"
)


def _refused(table: str, guard: Guard, is_postgresql: bool) -> Iterator[tuple[str, str, str]]:
    """Yield the name of each trigger, what sets it off, and the condition that lets it pass."""
    row = f"ON {table} FOR EACH ROW"
    if guard.frozen is None:
        yield f"{table}_no_update", f"BEFORE UPDATE {row}", ""
    elif guard.frozen:
        yield f"{table}_no_update", f"BEFORE UPDATE OF {', '.join(guard.frozen)} {row}", ""
    for move in guard.moves:
        event = f"BEFORE UPDATE OF {', '.join(move.columns)} {row}"
        yield f"{table}_only_{move.columns[0]}", event, move.only_if
    if guard.erasable:
        return
    yield f"{table}_no_delete", f"BEFORE DELETE {row}", ""
    if is_postgresql:
        yield f"{table}_no_truncate", f"BEFORE TRUNCATE ON {table}", ""
