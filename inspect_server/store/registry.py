"""Writing the registries in batches, as fast as each engine takes rows."""

from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import repeat
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Dialect,
    Table,
    bindparam,
    delete,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.orm import DeclarativeBase, Session

from inspect_server.store.models.registry import (
    Enterprise,
    OfficerLeave,
    OfficerRecusal,
)

Values = Mapping[str, Any]

_KEYS_AT_ONCE = 500
"""Below every engine's limit of parameters, and one cached statement for nearly all batches."""

CACHE_KIB = 16 << 10
"""About what the indexes over 150,000 enterprises take."""


def lock(session: Session) -> None:
    """Let one import at a time change the registries; readers go on. SQLite's writer is alone."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE registry_import IN SHARE ROW EXCLUSIVE MODE"))


def widen_cache(session: Session) -> None:
    """
    Let this connection keep the indexes of a whole registry at hand.

    Codes, names and ids arrive in no order: in SQLite's usual 2 MB every page is written out and
    read again many times in one import. PostgreSQL's cache is its server's.
    """
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text(f"PRAGMA cache_size = -{CACHE_KIB}"))


def stored(
    session: Session,
    model: type[DeclarativeBase],
    key: str,
    keys: Collection[str],
    fields: Collection[str],
) -> dict[str, dict[str, Any]]:
    """Return `id`, the key and these fields of the stored rows with these keys, by key."""
    table = _table(model)
    columns = [table.c[name] for name in dict.fromkeys(("id", key, *fields))]
    names = [column.name for column in columns]
    place = names.index(key)
    found: dict[str, dict[str, Any]] = {}
    wanted = list(keys)
    for start in range(0, len(wanted), _KEYS_AT_ONCE):
        part = wanted[start : start + _KEYS_AT_ONCE]
        for row in session.execute(select(*columns).where(table.c[key].in_(part))):
            found[row[place]] = dict(zip(names, row, strict=True))
    return found


def is_empty(session: Session, model: type[DeclarativeBase]) -> bool:
    """Return whether the table has no row: the first import need not look for what is there."""
    return session.execute(select(_table(model)).limit(1)).first() is None


def named_divisions(session: Session) -> Sequence[tuple[str, str]]:
    """Return each pair of a place's name and its division code that enterprises have."""
    enterprise = _table(Enterprise)
    name, code = enterprise.c.division_name, enterprise.c.division
    pairs = select(name, code).where(name.is_not(None), code.is_not(None)).distinct()
    return [(each[0], each[1]) for each in session.execute(pairs)]


def add(
    session: Session,
    model: type[DeclarativeBase],
    rows: Sequence[Values],
    shared: Values = MappingProxyType({}),
) -> None:
    """
    Insert rows that all have the same columns: COPY on PostgreSQL, executemany on SQLite.

    Values are encoded by the model's own column types, exactly as the ORM would.

    Args:
        shared: What stands in every row beside its own values; encoded once.
    """
    if not rows:
        return
    connection = session.connection()
    table, dialect = _table(model), connection.dialect
    own = list(rows[0])
    columns = [
        *(_encoded([row[name] for row in rows], table.c[name], dialect) for name in own),
        *(repeat(_encoder(table.c[name], dialect)(value)) for name, value in shared.items()),
    ]
    encoded = zip(*columns)  # noqa: B905  # what is shared repeats without end
    listed = ", ".join(f'"{name}"' for name in (*own, *shared))
    if dialect.name == "postgresql":
        cursor = connection.connection.cursor()
        with cursor.copy(f'COPY "{table.name}" ({listed}) FROM STDIN') as copy:
            for row in encoded:
                copy.write_row(row)
        cursor.close()
        return
    marks = ", ".join("?" * len(columns))
    connection.exec_driver_sql(
        f'INSERT INTO "{table.name}" ({listed}) VALUES ({marks})',  # noqa: S608  # names of the model
        list(encoded),
    )


def change(session: Session, model: type[DeclarativeBase], rows: Sequence[Values]) -> None:
    """Update rows by `id`; all rows have the same columns."""
    if not rows:
        return
    table = _table(model)
    names = [name for name in rows[0] if name != "id"]
    statement = (
        update(table)
        .where(table.c.id == bindparam("row_id"))
        .values({name: bindparam(f"new_{name}") for name in names})
    )
    session.connection().execute(
        statement,
        [{"row_id": row["id"], **{f"new_{name}": row[name] for name in names}} for row in rows],
    )


def absences(session: Session, officers: Collection[UUID]) -> dict[UUID, list[list[str]]]:
    """Return the leave of these officers as [first day, last day, reason], sorted."""
    found: dict[UUID, list[list[str]]] = {officer: [] for officer in officers}
    for leave in session.scalars(
        select(OfficerLeave)
        .where(OfficerLeave.officer_id.in_(officers))
        .order_by(OfficerLeave.first_day, OfficerLeave.last_day, OfficerLeave.reason)
    ):
        found[leave.officer_id].append(
            [leave.first_day.isoformat(), leave.last_day.isoformat(), leave.reason]
        )
    return found


def recusals(session: Session, officers: Collection[UUID]) -> dict[UUID, list[list[str]]]:
    """Return the recusals of these officers as [uscc, reason], sorted."""
    found: dict[UUID, list[list[str]]] = {officer: [] for officer in officers}
    for recusal in session.scalars(
        select(OfficerRecusal)
        .where(OfficerRecusal.officer_id.in_(officers))
        .order_by(OfficerRecusal.uscc)
    ):
        found[recusal.officer_id].append([recusal.uscc, recusal.reason])
    return found


def replace_of_officer(
    session: Session,
    model: type[OfficerLeave] | type[OfficerRecusal],
    officer: UUID,
    rows: Sequence[Values],
) -> None:
    """Put these leave or recusal rows in the place of what the officer had; history keeps both."""
    session.execute(delete(model).where(model.officer_id == officer))
    if rows:
        session.execute(insert(model), list(rows))


def _table(model: type[DeclarativeBase]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table


def _encoder(column: ColumnElement[Any], dialect: Dialect) -> Callable[[Any], Any]:
    return column.type.dialect_impl(dialect).bind_processor(dialect) or _as_it_is


def _as_it_is(value: Any) -> Any:
    return value


def _encoded(values: list[Any], column: ColumnElement[Any], dialect: Dialect) -> list[Any]:
    """Encode one column; an object that stands in many rows is encoded once."""
    encode = _encoder(column, dialect)
    if encode is _as_it_is:
        return values
    known: dict[int, Any] = {}
    encoded = []
    for value in values:
        name = id(value)  # `values` keeps them alive, so no two objects share it
        if name not in known:
            known[name] = encode(value)
        encoded.append(known[name])
    return encoded


def enterprise(session: Session, uscc: str) -> Enterprise | None:
    """Return the enterprise of this 统一社会信用代码, None when the registry has none."""
    return session.scalar(select(Enterprise).where(Enterprise.uscc == uscc))
