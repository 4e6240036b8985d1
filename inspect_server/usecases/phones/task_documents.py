"""
The documents that make up a task on a phone: the task itself, its checklists, the law values, and
what the bureau says of itself.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import msgspec

from forms.body import content_sha256, to_json
from forms.errors import ContentMismatch
from forms.library import Library
from inspect_server.config import Settings
from inspect_server.domain import law
from inspect_server.store.journal.documents import Draft
from inspect_server.store.journal.tasks import Member, TaskRows
from inspect_server.store.models.inspection import InspectionForm
from sync.ids import inspection_scope

LAW_SCOPE = "law"
LAW_AREAS = frozenset({"deadline", "finding", "remedy", "team"})
"""What an inspector decides or tells on the spot; planning values stay in the office."""
LAW_AT_HAND = frozenset({"document.inspection_discipline"})
"""Of the other areas what an inspector has at hand: the five 严禁 that bind whoever checks."""
BUREAU = "bureau"
RELIEF = (
    "对本机关在检查中作出的行政行为不服的，可以自知道或者应当知道该行政行为之日起{days}日内向"
    "{government}申请行政复议，或者自知道或者应当知道作出该行政行为之日起{months}个月内依法向"
    "{court}提起行政诉讼。"
)


def form_scope(name: str, version: int) -> str:
    """Return the scope of one checklist version."""
    return f"form/{name}@{version}"


def drafts(rows: TaskRows, library: Library) -> list[Draft]:
    """
    Return the documents of one task: itself and its checklists.

    Args:
        rows: The task.
        library: The checklists as they were published.

    Raises:
        FormNotFound: A pinned checklist is not installed.
        ContentMismatch: The installed text is not the one that was pinned.
    """
    return [task_draft(rows), *(form_draft(form, library) for form in rows.forms)]


def task_draft(rows: TaskRows) -> Draft:
    """Return the task itself, in the scope that only its team sees."""
    id = str(rows.inspection.id)
    return Draft(f"task/{id}", inspection_scope(id), "task", encoded(task_body(rows)))


def form_draft(pinned: InspectionForm, library: Library) -> Draft:
    """
    Return the checklist that a task pins.

    Raises:
        FormNotFound, ContentMismatch: See `drafts`.
    """
    form = library.get(pinned.name, pinned.version)
    if content_sha256(form) != pinned.content_sha256:
        raise ContentMismatch(ref=form.ref)
    scope = form_scope(pinned.name, pinned.version)
    return Draft(scope, scope, "form", encoded(to_json(form)))


def public_drafts(settings: Settings, on: date) -> Iterator[Draft]:
    """Yield what everybody with a task is told: the law values of a day, and the bureau."""
    yield from law_drafts(on)
    yield Draft(BUREAU, LAW_SCOPE, BUREAU, encoded(bureau_body(settings, on)))


def bureau_body(settings: Settings, on: date) -> dict[str, Any]:
    """
    Return where an enterprise turns to, as it is configured; what is not configured is empty.

    `relief` names courts and days only where all of them are known: nobody is sent anywhere by
    half a sentence.

    Law: remedy.reconsideration_days, remedy.litigation_months
    """
    relief = ""
    if settings.government and settings.court:
        relief = RELIEF.format(
            days=law.integer("remedy.reconsideration_days", on),
            months=law.integer("remedy.litigation_months", on),
            government=settings.government,
            court=settings.court,
        )
    return {
        "authority": settings.authority,
        "complaint_phone": settings.desk_complaint_phone,
        "address": settings.desk_address,
        "phone": settings.desk_phone,
        "relief": relief,
    }


def law_drafts(on: date) -> Iterator[Draft]:
    """Yield the law values that phones need, as they are on a day."""
    for id in sorted(law.book().ids):
        if id.split(".")[0] not in LAW_AREAS and id not in LAW_AT_HAND:
            continue
        try:
            yield Draft(f"law/{id}", LAW_SCOPE, "law", encoded(_law_value(law.entry(id, on))))
        except law.NoLawValue:
            continue  # it begins later: phones get it on that day


def _law_value(entry: law.Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "title": entry.title,
        "unit": entry.unit,
        "value": entry.value,
        "since": entry.since.isoformat(),
        "source": entry.source,
        "verified": entry.verified,
        "note": entry.note,
        "rolls_over": entry.rolls_over,
    }


def encoded(body: Mapping[str, Any]) -> bytes:
    """Return the bytes that phones get, keys sorted so that equal bodies are equal bytes."""
    return msgspec.json.encode(body, order="deterministic")


def task_body(rows: TaskRows) -> dict[str, Any]:
    """Return what an inspector must know of one task, offline; its enterprise is a document too."""
    visit = rows.inspection
    return {
        "id": str(visit.id),
        "number": visit.number,
        "state": visit.state.value,
        "source": visit.source,
        "visit_from": visit.visit_from.isoformat(),
        "visit_to": visit.visit_to.isoformat(),
        "form_set": visit.form_set,
        "forms": [
            {"name": form.name, "version": form.version, "content_sha256": form.content_sha256}
            for form in rows.forms
        ],
        "scheme": visit.scheme,
        "frequency": _frequency(rows),
        "enterprise_id": str(visit.enterprise_id),
        "team": [{**_officer(member), "role": member.role} for member in rows.members],
        "others": [_officer(other) for other in rows.others],
    }


def _frequency(rows: TaskRows) -> dict[str, Any]:
    """
    Return how the annual cap holds for this check, and who approved its scheme.

    At the cap the reason of an exemption and who approved it are shown (shared procedure 4.2).

    Law: cap.exempt_sources
    """
    visit = rows.inspection
    try:
        rule = law.entry("cap.exempt_sources", visit.visit_from)
    except law.NoLawValue:
        sources, basis, verified = frozenset[str](), "", False
    else:
        sources = frozenset(law.items("cap.exempt_sources", visit.visit_from))
        basis, verified = rule.source, rule.verified
    return {
        "is_exempt": visit.source in sources,
        "basis": basis,
        "verified": verified,
        "approved_by": rows.approver,
        "approved_at": visit.approved_at.isoformat() if visit.approved_at else "",
    }


def _officer(person: Member) -> dict[str, Any]:
    return {
        "user_id": str(person.user_id) if person.user_id else "",
        "officer_id": str(person.officer_id) if person.officer_id else "",
        "name": person.name,
        "cert_no": person.cert_no,
        "unit": person.unit,
    }
