"""What was registered in one day, as the facts of the 执法日台账."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inspect_server.domain.errors import BadInput
from inspect_server.domain.inspection import ClosedRecord
from inspect_server.reads.case_files.compile_case import Moment, result_of
from inspect_server.reads.documents import DocumentRow
from inspect_server.reads.documents import documents as documents_of
from inspect_server.reads.record_checks import totals
from inspect_server.reads.visibility import Viewer, visible
from inspect_server.store.models.inspection import Inspection
from inspect_server.store.models.record import RecordLeaf
from inspect_server.store.models.registry import Enterprise
from pdf_templates.case_file.daily_ledger import ClosedVisit, DailyLedger, PaperStep

FIRST = date(1970, 1, 1)


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
        papers=tuple(
            step
            for row in documents_of(session, viewer)
            if (step := _step(row, begin, end)) is not None
        ),
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


def _step(row: DocumentRow, begin: datetime, end: datetime) -> PaperStep | None:
    """Return what was done with a document in that time, None for nothing."""
    moments = (("制作", row.issued_at), ("签名", row.signed_at), ("作废", row.voided_at))
    done = [name for name, at in moments if at is not None and begin <= at < end]
    return PaperStep(row.title, row.doc_no, row.enterprise, "、".join(done)) if done else None
