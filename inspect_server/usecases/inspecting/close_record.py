"""Sealing a merged record: nothing open, nothing missing, nothing that could not be defended."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from forms.model import Form
from inspect_server.domain import law
from inspect_server.domain.closing import VisitNotStartedByTwo, together
from inspect_server.domain.enums import FindingLevel, InspectionState, Role, TeamRole
from inspect_server.domain.findings.following import to_supervise, unlocated
from inspect_server.domain.inspection import ClosedRecord, Event, TeamMember, move
from inspect_server.domain.record import canonical
from inspect_server.store import inspections, visit_records
from inspect_server.store.models.inspection import Inspection, InspectionMember
from inspect_server.store.models.registry import Enterprise, Officer
from inspect_server.store.visit_records import Members, VisitRecord
from inspect_server.usecases.cases import open_case
from inspect_server.usecases.inspecting import closing_checks as checks
from inspect_server.usecases.inspecting import visit_evidence as evidence
from inspect_server.usecases.phones.publish_task import close_task
from inspect_server.usecases.record import commit_to, note
from inspect_server.usecases.work import Work
from pdf_templates.wording import long_date

MAY_CLOSE = (TeamRole.LEAD, Role.SUPERVISOR, Role.APPROVER)
OUTSIDE = "检查日期不在检查方案期间内（{first}至{last}）"


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
        FailuresUnasked: A failure is not asked any more, and no reason was given.
        FindingNotAllowed: A finding lacks its deadline or basis, or was lowered silently.
        SignatureMissing: Lead, member, or the enterprise (or its noted refusal).
        SignaturesStale: Something changed after a signature, and no reason was given.
        PhotosNotArrived: A cited file is not stored.
        RecordNotPrintable: A document could not be set from it, such as for want of a glyph.
    """
    visit = open_case(work, inspection_id, *MAY_CLOSE, action="办结该检查记录")
    team = visit_records.team(work.session, visit.id)
    record = visit_records.load(work.session, visit.id)
    state = _closed_state(visit, record)
    forms = checks.pinned_forms(work, visit)
    started = _began(work, visit, record)
    visited_on = datetime.fromisoformat(started).date()
    blockers = [
        *checks.unsettled(work, visit, record, forms),
        *checks.arrivals(visit, record),
        *checks.certificates(team, visited_on),
    ]
    if record.merged.conflicts:  # what they say of the rest is not known before they are settled
        raise together(blockers)
    closed = _build(work, visit, record, forms, team, started)
    stale = visit_records.stale_signers(record.merged, team)
    closed = replace(
        closed,
        stale_reason=stale_reason.strip() if stale else "",
        unasked_reason=unasked_reason.strip() if closed.failures_unasked else "",
    )
    blockers += checks.contents(record, forms, closed, visited_on)
    blockers += checks.failures_unasked(closed)
    blockers += checks.signatures(closed, team)
    blockers += checks.photos(work, closed)
    blockers += checks.printing(work, closed, record)
    blockers += checks.stale(stale, closed)  # last: mending the others makes more of them
    if blockers:
        raise together(blockers)
    return _seal(work, visit, state, closed, visited_on, stale)


def _closed_state(visit: Inspection, record: VisitRecord) -> InspectionState:
    """Return the state after closing; a visit whose start was only just delivered starts first."""
    state = visit.state
    if state is InspectionState.DISPATCHED and record.merged.of_kind("visit/start/"):
        state = move(state, Event.START_VISIT)
    return move(state, Event.CLOSE_RECORD)


def _began(work: Work, visit: Inspection, record: VisitRecord) -> str:
    """Return when the visit began, in local time."""
    arrived = evidence.starts(record) or evidence.all_starts(record)
    if not arrived:
        needed = law.integer("team.min_officers", visit.visit_from)
        raise VisitNotStartedByTwo(needed=needed, count=0)
    return _local(work, min(datetime.fromisoformat(head.wall) for head in arrived))


def _notes(visit: Inspection, record: VisitRecord, visited_on: date) -> tuple[str, ...]:
    """Return the notes of the phones; a visit outside the days of its scheme is said there."""
    noted = evidence.notes(record)
    if visit.visit_from <= visited_on <= visit.visit_to:
        return noted
    first, last = (long_date(day.isoformat()) for day in (visit.visit_from, visit.visit_to))
    return (*noted, OUTSIDE.format(first=first, last=last))


def _build(
    work: Work,
    visit: Inspection,
    record: VisitRecord,
    forms: Sequence[Form],
    team: Members,
    started: str,
) -> ClosedRecord:
    enterprise = inspections.enterprise(work.session, visit.enterprise_id)
    officers = visit_records.officers_of_users(work.session, evidence.users(record))
    pinned = {row.name: row for row in inspections.forms(work.session, visit.id)}
    visited_on = datetime.fromisoformat(started).date()
    return ClosedRecord(
        inspection_id=str(visit.id),
        number=visit.number,
        source=visit.source,
        draw_no=str(visit.scheme.get("draw_no", "")),
        enterprise=_enterprise(enterprise),
        place=_place(record, enterprise),
        team=tuple(_member(row, officer) for row, officer in team),
        started_at=started,
        ended_at=_local(work, datetime.fromisoformat(evidence.ended_at(record))),
        forms=tuple(
            {
                "name": form.name,
                "title": form.title,
                "version": str(form.version),
                "content_sha256": pinned[form.name].content_sha256,
            }
            for form in forms
        ),
        answers=evidence.answers(record, forms, officers, visited_on),
        findings=evidence.findings(record, forms),
        photos=evidence.photos(record),
        participants=evidence.participants(record),
        signatures=evidence.signatures(record, officers),
        notes=_notes(visit, record, visited_on),
        gaps=evidence.gaps(record),
        entry_hashes=record.entry_hashes,
        settlements=visit_records.settlements(work.session, record, forms),
        unasked=evidence.unasked(record, forms, visited_on),
        failures_unasked=evidence.failures_unasked(record, forms, officers, visited_on),
    )


def _seal(
    work: Work,
    visit: Inspection,
    state: InspectionState,
    closed: ClosedRecord,
    visited_on: date,
    stale: tuple[str, ...],
) -> RecordClosed:
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


def _enterprise(enterprise: Enterprise) -> dict[str, str]:
    people = [dict(one) for one in enterprise.contacts]
    legal = next((one for one in people if one.get("name") == enterprise.legal_person), {})
    return {
        "uscc": enterprise.uscc,
        "name": enterprise.name,
        "address": enterprise.address or "",
        "legal_person": enterprise.legal_person or "",
        "phone": str(legal.get("phone") or "") or _other_phone(people),
        "position": str(legal.get("position") or ""),
        "division": enterprise.division_name or enterprise.division or "",
    }


def _other_phone(people: Sequence[dict[str, Any]]) -> str:
    """Return the first contact with a phone and whose it is: beside 法定代表人 it is another's."""
    reached = next((one for one in people if one.get("phone")), None)
    return "" if reached is None else f"联系人{reached.get('name') or ''} {reached['phone']}"


def _member(row: InspectionMember, officer: Officer) -> TeamMember:
    return TeamMember(
        officer_id=str(officer.id),
        name=officer.name,
        cert_no=officer.cert_no,
        unit=officer.unit,
        role=row.role.value,
    )


def _place(record: VisitRecord, enterprise: Enterprise) -> str:
    places = [head.plain()["place"] for head in evidence.starts(record)]
    return next((place for place in places if place.strip()), enterprise.address or "")


def _local(work: Work, moment: datetime) -> str:
    return moment.astimezone(work.settings.zone).isoformat(timespec="seconds")
