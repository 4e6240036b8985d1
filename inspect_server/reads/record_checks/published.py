"""What is public of each draw, compared with what the record says was published."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspect_server.reads.record_checks.replay import Event
from inspect_server.reads.record_checks.rows import Found
from inspect_server.store import publications
from inspect_server.store.models.blobs import Blob
from inspect_server.store.models.disclosure import NoticeKind, PublishedFile, PublishedNotice

NOTICE, RESULTS, CORRECTED = "disclosure.published", "disclosure.results", "disclosure.corrected"
DIGEST = "results_sha256"
"""Over every result of the draw that was public after the event."""
Notice = tuple[str, str, int]
"""Kind, subject and revision."""


def faults(session: Session, events: Sequence[Event]) -> Iterator[Found]:
    """
    Yield which published results and files are not what the record says.

    Args:
        events: Of the case of what was published, in order.
    """
    said = _said(events)
    for draw_no in sorted({*said, *publications.draws_with_results(session)}):
        if draw_no not in said:
            yield "", f"抽取 {draw_no} 的公示结果：全过程记录中没有相应事件"
            continue
        sha256 = said[draw_no].body.get(DIGEST)
        if sha256 is not None and publications.results_sha256(session, draw_no) != sha256:
            yield said[draw_no].case, f"抽取 {draw_no} 的公示结果与全过程记录不符"
    yield from _files(session, events)


def not_checked(events: Sequence[Event]) -> list[str]:
    """Return what an earlier version published without its hash, so that nothing compares it."""
    return [
        f"抽取 {draw_no} 的公示结果：公示时未登记其哈希"
        for draw_no, event in sorted(_said(events).items())
        if DIGEST not in event.body
    ]


def _said(events: Sequence[Event]) -> dict[str, Event]:
    """Return by draw the last event that changed what is public of its results."""
    last: dict[str, Event] = {}
    for event in events:
        if event.type in {RESULTS, CORRECTED}:
            last[str(event.body["draw_no"])] = event
        elif event.type == NOTICE and event.body["kind"] == NoticeKind.BATCH:
            last[str(event.body["subject"])] = event
    return last


def _files(session: Session, events: Sequence[Event]) -> Iterator[Found]:
    """Yield the notices whose files are others than those that were published with them."""
    kept: dict[Notice, dict[str, Any]] = {}
    query = (
        select(
            PublishedNotice.kind,
            PublishedNotice.subject,
            PublishedNotice.revision,
            PublishedFile.name,
            PublishedFile.sha256,
            PublishedFile.size,
            Blob.size,
        )
        .join(PublishedNotice, PublishedNotice.id == PublishedFile.notice_id)
        .outerjoin(Blob, Blob.sha256 == PublishedFile.sha256)
    )
    for kind, subject, revision, name, sha256, size, bytes_kept in session.execute(query):
        files = kept.setdefault((kind.value, subject, revision), {})
        files[name] = sha256 if size == bytes_kept else None
    for event in events:
        if event.type != NOTICE:
            continue
        body: Mapping[str, Any] = event.body
        files = kept.get((body["kind"], body["subject"], body["revision"]), {})
        if files != body.get("files", {}):
            yield (
                event.case,
                f"公示 {body['subject']} 第 {body['revision']} 版的文件与全过程记录不符",
            )
