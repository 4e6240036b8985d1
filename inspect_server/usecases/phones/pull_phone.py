"""What a phone may ask: where it stands, and what changed in its tasks."""

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from inspect_server.domain.enums import Role
from inspect_server.domain.identity import is_locked
from inspect_server.store.journal import head as sync_head
from inspect_server.store.journal import replicas
from inspect_server.store.journal.journal import SqlBlobs, SqlJournal
from inspect_server.store.models.identity import User
from inspect_server.store.models.journal import Replica
from inspect_server.store.models.registry import Officer
from inspect_server.usecases.disclosing.identities import note_pulled
from inspect_server.usecases.work import Actor, Backend
from sync import engine, protocol
from sync.errors import NotInspecting, NotLoggedIn, ReplicaRevoked, UnknownReplica


@dataclass(frozen=True)
class Puller:
    """A replica whose user may download."""

    replica_id: str
    user_id: UUID


def public_key(backend: Backend, replica_id: str) -> bytes:
    """
    Return the key that a replica's requests are signed with.

    Raises:
        UnknownReplica: It is not enrolled here.
    """
    with backend.reading() as session:
        info = replicas.info(session, replica_id)
    if info is None:
        raise UnknownReplica
    return info.public_key


def check_token(backend: Backend, replica_id: str, token: str) -> Puller:
    """
    Return who downloads, if the token is this replica's and its user may still come in.

    A new password, or closing the account, withdraws the token. A lock, a lost role or an officer
    who left are looked up each time. None of it stops a phone from delivering.

    Raises:
        ReplicaRevoked: The replica may not pull any more.
        NotLoggedIn: No token, another replica's, a withdrawn one, or the account is locked.
        NotInspecting: The user is no inspector (any more); logging in again changes nothing.
    """
    digest = hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
    with backend.reading() as session:
        row = session.get(Replica, replica_id)
        if row is not None and row.revoked_at is not None:
            raise ReplicaRevoked
        if row is None or row.user_id is None or row.pull_token_sha256 is None:
            raise NotLoggedIn
        user = session.get_one(User, row.user_id)
        right = hmac.compare_digest(row.pull_token_sha256, digest)
        locked = user.disabled_at is not None or is_locked(user.locked_until, backend.clock.now())
        if locked or not right:
            raise NotLoggedIn
        if not _inspects(session, user):
            raise NotInspecting
        return Puller(replica_id, row.user_id)


def _inspects(session: Session, user: User) -> bool:
    if Role.INSPECTOR.value not in user.roles:
        return False
    officer = session.get(Officer, user.officer_id) if user.officer_id else None
    return officer is None or officer.active


def replica_state(backend: Backend, replica_id: str, cursor: str) -> protocol.StateReply:
    """
    Say where a replica stands: the first question of every sync.

    Raises:
        UnknownReplica: It is not enrolled here.
    """
    with _snapshot(backend) as (journal, blobs):
        return engine.state(journal, blobs, replica_id, cursor, backend.clock.now())


def pull_phone(
    backend: Backend, puller: Puller, request: protocol.PullRequest
) -> protocol.PullReply:
    """
    Return the next page of what changed in the user's tasks, from one snapshot.

    That it gives the phone a visit to come is noted first, once for each replica and task.

    Raises:
        ReplicaRevoked: The replica may not pull any more.
        CursorGone: The cursor is of another epoch, or none: the phone starts over, its outbox
            untouched.
    """
    with _snapshot(backend) as (journal, _):
        page = engine.pull(journal, puller.replica_id, request)
    told = {"task": set[UUID](), "enterprise": set[UUID]()}
    for document in page.docs:
        if document.kind in told and not document.deleted:
            told[document.kind].add(UUID(document.id.rpartition("/")[2]))
    note_pulled(backend, puller.user_id, puller.replica_id, told["task"], told["enterprise"])
    return page


@contextmanager
def _snapshot(backend: Backend) -> Iterator[tuple[SqlJournal, SqlBlobs]]:
    with backend.reading() as session:
        if sync_head.epoch(session) is not None:
            yield SqlJournal(session, backend.clock.now()), SqlBlobs(session)
            return
    with backend.begin(Actor.system("sync")) as work:  # a new database has no epoch yet
        sync_head.ensure(work.session)
    with backend.reading() as session:
        yield SqlJournal(session, backend.clock.now()), SqlBlobs(session)
