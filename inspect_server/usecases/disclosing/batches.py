"""Publishing a batch once its checks are over: certificate, lists, openings and results."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from inspect_server.domain.calendar import Calendar
from inspect_server.domain.deadlines import Deadline
from inspect_server.domain.disclosure import (
    Batch,
    BatchNotOver,
    Result,
    publication_due,
    result_due,
)
from inspect_server.domain.enums import Role
from inspect_server.domain.errors import BadInput, InspectError
from inspect_server.domain.identity import require
from inspect_server.gateways.calendar import load_calendar
from inspect_server.store import publications
from inspect_server.store.drawing import draws
from inspect_server.store.models.disclosure import NoticeKind, PublishedNotice
from inspect_server.store.models.planning import Draw, DrawState
from inspect_server.usecases.disclosing import evidence
from inspect_server.usecases.disclosing.evidence import ResultRow
from inspect_server.usecases.disclosing.identities import open_drawn
from inspect_server.usecases.disclosing.notices import CASE, publish, publish_missing
from inspect_server.usecases.disclosing.owners import check_decides
from inspect_server.usecases.drawing.verify_draw import NotRevealedYet
from inspect_server.usecases.record import note
from inspect_server.usecases.work import Work

LONGEST_REASON = 200


class AlreadyPublished(InspectError):
    """The same batch, unchanged, is public."""

    code, kind = "disclosure.already_published", "conflict"
    message = (
        "抽取 {draw_no} 已公示，内容没有变化；要更正某家企业的结果，请用“disclosure correct”。"
    )


class ReasonNeeded(InspectError):
    """What is public is corrected in the open."""

    code, kind = "disclosure.reason_needed", "invalid"
    message = "抽取 {draw_no} 已公示，再次公示属于更正，请用 --reason 写明更正原因（将一并公示）。"


@dataclass(frozen=True)
class BatchPreview:
    """What publishing now would show, and by when it has to be done."""

    draw_id: UUID
    draw_no: str
    state: DrawState
    selected: int
    open_checks: int
    over_on: date | None
    due: Deadline | None
    published_at: datetime | None
    revision: int  # of the notice in force, 0 without one
    results: tuple[ResultRow, ...]
    files: tuple[tuple[str, int], ...]  # name, bytes

    @property
    def may_publish(self) -> bool:
        """Whether nothing would be given away."""
        return self.over_on is not None


@dataclass(frozen=True)
class PublishedBatch:
    """What has been made public."""

    draw_id: UUID
    draw_no: str
    revision: int
    results: int
    files: tuple[str, ...]
    due_on: date
    late: bool


@dataclass(frozen=True)
class Published:
    """What one run of the job made public."""

    notices: int
    batches: tuple[str, ...]
    results: int
    waiting: tuple[str, ...]  # batches that are not over though results of theirs were due


def preview_batch(work: Work, draw_id: UUID) -> BatchPreview:
    """
    Show what would be published of a draw, publishing nothing; the audit notes who looked.

    Raises:
        Forbidden: The actor is neither supervisor nor auditor.
        IdentitiesSealed: The draw is another unit's.
        NotFound: No such draw.
        NotRevealedYet: It has no result.
    """
    require(work.actor.roles, Role.SUPERVISOR, Role.AUDITOR, action="预览公示内容")
    draw = _drawn(work, draw_id)
    open_drawn(work, draw_id, "disclosure")
    return _preview(work, draw, load_calendar(work.settings.data_dir))


def how_far(work: Work, draw_id: UUID) -> BatchPreview:
    """
    Return how far a batch is, in figures: its results and files stay out.

    Raises:
        Forbidden: The actor is neither supervisor nor auditor.
        NotFound: No such draw.
        NotRevealedYet: It has no result.
    """
    require(work.actor.roles, Role.SUPERVISOR, Role.AUDITOR, action="查看公示进度")
    found = _preview(work, _drawn(work, draw_id), load_calendar(work.settings.data_dir))
    return replace(found, results=(), files=())


def publish_batch(work: Work, draw_id: UUID, reason: str = "") -> PublishedBatch:
    """
    Publish a batch whose checks are over; a later, changed one is a correction with its reason.

    Raises:
        Forbidden, DrawOfAnotherUnit: The actor is no supervisor, or none of the draw's unit.
        NotFound: No such draw.
        NotRevealedYet: It has no result.
        BatchNotOver: A check is still to come.
        AlreadyPublished: Nothing changed since.
        ReasonNeeded: It is public, and no reason was given for the correction.
        BadInput: The reason is too long or not of one line.
    """
    require(work.actor.roles, Role.SUPERVISOR, action="公示抽查结果")
    checked_reason(reason)
    draw = _drawn(work, draw_id)
    check_decides(work.actor, draw, "公示抽查结果")
    return _publish(work, draw, load_calendar(work.settings.data_dir), reason)


def publish_due(work: Work) -> Published:
    """
    Publish everything whose day has come, as the job does each morning.

    A batch that is over is published on its last day at the latest. Where a check is still to come,
    the results that are due are published by themselves; certificate and lists wait.
    """
    calendar = load_calendar(work.settings.data_dir)
    today = work.now.astimezone(work.settings.zone).date()
    notices = publish_missing(work)
    done, waiting, results = [], [], 0
    for listed in publications.draws_with_a_result(work.session):
        if publications.newest_notice(work.session, NoticeKind.BATCH, listed.draw_no):
            continue
        draw = draws.lock(work.session, listed.id)
        found = _preview(work, draw, calendar)
        if found.due is not None:
            if found.due.last_day <= today:
                results += _publish(work, draw, calendar, "").results
                done.append(draw.draw_no)
            continue
        ripe = [row for row in found.results if _is_due(row, calendar, today)]
        added = _add_results(work, draw.draw_no, ripe)
        results += added
        if ripe:
            waiting.append(draw.draw_no)
        if added:
            _note_results(work, draw.draw_no, added)
    return Published(notices, tuple(done), results, tuple(waiting))


def checked_reason(reason: str) -> str:
    """
    Return a reason that can be printed.

    Raises:
        BadInput: Too long, or not of one line.
    """
    if len(reason) > LONGEST_REASON or not reason.isprintable():
        raise BadInput(field="原因", reason=f"应为一行、不超过 {LONGEST_REASON} 个字")
    return reason.strip()


def _drawn(work: Work, draw_id: UUID) -> Draw:
    draw = draws.lock(work.session, draw_id)
    if draw.state is DrawState.COMMITTED:
        raise NotRevealedYet(draw_no=draw.draw_no)
    return draw


def _preview(work: Work, draw: Draw, calendar: Calendar) -> BatchPreview:
    found = evidence.gather(work, draw)
    batch = _batch(work, draw, found)
    notice = publications.newest_notice(work.session, NoticeKind.BATCH, draw.draw_no)
    return BatchPreview(
        draw_id=draw.id,
        draw_no=draw.draw_no,
        state=draw.state,
        selected=found.selected,
        open_checks=batch.open_checks,
        over_on=batch.over_on,
        due=publication_due(batch, calendar),
        published_at=notice.published_at if notice else None,
        revision=notice.revision if notice else 0,
        results=found.results,
        files=tuple((name, len(content)) for name, content in found.files.items()),
    )


def _batch(work: Work, draw: Draw, found: evidence.Evidence) -> Batch:
    ended = publications.voided_at(work.session, draw.id) or draw.revealed_at
    return Batch(
        closings=tuple(
            row.settled_on for row in found.results if row.result is not Result.REPLACED
        ),
        open_checks=0 if draw.state is DrawState.VOID else found.open_checks,
        drawn_on=ended.astimezone(work.settings.zone).date() if ended else None,
    )


def _publish(work: Work, draw: Draw, calendar: Calendar, reason: str) -> PublishedBatch:
    found = evidence.gather(work, draw)
    batch = _batch(work, draw, found)
    due = publication_due(batch, calendar)
    if due is None or batch.over_on is None:
        raise BatchNotOver(draw_no=draw.draw_no, count=batch.open_checks)
    hashes = {name: work.blobs.put(content) for name, content in found.files.items()}
    before = publications.newest_notice(work.session, NoticeKind.BATCH, draw.draw_no)
    if before is not None:
        _check_correction(work, draw.draw_no, before, hashes, reason)
    today = work.now.astimezone(work.settings.zone).date()
    added = _add_results(work, draw.draw_no, found.results)
    body = {
        **found.facts,
        "over_on": batch.over_on.isoformat(),
        "due_on": due.last_day.isoformat(),
        "due_law": due.law,
    }
    late = before is None and today > due.last_day
    notice = publish(
        work,
        NoticeKind.BATCH,
        draw.draw_no,
        draw.visit_from.year,
        body,
        reason,
        {
            "draw": str(draw.id),
            "files": hashes,
            "results": added,
            "results_sha256": publications.results_sha256(work.session, draw.draw_no),
            "late": late,
        },
    )
    for name, content in found.files.items():
        publications.add_file(
            work.session, notice.id, name, hashes[name], len(content), evidence.MIME[name], work.now
        )
    return PublishedBatch(
        draw_id=draw.id,
        draw_no=draw.draw_no,
        revision=notice.revision,
        results=added,
        files=tuple(hashes),
        due_on=due.last_day,
        late=late,
    )


def _check_correction(
    work: Work, draw_no: str, before: PublishedNotice, hashes: Mapping[str, str], reason: str
) -> None:
    known = {file.name: file.sha256 for file in publications.files_of(work.session, before.id)}
    if known == dict(hashes):
        raise AlreadyPublished(draw_no=draw_no)
    if not reason.strip():
        raise ReasonNeeded(draw_no=draw_no)


def _add_results(work: Work, draw_no: str, rows: Sequence[ResultRow]) -> int:
    """Add the results that are not public yet; what is public is changed by corrections only."""
    known = {row.commitment for row in publications.results(work.session, draw_no)}
    new = [row for row in rows if row.commitment not in known]
    publications.add_results(
        work.session,
        (
            {
                **row.to_columns(),
                "draw_no": draw_no,
                "revision": 1,
                "published_at": work.now,
                "published_by": work.actor.label,
            }
            for row in new
        ),
    )
    return len(new)


def _is_due(row: ResultRow, calendar: Calendar, today: date) -> bool:
    return result_due(row.settled_on, calendar).last_day <= today


def _note_results(work: Work, draw_no: str, added: int) -> None:
    sha256 = publications.results_sha256(work.session, draw_no)
    noted = {"draw_no": draw_no, "results": added, "results_sha256": sha256}
    note(work, "disclosure.results", CASE, noted)
