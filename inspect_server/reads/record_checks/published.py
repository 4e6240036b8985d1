"""
What is public of each draw, and what is stated to become public, compared with the record.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from inspect_server.reads.record_checks.replay import Event
from inspect_server.reads.record_checks.rows import Found, Row, read
from inspect_server.reads.record_checks.sealed import opens, values
from inspect_server.store import publications
from inspect_server.store.models.blobs import Blob
from inspect_server.store.models.disclosure import (
    NoticeKind,
    PublishedFile,
    PublishedNotice,
    StatedResult,
)
from inspect_server.store.models.planning import DrawLeaf

NOTICE, RESULTS, CORRECTED = "disclosure.published", "disclosure.results", "disclosure.corrected"
STATED = "disclosure.stated"
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
    yield from _stated(session, [event for event in events if event.type == STATED])


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


def _stated(session: Session, events: Sequence[Event]) -> Iterator[Found]:
    """
    Yield which stated results are other than their events say, at any time before or after
    publication; an event names the enterprise by its leaf, as all that may be published does.
    """
    rows = _rows_stated(session)
    reasons = values(session, [str(event.body["reason"]) for event in events])
    for event in events:
        body = event.body
        title = f"抽取 {body['draw_no']} 企业 {str(body['leaf'])[:16]} 登记的检查结果"
        row = rows.pop((str(body["draw"]), str(body["leaf"])), None)
        if row is None:
            yield event.case, f"{title}：全过程记录中有事件，数据库中已缺失"
            continue
        said = {
            "result": body["result"],
            "stated_on": body.get("stated_on", row["stated_on"]),
            "stated_at": event.at,
            "stated_by": event.actor,
        }
        sealed = reasons.get(str(body["reason"]))  # None once it was erased
        holds = sealed is None or opens(sealed, str(body["reason"]), row["reason"])
        wrong = [name for name, value in said.items() if row[name] != value]
        for name in [*wrong, *([] if holds else ["reason"])]:
            yield event.case, f"{title}：{name} 与全过程记录不符"
    for draw_id, leaf in rows:
        yield "", f"抽取 {draw_id} 企业 {leaf[:16]} 登记的检查结果：全过程记录中没有相应事件"


def _rows_stated(session: Session) -> dict[tuple[str, str], Row]:
    """Return the stored statements by draw and leaf; the id stands for a leaf that is not there."""
    leaves = {
        (str(draw_id), str(enterprise_id)): leaf
        for draw_id, enterprise_id, leaf in session.execute(
            select(DrawLeaf.draw_id, DrawLeaf.enterprise_id, DrawLeaf.commitment).join(
                StatedResult,
                and_(
                    StatedResult.draw_id == DrawLeaf.draw_id,
                    StatedResult.enterprise_id == DrawLeaf.enterprise_id,
                ),
            )
        )
    }
    keyed = {}
    for row in read(session, StatedResult.__tablename__):
        draw_id, enterprise_id = str(row["draw_id"]), str(row["enterprise_id"])
        keyed[draw_id, leaves.get((draw_id, enterprise_id), enterprise_id)] = row
    return keyed
