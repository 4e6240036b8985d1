"""
What the record says of papers that are made of it and not registered as documents.

Of case files and ledgers the data inside is compared item by item with the record, and what is not
compared is named; papers of a draw are known by their hash.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspect_server.reads.case_files.match_draw_paper import match_draw_paper
from inspect_server.reads.case_files.paper import PaperMatch, plain
from inspect_server.reads.record_checks import check_cases, totals
from inspect_server.store import documents
from inspect_server.store import record as store
from inspect_server.store.models.inspection import Inspection, IssuedDocument
from pdf_templates import catalogue
from pdf_templates.errors import DocumentError
from pdf_templates.facts import content_sha256
from pdf_templates.setting.faces import Fonts, using

LEDGER = {"day", "visits", "papers", "events", "items", "total"}
"""Names of facts by which a ledger is told from other papers."""
OWN_PAPERS = ("inspection_cover", "process_record")
"""Made with the case file, not registered as documents."""
LARGEST = 1_000_000
"""Characters of the facts of a ledger that is set again; a real one has a few thousand."""
BROKEN = (ValueError, TypeError, KeyError, AttributeError, RecursionError)
"""What data of a made-up file comes to."""


def match_paper(
    session: Session, fonts: Fonts, *, facts: str, case: str, sha256: str
) -> PaperMatch | None:
    """
    Return how a case file, a ledger or a paper of a draw agrees; None for any other paper.

    Args:
        session: Reading.
        fonts: What a ledger is set in again.
        facts: The text of facts.json inside; "" for none.
        case: The text of case.json inside; "" for none.
        sha256: Of the file.
    """
    inside = _object(facts or case)
    if facts and inside.keys() >= LEDGER:
        return _ledger(session, fonts, inside, facts, sha256)
    if not facts and inside:
        return _case_file(session, inside)
    return match_draw_paper(session, sha256, inside)


def _object(text: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text) if text else {}
    except BROKEN:
        return {}
    return found if isinstance(found, dict) else {}


def _ledger(
    session: Session, fonts: Fonts, inside: Mapping[str, Any], facts: str, sha256: str
) -> PaperMatch:
    match = PaperMatch(f"执法日台账，台账所记日期 {plain(inside['day'])}")
    try:
        visits = [plain(one["number"]) for one in inside["visits"]]
        papers = [plain(one["doc_no"]) for one in inside["papers"]]
    except BROKEN:
        match.wrong.append("所附内容数据不是本系统制作的台账。")
        return match
    _total(session, match, inside["total"], inside["items"])
    _known(match, "检查编号", visits, session.scalars(select(Inspection.number)))
    _known(match, "文号", papers, session.scalars(select(IssuedDocument.doc_no)))
    match.unproven.append(
        "所载单位、人员、检查结果、办理情况和当日事件条数未逐项比对：有疑问的，请重新制作当日台账，"
        "逐项对照。"
    )
    if len(facts) <= LARGEST and _ledger_again(fonts, inside) == sha256:
        match.agreed.append("页面与按所附内容数据重新排印的逐字节一致。")
    else:
        match.unproven.append(
            "页面与按所附内容数据重新排印的不同：页面可能被改动，也可能是以其他字体或其他版本的程序"
            "制作的。"
        )
    return match


def _ledger_again(fonts: Fonts, inside: Mapping[str, Any]) -> str:
    """Return the hash of the ledger when it is set again; "" where it cannot be."""
    try:
        with using(fonts):
            return hashlib.sha256(catalogue.render("daily_ledger", inside)).hexdigest()
    except DocumentError:
        return ""


def _total(session: Session, match: PaperMatch, total: Any, items: Any = None) -> None:
    """Compare a total with those that the record ever had, after the chain of totals itself."""
    if faults := list(totals.faults(session)):
        match.wrong.append(f"本库的登记总值有 {len(faults)} 处不符，请运行 record verify 查看。")
    try:
        counted = totals.check_expected(session, plain(total))
    except totals.TotalUnknown:
        match.wrong.append("所载登记总值不在本库的历次总值中。")
        return
    if items is not None and items != counted:
        match.wrong.append(f"所载登记总值计 {plain(items)} 项，登记中该值计 {counted} 项。")
        return
    match.agreed.append(f"所载登记总值与登记一致（计 {counted} 项）。")


def _known(match: PaperMatch, what: str, said: Iterable[str], stored: Iterable[str]) -> None:
    listed = dict.fromkeys(said)
    unknown = listed.keys() - set(stored)
    match.wrong += [f"登记中没有所载{what}：{one}。" for one in listed if one in unknown]
    if listed and not unknown:
        match.agreed.append(f"所载{what} {len(listed)} 个，登记中都有。")


def _case_file(session: Session, inside: Mapping[str, Any]) -> PaperMatch:
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
        _total(session, match, record["ledger"])
    except BROKEN:
        match.wrong.append("所附内容数据不是本系统编制的案卷。")
        return match
    match.unproven.append(
        "封面、目录、全过程记录的文字和各页排印未逐页比对：有疑问的，请另行编制一份，逐页对照。"
    )
    return match


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
