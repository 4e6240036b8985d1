"""What the public may read: notices, results and files as they were published, and nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inspect_server.domain.disclosure import Result
from inspect_server.domain.errors import NotFound
from inspect_server.reads.paging import Page, bounds
from inspect_server.store import publications as store
from inspect_server.store.models.disclosure import (
    NoticeKind,
    PublishedFile,
    PublishedNotice,
    PublishedResult,
)


@dataclass(frozen=True)
class Notice:
    """One notice as it was published."""

    subject: str
    revision: int
    year: int
    body: Mapping[str, Any]
    reason: str
    published_at: datetime


@dataclass(frozen=True)
class BatchLine:
    """One draw in the list: what was promised, and what is public of its batch."""

    draw_no: str
    commit: Notice
    batch: Notice | None


@dataclass(frozen=True)
class Index:
    """Everything that the first page shows."""

    batches: tuple[BatchLine, ...]
    years: tuple[int, ...]  # of which rules or anchors are public, the newest first


@dataclass(frozen=True)
class Year:
    """Rules and anchors of one year; the rules with every earlier version."""

    year: int
    anchors: tuple[Notice, ...]
    rules: tuple[Notice, ...]  # the newest first


@dataclass(frozen=True)
class Earlier:
    """A result that was corrected later."""

    result: Result
    reason: str
    published_at: datetime


@dataclass(frozen=True)
class ResultLine:
    """The result of one enterprise in force, with what was public before it."""

    commitment: str
    cell: str
    uscc: str
    name: str
    number: str
    authority: str
    checked_on: date | None
    items: tuple[str, ...]
    team: tuple[tuple[str, str], ...]
    result: Result
    reason: str
    published_at: datetime
    earlier: tuple[Earlier, ...]


@dataclass(frozen=True)
class File:
    """One file of one revision of a batch."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Revision:
    """One revision of a batch with its files."""

    notice: Notice
    files: tuple[File, ...]


@dataclass(frozen=True)
class DrawPage:
    """All that is public of one draw."""

    draw_no: str
    commit: Notice
    revisions: tuple[Revision, ...]  # the newest first; none before the batch is public
    results: Page[ResultLine]
    counts: tuple[tuple[Result, int], ...]

    @property
    def batch(self) -> Revision | None:
        """The revision in force."""
        return self.revisions[0] if self.revisions else None


def version(session: Session) -> str:
    """Return what changes whenever anything is published: the tables only grow."""
    notices = session.scalar(select(func.count()).select_from(PublishedNotice)) or 0
    results = session.scalar(select(func.count()).select_from(PublishedResult)) or 0
    return f"{notices}.{results}"


def index(session: Session) -> Index:
    """Return the batches, the last committed first, and the years that have rules."""
    batches = {row.subject: _notice(row) for row in store.newest_notices(session, NoticeKind.BATCH)}
    commits = store.newest_notices(session, NoticeKind.COMMIT)
    years = session.scalars(
        select(PublishedNotice.year)
        .where(PublishedNotice.kind.in_((NoticeKind.ANCHOR, NoticeKind.RULES)))
        .distinct()
    )
    return Index(
        tuple(BatchLine(row.subject, _notice(row), batches.get(row.subject)) for row in commits),
        tuple(sorted(years, reverse=True)),
    )


def year(session: Session, number: int) -> Year:
    """
    Return rules and anchors of a year.

    Raises:
        NotFound: Nothing of it is public.
    """
    anchors = [
        row for row in store.newest_notices(session, NoticeKind.ANCHOR) if row.year == number
    ]
    rules = store.notices_of(session, NoticeKind.RULES, str(number))
    if not anchors and not rules:
        raise NotFound(what=f" {number} 年已公布的抽查规则")
    return Year(
        number,
        tuple(map(_notice, sorted(anchors, key=lambda row: (row.body["kind"], row.published_at)))),
        tuple(map(_notice, reversed(rules))),
    )


def draw(session: Session, draw_no: str, page: int = 1, size: int = 100) -> DrawPage:
    """
    Return what is public of one draw.

    Raises:
        NotFound: No draw of this number has been committed to in public.
    """
    commit = store.newest_notice(session, NoticeKind.COMMIT, draw_no)
    if commit is None:
        raise NotFound(what=f"编号为 {draw_no} 的公示批次")
    revisions = [
        Revision(
            _notice(row),
            tuple(
                File(file.name, file.sha256, file.size) for file in store.files_of(session, row.id)
            ),
        )
        for row in reversed(store.notices_of(session, NoticeKind.BATCH, draw_no))
    ]
    return DrawPage(
        draw_no,
        _notice(commit),
        tuple(revisions),
        _results(session, draw_no, page, size),
        _counts(session, draw_no),
    )


def file(session: Session, draw_no: str, revision: int, name: str) -> File:
    """
    Return one published file.

    Raises:
        NotFound: It is not public.
    """
    found = session.scalar(
        select(PublishedFile)
        .join(PublishedNotice, PublishedNotice.id == PublishedFile.notice_id)
        .where(
            PublishedNotice.kind == NoticeKind.BATCH,
            PublishedNotice.subject == draw_no,
            PublishedNotice.revision == revision,
            PublishedFile.name == name,
        )
    )
    if found is None:
        raise NotFound(what="所请求的公示文件")
    return File(found.name, found.sha256, found.size)


def _results(session: Session, draw_no: str, page: int, size: int) -> Page[ResultLine]:
    limit, offset = bounds(page, size)
    is_shown = store.newest_results(draw_no)
    total = session.scalar(select(func.count()).select_from(PublishedResult).where(is_shown)) or 0
    rows = session.scalars(
        select(PublishedResult)
        .where(is_shown)
        .order_by(PublishedResult.uscc, PublishedResult.commitment)
        .limit(limit)
        .offset(offset)
    ).all()
    earlier = _earlier(session, draw_no, rows)
    lines = tuple(_line(row, earlier.get(row.commitment, ())) for row in rows)
    return Page(lines, total, max(page, 1), limit)


def _earlier(
    session: Session, draw_no: str, rows: Sequence[PublishedResult]
) -> dict[str, tuple[Earlier, ...]]:
    corrected = [row.commitment for row in rows if row.revision > 1]
    if not corrected:
        return {}
    newest = {row.commitment: row.revision for row in rows}
    found: dict[str, tuple[Earlier, ...]] = {}
    for row in store.results(session, draw_no, every=True):
        if row.commitment in corrected and row.revision < newest[row.commitment]:
            said = Earlier(row.result, row.reason, row.published_at)
            found[row.commitment] = (*found.get(row.commitment, ()), said)
    return found


def _counts(session: Session, draw_no: str) -> tuple[tuple[Result, int], ...]:
    rows = session.execute(
        select(PublishedResult.result, func.count())
        .where(store.newest_results(draw_no))
        .group_by(PublishedResult.result)
    )
    found = {row[0]: row[1] for row in rows}
    return tuple((result, found[result]) for result in Result if result in found)


def _line(row: PublishedResult, earlier: tuple[Earlier, ...]) -> ResultLine:
    return ResultLine(
        commitment=row.commitment,
        cell=row.cell,
        uscc=row.uscc,
        name=row.name,
        number=row.number,
        authority=row.authority,
        checked_on=row.checked_on,
        items=tuple(row.items),
        team=tuple((place, leaf) for place, leaf in row.team),
        result=row.result,
        reason=row.reason,
        published_at=row.published_at,
        earlier=earlier,
    )


def _notice(row: PublishedNotice) -> Notice:
    return Notice(row.subject, row.revision, row.year, row.body, row.reason, row.published_at)
