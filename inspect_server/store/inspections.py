"""Inspections: locking, numbers, teams, and what decides whether a team may be sent."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, false, or_, select, true, update
from sqlalchemy import exists as there_is
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from inspect_server.domain.assignment import OfficerToSend
from inspect_server.domain.enums import InspectionState, TeamRole
from inspect_server.domain.errors import NotFound
from inspect_server.domain.identity import Reach
from inspect_server.domain.inspection import UNANNOUNCED
from inspect_server.store.models.identity import User
from inspect_server.store.models.inspection import (
    DocumentCounter,
    EnterpriseCheck,
    Inspection,
    InspectionForm,
    InspectionMember,
)
from inspect_server.store.models.registry import (
    Enterprise,
    Officer,
    OfficerLeave,
    OfficerRecusal,
)
from inspect_server.store.models.replacing import InspectionEnd

COUNTER = "inspection"
"""The row of document_counter that numbers inspections; its lock keeps the numbers unique."""


def lock(session: Session, inspection_id: UUID) -> Inspection:
    """
    Return an inspection under its row lock, read afresh.

    Raises:
        NotFound: No such inspection.
    """
    row = session.scalar(
        select(Inspection)
        .where(Inspection.id == inspection_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound(what="该检查任务")
    return row


def reached(within: Reach) -> ColumnElement[bool]:
    """Return which inspections a reach covers, as a condition on `Inspection`."""
    if within.everything:
        return true()
    covered: list[ColumnElement[bool]] = []
    if within.unit:
        covered.append(or_(Inspection.unit == within.unit, Inspection.authority == within.unit))
    if within.officer is not None:
        on_team = [
            InspectionMember.inspection_id == Inspection.id,
            InspectionMember.officer_id == within.officer,
            InspectionMember.left_at.is_(None),
        ]
        if within.led_only:
            on_team.append(InspectionMember.role == TeamRole.LEAD)
        covered.append(there_is().where(*on_team))
    if within.begun:
        covered.append(Inspection.state.not_in(UNANNOUNCED))
    return or_(*covered) if covered else false()


def is_reached(session: Session, within: Reach, inspection_id: UUID) -> bool:
    """Return whether a reach covers this inspection; False for one that does not exist."""
    query = select(Inspection.id).where(Inspection.id == inspection_id, reached(within))
    return session.scalar(query) is not None


def exists(session: Session, inspection_id: UUID) -> bool:
    """Return whether there is an inspection of this id."""
    return session.get(Inspection, inspection_id) is not None


def id_of(session: Session, number: str) -> UUID:
    """
    Return the id of the inspection of this number.

    Raises:
        NotFound: No such number.
    """
    found = by_number(session, number)
    if found is None:
        raise NotFound(what=f"编号为 {number} 的检查任务")
    return found.id


def by_number(session: Session, number: str) -> Inspection | None:
    """Return the inspection of this number, None when there is none."""
    return session.scalar(select(Inspection).where(Inspection.number == number))


def drafts_outside_draws(session: Session, enterprise_id: UUID) -> Sequence[Inspection]:
    """Return what is drafted for an enterprise that no draw chose and nobody approved."""
    return session.scalars(
        select(Inspection).where(
            Inspection.enterprise_id == enterprise_id,
            Inspection.draw_id.is_(None),
            Inspection.state == InspectionState.SCHEME_DRAFT,
        )
    ).all()


def take_numbers(session: Session, year: int, count: int) -> list[str]:
    """
    Return the next `count` numbers `<year>-<4 digits>`; a rollback gives them back.

    The counter's row is made by an insert that yields to another's, so that the first two of a
    year cannot fail each other.
    """
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    session.execute(
        dialect.insert(DocumentCounter)
        .values(kind=COUNTER, year=year, last_serial=0)
        .on_conflict_do_nothing()
    )
    last = session.execute(
        update(DocumentCounter)
        .where(DocumentCounter.kind == COUNTER, DocumentCounter.year == year)
        .values(last_serial=DocumentCounter.last_serial + count)
        .returning(DocumentCounter.last_serial)
        .execution_options(synchronize_session=False)
    ).scalar_one()
    return [f"{year}-{serial:04d}" for serial in range(last - count + 1, last + 1)]


def of_draw(session: Session, draw_id: UUID) -> Sequence[Inspection]:
    """Return the inspections that came out of a draw, by number."""
    return session.scalars(
        select(Inspection).where(Inspection.draw_id == draw_id).order_by(Inspection.number)
    ).all()


def officers(session: Session, ids: Collection[UUID], uscc: str) -> dict[UUID, OfficerToSend]:
    """Return what decides whether these officers may visit the enterprise; others are left out."""
    leaves: dict[UUID, list[tuple[date, date]]] = {}
    for row in session.scalars(select(OfficerLeave).where(OfficerLeave.officer_id.in_(ids))):
        leaves.setdefault(row.officer_id, []).append((row.first_day, row.last_day))
    recused = set(
        session.scalars(
            select(OfficerRecusal.officer_id).where(
                OfficerRecusal.officer_id.in_(ids), OfficerRecusal.uscc == uscc
            )
        )
    )
    return {
        officer.id: OfficerToSend(
            officer_id=str(officer.id),
            name=officer.name,
            cert_no=officer.cert_no,
            unit=officer.unit,
            cert_from=officer.cert_valid_from,
            cert_to=officer.cert_valid_to,
            active=officer.active,
            may_lead=officer.may_lead,
            leaves=tuple(sorted(leaves.get(officer.id, ()))),
            recused=officer.id in recused,
        )
        for officer in session.scalars(select(Officer).where(Officer.id.in_(ids)))
    }


def enterprise(session: Session, enterprise_id: UUID, *, lock: bool = False) -> Enterprise:
    """Return an enterprise; its lock serialises what counts toward its annual cap."""
    query = select(Enterprise).where(Enterprise.id == enterprise_id)
    return session.scalars(query.with_for_update() if lock else query).one()


def checks_in_year(session: Session, enterprise_id: UUID, year: int) -> list[tuple[date, str]]:
    """Return day and source of the checks of a local year that count toward the cap, by day."""
    rows = session.execute(
        select(EnterpriseCheck.checked_on, EnterpriseCheck.source)
        .where(
            EnterpriseCheck.enterprise_id == enterprise_id,
            EnterpriseCheck.counts,
            EnterpriseCheck.checked_on.between(date(year, 1, 1), date(year, 12, 31)),
        )
        .order_by(EnterpriseCheck.checked_on, EnterpriseCheck.source)
    )
    return [(day, source) for day, source in rows]


def add_check(session: Session, visit: Inspection, counts: bool) -> None:
    """Count an inspection toward its enterprise's cap, from the first day it may take place."""
    session.add(
        EnterpriseCheck(
            id=uuid4(),
            enterprise_id=visit.enterprise_id,
            checked_on=visit.visit_from,
            source=visit.source,
            counts=counts,
            inspection_id=visit.id,
        )
    )


def members(session: Session, inspection_id: UUID) -> Sequence[InspectionMember]:
    """Return the active team, the lead first."""
    return session.scalars(
        select(InspectionMember)
        .where(InspectionMember.inspection_id == inspection_id, InspectionMember.left_at.is_(None))
        .order_by(InspectionMember.role, InspectionMember.joined_at, InspectionMember.id)
    ).all()


def to_come(
    session: Session, user_id: UUID, ids: Collection[UUID], enterprises: Collection[UUID]
) -> list[tuple[str, datetime]]:
    """Return number and dispatch of a user's visits to come, of these ids or enterprises."""
    rows = session.execute(
        select(Inspection.number, Inspection.dispatched_at)
        .join(InspectionMember, InspectionMember.inspection_id == Inspection.id)
        .join(User, User.officer_id == InspectionMember.officer_id)
        .where(
            User.id == user_id,
            InspectionMember.left_at.is_(None),
            Inspection.state.in_(UNANNOUNCED),
            or_(Inspection.id.in_(ids), Inspection.enterprise_id.in_(enterprises)),
        )
        .order_by(Inspection.number)
    )
    return [(number, at) for number, at in rows if at is not None]


def add_member(
    session: Session, inspection_id: UUID, officer_id: UUID, role: TeamRole, at: datetime
) -> None:
    """Put an officer on the team."""
    session.add(
        InspectionMember(
            id=uuid4(),
            inspection_id=inspection_id,
            officer_id=officer_id,
            role=role,
            joined_at=at,
        )
    )


def forms(session: Session, inspection_id: UUID) -> Sequence[InspectionForm]:
    """Return the pinned checklists by name."""
    return session.scalars(
        select(InspectionForm)
        .where(InspectionForm.inspection_id == inspection_id)
        .order_by(InspectionForm.name)
    ).all()


def end(session: Session, visit: Inspection, reason: str, at: datetime, by: str) -> None:
    """Keep why an inspection ended, take its team off, and count it no longer toward the cap."""
    session.add(InspectionEnd(inspection_id=visit.id, reason=reason, ended_at=at, ended_by=by))
    for row in members(session, visit.id):
        row.left_at, row.left_reason = at, reason
    session.execute(
        update(EnterpriseCheck)
        .where(EnterpriseCheck.inspection_id == visit.id)
        .values(counts=False)
    )


def date_check(session: Session, inspection_id: UUID, visited_on: date) -> None:
    """Date the check that counts toward the cap by the day on which the visit took place."""
    session.execute(
        update(EnterpriseCheck)
        .where(EnterpriseCheck.inspection_id == inspection_id)
        .values(checked_on=visited_on)
    )
