"""From a revealed draw to phones: scheme, approval, dispatch, reassignment."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from inspect_server.domain import law
from inspect_server.domain.assignment import (
    OfficerToSend,
    ReassignReason,
    Scheme,
    TeamNotAllowed,
    check_composition,
    check_officer,
)
from inspect_server.domain.enums import InspectionState, Role, TeamRole
from inspect_server.domain.errors import BadInput, InspectError, NotFound
from inspect_server.domain.identity import check_approver, require
from inspect_server.domain.inspection import Event, move
from inspect_server.store import checklists, identity, inspections
from inspect_server.store.drawing import draws
from inspect_server.store.drawing.replacements import standing_tasks
from inspect_server.store.models.inspection import Inspection
from inspect_server.store.models.planning import DrawState
from inspect_server.usecases.bureau import require_bureau
from inspect_server.usecases.cases import open_case
from inspect_server.usecases.checklists.requested import requested_before
from inspect_server.usecases.disclosing.owners import check_decides
from inspect_server.usecases.drawing.stored_result import check_as_certified
from inspect_server.usecases.inspecting.schemes import (
    PREPARED,
    Team,
    authors,
    case_of,
    check_ready,
    draft,
    fill,
    is_exempt,
    note_scheme,
    team_of,
    today,
)
from inspect_server.usecases.phones.publish_task import publish_task, withdraw_task
from inspect_server.usecases.record import commit_to, note
from inspect_server.usecases.work import Work

DECIDES = (Role.SUPERVISOR, Role.APPROVER)
"""Who moves an inspection on, each within the own reach."""


class DrawNotRevealed(InspectError):
    """A scheme needs the draw's result."""

    code, kind = "dispatch.draw_not_revealed", "conflict"
    message = "抽取 {draw_no} 尚未揭示结果，请先完成揭示再编制检查方案。"


class SchemesMadeAlready(InspectError):
    """A draw's schemes are made once."""

    code, kind = "dispatch.schemes_made_already", "conflict"
    message = "抽取 {draw_no} 的检查方案已编制（{count} 份），请直接审批或派发。"


@dataclass(frozen=True)
class Step:
    """Where one inspection stands after a step."""

    inspection_id: UUID
    number: str
    state: InspectionState


@dataclass(frozen=True)
class SchemesMade:
    """The schemes of one draw, by number."""

    draw_no: str
    schemes: tuple[Step, ...]


def make_schemes(work: Work, draw_id: UUID, asked_for: Collection[str] = ()) -> SchemesMade:
    """
    Draft the 检查方案 of every enterprise that a revealed draw selected, once.

    Args:
        work: Where and by whom.
        draw_id: Of the draw.
        asked_for: Names of checklists for all of them, beside those handed out by themselves.

    Raises:
        Forbidden: The actor is neither supervisor nor approver.
        DrawOfAnotherUnit: A supervisor of another unit asks.
        NotFound: No such draw.
        DrawNotRevealed: The draw has no result yet, or it is void.
        SchemesMadeAlready: They were made before.
        StoredDrawDamaged: The rows of the draw contradict its certificate.
        NotOnRequest: A checklist that was asked for is none that may be.
        BureauNotConfigured: The bureau has not said who it is.
    """
    require(work.actor.roles, *DECIDES, action="编制检查方案")
    require_bureau(work)
    draw = draws.lock(work.session, draw_id)
    check_decides(work.actor, draw, "编制检查方案", DECIDES)
    if draw.state is not DrawState.REVEALED:
        raise DrawNotRevealed(draw_no=draw.draw_no)
    if made := inspections.of_draw(work.session, draw_id):
        raise SchemesMadeAlready(draw_no=draw.draw_no, count=len(made))
    check_as_certified(work.session, draw)
    chosen = standing_tasks(work.session, draw_id)
    numbers = inspections.take_numbers(work.session, draw.visit_from.year, len(chosen))
    visits = [
        draft(work, draw, number, one, asked_for)
        for number, one in zip(numbers, chosen, strict=True)
    ]
    return SchemesMade(draw.draw_no, tuple(_step(visit) for visit in visits))


def approve_scheme(work: Work, inspection_id: UUID) -> Step:
    """
    Approve a scheme as somebody other than its author.

    Raises:
        NotFound, Forbidden: The case is none of the actor's, or not theirs to decide.
        AuthorMayNotApprove: The actor wrote it, or changed it before others did.
        StepNotAllowed: It is approved already.
        NoChecklist, TeamNotAllowed, CapReached, VisitDaysOver: It could not be dispatched.
    """
    visit = open_case(work, inspection_id, *DECIDES, action="审批检查方案")
    state = move(visit.state, Event.APPROVE_SCHEME)
    for author in authors(work, visit):
        check_approver("检查方案", author, work.actor.label)
    check_ready(work, visit)
    visit.state, visit.approved_at, visit.approved_by = state, work.now, work.actor.label
    note(work, "scheme.approved", case_of(visit), {"inspection": str(visit.id)})
    return _step(visit)


def dispatch(work: Work, inspection_id: UUID) -> Step:
    """
    Send an approved task to the phones of its team and count it toward the enterprise's cap.

    Raises:
        NotFound, Forbidden: The case is none of the actor's, or not theirs to decide.
        StepNotAllowed: The scheme is not approved, or the task was sent already.
        NoChecklist, TeamNotAllowed, CapReached, VisitDaysOver: Things changed since the approval.
    """
    visit = open_case(work, inspection_id, *DECIDES, action="派发检查任务")
    state = move(visit.state, Event.DISPATCH)
    team = check_ready(work, visit)
    _check_accounts(work, team)
    for officer, role in team:
        inspections.add_member(work.session, visit.id, UUID(officer.officer_id), role, work.now)
    inspections.add_check(work.session, visit, counts=not is_exempt(visit))
    visit.state, visit.dispatched_at = state, work.now
    pinned = {row.name: row.content_sha256 for row in inspections.forms(work.session, visit.id)}
    note(
        work,
        "inspection.dispatched",
        case_of(visit),
        {
            "inspection": str(visit.id),
            "form_set": visit.form_set,
            "forms": pinned,
            "officers": len(team),
            "team": {officer.officer_id: role.value for officer, role in team},
            "enterprise": str(visit.enterprise_id),
            "visit_from": visit.visit_from.isoformat(),
            "source": visit.source,
            "counts": not is_exempt(visit),
        },
    )
    publish_task(work, visit.id)
    return _step(visit)


def reassign(
    work: Work, inspection_id: UUID, officer_out: UUID, officer_in: UUID, reason: str
) -> Step:
    """
    Replace one officer of a team, who keeps the role.

    Before dispatch the scheme itself changes and needs a new approval. Afterwards the task leaves
    one phone and reaches another; what the leaving officer still delivers is kept.

    Raises:
        NotFound, Forbidden: The case is none of the actor's, or not theirs to decide.
        BadInput: The reason is not of the closed list.
        NotFound: The leaving officer is not on the team, or the other is not in the registry.
        StepNotAllowed: The record is closed already.
        TeamNotAllowed: The new officer must not be sent.
    """
    visit = open_case(work, inspection_id, *DECIDES, action="改派检查人员")
    if reason not in set(ReassignReason):
        raise BadInput(field="改派原因", reason="只能是 " + "、".join(ReassignReason))
    event = Event.AMEND_SCHEME if visit.state in PREPARED else Event.REASSIGN
    state = move(visit.state, event)
    team = team_of(work, visit)
    role = next((role for one, role in team if one.officer_id == str(officer_out)), None)
    if role is None:
        raise NotFound(what="该检查组中的该名执法人员")
    joining = _joining(work, visit, officer_in)
    _check_joining(
        work,
        visit,
        [pair for pair in team if pair[0].officer_id != str(officer_out)],
        joining,
        role,
    )
    if visit.state in PREPARED:
        scheme = Scheme.from_json(visit.scheme)
        visit.scheme = scheme.with_officer(str(officer_out), joining.as_scheme(role)).to_json()
        visit.approved_at = visit.approved_by = None
        visit.scheme_made_by = work.actor.label
    else:
        _swap(work, visit, officer_out, officer_in, joining, role, reason)
    body = {
        "inspection": str(visit.id),
        "role": role.value,
        "reason": commit_to(work, reason),  # an illness is nobody else's business
        "out": str(officer_out),
        "in": str(officer_in),
    }
    if visit.state in PREPARED:
        body["scheme"] = commit_to(work, visit.scheme)
    visit.state = state
    note(work, "inspection.reassigned", case_of(visit), body)
    return _step(visit)


def refresh_scheme(
    work: Work, inspection_id: UUID, asked_for: Collection[str] | None = None
) -> Step:
    """
    Draft a scheme anew from the registry as it is now, keeping its team; it needs a new approval.

    Args:
        work: Where and by whom.
        inspection_id: Of the inspection.
        asked_for: Names of checklists beside those that are handed out by themselves; None for
            those that were asked for before.

    Raises:
        NotFound, Forbidden: The case is none of the actor's, or not theirs to decide.
        StepNotAllowed: The task was sent already.
        NotOnRequest: A checklist that was asked for is none that may be.
    """
    visit = open_case(work, inspection_id, *DECIDES, action="修改检查方案")
    visit.state = move(visit.state, Event.AMEND_SCHEME)
    team = team_of(work, visit)
    old = Scheme.from_json(visit.scheme)
    enterprise = inspections.enterprise(work.session, visit.enterprise_id)
    for row in inspections.forms(work.session, visit.id):
        work.session.delete(row)
    work.session.flush()
    if asked_for is None:
        asked_for = requested_before(checklists.published(work.session), visit.form_set)
    fill(work, visit, enterprise, team, old.draw_no, asked_for)
    visit.approved_at = visit.approved_by = None
    visit.scheme_made_by = work.actor.label
    note_scheme(work, visit, "scheme.amended")
    return _step(visit)


def _joining(work: Work, visit: Inspection, officer_in: UUID) -> OfficerToSend:
    enterprise = inspections.enterprise(work.session, visit.enterprise_id)
    known = inspections.officers(work.session, [officer_in], enterprise.uscc)
    if officer_in not in known:
        raise NotFound(what="该执法人员")
    return known[officer_in]


def _check_joining(
    work: Work, visit: Inspection, staying: Team, joining: OfficerToSend, role: TeamRole
) -> None:
    """Judge only who joins: who stays may have to be replaced next, for the same reason."""
    first = max(visit.visit_from, today(work))
    min_officers = law.integer("team.min_officers", visit.visit_from)
    check_composition([*staying, (joining, role)], min_officers)
    check_officer(joining, role, first, max(visit.visit_to, first))


def _swap(
    work: Work,
    visit: Inspection,
    officer_out: UUID,
    officer_in: UUID,
    joining: OfficerToSend,
    role: TeamRole,
    reason: str,
) -> None:
    _check_accounts(work, [(joining, role)])
    rows = inspections.members(work.session, visit.id)
    leaving = next(row for row in rows if row.officer_id == officer_out)
    leaving.left_at, leaving.left_reason = work.now, reason
    inspections.add_member(work.session, visit.id, officer_in, role, work.now)
    work.session.flush()
    if account := identity.user_of_officer(work.session, officer_out):
        withdraw_task(work, visit.id, [account.id])
    publish_task(work, visit.id)


def _check_accounts(work: Work, team: Team) -> None:
    """Refuse officers who could never receive the task, all of them at once."""
    absent = [pair for pair in team if not _has_account(work, pair[0])]
    if not absent:
        return
    names = {TeamRole.LEAD: "主办人员", TeamRole.MEMBER: "协办人员"}
    who = "、".join(f"{names[role]}（执法证号 {one.cert_no}）" for one, role in absent)
    commands = "；".join(
        f"inspect-server user add 账号 --name 姓名 --role inspector --officer {one.cert_no}"
        for one, _ in absent
    )
    raise TeamNotAllowed(reason=f"{who}没有可用的登录账号，收不到任务；可先开通账号（{commands}）")


def _has_account(work: Work, officer: OfficerToSend) -> bool:
    account = identity.user_of_officer(work.session, UUID(officer.officer_id))
    return account is not None and account.disabled_at is None


def _step(visit: Inspection) -> Step:
    return Step(visit.id, visit.number, visit.state)
