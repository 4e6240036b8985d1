"""Ending an inspection that nobody began: replaced, of a void draw, or not to be made."""

from uuid import UUID

from inspect_server.domain.enums import InspectionState
from inspect_server.domain.inspection import EndReason, Event, move
from inspect_server.store import identity, inspections
from inspect_server.store.models.inspection import Inspection
from inspect_server.usecases.cases import open_case
from inspect_server.usecases.inspecting.dispatch import DECIDES, Step
from inspect_server.usecases.inspecting.schemes import case_of
from inspect_server.usecases.phones.publish_task import close_task, withdraw_task
from inspect_server.usecases.record import note
from inspect_server.usecases.work import Work


def end_inspection(work: Work, inspection_id: UUID, reason: EndReason) -> Step:
    """
    End an inspection before its visit; the phones of its team hide it at the next sync.

    It counts no longer toward the enterprise's cap. What its phones still deliver is kept.

    Raises:
        NotFound, Forbidden: The case is none of the actor's, or not theirs to decide.
        StepNotAllowed: The visit has begun, or it is over.
    """
    return end_visit(work, open_case(work, inspection_id, *DECIDES, action="终止检查任务"), reason)


def end_visit(work: Work, visit: Inspection, reason: EndReason) -> Step:
    """
    End a locked inspection for whoever may decide it by another step's rule.

    Raises:
        StepNotAllowed: The visit has begun, or it is over.
    """
    before, visit.state = visit.state, move(visit.state, Event.END)
    team = inspections.members(work.session, visit.id)
    accounts = [identity.user_of_officer(work.session, row.officer_id) for row in team]
    inspections.end(work.session, visit, reason.value, work.now, work.actor.label)
    note(
        work,
        "inspection.ended",
        case_of(visit),
        {"inspection": str(visit.id), "reason": reason.value, "from": before.value},
    )
    if before is InspectionState.DISPATCHED:
        close_task(work, visit.id)
        withdraw_task(work, visit.id, [account.id for account in accounts if account])
    return Step(visit.id, visit.number, visit.state)
