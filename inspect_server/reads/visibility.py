"""Who may see which inspection: one rule, as a condition, for lists, pages and files alike."""

from typing import Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, exists, false, or_, select, true
from sqlalchemy.orm import Session

from inspect_server.domain.enums import Role
from inspect_server.domain.errors import NotFound
from inspect_server.domain.identity import WHOLE_BUREAU
from inspect_server.store.models.inspection import Inspection, InspectionMember


class Viewer(Protocol):
    """Who looks: what a use case calls the actor."""

    @property
    def roles(self) -> frozenset[Role]:
        """The account's roles."""

    @property
    def unit(self) -> str:
        """The account's unit; the bureau's own name for somebody above the units."""

    @property
    def officer_id(self) -> UUID | None:
        """The officer behind the account."""


def visible(viewer: Viewer) -> ColumnElement[bool]:
    """
    Return which inspections somebody may see, as a condition on `Inspection`.

    A task shows to exactly its active team; a supervisor sees those of the own unit, or all of the
    bureau whose name the unit is; approver, legal reviewer, office and auditor see all; the three
    administrators see none (三员分立).
    """
    if viewer.roles & WHOLE_BUREAU:
        return true()
    allowed: list[ColumnElement[bool]] = []
    if Role.SUPERVISOR in viewer.roles and viewer.unit:
        allowed.append(or_(Inspection.unit == viewer.unit, Inspection.authority == viewer.unit))
    if Role.INSPECTOR in viewer.roles and viewer.officer_id is not None:
        allowed.append(
            exists().where(
                InspectionMember.inspection_id == Inspection.id,
                InspectionMember.officer_id == viewer.officer_id,
                InspectionMember.left_at.is_(None),
            )
        )
    return or_(*allowed) if allowed else false()


def may_see(session: Session, viewer: Viewer, inspection_id: UUID) -> bool:
    """Return whether somebody may see this inspection; False for one that does not exist."""
    query = select(Inspection.id).where(Inspection.id == inspection_id, visible(viewer))
    return session.scalar(query) is not None


def check_visible(session: Session, viewer: Viewer, inspection_id: UUID) -> None:
    """
    Refuse an inspection that does not concern somebody, in the words for one that does not exist.

    Raises:
        NotFound: No such inspection, or not theirs to see.
    """
    if not may_see(session, viewer, inspection_id):
        raise NotFound(what="该检查任务")
