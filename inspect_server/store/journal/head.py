"""The one row that gives out positions: who holds it commits before the next one exists."""

from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from inspect_server.store.models.journal import SyncHead

ROW = 1


def take_positions(session: Session, count: int) -> int:
    """
    Take `count` consecutive positions and return the first; the last lock of every transaction.

    The row stays locked until commit, so no reader can see position n+1 before n, and a rollback
    gives the numbers back. `count` 0 only takes the lock and returns the next free position.
    """
    taken = update(SyncHead).where(SyncHead.id == ROW).values(pos=SyncHead.pos + count)
    last: int | None = session.scalar(taken.returning(SyncHead.pos))
    if last is None:
        _create(session)
        last = session.scalar(taken.returning(SyncHead.pos))
    assert last is not None
    return last - count + 1


def position(session: Session) -> int:
    """Return the last position given out, 0 in a new database."""
    return session.scalar(select(SyncHead.pos).where(SyncHead.id == ROW)) or 0


def epoch(session: Session) -> UUID | None:
    """Return the data set's incarnation; None before anything took a position."""
    return session.scalar(select(SyncHead.epoch).where(SyncHead.id == ROW))


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
