"""Journal rows in and out: entries and operations between their tables and the engine's forms."""

from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from inspect_server.store.models.journal import JournalEntry
from inspect_server.store.models.journal import Operation as OperationRow
from sync.entries import Operation
from sync.ports import EffectChange, StoredEntry

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


def entries() -> Select[*tuple[Any, ...]]:
    """Return a query for whole entries."""
    return select(*_ENTRY)


def light_entries() -> Select[*tuple[Any, ...]]:
    """Return a query for entries without their bytes."""
    return select(*_LIGHT)


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
    wanted = None if items is None else sorted(set(items))
    parts = [None] if wanted is None else chunks(wanted)
    for part in parts:
        query = (
            select(OperationRow, JournalEntry.replica_id, JournalEntry.seq)
            .join(JournalEntry, JournalEntry.hash == OperationRow.entry_hash)
            .where(JournalEntry.effect.in_(LIVE))
        )
        query = query.where(
            OperationRow.assignment == UUID(assignment)
            if assignment
            else OperationRow.assignment.is_(None)
        )
        if part is not None:
            query = query.where(OperationRow.item.in_(part))
        for row, replica, seq in session.execute(query):
            yield _operation(row, replica, seq)


def operations_of(session: Session, hashes: Sequence[str]) -> dict[str, list[Operation]]:
    """Return the stored operations of these entries, whatever their effect."""
    found: dict[str, list[Operation]] = {}
    for part in chunks(hashes):
        rows = session.execute(
            select(OperationRow, JournalEntry.replica_id, JournalEntry.seq)
            .join(JournalEntry, JournalEntry.hash == OperationRow.entry_hash)
            .where(OperationRow.entry_hash.in_(part)),
        )
        for row, replica, seq in rows:
            found.setdefault(row.entry_hash, []).append(_operation(row, replica, seq))
    return found


def chunks(values: Sequence[str]) -> list[Sequence[str]]:
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


def _operation(row: OperationRow, replica: str, seq: int) -> Operation:
    return Operation(
        id=f"{row.entry_hash}#{row.op_index}",
        assignment=text_of(row.assignment),
        item=row.item,
        type=row.type,
        parents=tuple(row.parents.split()),
        value=raw(row.value),
        blob=row.blob_sha256,
        replica=replica,
        seq=seq,
        user=row.author,
        wall=row.wall,
        hlc=row.hlc,
    )


def count_entries(session: Session) -> int:
    """Return how many entries the journal holds."""
    return session.scalar(select(func.count()).select_from(JournalEntry)) or 0
