"""The reference implementation of the ports, in memory: for tests, and for reading."""

import threading
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import uuid4

from msgspec import structs

from sync import entries
from sync.cursor import Cursor
from sync.entries import Operation
from sync.ids import inspection_scope
from sync.ports import (
    ChainEntry,
    Document,
    EffectChange,
    ItemProjection,
    LightEntry,
    ReplicaInfo,
    ScopeChange,
    Standing,
    StoredEntry,
)
from sync.protocol import Reason

UNVERIFIED_QUOTA = 1000


@dataclass
class _Tables:
    epoch: str = field(default_factory=lambda: str(uuid4()))
    pos: int = 0
    replicas: dict[str, ReplicaInfo] = field(default_factory=dict)
    journal: dict[str, StoredEntry] = field(default_factory=dict)
    operations: dict[str, Operation] = field(default_factory=dict)
    links: dict[str, frozenset[str]] = field(default_factory=dict)  # entry hash -> blobs
    standings: dict[str, Standing] = field(default_factory=dict)
    items: dict[tuple[str, str], ItemProjection] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)
    scopes: dict[tuple[str, str], tuple[int, int | None]] = field(default_factory=dict)
    unverified: dict[str, tuple[str, Reason, bytes, bytes]] = field(default_factory=dict)
    blobs: set[str] = field(default_factory=set)

    def snapshot(self) -> "_Tables":
        """Return a copy whose tables can change alone; rows are immutable."""
        return _Tables(**{name: copy(value) for name, value in vars(self).items()})


class MemoryStore:
    """What lives between transactions; writers come one after another."""

    def __init__(self) -> None:
        self.tables = _Tables()
        self._lock = threading.RLock()

    @contextmanager
    def begin(self) -> Iterator["MemoryJournal"]:
        """Open a transaction: all of it happens, or nothing does."""
        with self._lock:
            before = self.tables.snapshot()
            try:
                yield MemoryJournal(self.tables)
            except BaseException:
                self.tables = before
                raise

    def enrol(self, public_key: bytes, user: str, *, server: bool = False) -> str:
        """Enrol a replica, or again; return its id."""
        id = entries.replica_id(public_key)
        known = self.tables.replicas.get(id)
        fresh = known or ReplicaInfo(id, public_key, user, False, server, 0, "")
        self.tables.replicas[id] = structs.replace(fresh, user=user)
        return id

    def restore(self, backup: "_Tables") -> None:
        """Go back to a backup, in a new epoch."""
        self.tables = replace(backup.snapshot(), epoch=str(uuid4()))


class MemoryBlobs:
    """The hashes of stored files."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def missing(self, hashes: Collection[str]) -> Collection[str]:
        """Return those that are not stored."""
        return set(hashes) - self._store.tables.blobs


class MemoryJournal:
    """The tables inside one transaction; every method as sync/ports.py says."""

    def __init__(self, tables: _Tables) -> None:
        self._t = tables

    def epoch(self) -> str:
        return self._t.epoch

    def position(self) -> int:
        return self._t.pos

    def replica(self, replica: str) -> ReplicaInfo | None:
        return self._t.replicas.get(replica)

    def add_replica_key(self, replica: str, public_key: bytes) -> None:
        fresh = ReplicaInfo(replica, public_key, "", False, False, 0, "")
        self._t.replicas.setdefault(replica, fresh)

    def lock(self, replicas: Sequence[str], assignments: Sequence[str]) -> None:
        """One writer at a time holds everything anyway."""

    def find(self, hashes: Collection[str]) -> Mapping[str, StoredEntry]:
        return {hash: self._t.journal[hash] for hash in hashes if hash in self._t.journal}

    def siblings(self, places: Collection[tuple[str, int]]) -> Sequence[StoredEntry]:
        return [row for row in self._t.journal.values() if (row.replica, row.seq) in places]

    def held(self, replicas: Collection[str]) -> Sequence[LightEntry]:
        return [row for row in self._light(replicas) if self._t.journal[row.hash].effect == "held"]

    def beyond(self, replicas: Collection[str]) -> Sequence[LightEntry]:
        return [
            row
            for row in self._light(replicas)
            if self._t.journal[row.hash].effect != "held"
            and row.seq > self._t.replicas[row.replica].upto_seq
        ]

    def brought(self, carrier: str) -> int:
        rows = (row for row in self._t.journal.values() if row.carrier == carrier)
        return len({row.replica for row in rows if not self._is_claimed(row.replica)})

    def quarantined(self, replica: str, reason: Reason) -> Sequence[StoredEntry]:
        rows = [
            row
            for row in self._t.journal.values()
            if (row.replica, row.effect, row.reason) == (replica, "quarantined", reason)
        ]
        return sorted(rows, key=lambda row: row.pos)

    def standings(self, assignments: Collection[str]) -> Mapping[str, Standing]:
        return {id: self._t.standings[id] for id in assignments if id in self._t.standings}

    def put_standing(self, standing: Standing) -> None:
        self._t.standings[standing.assignment] = standing

    def revoke(self, replica: str, at: datetime) -> None:
        info = self._t.replicas.get(replica)
        if info:
            self._t.replicas[replica] = structs.replace(info, revoked=True)

    def operations(self, items: Collection[tuple[str, str]]) -> Sequence[Operation]:
        return [op for op in self._applied() if (op.assignment, op.item) in items]

    def record_operations(self, assignment: str) -> Sequence[Operation]:
        return [
            op
            for op in self._applied()
            if op.assignment == assignment and not op.item.startswith("task/")
        ]

    def take_positions(self, count: int) -> int:
        first = self._t.pos + 1
        self._t.pos += count
        return first

    def add_entries(self, rows: Sequence[StoredEntry], operations: Sequence[Operation]) -> None:
        self._t.journal.update({row.hash: row for row in rows})
        self._t.operations.update({op.id: op for op in operations})
        for op in operations:
            if op.blob:
                hash = op.id.partition("#")[0]
                self._t.links[hash] = self._t.links.get(hash, frozenset()) | {op.blob}

    def set_effects(self, changes: Sequence[EffectChange]) -> None:
        for change in changes:
            self._t.journal[change.hash] = structs.replace(
                self._t.journal[change.hash],
                effect=change.effect,
                reason=change.reason,
                flags=change.flags,
            )

    def set_head(self, replica: str, upto_seq: int, head_hash: str, at: datetime) -> None:
        info = self._t.replicas[replica]
        self._t.replicas[replica] = structs.replace(info, upto_seq=upto_seq, head_hash=head_hash)

    def put_items(self, items: Sequence[ItemProjection]) -> None:
        later = [structs.replace(item, document=self._later(item.document)) for item in items]
        self._t.items.update({(item.assignment, item.item): item for item in later})
        self.put_documents([item.document for item in later])

    def put_documents(self, documents: Sequence[Document]) -> None:
        self._t.documents.update({document.id: document for document in documents})

    def document(self, id: str) -> Document | None:
        return self._t.documents.get(id)

    def change_scopes(self, changes: Sequence[ScopeChange], pos: int) -> None:
        for change in changes:
            key = (change.user, change.scope)
            visible = self._is_visible(*key)
            if change.visible and not visible:
                self._t.scopes[key] = (pos, None)
            elif visible and not change.visible:
                self._t.scopes[key] = (self._t.scopes[key][0], pos)

    def changed(self, user: str, cursor: Cursor, limit: int) -> Sequence[Document]:
        found = [
            document
            for document in self._t.documents.values()
            if self._is_visible(user, document.scope)
            and cursor.since <= self._effective(user, document) <= cursor.upto
            and _place(document) > (cursor.scope, cursor.pos, cursor.id.encode())
        ]
        return sorted(found, key=_place)[:limit]

    def left(self, user: str, after_pos: int) -> Sequence[str]:
        return sorted(
            scope
            for (of, scope), (_, removed) in self._t.scopes.items()
            if of == user and removed is not None and removed > after_pos
        )

    def visible_versions(self, user: str) -> Iterable[tuple[str, int]]:
        return [
            (document.id, document.ver)
            for document in self._t.documents.values()
            if not document.deleted and self._is_visible(user, document.scope)
        ]

    def applied_upto(self, user: str) -> Mapping[str, int]:
        rows = self._t.journal.values()
        names = {r.replica for r in rows if self._is_visible(user, inspection_scope(r.assignment))}
        infos = self._t.replicas.values()
        seen = (info for info in infos if info.user and (info.id in names or info.user == user))
        return {info.id: info.upto_seq for info in seen}

    def chain(self, replica: str, first: int, last: int) -> Sequence[ChainEntry]:
        return sorted(
            ChainEntry(row.seq, row.prev, row.hash, row.effect, row.reason)
            for row in self._t.journal.values()
            if row.replica == replica and first <= row.seq <= last and row.effect != "held"
        )

    def cited_blobs(self, hashes: Collection[str]) -> Collection[str]:
        return {blob for hash in hashes for blob in self._t.links.get(hash, ())}

    def sendable_blobs(self, replica: str, hashes: Collection[str]) -> Collection[str]:
        info = self._t.replicas.get(replica)
        user = info.user if info else ""
        may = [
            row.hash
            for row in self._t.journal.values()
            if row.replica == replica
            or (row.carrier == replica and self._is_visible(user, inspection_scope(row.assignment)))
        ]
        return set(self.cited_blobs(may)) & set(hashes)

    def uncovered_blobs(self, replica: str) -> Collection[str]:
        own = [row.hash for row in self._t.journal.values() if row.replica == replica]
        return set(self.cited_blobs(own)) - self._t.blobs

    def keep_unverified(
        self, carrier: str, content: bytes, signature: bytes, reason: Reason, at: datetime
    ) -> bool:
        hash = entries.entry_hash(content + signature)
        if hash not in self._t.unverified and len(self._t.unverified) >= UNVERIFIED_QUOTA:
            return False
        self._t.unverified[hash] = (carrier, reason, content, signature)
        return True

    def all_entries(self) -> Iterable[StoredEntry]:
        return sorted(self._t.journal.values(), key=lambda row: row.pos)

    def all_items(self) -> Iterable[ItemProjection]:
        return [self._t.items[key] for key in sorted(self._t.items)]

    def _later(self, document: Document) -> Document:
        known = self._t.documents.get(document.id)
        return (
            structs.replace(document, ver=max(document.ver, known.ver + 1)) if known else document
        )

    def _light(self, replicas: Collection[str]) -> Iterator[LightEntry]:
        for row in self._t.journal.values():
            if row.replica in replicas:
                yield LightEntry(row.hash, row.replica, row.seq, row.prev, len(row.content))

    def _is_claimed(self, replica: str) -> bool:
        info = self._t.replicas[replica]
        return info.server or info.user != ""

    def _is_visible(self, user: str, scope: str) -> bool:
        row = self._t.scopes.get((user, scope))
        return row is not None and row[1] is None

    def _effective(self, user: str, document: Document) -> int:
        return max(document.pos, self._t.scopes[user, document.scope][0])

    def _applied(self) -> Iterator[Operation]:
        for op in self._t.operations.values():
            if self._t.journal[op.id.partition("#")[0]].effect in ("applied", "conflict"):
                yield op


def _place(document: Document) -> tuple[str, int, bytes]:
    return document.scope, document.pos, document.id.encode()
