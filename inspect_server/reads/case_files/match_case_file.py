"""
What the record says of a case file, which is made of it and not registered as a document.

The data inside is compared item by item; where all of it agrees, the file is set again from it.
"""

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspect_server.domain.enums import Role
from inspect_server.domain.errors import InspectError
from inspect_server.reads import inspections
from inspect_server.reads.case_files.compile_case import (
    Moment,
    cover_of,
    entry_of,
    photos_of,
    verified,
)
from inspect_server.reads.case_files.paper import BROKEN, PaperMatch, compare_total, plain
from inspect_server.reads.inspections.timeline import TimelineRow
from inspect_server.reads.record_checks import check_cases
from inspect_server.store import documents
from inspect_server.store import record as store
from inspect_server.store.models.inspection import Inspection, IssuedDocument
from pdf_templates.case_file.binding import CaseFile, Filed, bind
from pdf_templates.errors import DocumentError
from pdf_templates.facts import content_sha256, to_json
from pdf_templates.photos import prepare
from pdf_templates.setting.faces import Fonts, using

OWN_PAPERS = ("inspection_cover", "process_record")
"""Made with the case file, not registered as documents."""
OF_THE_MOMENT = ("state", "archived_on", "archive_no", "retention")
"""What of a cover is of the moment of making it."""
NAMES = ("actor", "carrier")
"""What of an entry is the name that an account had when it was printed."""


@dataclass(frozen=True)
class _Reader:
    """Whoever verifies: told what agrees and what does not, and nothing of the case itself."""

    roles: frozenset[Role] = frozenset({Role.APPROVER})
    unit: str = ""
    officer_id: None = None


def match_case_file(
    session: Session,
    fonts: Fonts,
    read: Callable[[str], bytes],
    inside: Mapping[str, Any],
    sha256: str,
) -> PaperMatch:
    """
    Return how a case file agrees: its data with the record, then its bytes with its data.

    Args:
        session: Reading.
        fonts: What it is set in again.
        read: Returns the bytes of a stored file by its SHA-256, re-hashed.
        inside: What it says of itself (case.json).
        sha256: Of the file.
    """
    number = plain(inside.get("case"))
    match = PaperMatch(f"电子案卷，检查 {number}")
    try:
        own = {one["kind"]: one for one in inside["documents"] if one["kind"] in OWN_PAPERS}
        filed = [
            (plain(one["facts"]["doc_no"]), one)
            for one in inside["documents"]
            if one["kind"] not in OWN_PAPERS
        ]
        if filed and "process_record" not in own:
            match.wrong.append("登记中没有这份案卷：由 documents bind 合订，不是按登记编制的。")
            return match
        made_at = datetime.fromisoformat(own["inspection_cover"]["facts"]["made_at"])
        record = own["process_record"]["facts"]
        _documents(session, match, number, filed, made_at)
        _events(session, match, number, {one["leaf"] for one in record["entries"]})
        compare_total(session, match, record["ledger"])
        _own_papers(session, match, inside, own, made_at)
        if not match.wrong:  # all of it is what the record has, so it is safe to be set
            _pages(match, fonts, read, inside, sha256)
    except BROKEN:
        match.wrong.append("所附内容数据不是本系统编制的案卷。")
    return match


def _own_papers(
    session: Session,
    match: PaperMatch,
    inside: Mapping[str, Any],
    own: Mapping[str, Mapping[str, Any]],
    made_at: datetime,
) -> None:
    """Compare cover and process record with those that the record gives for that moment."""
    number = plain(inside["case"])
    found = session.scalar(select(Inspection.id).where(Inspection.number == number))
    page = inspections.one(session, _Reader(), found) if found else None
    if page is None or page.record is None:
        match.wrong.append("登记中没有这次检查，或者其记录尚未办结。")
        return
    moment = Moment(made_at, made_at.tzinfo or UTC)
    authority = own["inspection_cover"]["facts"]["authority"]
    cover = to_json(cover_of(page, page.record, authority, moment))
    _cover(match, own["inspection_cover"]["facts"], cover)
    _entries(match, own["process_record"]["facts"], page.timeline, moment)
    names = {inside["authority"], *(one["facts"]["authority"] for one in inside["documents"])}
    title, subject = inside["title"], own["process_record"]["facts"]["subject"]
    unit = page.row.enterprise
    if (names, title, subject) != ({authority}, f"{unit}行政检查案卷", unit):
        match.unproven.append("机关、单位或案卷的名称与登记现在的名称不同，可能此后已更名。")


def _cover(match: PaperMatch, said: Mapping[str, Any], cover: Mapping[str, Any]) -> None:
    if _without(said, OF_THE_MOMENT) != _without(cover, OF_THE_MOMENT):
        match.wrong.append("封面所载与登记不符。")
        return
    match.agreed.append("封面所载检查单位、日期、人员、结果与登记一致。")
    if said != cover:
        match.unproven.append("封面所载办理、归档情况与登记现在的情况不同，可能此后有变动。")


def _entries(
    match: PaperMatch, said: Mapping[str, Any], rows: Sequence[TimelineRow], moment: Moment
) -> None:
    """Compare the events of a process record with those that there were at its moment."""
    known = {row.leaf: to_json(entry_of(row, moment)) for row in rows}
    listed = [entry["leaf"] for entry in said["entries"]]
    pairs = [(entry, known[entry["leaf"]]) for entry in said["entries"] if entry["leaf"] in known]
    first, later = rows[: len(listed)], rows[len(listed) :]
    is_whole = listed == [row.leaf for row in first]  # unknown ones are named elsewhere
    if (len(pairs) == len(listed) and not is_whole) or any(row.at < moment.now for row in later):
        match.wrong.append("全过程记录所列事件有缺漏，或者先后不符。")
    if is_whole and first[-1].at >= moment.now + timedelta(seconds=1):
        match.wrong.append("所载编制时间早于所列事件。")
    if said["head"] != listed[-1] or said["verified"] != verified(len(listed)):
        match.wrong.append("全过程记录的核验说明与所列事件不符。")
    if any(_without(entry, NAMES) != _without(row, NAMES) for entry, row in pairs):
        match.wrong.append(
            "全过程记录所列事件的时间、内容与登记不符（以其他版本的程序编制的，措辞可能不同，请逐项对照）。"
        )
    elif any(entry != row for entry, row in pairs):
        match.unproven.append("全过程记录所列人员姓名与账号现在的姓名不同，可能此后已更名。")
    else:
        match.agreed.append("全过程记录所列事件的时间、内容、人员与登记一致。")


def _without(row: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key not in names}


def _pages(
    match: PaperMatch,
    fonts: Fonts,
    read: Callable[[str], bytes],
    inside: Mapping[str, Any],
    sha256: str,
) -> None:
    """Set the file again from its data, with the photos that are stored, and compare."""
    cover, *filed = [
        Filed(one["kind"], one["version"], one["facts"], one["made_on"], one["voided"])
        for one in inside["documents"]
    ]
    case = CaseFile(inside["case"], inside["title"], inside["authority"], cover, filed)
    try:
        shown = {name: prepare(read(name)) for name in photos_of(filed)}
        with using(fonts):
            again = bind(case, {name: copy for name, copy in shown.items() if copy is not None})
    except (DocumentError, InspectError):
        again = b""
    if hashlib.sha256(again).hexdigest() == sha256:
        match.agreed.append("各页与按所附内容数据重新编制的逐字节一致。")
        return
    match.unproven.append(
        "各页与按所附内容数据重新编制的不同：页面可能被改动，也可能是以其他字体或其他版本的程序"
        "编制的，请另行编制一份，逐页对照。"
    )


def _documents(
    session: Session,
    match: PaperMatch,
    number: str,
    filed: Sequence[tuple[str, Mapping[str, Any]]],
    made_at: datetime,
) -> None:
    issued = {row.doc_no: row for row, of, _ in documents.all_documents(session) if of == number}
    same = 0
    for doc_no, one in filed:
        row = issued.get(doc_no)
        if row is None:
            match.wrong.append(f"登记中该检查没有这份文书：{doc_no}。")
        elif content_sha256(one["facts"]) != row.content_sha256 or one["kind"] != row.kind:
            match.wrong.append(f"{doc_no} 的内容与登记的内容不符。")
        else:
            same += 1
            _validity(match, row, is_marked=bool(one["voided"]), made_at=made_at)
    if same:
        match.agreed.append(f"编入的文书 {same} 份，内容与登记一致。")
    for doc_no in sorted(issued.keys() - {doc_no for doc_no, _ in filed}):
        if issued[doc_no].issued_at > made_at:
            match.unproven.append(f"编制之后又制作了 {doc_no}，未编入。")
        else:
            match.wrong.append(f"登记中有 {doc_no}，案卷中没有。")


def _validity(
    match: PaperMatch, row: IssuedDocument, *, is_marked: bool, made_at: datetime
) -> None:
    if is_marked == (row.voided_at is not None):
        return
    if row.voided_at is not None and row.voided_at > made_at:
        match.unproven.append(f"{row.doc_no} 在编制之后已作废。")
    else:
        match.wrong.append(f"{row.doc_no} 是否作废，与登记不符。")


def _events(session: Session, match: PaperMatch, number: str, leaves: set[str]) -> None:
    case = f"inspection/{number}"
    faults = sum(len(one.faults) for one in check_cases(session, case))
    unknown = leaves - {leaf.leaf for leaf in store.leaves(session, case)}
    if faults:
        match.wrong.append(f"该案卷的全过程记录有 {faults} 处不符，请运行 record verify。")
    if unknown:
        match.wrong.append(f"全过程记录所列事件有 {len(unknown)} 条不在登记中。")
    elif leaves:
        match.agreed.append(f"全过程记录所列事件 {len(leaves)} 条，事件哈希与登记一致。")
