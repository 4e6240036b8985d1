"""What a restored server lost and a phone no longer holds: its own receipt stands for it."""

from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime

import msgspec

from sync import entries, protocol
from sync.entries import Op
from sync.errors import BadReceipt
from sync.ports import Journal
from sync.values import LostValue


def lost(
    journal: Journal, request: protocol.PushRequest, keys: Mapping[str, bytes], now: datetime
) -> list[Op]:
    """
    Return the `replica.lost` operations that the receipts of a push call for.

    Append them as an entry of the server before the push itself. There are none for what is stored
    or was named before. A receipt that this server did not sign is kept as unverified bytes.

    Args:
        journal: In the caller's transaction.
        request: The push. One of another epoch, or of an unknown carrier, calls for nothing.
        keys: kid -> raw Ed25519 key, the server's own.
        now: Aware.
    """
    if request.epoch != journal.epoch() or journal.replica(request.replica) is None:
        return []
    found: dict[str, Op] = {}
    for reply in request.receipts:
        try:
            receipt = protocol.verify_receipt(reply, keys)
        except BadReceipt:
            journal.keep_unverified(
                request.replica, reply.receipt_b64, reply.sig_b64, "unverified", now
            )
            continue
        if _is_missing(journal, request, receipt):
            found[receipt.head_hash] = _operation(receipt, reply)
    return list(found.values())


def _is_missing(journal: Journal, request: protocol.PushRequest, receipt: protocol.Receipt) -> bool:
    if journal.replica(receipt.replica) is None:
        key = request.keys.get(receipt.replica, b"")
        if not entries.is_key_of(receipt.replica, key):
            return False
        journal.add_replica_key(receipt.replica, key)
    if journal.find([receipt.head_hash]):
        return False
    return receipt.head_hash not in {value.head_hash for value in _values(journal, receipt.replica)}


def named(journal: Journal, replica: str, keys: Mapping[str, bytes]) -> Iterator[LostValue]:
    """Yield what was lost of a replica, where the receipt verifies under these keys and says so."""
    for value in _values(journal, replica):
        try:
            content, signature = b64decode(value.receipt), b64decode(value.signature)
            signed = protocol.ReceiptReply(content, signature, value.kid)
            receipt = protocol.verify_receipt(signed, keys)
        except (ValueError, BadReceipt):
            continue
        says = (receipt.replica, receipt.upto_seq, receipt.head_hash)
        if says == (replica, value.upto_seq, value.head_hash):
            yield value


def _values(journal: Journal, replica: str) -> Iterator[LostValue]:
    for op in journal.operations([("", f"replica/{replica}")]):
        if op.type == "replica.lost":
            with suppress(msgspec.ValidationError):  # a row that somebody changed names nothing
                yield msgspec.json.decode(op.value, type=LostValue)


def _operation(receipt: protocol.Receipt, reply: protocol.ReceiptReply) -> Op:
    value = {
        "upto_seq": receipt.upto_seq,
        "head_hash": receipt.head_hash,
        "receipt": b64encode(reply.receipt_b64).decode("ascii"),
        "signature": b64encode(reply.sig_b64).decode("ascii"),
        "kid": receipt.kid,
    }
    return entries.make_op("replica.lost", f"replica/{receipt.replica}", value)
