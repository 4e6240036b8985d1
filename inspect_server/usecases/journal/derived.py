"""What is stored of a journal beside its bytes, against what follows from them."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TypeVar

from msgspec.structs import replace
from sqlalchemy.orm import Session

from inspect_server.store import record
from inspect_server.store.journal import head as sync_head
from inspect_server.store.journal import repairs, replicas, standings
from inspect_server.store.journal import rows as journal_rows
from inspect_server.store.journal import tasks as sync_tasks
from inspect_server.store.journal.journal import SqlJournal
from inspect_server.store.journal.repairs import Repair
from inspect_server.usecases.journal.server_entries import JOURNAL
from inspect_server.usecases.phones.publish_task import SHOWN_AFTER_CLOSING
from sync import entries, replay
from sync.entries import Operation
from sync.errors import BadEntry
from sync.ids import inspection_scope
from sync.ports import Document, ItemProjection, Standing, StoredEntry
from sync.replay import Replayed, Verdict

REBUILT = "journal.rebuilt"
LAST = 1
"""The step behind all others, so that no bar is full before its work is done."""
Progress = Callable[[int], object]
Sighting = tuple[str, str]
"""User and scope."""

_T = TypeVar("_T")
_Operations = tuple[Operation, ...]


@dataclass(frozen=True)
class Differences:
    """What follows from the journal, where something else is stored; by hash, id or document id."""

    verdicts: Mapping[str, Verdict]
    operations: Mapping[str, _Operations]  # all of the entry
    links: Mapping[str, _Operations]  # all of the entry; those with files lead to links
    items: Mapping[str, ItemProjection]
    extra: Mapping[str, Document]  # as stored, though nothing in the journal leads to them
    standings: Mapping[str, Standing | None]  # None: no task was ever sent out
    heads: Mapping[str, tuple[int, str]]
    revoked: Mapping[str, datetime | None]
    seen: Mapping[Sighting, bool]  # of inspections only; True also where since when is wrong
    beyond: int  # how far entries stand behind the last position given out
    unnoted: bool  # what rebuilds corrected is not what they noted in the record

    def faults(self) -> Iterator[tuple[str, str]]:
        """Yield each with what kind it is (`verify_journal.FAULT_NAMES`) and what it concerns."""
        for what, found in (
            ("effect", self.verdicts),
            ("operations", self.operations),
            ("links", self.links),
            ("projection", sorted({*self.items, *self.extra})),
            ("standing", self.standings),
            ("head", self.heads),
            ("revoked", self.revoked),
            ("scope", map(" ".join, self.seen)),
            ("position", ["sync_head"] if self.beyond else []),
            ("repairs", [REBUILT] if self.unnoted else []),
        ):
            yield from ((what, where) for where in found)


def steps(session: Session) -> int:
    """Return how many steps a replay and `compare` report: every entry, in each."""
    return 2 * journal_rows.count_entries(session)


def compare(
    session: Session,
    journal: SqlJournal,
    again: Replayed,
    now: datetime,
    progress: Progress = lambda _: None,
) -> Differences:
    """Return where the tables differ from a replay of the journal."""
    fixed = repairs.repairs(session)
    wanted = {id: _placed(item, fixed.get(id)) for id, item in _by_id(again.items).items()}
    stored = _by_id(journal.all_items())
    verdicts, operations, links = _of_entries(session, journal, again, progress)
    operations |= dict.fromkeys(repairs.strays(session), ())
    return Differences(
        verdicts=verdicts,
        operations=operations,
        links=links,
        items={id: item for id, item in wanted.items() if stored.get(id) != item},
        extra={id: item.document for id, item in stored.items() if id not in wanted}
        | {
            lone.id: lone
            for lone in repairs.without_item(session)
            if lone.id not in wanted and not _is_taken_back(lone, fixed.get(lone.id))
        },
        standings=_standings(session, again),
        heads=_heads(session, again),
        revoked=_revoked(session, again),
        seen=_seen(session, again, now),
        beyond=max(0, repairs.last_entry(session) - sync_head.position(session)),
        unnoted=digest(fixed) != noted(session),
    )


def digest(fixed: Mapping[str, Repair]) -> str:
    """Return the hash of all that rebuilds corrected in documents; it stands in the record."""
    lines = (f"{id}\t{repair.lift}\t{repair.pos}\n" for id, repair in sorted(fixed.items()))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def noted(session: Session) -> str:
    """Return what the last rebuild noted of all that rebuilds corrected in documents."""
    body = record.last_body(session, JOURNAL, REBUILT)
    return str(body["repairs"]) if body and "repairs" in body else digest({})


def batches(rows: Iterable[_T]) -> Iterator[list[_T]]:
    """Cut rows into parts that are looked up together."""
    remaining = iter(rows)
    while batch := list(islice(remaining, journal_rows.CHUNK)):
        yield batch


def _by_id(items: Iterable[ItemProjection]) -> dict[str, ItemProjection]:
    return {item.document.id: item for item in items}


def _placed(item: ItemProjection, fixed: Repair | None) -> ItemProjection:
    """Return an item with the version and the position that repairs gave it, if there were any."""
    if fixed is None:
        return item
    document = item.document
    pos = max(document.pos, fixed.pos)
    return replace(item, document=replace(document, ver=document.ver + fixed.lift, pos=pos))


def _is_taken_back(document: Document, fixed: Repair | None) -> bool:
    if fixed is None:
        return False
    gone = Document(
        document.id, document.scope, repairs.ITEM, fixed.lift, fixed.pos, deleted=True, body=b"null"
    )
    return document == gone


def _of_entries(
    session: Session, journal: SqlJournal, again: Replayed, progress: Progress
) -> tuple[dict[str, Verdict], dict[str, _Operations], dict[str, _Operations]]:
    verdicts: dict[str, Verdict] = {}
    operations: dict[str, _Operations] = {}
    links: dict[str, _Operations] = {}
    for batch in batches(journal.all_entries()):
        hashes = [row.hash for row in batch]
        stored = journal_rows.operations_of(session, hashes)
        linked = repairs.links_of(session, hashes)
        for row in batch:
            if again.verdicts.get(row.hash, replay.verdict(row)) != replay.verdict(row):
                verdicts[row.hash] = again.verdicts[row.hash]
            signed = _signed(row)
            if tuple(stored.get(row.hash, ())) != signed:
                operations[row.hash] = signed
            if linked.get(row.hash, set()) != repairs.links_in(signed):
                links[row.hash] = signed
        progress(len(batch))
    return verdicts, operations, links


def _signed(row: StoredEntry) -> _Operations:
    """Return the operations that an entry's bytes hold, in their order."""
    try:
        return entries.read(row.content, row.hash)[1]
    except BadEntry:
        return ()  # kept as received, but nothing may follow from it


def _standings(session: Session, again: Replayed) -> dict[str, Standing | None]:
    stored = standings.everyone(session)
    return {
        id: again.standings.get(id)
        for id in sorted({*stored, *again.standings})
        if stored.get(id) != again.standings.get(id)
    }


def _heads(session: Session, again: Replayed) -> dict[str, tuple[int, str]]:
    return {
        id: wanted
        for id, stored in replicas.heads(session).items()
        if (wanted := again.heads.get(id, (0, ""))) != stored
    }


def _revoked(session: Session, again: Replayed) -> dict[str, datetime | None]:
    stored = repairs.revocations(session)
    return {
        id: again.revoked.get(id)
        for id in sorted(replicas.heads(session))
        if stored.get(id) != again.revoked.get(id)
    }


def _seen(session: Session, again: Replayed, now: datetime) -> dict[Sighting, bool]:
    """Compare who sees which inspection; one that is over may be hidden, but only after a month."""
    stored = {(one.user, one.scope): one.since for one in repairs.sights(session)}
    last = sync_head.position(session)
    over = {inspection_scope(id) for id, standing in again.standings.items() if standing.closed}
    over -= {
        inspection_scope(str(id))
        for id in sync_tasks.closed_since(session, now - SHOWN_AFTER_CLOSING)
    }
    found = {
        key: True
        for key, since in again.seen.items()
        if not (since <= stored[key] <= last if key in stored else key[1] in over)
    }
    prefix = inspection_scope("")
    hidden = (key for key in stored if key[1].startswith(prefix) and key not in again.seen)
    return found | dict.fromkeys(hidden, False)
