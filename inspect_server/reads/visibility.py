"""Who may see which inspection: one rule, as a condition, for lists, pages and files alike."""

from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from inspect_server.domain.identity import Person as Viewer
from inspect_server.domain.identity import reach
from inspect_server.store.inspections import is_reached, reached

__all__ = ["Viewer", "may_see", "visible"]


def visible(viewer: Viewer) -> ColumnElement[bool]:
    """
    Return which inspections somebody may see, as a condition on `Inspection`.

    A task shows to exactly its active team; a supervisor sees those of the own unit, or all of the
    bureau whose name the unit is; approver and auditor see all, legal reviewer and office all whose
    visit has begun; the three administrators see none (三员分立).
    """
    return reached(reach(viewer))


def may_see(session: Session, viewer: Viewer, inspection_id: UUID) -> bool:
    """Return whether somebody may see this inspection; False for one that does not exist."""
    return is_reached(session, reach(viewer), inspection_id)
