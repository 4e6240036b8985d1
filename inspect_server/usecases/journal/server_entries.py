"""The server as a replica: what the bureau decides is an entry of its own in the journal."""

import hashlib
from collections.abc import Collection, Sequence
from datetime import UTC
from functools import cache
from pathlib import Path
from uuid import UUID, uuid5

from cryptography.hazmat.primitives.asymmetric import ec

from inspect_server.domain.enums import InspectionState
from inspect_server.domain.inspection import Event, move
from inspect_server.gateways.keys import LocalKeys
from inspect_server.store.journal import documents as sync_documents
from inspect_server.store.journal import replicas
from inspect_server.store.journal import tasks as sync_tasks
from inspect_server.store.journal.journal import SqlJournal
from inspect_server.usecases import record
from inspect_server.usecases.journal.visit_steps import note_steps
from inspect_server.usecases.phones.task_documents import task_draft
from inspect_server.usecases.work import Work
from sync import engine, entries
from sync.entries import Op
from sync.ports import StoredEntry
from sync.protocol import PushResult

DEVICES = UUID("6f1d7f0a-2f5e-5c1b-9a40-6a2b8c9d0e1f")
"""Namespace of the server's own device id, so that it follows from its key."""
JOURNAL = "journal"
EXTENDED = "journal.extended"
VISIT_START = "visit/start/"


def write(
    work: Work, ops: Sequence[Op], *, assignment: UUID | None, form: str, user: UUID | None
) -> PushResult:
    """
    Write one entry of the server's replica and everything that follows from it.

    Hold the inspection's lock; a transaction that writes for several inspections locks all of
    them first, by id, as every push does.
    """
    key = server_key(work.settings.data_dir / "keys")
    public_key = entries.raw_public_key(key)
    own = entries.replica_id(public_key)
    device = uuid5(DEVICES, own)
    if replicas.info(work.session, own) is None:
        replicas.enrol(
            work.session,
            replica_id=own,
            public_key=public_key,
            at=work.now,
            user_id=None,
            device_id=device,
            label="服务器",
            storage={},
            pull_token_sha256=None,
            is_server=True,
        )
    journal = SqlJournal(work.session, work.now)
    result = engine.append(
        journal,
        key,
        work.now,
        user=str(user) if user else "",
        assignment=str(assignment) if assignment else "",
        form=form,
        device=str(device),
        ops=ops,
    )
    after_entries(work, journal, [own])
    return result


def after_entries(work: Work, journal: SqlJournal, replica_ids: Collection[str]) -> None:
    """
    Do what new entries lead to outside the journal, in the same transaction.

    The record notes how far each chain reaches and how the new entries came, and in the case of
    each inspection the steps that the entries are. A visit's first `visit.start` moves its
    inspection on; its lock was taken with the push.
    """
    for replica_id in sorted(set(replica_ids)):
        info = journal.replica(replica_id)
        assert info is not None
        reached = {"replica": info.id, "upto_seq": info.upto_seq, "head_hash": info.head_hash}
        added = [row for row in journal.added if row.replica == replica_id]
        record.note(work, EXTENDED, JOURNAL, reached | (received(added) if added else {}))
    started = {id for id, item in journal.folded if item.startswith(VISIT_START)}
    for inspection_id in sorted(started):
        _start(work, UUID(inspection_id))
    note_steps(work, journal.judged)


def received(rows: Sequence[StoredEntry]) -> dict[str, str | int]:
    """
    Return what the record keeps of entries that came together, beside what their bytes say.

    That is where they stand in the journal, who brought them and when: nothing else proves it.
    """
    by_pos = sorted(rows, key=lambda row: row.pos)
    lines = (
        f"{row.pos}\t{row.hash}\t{row.carrier}\t{row.received_at.astimezone(UTC).isoformat()}\n"
        for row in by_pos
    )
    digest = hashlib.sha256("".join(lines).encode()).hexdigest()
    return {"first_pos": by_pos[0].pos, "last_pos": by_pos[-1].pos, "received": digest}


@cache
def server_key(folder: Path) -> ec.EllipticCurvePrivateKey:
    """Return the key of the server's replica."""
    return LocalKeys(folder).replica()


def _start(work: Work, inspection_id: UUID) -> None:
    rows = sync_tasks.load(work.session, inspection_id)
    if rows is None or rows.inspection.state != InspectionState.DISPATCHED:
        return
    rows.inspection.state = move(rows.inspection.state, Event.START_VISIT)
    work.session.flush()
    sync_documents.put(work.session, [task_draft(rows)])
