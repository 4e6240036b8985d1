"""Judging and folding the whole journal again: what follows from it, and from it alone."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from msgspec.structs import replace

from sync import entries
from sync.engine.applying import Batch
from sync.engine.drafts import Draft
from sync.entries import Entry, Operation
from sync.errors import BadEntry
from sync.memory import MemoryStore
from sync.ports import ItemProjection, ReplicaInfo, Standing, StoredEntry
from sync.protocol import Effect, Reason

Verdict = tuple[Effect, Reason, tuple[str, ...]]
"""Effect, reason and flags of an entry."""
REVOKE = "replica.revoke"


@dataclass(frozen=True)
class Replayed:
    """Everything that follows from a journal."""

    verdicts: Mapping[str, Verdict]  # by entry hash
    items: tuple[ItemProjection, ...]  # by assignment and item
    standings: Mapping[str, Standing]  # by inspection
    heads: Mapping[str, tuple[int, str]]  # contiguous seq and hash, by replica
    seen: Mapping[tuple[str, str], int]  # since which position, by user and inspection's scope
    revoked: Mapping[str, datetime]  # since when, by replica


def replay(
    rows: Iterable[StoredEntry],
    replica: Callable[[str], ReplicaInfo | None],
    progress: Callable[[int], object] = lambda _: None,
) -> Replayed:
    """
    Run the engine over a whole journal, as if all of it arrived now in the same order.

    Args:
        rows: The whole journal by position; of each only bytes, place and moment are believed.
        replica: Who signed. Whose it is, and since when it is revoked, say the journal's own
            entries where they do.
        progress: Called with the number of entries read since the last call.
    """
    drafts, places = [], {}
    for row in rows:
        drafts.append(_draft(row))
        places[row.hash] = row.pos
        progress(1)
    store = MemoryStore()
    claimed = _named(drafts, "replica.enrol")  # until then only the key was known
    for id in {draft.place.replica for draft in drafts} | claimed | _named(drafts, "replica.lost"):
        info = replica(id)
        if info is not None:
            user = "" if id in claimed else info.user
            fresh = replace(info, user=user, revoked=False, upto_seq=0, head_hash="")
            store.tables.replicas[id] = fresh
    known = [draft for draft in drafts if draft.place.replica in store.tables.replicas]
    with store.begin() as journal:
        batch = Batch(journal, datetime.now(UTC))
        batch.load(known)
        batch.settle()
    positions = [places[draft.hash] for draft in known]
    return Replayed(
        {hash: verdict(row) for hash, row in batch.stored.items()},
        tuple(_placed(item, positions) for item in batch.projections(0)),
        batch.standings,
        batch.heads,
        _seen(batch, positions),
        _revoked(batch, known, store),
    )


def verdict(row: StoredEntry) -> Verdict:
    """Return what was made of an entry."""
    return row.effect, row.reason, row.flags


def _placed(item: ItemProjection, positions: Sequence[int]) -> ItemProjection:
    """Give an item its place in the journal instead of the number of its draft."""
    document = replace(item.document, pos=positions[item.document.pos])
    return replace(item, document=document)


def _seen(batch: Batch, positions: Sequence[int]) -> dict[tuple[str, str], int]:
    since: dict[tuple[str, str], int] = {}
    for index, changes in sorted(batch.scopes.items()):
        for change in changes:
            if change.visible:
                since.setdefault((change.user, change.scope), positions[index])
            else:
                since.pop((change.user, change.scope), None)
    return since


def _revoked(batch: Batch, drafts: Iterable[Draft], store: MemoryStore) -> dict[str, datetime]:
    """Return when the server's entries that were applied revoked replicas; the first one counts."""
    moments: dict[str, datetime] = {}
    for draft in drafts:
        is_server = store.tables.replicas[draft.place.replica].server
        if is_server and batch.stored[draft.hash].effect == "applied":
            for op in draft.operations:
                if op.type == REVOKE:
                    moments.setdefault(op.item.removeprefix("replica/"), draft.received_at)
    return moments


def _draft(row: StoredEntry) -> Draft:
    entry, operations = _parsed(row)
    return Draft(
        content=b"",
        signature=b"",
        hash=row.hash,
        place=entries.Envelope(row.replica, row.seq, row.prev),
        entry=entry,
        operations=operations,
        carrier=row.carrier,
        received_at=row.received_at,
    )


def _named(drafts: Iterable[Draft], type: str) -> set[str]:
    """Return the replicas of which the server's operations of this type speak."""
    ops = (op for draft in drafts for op in draft.operations if op.type == type)
    return {op.item.removeprefix("replica/") for op in ops}


def _parsed(row: StoredEntry) -> tuple[Entry | None, tuple[Operation, ...]]:
    try:
        return entries.read(row.content, row.hash)
    except BadEntry:
        return None, ()
