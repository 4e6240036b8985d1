"""Replacements and voids as lists show them: with names, for whoever works on the draw."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspect_server.domain.draw.replacement.requests import REASON_NAMES, Reason
from inspect_server.domain.draw.replacement.void import VOID_NAMES, VoidReason
from inspect_server.store.drawing import replacements as store
from inspect_server.store.models.planning import DrawLeaf, DrawOfficer, HashChain
from inspect_server.store.models.registry import Enterprise, Officer


@dataclass(frozen=True)
class ReplacementLine:
    """One replacement; `came_in` is "" while its witness value is awaited."""

    k: int
    reason: str
    enterprise: str  # of the task as it stood before
    went_out: str
    came_in: str
    position: int
    holder: str
    requested_at: datetime
    completed_at: datetime | None


@dataclass(frozen=True)
class VoidLine:
    """One request to void a draw; `voided_at` is None while the witness has not agreed."""

    reason: str
    request_leaf: str
    requested_at: datetime
    voided_at: datetime | None


def replacements(session: Session, draw_id: UUID) -> tuple[ReplacementLine, ...]:
    """Return the replacements of a draw in order, a pending one last."""
    rows = store.of_draw(session, draw_id)
    named = {leaf for row in rows for leaf in (row.task, row.came_in) if leaf is not None}
    names = _names(session, draw_id, named)
    chains = {chain.id: chain.holder for chain in session.scalars(select(HashChain))}
    return tuple(
        ReplacementLine(
            k=row.k,
            reason=REASON_NAMES[Reason(row.reason)],
            enterprise=names[row.task],
            went_out=names[row.went_out],
            came_in=names[row.came_in] if row.came_in else "",
            position=row.position,
            holder=chains[row.chain_id],
            requested_at=row.requested_at,
            completed_at=row.completed_at,
        )
        for row in rows
    )


def voids(session: Session, draw_id: UUID) -> tuple[VoidLine, ...]:
    """Return the requests to void a draw, the newest last."""
    return tuple(
        VoidLine(
            VOID_NAMES[VoidReason(row.reason)], row.request_leaf, row.requested_at, row.voided_at
        )
        for row in store.voids(session, draw_id)
    )


def _names(session: Session, draw_id: UUID, leaves: set[str]) -> dict[str, str]:
    """Return the names behind the commitments of some enterprises and of all officers."""
    companies = session.execute(
        select(DrawLeaf.commitment, Enterprise.name)
        .join(Enterprise, Enterprise.id == DrawLeaf.enterprise_id)
        .where(DrawLeaf.draw_id == draw_id, DrawLeaf.commitment.in_(leaves))
    )
    officers = session.execute(
        select(DrawOfficer.commitment, Officer.name)
        .join(Officer, Officer.id == DrawOfficer.officer_id)
        .where(DrawOfficer.draw_id == draw_id)
    )
    return {commitment: name for rows in (companies, officers) for commitment, name in rows}
