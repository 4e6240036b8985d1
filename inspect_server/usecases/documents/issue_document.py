"""Issuing the documents of one inspection, and voiding one: in one transaction, whole or not."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid4

from inspect_server.domain.deadlines import passed, renewed
from inspect_server.domain.enums import InspectionState, Role, TeamRole
from inspect_server.domain.errors import BadInput, InspectError
from inspect_server.domain.inspection import ClosedRecord, Event, move
from inspect_server.store import documents
from inspect_server.store.models.blobs import Blob
from inspect_server.store.models.inspection import Inspection, IssuedDocument
from inspect_server.usecases.bureau import require_bureau
from inspect_server.usecases.cases import open_case
from inspect_server.usecases.documents import people
from inspect_server.usecases.documents.citations import UncheckedCitation, unchecked_citations
from inspect_server.usecases.documents.facts import Numbering, plain, record_facts, to_decide
from inspect_server.usecases.documents.order import (
    NewDeadlines,
    deadlines,
    order_facts,
    to_rectify,
)
from inspect_server.usecases.documents.prints import Prints, check_number, pictures
from inspect_server.usecases.law_used import law_used
from inspect_server.usecases.phones.publish_task import show_enterprises, show_task
from inspect_server.usecases.record import commit_to, note
from inspect_server.usecases.work import Work
from pdf_templates import catalogue
from pdf_templates.errors import DocumentError, UnknownKind
from pdf_templates.facts import content_sha256
from pdf_templates.setting.faces import using
from pdf_templates.template import Template

RECORD, ORDER = "inspection_record", "rectification_order"
MAY_VOID = (Role.SUPERVISOR, Role.APPROVER, Role.OFFICE)
MAY_ISSUE = (Role.INSPECTOR, *MAY_VOID)
MAY_RENEW = (TeamRole.LEAD, Role.SUPERVISOR, Role.APPROVER)
"""Who sets a deadline that the team had set: the office prints, it orders nothing."""
RENEWING = "另定该检查的整改期限（由主办人员、承办机构负责人或审批人办理）"
LONGEST_REASON = 200


class RecordNotClosed(InspectError):
    """Documents are made from a closed record only."""

    code, kind = "document.record_not_closed", "conflict"
    message = "该检查的记录尚未办结，不能制作文书，请主办人员先办结记录。"


class DocumentNotMade(InspectError):
    """A document could not be set; no number was used."""

    code, kind = "document.not_made", "invalid"
    message = "{title}未能制作，文号未占用：{reason}"


class AlreadyVoided(InspectError):
    """The document was voided before."""

    code, kind = "document.already_voided", "conflict"
    message = "文书 {doc_no} 已经作废，无需再次办理。"


@dataclass(frozen=True)
class Issued:
    """One document under its number."""

    id: UUID
    kind: str
    title: str
    doc_no: str
    content_sha256: str
    pdf_sha256: str
    created: bool  # False: it had been issued before
    template: str  # its version
    template_before: str  # of what it replaces, where this program lacks that version; else ""


@dataclass(frozen=True)
class IssuedDocuments:
    """The documents of one inspection that are in force."""

    inspection_id: UUID
    number: str
    documents: tuple[Issued, ...]
    unchecked: tuple[UncheckedCitation, ...]  # to compare with the original before serving
    undecided: tuple[int, ...]  # findings, by number, that need a 现场处理措施决定书 made elsewhere


@dataclass(frozen=True)
class VoidedDocument:
    """A document that is no longer in force; its number is not used again."""

    id: UUID
    doc_no: str
    inspection_id: UUID
    needs_new_deadline: bool  # to be made again: a deadline of the order has passed by now


@dataclass(frozen=True)
class _Draft:
    """A document that is set but not yet issued."""

    template: Template
    sub_serial: int
    doc_no: str
    facts: dict[str, Any]
    pdf: bytes


def issue_documents(
    work: Work,
    inspection_id: UUID,
    prints: Prints = MappingProxyType({}),
    new_deadline: date | None = None,
) -> IssuedDocuments:
    """
    Make the documents of a closed record: 现场检查记录 always, 责令限期整改指令书 where a finding
    was not corrected on site. What is already in force is left as it is, so a second call is
    harmless; a voided document is made again under the same serial with a sub-serial.

    Args:
        prints: The photos from `prints_of`, made ready before this transaction began. Those that
            are not among them are made ready here, while every other writer waits.
        new_deadline: The day until when to rectify what was to be rectified by a day that is not
            after the order's own; noted in the record.

    Raises:
        NotFound: No such inspection, or none of the actor's.
        Forbidden: Neither of the team nor supervisor, approver or office; or a new deadline by
            somebody else than the lead, a supervisor or an approver.
        RecordNotClosed: The record is still open.
        DeadlinesPassed, NewDeadlineRefused: A deadline has passed and no new day was given, or one
            was given that is not needed or not after the order's own day.
        TooMuchToPrint: The record has more photos than documents are made of.
        DocumentNotMade: A text cannot be set; no number is used.
        BlobMissing, BlobDamaged: A photo's file.
        BureauNotConfigured: The bureau has not said who it is.
    """
    visit = open_case(work, inspection_id, *MAY_ISSUE, action="制作该检查的文书")
    if new_deadline is not None:
        open_case(work, inspection_id, *MAY_RENEW, action=RENEWING)
    require_bureau(work)
    if visit.record is None:
        raise RecordNotClosed
    closed = ClosedRecord.from_json(visit.record)
    earlier = documents.of_inspection(work.session, visit.id)
    valid = {row.kind: row for row in earlier if row.voided_at is None}
    missing = [kind for kind in _wanted(closed) if kind not in valid]
    if missing:
        check_number(len(closed.photos), work.settings.most_photos)
    days = deadlines(closed) if ORDER in missing else {}
    renewal = renewed(days, _today(work), new_deadline)
    made = _issue(work, visit, closed, list(earlier), missing, prints, renewal) if missing else []
    if visit.state is InspectionState.RECORD_CLOSED:
        visit.state = move(visit.state, Event.ISSUE_DOCUMENTS)
        show_task(work, visit.id)
    if made:
        show_enterprises(work, [visit.enterprise_id])
    kept = [_issued(row, created=False) for row in valid.values()]
    valid_now = tuple(sorted(kept + made, key=_order))
    unchecked = unchecked_citations(work.session, closed)
    return IssuedDocuments(visit.id, visit.number, valid_now, unchecked, to_decide(closed))


def void_document(work: Work, document_id: UUID, reason: str) -> VoidedDocument:
    """
    Void a document; it stays stored and its number is not used again.

    Raises:
        NotFound: No such document, or of an inspection that is none of the actor's.
        Forbidden: Not a supervisor, approver or the office.
        BadInput: The reason is empty or longer than 200 characters.
        AlreadyVoided: It was voided before.
    """
    inspection_id = documents.inspection_of(work.session, document_id)
    visit = open_case(work, inspection_id, *MAY_VOID, action="作废文书", what="该文书")
    clean = reason.strip()
    if not 1 <= len(clean) <= LONGEST_REASON:
        raise BadInput(field="作废理由", reason=f"应为 1 至 {LONGEST_REASON} 字")
    row = documents.fresh(work.session, document_id)
    if row.voided_at is not None:
        raise AlreadyVoided(doc_no=row.doc_no)
    row.voided_at, row.void_reason = work.now, clean
    show_enterprises(work, [visit.enterprise_id])
    # A reason may name somebody, so only a commitment to it goes into the record.
    body = {"doc_no": row.doc_no, "kind": row.kind, "reason": commit_to(work, clean)}
    note(work, "doc.void", f"inspection/{visit.number}", body)
    return VoidedDocument(row.id, row.doc_no, row.inspection_id, _needs_new_deadline(work, visit))


def _needs_new_deadline(work: Work, visit: Inspection) -> bool:
    """Tell whether an order would be made with the next documents that could not be any more."""
    rows = documents.of_inspection(work.session, visit.id)
    has_order = any(row.kind == ORDER and row.voided_at is None for row in rows)
    if has_order or visit.record is None:
        return False
    return bool(passed(deadlines(ClosedRecord.from_json(visit.record)), _today(work)))


def _today(work: Work) -> date:
    return work.now.astimezone(work.settings.zone).date()


def _wanted(closed: ClosedRecord) -> list[str]:
    return [RECORD, ORDER] if to_rectify(closed) else [RECORD]


def _issue(
    work: Work,
    visit: Inspection,
    closed: ClosedRecord,
    earlier: list[IssuedDocument],
    missing: list[str],
    prints: Prints,
    renewal: NewDeadlines,
) -> list[Issued]:
    year, serial = _serial(work, earlier)
    began = people.first_day(work, closed).isoformat()
    forms = {kind: _form(earlier, kind, began) for kind in missing}
    # All are set before any is stored: a text that cannot be set leaves nothing behind.
    numbers = _numbering(work, earlier, forms, year, serial)
    makers: dict[str, Callable[[], Any]] = {
        RECORD: lambda: record_facts(work, closed, numbers),
        ORDER: lambda: order_facts(work, closed, numbers, renewal),
    }
    subs = _sub_serials(earlier)
    drafts = [
        _draft(work, form, makers[kind](), subs[kind], prints) for kind, form in forms.items()
    ]
    if renewal:
        _note_renewal(work, visit, numbers.order_no, renewal)
    return [
        _store(work, visit, draft, (year, serial), _before(earlier, draft.template))
        for draft in drafts
    ]


def _form(earlier: list[IssuedDocument], kind: str, began: str) -> Template:
    """
    Return the version of a template that this case began with, and keeps.

    What was issued and voided is made again as it was; else the day of the visit decides.
    """
    for row in earlier:
        if row.kind == kind:
            with suppress(UnknownKind):  # a version that this program no longer carries
                return catalogue.template(kind, row.template_version)
    return catalogue.in_force(kind, began)


def _before(earlier: list[IssuedDocument], form: Template) -> str:
    """Return the version of what is made again, where it had to be given up; else ""."""
    of_kind = [row.template_version for row in earlier if row.kind == form.kind]
    return of_kind[-1] if of_kind and form.version not in of_kind else ""


def _note_renewal(work: Work, visit: Inspection, order_no: str, renewal: NewDeadlines) -> None:
    body = {
        "doc_no": order_no,
        "problems": sorted(renewal),
        "deadline": min(renewal.values()).isoformat(),
    }
    note(work, "doc.deadline", f"inspection/{visit.number}", body)


def _serial(work: Work, earlier: list[IssuedDocument]) -> tuple[int, int]:
    """Return year and serial of the inspection, taken for its first document (一检一号)."""
    if earlier:
        return earlier[0].year, earlier[0].serial
    year = work.now.astimezone(work.settings.zone).year
    return year, documents.take_serial(work.session, year)


def _sub_serials(earlier: list[IssuedDocument]) -> dict[str, int]:
    return {kind: sum(row.kind == kind for row in earlier) for kind in (RECORD, ORDER)}


def _numbering(
    work: Work,
    earlier: list[IssuedDocument],
    forms: Mapping[str, Template],
    year: int,
    serial: int,
) -> Numbering:
    subs = _sub_serials(earlier)
    replaced = {row.kind: row.doc_no for row in earlier if row.voided_at is not None}
    region = work.settings.authority_short
    fresh = {kind: form.doc_no(region, year, serial, subs[kind]) for kind, form in forms.items()}
    valid = {row.kind: row.doc_no for row in earlier if row.voided_at is None}
    return Numbering(
        record_no=fresh.get(RECORD) or valid[RECORD],
        order_no=fresh.get(ORDER, ""),
        record_replaces=replaced.get(RECORD, ""),
        order_replaces=replaced.get(ORDER, ""),
    )


def _draft(work: Work, form: Template, facts: Any, sub_serial: int, prints: Prints) -> _Draft:
    content = plain(facts)
    shown = pictures(work.blobs, form.photos(facts), prints)
    try:
        with using(work.fonts):
            pdf = catalogue.render(form.kind, content, shown, version=form.version)
    except DocumentError as error:
        raise DocumentNotMade(title=form.title, reason=str(error)) from error
    return _Draft(form, sub_serial, facts.doc_no, content, pdf)


def _store(
    work: Work, visit: Inspection, draft: _Draft, number: tuple[int, int], before: str
) -> Issued:
    """Store a document under year and serial; `before` is the version that it no longer has."""
    pdf_sha256 = work.blobs.put(draft.pdf)
    documents.keep_blob(
        work.session,
        Blob(sha256=pdf_sha256, size=len(draft.pdf), mime="application/pdf", created_at=work.now),
    )
    row = IssuedDocument(
        id=uuid4(),
        inspection_id=visit.id,
        kind=draft.template.kind,
        year=number[0],
        serial=number[1],
        sub_serial=draft.sub_serial,
        doc_no=draft.doc_no,
        template_version=draft.template.version,
        facts=draft.facts,
        content_sha256=content_sha256(draft.facts),
        pdf_sha256=pdf_sha256,
        issued_at=work.now,
        issued_by=work.actor.label,
    )
    work.session.add(row)
    work.session.flush()
    note(
        work,
        "doc.issue",
        f"inspection/{visit.number}",
        {
            "inspection": str(visit.id),
            "doc_no": row.doc_no,
            "kind": row.kind,
            "year": row.year,
            "serial": row.serial,
            "sub_serial": row.sub_serial,
            "law_sha256": law_used(work),
            "template": row.template_version,
            **({"template_before": before} if before else {}),
            "content_sha256": row.content_sha256,
            "pdf_sha256": row.pdf_sha256,
            "length": len(draft.pdf),
        },
    )
    return _issued(row, created=True, before=before)


def _issued(row: IssuedDocument, *, created: bool, before: str = "") -> Issued:
    return Issued(
        id=row.id,
        kind=row.kind,
        title=catalogue.titled(row.kind, row.template_version),
        doc_no=row.doc_no,
        content_sha256=row.content_sha256,
        pdf_sha256=row.pdf_sha256,
        created=created,
        template=row.template_version,
        template_before=before,
    )


def _order(document: Issued) -> int:
    return (RECORD, ORDER).index(document.kind)
