"""
Entries: one atomic save on a phone, as the exact bytes that are hashed, signed and stored.

Nobody re-serialises an entry: it is parsed to be read, never to be written again.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Annotated, Any, Literal

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.structs import fields

from sync import values
from sync.errors import BadEntry
from sync.ids import HLC_TEXT, LOCAL_PARENT, OPERATION_ID, is_item, operation_id
from sync.values import NO_NUL, Hex64, Moment, UuidOrEmpty, UuidText

VERSION = 1
MAX_ENTRY_BYTES = 256 * 1024
MAX_OPERATIONS = 500
MAX_PARENTS = 2000
MAX_SEQ = 2**53 - 1

_SHA256 = ec.ECDSA(hashes.SHA256())


class Op(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """One operation as it stands in an entry; `value` is kept as raw JSON."""

    type: Annotated[str, Meta(max_length=30)]
    item: str
    parents: Annotated[list[str], Meta(max_length=MAX_PARENTS)]
    value: msgspec.Raw
    blob: Hex64 | UnsetType = UNSET


class Entry(Struct, forbid_unknown_fields=True):
    """The fields of an entry, in the order in which this package writes them."""

    v: Literal[1]
    replica: Hex64
    seq: Annotated[int, Meta(ge=1, le=MAX_SEQ)]
    prev: Annotated[str, Meta(pattern=r"^([0-9a-f]{64})?\Z")]
    device: UuidText
    user: UuidOrEmpty  # empty only in entries of the server that no account caused
    assignment: UuidOrEmpty  # empty only where nothing but `replica/` or `entry/` items stand
    form: Annotated[str, Meta(max_length=400)]
    hlc: str
    wall: Moment  # device wall clock, RFC 3339 with offset
    tz: Annotated[str, Meta(max_length=64, pattern=NO_NUL)]  # IANA name
    mono: Annotated[int, Meta(ge=0, le=MAX_SEQ)]  # milliseconds of the monotonic clock
    boot: Annotated[str, Meta(min_length=1, max_length=64, pattern=NO_NUL)]
    last_server_time: str  # RFC 3339, or empty before the first contact
    ops: Annotated[list[Op], Meta(min_length=1, max_length=MAX_OPERATIONS)]


class Envelope(Struct):
    """The least that gives an entry its place in a chain, even where the rest breaks the schema."""

    replica: Hex64
    seq: Annotated[int, Meta(ge=1, le=MAX_SEQ)]
    prev: Annotated[str, Meta(pattern=r"^([0-9a-f]{64})?\Z")]


class Operation(Struct, frozen=True):
    """One operation with everything that merging and reading need."""

    id: str  # <entry hash>#<index>
    assignment: str
    item: str
    type: str
    parents: tuple[str, ...]  # full operation ids
    value: bytes  # RFC 8785 form
    blob: str  # hex SHA-256, or empty
    replica: str
    seq: int
    user: str
    wall: str
    hlc: str


_HELD_WHOLE = {
    kind.value
    for kind in values.TYPES.values()
    if all(one.required or one.default is UNSET for one in fields(kind.value))
    and all(one.type is not msgspec.Raw for one in fields(kind.value))
}
"""Values that the typed form holds whole: what was left out stays so, none keeps its text."""
_entry_decoder = msgspec.json.Decoder(Entry)
_envelope_decoder = msgspec.json.Decoder(Envelope)
_encoder = msgspec.json.Encoder()


def build(entry: Entry) -> bytes:
    """
    Return the bytes of a new entry.

    Raises:
        BadEntry: It breaks the schema; nothing may be signed that a server would not apply.
    """
    content = _encoder.encode(entry)
    parse(content)
    return content


def size(entry: Entry) -> int:
    """Return how many bytes an entry takes; at most MAX_ENTRY_BYTES may be signed."""
    return len(_encoder.encode(entry))


def parse(content: bytes) -> Entry:
    """
    Read an entry strictly: every field, every operation's value, every limit.

    A key that stands twice counts with its last value, as in every browser.

    Raises:
        BadEntry: With the field and the reason.
    """
    return _checked(content)[0]


def read(content: bytes, hash: str) -> tuple[Entry, tuple[Operation, ...]]:
    """
    Return an entry and its operations, as `parse` and `operations` do, reading each value once.

    Raises:
        BadEntry: With the field and the reason.
    """
    entry, typed = _checked(content)
    forms = (_canonical(value, op.value) for op, value in zip(entry.ops, typed, strict=True))
    return entry, _operations(entry, hash, forms)


def _canonical(typed: Struct, raw: msgspec.Raw) -> bytes:
    if type(typed) in _HELD_WHOLE:
        return values.canonical(typed)
    if isinstance(typed, values.ResolveValue):
        return values.canonical(_resolved(typed))
    return values.canonical(msgspec.json.decode(raw))


def _resolved(typed: values.ResolveValue) -> dict[str, Any]:
    """Return a settlement as it counts: a `chosen` written before the last was never looked at."""
    return {"chosen": msgspec.json.decode(typed.chosen), "reason": typed.reason}


def _plain(op: Op) -> Any:
    if op.type == "conflict.resolve":
        return _resolved(msgspec.json.decode(op.value, type=values.ResolveValue))
    return msgspec.json.decode(op.value)


def _checked(content: bytes) -> tuple[Entry, list[Struct]]:
    if len(content) > MAX_ENTRY_BYTES:
        raise BadEntry(field="entry", reason=f"超过 {MAX_ENTRY_BYTES} 字节")
    try:
        entry = _entry_decoder.decode(content)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BadEntry(field="entry", reason=str(error)) from None
    _check_fields(entry)
    replica, assignment = entry.replica, entry.assignment
    return entry, [check_operation(op, n, replica, assignment) for n, op in enumerate(entry.ops)]


def check_operation(op: Op, index: int, replica: str, assignment: str) -> Struct:
    """
    Check one operation against everything but the entry's size, and return its typed value.

    Args:
        op: As it stands in the entry.
        index: Its place there, from 0; a `#k` parent must come earlier.
        replica: The entry's own.
        assignment: The entry's own.

    Raises:
        BadEntry: With the field and the reason.
    """
    field = f"ops[{index}]"
    kind = values.TYPES.get(op.type)
    if kind is None:
        raise BadEntry(field=f"{field}.type", reason="未知操作类型")
    if not is_item(op.item) or not op.item.startswith(kind.prefix):
        raise BadEntry(field=f"{field}.item", reason="项目编号与操作类型不符")
    if kind.own_replica and not op.item.endswith(replica):
        raise BadEntry(field=f"{field}.item", reason="项目编号须以本机编号结尾")
    if not assignment and kind.prefix not in ("replica/", "entry/"):
        raise BadEntry(field="assignment", reason="须写明检查任务")
    for parent in op.parents:
        _check_parent(parent, index, field)
    value = values.check(kind, op.item, bytes(op.value), f"{field}.value")
    if kind.blob != (op.blob is not UNSET):
        raise BadEntry(field=f"{field}.blob", reason="仅照片带有文件哈希")
    if isinstance(value, values.PhotoValue) and value.sha256 != op.blob:
        raise BadEntry(field=f"{field}.blob", reason="文件哈希与照片内容不符")
    if op.type == "conflict.resolve" and not op.parents:
        raise BadEntry(field=f"{field}.parents", reason="确认冲突须引用全部现有填写")
    return value


def envelope(content: bytes) -> Envelope:
    """
    Read only the place in the chain, so that a bad entry does not block those after it.

    Where the bytes are no JSON to a parser (half a surrogate, NaN, nested too deep), the place is
    found by strings and brackets alone.

    Raises:
        BadEntry: Not even that can be read.
    """
    try:
        return _envelope_decoder.decode(content)
    except msgspec.ValidationError as error:
        raise BadEntry(field="entry", reason=str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        members = _outermost(content) if len(content) <= MAX_ENTRY_BYTES else {}
        place = b",".join(b"%s:%s" % member for member in members.items() if member[0] in _PLACE)
        try:
            return _envelope_decoder.decode(b"{%s}" % place)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise BadEntry(field="entry", reason=str(error)) from None


_PLACE = (b'"replica"', b'"seq"', b'"prev"')
_TOKEN = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+', re.DOTALL)


def _outermost(content: bytes) -> dict[bytes, bytes]:
    """Return the plain values of the outermost object, by key, both as written; the last counts."""
    found: dict[bytes, bytes] = {}
    depth, key, last = 0, b"", b""
    for match in _TOKEN.finditer(content):
        token = match[0]
        depth += (token in (b"{", b"[")) - (token in (b"}", b"]"))
        if depth != 1:
            continue
        if token == b":":
            key = last
        elif token == b",":
            key = b""
        elif key:
            found[key] = token
        last = token
    return found


def entry_hash(content: bytes) -> str:
    """Return the hex SHA-256 of the entry's bytes, which names it."""
    return hashlib.sha256(content).hexdigest()


def operations(entry: Entry, hash: str) -> tuple[Operation, ...]:
    """Return the operations of an entry with full ids; `#k` parents are resolved."""
    forms = (values.canonical(_plain(op)) for op in entry.ops)
    return _operations(entry, hash, forms)


def _operations(entry: Entry, hash: str, forms: Iterable[bytes]) -> tuple[Operation, ...]:
    assignment, replica, seq = entry.assignment, entry.replica, entry.seq
    user, wall, hlc = entry.user, entry.wall, entry.hlc
    return tuple(
        Operation(
            id=operation_id(hash, index),
            assignment=assignment,
            item=op.item,
            type=op.type,
            parents=tuple([hash + p if p[0] == "#" else p for p in op.parents]),
            value=value,
            blob=op.blob or "",
            replica=replica,
            seq=seq,
            user=user,
            wall=wall,
            hlc=hlc,
        )
        for index, (op, value) in enumerate(zip(entry.ops, forms, strict=True))
    )


def make_op(
    type: str, item: str, value: Any, parents: Sequence[str] = (), blob: str | None = None
) -> Op:
    """Return an operation for `build`; `value` is plain JSON data."""
    raw = msgspec.Raw(_encoder.encode(value))
    return Op(type, item, list(parents), raw, UNSET if blob is None else blob)


def view_digest(live: Sequence[str]) -> str:
    """Return what a signature cites: SHA-256 over the JCS of the sorted operation ids."""
    return hashlib.sha256(values.canonical(sorted(live))).hexdigest()


def blob_root(blobs: Sequence[str]) -> str:
    """Return SHA-256 over the JCS of the sorted, distinct hex hashes that entries cite."""
    return hashlib.sha256(values.canonical(sorted(set(blobs)))).hexdigest()


def new_key() -> ec.EllipticCurvePrivateKey:
    """Return a fresh P-256 key for a replica."""
    return ec.generate_private_key(ec.SECP256R1())


def raw_public_key(key: ec.EllipticCurvePrivateKey) -> bytes:
    """Return the public key as WebCrypto's `raw`: 65 bytes, 0x04 ‖ x ‖ y."""
    numbers = key.public_key().public_numbers()
    return b"\x04" + numbers.x.to_bytes(32, "big") + numbers.y.to_bytes(32, "big")


def replica_id(public_key: bytes) -> str:
    """Return the hex SHA-256 of the raw public key: the name of its replica."""
    return hashlib.sha256(public_key).hexdigest()


def is_key_of(replica: str, public_key: bytes) -> bool:
    """Return whether this is the raw public key whose hash names the replica."""
    if replica_id(public_key) != replica:
        return False
    try:
        load_public_key(public_key)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=8192)
def load_public_key(public_key: bytes) -> ec.EllipticCurvePublicKey:
    """
    Read a raw public key.

    Raises:
        ValueError: Not an uncompressed point of P-256.
    """
    if len(public_key) != 65 or public_key[0] != 4:
        raise ValueError("not an uncompressed P-256 point")
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public_key)


def sign(key: ec.EllipticCurvePrivateKey, content: bytes) -> bytes:
    """Return the ECDSA P-256 signature with SHA-256 as raw r‖s, 64 bytes."""
    r, s = decode_dss_signature(key.sign(content, _SHA256))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def verify(public_key: bytes, content: bytes, signature: bytes) -> bool:
    """Return whether `signature` (raw r‖s) is by `public_key` (raw, 65 bytes) over `content`."""
    if len(signature) != 64:
        return False
    der = encode_dss_signature(
        int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    )
    try:
        load_public_key(public_key).verify(der, content, _SHA256)
    except (InvalidSignature, ValueError):
        return False
    return True


def _check_fields(entry: Entry) -> None:
    if (entry.seq == 1) != (entry.prev == ""):
        raise BadEntry(field="prev", reason="仅第一条记录的 prev 为空")
    if not HLC_TEXT.fullmatch(entry.hlc):
        raise BadEntry(field="hlc", reason="格式应为 毫秒-计数-设备")
    if not values.is_moment(entry.wall):
        raise BadEntry(field="wall", reason="不是有效时刻")
    if entry.last_server_time and not values.is_moment(entry.last_server_time):
        raise BadEntry(field="last_server_time", reason="不是有效时刻")


def _check_parent(parent: str, index: int, field: str) -> None:
    if OPERATION_ID.fullmatch(parent):
        return
    if LOCAL_PARENT.fullmatch(parent) and int(parent[1:]) < index:
        return
    raise BadEntry(field=f"{field}.parents", reason="引用格式有误")
