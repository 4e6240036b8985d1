"""What an inspector is told of an enterprise, offline: who it is, its checks, its hazards."""

from dataclasses import asdict
from typing import Any

from inspect_server.domain.findings.hazards import (
    ClosedCheck,
    open_hazards,
    rectified_hazards,
)
from inspect_server.domain.inspection import ClosedRecord
from inspect_server.domain.registry.industries import SECTIONS
from inspect_server.store.journal import enterprises
from inspect_server.store.journal.documents import Draft
from inspect_server.store.journal.enterprises import EnterpriseRows, PastCheck
from inspect_server.store.models.inspection import Inspection, IssuedDocument
from inspect_server.store.models.registry import Enterprise
from inspect_server.usecases.documents.order import deadlines, to_rectify
from inspect_server.usecases.phones.task_documents import encoded

MOST_RECTIFIED = 100
"""Of what was put right phones get the newest, and how many there are: years add up."""


def enterprise_draft(rows: EnterpriseRows) -> Draft:
    """Return the one document of an enterprise, in the scope that all its tasks' teams see."""
    scope = enterprises.scope(rows.enterprise.id)
    return Draft(scope, scope, "enterprise", encoded(enterprise_body(rows)))


def enterprise_body(rows: EnterpriseRows) -> dict[str, Any]:
    """Return what the registry says, the checks that took place, what is open and what is not."""
    closed = closed_checks(rows)
    rectified = rectified_hazards(closed)
    return {
        **_registered(rows.enterprise),
        "history": [_check(check) for check in rows.checks],
        "open_hazards": [asdict(hazard) for hazard in open_hazards(closed)],
        "rectified_hazards": [asdict(hazard) for hazard in rectified[:MOST_RECTIFIED]],
        "rectified_count": len(rectified),
    }


def closed_checks(rows: EnterpriseRows) -> list[ClosedCheck]:
    """Return the checks of an enterprise whose records are closed, the newest first."""
    return [
        _closed(visit, ClosedRecord.from_json(visit.record), rows.orders.get(visit.id))
        for visit in rows.closed
        if visit.record is not None
    ]


def _registered(row: Enterprise) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "uscc": row.uscc,
        "name": row.name,
        "legal_person": row.legal_person or "",
        "address": row.address or "",
        "division": row.division or "",
        "division_name": row.division_name or "",
        "industry_code": row.industry_code or "",
        "industry_section": SECTIONS.get((row.industry_code or "")[:1], ""),
        "business_scope": row.business_scope or "",
        "status": row.status.value,
        "recusal": row.recusal or "",
        "sectors": row.sectors,
        "risk": row.risk.value,
        "credit": row.credit.value,
        "standardisation": row.standardisation.value,
        "is_key": row.is_key,
        "longitude": _degrees(row.longitude_microdeg),
        "latitude": _degrees(row.latitude_microdeg),
        "datum": row.datum or "",
        "contacts": row.contacts,
    }


def _degrees(microdeg: int | None) -> str:
    if microdeg is None:
        return ""
    sign = "-" if microdeg < 0 else ""
    return f"{sign}{abs(microdeg) // 1_000_000}.{abs(microdeg) % 1_000_000:06d}"


def _check(row: PastCheck) -> dict[str, Any]:
    return {
        "number": row.number,
        "checked_on": row.checked_on.isoformat(),
        "source": row.source,
        "counts": row.counts,
    }


def _closed(visit: Inspection, record: ClosedRecord, order: IssuedDocument | None) -> ClosedCheck:
    return ClosedCheck(
        number=visit.number,
        follows=str(visit.scheme.get("follows", "")),
        checked_on=record.started_at[:10],
        problems=dict(enumerate(to_rectify(record), start=1)),
        deadlines=_ordered(order) if order else _told(record),
        order_no=order.doc_no if order else "",
        corrected=[one for one in record.findings if one.corrected_on_site and not one.is_referred],
        passed=frozenset(one.item for one in record.answers if one.result == "pass"),
        id=str(visit.id),
        ordered_on=str(order.facts["made_at"])[:10] if order else "",
        rechecked=record.rechecked,
    )


def _ordered(order: IssuedDocument) -> dict[int, str]:
    """Return the deadlines of an order in force, which may be later than those told on site."""
    return {one["number"]: one["deadline"] for one in order.facts["demands"]}


def _told(record: ClosedRecord) -> dict[int, str]:
    return {number: day.isoformat() for number, day in deadlines(record).items()}
