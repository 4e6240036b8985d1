"""The one row that gives out positions: who holds it commits before the next one exists."""

from uuid import UUID, uuid4

from sqlalchemy import BigInteger, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from inspect_server.store import bulk
from inspect_server.store.models.journal import SyncHead

ROW = 1

# Built once, and of the table: putting a statement together, and mapping, cost more than it does.
_TABLE = bulk.table_of(SyncHead)
_POSITION = select(_TABLE.c.pos).where(_TABLE.c.id == ROW)
_EPOCH = select(_TABLE.c.epoch).where(_TABLE.c.id == ROW)
_TAKE = (
    update(_TABLE)
    .where(_TABLE.c.id == ROW)
    .values(pos=_TABLE.c.pos + bindparam("count", type_=BigInteger))
    .returning(_TABLE.c.pos)
)


def take_positions(session: Session, count: int) -> int:
    """
    Take `count` consecutive positions and return the first; the last lock of every transaction.

    The row stays locked until commit, so no reader can see position n+1 before n, and a rollback
    gives the numbers back. `count` 0 only takes the lock and returns the next free position.
    """
    last = session.scalar(_TAKE, {"count": count})
    if last is None:
        _create(session)
        last = session.scalar(_TAKE, {"count": count})
    assert isinstance(last, int)
    return last - count + 1


def position(session: Session) -> int:
    """Return the last position given out, 0 in a new database."""
    return session.scalar(_POSITION) or 0


def epoch(session: Session) -> UUID | None:
    """Return the data set's incarnation; None before anything took a position."""
    return session.scalar(_EPOCH)


def ensure(session: Session) -> UUID:
    """Return the data set's incarnation, opening the first one in a new database."""
    known = epoch(session)
    if known is None:
        _create(session)
        known = epoch(session)
    assert known is not None
    return known


def open_epoch(session: Session) -> UUID:
    """Begin a new incarnation after a restore, so that phones deliver again what was lost."""
    ensure(session)
    fresh = uuid4()
    session.execute(update(SyncHead).where(SyncHead.id == ROW).values(epoch=fresh))
    return fresh


def _create(session: Session) -> None:
    row = {"id": ROW, "pos": 0, "epoch": uuid4()}
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    session.execute(dialect.insert(SyncHead).values(row).on_conflict_do_nothing())
