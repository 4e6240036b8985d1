"""The second half of a push: store, judge and project, inside the caller's transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from sync import entries, protocol
from sync.engine.applying import Batch
from sync.engine.drafts import UNCLAIMED, Draft, Room
from sync.engine.preparing import Prepared, PreparedPush, prepare
from sync.entries import Entry, Op
from sync.errors import UnknownReplica, WrongEpoch
from sync.ids import Hlc
from sync.ports import Blobs, Document, Journal, StoredEntry

MAX_BROUGHT = 100
"""Of how many replicas that nobody enrolled here one carrier may bring entries."""


def push(
    journal: Journal, blobs: Blobs, prepared: PreparedPush, now: datetime
) -> protocol.PushReply:
    """
    Store, judge and project one push in the caller's transaction.

    Raises:
        WrongEpoch: The phone speaks to an earlier life of the server; nothing was stored.
        UnknownReplica: The carrier is not enrolled; nothing was stored.
    """
    carrier = journal.replica(prepared.carrier)
    if carrier is None:
        raise UnknownReplica
    if prepared.epoch != journal.epoch():
        raise WrongEpoch
    results, heads = _store(journal, prepared, now)
    cited = {op.blob for item in prepared.items if item.verified for op in item.operations}
    reached = heads.get(carrier.id, (carrier.upto_seq, carrier.head_hash))
    return protocol.PushReply(
        upto_seq=reached[0],
        head_hash=reached[1],
        results=results,
        missing_blobs=sorted(blobs.missing(cited - {""})),
        server_time=now.isoformat(),
    )


def append(
    journal: Journal,
    key: EllipticCurvePrivateKey,
    now: datetime,
    *,
    user: str,
    assignment: str,
    form: str,
    device: str,
    ops: Sequence[Op],
) -> protocol.PushResult:
    """
    Write an entry of the server's own replica: an assignment, a closing, a resolution …

    Args:
        journal: In the caller's transaction; the replica of `key` is enrolled as the server's.
        key: The server's P-256 key.
        now: Aware.
        user: The account that acts, or empty for the system.
        assignment: The inspection, or empty for replica/ and entry/ items.
        form: Its form set, or empty.
        device: The server's own device id, a UUID.
        ops: From `entries.make_op`.

    Raises:
        UnknownReplica: The server's replica is not enrolled.
        BadEntry: An operation breaks its schema.
    """
    own = entries.replica_id(entries.raw_public_key(key))
    _lock(journal, own, ops)
    info = journal.replica(own)
    if info is None:
        raise UnknownReplica
    wall_ms = int(now.timestamp() * 1000)
    content = entries.build(
        Entry(
            v=1,
            replica=own,
            seq=info.upto_seq + 1,
            prev=info.head_hash,
            device=device,
            user=user,
            assignment=assignment,
            form=form,
            hlc=str(Hlc(wall_ms, 0, own)),
            wall=now.isoformat(),
            tz="UTC",
            mono=0,
            boot="server",
            last_server_time=now.isoformat(),
            ops=list(ops),
        )
    )
    pushed = protocol.PushedEntry(content, entries.sign(key, content))
    request = protocol.PushRequest(own, journal.epoch(), now.isoformat(), [pushed])
    results, _ = _store(journal, prepare(request, lambda _: info.public_key), now)
    return results[0]


def publish(journal: Journal, documents: Sequence[Document]) -> int:
    """
    Give documents that do not come from entries to the phones, at one new position.

    `ver` and `pos` of the arguments are ignored: `ver` counts on from the stored one. What is
    stored just so already is left alone. Returns how many changed.
    """
    changed: list[Document] = []
    for new in sorted(documents, key=lambda document: document.id):
        old = journal.document(new.id)
        if old and (old.body, old.deleted, old.scope, old.kind) == (
            new.body,
            new.deleted,
            new.scope,
            new.kind,
        ):
            continue
        ver = old.ver + 1 if old else 1
        changed.append(Document(new.id, new.scope, new.kind, ver, 0, new.deleted, new.body))
    if not changed:
        return 0
    pos = journal.take_positions(1)
    journal.put_documents(
        [Document(d.id, d.scope, d.kind, d.ver, pos, d.deleted, d.body) for d in changed]
    )
    return len(changed)


def _lock(journal: Journal, own: str, ops: Sequence[Op]) -> None:
    """
    Lock what an entry of the server may change before the server's own row, for which all wait.

    Those are the phones that it speaks of and the inspections of what waits there. Whoever writes
    for an inspection holds that already, and then speaks of no phone that it has not locked before.
    """
    phones = _named(ops, "replica/")
    ruled = journal.find(_named(ops, "entry/")).values()
    phones |= {row.replica for row in ruled if row.effect == "held"}
    if phones:
        journal.lock(sorted(phones), [])
        waiting = [row.hash for row in journal.held(phones)]
        rows = [*ruled, *journal.find(waiting).values()]
        rows += [row for phone in sorted(phones) for row in journal.quarantined(phone, UNCLAIMED)]
        journal.lock([], sorted({row.assignment for row in rows}))
    journal.lock([own], [])


def _named(ops: Sequence[Op], kind: str) -> set[str]:
    return {op.item.removeprefix(kind) for op in ops if op.item.startswith(kind)}


def _store(
    journal: Journal, prepared: PreparedPush, now: datetime
) -> tuple[list[protocol.PushResult], Mapping[str, tuple[int, str]]]:
    """Return what became of each entry, and how far the replicas are that were written for."""
    strange = _meet(journal, prepared)
    drafts: dict[str, Draft] = {}
    for item in prepared.items:
        if item.verified and item.place is not None and item.place.replica not in strange:
            drafts[item.hash] = Draft(
                content=item.content,
                signature=item.signature,
                hash=item.hash,
                place=item.place,
                entry=item.entry,
                operations=item.operations,
                carrier=prepared.carrier,
                received_at=now,
            )
    batch = Batch(journal, now, Room())
    batch.load(list(drafts.values()))
    known = frozenset(batch.stored)
    batch.run()
    refused = {
        item.hash: not journal.keep_unverified(
            prepared.carrier, item.content, item.signature, "unverified", now
        )
        for item in prepared.items
        if not item.verified
    }
    seen: set[str] = set()
    results = []
    for item in prepared.items:
        if item.verified and item.hash in batch.stored:
            duplicate = item.hash in known or item.hash in seen
            results.append(_result(batch.stored[item.hash], duplicate))
            seen.add(item.hash)
        elif not item.verified:
            stored: protocol.Stored = "refused" if refused[item.hash] else "unverified"
            results.append(_aside(item, stored, "quarantined", "unverified"))
        elif item.hash in drafts:
            results.append(_aside(item, "refused", "held", ""))
        else:
            results.append(_aside(item, "refused", "quarantined", UNCLAIMED))
    return results, batch.heads


def _meet(journal: Journal, prepared: PreparedPush) -> set[str]:
    """Remember the keys that a push brought; return the replicas beyond what one may bring."""
    new = [id for id in prepared.new_keys if journal.replica(id) is None]
    room = max(0, MAX_BROUGHT - journal.brought(prepared.carrier)) if new else 0
    for id in sorted(new[:room]):  # two pushes in one order
        journal.add_replica_key(id, prepared.new_keys[id])
    return set(new[room:])


def _result(row: StoredEntry, duplicate: bool) -> protocol.PushResult:
    stored: protocol.Stored = "fork" if "fork" in row.flags else "new"
    return protocol.PushResult(
        seq=row.seq,
        hash=row.hash,
        stored="duplicate" if duplicate else stored,
        effect=row.effect,
        reason=row.reason,
        pos=row.pos,
        flags=list(row.flags),
    )


def _aside(
    item: Prepared, stored: protocol.Stored, effect: protocol.Effect, reason: protocol.Reason
) -> protocol.PushResult:
    return protocol.PushResult(
        seq=item.place.seq if item.place else 0,
        hash=item.hash,
        stored=stored,
        effect=effect,
        reason=reason,
        pos=0,
        flags=[],
    )
