"""Taking in what phones captured: stored first, judged second, acknowledged after the commit."""

from collections.abc import Callable
from datetime import datetime
from functools import cache

from sqlalchemy.orm import Session

from inspect_server.gateways.keys import LocalKeys
from inspect_server.store.journal import replicas
from inspect_server.store.journal.journal import SqlBlobs, SqlJournal
from inspect_server.usecases.journal.server_entries import after_entries, write
from inspect_server.usecases.work import Actor, Backend
from sync import engine, protocol
from sync.errors import WrongEpoch


def push_entries(backend: Backend, request: protocol.PushRequest) -> protocol.PushReply:
    """
    Store, judge and merge one push; the reply is only returned once all of it is durable.

    Parsing and verifying come before the transaction, so that no lock waits for arithmetic.

    Raises:
        TooLarge: More entries than one push may hold.
        UnknownReplica: The carrier is not enrolled; nothing was stored.
        WrongEpoch: The phone speaks to an earlier life of the server; nothing was stored.
    """
    with backend.reading() as session:
        prepared = engine.prepare(request, _keys(session))
    if request.receipts:
        _bridge(backend, request)
    with backend.begin(Actor(label=f"replica:{request.replica}")) as work:
        journal = SqlJournal(work.session, work.now)
        reply = _push(journal, SqlBlobs(work.session), prepared, work.now)
        arrived = {result.hash for result in reply.results if result.stored in ("new", "fork")}
        touched = {
            item.place.replica for item in prepared.items if item.place and item.hash in arrived
        }
        after_entries(work, journal, touched)
    return reply


def _bridge(backend: Backend, request: protocol.PushRequest) -> None:
    """
    Say in the journal what a restore lost and the phone can only name, before its entries come.

    In a transaction of its own, so that the locks of the push are taken in one order.
    """
    key = LocalKeys(backend.settings.data_dir / "keys").receipts()
    with backend.begin(Actor(label=f"replica:{request.replica}")) as work:
        journal = SqlJournal(work.session, work.now)
        ops = engine.lost(journal, request, {key.kid: key.public_bytes}, work.now)
        if ops:
            write(work, ops, assignment=None, form="", user=None)
            after_entries(work, journal, {op.item.partition("/")[2] for op in ops})


def _push(
    journal: SqlJournal, blobs: SqlBlobs, prepared: engine.PreparedPush, now: datetime
) -> protocol.PushReply:
    try:
        return engine.push(journal, blobs, prepared, now)
    except WrongEpoch:
        carrier = journal.replica(prepared.carrier)
        assert carrier is not None
        raise WrongEpoch(
            epoch=journal.epoch(), upto_seq=carrier.upto_seq, head_hash=carrier.head_hash
        ) from None


def _keys(session: Session) -> Callable[[str], bytes | None]:
    @cache
    def key_of(replica_id: str) -> bytes | None:
        found = replicas.info(session, replica_id)
        return found.public_key if found else None

    return key_of
