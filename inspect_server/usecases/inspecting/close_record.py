"""Sealing a merged record: nothing open, nothing missing, nothing that could not be defended."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from forms import body, load
from forms.errors import FormError
from forms.evaluate import Evaluation, Found, evaluate
from forms.model import Form
from inspect_server.domain import law
from inspect_server.domain.assignment import TeamNotAllowed
from inspect_server.domain.closing import (
    AnswersInvalid,
    AnswersMissing,
    ChecklistChanged,
    EntriesHeld,
    FindingNotAllowed,
    PhotosNotArrived,
    RecordHasConflicts,
    SignatureMissing,
    VisitNotStartedByTwo,
)
from inspect_server.domain.enums import FindingLevel, InspectionState, Role, TeamRole
from inspect_server.domain.errors import Forbidden
from inspect_server.domain.grading import FREE, Grade, fault_of
from inspect_server.domain.inspection import ClosedRecord, Event, Finding, TeamMember, move
from inspect_server.domain.record import canonical
from inspect_server.store import inspections, visit_records
from inspect_server.store.models.inspection import Inspection, InspectionMember
from inspect_server.store.models.registry import Enterprise, Officer
from inspect_server.store.visit_records import VisitRecord
from inspect_server.usecases.inspecting import visit_evidence as evidence
from inspect_server.usecases.phones.publish_task import close_task
from inspect_server.usecases.record import note
from inspect_server.usecases.work import Work

MAY_CLOSE_FOR_LEAD = frozenset({Role.SUPERVISOR, Role.APPROVER})

Members = Sequence[tuple[InspectionMember, Officer]]


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


def close_record(work: Work, inspection_id: UUID) -> RecordClosed:
    """
    Seal the merged record of one inspection; what phones send later is kept and shown, not applied.

    Raises:
        NotFound: No such inspection.
        Forbidden: Neither the lead of the task nor a supervisor or approver.
        StepNotAllowed: Nobody has begun the visit, or the record is closed.
        EntriesHeld: Entries wait for an earlier one of their phone.
        RecordHasConflicts: The lead must settle them first.
        VisitNotStartedByTwo: Fewer than two officers arrived, each on the own phone.
        TeamNotAllowed: A certificate did not cover the day of the visit.
        ChecklistChanged: The pinned checklist is not the installed one.
        AnswersMissing, AnswersInvalid: The checklists are not complete.
        FindingNotAllowed: A finding lacks its deadline or basis, or was lowered silently.
        SignatureMissing: Lead, member, or the enterprise (or its noted refusal).
        PhotosNotArrived: A cited file is not stored.
    """
    visit = inspections.lock(work.session, inspection_id)
    team = visit_records.team(work.session, visit.id)
    _check_actor(work, team)
    record = visit_records.load(work.session, visit.id)
    state = _closed_state(visit, record)
    _check_settled(work, visit, record)
    started = _check_arrivals(work, visit, record)
    visited_on = datetime.fromisoformat(started).astimezone(work.settings.zone).date()
    _check_certificates(team, visited_on)
    forms = _pinned_forms(work, visit)
    grades = _check_answers(record, forms, visited_on)
    closed = _build(work, visit, record, forms, team, started)
    _check_findings(closed.findings, grades, visited_on)
    _check_signatures(closed, team)
    _check_photos(work, closed)
    return _seal(work, visit, state, closed, visited_on)


def _check_actor(work: Work, team: Members) -> None:
    if MAY_CLOSE_FOR_LEAD & work.actor.roles:
        return
    lead = next((row.officer_id for row, _ in team if row.role is TeamRole.LEAD), None)
    if lead is None or lead != work.actor.officer_id:
        raise Forbidden(action="办结该检查记录")


def _closed_state(visit: Inspection, record: VisitRecord) -> InspectionState:
    """Return the state after closing; a visit whose start was only just delivered starts first."""
    state = visit.state
    if state is InspectionState.DISPATCHED and record.merged.of_kind("visit/start/"):
        state = move(state, Event.START_VISIT)
    return move(state, Event.CLOSE_RECORD)


def _check_settled(work: Work, visit: Inspection, record: VisitRecord) -> None:
    if waiting := visit_records.held(work.session, visit.id):
        raise EntriesHeld(count=waiting)
    if record.merged.conflicts:
        raise RecordHasConflicts(count=len(record.merged.conflicts))


def _check_arrivals(work: Work, visit: Inspection, record: VisitRecord) -> str:
    """Return when the visit began. Law: team.min_officers"""
    needed = law.integer("team.min_officers", visit.visit_from)
    arrived = evidence.starts(record)
    present = min(len({head.user for head in arrived}), len({head.replica for head in arrived}))
    if present < needed:
        raise VisitNotStartedByTwo(needed=needed, count=present)
    first = min(datetime.fromisoformat(head.wall) for head in arrived)
    return _local(work, first)


def _check_certificates(team: Members, visited_on: date) -> None:
    for _, officer in team:
        if not officer.cert_valid_from <= visited_on <= officer.cert_valid_to:
            raise TeamNotAllowed(reason="有检查人员的执法证在检查当日无效")


def _pinned_forms(work: Work, visit: Inspection) -> tuple[Form, ...]:
    try:
        forms = load.forms_of(visit.form_set)
    except FormError:
        raise ChecklistChanged(ref=visit.form_set) from None
    pinned = {row.name: row.content_sha256 for row in inspections.forms(work.session, visit.id)}
    for form in forms:
        if pinned.get(form.name) != body.content_sha256(form):
            raise ChecklistChanged(ref=form.ref)
    return forms


def _check_answers(
    record: VisitRecord, forms: Sequence[Form], visited_on: date
) -> dict[str, Grade]:
    """Return by answer item what the checklists say about the level of what failed."""
    missing: list[str] = []
    invalid: list[tuple[str, str]] = []
    grades: dict[str, Grade] = {}
    noted = evidence.findings(record, {})
    for form in forms:
        given = evidence.values_of(record, form)
        found = evaluate(
            form,
            given,
            on=visited_on,
            photos=evidence.photo_counts(record, form),
            findings=_noted_for(form, noted),
        )
        missing += found.missing
        invalid += [(fault.code, fault.message) for fault in found.invalid]
        grades |= _grades(form, found, given)
    if missing:
        raise AnswersMissing(count=len(missing), first="、".join(missing[:5]))
    if invalid:
        code, reason = invalid[0]
        raise AnswersInvalid(count=len(invalid), code=code, reason=reason)
    return grades


def _noted_for(form: Form, noted: Sequence[Finding]) -> dict[str, list[Found]]:
    prefix = f"answer/{form.name}/"
    found: dict[str, list[Found]] = {}
    for finding in noted:
        if finding.item.startswith(prefix):
            code = finding.item.removeprefix(prefix)
            found.setdefault(code, []).append(Found(finding.level, finding.measure))
    return found


def _grades(
    form: Form, found: Evaluation, given: Mapping[str, Mapping[str, object]]
) -> dict[str, Grade]:
    return {
        f"answer/{form.name}/{one.code}": Grade(
            suggested=FindingLevel(one.level),
            is_certain=not one.to_confirm,
            note=str(given[one.code].get("note") or ""),
        )
        for one in found.suggestions
    }


def _check_findings(
    findings: Sequence[Finding], grades: Mapping[str, Grade], visited_on: date
) -> None:
    for position, finding in enumerate(findings, 1):
        if finding.item and finding.item not in grades:
            raise FindingNotAllowed(position=position, reason="对应的检查项没有填为“不符合”")
        if fault := fault_of(finding, grades.get(finding.item, FREE), visited_on):
            raise FindingNotAllowed(position=position, reason=fault)


def _check_signatures(closed: ClosedRecord, team: Members) -> None:
    signed = {
        (one.signer, one.officer_id) for one in closed.signatures if one.strokes and not one.refused
    }
    for row, officer in team:
        if (row.role.value, str(officer.id)) not in signed:
            who = "主办人员签名" if row.role is TeamRole.LEAD else "协办人员签名"
            raise SignatureMissing(who=who)
    enterprise = [one for one in closed.signatures if one.signer == "enterprise"]
    if not any(one.strokes or (one.refused and one.refusal_reason) for one in enterprise):
        raise SignatureMissing(who="被检查单位现场负责人签名")


def _check_photos(work: Work, closed: ClosedRecord) -> None:
    cited = {photo.sha256 for photo in closed.photos}
    stored = visit_records.stored_blobs(work.session, cited)
    if absent := [sha256 for sha256 in cited if sha256 not in stored or not work.blobs.has(sha256)]:
        raise PhotosNotArrived(count=len(absent))


def _build(
    work: Work,
    visit: Inspection,
    record: VisitRecord,
    forms: Sequence[Form],
    team: Members,
    started: str,
) -> ClosedRecord:
    company = inspections.enterprise(work.session, visit.enterprise_id)
    officers = visit_records.officers_of_users(work.session, evidence.users(record))
    pinned = {row.name: row for row in inspections.forms(work.session, visit.id)}
    order = {
        evidence.answer_item(form, item): position
        for position, (form, item) in enumerate(
            (form, item) for form in forms for item in form.items
        )
    }
    return ClosedRecord(
        inspection_id=str(visit.id),
        number=visit.number,
        source=visit.source,
        draw_no=str(visit.scheme.get("draw_no", "")),
        enterprise=_enterprise(company),
        place=_place(record, company),
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
        answers=evidence.answers(record, forms, officers),
        findings=evidence.findings(record, order),
        photos=evidence.photos(record),
        participants=evidence.participants(record),
        signatures=evidence.signatures(record),
        notes=evidence.notes(record),
        gaps=evidence.gaps(record),
        entry_hashes=record.entry_hashes,
    )


def _seal(
    work: Work, visit: Inspection, state: InspectionState, closed: ClosedRecord, visited_on: date
) -> RecordClosed:
    content = closed.to_json()
    sha256 = hashlib.sha256(canonical(content).encode("utf-8")).hexdigest()
    levels = [finding.level for finding in closed.findings]
    general, major = levels.count(FindingLevel.GENERAL), levels.count(FindingLevel.MAJOR)
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
            "entry_count": len(closed.entry_hashes),
            "findings": {"general": general, "major": major},
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
    )


def _enterprise(company: Enterprise) -> dict[str, str]:
    people = [dict(one) for one in company.contacts]
    legal = next((one for one in people if one.get("name") == company.legal_person), {})
    reached = legal or (people[0] if people else {})
    return {
        "uscc": company.uscc,
        "name": company.name,
        "address": company.address or "",
        "legal_person": company.legal_person or "",
        "phone": str(reached.get("phone") or ""),
        "position": str(legal.get("position") or ""),
        "division": company.division_name or company.division or "",
    }


def _member(row: InspectionMember, officer: Officer) -> TeamMember:
    return TeamMember(
        officer_id=str(officer.id),
        name=officer.name,
        cert_no=officer.cert_no,
        unit=officer.unit,
        role=row.role.value,
    )


def _place(record: VisitRecord, company: Enterprise) -> str:
    places = [head.plain()["place"] for head in evidence.starts(record)]
    return next((place for place in places if place.strip()), company.address or "")


def _local(work: Work, moment: datetime) -> str:
    return moment.astimezone(work.settings.zone).isoformat(timespec="seconds")
