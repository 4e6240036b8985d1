"""What follows from the journal's bytes, read as it is stored and written anew by a rebuild."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, String, bindparam, cast, delete, exists, func, select, update
from sqlalchemy.orm import Session

from inspect_server.store import bulk
from inspect_server.store.journal import documents, head, scopes
from inspect_server.store.journal import rows as journal_rows
from inspect_server.store.journal.rows import chunks, uuid_of
from inspect_server.store.models.journal import (
    BlobLink,
    JournalEntry,
    Operation,
    Replica,
    ReplicaScope,
    SyncDocument,
    SyncHead,
    SyncItem,
)
from sync import entries
from sync.ports import Document, ScopeChange

ITEM = "item"
"""The kind of documents that are folded from the journal."""


class Repair(NamedTuple):
    """What rebuilds did to the document of an item."""

    lift: int  # added to its version, which is else the number of operations folded in
    pos: int  # where they put it last


class Link(NamedTuple):
    """A file that an entry cites, as its row says."""

    sha256: str
    replica: str
    assignment: str  # its 32 hex digits; read as text, so that a check stumbles on nothing


class Sight(NamedTuple):
    """That a user sees a scope."""

    user: str
    scope: str
    since: int  # position


@contextmanager
def rebuilding(session: Session) -> Iterator[None]:
    """Let the database's guards pass what a rebuild writes, inside this and for nobody else."""
    head.ensure(session)
    for mark in (True, False):
        session.execute(update(SyncHead).values(rebuilding=mark))
        if mark:
            yield
            session.flush()


def is_open(session: Session) -> bool:
    """Return whether the guards were left open, which no rebuild does."""
    return bool(session.scalar(select(SyncHead.rebuilding)))


def links_of(session: Session, hashes: Sequence[str]) -> dict[str, set[Link]]:
    """Return the files that these entries cite, as they are stored."""
    found: dict[str, set[Link]] = defaultdict(set)
    for part in chunks(hashes):
        for hash, sha256, replica, assignment in session.execute(_LINKS, {"hashes": part}):
            found[hash].add(Link(sha256, replica, (assignment or "").replace("-", "")))
    return found


def links_in(operations: Sequence[entries.Operation]) -> set[Link]:
    """Return the files that operations cite."""
    return {
        Link(op.blob, op.replica, op.assignment.replace("-", "")) for op in operations if op.blob
    }


def strays(session: Session) -> list[str]:
    """Return the entries that are not stored, though operations or links of them are; sorted."""
    there = exists().where(JournalEntry.hash == Operation.entry_hash)
    linked = exists().where(JournalEntry.hash == BlobLink.entry_hash)
    return sorted(
        {
            *session.scalars(select(Operation.entry_hash).where(~there)),
            *session.scalars(select(BlobLink.entry_hash).where(~linked)),
        }
    )


def rewrite(session: Session, hashes: Collection[str], of: Sequence[entries.Operation]) -> None:
    """Replace the operations and links of these entries; inside `rebuilding` only."""
    for part in chunks(sorted(hashes)):
        for table in (BlobLink, Operation):
            session.execute(delete(table).where(table.entry_hash.in_(part)))
    add_operations(session, of)


def add_operations(session: Session, operations: Sequence[entries.Operation]) -> None:
    """Store operations of entries, and the links to the files that they cite."""
    bulk.add(session, Operation, journal_rows.operation_values(operations))
    links = {(op.id.partition("#")[0], op.blob): op for op in operations if op.blob}
    linked = [
        {
            "entry_hash": entry_hash,
            "sha256": sha256,
            "replica_id": operation.replica,
            "assignment": uuid_of(operation.assignment),
        }
        for (entry_hash, sha256), operation in links.items()
    ]
    bulk.add(session, BlobLink, linked)


def put_folded(session: Session, folded: Sequence[Document]) -> None:
    """
    Insert or replace documents of items whose version is the number of operations folded in.

    What repairs added to the version stays on top, and it never goes backwards, whatever stood
    there.
    """
    bulk.put(session, SyncDocument, documents.rows_of(folded), key="id", instead={"ver": _LATER})


def put(session: Session, repaired: Sequence[tuple[Document, int]]) -> None:
    """Insert or replace documents of items, each with what repairs added to its version in all."""
    rows = [
        {**row, "lift": lift, "repaired_pos": document.pos}
        for row, (document, lift) in zip(
            documents.rows_of([document for document, _ in repaired]), repaired, strict=True
        )
    ]
    bulk.put(session, SyncDocument, rows, key="id")


def repairs(session: Session) -> dict[str, Repair]:
    """Return what rebuilds corrected, by document id, in the order of the ids."""
    rows = session.execute(
        select(_TABLE.c.id, _TABLE.c.lift, _TABLE.c.repaired_pos)
        .where((_TABLE.c.lift != 0) | (_TABLE.c.repaired_pos != 0))
        .order_by(_TABLE.c.id)
    )
    return {row.id: Repair(row.lift, row.repaired_pos) for row in rows}


def without_item(session: Session) -> list[Document]:
    """Return the documents that are called those of items, though no item is stored for them."""
    called = (_TABLE.c.kind == ITEM) | _TABLE.c.id.startswith(f"{ITEM}/")
    there = exists().where(SyncItem.document_id == _TABLE.c.id)
    return [Document(*row) for row in session.execute(_DOCUMENTS.where(called, ~there))]


def told(session: Session) -> list[Document]:
    """Return the documents that do not come from entries."""
    called = (_TABLE.c.kind == ITEM) | _TABLE.c.id.startswith(f"{ITEM}/")
    return [Document(*row) for row in session.execute(_DOCUMENTS.where(~called))]


def set_sights(session: Session, wanted: Mapping[tuple[str, str], bool], pos: int) -> None:
    """Show scopes from a position on, also where they are seen since another one, or hide them."""
    for visible in (False, True):  # what is shown anew is hidden first
        changes = [
            ScopeChange(user, scope, visible)
            for (user, scope), shown in sorted(wanted.items())
            if shown or not visible
        ]
        scopes.change(session, changes, pos)


def last_entry(session: Session) -> int:
    """Return the position of the last entry, 0 without any."""
    return session.scalar(select(func.max(JournalEntry.pos))) or 0


def revocations(session: Session) -> dict[str, datetime]:
    """Return since when replicas are revoked; those that are not are absent."""
    rows = session.execute(
        select(Replica.id, Replica.revoked_at).where(Replica.revoked_at.is_not(None))
    )
    return {row.id: row.revoked_at for row in rows}


def set_revoked(session: Session, replica_id: str, at: datetime | None) -> None:
    """Correct since when a replica is revoked; inside `rebuilding` only."""
    values: dict[str, Any] = {"revoked_at": at}
    if at is not None:
        values["pull_token_sha256"] = None
    session.execute(update(Replica).where(Replica.id == replica_id).values(values))


def sights(session: Session) -> list[Sight]:
    """Return every user's visible scopes."""
    rows = session.execute(
        select(ReplicaScope.user_id, ReplicaScope.scope, ReplicaScope.added_pos).where(
            ReplicaScope.removed_pos.is_(None)
        )
    )
    return [Sight(str(row.user_id), row.scope, row.added_pos) for row in rows]


_TABLE = bulk.table_of(SyncDocument)
_DOCUMENTS: Select[*tuple[Any, ...]] = select(
    *(_TABLE.c[name] for name in Document.__struct_fields__)
)
_LINKS: Select[*tuple[Any, ...]] = select(
    BlobLink.entry_hash, BlobLink.sha256, BlobLink.replica_id, cast(BlobLink.assignment, String)
).where(BlobLink.entry_hash.in_(bindparam("hashes", expanding=True)))
_FOLDED, _STORED = 'excluded."ver" + sync_document."lift"', 'sync_document."ver" + 1'
_LATER = f"CASE WHEN {_FOLDED} > {_STORED} THEN {_FOLDED} ELSE {_STORED} END"
