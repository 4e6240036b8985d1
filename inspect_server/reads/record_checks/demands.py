"""What must exist because something else does: counts, numbers, the journal and its cases."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Uuid, and_, cast, func, select
from sqlalchemy.orm import Session

from inspect_server.domain.record import moment
from inspect_server.reads.record_checks.replay import Event
from inspect_server.reads.record_checks.rows import Found
from inspect_server.store.models.inspection import DocumentCounter, Inspection
from inspect_server.store.models.journal import BlobLink, JournalEntry, Operation, Replica
from inspect_server.store.models.planning import (
    ChainValue,
    DrawLeaf,
    DrawOfficer,
    DrawPartnerTeam,
    DrawTeam,
)
from inspect_server.store.models.replacing import DrawReplacement

By = Mapping[str, Sequence[Event]]
"""The events of the whole record by type."""
JOURNAL = "journal"
DRAWN: Mapping[tuple[str, str], tuple[tuple[type[Any], ...], Any, str]] = {
    ("draw.committed", "included"): ((DrawLeaf,), DrawLeaf.included, "抽取池企业"),
    ("draw.committed", "excluded"): ((DrawLeaf,), ~DrawLeaf.included, "排除企业"),
    ("draw.committed", "officers"): ((DrawOfficer,), None, "执法人员"),
    ("draw.revealed", "selected"): ((DrawLeaf,), DrawLeaf.selected, "抽中企业"),
    ("draw.revealed", "places"): ((DrawTeam, DrawPartnerTeam), None, "检查组成员"),
}
"""How many rows an event of a draw says there are, of which tables together."""
NUMBERED = {"check_documents": "文书", "inspection": "检查任务"}
"""Counters, and what they number."""


def unmet(session: Session, by: By) -> Iterator[Found]:
    """Yield everything that ought to exist and does not, or exists without what it rests on."""
    for check in CHECKS:
        yield from check(session, by)


def _drawn(session: Session, by: By) -> Iterator[Found]:
    for (type, name), (tables, condition, title) in DRAWN.items():
        found = Counter[str]()
        for table in tables:
            counted = select(cast(table.draw_id, Uuid), func.count()).group_by(table.draw_id)
            if condition is not None:
                counted = counted.where(condition)
            found.update({str(id): count for id, count in session.execute(counted)})
        for event in by.get(type, ()):
            said = event.body.get(name)
            if said is not None and found[str(event.body.get("draw"))] != said:
                yield event.case, f"抽取 {event.body.get('draw_no')}：{title}的行数与记录不符"


def _revealed(session: Session, by: By) -> Iterator[Found]:
    """A chain's value was revealed with its draw, or with the replacement that waited for it."""
    drawn = {str(event.body.get("draw")): event for event in by.get("draw.revealed", ())}
    replaced = {event.body.get("request_leaf"): event for event in by.get("draw.replaced", ())}
    asked_for = and_(
        DrawReplacement.chain_id == ChainValue.chain_id,
        DrawReplacement.position == ChainValue.position,
    )
    values = select(
        ChainValue.draw_id,
        ChainValue.position,
        ChainValue.revealed_at,
        DrawReplacement.request_leaf,
    ).outerjoin(DrawReplacement, asked_for)
    for draw_id, position, revealed_at, request in session.execute(values):
        event = replaced.get(request) if request else drawn.get(str(draw_id))
        if event is None or moment(revealed_at) != event.at:
            case = event.case if event else ""
            yield case, f"哈希链第 {position} 个值：揭示时间与全过程记录不符"


def _numbers(session: Session, by: By) -> Iterator[Found]:
    """Numbers are given one after another; the counter stands at the last."""
    given: dict[tuple[str, int], set[int]] = {}
    for event in by.get("doc.issue", ()):
        if "serial" in event.body:
            key = ("check_documents", int(event.body["year"]))
            given.setdefault(key, set()).add(int(event.body["serial"]))
    for event in by.get("scheme.made", ()):
        in_year, _, serial = event.case.partition("/")[2].partition("-")
        given.setdefault(("inspection", int(in_year)), set()).add(int(serial))
    stored = {
        (kind, year): last
        for kind, year, last in session.execute(
            select(DocumentCounter.kind, DocumentCounter.year, DocumentCounter.last_serial)
        )
    }
    for key in sorted(given.keys() | stored.keys()):
        kind, year = key
        numbers, last = given.get(key, set()), stored.get(key)
        title = f"{NUMBERED.get(kind, kind)} {year} 年"
        if last != max(numbers, default=None) and kind in NUMBERED:
            yield "", f"{title}编号登记为 {last}，与记录中的末号 {max(numbers, default='无')} 不符"
        gaps = set(range(1, max(numbers, default=0) + 1)) - numbers
        if gaps:
            yield "", f"{title}编号有缺：{'、'.join(map(str, sorted(gaps)[:10]))}"


def _visited(session: Session, _: By) -> Iterator[Found]:
    """What phones delivered and the server applied belongs to an inspection that is there."""
    applied = (
        select(JournalEntry.assignment)
        .where(
            JournalEntry.assignment.is_not(None),
            JournalEntry.effect.in_(("applied", "conflict")),
            JournalEntry.assignment.not_in(select(Inspection.id)),
        )
        .distinct()
    )
    for assignment in session.scalars(applied):
        yield JOURNAL, f"手机日志中有检查 {assignment} 的记录，检查任务却已不在数据库中"


def _reached(session: Session, by: By) -> Iterator[Found]:
    """Each phone's chain reaches as far as the record last said."""
    said = {event.body["replica"]: event.body for event in by.get("journal.extended", ())}
    rebuilt = "journal.rebuilt" in by
    rows = session.execute(select(Replica.id, Replica.upto_seq, Replica.head_hash))
    for id, upto_seq, head_hash in rows:
        last = said.pop(id, None)
        if last is None:
            if upto_seq:
                yield JOURNAL, f"手机 {id[:16]} 已有 {upto_seq} 条日志，全过程记录中没有送达登记"
        elif (last["upto_seq"], last["head_hash"]) != (upto_seq, head_hash) and not rebuilt:
            yield JOURNAL, f"手机 {id[:16]} 的送达进度与全过程记录不符"
    for id in said:
        yield JOURNAL, f"手机 {id[:16]} 在全过程记录中有送达登记，手机登记却已缺失"


def _steps(session: Session, by: By) -> Iterator[Found]:
    """The steps that events name by an entry's hash stand in the journal."""
    named = Counter[str]()
    for events in by.values():
        for event in events:
            if isinstance(entry := event.body.get("entry"), str):
                named[entry] += 1
    hashes = sorted(named)
    for start in range(0, len(hashes), 500):
        part = hashes[start : start + 500]
        known = set(session.scalars(select(JournalEntry.hash).where(JournalEntry.hash.in_(part))))
        for lost in sorted(set(part) - known):
            yield JOURNAL, f"全过程记录引用的手机日志 {lost[:16]} 已缺失"


def _links(session: Session, _: By) -> Iterator[Found]:
    """Which entry cites which file follows from the entry's operations."""
    links = session.execute(
        select(BlobLink.entry_hash, BlobLink.sha256, BlobLink.replica_id, BlobLink.assignment)
    )
    cited = session.execute(
        select(
            Operation.entry_hash,
            Operation.blob_sha256,
            JournalEntry.replica_id,
            JournalEntry.assignment,
        )
        .join(JournalEntry, JournalEntry.hash == Operation.entry_hash)
        .where(Operation.blob_sha256 != "")
    )
    differing = {tuple(row) for row in links} ^ {tuple(row) for row in cited}
    for entry in sorted({str(row[0]) for row in differing}):
        yield JOURNAL, f"手机日志 {entry[:16]} 引用的文件与登记不符"


CHECKS: tuple[Callable[[Session, By], Iterator[Found]], ...] = (
    _drawn,
    _revealed,
    _numbers,
    _visited,
    _reached,
    _steps,
    _links,
)
