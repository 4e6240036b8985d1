"""
The public values of a draw.

A commit names one still to come, in time for its reveal, that no other commit names; a reveal takes
it once it can exist.
"""

import json
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from inspect_server.domain.draw.ceremony.words import source_title
from inspect_server.domain.draw.entropy import Source, SourceKind
from inspect_server.domain.draw.errors import IssueKnown, IssueNotYet, IssueTooLate, IssueUsed
from inspect_server.domain.draw.publications.issues import CHINA, ISSUES
from inspect_server.domain.errors import BadInput, InspectError
from inspect_server.store.drawing import draws


def public_source(text: str, field: str = "公开随机值") -> Source:
    """
    Return what a person names as `name/issue`.

    Raises:
        BadInput: It is not written like this.
    """
    name, slash, issue = text.strip().partition("/")
    if not slash:
        raise BadInput(field=field, reason="应为“名称/期号”，如 cwl.kl8/2026060")
    return Source(SourceKind.PUBLIC, name, issue)


def check_to_come(source: Source, now: datetime, deadline: date) -> None:
    """
    Refuse a source that cannot be declared, whose value may be known, or comes after the deadline.

    The closures on file count here, other than for a stored commit or a reveal: what they make
    late can still be exchanged for an earlier issue or a later day.

    Raises:
        BadEntropy, IssueKnown: Which, and from which issue on it can be.
        IssueTooLate: It is not to come by the day on which the draw should be revealed.
    """
    source.check()
    if source.may_be_known(now):
        first = ISSUES[source.name].next_after(now)
        raise IssueKnown(name=source_title(source), issue=source.issue, first=first)
    due = source.known_from()
    if due is not None and due.astimezone(CHINA).date() > deadline:
        raise IssueTooLate(
            name=source_title(source), issue=source.issue, first=_told(due), deadline=deadline
        )


def check_exist(sources: Sequence[Source], now: datetime) -> None:
    """
    Refuse sources of which a public value cannot exist yet.

    Raises:
        IssueNotYet: Which, and when it can be drawn at the earliest.
    """
    for source in sources:
        if (earliest := source.earliest()) is not None and now < earliest:
            raise IssueNotYet(name=source_title(source), issue=source.issue, first=_told(earliest))


def check_unused(session: Session, sources: Sequence[Source]) -> None:
    """
    Refuse an issue that any commit named, a void one too: it may be known by now.

    Raises:
        IssueUsed: By which draw.
    """
    wanted = {one for one in sources if one.kind is SourceKind.PUBLIC}
    for body in map(json.loads, draws.commit_bodies(session)):
        named = {(source["name"], source["issue"]) for source in body["sources"]}
        for one in wanted:
            if (one.name, one.issue) in named:
                raise IssueUsed(name=source_title(one), issue=one.issue, draw_no=body["draw_no"])


def obstacles(
    session: Session, sources: Sequence[Source], now: datetime, deadline: date
) -> list[str]:
    """Return why a commit now could not name these, as it would say it."""
    found = []
    for source in sources:
        try:
            check_to_come(source, now, deadline)
            check_unused(session, [source])
        except InspectError as refused:
            found.append(str(refused))
    return found


def _told(moment: datetime) -> str:
    return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M}"
