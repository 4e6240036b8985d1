"""Inspections as lists and pages show them, each only to whom it concerns."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from inspect_server.domain.assignment import Scheme
from inspect_server.domain.enums import InspectionState, Role, TeamRole
from inspect_server.domain.errors import NotFound
from inspect_server.domain.identity import Acting, reach
from inspect_server.domain.inspection import ClosedRecord
from inspect_server.reads.paging import Page, bounds, going_on
from inspect_server.reads.people import PHONE, names_of
from inspect_server.reads.visibility import Viewer, visible
from inspect_server.store import inspections as store
from inspect_server.store.models.inspection import (
    Inspection,
    InspectionForm,
    InspectionMember,
    IssuedDocument,
)
from inspect_server.store.models.journal import JournalEntry, Replica, SyncItem
from inspect_server.store.models.planning import Draw
from inspect_server.store.models.record import RecordLeaf
from inspect_server.store.models.registry import Enterprise, Officer
from sync import entries

EVENT_NAMES = {
    "scheme.made": "编制检查方案",
    "scheme.amended": "修改检查方案",
    "scheme.approved": "批准检查方案",
    "inspection.dispatched": "派发任务",
    "inspection.reassigned": "改派人员",
    "inspection.ended": "终止检查",
    "visit.started": "开始检查",
    "visit.completed": "结束检查",
    "record.signed": "签名",
    "conflict.resolved": "确认分歧",
    "entries.quarantined": "手机记录留存待处理",
    "record.closed": "办结检查记录",
    "doc.issue": "制作文书",
    "doc.void": "作废文书",
    "doc.deadline": "另定整改期限",
}


@dataclass(frozen=True)
class MemberRow:
    """Somebody who is or was on the team."""

    officer_id: UUID
    name: str
    cert_no: str
    unit: str
    role: TeamRole
    joined_at: datetime
    left_at: datetime | None
    left_reason: str


@dataclass(frozen=True)
class InspectionRow:
    """One inspection in a list."""

    id: UUID
    number: str
    state: InspectionState
    enterprise_id: UUID
    enterprise: str
    uscc: str
    source: str
    draw_no: str
    unit: str
    visit_from: date
    visit_to: date
    team: tuple[str, ...]  # names, the lead first
    conflicts: int
    closed_at: datetime | None


@dataclass(frozen=True)
class TimelineRow:
    """One leaf of the inspection's case."""

    seq: int
    type: str
    title: str
    at: datetime  # when it was noted: of what a phone brought, when that arrived
    phone_at: (
        datetime | None
    )  # when it happened by the phone's clock; None where no phone brought it
    actor: str  # the account's name, or the part of the system
    carrier: str  # whose phone delivered it in place of the actor's; else ""
    leaf: str
    body: dict[str, Any]


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
    issued_at: datetime
    voided_at: datetime | None


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
    record: ClosedRecord | None


def listing(
    session: Session,
    viewer: Viewer,
    *,
    state: InspectionState | None = None,
    draw_no: str = "",
    text: str = "",
    year: int | None = None,
    page: int = 1,
    size: int = 50,
    after: str = "",
) -> Page[InspectionRow]:
    """
    Return the inspections that somebody may see, the newest number first.

    Args:
        state: Only those in this state.
        draw_no: Only those of this draw.
        text: Part of the enterprise's name or of the number, or its whole 统一社会信用代码.
        year: Only visits that may begin in this year.
        page: From 1.
        size: Rows a page, at most paging.MAX_SIZE.
        after: The number behind which the pages begin; what an earlier page called `next`.
    """
    conditions = [visible(viewer)]
    if state is not None:
        conditions.append(Inspection.state == state)
    if draw_no:
        conditions.append(Draw.draw_no == draw_no)
    if text.strip():
        conditions.append(_matches(text.strip()))
    if year is not None:
        conditions.append(Inspection.visit_from.between(date(year, 1, 1), date(year, 12, 31)))
    limit, offset = bounds(page, size)
    total = session.scalar(
        select(func.count()).select_from(_joined(select(Inspection.id), conditions).subquery())
    )
    if after:
        conditions.append(Inspection.number < after)
    query = _joined(select(Inspection, Enterprise, Draw.draw_no), conditions)
    found = session.execute(
        query.order_by(Inspection.number.desc()).limit(limit).offset(offset)
    ).all()
    rows = _rows(session, [(one[0], one[1], one[2] or "") for one in found])
    further = going_on([row.number for row in rows], limit)
    return Page(rows, total or 0, max(page, 1), limit, further)


def one(session: Session, viewer: Viewer, inspection_id: UUID) -> InspectionPage:
    """
    Return one inspection with all that led to its state.

    Raises:
        NotFound: No such inspection, or it does not concern the viewer.
    """
    query = select(Inspection, Enterprise, Draw.draw_no)
    found = session.execute(
        _joined(query, [Inspection.id == inspection_id, visible(viewer)])
    ).first()
    if found is None:
        raise NotFound(what="该检查任务")
    visit, enterprise, draw_no = found
    timeline = _timeline(session, visit)
    names = names_of(session, [visit.scheme_made_by, visit.approved_by or ""])
    return InspectionPage(
        row=_rows(session, [(visit, enterprise, draw_no or "")])[0],
        scheme=Scheme.from_json(visit.scheme),
        scheme_made_by=names[visit.scheme_made_by],
        approved_at=visit.approved_at,
        approved_by=names[visit.approved_by or ""],
        dispatched_at=visit.dispatched_at,
        members=_members(session, [visit.id]).get(visit.id, ()),
        forms=_forms(session, visit.id),
        timeline=timeline,
        documents=_documents(session, visit.id),
        record=None if visit.record is None else ClosedRecord.from_json(visit.record),
    )


def id_of(session: Session, number: str) -> UUID:
    """
    Return the id of the inspection of this number.

    Raises:
        NotFound: No such number.
    """
    return store.id_of(session, number)


def of_draw_by_state(
    session: Session, viewer: Viewer, draw_id: UUID, acting: Collection[Acting] = tuple(Role)
) -> dict[InspectionState, list[tuple[str, UUID]]]:
    """
    Return number and id of those inspections of a draw that somebody reaches, by state.

    Args:
        acting: In which of their roles; all of them for reading. The states in use only, in the
            order of the procedure.
    """
    rows = session.execute(
        select(Inspection.state, Inspection.number, Inspection.id)
        .where(Inspection.draw_id == draw_id, store.reached(reach(viewer, acting)))
        .order_by(Inspection.number)
    ).all()
    by_state = {
        state: [(number, id) for found, number, id in rows if found is state]
        for state in InspectionState
    }
    return {state: found for state, found in by_state.items() if found}


def count_of_draw(session: Session, draw_id: UUID) -> int:
    """Return how many inspections a draw has led to."""
    counted = select(func.count()).where(Inspection.draw_id == draw_id)
    return session.scalar(counted) or 0


def _joined(
    query: Select[*tuple[Any, ...]], conditions: Sequence[ColumnElement[bool]]
) -> Select[*tuple[Any, ...]]:
    return (
        query.join(Enterprise, Enterprise.id == Inspection.enterprise_id)
        .outerjoin(Draw, Draw.id == Inspection.draw_id)
        .where(and_(*conditions))
    )


def _matches(text: str) -> ColumnElement[bool]:
    return or_(
        Enterprise.name.contains(text, autoescape=True),
        Inspection.number.contains(text, autoescape=True),
        Enterprise.uscc == text.upper(),
    )


def _rows(
    session: Session, found: Sequence[tuple[Inspection, Enterprise, str]]
) -> tuple[InspectionRow, ...]:
    ids = [visit.id for visit, _, _ in found]
    members = _members(session, ids)
    conflicts = _conflicts(session, ids)
    return tuple(
        InspectionRow(
            id=visit.id,
            number=visit.number,
            state=visit.state,
            enterprise_id=enterprise.id,
            enterprise=enterprise.name,
            uscc=enterprise.uscc,
            source=visit.source,
            draw_no=draw_no,
            unit=visit.unit,
            visit_from=visit.visit_from,
            visit_to=visit.visit_to,
            team=_team(visit, members.get(visit.id, ())),
            conflicts=conflicts.get(visit.id, 0),
            closed_at=visit.closed_at,
        )
        for visit, enterprise, draw_no in found
    )


def _team(visit: Inspection, members: Sequence[MemberRow]) -> tuple[str, ...]:
    """Return who goes: before dispatch only the scheme names them."""
    if visit.dispatched_at is None:
        return tuple(officer.name for officer in Scheme.from_json(visit.scheme).officers)
    return tuple(member.name for member in members if member.left_at is None)


def _members(session: Session, ids: Sequence[UUID]) -> dict[UUID, tuple[MemberRow, ...]]:
    rows = session.execute(
        select(InspectionMember, Officer)
        .join(Officer, Officer.id == InspectionMember.officer_id)
        .where(InspectionMember.inspection_id.in_(ids))
        .order_by(InspectionMember.role, InspectionMember.joined_at, Officer.cert_no)
    )
    found: dict[UUID, tuple[MemberRow, ...]] = {}
    for member, officer in rows:
        row = MemberRow(
            officer_id=officer.id,
            name=officer.name,
            cert_no=officer.cert_no,
            unit=officer.unit,
            role=member.role,
            joined_at=member.joined_at,
            left_at=member.left_at,
            left_reason=member.left_reason or "",
        )
        found[member.inspection_id] = (*found.get(member.inspection_id, ()), row)
    return found


def _conflicts(session: Session, ids: Sequence[UUID]) -> dict[UUID, int]:
    rows = session.execute(
        select(SyncItem.assignment, func.count())
        .where(SyncItem.assignment.in_(ids), SyncItem.conflict)
        .group_by(SyncItem.assignment)
    )
    return {assignment: count for assignment, count in rows if assignment is not None}


def _forms(session: Session, inspection_id: UUID) -> tuple[FormRow, ...]:
    rows = session.scalars(
        select(InspectionForm)
        .where(InspectionForm.inspection_id == inspection_id)
        .order_by(InspectionForm.name)
    )
    return tuple(FormRow(row.name, row.version, row.content_sha256) for row in rows)


def _documents(session: Session, inspection_id: UUID) -> tuple[DocumentRow, ...]:
    rows = session.scalars(
        select(IssuedDocument)
        .where(IssuedDocument.inspection_id == inspection_id)
        .order_by(IssuedDocument.issued_at, IssuedDocument.doc_no)
    )
    return tuple(
        DocumentRow(row.id, row.kind, row.doc_no, row.pdf_sha256, row.issued_at, row.voided_at)
        for row in rows
    )


def _timeline(session: Session, visit: Inspection) -> tuple[TimelineRow, ...]:
    leaves = session.scalars(
        select(RecordLeaf)
        .where(RecordLeaf.case_name == f"inspection/{visit.number}")
        .order_by(RecordLeaf.case_seq)
    ).all()
    events = [json.loads(leaf.content) for leaf in leaves]
    carriers = [f"{PHONE}{event['body'].get('carrier', '')}" for event in events]
    names = names_of(session, [*(event["actor"] for event in events), *carriers]) | {PHONE: ""}
    walls = _walls(session, [event["body"].get("entry", "") for event in events])
    return tuple(
        TimelineRow(
            seq=leaf.case_seq,
            type=leaf.type,
            title=EVENT_NAMES.get(leaf.type, leaf.type),
            at=leaf.at,
            phone_at=walls.get(event["body"].get("entry", "")),
            actor=names[event["actor"]],
            carrier=names[carrier],
            leaf=leaf.leaf,
            body=event["body"],
        )
        for leaf, event, carrier in zip(leaves, events, carriers, strict=True)
    )


def _walls(session: Session, hashes: Sequence[str]) -> dict[str, datetime]:
    """Return when the phones' entries of these hashes were made, by their phones' clocks."""
    rows = session.execute(
        select(JournalEntry.hash, JournalEntry.content)
        .join(Replica, Replica.id == JournalEntry.replica_id)
        .where(JournalEntry.hash.in_(hashes), Replica.is_server.is_(False))
    )
    return {hash: datetime.fromisoformat(entries.parse(content).wall) for hash, content in rows}
