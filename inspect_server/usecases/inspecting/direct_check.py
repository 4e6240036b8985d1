"""A check that no draw chose: drafted for a recorded reason, then approved by somebody else."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from inspect_server.domain.assignment import (
    DIRECTED_NAMES,
    RECHECK,
    SOURCE_NAMES,
    DirectedAlready,
    DirectedReason,
    NothingToRecheck,
)
from inspect_server.domain.enums import InspectionState, Role, TeamRole
from inspect_server.domain.errors import BadInput, NotFound
from inspect_server.domain.identity import require
from inspect_server.domain.identity.numbers import names_a_number
from inspect_server.store import checklists, inspections, registry
from inspect_server.store.models.inspection import Inspection
from inspect_server.store.planning import CLOSED
from inspect_server.usecases.bureau import require_bureau
from inspect_server.usecases.checklists.requested import requested_before
from inspect_server.usecases.inspecting.dispatch import Step
from inspect_server.usecases.inspecting.schemes import Team, case_of, fill, note_scheme, today
from inspect_server.usecases.record import commit_to, note
from inspect_server.usecases.work import Work

MOST = 300
"""Letters of the reason in words, and of the reference."""
A_NUMBER = (
    "其中有类似电话或者证件号码的数字（连续 7 位及以上，中间的分隔符不计）；"
    "事由写入检查方案和文书，不写举报人的任何信息，日期写作“3月9日”，编号填入来件编号"
)


@dataclass(frozen=True)
class Directed:
    """What is asked for. `lead` and `members` are officers; both days are included."""

    reason: DirectedReason
    text: str  # what was reported or ordered, in words; no personal data of who reported
    reference: str  # number of the report or letter; of a recheck the inspection it follows
    uscc: str
    lead: UUID
    members: tuple[UUID, ...]
    visit_from: date
    visit_to: date
    asked_for: tuple[str, ...] = ()  # names of checklists that are not handed out by themselves


def direct_check(work: Work, wanted: Directed) -> Step:
    """
    Draft the scheme of a check outside of the draw; approval and dispatch are those of any check.

    Whether it counts toward the annual cap, its category and whether it is announced follow from
    its source by dated values; the officers' load counts it from now on. The same request again,
    while its scheme waits for approval, gives that scheme: an answer may have been lost.

    Raises:
        Forbidden: The actor is no supervisor.
        NotFound: No such enterprise, or an officer is not in the registry.
        BadInput: A text is missing or too long, the words have somebody's number, or the days are
            the wrong way round or over.
        DirectedAlready: A draft for the same letter, days and team waits with other words.
        NotOnRequest: A checklist that was asked for is none that may be.
        NothingToRecheck: The reference of a recheck is no closed check of this enterprise.
        BureauNotConfigured: The bureau has not said who it is.

    Law: cap.exempt_sources, scheme.category_by_source, scheme.announced_sources
    """
    require(work.actor.roles, Role.SUPERVISOR, action="编制双随机之外的检查方案")
    require_bureau(work)
    _check_texts(wanted)
    _check_days(work, wanted)
    enterprise = registry.enterprise(work.session, wanted.uscc)
    if enterprise is None:
        raise NotFound(what="该企业")
    if wanted.reason.source == RECHECK:
        _check_earlier(work, enterprise.id, wanted.reference)
    team = _team(work, wanted)
    inspections.enterprise(work.session, enterprise.id, lock=True)  # one click after another
    if (made := _drafted_already(work, enterprise.id, wanted)) is not None:
        return Step(made.id, made.number, made.state)
    visit = Inspection(
        id=uuid4(),
        number=inspections.take_numbers(work.session, wanted.visit_from.year, 1)[0],
        enterprise_id=enterprise.id,
        plan_id=None,
        draw_id=None,
        source=wanted.reason.source,
        unit=team[0][0].unit,
        authority=work.settings.authority,
        state=InspectionState.SCHEME_DRAFT,
        visit_from=wanted.visit_from,
        visit_to=wanted.visit_to,
        scheme={"remark": _remark(wanted), "follows": _follows(wanted)},
        form_set="",
        scheme_made_by=work.actor.label,
    )
    work.session.add(visit)
    work.session.flush()
    fill(work, visit, enterprise, team, "", wanted.asked_for)
    note_scheme(work, visit, "scheme.made")
    note(
        work,
        "inspection.directed",
        case_of(visit),
        {
            "inspection": str(visit.id),
            "reason": wanted.reason.value,
            "why": commit_to(work, {"text": wanted.text, "reference": wanted.reference}),
        },
    )
    return Step(visit.id, visit.number, visit.state)


def _check_texts(wanted: Directed) -> None:
    for field, text in (("事由说明", wanted.text), ("来件编号", wanted.reference)):
        if not text.strip() or len(text) > MOST:
            raise BadInput(field=field, reason=f"不能为空，不超过 {MOST} 字")
    if names_a_number(wanted.text):
        raise BadInput(field="事由说明", reason=A_NUMBER)


def _check_days(work: Work, wanted: Directed) -> None:
    if wanted.visit_to < wanted.visit_from:
        raise BadInput(field="检查时段", reason="结束日期早于开始日期")
    if wanted.visit_to < today(work):
        raise BadInput(field="检查时段", reason=f"结束日期 {wanted.visit_to} 已过")


def _check_earlier(work: Work, enterprise_id: UUID, number: str) -> None:
    earlier = inspections.by_number(work.session, number)
    is_closed = earlier is not None and earlier.state in CLOSED and earlier.closed_at is not None
    if earlier is None or not is_closed or earlier.enterprise_id != enterprise_id:
        raise NothingToRecheck(number=number)


def _team(work: Work, wanted: Directed) -> Team:
    roles = {wanted.lead: TeamRole.LEAD, **dict.fromkeys(wanted.members, TeamRole.MEMBER)}
    known = inspections.officers(work.session, list(roles), wanted.uscc)
    if set(known) != set(roles):
        raise NotFound(what="所列的执法人员")
    if roles[wanted.lead] is not TeamRole.LEAD:
        raise BadInput(field="检查人员", reason="同一人不能既主办又协办")
    return [(known[officer], role) for officer, role in roles.items()]


def _drafted_already(work: Work, enterprise_id: UUID, wanted: Directed) -> Inspection | None:
    """
    Return the draft that this very request made before.

    Raises:
        DirectedAlready: One waits that differs from it in words or checklists, whoever drafted it.
    """
    team = [str(officer) for officer in dict.fromkeys((wanted.lead, *wanted.members))]
    alike = [
        one
        for one in inspections.drafts_outside_draws(work.session, enterprise_id)
        if one.scheme["remark"].startswith(_heading(wanted))
        and (one.visit_from, one.visit_to) == (wanted.visit_from, wanted.visit_to)
        and sorted(_officers(one)) == sorted(team)
    ]
    for one in alike:
        lists = requested_before(checklists.published(work.session), one.form_set)
        said = (one.scheme["remark"], _officers(one), set(lists), one.scheme_made_by)
        if said == (_remark(wanted), team, set(wanted.asked_for), work.actor.label):
            return one
    if alike:
        raise DirectedAlready(number=alike[0].number)
    return None


def _officers(visit: Inspection) -> list[str]:
    return [officer["officer_id"] for officer in visit.scheme["officers"]]


def _follows(wanted: Directed) -> str:
    return wanted.reference if wanted.reason.source == RECHECK else ""


def _heading(wanted: Directed) -> str:
    source = SOURCE_NAMES[wanted.reason.source]
    return f"{source}（{DIRECTED_NAMES[wanted.reason]}，{wanted.reference}）："


def _remark(wanted: Directed) -> str:
    return _heading(wanted) + wanted.text
