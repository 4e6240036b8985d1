"""Journal rows in and out: entries and operations between their tables and the engine's forms."""

from collections.abc import Collection, Iterator, Sequence
from functools import cache, lru_cache
from typing import Any, TypeVar
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Row, Select, bindparam, func, select
from sqlalchemy.orm import Session

from inspect_server.store.models.journal import JournalEntry, Receipt, Replica
from inspect_server.store.models.journal import Operation as OperationRow
from sync.entries import Operation
from sync.ports import ChainEntry, EffectChange, LightEntry, StoredEntry

_T = TypeVar("_T")

CHUNK = 500
LIVE = ("applied", "conflict")

_ENTRY = (
    JournalEntry.hash,
    JournalEntry.replica_id,
    JournalEntry.seq,
    JournalEntry.prev,
    JournalEntry.pos,
    JournalEntry.content,
    JournalEntry.signature,
    JournalEntry.carrier,
    JournalEntry.assignment,
    JournalEntry.received_at,
    JournalEntry.effect,
    JournalEntry.reason,
    JournalEntry.flags,
)
_LIGHT = (*_ENTRY[:5], *_ENTRY[7:])


# Built once: putting a statement together costs more than running it.
ENTRIES: Select[*tuple[Any, ...]] = select(*_ENTRY)
"""Whole entries."""
LIGHT_ENTRIES: Select[*tuple[Any, ...]] = select(*_LIGHT)
"""Entries without their bytes."""
BY_HASH = ENTRIES.where(JournalEntry.hash.in_(bindparam("hashes", expanding=True)))
BY_PLACE = ENTRIES.where(
    JournalEntry.replica_id == bindparam("replica"),
    JournalEntry.seq.in_(bindparam("seqs", expanding=True)),
)
_OF_REPLICAS = select(
    JournalEntry.hash,
    JournalEntry.replica_id,
    JournalEntry.seq,
    JournalEntry.prev,
    func.length(JournalEntry.content),
).where(JournalEntry.replica_id.in_(bindparam("replicas", expanding=True)))
HELD = _OF_REPLICAS.where(JournalEntry.effect == "held")
BEYOND = _OF_REPLICAS.join(Replica, Replica.id == JournalEntry.replica_id).where(
    JournalEntry.seq > Replica.upto_seq, JournalEntry.effect != "held"
)
CHAIN = (
    select(
        JournalEntry.seq,
        JournalEntry.prev,
        JournalEntry.hash,
        JournalEntry.effect,
        func.coalesce(JournalEntry.reason, ""),
    )
    .where(
        JournalEntry.replica_id == bindparam("replica"),
        JournalEntry.seq.between(bindparam("first"), bindparam("last")),
        JournalEntry.effect != "held",
    )
    .order_by(JournalEntry.seq, JournalEntry.pos)
)
_OPERATIONS = select(
    OperationRow.entry_hash,
    OperationRow.op_index,
    OperationRow.assignment,
    OperationRow.item,
    OperationRow.type,
    OperationRow.parents,
    OperationRow.value,
    OperationRow.blob_sha256,
    OperationRow.author,
    OperationRow.wall,
    OperationRow.hlc,
    JournalEntry.replica_id,
    JournalEntry.seq,
).join(JournalEntry, JournalEntry.hash == OperationRow.entry_hash)
_OF_ENTRIES = _OPERATIONS.where(
    OperationRow.entry_hash.in_(bindparam("hashes", expanding=True))
).order_by(OperationRow.entry_hash, OperationRow.op_index)


@cache
def _live(*, of_an_inspection: bool, of_items: bool) -> Select[*tuple[Any, ...]]:
    query = _OPERATIONS.where(
        JournalEntry.effect.in_(LIVE),
        OperationRow.assignment == bindparam("assignment", type_=OperationRow.assignment.type)
        if of_an_inspection
        else OperationRow.assignment.is_(None),
    )
    return (
        query.where(OperationRow.item.in_(bindparam("items", expanding=True)))
        if of_items
        else query
    )


class Judged(Struct, frozen=True):
    """An entry that was applied or put into quarantine, and its operations in their order."""

    entry: StoredEntry
    operations: Sequence[Operation]


def light(
    session: Session, query: Select[*tuple[Any, ...]], replicas: Collection[str]
) -> list[LightEntry]:
    """Return what HELD or BEYOND finds of these replicas."""
    return [
        LightEntry(*row)
        for part in chunks(sorted(set(replicas)))
        for row in session.execute(query, {"replicas": part})
    ]


def chain(session: Session, replica: str, first: int, last: int) -> list[ChainEntry]:
    """Return a replica's entries with these numbers that are not held, by seq."""
    rows = session.execute(CHAIN, {"replica": replica, "first": first, "last": last})
    return list(map(ChainEntry._make, rows))


def entry(row: Row[*tuple[Any, ...]]) -> StoredEntry:
    """Return an entry as the engine sees it."""
    columns = row._mapping
    return StoredEntry(
        hash=columns["hash"],
        replica=columns["replica_id"],
        seq=columns["seq"],
        prev=columns["prev"],
        pos=columns["pos"],
        content=raw(columns.get("content", b"")),
        signature=raw(columns.get("signature", b"")),
        carrier=columns["carrier"],
        assignment=text_of(columns["assignment"]),
        received_at=columns["received_at"],
        effect=columns["effect"],
        reason=columns["reason"] or "",
        flags=tuple(columns["flags"]),
    )


def entry_values(entries: Sequence[StoredEntry]) -> list[dict[str, object]]:
    """Return the columns of entries."""
    return [
        {
            "hash": stored.hash,
            "replica_id": stored.replica,
            "seq": stored.seq,
            "prev": stored.prev,
            "pos": stored.pos,
            "content": stored.content,
            "signature": stored.signature,
            "carrier": stored.carrier,
            "assignment": uuid_of(stored.assignment),
            "received_at": stored.received_at,
            "effect": stored.effect,
            "reason": stored.reason or None,
            "flags": _flags(stored.flags),
        }
        for stored in entries
    ]


def newly_judged(session: Session, changes: Sequence[EffectChange]) -> list[str]:
    """Return which of these entries, still as they were, become applied or quarantined now."""
    before: dict[str, str] = {}
    for part in chunks([change.hash for change in changes]):
        found = select(JournalEntry.hash, JournalEntry.effect).where(JournalEntry.hash.in_(part))
        before |= {row.hash: row.effect for row in session.execute(found)}
    return [
        change.hash
        for change in changes
        if change.effect != "held" and _kind(change.effect) != _kind(before.get(change.hash, ""))
    ]


def _kind(effect: str) -> str:
    return "applied" if effect in LIVE else effect


def operation_values(operations: Sequence[Operation]) -> list[dict[str, object]]:
    """Return the columns of operations."""
    rows = []
    for operation in operations:
        entry_hash, _, index = operation.id.partition("#")
        rows.append(
            {
                "entry_hash": entry_hash,
                "op_index": int(index),
                "assignment": uuid_of(operation.assignment),
                "item": operation.item,
                "type": operation.type,
                "parents": " ".join(operation.parents),
                "value": operation.value,
                "blob_sha256": operation.blob,
                "author": operation.user,
                "wall": operation.wall,
                "hlc": operation.hlc,
            }
        )
    return rows


def live_operations(
    session: Session, assignment: str, items: Collection[str] | None
) -> Iterator[Operation]:
    """Yield the operations of one inspection in applied entries; `items` None means all."""
    parts = [None] if items is None else chunks(sorted(set(items)))
    query = _live(of_an_inspection=bool(assignment), of_items=items is not None)
    about = {"assignment": uuid_of(assignment)} if assignment else {}
    for part in parts:
        named = {} if part is None else {"items": part}
        for row in session.execute(query, {**about, **named}):
            yield _operation(row)


def operations_of(session: Session, hashes: Sequence[str]) -> dict[str, list[Operation]]:
    """Return the stored operations of these entries, whatever their effect, in order."""
    found: dict[str, list[Operation]] = {}
    for part in chunks(hashes):
        for row in session.execute(_OF_ENTRIES, {"hashes": part}):
            found.setdefault(row[0], []).append(_operation(row))
    return found


def chunks(values: Sequence[_T]) -> list[Sequence[_T]]:
    """Cut a list into parts that fit into one statement."""
    return [values[start : start + CHUNK] for start in range(0, len(values), CHUNK)]


def raw(value: bytes | str) -> bytes:
    """Return bytes even where somebody made SQLite keep a text: a check must not stumble on it."""
    return value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value


@lru_cache(maxsize=4096)
def uuid_of(text: str) -> UUID | None:
    """Return an assignment as its column holds it."""
    return UUID(text) if text else None


@lru_cache(maxsize=64)
def _flags(flags: tuple[str, ...]) -> list[str]:
    """Return flags as their column holds them: the same ones are one object, encoded once."""
    return list(flags)


def text_of(value: UUID | None) -> str:
    """Return an assignment as the engine sees it."""
    return str(value) if value else ""


def _operation(row: Row[*tuple[Any, ...]]) -> Operation:
    hash, index, assignment, item, type, parents, value, blob, author, wall, hlc, replica, seq = row
    return Operation(
        id=f"{hash}#{index}",
        assignment=text_of(assignment),
        item=item,
        type=type,
        parents=tuple(parents.split()),
        value=raw(value),
        blob=blob,
        replica=replica,
        seq=seq,
        user=author,
        wall=wall,
        hlc=hlc,
    )


def receipts(session: Session) -> Sequence[Receipt]:
    """Return every receipt that was issued, oldest first."""
    return session.scalars(select(Receipt).order_by(Receipt.issued_at, Receipt.id)).all()


def count_entries(session: Session) -> int:
    """Return how many entries the journal holds."""
    return session.scalar(select(func.count()).select_from(JournalEntry)) or 0


def count_receipts(session: Session) -> int:
    """Return how many receipts were issued."""
    return session.scalar(select(func.count()).select_from(Receipt)) or 0
