"""What the task of one inspection is made of, read in one go."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspect_server.store.models.identity import User
from inspect_server.store.models.inspection import (
    EnterpriseCheck,
    Inspection,
    InspectionForm,
    InspectionMember,
)
from inspect_server.store.models.registry import Enterprise, Officer


@dataclass(frozen=True)
class Member:
    """One active member of the team; `user_id` is None for an officer without an account."""

    officer: Officer
    role: str
    user_id: UUID | None


@dataclass(frozen=True)
class TaskRows:
    """The rows behind one task."""

    inspection: Inspection
    enterprise: Enterprise
    members: Sequence[Member]
    forms: Sequence[InspectionForm]
    checks: Sequence[EnterpriseCheck]  # earlier ones, newest first
    earlier: Sequence[Inspection]  # closed inspections of the same enterprise, newest first


def load(session: Session, inspection_id: UUID) -> TaskRows | None:
    """Return the rows of one task, or None if there is no such inspection."""
    inspection = session.get(Inspection, inspection_id)
    if inspection is None:
        return None
    enterprise = session.get_one(Enterprise, inspection.enterprise_id)
    forms = session.scalars(
        select(InspectionForm)
        .where(InspectionForm.inspection_id == inspection_id)
        .order_by(InspectionForm.name)
    )
    checks = session.scalars(
        select(EnterpriseCheck)
        .where(
            EnterpriseCheck.enterprise_id == enterprise.id,
            EnterpriseCheck.inspection_id.is_distinct_from(inspection_id),
        )
        .order_by(EnterpriseCheck.checked_on.desc(), EnterpriseCheck.id)
    )
    earlier = session.scalars(
        select(Inspection)
        .where(
            Inspection.enterprise_id == enterprise.id,
            Inspection.id != inspection_id,
            Inspection.closed_at.is_not(None),
        )
        .order_by(Inspection.closed_at.desc(), Inspection.id)
    )
    return TaskRows(
        inspection,
        enterprise,
        members(session, inspection_id),
        forms.all(),
        checks.all(),
        earlier.all(),
    )


def members(session: Session, inspection_id: UUID) -> list[Member]:
    """Return the active team, the lead first."""
    rows = session.execute(
        select(Officer, InspectionMember.role, User.id)
        .join(InspectionMember, InspectionMember.officer_id == Officer.id)
        .outerjoin(User, User.officer_id == Officer.id)
        .where(InspectionMember.inspection_id == inspection_id, InspectionMember.left_at.is_(None))
        .order_by(InspectionMember.role, Officer.cert_no)
    )
    return [Member(officer, str(role), user_id) for officer, role, user_id in rows]
