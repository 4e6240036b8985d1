"""
What the record says of papers that are made of it and not registered as documents.

Of case files and ledgers the data inside is compared item by item with the record, and what is not
compared is named; papers of a draw are known by their hash.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspect_server.reads.case_files.match_case_file import match_case_file
from inspect_server.reads.case_files.match_draw_paper import match_draw_paper
from inspect_server.reads.case_files.paper import (
    BROKEN,
    PaperMatch,
    compare_total,
    json_inside,
    plain,
)
from inspect_server.store.models.inspection import Inspection, IssuedDocument
from pdf_templates import catalogue
from pdf_templates.errors import DocumentError
from pdf_templates.setting.faces import Fonts, using

LEDGER = {"day", "visits", "papers", "events", "items", "total"}
"""Names of facts by which a ledger is told from other papers."""
LARGEST = 1_000_000
"""Characters of the facts of a ledger that is set again; a real one has a few thousand."""


def match_paper(
    session: Session,
    fonts: Fonts,
    read: Callable[[str], bytes],
    *,
    facts: str,
    case: str,
    sha256: str,
) -> PaperMatch | None:
    """
    Return how a case file, a ledger or a paper of a draw agrees; None for any other paper.

    Args:
        session: Reading.
        fonts: What case files and ledgers are set in again.
        read: Returns the bytes of a stored file by its SHA-256, re-hashed.
        facts: The text of facts.json inside; "" for none.
        case: The text of case.json inside; "" for none.
        sha256: Of the file.
    """
    inside = json_inside(facts or case)
    if facts and inside.keys() >= LEDGER:
        return _ledger(session, fonts, inside, facts, sha256)
    if not facts and inside:
        return match_case_file(session, fonts, read, inside, sha256)
    return match_draw_paper(session, sha256, inside)


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
    compare_total(session, match, inside["total"], inside["items"])
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


def _known(match: PaperMatch, what: str, said: Iterable[str], stored: Iterable[str]) -> None:
    listed = dict.fromkeys(said)
    unknown = listed.keys() - set(stored)
    match.wrong += [f"登记中没有所载{what}：{one}。" for one in listed if one in unknown]
    if listed and not unknown:
        match.agreed.append(f"所载{what} {len(listed)} 个，登记中都有。")
