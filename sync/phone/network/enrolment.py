"""Making a replica known to the server, and pinning what the server shows."""

from collections.abc import Callable

import httpx
import msgspec

from sync import entries, protocol
from sync.errors import BadReceipt
from sync.phone.errors import RemoteProblem, WrongLogin
from sync.phone.local import LocalStore
from sync.phone.network.wire import Wire
from sync.phone.partner import exchange

REFUSED_LOGIN = "sync.login"


def enrol(
    store: LocalStore,
    client: httpx.Client,
    unix_now: Callable[[], int],
    label: str,
    login: str,
    password: str,
    code: str = "",
) -> protocol.EnrolReply:
    """
    Enrol the replica in use, or a new one when that was cloned.

    Args:
        code: Of the account's second factor, where it has one.

    Raises:
        WrongLogin: The login, the password or the code is wrong.
        RemoteProblem: Another refusal.
        OutOfReach: No answer.
        BadReceipt: The server shows other receipt keys than those pinned here.
    """
    if store.get("forked") == store.replicas()[-1].id:
        with store.transaction():
            store.add_replica(entries.new_key())
            store.put(hlc="")
    replica = store.replicas()[-1]
    wire = Wire(client, replica, unix_now)
    nonce = wire.get(protocol.NONCE, protocol.NonceReply).nonce
    public = entries.raw_public_key(replica.key)
    request = protocol.EnrolRequest(
        login=login,
        password=password,
        nonce=nonce,
        public_key_b64=public,
        label=label,
        device_id=store.get("device"),
        storage=protocol.Storage(persisted=True, installed=True, quota=0),
        proof_b64=entries.sign(replica.key, protocol.enrol_proof_bytes(nonce, login, public)),
        code=code,
    )
    try:
        reply = wire.post(protocol.REPLICAS, request, protocol.EnrolReply)
    except RemoteProblem as problem:
        if problem.facts["remote"] == REFUSED_LOGIN:
            raise WrongLogin from None
        raise
    _pin(store, reply)
    return reply


def _pin(store: LocalStore, reply: protocol.EnrolReply) -> None:
    shown = exchange.encode_keys(reply.server_keys)
    pinned = store.get("server_keys")
    if pinned and not shown.items() >= exchange.decode_keys(pinned).items():
        raise BadReceipt(reason="服务器回执密钥与登记时不同")
    with store.transaction():
        store.put(
            user=reply.user_id,
            officer=reply.officer_id,
            device=reply.device_id,
            token=reply.pull_token,
            server_keys=msgspec.json.encode(shown).decode(),
            epoch=store.get("epoch") or reply.dataset_epoch,
            **exchange.time_told(reply.server_time),
        )
