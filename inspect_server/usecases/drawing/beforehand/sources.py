"""The public values that a commit may name: still to come, and named by no other commit."""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from inspect_server.domain.draw.entropy import Source, SourceKind
from inspect_server.domain.draw.errors import IssueKnown, IssueUsed
from inspect_server.domain.draw.publications.issues import ISSUES
from inspect_server.domain.errors import BadInput, InspectError
from inspect_server.store import draws


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


def check_to_come(source: Source, now: datetime) -> None:
    """
    Refuse a source that cannot be declared, or whose value may be known.

    Raises:
        BadEntropy, IssueKnown: Which, and from which issue on it can be.
    """
    source.check()
    if source.may_be_known(now):
        first = ISSUES[source.name].next_after(now)
        raise IssueKnown(name=source.name, issue=source.issue, first=first)


def check_unused(session: Session, sources: Sequence[Source]) -> None:
    """
    Refuse an issue that any commit named, a void one too: it may be known by now.

    Raises:
        IssueUsed: By which draw.
    """
    wanted = {(one.name, one.issue) for one in sources if one.kind is SourceKind.PUBLIC}
    for body in map(json.loads, draws.commit_bodies(session)):
        for source in body["sources"]:
            if (source["name"], source["issue"]) in wanted:
                raise IssueUsed(name=source["name"], issue=source["issue"], draw_no=body["draw_no"])


def obstacles(session: Session, sources: Sequence[Source], now: datetime) -> list[str]:
    """Return why a commit now could not name these, as it would say it."""
    found = []
    for source in sources:
        try:
            check_to_come(source, now)
            check_unused(session, [source])
        except InspectError as refused:
            found.append(str(refused))
    return found
