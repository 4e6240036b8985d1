"""Many rows at once, as fast as each engine takes them: mapping costs more than writing."""

from collections.abc import Callable, Mapping, Sequence
from itertools import repeat
from types import MappingProxyType
from typing import Any

from sqlalchemy import Column, Dialect, LargeBinary, Table
from sqlalchemy.orm import DeclarativeBase, Session

Values = Mapping[str, Any]


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
    table, dialect = table_of(model), connection.dialect
    own = list(rows[0])
    columns = [
        *_encoded(rows, own, table, dialect),
        *(repeat(_encoder(table.c[name], dialect)(value)) for name, value in shared.items()),
    ]
    encoded = zip(*columns)  # noqa: B905  # what is shared repeats without end
    names = [*own, *shared]
    if dialect.name == "postgresql":
        cursor = connection.connection.cursor()
        with cursor.copy(f"COPY {_target(table, names)} FROM STDIN") as copy:
            for row in encoded:
                copy.write_row(row)
        cursor.close()
        return
    connection.exec_driver_sql(_insert(table, names, dialect), list(encoded))


def put(
    session: Session,
    model: type[DeclarativeBase],
    rows: Sequence[Values],
    key: str,
    instead: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """
    Insert rows that all have the same columns; where the key is stored, replace what differs.

    Args:
        instead: SQL for columns whose new value depends on the stored one.
    """
    if not rows:
        return
    connection = session.connection()
    table, dialect = table_of(model), connection.dialect
    names = list(rows[0])
    new = {name: f'excluded."{name}"' for name in names if name != key} | dict(instead)
    replaced = ", ".join(f'"{name}" = {value}' for name, value in new.items())
    connection.exec_driver_sql(
        f'{_insert(table, names, dialect)} ON CONFLICT ("{key}") DO UPDATE SET {replaced}',
        list(zip(*_encoded(rows, names, table, dialect), strict=True)),
    )


def table_of(model: type[DeclarativeBase]) -> Table:
    """Return the table of a model."""
    table = model.__table__
    assert isinstance(table, Table)
    return table


def _insert(table: Table, names: Sequence[str], dialect: Dialect) -> str:
    mark = "?" if dialect.paramstyle == "qmark" else "%s"
    marks = ", ".join([mark] * len(names))
    return f"INSERT INTO {_target(table, names)} VALUES ({marks})"  # noqa: S608  # names of the model


def _target(table: Table, names: Sequence[str]) -> str:
    listed = ", ".join(f'"{name}"' for name in names)
    return f'"{table.name}" ({listed})'


def _encoded(
    rows: Sequence[Values], names: Sequence[str], table: Table, dialect: Dialect
) -> list[list[Any]]:
    """Encode column by column; an object that stands in many rows is encoded once."""
    return [_column([row[name] for row in rows], table.c[name], dialect) for name in names]


def _column(values: list[Any], column: Column[Any], dialect: Dialect) -> list[Any]:
    encode = _encoder(column, dialect)
    if encode is _as_it_is:
        return values
    names = list(map(id, values))  # `values` keeps them alive, so no two objects share one
    encoded = {name: encode(value) for name, value in dict(zip(names, values, strict=True)).items()}
    return [encoded[name] for name in names]


def _encoder(column: Column[Any], dialect: Dialect) -> Callable[[Any], Any]:
    if isinstance(column.type, LargeBinary):
        return _as_it_is  # both drivers take bytes
    return column.type.dialect_impl(dialect).bind_processor(dialect) or _as_it_is


def _as_it_is(value: Any) -> Any:
    return value
