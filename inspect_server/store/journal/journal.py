"""The journal on a database: sync's port, one object per open transaction."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Generator, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from inspect_server.store import bulk
from inspect_server.store.journal import blobs as sync_blobs
from inspect_server.store.journal import documents as sync_documents
from inspect_server.store.journal import head as sync_head
from inspect_server.store.journal import repairs, replicas, scopes, standings
from inspect_server.store.journal import rows as journal_rows
from inspect_server.store.journal.rows import Judged, chunks, text_of, uuid_of
from inspect_server.store.models.journal import (
    JournalEntry,
    SyncDocument,
    SyncItem,
    Unverified,
)
from sync import merge
from sync.cursor import Cursor
from sync.entries import Operation
from sync.ports import (
    UNVERIFIED_BYTES,
    UNVERIFIED_ROWS,
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


class SqlJournal:
    """
    `sync.ports.Journal` over one session.

    Locks in this order: phones' rows, inspections, each by id, the row of the server's replica,
    then the row of positions. A server use case that holds an inspection already keeps to it by
    locking all its phones before, and all its inspections at once.
    """

    def __init__(self, session: Session, now: datetime) -> None:
        self._session = session
        self._now = now
        self.folded: set[tuple[str, str]] = set()
        """(assignment, item) of what was folded anew in this transaction."""
        self.added: list[StoredEntry] = []
        """What was stored in this transaction."""
        self.judged: list[Judged] = []
        """What was applied or put into quarantine for the first time in this transaction."""

    # Positions and replicas

    def epoch(self) -> str:
        """Return the data set's incarnation."""
        return str(sync_head.ensure(self._session))

    def position(self) -> int:
        """Return the last position given out."""
        return sync_head.position(self._session)

    def take_positions(self, count: int) -> int:
        """Take positions under the last lock of the transaction."""
        return sync_head.take_positions(self._session, count)

    def replica(self, replica: str) -> ReplicaInfo | None:
        """Return a replica, read afresh."""
        return replicas.info(self._session, replica)

    def add_replica_key(self, replica: str, public_key: bytes) -> None:
        """Remember the key of a replica that nobody enrolled here."""
        replicas.learn_key(self._session, replica, public_key, self._now)

    def lock(self, replicas_: Sequence[str], assignments: Sequence[str]) -> None:
        """Lock replicas, then inspections, each sorted by id."""
        replicas.lock(self._session, replicas_)
        known = [UUID(assignment) for assignment in assignments if assignment]
        replicas.lock_inspections(self._session, known)

    def revoke(self, replica: str, at: datetime) -> None:
        """Mark a replica revoked."""
        replicas.revoke(self._session, replica, at)

    def set_head(self, replica: str, upto_seq: int, head_hash: str, at: datetime) -> None:
        """Set a replica's contiguous durable prefix."""
        replicas.set_head(self._session, replica, upto_seq, head_hash, at)

    # Inspections

    def standings(self, assignments: Collection[str]) -> Mapping[str, Standing]:
        """Return how these inspections stand now."""
        return standings.load(self._session, [UUID(id) for id in assignments if id])

    def put_standing(self, standing: Standing) -> None:
        """Keep what a control entry changed."""
        standings.put(self._session, standing)

    # Entries

    def find(self, hashes: Collection[str]) -> Mapping[str, StoredEntry]:
        """Return the entries stored under these hashes."""
        return {
            row.hash: journal_rows.entry(row)
            for part in chunks(sorted(set(hashes)))
            for row in self._session.execute(journal_rows.BY_HASH, {"hashes": part})
        }

    def siblings(self, places: Collection[tuple[str, int]]) -> Sequence[StoredEntry]:
        """Return every entry stored at these places."""
        by_replica: dict[str, list[int]] = defaultdict(list)
        for replica, seq in sorted(set(places)):
            by_replica[replica].append(seq)
        return [
            journal_rows.entry(row)
            for replica, seqs in by_replica.items()
            for part in chunks(seqs)
            for row in self._session.execute(
                journal_rows.BY_PLACE, {"replica": replica, "seqs": part}
            )
        ]

    def held(self, replicas: Collection[str]) -> Sequence[LightEntry]:
        """Return the held entries of these replicas, without their bytes."""
        return journal_rows.light(self._session, journal_rows.HELD, replicas)

    def beyond(self, replicas: Collection[str]) -> Sequence[LightEntry]:
        """Return the entries of these replicas beyond their prefixes that are not held."""
        return journal_rows.light(self._session, journal_rows.BEYOND, replicas)

    def brought(self, carrier: str) -> int:
        """Return of how many replicas known by their key alone a carrier brought entries."""
        return replicas.brought(self._session, carrier)

    def quarantined(self, replica: str, reason: Reason) -> Sequence[StoredEntry]:
        """Return a replica's entries in quarantine for this reason, by position."""
        rows = self._session.execute(
            journal_rows.ENTRIES.where(
                JournalEntry.replica_id == replica,
                JournalEntry.effect == "quarantined",
                JournalEntry.reason == reason,
            ).order_by(JournalEntry.pos)
        )
        return [journal_rows.entry(row) for row in rows]

    def add_entries(self, rows: Sequence[StoredEntry], operations: Sequence[Operation]) -> None:
        """Store entries, their operations and blob links, each in one batch."""
        if not rows:
            return
        self.added += rows
        by_entry: dict[str, list[Operation]] = defaultdict(list)
        for op in operations:
            by_entry[op.id.partition("#")[0]].append(op)
        self.judged += [Judged(row, by_entry[row.hash]) for row in rows if row.effect != "held"]
        bulk.add(self._session, JournalEntry, journal_rows.entry_values(rows))
        repairs.add_operations(self._session, operations)

    def set_effects(self, changes: Sequence[EffectChange]) -> None:
        """Give stored entries a new effect, reason and flags."""
        judged = journal_rows.newly_judged(self._session, changes)
        for change in changes:
            self._session.execute(
                update(JournalEntry)
                .where(JournalEntry.hash == change.hash)
                .values(
                    effect=change.effect, reason=change.reason or None, flags=list(change.flags)
                )
            )
        stored = journal_rows.operations_of(self._session, judged)
        found = self.find(judged)
        self.judged += [Judged(row, stored.get(hash, ())) for hash, row in found.items()]

    def chain(self, replica: str, first: int, last: int) -> Sequence[ChainEntry]:
        """Return a replica's entries that are not held, by seq, without their bytes."""
        return journal_rows.chain(self._session, replica, first, last)

    def all_entries(self) -> Generator[StoredEntry, None, None]:
        """Yield the whole journal by position, a thousand rows in memory at a time."""
        with self._session.execute(
            journal_rows.ENTRIES.order_by(JournalEntry.pos),
            execution_options={"yield_per": 1000},
        ) as rows:
            for row in rows:
                yield journal_rows.entry(row)

    def between(self, first: int, last: int) -> Sequence[StoredEntry]:
        """Return the entries at these positions, by position, without their bytes."""
        rows = self._session.execute(
            journal_rows.LIGHT_ENTRIES.where(JournalEntry.pos.between(first, last)).order_by(
                JournalEntry.pos
            )
        )
        return [journal_rows.entry(row) for row in rows]

    def keep_unverified(
        self, carrier: str, content: bytes, signature: bytes, reason: Reason, at: datetime
    ) -> bool:
        """Keep raw bytes that no key vouches for, once, under the carrier's quota."""
        digest = hashlib.sha256(content).hexdigest()
        known = self._session.scalar(
            select(Unverified.id).where(
                Unverified.carrier == carrier, Unverified.content_sha256 == digest
            )
        )
        if known is not None:
            return True
        count, size = self._session.execute(
            select(func.count(), func.coalesce(func.sum(func.length(Unverified.content)), 0)).where(
                Unverified.carrier == carrier
            )
        ).one()
        if count >= UNVERIFIED_ROWS or size + len(content) > UNVERIFIED_BYTES:
            return False
        dialect = sqlite if self._session.get_bind().dialect.name == "sqlite" else postgresql
        self._session.execute(
            dialect.insert(Unverified)
            .values(
                id=uuid4(),
                carrier=carrier,
                received_at=at,
                reason=reason,
                content_sha256=digest,
                content=content,
                signature=signature,
            )
            .on_conflict_do_nothing()
        )
        return True

    # Operations, items, documents

    def operations(self, items: Collection[tuple[str, str]]) -> Sequence[Operation]:
        """Return the live operations of these items."""
        by_assignment: dict[str, set[str]] = defaultdict(set)
        for assignment, item in items:
            by_assignment[assignment].add(item)
        return [
            operation
            for assignment, wanted in by_assignment.items()
            for operation in journal_rows.live_operations(self._session, assignment, wanted)
        ]

    def record_operations(self, assignment: str) -> Sequence[Operation]:
        """Return the live operations of one inspection that phones see."""
        found = journal_rows.live_operations(self._session, assignment, None)
        return [operation for operation in found if merge.is_projected(operation)]

    def put_items(self, items: Sequence[ItemProjection]) -> None:
        """Store projections and their documents."""
        if not items:
            return
        self.folded.update((item.assignment, item.item) for item in items)
        repairs.put_folded(self._session, [item.document for item in items])
        self._put_projected(items)

    def repair_items(self, items: Sequence[tuple[ItemProjection, int]]) -> None:
        """Store projections as a rebuild says, each with what is added to its version in all."""
        repairs.put(self._session, [(item.document, lift) for item, lift in items])
        self._put_projected([item for item, _ in items])

    def _put_projected(self, items: Sequence[ItemProjection]) -> None:
        projected = [
            {
                "document_id": item.document.id,
                "assignment": uuid_of(item.assignment),
                "item": item.item,
                "heads": " ".join(sorted(item.heads)),
                "conflict": item.conflict,
            }
            for item in items
        ]
        bulk.put(self._session, SyncItem, projected, key="document_id")

    def drop_items(self, documents: Sequence[Document]) -> None:
        """Forget the projections of these documents, and let phones know that they are deleted."""
        for part in chunks([document.id for document in documents]):
            self._session.execute(delete(SyncItem).where(SyncItem.document_id.in_(part)))
        repairs.put(self._session, [(document, document.ver) for document in documents])

    def put_documents(self, documents: Sequence[Document]) -> None:
        """Insert or replace documents by id."""
        sync_documents.replace(self._session, documents)

    def document(self, id: str) -> Document | None:
        """Return a document as stored."""
        return sync_documents.by_id(self._session, [id]).get(id)

    def all_items(self) -> Iterable[ItemProjection]:
        """Yield every stored projection, by document id."""
        rows = self._session.execute(
            select(
                SyncItem.assignment,
                SyncItem.item,
                SyncItem.heads,
                SyncItem.conflict,
                SyncDocument.__table__,
            )
            .join(SyncDocument, SyncDocument.id == SyncItem.document_id)
            .order_by(SyncDocument.id),
            execution_options={"yield_per": 1000},
        )
        for row in rows:
            yield ItemProjection(
                assignment=text_of(row.assignment),
                item=row.item,
                heads=frozenset(row.heads.split()),
                conflict=row.conflict,
                document=Document(
                    row.id, row.scope, row.kind, row.ver, row.pos, row.deleted, row.body
                ),
            )

    # What a user sees

    def change_scopes(self, changes: Sequence[ScopeChange], pos: int) -> None:
        """Show or hide scopes from a position on."""
        scopes.change(self._session, changes, pos)

    def changed(self, user: str, cursor: Cursor, limit: int) -> Sequence[Document]:
        """Return the next documents of a round in a user's scopes."""
        return scopes.changed(self._session, UUID(user), cursor, limit)

    def left(self, user: str, after_pos: int) -> Sequence[str]:
        """Return scopes hidden since."""
        return scopes.left(self._session, UUID(user), after_pos)

    def visible_versions(self, user: str) -> Iterable[tuple[str, int]]:
        """Return id and version of every document that a user sees."""
        return scopes.versions(self._session, UUID(user))

    def applied_upto(self, user: str) -> Mapping[str, int]:
        """Return the prefixes of the user's replicas and of those with entries in their tasks."""
        prefix = sync_blobs.INSPECTION
        seen = [
            UUID(scope.removeprefix(prefix))
            for scope in scopes.visible(self._session, UUID(user))
            if scope.startswith(prefix)
        ]
        return replicas.reached(self._session, UUID(user), seen)

    # Blobs

    def cited_blobs(self, hashes: Collection[str]) -> Collection[str]:
        """Return the blobs that these entries link to."""
        return sync_blobs.cited_by(self._session, hashes)

    def sendable_blobs(self, replica: str, hashes: Collection[str]) -> Collection[str]:
        """Return which of these blobs entries cite that a replica wrote or brought."""
        return sync_blobs.sendable(self._session, replica, hashes)

    def uncovered_blobs(self, replica: str) -> Collection[str]:
        """Return the blobs that a replica's entries cite and that are not stored."""
        return sync_blobs.uncovered(self._session, replica)


class SqlBlobs:
    """`sync.ports.Blobs` over one session: a row stands for a file re-hashed when it came in."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def missing(self, hashes: Collection[str]) -> Collection[str]:
        """Return those of these hashes that are not stored and verified, or not whole any more."""
        return set(hashes) - sync_blobs.sound(self._session, hashes)
