"""What a restored server lost and a phone no longer holds: its own receipt stands for it."""

from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial

from sync import entries, protocol
from sync.engine.chains import Chain, history, losses
from sync.entries import Op
from sync.errors import BadReceipt
from sync.ports import Journal
from sync.values import LostValue


def lost(
    journal: Journal, request: protocol.PushRequest, keys: Mapping[str, bytes], now: datetime
) -> list[Op]:
    """
    Return the `replica.lost` operations that the receipts of a push call for.

    Append them as an entry of the server before the push itself. There are none for what is here
    without a gap or was named before, and none for another replica than the one that asks: only
    its own phone knows what it no longer holds. A receipt of a forgotten replica brings its key
    back, if that comes along, so that the phone can speak under it. A receipt that this server did
    not sign is kept as unverified bytes.

    Args:
        journal: In the caller's transaction.
        request: The push. One of another epoch, or of an unknown carrier, calls for nothing.
        keys: kid -> raw Ed25519 key, the server's own.
        now: Aware.
    """
    carrier = journal.replica(request.replica)
    if request.epoch != journal.epoch() or carrier is None:
        return []
    head = carrier.upto_seq, carrier.head_hash
    chain = Chain(head, partial(history, journal, carrier.id))
    found: dict[str, Op] = {}
    for reply in request.receipts:
        try:
            receipt = protocol.verify_receipt(reply, keys)
        except BadReceipt:
            journal.keep_unverified(
                request.replica, reply.receipt_b64, reply.sig_b64, "unverified", now
            )
            continue
        if receipt.replica != request.replica:
            _learn_key(journal, receipt.replica, request.keys)
        elif not chain.reaches(receipt.head_hash):
            found[receipt.head_hash] = _operation(receipt, reply)
    return list(found.values())


def lacking(journal: Journal, replica: str) -> list[protocol.LackedEntry]:
    """
    Return the entries of a replica that the journal knows by their hash alone, by seq and hash.

    Some stand where a receipt stands for what was lost: the last of it, and what an entry names as
    its predecessor that came out of the middle. A phone that still holds one pushes all up to it.
    """
    values = list(losses(journal, replica))
    if not values:
        return []
    rows = journal.chain(replica, 1, max(value.upto_seq for value in values) + 1)
    named = {(value.upto_seq, value.head_hash) for value in values}
    named |= {(row.seq - 1, row.prev) for row in rows if row.prev}
    here = {row.hash for row in rows}
    return [protocol.LackedEntry(seq, hash) for seq, hash in sorted(named) if hash not in here]


def _learn_key(journal: Journal, replica: str, brought: Mapping[str, bytes]) -> None:
    key = brought.get(replica, b"")
    if journal.replica(replica) is None and entries.is_key_of(replica, key):
        journal.add_replica_key(replica, key)


def named(journal: Journal, replica: str, keys: Mapping[str, bytes]) -> Iterator[LostValue]:
    """Yield what was lost of a replica, where the receipt verifies under these keys and says so."""
    for value in losses(journal, replica):
        try:
            content, signature = b64decode(value.receipt), b64decode(value.signature)
            signed = protocol.ReceiptReply(content, signature, value.kid)
            receipt = protocol.verify_receipt(signed, keys)
        except (ValueError, BadReceipt):
            continue
        says = (receipt.replica, receipt.upto_seq, receipt.head_hash)
        if says == (replica, value.upto_seq, value.head_hash):
            yield value


def _operation(receipt: protocol.Receipt, reply: protocol.ReceiptReply) -> Op:
    value = {
        "upto_seq": receipt.upto_seq,
        "head_hash": receipt.head_hash,
        "receipt": b64encode(reply.receipt_b64).decode("ascii"),
        "signature": b64encode(reply.sig_b64).decode("ascii"),
        "kid": receipt.kid,
    }
    return entries.make_op("replica.lost", f"replica/{receipt.replica}", value)
