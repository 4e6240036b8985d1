"""What a phone asks for: its state, the next page, the files wanted, and a receipt."""

from collections.abc import Collection, Sequence
from datetime import datetime

from msgspec import Struct, structs

from sync import entries, protocol
from sync.cursor import Cursor, read_cursor
from sync.engine.bridging import lacking
from sync.errors import (
    BlobsMissing,
    CursorGone,
    ReceiptMismatch,
    ReplicaRevoked,
    UnknownReplica,
)
from sync.ports import Blobs, ChainEntry, Document, Journal


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
        lacking=lacking(journal, replica),
    )


def pull(journal: Journal, replica: str, request: protocol.PullRequest) -> protocol.PullReply:
    """
    Return the next page of what a replica's user may see; the caller reads one snapshot.

    Raises:
        UnknownReplica: It is not enrolled here.
        ReplicaRevoked: It may not pull any more.
        CursorGone: The cursor is not one that this server gave in this epoch.
    """
    info = journal.replica(replica)
    if info is None or not info.user:
        raise UnknownReplica
    if info.revoked:
        raise ReplicaRevoked
    epoch, head = journal.epoch(), journal.position()
    cursor = _given(request.cursor, epoch, head)
    told = cursor.upto if cursor.between_pages else cursor.since - 1
    cursor = structs.replace(cursor, epoch=epoch, upto=cursor.upto or head)
    rows = journal.changed(info.user, cursor, request.limit + 1)
    following = _following(cursor, rows, request.limit)
    has_more = following.since <= head
    return protocol.PullReply(
        docs=[_pulled(document) for document in rows[: request.limit]],
        leave=list(journal.left(info.user, told)) if request.cursor else [],
        applied_upto={} if has_more else dict(journal.applied_upto(info.user)),
        cursor=following.text(),
        has_more=has_more,
        scope_digest="" if has_more else protocol.scope_digest(journal.visible_versions(info.user)),
        log_pos=head,
    )


def have(journal: Journal, blobs: Blobs, replica: str, hashes: Collection[str]) -> tuple[str, ...]:
    """Return which of these blobs the replica may send and the server does not have, sorted."""
    return tuple(sorted(blobs.missing(journal.sendable_blobs(replica, hashes))))


class Covered(Struct, frozen=True):
    """What a receipt would cover, as the journal said at one moment."""

    epoch: str
    log_pos: int
    entries: Sequence[ChainEntry]  # the last one first
    blobs: Sequence[str]  # the files that they cite, sorted


def covered(journal: Journal, request: protocol.ReceiptRequest) -> Covered:
    """
    Return what a receipt would cover. The caller reads one snapshot of durable entries.

    Raises:
        ReceiptMismatch: There are none, or they or their files are not what the journal holds.
    """
    if request.after_seq >= request.upto_seq:
        raise ReceiptMismatch(reason="没有可确认的记录")
    rows = journal.chain(request.replica, request.after_seq + 1, request.upto_seq)
    by_hash = {row.hash: row for row in rows}
    found: list[ChainEntry] = []
    hash, seq = request.head_hash, request.upto_seq
    while seq > request.after_seq:
        row = by_hash.get(hash)
        if row is None or row.seq != seq:
            raise ReceiptMismatch(reason="记录链不符")
        found.append(row)
        hash, seq = row.prev, seq - 1
    cited = sorted(journal.cited_blobs([row.hash for row in found]))
    if entries.blob_root(cited) != request.blob_root:
        raise ReceiptMismatch(reason="文件清单不符")
    return Covered(journal.epoch(), journal.position(), found, cited)


def receipt(
    blobs: Blobs,
    request: protocol.ReceiptRequest,
    covered: Covered,
    *,
    log_root: str,
    kid: str,
    now: datetime,
) -> protocol.Receipt:
    """
    Return the receipt for durable entries without a gap whose every blob is verified.

    Args:
        blobs: What is stored and verified.
        request: What the phone holds.
        covered: What the journal holds of it.
        log_root: The hex leaf of the journal case's newest event, zeros when there is none.
        kid: The key that will sign it.
        now: Aware.

    Raises:
        BlobsMissing: Some are not stored yet; `missing` in the facts lists them.
    """
    if missing := sorted(blobs.missing(covered.blobs)):
        raise BlobsMissing(count=len(missing), missing=missing)
    effects: dict[str, int] = {}
    for row in covered.entries:
        name = f"quarantined:{row.reason}" if row.effect == "quarantined" else row.effect
        effects[name] = effects.get(name, 0) + 1
    return protocol.Receipt(
        v=1,
        epoch=covered.epoch,
        replica=request.replica,
        upto_seq=request.upto_seq,
        head_hash=request.head_hash,
        entry_count=len(covered.entries),
        blob_root=request.blob_root,
        effects=dict(sorted(effects.items())),
        log_pos=covered.log_pos,
        log_root=log_root,
        time=now.isoformat(),
        kid=kid,
        after_seq=request.after_seq,
    )


def _given(text: str, epoch: str, head: int) -> Cursor:
    """Return a cursor that this server gave in this epoch, which has come to `head`."""
    cursor = read_cursor(text)
    if text and (cursor.epoch != epoch or max(cursor.since - 1, cursor.upto) > head):
        raise CursorGone
    return cursor


def _pull_needed(journal: Journal, user: str, text: str) -> bool:
    head = journal.position()
    try:
        cursor = _given(text, journal.epoch(), head)
    except CursorGone:
        return True
    if not user or not text or cursor.between_pages:
        return True  # without a user, too: the pull will ask for the login that is missing
    if journal.changed(user, structs.replace(cursor, upto=head), 1):
        return True
    return bool(journal.left(user, cursor.since - 1))


def _following(cursor: Cursor, rows: Sequence[Document], limit: int) -> Cursor:
    if len(rows) <= limit:
        return Cursor(cursor.epoch, cursor.upto + 1)
    last = rows[limit - 1]
    return structs.replace(cursor, scope=last.scope, pos=last.pos, id=last.id)


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
