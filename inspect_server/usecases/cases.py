"""The first question of every step in a case: does it concern whoever wants to take it?"""

from uuid import UUID

from inspect_server.domain.errors import Forbidden, NotFound
from inspect_server.domain.identity import Acting, reach
from inspect_server.store import inspections
from inspect_server.store.models.inspection import Inspection
from inspect_server.usecases.work import Work

CASE = "该检查任务"


def open_case(
    work: Work, inspection_id: UUID, *acting: Acting, action: str, what: str = CASE
) -> Inspection:
    """
    Lock one inspection for a step, as somebody who may take it there.

    Args:
        acting: The roles that may take the step, each within its reach; TeamRole.LEAD stands for
            the inspector who leads this inspection.
        action: What is attempted, in Chinese, as it follows “无权”.
        what: What was not found where it concerns the actor in no way.

    Raises:
        Forbidden: The actor may see the inspection, but not take this step in it.
        NotFound: No such inspection, or not theirs to know of: one answer for both.
    """
    concerned = reach(work.actor, acting)
    if concerned.is_empty:
        raise Forbidden(action=action)
    visit = inspections.lock(work.session, inspection_id)
    if inspections.is_reached(work.session, concerned, visit.id):
        return visit
    if inspections.is_reached(work.session, reach(work.actor), visit.id):
        raise Forbidden(action=action)
    raise NotFound(what=what)
