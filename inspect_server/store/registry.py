"""Writing the registries in batches, as fast as each engine takes rows."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    bindparam,
    delete,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.orm import DeclarativeBase, Session

from inspect_server.store import bulk
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
    table = bulk.table_of(model)
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
    return session.execute(select(bulk.table_of(model)).limit(1)).first() is None


def named_divisions(session: Session) -> Sequence[tuple[str, str]]:
    """Return each pair of a place's name and its division code that enterprises have."""
    enterprise = bulk.table_of(Enterprise)
    name, code = enterprise.c.division_name, enterprise.c.division
    pairs = select(name, code).where(name.is_not(None), code.is_not(None)).distinct()
    return [(each[0], each[1]) for each in session.execute(pairs)]


def change(session: Session, model: type[DeclarativeBase], rows: Sequence[Values]) -> None:
    """Update rows by `id`; all rows have the same columns."""
    if not rows:
        return
    table = bulk.table_of(model)
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


def enterprise(session: Session, uscc: str) -> Enterprise | None:
    """Return the enterprise of this 统一社会信用代码, None when the registry has none."""
    return session.scalar(select(Enterprise).where(Enterprise.uscc == uscc))
