"""Results that no record shows, and corrections of published ones: earlier rows stay."""

from dataclasses import dataclass
from uuid import UUID

from inspect_server.domain.assignment import CapReached
from inspect_server.domain.disclosure import (
    NO_CORRECTION,
    RESULT_NAMES,
    STATED,
    Result,
    over_record,
)
from inspect_server.domain.enums import InspectionState, Role
from inspect_server.domain.errors import BadInput, InspectError, NotFound
from inspect_server.domain.identity import require
from inspect_server.domain.inspection import ClosedRecord, EndReason
from inspect_server.store import publications
from inspect_server.store.drawing import draws, replacements
from inspect_server.store.models.disclosure import StatedResult
from inspect_server.store.models.inspection import Inspection
from inspect_server.store.models.planning import Draw, DrawState
from inspect_server.store.publications import TaskRow
from inspect_server.usecases.cases import open_case
from inspect_server.usecases.disclosing.batches import checked_reason
from inspect_server.usecases.disclosing.notices import CASE
from inspect_server.usecases.disclosing.owners import check_decides
from inspect_server.usecases.inspecting.end_inspection import end_visit
from inspect_server.usecases.inspecting.schemes import PREPARED, check_below_cap
from inspect_server.usecases.record import commit_to, note
from inspect_server.usecases.work import Work


class ResultThere(InspectError):
    """The record of the check, or an earlier statement, says the result."""

    code, kind = "disclosure.result_there", "conflict"
    message = (
        "{uscc} 在抽取 {draw_no} 中已有结果，不再登记；公示后确需改动的，请用“disclosure correct”。"
    )


class NoResultOfVoid(InspectError):
    """Whom a void draw selected is not checked for it."""

    code, kind = "disclosure.no_result_of_void", "conflict"
    message = "抽取 {draw_no} 已作废，抽中的企业不再据此检查，无需登记结果，直接公示即可。"


class NoSchemeYet(InspectError):
    """Without an inspection nothing can be ended, and one made later would check after all."""

    code, kind = "disclosure.no_scheme_yet", "conflict"
    message = "{uscc} 尚未编制检查方案，请先编制方案；确实无法检查的，再登记结果。"


class ReplacementAsked(InspectError):
    """Who is to be checked in its place is being decided: that would wipe the statement."""

    code, kind = "disclosure.replacement_asked", "conflict"
    message = "{uscc} 已登记替补申请（第 {k} 次），由替补结果说明未检查的原因，不再登记结果。"


class NotAtCap(InspectError):
    """The check may still be sent, or was sent: nobody is left out who can be checked."""

    code, kind = "disclosure.not_at_cap", "conflict"
    message = "{uscc} 的检查没有因年度频次上限受阻，不能登记“{result}”，请照常派发、检查。"


class NothingCorrected(InspectError):
    """The same result is public."""

    code, kind = "disclosure.nothing_corrected", "conflict"
    message = "{uscc} 公示的结果已是“{result}”，无需更正，请核对。"


@dataclass(frozen=True)
class Stated:
    """A result that a person stated or corrected."""

    draw_no: str
    uscc: str
    name: str
    result: Result
    revision: int  # of the published row; 0 while it is not public


def state_result(work: Work, draw_id: UUID, uscc: str, result: Result, reason: str) -> Stated:
    """
    Say why a check could not be made (不配合检查, 无法联系, 已达年度频次上限); it is published with
    the batch.

    The inspection ends with it, so no record can contradict what is published. Of one whose record
    is closed and found nothing, 不配合检查 may be said until its result is public: who was let in
    nowhere has found nothing.

    Raises:
        Forbidden: The actor is no supervisor.
        DrawOfAnotherUnit: The draw is another unit's.
        NotFound: No such draw, it did not choose this enterprise, or the case is another unit's.
        BadInput: The result is one that only a record gives, or the reason is missing.
        NoResultOfVoid: Nobody is checked for a void draw.
        ResultThere: There is one, or another enterprise was to be checked in its place.
        ReplacementAsked: Its replacement waits for the witness's value.
        NoSchemeYet: No inspection was made of it yet.
        NotAtCap: It is said to be at its annual cap, and the check can be sent or was.
        StepNotAllowed: The visit has begun: its record is closed as it was found.
    """
    require(work.actor.roles, Role.SUPERVISOR, action="登记检查结果")
    if result not in STATED:
        names = "、".join(RESULT_NAMES[one] for one in STATED)
        raise BadInput(field="结果", reason=f"只能登记{names}，其余结果由办结的检查记录得出")
    reason = _given(reason)
    draw = draws.lock(work.session, draw_id)
    check_decides(work.actor, draw, "登记检查结果")
    tasks = publications.tasks(work.session, draw_id)
    task = next((one for one in tasks if one.identity["uscc"] == uscc), None)
    if task is None:
        raise NotFound(what=f"抽取 {draw.draw_no} 抽中的企业 {uscc}")
    _settle_case(work, draw, task, result)
    today = work.now.astimezone(work.settings.zone).date()
    work.session.add(
        StatedResult(
            draw_id=draw_id,
            enterprise_id=task.enterprise_id,
            result=result,
            reason=reason,
            stated_on=today,
            stated_at=work.now,
            stated_by=work.actor.label,
        )
    )
    work.session.flush()
    noted = {"draw": str(draw_id), "draw_no": draw.draw_no, "leaf": task.commitment}
    noted |= {"result": result.value, "reason": commit_to(work, reason)}
    note(work, "disclosure.stated", CASE, noted | {"stated_on": today.isoformat()})
    return Stated(draw.draw_no, uscc, task.identity["name"], result, 0)


def correct_result(work: Work, draw_id: UUID, uscc: str, result: Result, reason: str) -> Stated:
    """
    Publish a corrected result beside the earlier one, which stays, with the reason.

    Raises:
        Forbidden, DrawOfAnotherUnit: The actor is no supervisor, or none of the draw's unit.
        NotFound: No such draw, or no published result of this enterprise.
        BadInput: The reason is missing, or the result is no result of a check.
        NothingCorrected: That is what is public.
    """
    require(work.actor.roles, Role.SUPERVISOR, action="更正公示结果")
    if result in NO_CORRECTION:
        reason = f"“{RESULT_NAMES[result]}”由其办理程序得出，不能用更正代替"
        raise BadInput(field="结果", reason=reason)
    reason = _given(reason)
    draw = draws.lock(work.session, draw_id)
    check_decides(work.actor, draw, "更正公示结果")
    rows = publications.results(work.session, draw.draw_no)
    before = next((row for row in rows if row.uscc == uscc), None)
    if before is None:
        raise NotFound(what=f"抽取 {draw.draw_no} 中 {uscc} 已公示的结果")
    if before.result is result:
        raise NothingCorrected(uscc=uscc, result=RESULT_NAMES[result])
    kept = ("draw_no", "commitment", "cell", "uscc", "name", "number", "authority", "checked_on")
    publications.add_results(
        work.session,
        [
            {
                **{name: getattr(before, name) for name in (*kept, "items", "team")},
                "revision": before.revision + 1,
                "result": result,
                "reason": reason,
                "published_at": work.now,
                "published_by": work.actor.label,
            }
        ],
    )
    noted = {"draw": str(draw_id), "draw_no": draw.draw_no, "leaf": before.commitment}
    noted |= {"result": result.value, "was": before.result.value}
    noted |= {"results_sha256": publications.results_sha256(work.session, draw.draw_no)}
    note(work, "disclosure.corrected", CASE, noted | {"reason": commit_to(work, reason)})
    return Stated(draw.draw_no, uscc, before.name, result, before.revision + 1)


def _settle_case(work: Work, draw: Draw, task: TaskRow, result: Result) -> None:
    """End the inspection of which a result is stated, or see that its record leaves room for it."""
    uscc = task.identity["uscc"]
    if draw.state is DrawState.VOID:
        raise NoResultOfVoid(draw_no=draw.draw_no)
    is_standing = replacements.is_standing(work.session, draw.id, task.commitment)
    if task.stated is not None or not is_standing:
        raise ResultThere(uscc=uscc, draw_no=draw.draw_no)
    asked = replacements.pending(work.session, draw.id)
    if asked is not None and asked.went_out == task.commitment:
        raise ReplacementAsked(uscc=uscc, k=asked.k)
    if task.visit_id is None:
        raise NoSchemeYet(uscc=uscc)
    visit = open_case(work, task.visit_id, Role.SUPERVISOR, action="登记检查结果")
    if result is Result.CAPPED and not _is_held_back(work, visit):
        raise NotAtCap(uscc=uscc, result=RESULT_NAMES[result])
    if visit.record is not None:
        found = ClosedRecord.from_json(visit.record).findings
        public = {row.commitment for row in publications.results(work.session, draw.draw_no)}
        if not over_record(result, found) or task.commitment in public:
            raise ResultThere(uscc=uscc, draw_no=draw.draw_no)
    elif visit.state is not InspectionState.ENDED:
        end_visit(work, visit, EndReason(f"check.{result.value}"))


def _is_held_back(work: Work, visit: Inspection) -> bool:
    """Return whether a check that nobody sent yet is refused for the annual cap."""
    if visit.state not in PREPARED:
        return False
    try:
        check_below_cap(work, visit)
    except CapReached:
        return True
    return False


def _given(reason: str) -> str:
    if not (found := checked_reason(reason)):
        raise BadInput(field="原因", reason="不能为空，将一并公示，不得写入个人信息")
    return found
