"""
The messages of push, pull, state, blobs and receipts, as they stand on the wire.

Fields named `*_b64` and `sig` are bytes, in JSON as standard base64 with padding. Moments are
RFC 3339 with an offset. docs/sync.md describes every endpoint for other languages.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from msgspec import Meta, Struct

from sync import values
from sync.errors import BadEnvelope, BadReceipt
from sync.values import Hex64, UuidOrEmpty, UuidText

PREFIX = "/sync/v1"
NONCE = f"{PREFIX}/nonce"  # GET, no signature: NonceReply
REPLICAS = f"{PREFIX}/replicas"  # POST, signed by the new key itself
STATE = f"{PREFIX}/state"  # GET ?replica=&cursor=
PUSH = f"{PREFIX}/push"  # POST
PULL = f"{PREFIX}/pull"  # POST, needs the pull token
BLOBS_HAVE = f"{PREFIX}/blobs/have"  # POST
BLOBS = f"{PREFIX}/blobs"  # GET /<sha256>, needs the pull token
UPLOADS = f"{PREFIX}/uploads"  # tus 1.0: POST, HEAD/PATCH/DELETE /<id>; needs the upload token
RECEIPTS = f"{PREFIX}/receipts"  # POST

CONTENT_DIGEST = "Content-Digest"
REPR_DIGEST = "Repr-Digest"  # RFC 9530: of the whole, also where a range of it is sent
AUTHORIZATION = "Authorization"  # `Bearer <pull token>`, on tus `Bearer <upload token>`
JSON = "application/json"
PROBLEM_JSON = "application/problem+json"
TUS_VERSION = "1.0.0"
TUS_EXTENSIONS = "creation,creation-with-upload,checksum,termination"
TUS_CHECKSUMS = "sha1,sha256"

MAX_PUSH_ENTRIES = 500
MAX_PUSH_RECEIPTS = 20  # one for each replica that a phone ever was
MAX_PUSH_BYTES = 1024 * 1024  # as sent, compressed
MAX_PUSH_INFLATED = 8 * 1024 * 1024
MAX_PULL_DOCUMENTS = 1000
MAX_HAVE_HASHES = 1000
CHUNK_BYTES = 1024 * 1024  # one tus PATCH
MAX_BLOB_BYTES = 256 * 1024 * 1024
FUTURE_CLOCK_SECONDS = 600  # an entry's wall clock this far ahead gets the flag future_clock

Whole = Annotated[int, Meta(ge=0, le=2**53 - 1)]
"""A number of entries, of a position or of a version: every program and database holds it."""
Token = Annotated[str, Meta(pattern=r"^[!-~]{1,1000}\Z")]
"""What a header can carry."""
CursorText = Annotated[str, Meta(max_length=300)]
Effect = Literal["applied", "conflict", "held", "quarantined"]
Stored = Literal["new", "duplicate", "fork", "unverified", "refused"]
Reason = Literal[
    "",
    "not_assigned",
    "reassigned",
    "closed",
    "revoked",
    "wrong_user",
    "not_lead",
    "unknown_form",
    "schema",
    "unverified",
    "declined",
    "fork",
]


class ServerKey(Struct, frozen=True):
    """The key that signs receipts; the phone pins it at enrolment."""

    kid: str
    alg: Literal["ed25519"]
    public_key_b64: bytes  # 32 bytes


class NonceReply(Struct, frozen=True):
    """A nonce for one enrolment, good for a few minutes."""

    nonce: str
    server_time: str


class Storage(Struct, frozen=True):
    """How safe the phone's storage is, as it says itself."""

    persisted: bool
    installed: bool
    quota: int  # bytes; 0 when unknown


class EnrolRequest(Struct, frozen=True):
    """POST /replicas. Repeating it with the same key is harmless and gives a new pull token."""

    login: Annotated[str, Meta(min_length=1, max_length=100)]
    password: Annotated[str, Meta(min_length=1, max_length=1000)]
    nonce: str
    public_key_b64: bytes  # raw, 65 bytes
    label: Annotated[str, Meta(max_length=100)]
    device_id: str  # of an earlier replica of the same phone, or empty
    storage: Storage
    proof_b64: bytes  # by the new key over `enrol_proof_bytes`
    code: Annotated[str, Meta(max_length=40)] = ""  # of the account's second factor, if it has one


class EnrolReply(Struct, frozen=True):
    """What a replica needs to know for good."""

    replica_id: str
    device_id: UuidText
    user_id: UuidText
    user_name: str
    officer_id: UuidOrEmpty  # empty when the account is no officer
    dataset_epoch: str
    server_keys: list[ServerKey]
    pull_token: Token
    server_time: str


class LackedEntry(Struct, frozen=True):
    """An entry that the server knows by its place and hash alone."""

    seq: Whole
    hash: str


class StateReply(Struct, frozen=True):
    """GET /state: asked first in every sync, and alone it is a no-op sync."""

    epoch: str
    upto_seq: Whole  # contiguous durable prefix; of two branches of a fork the longer one
    head_hash: str  # of entry `upto_seq`; empty at 0
    held: list[int]  # seqs that wait for an earlier one
    missing_blobs: list[str]  # cited by this replica's entries, not yet stored
    pull_needed: bool  # something at a later position than `cursor` is in the user's scopes
    server_time: str
    lacking: list[LackedEntry] = []  # of entries up to `upto_seq`, for which a receipt stands


class PushedEntry(Struct, frozen=True):
    """One entry: its exact bytes and the raw r‖s signature of its replica."""

    bytes_b64: bytes
    sig: bytes


class PushRequest(Struct, frozen=True):
    """
    POST /push. `replica` carries; the entries may be of other replicas too.

    `keys` gives raw public keys (65 bytes) of replicas that the server may not know any more; a
    key is believed because its SHA-256 is the replica's id. `receipts` names, as the server signed
    it, up to where a phone has removed its entries: should a restored server lack them, the chain
    goes on behind them all the same.
    """

    replica: Hex64
    epoch: str
    sent_wall: str
    entries: list[PushedEntry]  # at most MAX_PUSH_ENTRIES, else 413
    keys: dict[str, bytes] = {}
    receipts: Annotated[list["ReceiptReply"], Meta(max_length=MAX_PUSH_RECEIPTS)] = []


class PushResult(Struct, frozen=True):
    """What became of one entry, in the order sent."""

    seq: Whole  # 0 when not even that could be read
    hash: str
    stored: Stored
    effect: Effect
    reason: Reason
    pos: Whole  # 0 when it is not in the journal
    flags: list[str]  # sorted: accepted, declined, fork, future_clock, gap


class PushReply(Struct, frozen=True):
    """Everything acknowledged here is durable. `upto_seq` and `head_hash` are the carrier's."""

    upto_seq: Whole
    head_hash: str
    results: list[PushResult]
    missing_blobs: list[str]  # cited by any entry of this push
    server_time: str


class PullRequest(Struct, frozen=True):
    """POST /pull; `cursor` is empty for everything, else the last reply's."""

    cursor: CursorText
    limit: Annotated[int, Meta(ge=1, le=MAX_PULL_DOCUMENTS)] = MAX_PULL_DOCUMENTS


class PulledDocument(Struct, frozen=True):
    """The latest body of one thing; `body` is any JSON, null when deleted."""

    id: str
    scope: str
    kind: str
    ver: Whole
    pos: Whole
    deleted: bool
    body: msgspec.Raw


class PullReply(Struct, frozen=True):
    """
    One page. First apply `leave`, then `docs`.

    `applied_upto` and `scope_digest` are given on the last page (`has_more` false), empty before.
    """

    docs: list[PulledDocument]
    leave: list[str]  # scopes to hide; nothing captured is deleted
    applied_upto: dict[str, int]  # replica -> contiguous durable prefix, replicas of these tasks
    cursor: CursorText
    has_more: bool
    scope_digest: str
    log_pos: Whole  # the position that this reply is complete up to, once `has_more` is false


class HaveRequest(Struct, frozen=True):
    """POST /blobs/have."""

    sha256: Annotated[list[Hex64], Meta(max_length=MAX_HAVE_HASHES)]


class WantedBlob(Struct, frozen=True):
    """A blob to upload, with the token that tus requests for it carry as `Bearer`."""

    sha256: str
    token: Token


class HaveReply(Struct, frozen=True):
    """The blobs asked for that are missing and that this replica's entries cite."""

    missing: list[WantedBlob]


class ReceiptRequest(Struct, frozen=True):
    """
    POST /receipts: the entries that the phone holds, and the blobs that they cite.

    `after_seq` is the last one that it has removed under an earlier receipt, 0 for none.
    """

    replica: Hex64
    upto_seq: Annotated[int, Meta(ge=1)]
    head_hash: Hex64
    blob_root: Hex64
    after_seq: Annotated[int, Meta(ge=0)] = 0


class Receipt(Struct, frozen=True, omit_defaults=True):
    """
    What the server promises to hold: entries without a gap, with every blob verified.

    Its bytes are the RFC 8785 form of exactly these fields, without `after_seq` where it is 0.
    """

    v: Literal[1]
    epoch: str
    replica: str
    upto_seq: Whole
    head_hash: str
    entry_count: Whole
    blob_root: str
    effects: dict[str, int]  # applied, conflict, quarantined:<reason> -> entries
    log_pos: Whole
    log_root: str
    time: str
    kid: str
    after_seq: Whole = 0  # the first entry covered is the next one


class ReceiptReply(Struct, frozen=True):
    """The receipt's exact bytes, and Ed25519 over `RECEIPT_DOMAIN` ‖ bytes."""

    receipt_b64: bytes
    sig_b64: bytes
    kid: str


class Problem(Struct, frozen=True, omit_defaults=True):
    """An error as problem+json (RFC 9457); the last four fields only where the code needs them."""

    code: str
    status: int
    detail: str
    type: str = "about:blank"
    epoch: str = ""
    upto_seq: int = -1
    head_hash: str = ""
    missing: list[str] = []


RECEIPT_DOMAIN = b"inspect-sync receipt v1\n"
ENROL_DOMAIN = "inspect-sync enrol v1"

_FIELD = re.compile(r"required field `([^`]+)`|- at `\$\.?([^`]+)`")  # as msgspec names one
_M = TypeVar("_M", bound=Struct)
_encoder = msgspec.json.Encoder()
_decoders: dict[type[Struct], msgspec.json.Decoder[Any]] = {}


def encode(message: Struct) -> bytes:
    """Return a message as JSON."""
    return _encoder.encode(message)


def raw(content: bytes) -> msgspec.Raw:
    """Return JSON bytes to be embedded in a message without encoding them again."""
    return msgspec.Raw(content)


def decode(kind: type[_M], content: bytes) -> _M:
    """
    Read a message; fields it does not know are ignored, so that either side may be newer.

    Raises:
        BadEnvelope: Not JSON, or not of this shape.
    """
    decoder = _decoders.get(kind)
    if decoder is None:
        decoder = _decoders[kind] = msgspec.json.Decoder(kind)
    try:
        message: _M = decoder.decode(content)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BadEnvelope(reason=_where(error)) from None
    return message


def _where(error: Exception) -> str:
    """Return in Chinese which field is not as it must be."""
    field = _FIELD.search(str(error))
    return f"字段 {field[1] or field[2]} 不符合要求" if field else "内容不是规定的格式"


def enrol_proof_bytes(nonce: str, login: str, public_key: bytes) -> bytes:
    """Return what the new key signs at enrolment: domain, nonce, login, hex key, a line each."""
    return "\n".join((ENROL_DOMAIN, nonce, login, public_key.hex(), "")).encode("utf-8")


def scope_digest(versions: Iterable[tuple[str, int]]) -> str:
    """
    Return the digest by which both sides know that a phone holds exactly its scopes.

    SHA-256 over the lines `<document id>\\t<ver>\\n` of every document not deleted in the user's
    scopes, sorted by the UTF-8 bytes of the id.
    """
    lines = sorted(f"{id}\t{ver}\n".encode() for id, ver in versions)
    return hashlib.sha256(b"".join(lines)).hexdigest()


def receipt_bytes(receipt: Receipt) -> bytes:
    """Return the exact bytes of a receipt (RFC 8785)."""
    return values.canonical(receipt)


def sign_receipt(key: Ed25519PrivateKey, receipt: Receipt) -> ReceiptReply:
    """Return the receipt's bytes with the server's signature."""
    content = receipt_bytes(receipt)
    return ReceiptReply(content, key.sign(RECEIPT_DOMAIN + content), receipt.kid)


def verify_receipt(reply: ReceiptReply, keys: Mapping[str, bytes]) -> Receipt:
    """
    Return the receipt when a pinned key signed it.

    Args:
        reply: As received.
        keys: kid -> raw Ed25519 public key, pinned at enrolment.

    Raises:
        BadReceipt: Unknown key, wrong signature, or bytes that are no receipt.
    """
    public = keys.get(reply.kid)
    if public is None:
        raise BadReceipt(reason="签名密钥未知")
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(
            reply.sig_b64, RECEIPT_DOMAIN + reply.receipt_b64
        )
        receipt = msgspec.json.decode(reply.receipt_b64, type=Receipt)
    except (InvalidSignature, ValueError) as error:
        raise BadReceipt(reason=type(error).__name__) from None
    if receipt.kid != reply.kid:
        raise BadReceipt(reason="密钥编号不符")
    return receipt
