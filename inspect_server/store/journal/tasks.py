"""What the task of one inspection is made of, read in one go, and which tasks phones see."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspect_server.store.journal import scopes
from inspect_server.store.journal.rows import CHUNK, LIVE
from inspect_server.store.models.identity import User
from inspect_server.store.models.inspection import Inspection, InspectionForm, InspectionMember
from inspect_server.store.models.journal import JournalEntry, Operation, ReplicaScope
from inspect_server.store.models.registry import Officer
from sync.ids import inspection_scope

ACCOUNT = "user:"
"""How the label of an actor begins who is an account."""


@dataclass(frozen=True)
class Member:
    """Somebody behind the record; without an account or without an officer the id is None."""

    user_id: UUID | None
    officer_id: UUID | None
    name: str
    cert_no: str  # "" without an officer
    unit: str
    role: str = ""  # "" for who is not on the team now


@dataclass(frozen=True)
class TaskRows:
    """The rows behind one task."""

    inspection: Inspection
    members: Sequence[Member]
    others: Sequence[Member]  # whose entries may stand in the record beside those of the team
    forms: Sequence[InspectionForm]
    approver: str = ""  # who approved the scheme, by name


def load(session: Session, inspection_id: UUID) -> TaskRows | None:
    """Return the rows of one task as they are now, or None if there is no such inspection."""
    inspection = session.get(Inspection, inspection_id, populate_existing=True)
    if inspection is None:
        return None
    forms = session.scalars(
        select(InspectionForm)
        .where(InspectionForm.inspection_id == inspection_id)
        .order_by(InspectionForm.name)
    )
    team = members(session, inspection_id)
    others = _others(session, inspection_id, team)
    return TaskRows(inspection, team, others, forms.all(), _approver(session, inspection))


def members(session: Session, inspection_id: UUID) -> list[Member]:
    """Return the active team, the lead first."""
    rows = session.execute(
        select(User.id, Officer, InspectionMember.role)
        .select_from(InspectionMember)
        .join(Officer, Officer.id == InspectionMember.officer_id)
        .outerjoin(User, User.officer_id == Officer.id)
        .where(InspectionMember.inspection_id == inspection_id, InspectionMember.left_at.is_(None))
        .order_by(InspectionMember.role, Officer.cert_no)
    )
    return [replace(_member(user_id, officer), role=str(role)) for user_id, officer, role in rows]


def of_changed_officers(session: Session, import_id: UUID) -> list[UUID]:
    """Return the inspections on whose active team somebody is whom an import changed, sorted."""
    found = session.scalars(
        select(InspectionMember.inspection_id)
        .join(Officer, Officer.id == InspectionMember.officer_id)
        .where(Officer.last_import_id == import_id, InspectionMember.left_at.is_(None))
        .distinct()
    )
    return sorted(found)


def seeing(session: Session, inspection_id: UUID) -> list[UUID]:
    """Return the users whose phones show a task now, sorted."""
    scope = inspection_scope(str(inspection_id))
    return sorted(
        session.scalars(
            select(ReplicaScope.user_id).where(
                ReplicaScope.scope == scope, ReplicaScope.removed_pos.is_(None)
            )
        )
    )


def closed_before(session: Session, moment: datetime) -> list[UUID]:
    """Return the inspections closed before a moment whose tasks some phone still shows, sorted."""
    prefix = inspection_scope("")
    shown = [UUID(scope.removeprefix(prefix)) for scope in scopes.shown(session, prefix)]
    found: list[UUID] = []
    for start in range(0, len(shown), CHUNK):
        part = shown[start : start + CHUNK]
        found += session.scalars(
            select(Inspection.id).where(Inspection.id.in_(part), Inspection.closed_at < moment)
        )
    return sorted(found)


def closed_since(session: Session, moment: datetime) -> list[UUID]:
    """Return the inspections whose records were closed at this moment or later, sorted."""
    return sorted(session.scalars(select(Inspection.id).where(Inspection.closed_at >= moment)))


def _approver(session: Session, inspection: Inspection) -> str:
    label = inspection.approved_by or ""
    if not label.startswith(ACCOUNT):
        return ""
    try:
        id = UUID(label.removeprefix(ACCOUNT))
    except ValueError:
        return ""  # no account of this bureau: nobody's name is made of it
    user = session.get(User, id)
    return user.name if user else ""


def _others(session: Session, inspection_id: UUID, team: Sequence[Member]) -> list[Member]:
    """
    Return who left the team, and whose entries a supervisor applied though never on it.

    With the team these are all whose names a phone needs to say who captured what.
    """
    left = (
        select(User.id, User.name, User.unit, Officer)
        .select_from(InspectionMember)
        .join(Officer, Officer.id == InspectionMember.officer_id)
        .outerjoin(User, User.officer_id == Officer.id)
        .where(
            InspectionMember.inspection_id == inspection_id, InspectionMember.left_at.is_not(None)
        )
    )
    wrote = (
        select(User.id, User.name, User.unit, Officer)
        .outerjoin(Officer, Officer.id == User.officer_id)
        .where(User.id.in_(_authors(session, inspection_id)))
    )
    known = {(one.user_id, one.officer_id) for one in team}
    found = {
        _member(user_id, officer, name or "", unit or "")
        for query in (left, wrote)
        for user_id, name, unit, officer in session.execute(query)
    }
    return sorted(
        (one for one in found if (one.user_id, one.officer_id) not in known),
        key=lambda one: (one.cert_no, one.name, str(one.user_id)),
    )


def _authors(session: Session, inspection_id: UUID) -> list[UUID]:
    found = session.scalars(
        select(Operation.author)
        .join(JournalEntry, JournalEntry.hash == Operation.entry_hash)
        .where(
            Operation.assignment == inspection_id,
            Operation.item.not_like("task/%"),  # who dispatched it captured nothing
            JournalEntry.effect.in_(LIVE),
        )
        .distinct()
    )
    return [UUID(author) for author in found if author]


def _member(
    user_id: UUID | None, officer: Officer | None, name: str = "", unit: str = ""
) -> Member:
    if officer is None:
        return Member(user_id, None, name, "", unit)
    return Member(user_id, officer.id, officer.name, officer.cert_no, officer.unit)
