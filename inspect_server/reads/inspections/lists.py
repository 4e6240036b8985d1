"""Inspections in lists, each only to whom it concerns."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from inspect_server.domain.assignment import Scheme
from inspect_server.domain.enums import InspectionState, Role
from inspect_server.domain.identity import Acting, reach
from inspect_server.reads.inspections.team import MemberRow, members
from inspect_server.reads.paging import Page, bounds, going_on
from inspect_server.reads.visibility import Viewer, visible
from inspect_server.store import inspections as store
from inspect_server.store.models.inspection import Inspection
from inspect_server.store.models.journal import SyncItem
from inspect_server.store.models.planning import Draw
from inspect_server.store.models.registry import Enterprise


@dataclass(frozen=True)
class InspectionRow:
    """One inspection in a list."""

    id: UUID
    number: str
    state: InspectionState
    enterprise_id: UUID
    enterprise: str
    uscc: str
    source: str
    draw_no: str
    unit: str
    visit_from: date
    visit_to: date
    team: tuple[str, ...]  # names, the lead first
    conflicts: int
    closed_at: datetime | None


def listing(
    session: Session,
    viewer: Viewer,
    *,
    state: InspectionState | None = None,
    draw_no: str = "",
    text: str = "",
    year: int | None = None,
    page: int = 1,
    size: int = 50,
    after: str = "",
) -> Page[InspectionRow]:
    """
    Return the inspections that somebody may see, the newest number first.

    Args:
        state: Only those in this state.
        draw_no: Only those of this draw.
        text: Part of the enterprise's name or of the number, or its whole 统一社会信用代码.
        year: Only visits that may begin in this year.
        page: From 1.
        size: Rows a page, at most paging.MAX_SIZE.
        after: The number behind which the pages begin; what an earlier page called `next`.
    """
    conditions = [visible(viewer)]
    if state is not None:
        conditions.append(Inspection.state == state)
    if draw_no:
        conditions.append(Draw.draw_no == draw_no)
    if text.strip():
        conditions.append(_matches(text.strip()))
    if year is not None:
        conditions.append(Inspection.visit_from.between(date(year, 1, 1), date(year, 12, 31)))
    limit, offset = bounds(page, size)
    total = session.scalar(
        select(func.count()).select_from(joined(select(Inspection.id), conditions).subquery())
    )
    if after:
        conditions.append(Inspection.number < after)
    query = joined(select(Inspection, Enterprise, Draw.draw_no), conditions)
    found = session.execute(
        query.order_by(Inspection.number.desc()).limit(limit).offset(offset)
    ).all()
    shown = rows(session, [(one[0], one[1], one[2] or "") for one in found])
    further = going_on([row.number for row in shown], limit)
    return Page(shown, total or 0, max(page, 1), limit, further)


def id_of(session: Session, number: str) -> UUID:
    """
    Return the id of the inspection of this number.

    Raises:
        NotFound: No such number.
    """
    return store.id_of(session, number)


def of_draw_by_state(
    session: Session, viewer: Viewer, draw_id: UUID, acting: Collection[Acting] = tuple(Role)
) -> dict[InspectionState, list[tuple[str, UUID]]]:
    """
    Return number and id of those inspections of a draw that somebody reaches, by state.

    Args:
        acting: In which of their roles; all of them for reading. The states in use only, in the
            order of the procedure.
    """
    rows = session.execute(
        select(Inspection.state, Inspection.number, Inspection.id)
        .where(Inspection.draw_id == draw_id, store.reached(reach(viewer, acting)))
        .order_by(Inspection.number)
    ).all()
    by_state = {
        state: [(number, id) for found, number, id in rows if found is state]
        for state in InspectionState
    }
    return {state: found for state, found in by_state.items() if found}


def unapproved(
    session: Session, viewer: Viewer, draw_id: UUID, acting: Collection[Acting]
) -> list[tuple[str, UUID]]:
    """Return number and id of those inspections of a draw whose scheme is a draft."""
    found = of_draw_by_state(session, viewer, draw_id, acting)
    return found.get(InspectionState.SCHEME_DRAFT, [])


def count_of_draw(session: Session, draw_id: UUID) -> int:
    """Return how many inspections a draw has led to."""
    counted = select(func.count()).where(Inspection.draw_id == draw_id)
    return session.scalar(counted) or 0


def joined(
    query: Select[*tuple[Any, ...]], conditions: Sequence[ColumnElement[bool]]
) -> Select[*tuple[Any, ...]]:
    """Return a query of inspections with their enterprise and draw, under these conditions."""
    return (
        query.join(Enterprise, Enterprise.id == Inspection.enterprise_id)
        .outerjoin(Draw, Draw.id == Inspection.draw_id)
        .where(and_(*conditions))
    )


def _matches(text: str) -> ColumnElement[bool]:
    return or_(
        Enterprise.name.contains(text, autoescape=True),
        Inspection.number.contains(text, autoescape=True),
        Enterprise.uscc == text.upper(),
    )


def rows(
    session: Session, found: Sequence[tuple[Inspection, Enterprise, str]]
) -> tuple[InspectionRow, ...]:
    """Return inspections as lists show them, each with its enterprise and its draw's number."""
    ids = [visit.id for visit, _, _ in found]
    teams = members(session, ids)
    conflicts = _conflicts(session, ids)
    return tuple(
        InspectionRow(
            id=visit.id,
            number=visit.number,
            state=visit.state,
            enterprise_id=enterprise.id,
            enterprise=enterprise.name,
            uscc=enterprise.uscc,
            source=visit.source,
            draw_no=draw_no,
            unit=visit.unit,
            visit_from=visit.visit_from,
            visit_to=visit.visit_to,
            team=_team(visit, teams.get(visit.id, ())),
            conflicts=conflicts.get(visit.id, 0),
            closed_at=visit.closed_at,
        )
        for visit, enterprise, draw_no in found
    )


def _team(visit: Inspection, members: Sequence[MemberRow]) -> tuple[str, ...]:
    """Return who goes: before dispatch only the scheme names them."""
    if visit.dispatched_at is None:
        return tuple(officer.name for officer in Scheme.from_json(visit.scheme).officers)
    return tuple(member.name for member in members if member.left_at is None)


def _conflicts(session: Session, ids: Sequence[UUID]) -> dict[UUID, int]:
    rows = session.execute(
        select(SyncItem.assignment, func.count())
        .where(SyncItem.assignment.in_(ids), SyncItem.conflict)
        .group_by(SyncItem.assignment)
    )
    return {assignment: count for assignment, count in rows if assignment is not None}
