"""Checking the journal against itself: every hash, signature, chain, file, receipt, projection."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from itertools import islice
from typing import Any, TypeVar

import msgspec
from sqlalchemy.orm import Session

from inspect_server.gateways.keys import LocalKeys
from inspect_server.store import record
from inspect_server.store.journal import blobs as sync_blobs
from inspect_server.store.journal import replicas
from inspect_server.store.journal import rows as journal_rows
from inspect_server.store.journal.journal import SqlBlobs, SqlJournal
from inspect_server.store.models.record import RecordLeaf
from inspect_server.usecases.journal import derived
from inspect_server.usecases.journal.server_entries import EXTENDED, JOURNAL
from inspect_server.usecases.work import Backend
from sync import engine, entries, protocol, rebuild, replay
from sync.entries import Operation
from sync.errors import BadEntry, BadReceipt
from sync.ports import StoredEntry
from sync.values import LostValue

Progress = Callable[[int], object]

_T = TypeVar("_T")


FAULT_NAMES = {
    "hash": "内容与哈希不符",
    "signature": "签名不符",
    "chain": "与前一条不相接",
    "columns": "登记项与内容不符",
    "operations": "拆分的操作与内容不符",
    "effect": "采用与否与日志不符",
    "standing": "任务分派状况与日志不符",
    "head": "手机已收进度与日志不符",
    "blob": "文件缺失或内容与哈希不符",
    "receipt": "回执不符",
    "record": "与执法全过程记录不符",
    "projection": "汇总结果与日志不符",
}
"""Every kind of fault, and what a person reads."""


@dataclass(frozen=True)
class Fault:
    """One thing that does not hold: what is wrong (a key of FAULT_NAMES) with what."""

    what: str
    where: str  # entry hash, file hash, receipt id or document id

    @property
    def name(self) -> str:
        """What a person reads."""
        return FAULT_NAMES[self.what]


@dataclass(frozen=True)
class JournalReport:
    """What was looked at, and what did not hold."""

    entries: int
    blobs: int
    receipts: int
    items: int
    faults: tuple[Fault, ...]

    @property
    def sound(self) -> bool:
        """Whether everything held."""
        return not self.faults


@dataclass
class _Walk:
    session: Session
    journal: SqlJournal
    backend: Backend
    progress: Progress
    faults: list[Fault] = field(default_factory=list)
    named: dict[str, list[LostValue]] = field(default_factory=dict)  # by replica


def journal_size(backend: Backend) -> int:
    """Return how many steps `verify_journal` will report: entries and cited files."""
    with backend.reading() as session:
        return journal_rows.count_entries(session) + len(sync_blobs.all_linked(session))


def verify_journal(backend: Backend, progress: Progress = lambda _: None) -> JournalReport:
    """
    Check the whole journal from its bytes, believing no column that can be computed.

    Every entry is hashed, its signature verified under its replica's key (whose own hash must be
    the replica's id) and its place in the chain checked; whether it was to be applied is judged
    again; every stored file that an entry cites is read and hashed again; every receipt is verified
    and must name an entry that is there; the projection that phones pull is computed anew and
    compared.

    Args:
        backend: Read only.
        progress: Called with the number of steps done since the last call.
    """
    with backend.reading() as session:
        walk = _Walk(session, SqlJournal(session, backend.clock.now()), backend, progress)
        counted = _entries(walk)
        items = _replayed(walk)
        blobs = _blobs(walk)
        receipts = _receipts(walk)
        _noted(walk)
        return JournalReport(counted, blobs, receipts, items, tuple(walk.faults))


def _entries(walk: _Walk) -> int:
    key_of = _keys(walk.session)
    count = 0
    for batch in _batches(walk.journal.all_entries()):
        parents = walk.journal.find([row.prev for row in batch if row.prev])
        stored = journal_rows.operations_of(walk.session, [row.hash for row in batch])
        for row in batch:
            bridged = "gap" in row.flags and any(
                lost.stands_before(row.seq, row.prev) for lost in _named(walk, row.replica)
            )
            found = list(rebuild.faults(row, key_of, parents.get(row.prev), bridged=bridged))
            found += [] if _columns_hold(row) else ["columns"]
            found += [] if _operations_hold(row, stored.get(row.hash, [])) else ["operations"]
            walk.faults.extend(Fault(what, row.hash) for what in found)
        count += len(batch)
        walk.progress(len(batch))
    return count


def _replayed(walk: _Walk) -> int:
    """Effects, projection, standings and prefixes must be what follows from the journal itself."""
    again = replay.replay(walk.journal.all_entries(), cache(partial(replicas.info, walk.session)))
    found = derived.compare(walk.session, walk.journal, again)
    walk.faults.extend(Fault("effect", hash) for hash in found.verdicts)
    walk.faults.extend(Fault("standing", id) for id in found.standings)
    walk.faults.extend(Fault("head", id) for id in found.heads)
    walk.faults.extend(Fault("projection", id) for id in sorted({*found.items, *found.extra}))
    return len(again.items)


def _columns_hold(row: StoredEntry) -> bool:
    try:
        place = entries.envelope(row.content)
    except BadEntry:
        return False
    return (place.replica, place.seq, place.prev) == (row.replica, row.seq, row.prev)


def _operations_hold(row: StoredEntry, stored: Sequence[Operation]) -> bool:
    try:
        parsed = entries.parse(row.content)
    except BadEntry:
        return not stored  # kept as received, but nothing may follow from it
    signed = entries.operations(parsed, row.hash)
    return row.assignment == parsed.assignment and sorted(
        stored, key=lambda operation: operation.id
    ) == sorted(signed, key=lambda operation: operation.id)


def _blobs(walk: _Walk) -> int:
    linked = sync_blobs.all_linked(walk.session)
    present = sync_blobs.known(walk.session, linked)
    for sha256 in linked:
        if sha256 in present and not walk.backend.blobs.is_sound(sha256):
            walk.faults.append(Fault("blob", sha256))
        walk.progress(1)
    return len(linked)


def _receipts(walk: _Walk) -> int:
    key = LocalKeys(walk.backend.settings.data_dir / "keys").receipts()
    count = 0
    for row in journal_rows.receipts(walk.session):
        signed = protocol.ReceiptReply(
            journal_rows.raw(row.body), journal_rows.raw(row.signature), key.kid
        )
        count += 1
        if not _receipt_holds(walk, signed, {key.kid: key.public_bytes}):
            walk.faults.append(Fault("receipt", str(row.id)))
    return count


def _receipt_holds(walk: _Walk, signed: protocol.ReceiptReply, keys: Mapping[str, bytes]) -> bool:
    try:
        receipt = protocol.verify_receipt(signed, keys)
    except BadReceipt:
        return False
    head = walk.journal.find([receipt.head_hash]).get(receipt.head_hash)
    if head is None or (head.replica, head.seq) != (receipt.replica, receipt.upto_seq):
        return False
    chain = walk.journal.chain(receipt.replica, receipt.upto_seq)
    covered = [row.hash for row in chain if row.seq > receipt.after_seq]
    cited = walk.journal.cited_blobs(covered)
    return not SqlBlobs(walk.session).missing(cited)


def _noted(walk: _Walk) -> None:
    """What the record says a chain reached must be in the journal: a cut tail is seen here."""
    for part in _batches(record.leaves(walk.session, JOURNAL)):
        heads = {
            body["head_hash"]: body["replica"]
            for body in map(_extended, part)
            if body and body["upto_seq"]
        }
        for head in heads.keys() - walk.journal.find(list(heads)).keys():
            if head not in {lost.head_hash for lost in _named(walk, heads[head])}:
                walk.faults.append(Fault("record", head))


def _named(walk: _Walk, replica: str) -> list[LostValue]:
    """
    Return for what of a replica only a receipt stands, lost in a restore.

    A name without a receipt of this server stands for nothing.
    """
    if replica not in walk.named:
        key = LocalKeys(walk.backend.settings.data_dir / "keys").receipts()
        found = engine.named(walk.journal, replica, {key.kid: key.public_bytes})
        walk.named[replica] = list(found)
    return walk.named[replica]


def _extended(leaf: RecordLeaf) -> dict[str, Any] | None:
    if leaf.type != EXTENDED:
        return None
    body: dict[str, Any] = msgspec.json.decode(leaf.content)["body"]
    return body


def _keys(session: Session) -> Callable[[str], bytes | None]:
    @cache
    def key_of(replica_id: str) -> bytes | None:
        found = replicas.info(session, replica_id)
        if found is None or entries.replica_id(found.public_key) != replica_id:
            return None
        return found.public_key

    return key_of


def _batches(rows: Iterable[_T]) -> Iterator[list[_T]]:
    remaining = iter(rows)
    while batch := list(islice(remaining, journal_rows.CHUNK)):
        yield batch
