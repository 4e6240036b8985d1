"""How a visit stands: what its record says now, and all that keeps it open."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from inspect_server.domain.errors import InspectError
from inspect_server.domain.findings.hazards import to_recheck
from inspect_server.domain.findings.rechecking import EarlierProblem
from inspect_server.domain.inspection import ClosedRecord, TeamMember
from inspect_server.store import inspections, visit_records
from inspect_server.store.journal import enterprises
from inspect_server.store.models.inspection import Inspection, InspectionMember
from inspect_server.store.models.registry import Enterprise, Officer
from inspect_server.store.visit_records import Members, VisitRecord
from inspect_server.usecases.inspecting import closing_checks as checks
from inspect_server.usecases.inspecting import visit_evidence as evidence
from inspect_server.usecases.inspecting.building import Known, began, build, unit
from inspect_server.usecases.phones.enterprise_documents import closed_checks
from inspect_server.usecases.work import Work


@dataclass(frozen=True)
class Assessed:
    """A record as it would be sealed now, and why it cannot be."""

    record: ClosedRecord
    visited_on: date
    stale: tuple[str, ...]  # who signed something else than what stands
    blockers: tuple[InspectError, ...]  # none: it can be closed


def assess(
    work: Work,
    visit: Inspection,
    merged: VisitRecord,
    stale_reason: str = "",
    unasked_reason: str = "",
) -> Assessed:
    """
    Return what the record says now and all that keeps it open; nothing is written.

    While phones disagree only that is said, with who has not arrived and whose certificate does
    not hold: what they say of the rest is not known before they are settled.

    Args:
        stale_reason, unasked_reason: As in `close_record`.

    Raises:
        VisitNotStartedByTwo: Nobody has begun.
        ChecklistChanged, PublishedUnreadable: The pinned checklists are not what they were.
    """
    team = visit_records.team(work.session, visit.id)
    forms = checks.pinned_forms(work, visit)
    started = began(merged, visit.visit_from, work.settings.zone)
    visited_on = datetime.fromisoformat(started).date()
    known = _known(work, visit, merged, team)
    closed = build(known, merged, forms, started)
    stale = visit_records.stale_signers(merged.merged, team)
    closed = replace(
        closed,
        stale_reason=stale_reason.strip() if stale else "",
        unasked_reason=unasked_reason.strip() if closed.failures_unasked else "",
    )
    blockers = [
        *checks.unsettled(work, visit, merged, forms),
        *checks.arrivals(visit, merged),
        *checks.certificates(team, visited_on),
    ]
    if not merged.merged.conflicts:
        blockers += checks.contents(merged, forms, closed, visited_on)
        blockers += checks.rechecks(closed, known.earlier)
        blockers += checks.failures_unasked(closed)
        blockers += checks.signatures(closed, team)
        blockers += checks.photos(work, closed)
        blockers += checks.printing(work, closed, merged)
        blockers += checks.stale(stale, closed)  # last: mending the others makes more of them
    return Assessed(closed, visited_on, stale, tuple(blockers))


def _known(work: Work, visit: Inspection, merged: VisitRecord, team: Members) -> Known:
    enterprise = inspections.enterprise(work.session, visit.enterprise_id)
    users = {op.user for op in merged.operations.values()}
    return Known(
        id=str(visit.id),
        number=visit.number,
        source=visit.source,
        draw_no=str(visit.scheme.get("draw_no", "")),
        visit_from=visit.visit_from,
        visit_to=visit.visit_to,
        enterprise=unit(_registered(enterprise)),
        team=tuple(_member(row, officer) for row, officer in team),
        contents={
            row.name: row.content_sha256 for row in inspections.forms(work.session, visit.id)
        },
        officers=visit_records.officers_of_users(work.session, evidence.users(merged)),
        names=visit_records.names_of(work.session, users),
        zone=work.settings.zone,
        earlier=_earlier(work, visit),
    )


def _earlier(work: Work, visit: Inspection) -> tuple[EarlierProblem, ...]:
    """Return the problems that a recheck has to say something of, as they are open now."""
    if not (follows := str(visit.scheme.get("follows", ""))):
        return ()
    (rows,) = enterprises.load(work.session, [visit.enterprise_id])
    return to_recheck(closed_checks(rows), follows)


def _registered(enterprise: Enterprise) -> dict[str, Any]:
    return {
        "uscc": enterprise.uscc,
        "name": enterprise.name,
        "legal_person": enterprise.legal_person,
        "address": enterprise.address,
        "division": enterprise.division,
        "division_name": enterprise.division_name,
        "contacts": enterprise.contacts,
    }


def _member(row: InspectionMember, officer: Officer) -> TeamMember:
    return TeamMember(
        officer_id=str(officer.id),
        name=officer.name,
        cert_no=officer.cert_no,
        unit=officer.unit,
        role=row.role.value,
    )
