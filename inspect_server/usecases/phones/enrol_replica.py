"""Making a phone known: its key, its user, and the token with which it downloads."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from inspect_server.domain.errors import InspectError
from inspect_server.domain.identity import LoginRefused
from inspect_server.gateways.keys import LocalKeys
from inspect_server.store.journal import head as sync_head
from inspect_server.store.journal import replicas
from inspect_server.store.models.journal import Replica
from inspect_server.usecases.accounts import SignedIn, authenticate, check_enrolled
from inspect_server.usecases.journal.server_entries import write
from inspect_server.usecases.work import Actor, Backend, Work
from sync import entries, protocol
from sync.entries import make_op
from sync.errors import BadEnvelope, NotLoggedIn, NotSigned, ReplicaRevoked

NONCE_LIFETIME = timedelta(minutes=10)


class ReplicaOfAnother(InspectError):
    """The key belongs to another account: a phone that changes hands makes a new key."""

    code, kind = "replica.other_user", "conflict"
    message = "本机登记在另一账号名下，请先清空手机端数据（确认已同步完成）后重新登记。"


@dataclass(frozen=True)
class Enrolled:
    """An enrolment before it goes to the phone; the token leaves the server once, here."""

    replica_id: str
    device_id: UUID
    epoch: UUID
    pull_token: str


def give_nonce(backend: Backend) -> protocol.NonceReply:
    """Return a nonce for one enrolment, good for NONCE_LIFETIME."""
    nonce = secrets.token_hex(32)
    with backend.begin(Actor.system("sync")) as work:
        replicas.add_nonce(work.session, nonce, work.now + NONCE_LIFETIME, work.now)
        return protocol.NonceReply(nonce, work.now.isoformat())


def enrol_replica(backend: Backend, request: protocol.EnrolRequest) -> protocol.EnrolReply:
    """
    Enrol a phone under its user's login; again with the same key only renews the token.

    Raises:
        NotSigned: The proof is not by the new key, or the nonce is unknown, used or too old.
        NotLoggedIn: Login, password and the code of a second factor do not hold together.
        SecondFactorWanted: The account's role needs a second factor, and it has none yet.
        BadEnvelope: Not a P-256 key, no device id, or a label with control characters.
        ReplicaOfAnother: The key is enrolled for another account.
        ReplicaRevoked: A revoked replica does not come back; the phone makes a new key.
    """
    _check_proof(request)
    with backend.begin(Actor.system("sync")) as work:
        fresh = replicas.use_nonce(work.session, request.nonce, work.now)
    if not fresh:
        raise NotSigned(reason="登记随机数已失效")
    user = _login(backend, request)
    with backend.begin(user.actor) as work:
        enrolled = _enrol(work, user, request)
    key = LocalKeys(backend.settings.data_dir / "keys").receipts()
    return protocol.EnrolReply(
        replica_id=enrolled.replica_id,
        device_id=str(enrolled.device_id),
        user_id=str(user.user_id),
        user_name=user.name,
        officer_id=str(user.officer_id) if user.officer_id else "",
        dataset_epoch=str(enrolled.epoch),
        server_keys=[protocol.ServerKey(key.kid, "ed25519", key.public_bytes)],
        pull_token=enrolled.pull_token,
        server_time=backend.clock.now().isoformat(),
    )


def _login(backend: Backend, request: protocol.EnrolRequest) -> SignedIn:
    try:
        user = authenticate(backend, request.login, request.password, request.code)
    except LoginRefused:
        raise NotLoggedIn from None
    check_enrolled(backend, user)
    return user


def _enrol(work: Work, user: SignedIn, request: protocol.EnrolRequest) -> Enrolled:
    epoch = sync_head.ensure(work.session)
    replica_id = entries.replica_id(request.public_key_b64)
    replicas.learn_key(work.session, replica_id, request.public_key_b64, work.now)
    replicas.lock(work.session, [replica_id])
    known = work.session.get_one(Replica, replica_id, populate_existing=True)
    if known.revoked_at is not None:
        raise ReplicaRevoked
    claimed = known.user_id is not None
    if known.is_server or (known.user_id is not None and known.user_id != user.user_id):
        raise ReplicaOfAnother
    token = secrets.token_urlsafe(32)
    row = replicas.enrol(
        work.session,
        replica_id=replica_id,
        public_key=request.public_key_b64,
        at=work.now,
        user_id=user.user_id,
        device_id=_device(request.device_id),
        label=request.label,
        storage={
            "persisted": request.storage.persisted,
            "installed": request.storage.installed,
            "quota": request.storage.quota,
        },
        pull_token_sha256=hashlib.sha256(token.encode("ascii")).hexdigest(),
    )
    if not claimed and replicas.has_entries(work.session, replica_id):
        _claim(work, replica_id, user.user_id)
    return Enrolled(replica_id, row.device_id, epoch, token)


def _claim(work: Work, replica_id: str, user_id: UUID) -> None:
    """
    Say in the journal whose a replica is of which something came before it was enrolled.

    After a restore a partner may bring its entries first, also without their beginning. From this
    entry of the server on they count, so that what is applied follows from the journal alone.
    """
    op = make_op("replica.enrol", f"replica/{replica_id}", {"user": str(user_id)})
    write(work, [op], assignment=None, form="", user=user_id)


def _check_proof(request: protocol.EnrolRequest) -> None:
    key = request.public_key_b64
    if not request.label.isprintable():
        raise BadEnvelope(reason="label")
    try:
        entries.load_public_key(key)
    except ValueError:
        raise BadEnvelope(reason="public_key_b64") from None
    message = protocol.enrol_proof_bytes(request.nonce, request.login, key)
    if not entries.verify(key, message, request.proof_b64):
        raise NotSigned(reason="登记证明不符")


def _device(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise BadEnvelope(reason="device_id") from None
