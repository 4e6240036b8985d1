"""Every request is signed by the replica that carries it; nothing is believed before that holds."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import quote

from flask import request
from msgspec import Struct

from inspect_server.api.sync.body import inflated, read_exactly
from inspect_server.usecases.phones.pull_phone import Puller, check_token, public_key
from inspect_server.usecases.phones.receive_blob import allowed
from inspect_server.usecases.phones.upload_tokens import UploadRight
from inspect_server.usecases.work import Backend
from sync import entries, httpsig, protocol
from sync.errors import BadEnvelope, NotSigned

_M = TypeVar("_M", bound=Struct)
BEARER = "Bearer "


@dataclass(frozen=True)
class Signed:
    """Who signed a request, and its body as sent (compressed where it was)."""

    replica_id: str
    content: bytes

    def message(self, kind: type[_M]) -> _M:
        """
        Return the body as a message.

        Raises:
            BadEnvelope: Not a message of this endpoint, or a damaged compression.
            TooLarge: It inflates beyond the limit.
        """
        encoding = request.headers.get("Content-Encoding", "").strip().lower()
        return protocol.decode(kind, inflated(self.content, encoding))


def signed(backend: Backend) -> Signed:
    """
    Return who signed this request and its body, complete and as digested.

    Raises:
        NotSigned: No signature, or not by the replica that it names.
        UnknownReplica: That replica is not enrolled here.
        BadEnvelope, TooLarge, DigestMismatch: The body is not whole, too big, or another one.
    """
    content = _content()
    claimed = httpsig.signer(_headers())
    return Signed(_checked(content, public_key(backend, claimed)), content)


def signed_by_new_key() -> tuple[str, protocol.EnrolRequest]:
    """
    Return an enrolment that is signed by the very key that it brings.

    Raises:
        NotSigned: Signed by another key.
        BadEnvelope, TooLarge, DigestMismatch: As in `signed`.
    """
    content = _content()
    replica_id = httpsig.signer(_headers())
    message = Signed(replica_id, content).message(protocol.EnrolRequest)
    if entries.replica_id(message.public_key_b64) != replica_id:
        raise NotSigned(reason="密钥与编号不符")
    return _checked(content, message.public_key_b64), message


def push_request(backend: Backend) -> protocol.PushRequest:
    """
    Return a push; the replica that signed it is the one that carries it.

    Raises:
        NotSigned: Another replica than the carrier signed.
    """
    carrier = signed(backend)
    message = carrier.message(protocol.PushRequest)
    _own(carrier, message.replica)
    return message


def state_question(backend: Backend) -> tuple[str, str]:
    """
    Return whose state is asked, and the cursor.

    Raises:
        NotSigned: A replica asks for another one's state.
    """
    asking = signed(backend)
    _own(asking, request.args.get("replica", asking.replica_id))
    return asking.replica_id, request.args.get("cursor", "")


def receipt_request(backend: Backend) -> protocol.ReceiptRequest:
    """
    Return what a replica wants a receipt for: its own entries.

    Raises:
        NotSigned: A replica asks for another one's receipt.
    """
    asking = signed(backend)
    message = asking.message(protocol.ReceiptRequest)
    _own(asking, message.replica)
    return message


def puller(backend: Backend, by: Signed) -> Puller:
    """
    Return who downloads: the replica's signature and its user's token must both hold.

    Raises:
        ReplicaRevoked: The replica may not pull any more.
        NotLoggedIn: The token does not hold.
        NotInspecting: The user is no inspector (any more).
    """
    return check_token(backend, by.replica_id, _bearer())


def upload_right(backend: Backend) -> UploadRight:
    """
    Return what the upload token of a tus request permits.

    Raises:
        UploadTokenInvalid: None, forged, damaged or expired.
    """
    return allowed(backend, _bearer())


def _content() -> bytes:
    if request.method == "GET":
        return b""
    return read_exactly(request.stream, request.content_length, protocol.MAX_PUSH_BYTES)


def _checked(content: bytes, key: bytes) -> str:
    has_body = request.method != "GET"
    if has_body:
        digest = request.headers.get(httpsig.CONTENT_DIGEST, "")
        httpsig.check_digest(digest, hashlib.sha256(content).digest())
    path = quote(request.root_path.rstrip("/") + request.path, safe="/:@!$&'()*+,;=~")
    target = httpsig.Target(request.method, path, request.query_string.decode("latin-1"))
    return httpsig.verify_request(target, _headers(), has_body, _verifier(key))


def _headers() -> dict[str, str]:
    names = (httpsig.SIGNATURE_INPUT, httpsig.SIGNATURE, httpsig.CONTENT_DIGEST)
    return {name: request.headers.get(name, "") for name in names}


def _verifier(key: bytes) -> Callable[[bytes, bytes], bool]:
    return lambda message, signature: entries.verify(key, message, signature)


def _own(by: Signed, replica_id: str) -> None:
    if by.replica_id != replica_id:
        raise NotSigned(reason="签名者与本机编号不符")


def _bearer() -> str:
    """Return the token that came; none reads as one that holds for nothing."""
    header = request.headers.get(protocol.AUTHORIZATION, "")
    return header.removeprefix(BEARER).strip() if header.startswith(BEARER) else ""


def number(name: str) -> int:
    """
    Return a header that holds a whole number, not negative.

    Raises:
        BadEnvelope: Missing or no such number.
    """
    value = request.headers.get(name, "")
    if not (value.isascii() and value.isdigit() and len(value) <= 15):
        raise BadEnvelope(reason=name)
    return int(value)
