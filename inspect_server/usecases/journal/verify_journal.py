"""Checking the journal against itself: every hash, signature, chain, file, receipt, projection."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, partial
from typing import Any

import msgspec
from sqlalchemy.orm import Session

from inspect_server.domain.media import LONGEST, media_type
from inspect_server.gateways.keys import LocalKeys
from inspect_server.store import record
from inspect_server.store.counting import compared, tally
from inspect_server.store.journal import blobs as sync_blobs
from inspect_server.store.journal import replicas
from inspect_server.store.journal import rows as journal_rows
from inspect_server.store.journal.journal import SqlBlobs, SqlJournal
from inspect_server.store.models.journal import Receipt
from inspect_server.store.models.record import RecordLeaf
from inspect_server.usecases.journal import derived, shown
from inspect_server.usecases.journal.derived import LAST, Progress
from inspect_server.usecases.journal.server_entries import EXTENDED, JOURNAL, received
from inspect_server.usecases.work import Backend
from sync import engine, entries, protocol, rebuild, replay
from sync.errors import BadEntry, BadReceipt
from sync.ports import StoredEntry
from sync.values import LostValue

FAULT_NAMES = {
    "hash": "内容与哈希不符",
    "signature": "签名不符",
    "chain": "与前一条不相接",
    "columns": "登记项与内容不符",
    "operations": "拆分的操作与内容不符",
    "links": "引用的文件与内容不符",
    "effect": "采用与否与日志不符",
    "standing": "任务分派状况与日志不符",
    "head": "手机已收进度与日志不符",
    "revoked": "手机停用状态与日志不符",
    "scope": "手机可见范围与任务分派不符",
    "position": "序号登记与日志不符",
    "blob": "文件缺失或内容与哈希不符",
    "receipt": "回执不符",
    "receipts": "回执已被删除、改动，或不是由系统出具",
    "files": "文件登记已被删除、改动，或不是由系统登记",
    "total": "登记总值自此不相连",
    "record": "与执法全过程记录不符",
    "projection": "汇总结果与日志不符",
    "document": "下发手机的内容与台账不符",
    "repairs": "重建登记与全过程记录不符",
}
"""Every kind of fault, and what a person reads."""
LOST = frozenset(
    {"hash", "signature", "chain", "columns", "blob", "record"}
    | {"receipt", "receipts", "files", "total"}
)
"""Of these, what follows from nothing else; the others a rebuild undoes."""
COUNTED = {tally.RECEIPT: "receipts", tally.FILE: "files"}
"""What the running total says of phones, and the fault where it does not hold."""


@dataclass(frozen=True)
class Fault:
    """One thing that does not hold: what is wrong (a key of FAULT_NAMES) with what."""

    what: str
    where: str  # entry hash, file hash, receipt id, document id, or what was counted of a row

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

    @property
    def lost(self) -> bool:
        """Whether something did not hold that no rebuild brings back."""
        return any(fault.what in LOST for fault in self.faults)


@dataclass
class _Walk:
    session: Session
    journal: SqlJournal
    backend: Backend
    progress: Progress
    faults: list[Fault] = field(default_factory=list)
    named: dict[str, list[LostValue]] = field(default_factory=dict)  # by replica


def journal_size(backend: Backend) -> int:
    """Return how many steps `verify_journal` will report."""
    with backend.reading() as session:
        own = journal_rows.count_entries(session) + len(sync_blobs.all_linked(session))
        receipts = journal_rows.count_receipts(session)
        return own + receipts + derived.steps(session) + shown.steps(session) + LAST


def verify_journal(backend: Backend, progress: Progress = lambda _: None) -> JournalReport:
    """
    Check the whole journal from its bytes, believing no column that can be computed.

    Every entry is hashed, its signature verified under its replica's key (whose own hash must be
    the replica's id) and its place in the chain checked; whether it was to be applied is judged
    again; every stored file that an entry cites is read and hashed again; every receipt is verified
    and must name an entry that is there; receipts and files must be those that were counted; the
    projection that phones pull is computed anew and compared.

    Args:
        backend: Read only.
        progress: Called with the number of steps done since the last call; the last one comes
            when all is compared.
    """
    with backend.reading() as session:
        walk = _Walk(session, SqlJournal(session, backend.clock.now()), backend, progress)
        counted = _entries(walk)
        items = _replayed(walk)
        blobs = _blobs(walk)
        receipts = _receipts(walk)
        _counted(walk)
        _noted(walk)
        progress(LAST)
        return JournalReport(counted, blobs, receipts, items, tuple(walk.faults))


def _entries(walk: _Walk) -> int:
    key_of = _keys(walk.session)
    count = 0
    for batch in derived.batches(walk.journal.all_entries()):
        parents = walk.journal.find([row.prev for row in batch if row.prev])
        for row in batch:
            bridged = "gap" in row.flags and (
                _is_ruled_on(walk, row.hash)
                or any(lost.stands_before(row.seq, row.prev) for lost in _named(walk, row.replica))
            )
            found = list(rebuild.faults(row, key_of, parents.get(row.prev), bridged=bridged))
            found += [] if _columns_hold(row) else ["columns"]
            walk.faults.extend(Fault(what, row.hash) for what in found)
        count += len(batch)
        walk.progress(len(batch))
    return count


def _replayed(walk: _Walk) -> int:
    """Everything derived must be what follows from the journal itself, and from the tables."""
    info = cache(partial(replicas.info, walk.session))
    again = replay.replay(walk.journal.all_entries(), info, walk.progress)
    now = walk.backend.clock.now()
    found = derived.compare(walk.session, walk.journal, again, now, walk.progress)
    walk.faults.extend(Fault(*one) for one in found.faults())
    if not found.operations:  # a task names whose operations stand in its record
        on = now.astimezone(walk.backend.settings.zone).date()
        told = shown.compare(walk.session, walk.backend.settings, on, walk.progress)
        walk.faults.extend(Fault(*one) for one in told.faults())
    return len(again.items)


def _columns_hold(row: StoredEntry) -> bool:
    try:
        place = entries.envelope(row.content)
    except BadEntry:
        return False
    try:
        assignment = entries.parse(row.content).assignment
    except BadEntry:
        assignment = ""  # kept as received, but nothing may follow from it
    said = (place.replica, place.seq, place.prev, assignment)
    return said == (row.replica, row.seq, row.prev, row.assignment)


def _blobs(walk: _Walk) -> int:
    linked = sync_blobs.all_linked(walk.session)
    described = sync_blobs.described(walk.session, linked)
    for sha256 in linked:
        if sha256 in described and not _file_holds(walk.backend, sha256, described[sha256]):
            walk.faults.append(Fault("blob", sha256))
        walk.progress(1)
    return len(linked)


def _file_holds(backend: Backend, sha256: str, said: tuple[int, str]) -> bool:
    """Whether a file has its hash, and the size and type that phones are told of it."""
    if not backend.blobs.is_sound(sha256):
        return False
    path = backend.blobs.path(sha256)
    with path.open("rb") as file:
        return said == (path.stat().st_size, media_type(file.read(LONGEST)))


def _receipts(walk: _Walk) -> int:
    key = LocalKeys(walk.backend.settings.data_dir / "keys").receipts()
    count = 0
    for row in journal_rows.receipts(walk.session):
        count += 1
        if not _receipt_holds(walk, row, key.kid, key.public_bytes):
            walk.faults.append(Fault("receipt", str(row.id)))
        walk.progress(1)
    return count


def _receipt_holds(walk: _Walk, row: Receipt, kid: str, key: bytes) -> bool:
    signed = protocol.ReceiptReply(journal_rows.raw(row.body), journal_rows.raw(row.signature), kid)
    try:
        receipt = protocol.verify_receipt(signed, {kid: key})
    except BadReceipt:
        return False
    said = (receipt.replica, receipt.upto_seq, datetime.fromisoformat(receipt.time))
    if said != (row.replica_id, row.upto_seq, row.issued_at):
        return False
    covered = _covered(walk, receipt)
    cited = walk.journal.cited_blobs(covered)
    promised = (receipt.entry_count, receipt.blob_root)
    return promised == (len(covered), entries.blob_root(sorted(cited))) and not SqlBlobs(
        walk.session
    ).missing(cited)


def _covered(walk: _Walk, receipt: protocol.Receipt) -> list[str]:
    """Return the entries that a receipt covers, from its head back, as far as they are here."""
    rows = walk.journal.chain(receipt.replica, receipt.after_seq + 1, receipt.upto_seq)
    chain = {row.hash: row for row in rows}
    found: list[str] = []
    hash, seq = receipt.head_hash, receipt.upto_seq
    while seq > receipt.after_seq and hash in chain and chain[hash].seq == seq:
        found.append(hash)
        hash, seq = chain[hash].prev, seq - 1
    return found


def _counted(walk: _Walk) -> None:
    """Nothing that a phone was promised may be missing: receipts and files were counted."""
    try:
        unlike = compared.compare(walk.session, COUNTED)
    except compared.BrokenTotal as broken:
        walk.faults.append(Fault("total", str(broken.pos)))
        return
    for kind, gone, added in unlike:
        walk.faults.extend(Fault(COUNTED.get(kind, "total"), item) for item in sorted(gone | added))


def _noted(walk: _Walk) -> None:
    """
    What the record says of the chains must be in the journal.

    How far each reached, so that a cut tail is seen, and where its entries stand, who brought them
    and when.
    """
    for part in derived.batches(record.leaves(walk.session, JOURNAL)):
        said = [body for body in map(_extended, part) if body]
        heads = {body["head_hash"]: body["replica"] for body in said if body["upto_seq"]}
        for head in heads.keys() - walk.journal.find(list(heads)).keys():
            if head not in {lost.head_hash for lost in _named(walk, heads[head])}:
                walk.faults.append(Fault("record", head))
        walk.faults.extend(Fault("record", where) for where in _moved(walk, said))


def _moved(walk: _Walk, said: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Yield the heads of chains whose entries did not come as the record says."""
    counted = [body for body in said if "received" in body]
    if not counted:
        return
    first = min(body["first_pos"] for body in counted)
    by_replica: dict[str, list[StoredEntry]] = defaultdict(list)
    for row in walk.journal.between(first, max(body["last_pos"] for body in counted)):
        by_replica[row.replica].append(row)
    for body in counted:
        came = [
            row
            for row in by_replica[body["replica"]]
            if body["first_pos"] <= row.pos <= body["last_pos"]
        ]
        if not came or not received(came).items() <= body.items():
            yield body["head_hash"]


def _is_ruled_on(walk: _Walk, hash: str) -> bool:
    """Whether a supervisor's ruling stands for what is missing before an entry."""
    return bool(walk.journal.operations([("", f"entry/{hash}")]))


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
