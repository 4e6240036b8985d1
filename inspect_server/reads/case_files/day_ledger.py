"""What was registered in one day, as the facts of the 执法日台账."""

import json
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inspect_server.domain.errors import BadInput
from inspect_server.domain.inspection import ClosedRecord
from inspect_server.reads.case_files.compile_case import Moment, result_of
from inspect_server.reads.documents import documents as documents_of
from inspect_server.reads.people import names_of
from inspect_server.reads.record_checks import totals
from inspect_server.reads.visibility import Viewer, visible
from inspect_server.store.models.inspection import Inspection
from inspect_server.store.models.record import RecordLeaf
from inspect_server.store.models.registry import Enterprise
from pdf_templates.case_file.daily_ledger import ClosedVisit, DailyLedger, PaperStep

FIRST = date(1970, 1, 1)
STEPS = {"doc.issue": "制作", "doc.sign": "签名", "doc.void": "作废"}
"""What is done with a document, by the event that notes it."""


def day_ledger(
    session: Session, viewer: Viewer, day: date, authority: str, moment: Moment
) -> DailyLedger:
    """
    Return the ledger of a local day; the total is the one at the moment of making it.

    Inspections and documents are those that the viewer may see; events are of the whole record.

    Raises:
        BadInput: The day has not come, or is one of which nothing can be on record.
    """
    if not FIRST <= day <= moment.now.astimezone(moment.zone).date():
        raise BadInput(field="台账日期", reason="应为今天或以前的日期")
    begin = datetime.combine(day, time(), moment.zone)
    end = datetime.combine(day + timedelta(days=1), time(), moment.zone)
    now = totals.current(session)
    events = session.scalar(select(func.count()).where(RecordLeaf.at >= begin, RecordLeaf.at < end))
    return DailyLedger(
        doc_no=day.isoformat(),
        authority=authority,
        made_at=moment.local(moment.now),
        day=day.isoformat(),
        visits=_visits(session, viewer, begin, end),
        papers=_papers(session, viewer, begin, end, moment),
        events=events or 0,
        items=now.items,
        total=now.total,
    )


def _visits(
    session: Session, viewer: Viewer, begin: datetime, end: datetime
) -> tuple[ClosedVisit, ...]:
    rows = session.execute(
        select(Inspection.number, Inspection.record, Enterprise.name)
        .join(Enterprise, Enterprise.id == Inspection.enterprise_id)
        .where(Inspection.closed_at >= begin, Inspection.closed_at < end, visible(viewer))
        .order_by(Inspection.number)
    )
    return tuple(
        ClosedVisit(
            number=number,
            unit=name,
            officers="、".join(
                member.name for member in sorted(closed.team, key=lambda one: one.role != "lead")
            ),
            result=result_of(closed),
        )
        for number, record, name in rows
        if record is not None
        for closed in [ClosedRecord.from_json(record)]
    )


def _papers(
    session: Session, viewer: Viewer, begin: datetime, end: datetime, moment: Moment
) -> tuple[PaperStep, ...]:
    """Return what was done with documents in that time, in its order, and by whom."""
    leaves = session.scalars(
        select(RecordLeaf)
        .where(RecordLeaf.type.in_(STEPS), RecordLeaf.at >= begin, RecordLeaf.at < end)
        .order_by(RecordLeaf.at, RecordLeaf.case_name, RecordLeaf.case_seq)
    ).all()
    events = [json.loads(leaf.content) for leaf in leaves]
    names = names_of(session, [event["actor"] for event in events])
    shown = {row.doc_no: row for row in documents_of(session, viewer)}
    return tuple(
        PaperStep(
            title=row.title,
            doc_no=row.doc_no,
            unit=row.enterprise,
            step=STEPS[leaf.type],
            at=moment.local(leaf.at),
            by=names[event["actor"]],
        )
        for leaf, event in zip(leaves, events, strict=True)
        if (row := shown.get(event["body"]["doc_no"])) is not None
    )
