"""
One push, one pull, one receipt, over the ports of sync/ports.py.

A push has two halves: `prepare` parses, hashes and verifies without any lock; `push` then stores,
judges and projects inside one transaction of the caller. The caller commits before it answers.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from sync import entries, protocol
from sync.applying import Batch, Draft
from sync.entries import Entry, Op, Operation
from sync.errors import (
    BadEntry,
    BlobsMissing,
    CursorGone,
    ReceiptMismatch,
    ReplicaRevoked,
    TooLarge,
    UnknownReplica,
    WrongEpoch,
)
from sync.ids import Hlc
from sync.ports import Blobs, Document, Journal, StoredEntry

KeyOf = Callable[[str], bytes | None]


@dataclass(frozen=True, slots=True)
class Prepared:
    """One pushed entry after parsing, hashing and verifying."""

    content: bytes
    signature: bytes
    hash: str
    place: entries.Envelope | None  # None when not even that could be read
    entry: Entry | None  # None when it breaks the schema
    operations: tuple[Operation, ...]
    verified: bool


@dataclass(frozen=True, slots=True)
class PreparedPush:
    """A push that is ready for its transaction."""

    carrier: str
    epoch: str
    sent_wall: str
    items: tuple[Prepared, ...]
    new_keys: Mapping[str, bytes]  # keys that the push brought and the server did not know


def prepare(request: protocol.PushRequest, key_of: KeyOf) -> PreparedPush:
    """
    Parse, hash and verify every entry, before any lock is taken.

    Args:
        request: As received; the HTTP signature of the carrier is checked already.
        key_of: The raw public key of a known replica, else None.

    Raises:
        TooLarge: More entries than one push may hold.
    """
    if len(request.entries) > protocol.MAX_PUSH_ENTRIES:
        raise TooLarge(limit=f"{protocol.MAX_PUSH_ENTRIES} 条")
    brought = {id: key for id, key in request.keys.items() if _is_key_of(id, key)}
    used: dict[str, bytes] = {}
    items = tuple(_prepare_entry(pushed, key_of, brought, used) for pushed in request.entries)
    return PreparedPush(request.replica, request.epoch, request.sent_wall, items, used)


def push(
    journal: Journal, blobs: Blobs, prepared: PreparedPush, now: datetime
) -> protocol.PushReply:
    """
    Store, judge and project one push in the caller's transaction.

    Raises:
        WrongEpoch: The phone speaks to an earlier life of the server; nothing was stored.
        UnknownReplica: The carrier is not enrolled; nothing was stored.
    """
    if journal.replica(prepared.carrier) is None:
        raise UnknownReplica
    if prepared.epoch != journal.epoch():
        raise WrongEpoch
    results = _store(journal, prepared, now)
    cited = {op.blob for item in prepared.items if item.verified for op in item.operations}
    carrier = journal.replica(prepared.carrier)
    assert carrier is not None
    return protocol.PushReply(
        upto_seq=carrier.upto_seq,
        head_hash=carrier.head_hash,
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
    journal.lock([own], [])
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
    return _store(journal, prepare(request, lambda _: info.public_key), now)[0]


def reconsider(journal: Journal, replica: str, now: datetime) -> int:
    """
    Judge again what waited for this replica to be enrolled; return how many entries moved.

    After a restore entries may arrive before their replica is known again; they stand quarantined
    as wrong_user until then.
    """
    journal.lock([replica], [])
    waiting = journal.quarantined(replica, "wrong_user")
    batch = Batch(journal, now)
    batch.load([], waiting)
    return batch.judge_again(waiting)


def state(
    journal: Journal, blobs: Blobs, replica: str, cursor: str, now: datetime
) -> protocol.StateReply:
    """
    Say where a replica stands.

    Raises:
        UnknownReplica: It is not enrolled here.
    """
    info = journal.replica(replica)
    if info is None:
        raise UnknownReplica
    return protocol.StateReply(
        epoch=journal.epoch(),
        upto_seq=info.upto_seq,
        head_hash=info.head_hash,
        held=sorted(row.seq for row in journal.held([replica])),
        missing_blobs=sorted(blobs.missing(journal.uncovered_blobs(replica))),
        pull_needed=_pull_needed(journal, info.user, cursor),
        server_time=now.isoformat(),
    )


def pull(journal: Journal, replica: str, request: protocol.PullRequest) -> protocol.PullReply:
    """
    Return the next page of what a replica's user may see; the caller reads one snapshot.

    Raises:
        UnknownReplica: It is not enrolled here.
        ReplicaRevoked: It may not pull any more.
        CursorGone: The cursor is of another epoch.
    """
    info = journal.replica(replica)
    if info is None or not info.user:
        raise UnknownReplica
    if info.revoked:
        raise ReplicaRevoked
    epoch = journal.epoch()
    of_epoch, pos, after_id = protocol.read_cursor(request.cursor)
    head = journal.position()
    if request.cursor and (of_epoch != epoch or pos > head + 1):
        raise CursorGone
    rows = journal.changed(info.user, pos, after_id, request.limit + 1)
    page, has_more = rows[: request.limit], len(rows) > request.limit
    last = (page[-1][0], page[-1][1].id) if has_more else (head + 1, "")
    return protocol.PullReply(
        docs=[_pulled(document) for _, document in page],
        leave=list(journal.left(info.user, pos - 1)) if request.cursor else [],
        applied_upto=dict(journal.applied_upto(info.user)),
        cursor=protocol.make_cursor(epoch, *last),
        has_more=has_more,
        scope_digest="" if has_more else protocol.scope_digest(journal.visible_versions(info.user)),
        log_pos=head,
    )


def have(journal: Journal, blobs: Blobs, replica: str, hashes: Collection[str]) -> tuple[str, ...]:
    """Return which of these blobs the replica cites and the server does not have yet, sorted."""
    cited = set(journal.uncovered_blobs(replica))
    return tuple(sorted(blobs.missing(cited.intersection(hashes))))


def receipt(
    journal: Journal,
    blobs: Blobs,
    request: protocol.ReceiptRequest,
    *,
    log_root: str,
    kid: str,
    now: datetime,
) -> protocol.Receipt:
    """
    Return the receipt for a contiguous durable prefix whose every blob is verified.

    Args:
        journal: Only durable entries must be visible in it.
        blobs: What is stored and verified.
        request: What the phone holds.
        log_root: The hex leaf of the journal case's newest event, zeros when there is none.
        kid: The key that will sign it.
        now: Aware.

    Raises:
        ReceiptMismatch: The prefix or its blobs are not what the journal holds.
        BlobsMissing: Some are not stored yet; `missing` in the facts lists them.
    """
    chain = _chain_to(journal, request)
    cited = sorted(journal.cited_blobs([row.hash for row in chain]))
    if entries.blob_root(cited) != request.blob_root:
        raise ReceiptMismatch(reason="文件清单不符")
    if missing := sorted(blobs.missing(cited)):
        raise BlobsMissing(count=len(missing), missing=missing)
    effects: dict[str, int] = {}
    for row in chain:
        name = f"quarantined:{row.reason}" if row.effect == "quarantined" else row.effect
        effects[name] = effects.get(name, 0) + 1
    return protocol.Receipt(
        v=1,
        epoch=journal.epoch(),
        replica=request.replica,
        upto_seq=request.upto_seq,
        head_hash=request.head_hash,
        entry_count=len(chain),
        blob_root=request.blob_root,
        effects=dict(sorted(effects.items())),
        log_pos=journal.position(),
        log_root=log_root,
        time=now.isoformat(),
        kid=kid,
    )


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


def _is_key_of(replica: str, key: bytes) -> bool:
    if entries.replica_id(key) != replica:
        return False
    try:
        entries.load_public_key(key)
    except ValueError:
        return False
    return True


def _prepare_entry(
    pushed: protocol.PushedEntry,
    key_of: KeyOf,
    brought: Mapping[str, bytes],
    used: dict[str, bytes],
) -> Prepared:
    content, signature = pushed.bytes_b64, pushed.sig
    hash = entries.entry_hash(content)
    try:
        place = entries.envelope(content)
    except BadEntry:
        return Prepared(content, signature, hash, None, None, (), verified=False)
    known = key_of(place.replica)
    key = known or brought.get(place.replica)
    if key is None or not entries.verify(key, content, signature):
        return Prepared(content, signature, hash, place, None, (), verified=False)
    if known is None:
        used[place.replica] = key
    try:
        entry = entries.parse(content)
    except BadEntry:
        return Prepared(content, signature, hash, place, None, (), verified=True)
    ops = entries.operations(entry, hash)
    return Prepared(content, signature, hash, place, entry, ops, verified=True)


def _store(journal: Journal, prepared: PreparedPush, now: datetime) -> list[protocol.PushResult]:
    for id, key in prepared.new_keys.items():
        journal.add_replica_key(id, key)
    drafts: dict[str, Draft] = {}
    for item in prepared.items:
        if item.verified and item.place is not None and item.hash not in drafts:
            drafts[item.hash] = Draft(
                content=item.content,
                signature=item.signature,
                hash=item.hash,
                place=item.place,
                entry=item.entry,
                operations=item.operations,
                carrier=prepared.carrier,
            )
    batch = Batch(journal, now)
    batch.load(list(drafts.values()), [])
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
        if item.verified:
            duplicate = item.hash in known or item.hash in seen
            results.append(_result(batch.stored[item.hash], duplicate))
            seen.add(item.hash)
        else:
            results.append(_unverified(item, refused[item.hash]))
    return results


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


def _unverified(item: Prepared, refused: bool) -> protocol.PushResult:
    return protocol.PushResult(
        seq=item.place.seq if item.place else 0,
        hash=item.hash,
        stored="refused" if refused else "unverified",
        effect="quarantined",
        reason="unverified",
        pos=0,
        flags=[],
    )


def _pull_needed(journal: Journal, user: str, cursor: str) -> bool:
    epoch, pos, after_id = protocol.read_cursor(cursor)
    if not cursor or epoch != journal.epoch():
        return True
    if journal.changed(user, pos, after_id, 1):
        return True
    return bool(journal.left(user, pos - 1))


def _pulled(document: Document) -> protocol.PulledDocument:
    return protocol.PulledDocument(
        id=document.id,
        scope=document.scope,
        kind=document.kind,
        ver=document.ver,
        pos=document.pos,
        deleted=document.deleted,
        body=protocol.raw(document.body),
    )


def _chain_to(journal: Journal, request: protocol.ReceiptRequest) -> list[StoredEntry]:
    rows = {row.hash: row for row in journal.chain(request.replica, request.upto_seq)}
    chain: list[StoredEntry] = []
    hash, seq = request.head_hash, request.upto_seq
    while seq > 0:
        row = rows.get(hash)
        if row is None or row.seq != seq:
            raise ReceiptMismatch(reason="记录链不符")
        chain.append(row)
        hash, seq = row.prev, seq - 1
    return chain
