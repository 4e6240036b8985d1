"""Reading a request's body: complete, within limits, and as its digest says."""

import base64
import binascii
import hashlib
import re
import zlib
from typing import BinaryIO

from werkzeug.exceptions import ClientDisconnected

from sync.errors import BadEnvelope, DigestMismatch, TooLarge

MAX_COMPRESSED = 1024 * 1024
MAX_INFLATED = 8 * 1024 * 1024
BLOCK = 64 * 1024

_DIGEST = re.compile(r"(?:^|,)\s*sha-256=:([A-Za-z0-9+/]{43}=):\s*(?:,|$)")


def read_exactly(stream: BinaryIO, announced: int | None, limit: int) -> bytes:
    """
    Return the body as sent.

    Raises:
        TooLarge: More than `limit` bytes are announced; none was read.
        BadEnvelope: No Content-Length, or fewer bytes came than announced.
    """
    if announced is None:
        raise BadEnvelope(reason="缺少 Content-Length")
    if announced > limit:
        raise TooLarge(limit=_mib(limit))
    content = bytearray()
    while len(content) < announced:
        block = _read(stream, min(BLOCK, announced - len(content)))
        if not block:
            raise BadEnvelope(reason="数据未完整到达")
        content += block
    return bytes(content)


def check_digest(content: bytes, header: str | None) -> None:
    """
    Compare the body as sent with `Content-Digest` (RFC 9530, sha-256).

    Raises:
        DigestMismatch: No sha-256 digest, or another one.
    """
    if hashlib.sha256(content).digest() != announced_digest(header):
        raise DigestMismatch


def announced_digest(header: str | None) -> bytes:
    """
    Return the SHA-256 that `Content-Digest` announces.

    Raises:
        DigestMismatch: No readable sha-256 digest.
    """
    found = _DIGEST.search(header or "")
    if not found:
        raise DigestMismatch
    try:
        return base64.b64decode(found[1], validate=True)
    except binascii.Error:
        raise DigestMismatch from None


def inflated(content: bytes, encoding: str, limit: int = MAX_INFLATED) -> bytes:
    """
    Undo the content coding without ever holding more than `limit` bytes.

    Raises:
        BadEnvelope: Neither identity nor gzip, or damaged or trailing bytes.
        TooLarge: It inflates beyond `limit`.
    """
    if encoding in ("", "identity"):
        return content
    if encoding != "gzip":
        raise BadEnvelope(reason="压缩格式")
    unpack = zlib.decompressobj(wbits=31)
    try:
        plain = unpack.decompress(content, limit + 1)
    except zlib.error:
        raise BadEnvelope(reason="压缩格式") from None
    if len(plain) > limit:
        raise TooLarge(limit=_mib(limit))
    if not unpack.eof or unpack.unused_data:
        raise BadEnvelope(reason="压缩格式")
    return plain


def _mib(limit: int) -> str:
    return f"{limit // 1024**2} MiB"


def _read(stream: BinaryIO, size: int) -> bytes:
    try:
        return stream.read(size)
    except (ClientDisconnected, OSError):
        return b""
