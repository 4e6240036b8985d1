"""What is found out of a paper that is made of the record and not registered as a document."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from inspect_server.reads.record_checks import totals

BROKEN = (ValueError, TypeError, LookupError, AttributeError, RecursionError, OverflowError)
"""What data of a made-up file comes to."""
LONGEST = 80
"""Characters of a number or hash; real ones have fewer."""


@dataclass
class PaperMatch:
    """What a paper is, and in sentences what of it agrees, what does not, what was not compared."""

    title: str
    agreed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    unproven: list[str] = field(default_factory=list)
    lapsed: list[str] = field(default_factory=list)  # it was so, and is no longer in force


def plain(said: Any) -> str:
    """Return what a file says, fit for a terminal and a query."""
    text = str(said)
    return text if text.isprintable() and len(text) <= LONGEST else "（不可显示）"


def compare_total(session: Session, match: PaperMatch, total: Any, items: Any = None) -> None:
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


def json_inside(text: str) -> Mapping[str, Any]:
    """Return the object that a file carries as JSON; an empty one where it carries none."""
    try:
        found = json.loads(text) if text else {}
    except BROKEN:
        return {}
    return found if isinstance(found, dict) else {}
