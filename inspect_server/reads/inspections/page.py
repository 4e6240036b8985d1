"""One inspection with all that led to its state."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from forms.model import COMPETENCE_NAMES, Competence
from inspect_server.domain.assignment import Scheme
from inspect_server.domain.errors import NotFound
from inspect_server.domain.findings.following import to_refer, to_supervise, unlocated
from inspect_server.domain.inspection import ClosedRecord, EndReason
from inspect_server.reads.inspections.lists import InspectionRow, joined, rows
from inspect_server.reads.inspections.team import MemberRow, members
from inspect_server.reads.inspections.timeline import TimelineRow, timeline
from inspect_server.reads.people import names_of
from inspect_server.reads.visibility import Viewer, visible
from inspect_server.store.models.inspection import (
    Inspection,
    InspectionForm,
    IssuedDocument,
    SignedDocument,
)
from inspect_server.store.models.planning import Draw
from inspect_server.store.models.registry import Enterprise
from inspect_server.store.models.replacing import InspectionEnd


@dataclass(frozen=True)
class FormRow:
    """A pinned checklist."""

    name: str
    version: int
    content_sha256: str


@dataclass(frozen=True)
class DocumentRow:
    """An issued document."""

    id: UUID
    kind: str
    doc_no: str
    pdf_sha256: str
    file_sha256: str  # of the file that a download gives: the signed one where there is one
    is_signed: bool
    issued_at: datetime
    voided_at: datetime | None


@dataclass(frozen=True)
class EndingRow:
    """Why an inspection ended before its visit."""

    reason: EndReason
    ended_at: datetime
    ended_by: str  # the account's name, or the part of the system


@dataclass(frozen=True)
class ReferralRow:
    """A problem of the closed record that is to be referred (线索移送)."""

    problem: int  # its number in the 现场检查记录
    authority: str  # in Chinese
    text: str
    place: str
    basis: str


@dataclass(frozen=True)
class InspectionPage:
    """Everything that the page of one inspection shows; conflicts in full are in reads.evidence."""

    row: InspectionRow
    scheme: Scheme
    scheme_made_by: str
    approved_at: datetime | None
    approved_by: str
    dispatched_at: datetime | None
    members: tuple[MemberRow, ...]
    forms: tuple[FormRow, ...]
    timeline: tuple[TimelineRow, ...]
    documents: tuple[DocumentRow, ...]
    ending: EndingRow | None
    record: ClosedRecord | None
    referrals: tuple[ReferralRow, ...]  # of the closed record, in its order
    to_supervise: tuple[int, ...]  # problems, by number, that await 挂牌督办
    unlocated: tuple[int, ...]  # 重大事故隐患, by number, without a photo with coordinates


def one(session: Session, viewer: Viewer, inspection_id: UUID) -> InspectionPage:
    """
    Return one inspection with all that led to its state.

    Raises:
        NotFound: No such inspection, or it does not concern the viewer.
    """
    query = select(Inspection, Enterprise, Draw.draw_no)
    found = session.execute(
        joined(query, [Inspection.id == inspection_id, visible(viewer)])
    ).first()
    if found is None:
        raise NotFound(what="该检查任务")
    visit, enterprise, draw_no = found
    names = names_of(session, [visit.scheme_made_by, visit.approved_by or ""])
    record = None if visit.record is None else ClosedRecord.from_json(visit.record)
    return InspectionPage(
        row=rows(session, [(visit, enterprise, draw_no or "")])[0],
        scheme=Scheme.from_json(visit.scheme),
        scheme_made_by=names[visit.scheme_made_by],
        approved_at=visit.approved_at,
        approved_by=names[visit.approved_by or ""],
        dispatched_at=visit.dispatched_at,
        members=members(session, [visit.id]).get(visit.id, ()),
        forms=_forms(session, visit.id),
        timeline=timeline(session, visit),
        documents=_documents(session, visit.id),
        ending=_ending(session, visit.id),
        record=record,
        referrals=() if record is None else _referrals(record),
        to_supervise=() if record is None else to_supervise(record),
        unlocated=() if record is None else unlocated(record),
    )


def _referrals(record: ClosedRecord) -> tuple[ReferralRow, ...]:
    return tuple(
        ReferralRow(
            problem=one.problem,
            authority=COMPETENCE_NAMES[Competence(one.refer_to)],
            text=one.text,
            place=one.place,
            basis=one.basis,
        )
        for one in to_refer(record)
    )


def _forms(session: Session, inspection_id: UUID) -> tuple[FormRow, ...]:
    rows = session.scalars(
        select(InspectionForm)
        .where(InspectionForm.inspection_id == inspection_id)
        .order_by(InspectionForm.name)
    )
    return tuple(FormRow(row.name, row.version, row.content_sha256) for row in rows)


def _documents(session: Session, inspection_id: UUID) -> tuple[DocumentRow, ...]:
    rows = session.execute(
        select(IssuedDocument, SignedDocument.signed_sha256)
        .outerjoin(SignedDocument, SignedDocument.document_id == IssuedDocument.id)
        .where(IssuedDocument.inspection_id == inspection_id)
        .order_by(IssuedDocument.issued_at, IssuedDocument.doc_no)
    )
    return tuple(
        DocumentRow(
            id=row.id,
            kind=row.kind,
            doc_no=row.doc_no,
            pdf_sha256=row.pdf_sha256,
            file_sha256=signed or row.pdf_sha256,
            is_signed=bool(signed),
            issued_at=row.issued_at,
            voided_at=row.voided_at,
        )
        for row, signed in rows
    )


def _ending(session: Session, inspection_id: UUID) -> EndingRow | None:
    row = session.get(InspectionEnd, inspection_id)
    if row is None:
        return None
    by = names_of(session, [row.ended_by])[row.ended_by]
    return EndingRow(EndReason(row.reason), row.ended_at, by)
