"""From an inspection to its case file: cover, every issued document, the process record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspect_server.domain.assignment import SOURCE_NAMES
from inspect_server.domain.enums import FindingLevel
from inspect_server.domain.errors import InspectError
from inspect_server.domain.inspection import STATE_NAMES, ClosedRecord
from inspect_server.reads.documents import DocumentRow
from inspect_server.reads.documents import documents as documents_of
from inspect_server.reads.inspections.page import InspectionPage, one
from inspect_server.reads.inspections.timeline import TimelineRow
from inspect_server.reads.record_checks import check_cases, totals
from inspect_server.reads.visibility import Viewer
from inspect_server.store.models.inspection import IssuedDocument
from pdf_templates.case_file.binding import CaseFile, Filed
from pdf_templates.case_file.inspection_cover import InspectionCover
from pdf_templates.case_file.process_record import Entry, ProcessRecord
from pdf_templates.catalogue import MODULES, template
from pdf_templates.facts import from_json, to_json
from pdf_templates.parts.people import Officer


class CaseNotClosed(InspectError):
    """A case file is compiled from a closed record."""

    code, kind = "case_file.record_not_closed", "conflict"
    message = "该检查的记录尚未办结，不能编制案卷，请主办人员先办结记录。"


class CaseDamaged(InspectError):
    """What is stored of the case does not agree with its record."""

    code, kind = "case_file.damaged", "broken"
    message = (
        "该检查的全过程记录核验有 {count} 处不符，不能编制案卷，"
        "请运行 record verify {number} 查看，并从备份恢复。"
    )


@dataclass(frozen=True)
class Compiled:
    """What a case file is made of, with the files that belong to it."""

    number: str
    case: CaseFile
    documents: tuple[DocumentRow, ...]  # in the order of the file
    photos: tuple[str, ...]  # SHA-256 of the originals


@dataclass(frozen=True)
class Moment:
    """When a case file is compiled, and where."""

    now: datetime
    zone: tzinfo

    def local(self, at: datetime) -> str:
        """Return a moment with the offset of the place, to the second."""
        return at.astimezone(self.zone).replace(microsecond=0).isoformat()


def compile_case(
    session: Session, viewer: Viewer, inspection_id: UUID, authority: str, moment: Moment
) -> Compiled:
    """
    Return the case file of an inspection with a closed record.

    Raises:
        NotFound: No such inspection, or it does not concern the viewer.
        CaseNotClosed: Its record is still open.
        CaseDamaged: The record of the case does not hold.
    """
    page = one(session, viewer, inspection_id)
    if page.record is None:
        raise CaseNotClosed
    number = page.row.number
    issued = sorted(documents_of(session, viewer, inspection_no=number), key=_order)
    rows = {
        row.id: row
        for row in session.scalars(
            select(IssuedDocument).where(IssuedDocument.inspection_id == inspection_id)
        )
    }
    filed = [_filed(rows[shown.id], moment) for shown in issued]
    record = _process_record(session, page, authority, moment)
    cover = cover_of(page, page.record, authority, moment)
    case = CaseFile(
        case_no=number,
        title=f"{page.row.enterprise}行政检查案卷",
        authority=authority,
        cover=_as_filed("inspection_cover", cover, moment),
        filed=[*filed, _as_filed("process_record", record, moment)],
    )
    return Compiled(number, case, tuple(issued), photos_of(filed))


def _order(row: DocumentRow) -> tuple[int, datetime]:
    return list(MODULES).index(row.kind), row.issued_at


def _filed(row: IssuedDocument, moment: Moment) -> Filed:
    return Filed(
        kind=row.kind,
        version=row.template_version,
        facts=row.facts,
        made_on=row.issued_at.astimezone(moment.zone).date().isoformat(),
        voided=row.voided_at is not None,
    )


def _as_filed(kind: str, facts: InspectionCover | ProcessRecord, moment: Moment) -> Filed:
    version = template(kind).version
    return Filed(kind, version, to_json(facts), moment.local(moment.now)[:10])


def photos_of(filed: Sequence[Filed]) -> tuple[str, ...]:
    """Return the photos that the documents show, each once, in their order."""
    named = (
        sha256
        for one in filed
        for form in [template(one.kind, one.version)]
        for sha256 in form.photos(from_json(form.facts, one.facts))
    )
    return tuple(dict.fromkeys(named))


def cover_of(
    page: InspectionPage, record: ClosedRecord, authority: str, moment: Moment
) -> InspectionCover:
    """Return the facts of the cover, as of a moment."""
    started, ended = (
        datetime.fromisoformat(at).astimezone(moment.zone).date().isoformat()
        for at in (record.started_at, record.ended_at)
    )
    return InspectionCover(
        doc_no=page.row.number,
        authority=authority,
        made_at=moment.local(moment.now),
        unit=record.enterprise.get("name", page.row.enterprise),
        uscc=record.enterprise.get("uscc", page.row.uscc),
        source=SOURCE_NAMES.get(record.source, record.source),
        draw_no=record.draw_no,
        inspected_on=started,
        inspected_until=ended,
        officers=tuple(
            Officer(member.name, member.cert_no, member.unit)
            for member in sorted(record.team, key=lambda member: member.role != "lead")
        ),
        result=result_of(record),
        state=STATE_NAMES[page.row.state],
        archived_on="",
        archive_no="",
        retention="",
    )


def result_of(record: ClosedRecord) -> str:
    """Return how many problems were found, major among them, corrected on site and referred."""
    found = record.findings
    if not found:
        return "未发现问题"
    major = sum(one.level == FindingLevel.MAJOR for one in found)
    corrected = sum(one.corrected_on_site for one in found)
    said = f"发现问题{len(found)}项"
    said += f"，其中重大事故隐患{major}项" if major else ""
    said += f"；当场改正{corrected}项" if corrected else ""
    referred = sum(one.is_referred for one in found)
    return said + (f"；线索移送{referred}项" if referred else "")


def _process_record(
    session: Session, page: InspectionPage, authority: str, moment: Moment
) -> ProcessRecord:
    number = page.row.number
    checks = check_cases(session, f"inspection/{number}")
    faults = sum(len(check.faults) for check in checks)
    if faults:
        raise CaseDamaged(count=faults, number=number)
    entries = tuple(entry_of(row, moment) for row in page.timeline)
    return ProcessRecord(
        doc_no=number,
        authority=authority,
        made_at=moment.local(moment.now),
        subject=page.row.enterprise,
        entries=entries,
        head=entries[-1].leaf,
        ledger=totals.current(session).total,
        verified=verified(len(entries)),
    )


def verified(count: int) -> str:
    """Return what a process record says of the check of its events."""
    return (
        f"制作本记录时已逐条核验：{count}条事件哈希相符、前后相连、序号连续，与数据库各行各列相符。"
    )


def entry_of(row: TimelineRow, moment: Moment) -> Entry:
    """Return an event as the process record has it."""
    return Entry(
        seq=row.seq,
        noted_at=moment.local(row.at),
        happened_at=moment.local(row.phone_at) if row.phone_at else "",
        event=row.title,
        said=row.said,
        actor=row.actor,
        carrier=row.carrier,
        leaf=row.leaf,
    )
