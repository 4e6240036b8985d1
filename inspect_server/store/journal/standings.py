"""Who works on which inspection, as the server's entries in the journal say."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, delete, select
from sqlalchemy.orm import Session

from inspect_server.store import bulk
from inspect_server.store.models.journal import SyncStanding
from sync.ports import Standing

CHUNK = 500

# Built once, and of the table: putting a statement together, and mapping, cost more than it does.
_TABLE = bulk.table_of(SyncStanding)
_OF = select(_TABLE).where(_TABLE.c.assignment.in_(bindparam("assignments", expanding=True)))


def load(session: Session, assignments: Collection[UUID]) -> dict[str, Standing]:
    """Return how these inspections stand; those that the journal does not know are absent."""
    wanted = sorted(set(assignments), key=lambda id: id.hex)
    found: dict[str, Standing] = {}
    for start in range(0, len(wanted), CHUNK):
        rows = session.execute(_OF, {"assignments": wanted[start : start + CHUNK]})
        found.update((str(row.assignment), _standing(row)) for row in rows)
    return found


def everyone(session: Session) -> dict[str, Standing]:
    """Return how every inspection stands that the journal knows."""
    rows = session.execute(select(_TABLE))
    return {str(row.assignment): _standing(row) for row in rows}


def forget(session: Session, assignment: str) -> None:
    """Drop a standing to which nothing in the journal leads."""
    session.execute(delete(SyncStanding).where(SyncStanding.assignment == UUID(assignment)))


def put(session: Session, standing: Standing) -> None:
    """Keep a standing; it replaces the one before."""
    session.merge(
        SyncStanding(
            assignment=UUID(standing.assignment),
            form=standing.form,
            lead=standing.lead,
            team=sorted(standing.team),
            former=sorted(standing.former),
            closed=standing.closed,
        )
    )
    session.flush()


def _standing(row: Row[*tuple[Any, ...]]) -> Standing:
    return Standing(
        assignment=str(row.assignment),
        form=row.form,
        lead=row.lead,
        team=frozenset(row.team),
        former=frozenset(row.former),
        closed=row.closed,
    )
