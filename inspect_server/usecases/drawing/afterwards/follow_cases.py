"""The cases after a replacement: an inspection ends, another is drafted, a team is reassigned."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from inspect_server.domain.assignment import ReassignReason
from inspect_server.domain.draw.replacement.requests import ENTERPRISE
from inspect_server.domain.enums import InspectionState, Role
from inspect_server.domain.errors import InspectError
from inspect_server.domain.identity import require
from inspect_server.domain.inspection import EndReason
from inspect_server.store import checklists, inspections
from inspect_server.store.drawing import draws
from inspect_server.store.drawing import replacements as store
from inspect_server.store.models.inspection import Inspection
from inspect_server.store.models.planning import Draw, DrawState
from inspect_server.store.models.replacing import DrawReplacement
from inspect_server.usecases.bureau import require_bureau
from inspect_server.usecases.checklists.requested import requested_everywhere
from inspect_server.usecases.disclosing.identities import open_drawn
from inspect_server.usecases.disclosing.owners import check_decides
from inspect_server.usecases.drawing.stored_result import check_as_certified
from inspect_server.usecases.inspecting.dispatch import DECIDES, Step, reassign
from inspect_server.usecases.inspecting.end_inspection import end_inspection
from inspect_server.usecases.inspecting.schemes import draft, named_team
from inspect_server.usecases.work import Actor, Backend, Work

DRAFT, END, REASSIGN = "draft", "end", "reassign"
OVER = frozenset(
    {InspectionState.RECORD_CLOSED, InspectionState.DOCUMENTS_ISSUED, InspectionState.ENDED}
)


@dataclass(frozen=True)
class CaseStep:
    """One thing that a case has still to do after a replacement, or did just now."""

    k: int
    what: str  # draft | end | reassign
    number: str  # of the inspection; "" for one that is not drafted yet
    inspection_id: UUID | None
    task: str
    officer_out: UUID | None = None
    officer_in: UUID | None = None
    reason: str = ""


@dataclass(frozen=True)
class Followed:
    """What was done, and what could not be done and why."""

    done: tuple[CaseStep, ...]
    refused: tuple[tuple[CaseStep, str], ...]


def follow(backend: Backend, actor: Actor, draw_id: UUID) -> Followed:
    """
    Bring the inspections of a draw in line with its replacements; again changes nothing.

    Each step is a transaction of its own: what one case cannot do yet holds up no other. A draw
    whose schemes are not made yet needs nothing, for they are made from what stands.

    What is left names whom the draw chose, so that the audit notes it until the batch is public.

    Raises:
        Forbidden: The actor is neither supervisor nor approver.
        NotFound: No such draw.
        DrawOfAnotherUnit: The draw is another unit's.
        IdentitiesSealed: The actor may not see whom it chose.
    """
    require(actor.roles, *DECIDES, action="落实替补")
    done, refused = [], []
    with backend.begin(actor) as work:
        check_decides(actor, draws.lock(work.session, draw_id), "落实替补", DECIDES)
        open_drawn(work, draw_id, "replacements")
        left = open_steps(work.session, draw_id)
    for step in left:
        try:
            with backend.begin(actor) as work:
                number = _take(work, draw_id, step)
        except InspectError as error:
            refused.append((step, str(error)))
            continue
        done.append(CaseStep(step.k, step.what, number, step.inspection_id, step.task))
    return Followed(tuple(done), tuple(refused))


def open_steps(session: Session, draw_id: UUID) -> list[CaseStep]:
    """Return what the cases of a draw have still to do, in the order of the replacements."""
    visits = {visit.enterprise_id: visit for visit in inspections.of_draw(session, draw_id)}
    if not visits or session.get_one(Draw, draw_id).state is not DrawState.REVEALED:
        return []  # no schemes yet, or a void draw, whose inspections ended with it
    rows = [row for row in store.of_draw(session, draw_id) if row.completed_at is not None]
    teams = store.standing_teams(session, draw_id)
    officers = store.officers_of(session, draw_id)
    found: list[CaseStep] = []
    for row in rows:
        if row.kind == ENTERPRISE:
            found += _of_enterprise(session, row, visits)
        else:
            found += _of_officer(session, row, visits, teams, officers)
    return found


Visits = dict[UUID, Inspection]
Teams = dict[str, list[tuple[str, UUID]]]


def _of_enterprise(session: Session, row: DrawReplacement, visits: Visits) -> list[CaseStep]:
    steps = []
    old = visits.get(_enterprise(session, row, row.went_out))
    if old is not None and old.state is not InspectionState.ENDED:
        steps.append(CaseStep(row.k, END, old.number, old.id, row.went_out, reason=row.reason))
    came_in = row.came_in or ""
    still_stands = store.is_standing(session, row.draw_id, came_in)
    if still_stands and _enterprise(session, row, came_in) not in visits:
        steps.append(CaseStep(row.k, DRAFT, "", None, came_in))
    return steps


def _of_officer(
    session: Session,
    row: DrawReplacement,
    visits: Visits,
    teams: Teams,
    officers: dict[str, UUID],
) -> list[CaseStep]:
    """Whoever replaced the officer may have been replaced since: the one who stands goes in."""
    visit = visits.get(_enterprise(session, row, row.task))
    out = officers[row.went_out]
    now = dict(teams.get(row.task, ())).get(row.role)
    if visit is None or now is None or visit.state in OVER:
        return []
    team = named_team(session, visit)
    if out not in team or now in team:
        return []
    step = CaseStep(row.k, REASSIGN, visit.number, visit.id, row.task, out, now, row.reason)
    return [step]


def _enterprise(session: Session, row: DrawReplacement, commitment: str) -> UUID:
    found = store.enterprise_of(session, row.draw_id, commitment)
    assert found is not None
    return found


def _take(work: Work, draw_id: UUID, step: CaseStep) -> str:
    """Take one step under the draw's lock, so that nobody takes it twice; return the number."""
    draws.lock(work.session, draw_id)
    if step not in open_steps(work.session, draw_id):
        return step.number
    takes: dict[str, Callable[[], Step]] = {
        DRAFT: lambda: _draft(work, draw_id, step),
        END: lambda: end_inspection(work, _id(step), EndReason(step.reason)),
        REASSIGN: lambda: _reassign(work, draw_id, step),
    }
    return takes[step.what]().number


def _reassign(work: Work, draw_id: UUID, step: CaseStep) -> Step:
    assert step.officer_out is not None
    assert step.officer_in is not None
    check_as_certified(work.session, draws.lock(work.session, draw_id))
    reason = ReassignReason(step.reason.partition(".")[2])
    return reassign(work, _id(step), step.officer_out, step.officer_in, reason)


def _draft(work: Work, draw_id: UUID, step: CaseStep) -> Step:
    require(work.actor.roles, Role.SUPERVISOR, Role.APPROVER, action="编制检查方案")
    require_bureau(work)
    draw = draws.lock(work.session, draw_id)
    assert draw.state is DrawState.REVEALED
    check_as_certified(work.session, draw)
    chosen = next(
        one for one in store.standing_tasks(work.session, draw_id) if one.commitment == step.task
    )
    number = inspections.take_numbers(work.session, draw.visit_from.year, 1)[0]
    visit = draft(work, draw, number, chosen, _asked_of_all(work, draw))
    return Step(visit.id, visit.number, visit.state)


def _asked_of_all(work: Work, draw: Draw) -> tuple[str, ...]:
    """Return the checklists that all others of the draw are checked by on request."""
    others = inspections.of_draw(work.session, draw.id)
    return requested_everywhere(
        checklists.library(work.session),
        checklists.published(work.session),
        [visit.form_set for visit in others],
        draw.visit_from,
    )


def _id(step: CaseStep) -> UUID:
    assert step.inspection_id is not None
    return step.inspection_id
