"""Who is or was on the team of an inspection."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspect_server.domain.enums import TeamRole
from inspect_server.store.models.inspection import InspectionMember
from inspect_server.store.models.registry import Officer


@dataclass(frozen=True)
class MemberRow:
    """Somebody who is or was on the team."""

    officer_id: UUID
    name: str
    cert_no: str
    unit: str
    role: TeamRole
    joined_at: datetime
    left_at: datetime | None
    left_reason: str


def members(session: Session, ids: Sequence[UUID]) -> dict[UUID, tuple[MemberRow, ...]]:
    """Return by inspection everybody who is or was on its team, the lead first."""
    rows = session.execute(
        select(InspectionMember, Officer)
        .join(Officer, Officer.id == InspectionMember.officer_id)
        .where(InspectionMember.inspection_id.in_(ids))
        .order_by(InspectionMember.role, InspectionMember.joined_at, Officer.cert_no)
    )
    found: dict[UUID, tuple[MemberRow, ...]] = {}
    for member, officer in rows:
        row = MemberRow(
            officer_id=officer.id,
            name=officer.name,
            cert_no=officer.cert_no,
            unit=officer.unit,
            role=member.role,
            joined_at=member.joined_at,
            left_at=member.left_at,
            left_reason=member.left_reason or "",
        )
        found[member.inspection_id] = (*found.get(member.inspection_id, ()), row)
    return found
