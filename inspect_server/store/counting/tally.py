"""
The running total: what was written once is counted, in the order of writing, into one hash.

Each leaf, audit event, receipt, file and hash chain takes the next position when its transaction
commits; `total` is SHA-256 over the total before it and the item. Whoever wrote down one total can
tell later that nothing which was there then is gone, even what was cut together with its head.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import event, insert, select, text
from sqlalchemy.orm import Session

from inspect_server.domain.record import GENESIS, canonical
from inspect_server.store import bulk
from inspect_server.store.models.base import Base
from inspect_server.store.models.record import Counted

LEAF, AUDIT, RECEIPT, FILE, CHAIN = "leaf", "audit", "receipt", "file", "chain"
LOCK = 0x74616C6C79
"""The bytes of "tally": PostgreSQL's advisory locks are numbers."""
_WAITING = "tally"

# Built once, and of the table: putting a statement together, and mapping, cost more than it does.
_TABLE = bulk.table_of(Counted)
_COUNT = insert(_TABLE)
_LAST = select(_TABLE.c.pos, _TABLE.c.total).order_by(_TABLE.c.pos.desc()).limit(1)


def count(session: Session, kind: str, item: str) -> None:
    """Count an item when this transaction commits; the last thing it does, so nobody waits long."""
    session.info.setdefault(_WAITING, []).append((kind, item))


def count_row(session: Session, kind: str, row: Base) -> None:
    """Count a whole row by the hash of its values."""
    columns = row.__table__.columns
    count(session, kind, digest({column.name: getattr(row, column.name) for column in columns}))


def following(total: str, kind: str, item: str) -> str:
    """Return the total after one more item."""
    return hashlib.sha256(f"{total}\n{kind}\n{item}".encode()).hexdigest()


def digest(values: Mapping[str, Any]) -> str:
    """Return the hash of a row's values, the same on both engines."""
    plain = {name: _plain(value) for name, value in values.items()}
    return hashlib.sha256(canonical(plain).encode("utf-8")).hexdigest()


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat()
        case bytes():
            return value.hex()
        case None | int() | str():
            return value
        case _:
            return str(value)


@event.listens_for(Session, "before_commit")
def _write(session: Session) -> None:
    waiting: Iterable[tuple[str, str]] = session.info.pop(_WAITING, ())
    if not waiting:
        return
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
    last = session.execute(_LAST).first()
    pos, total = (0, GENESIS) if last is None else (last.pos, last.total)
    rows = []
    for kind, item in waiting:
        pos, total = pos + 1, following(total, kind, item)
        rows.append({"pos": pos, "kind": kind, "item": item, "total": total})
    session.execute(_COUNT, rows)


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(_WAITING, None)
