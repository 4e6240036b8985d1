"""Sealing a merged record: nothing open, nothing missing, nothing that could not be defended."""

import hashlib
from dataclasses import dataclass
from uuid import UUID

from inspect_server.domain.closing import together
from inspect_server.domain.enums import FindingLevel, InspectionState, Role, TeamRole
from inspect_server.domain.findings.following import to_supervise, unlocated
from inspect_server.domain.inspection import ClosedRecord, Event, move
from inspect_server.domain.record import canonical
from inspect_server.store import inspections, visit_records
from inspect_server.store.models.inspection import Inspection
from inspect_server.store.visit_records import VisitRecord
from inspect_server.usecases.cases import open_case
from inspect_server.usecases.inspecting.assessing import Assessed, assess
from inspect_server.usecases.phones.publish_task import close_task
from inspect_server.usecases.record import commit_to, note
from inspect_server.usecases.work import Work

MAY_CLOSE = (TeamRole.LEAD, Role.SUPERVISOR, Role.APPROVER)


@dataclass(frozen=True)
class RecordClosed:
    """A sealed record, by its hash and figures."""

    inspection_id: UUID
    number: str
    state: InspectionState
    record_sha256: str
    entry_count: int
    general_findings: int
    major_findings: int
    referred_findings: int  # neither general nor major: others judge them
    supervised_findings: int  # of the major ones those that await 挂牌督办
    stale: tuple[str, ...]  # who signed before the last change, acknowledged with a reason
    failures_unasked: tuple[str, ...]  # codes of failures left out, acknowledged with a reason
    unlocated_findings: tuple[int, ...]  # major ones, by number, without a photo with coordinates


def close_record(
    work: Work, inspection_id: UUID, stale_reason: str = "", unasked_reason: str = ""
) -> RecordClosed:
    """
    Seal the merged record of one inspection; what phones send later is kept and shown, not applied.

    Whatever keeps it open is said at once: the error raised is the first, and its sentence goes on
    with the others.

    Args:
        stale_reason: Why it is closed though somebody signed before the last change; it stands in
            the record and, committed to, in the leaf. Ignored where all signatures are fresh.
        unasked_reason: Why it is closed though an answer that was a failure is not asked any more;
            it stands in the record and the paper. Ignored where there is none.

    Raises:
        NotFound: No such inspection, or none of the actor's.
        Forbidden: Neither the lead of the task nor its supervisor or an approver.
        StepNotAllowed: Nobody has begun the visit, or the record is closed.
        EntriesHeld: Entries wait for an earlier one of their phone.
        RecordHasConflicts: The lead must settle them first.
        VisitNotStartedByTwo: Fewer than two officers arrived, each on the own phone.
        TeamNotAllowed: A certificate did not cover the day of the visit.
        ChecklistChanged: The pinned checklist is not the installed one.
        AnswersMissing, AnswersInvalid: The checklists are not complete.
        RechecksMissing: Nobody says how a problem of the check that is rechecked stands.
        FailuresUnasked: A failure is not asked any more, and no reason was given.
        FindingNotAllowed: A finding lacks its deadline or basis, or was lowered silently.
        SignatureMissing: Lead, member, or the enterprise (or its noted refusal).
        SignaturesStale: Something changed after a signature, and no reason was given.
        PhotosNotArrived: A cited file is not stored.
        TooManyPhotos: No documents would be made of so many.
        RecordNotPrintable: A document could not be set from it, such as for want of a glyph.
    """
    visit = open_case(work, inspection_id, *MAY_CLOSE, action="办结该检查记录")
    merged = visit_records.load(work.session, visit.id)
    state = _closed_state(visit, merged)
    found = assess(work, visit, merged, stale_reason, unasked_reason)
    if found.blockers:
        raise together(found.blockers)
    return _seal(work, visit, state, found)


def _closed_state(visit: Inspection, record: VisitRecord) -> InspectionState:
    """Return the state after closing; a visit whose start was only just delivered starts first."""
    state = visit.state
    if state is InspectionState.DISPATCHED and record.merged.of_kind("visit/start/"):
        state = move(state, Event.START_VISIT)
    return move(state, Event.CLOSE_RECORD)


def _seal(
    work: Work,
    visit: Inspection,
    state: InspectionState,
    found: Assessed,
) -> RecordClosed:
    closed, visited_on, stale = found.record, found.visited_on, found.stale
    content = closed.to_json()
    sha256 = hashlib.sha256(canonical(content).encode("utf-8")).hexdigest()
    levels = [finding.level for finding in closed.findings if not finding.is_referred]
    general, major = levels.count(FindingLevel.GENERAL), levels.count(FindingLevel.MAJOR)
    referred = len(closed.findings) - len(levels)
    visit.record, visit.state = content, state
    visit.closed_at, visit.closed_by = work.now, work.actor.label
    inspections.date_check(work.session, visit.id, visited_on)
    note(
        work,
        "record.closed",
        f"inspection/{visit.number}",
        {
            "inspection": str(visit.id),
            "record_sha256": sha256,
            "visited_on": visited_on.isoformat(),
            "entry_count": len(closed.entry_hashes),
            "findings": {
                "general": general,
                "major": major,
                **({"referred": referred} if referred else {}),
            },
            **_acknowledged(work, closed, stale),
        },
    )
    close_task(work, visit.id)
    return RecordClosed(
        inspection_id=visit.id,
        number=visit.number,
        state=state,
        record_sha256=sha256,
        entry_count=len(closed.entry_hashes),
        general_findings=general,
        major_findings=major,
        referred_findings=referred,
        supervised_findings=len(to_supervise(closed)),
        stale=stale,
        failures_unasked=tuple(one.code for one in closed.failures_unasked),
        unlocated_findings=unlocated(closed),
    )


def _acknowledged(work: Work, closed: ClosedRecord, stale: tuple[str, ...]) -> dict[str, object]:
    """Return what the leaf says of what was closed with a reason; nobody is named."""
    said: dict[str, object] = {}
    if stale:
        said["stale_signatures"] = len(stale)
        said["stale_reason"] = commit_to(work, closed.stale_reason)
    if closed.failures_unasked:
        said["failures_unasked"] = len(closed.failures_unasked)
        said["unasked_reason"] = commit_to(work, closed.unasked_reason)
    return said
