"""
What the engine needs from a store. One journal object lives in one transaction.

The in-memory reference is sync/memory.py; tests/conformance_journal.py runs on every
implementation. Methods that read inside a push see the state after `lock`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from msgspec import Struct

from sync.cursor import Cursor
from sync.entries import Operation
from sync.protocol import Effect, Reason

UNVERIFIED_BYTES = 16 * 1024 * 1024
UNVERIFIED_ROWS = 2000
"""What one carrier may leave on a server that no key vouches for."""


class ReplicaInfo(Struct, frozen=True):
    """A replica as enrolled. `user` is empty while only its key is known."""

    id: str
    public_key: bytes  # raw, 65 bytes
    user: str
    revoked: bool
    server: bool  # the server's own replica: its control operations count
    upto_seq: int
    head_hash: str


class Standing(Struct, frozen=True):
    """How one inspection stands now: who works on it, who did, with which forms, whether closed."""

    assignment: str
    form: str
    lead: str  # user id
    team: frozenset[str]  # user ids, the lead included
    former: frozenset[str]  # user ids taken off it
    closed: bool


class StoredEntry(Struct, frozen=True):
    """A journal row. Everything but effect, reason and flags never changes."""

    hash: str
    replica: str
    seq: int
    prev: str
    pos: int
    content: bytes
    signature: bytes
    carrier: str  # the replica that brought it
    assignment: str  # empty when the entry has none, or breaks the schema
    received_at: datetime
    effect: Effect
    reason: Reason
    flags: tuple[str, ...]  # sorted: accepted, declined, fork, future_clock, gap


class LightEntry(Struct, frozen=True):
    """An entry's place in its chain, without its bytes."""

    hash: str
    replica: str
    seq: int
    prev: str
    size: int  # bytes


class ChainEntry(NamedTuple):
    """An entry's place in its chain, and what became of it; a phone has tens of thousands."""

    seq: int
    prev: str
    hash: str
    effect: Effect
    reason: Reason


class EffectChange(Struct, frozen=True):
    """A new effect, reason and flags of an entry already stored."""

    hash: str
    effect: Effect
    reason: Reason
    flags: tuple[str, ...]


class Document(Struct, frozen=True):
    """The latest body of one thing; `body` is JSON as UTF-8 bytes, `null` when deleted."""

    id: str
    scope: str
    kind: str
    ver: int
    pos: int
    deleted: bool
    body: bytes


class ItemProjection(Struct, frozen=True):
    """One item as folded: which operations are heads now, and the document phones pull."""

    assignment: str
    item: str
    heads: frozenset[str]  # operation ids
    conflict: bool
    document: Document


class ScopeChange(Struct, frozen=True):
    """A user gains (`visible`) or loses sight of a scope at a position."""

    user: str
    scope: str
    visible: bool


class Journal(Protocol):
    """The journal, its projection and its positions, inside one open transaction."""

    def epoch(self) -> str:
        """Return the dataset epoch, a UUID that changes when a server is restored."""

    def position(self) -> int:
        """Return the last position given out."""

    def replica(self, replica: str) -> ReplicaInfo | None:
        """Return an enrolled replica, or one whose key alone was learned; None when unknown."""

    def add_replica_key(self, replica: str, public_key: bytes) -> None:
        """Remember the key of a replica nobody enrolled here (after a restore); once is enough."""

    def lock(self, replicas: Sequence[str], assignments: Sequence[str]) -> None:
        """Lock the replica rows, then the inspections, each sorted by id; skip unknown ids."""

    def find(self, hashes: Collection[str]) -> Mapping[str, StoredEntry]:
        """Return the entries stored under these hashes, among others those named by `prev`."""

    def siblings(self, places: Collection[tuple[str, int]]) -> Sequence[StoredEntry]:
        """Return every entry stored at these (replica, seq), branches of a fork included."""

    def held(self, replicas: Collection[str]) -> Sequence[LightEntry]:
        """Return the entries of these replicas whose effect is held; their bytes are not read."""

    def beyond(self, replicas: Collection[str]) -> Sequence[LightEntry]:
        """
        Return the entries of these replicas that are not held, and lie beyond the prefix.

        A ruling stands for what is missing between; there are hardly ever any.
        """

    def brought(self, carrier: str) -> int:
        """Return of how many replicas known by their key alone a carrier brought entries."""

    def quarantined(self, replica: str, reason: Reason) -> Sequence[StoredEntry]:
        """Return the replica's entries with this reason of quarantine, by position."""

    def standings(self, assignments: Collection[str]) -> Mapping[str, Standing]:
        """Return how these inspections stand now; those without any are absent."""

    def put_standing(self, standing: Standing) -> None:
        """
        Keep what a control entry of the server changed.

        A store that reads standings from tables which the use case has already changed in this
        transaction needs to do nothing here.
        """

    def revoke(self, replica: str, at: datetime) -> None:
        """Mark a replica revoked; the first moment stays."""

    def operations(self, items: Collection[tuple[str, str]]) -> Sequence[Operation]:
        """
        Return every operation of these (assignment, item) in entries applied or in conflict.

        Any order. Those of held and quarantined entries are left out.
        """

    def record_operations(self, assignment: str) -> Sequence[Operation]:
        """Return the same for every item of one inspection."""

    def take_positions(self, count: int) -> int:
        """
        Take the next `count` positions and return the first.

        The last lock of a transaction; a rollback gives the numbers back, so that no reader ever
        sees n+1 before n.
        """

    def add_entries(self, rows: Sequence[StoredEntry], operations: Sequence[Operation]) -> None:
        """
        Store new entries, their operations (all effects; none where the schema is broken) and
        the blob links of those operations.
        """

    def set_effects(self, changes: Sequence[EffectChange]) -> None:
        """Give stored entries a new effect, reason and flags."""

    def set_head(self, replica: str, upto_seq: int, head_hash: str, at: datetime) -> None:
        """Set the contiguous durable prefix of a replica and the moment of last contact."""

    def put_items(self, items: Sequence[ItemProjection]) -> None:
        """
        Store projections: their documents, and which operations are heads.

        A document that is stored already gets a later version, whatever the one given.
        """

    def put_documents(self, documents: Sequence[Document]) -> None:
        """Insert or replace documents by id."""

    def document(self, id: str) -> Document | None:
        """Return a document as stored."""

    def change_scopes(self, changes: Sequence[ScopeChange], pos: int) -> None:
        """
        Let users see scopes from `pos` on, or hide them from `pos` on.

        Showing what is visible, or hiding what is not, changes nothing.
        """

    def changed(self, user: str, cursor: Cursor, limit: int) -> Sequence[Document]:
        """
        Return the next `limit` documents of a round in the user's visible scopes, if there are so
        many: those with `cursor.since` <= effective position <= `cursor.upto`.

        Effective position = max(document pos, added_pos of the scope). Sorted by (scope, document
        pos, document id) and behind the cursor's; the order of scopes is the store's own, ids
        compare as UTF-8 bytes. Deleted ones are included.
        """

    def left(self, user: str, after_pos: int) -> Sequence[str]:
        """Return scopes hidden from the user after this position and not visible now, sorted."""

    def visible_versions(self, user: str) -> Iterable[tuple[str, int]]:
        """Return (id, ver) of every document not deleted in the user's visible scopes."""

    def applied_upto(self, user: str) -> Mapping[str, int]:
        """
        Return the prefix of each replica with entries in the user's visible inspections, and of
        the user's own replicas. One that is known by its key alone has none that counts.
        """

    def chain(self, replica: str, first: int, last: int) -> Sequence[ChainEntry]:
        """Return the replica's entries with these numbers that are not held, by seq."""

    def cited_blobs(self, hashes: Collection[str]) -> Collection[str]:
        """Return the distinct blob hashes that these entries link to."""

    def sendable_blobs(self, replica: str, hashes: Collection[str]) -> Collection[str]:
        """
        Return which of these blobs a replica may send: its entries cite them, or such as it brought
        of inspections that its user sees.
        """

    def uncovered_blobs(self, replica: str) -> Collection[str]:
        """Return the blobs that the replica's entries cite and that are not stored yet."""

    def keep_unverified(
        self, carrier: str, content: bytes, signature: bytes, reason: Reason, at: datetime
    ) -> bool:
        """Keep raw bytes that are no verified entry, once, under a quota; False when it is full."""

    def all_entries(self) -> Iterable[StoredEntry]:
        """Return the whole journal by position, content included, for rebuilding and verifying."""

    def all_items(self) -> Iterable[ItemProjection]:
        """Return every stored projection, for comparing with a rebuild."""


class Blobs(Protocol):
    """Which files are stored; finding one means that it was re-hashed when it came in."""

    def missing(self, hashes: Collection[str]) -> Collection[str]:
        """Return those of these hashes that are not stored and verified."""
