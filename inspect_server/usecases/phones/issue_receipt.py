"""Receipts: what the server promises to hold, signed, so that a phone may one day let go."""

from collections.abc import Collection
from uuid import uuid4

from inspect_server.domain.record import GENESIS
from inspect_server.gateways.keys import LocalKeys
from inspect_server.store.counting import tally
from inspect_server.store.journal import blobs as sync_blobs
from inspect_server.store.journal.journal import SqlBlobs, SqlJournal
from inspect_server.store.models.journal import Receipt
from inspect_server.store.models.record import RecordCase
from inspect_server.usecases.journal.server_entries import JOURNAL
from inspect_server.usecases.phones.lost_files import find_lost
from inspect_server.usecases.work import Actor, Backend, Work
from sync import engine, entries, protocol
from sync.errors import ReceiptMismatch


def issue_receipt(backend: Backend, request: protocol.ReceiptRequest) -> protocol.ReceiptReply:
    """
    Sign a receipt for a contiguous durable prefix whose every file is stored and verified.

    Only committed entries are looked at, and the receipt itself is durable before it is returned.
    Files that no receipt covers yet are read again before one does.

    Raises:
        ReceiptMismatch: The prefix or its files are not what the journal holds.
        BlobsMissing: Some are not stored, or no longer lie where they were put.
    """
    if request.upto_seq > entries.MAX_SEQ:
        raise ReceiptMismatch(reason="记录链不符")
    key = LocalKeys(backend.settings.data_dir / "keys").receipts()
    with backend.reading() as session:
        covered = engine.covered(SqlJournal(session, backend.clock.now()), request)
        case = session.get(RecordCase, JOURNAL)
        log_root = case.last_leaf if case else GENESIS
        new = sync_blobs.unpromised(session, request.replica, covered.entries)
    find_lost(backend, new)  # older ones are read again by the nightly check
    with backend.begin(Actor(label=f"replica:{request.replica}")) as work:
        receipt = engine.receipt(
            _PresentBlobs(work),
            request,
            covered,
            log_root=log_root,
            kid=key.kid,
            now=work.now,
        )
        reply = protocol.sign_receipt(key.private, receipt)
        row = Receipt(
            id=uuid4(),
            replica_id=request.replica,
            upto_seq=request.upto_seq,
            issued_at=work.now,
            body=reply.receipt_b64,
            signature=reply.sig_b64,
        )
        work.session.add(row)
        tally.count_row(work.session, tally.RECEIPT, row)
    return reply


class _PresentBlobs:
    """A row says that a file was verified; for a promise it must also still be there."""

    def __init__(self, work: Work) -> None:
        self._work = work

    def missing(self, hashes: Collection[str]) -> Collection[str]:
        known = SqlBlobs(self._work.session)
        gone = {sha256 for sha256 in hashes if not self._work.blobs.has(sha256)}
        return gone.union(known.missing(hashes))
