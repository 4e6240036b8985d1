"""Reading a request's body: complete and within limits, compressed or not."""

import zlib
from typing import Protocol

from werkzeug.exceptions import ClientDisconnected

from sync.errors import BadEnvelope, TooLarge
from sync.protocol import MAX_PUSH_INFLATED

BLOCK = 64 * 1024


class Readable(Protocol):
    """What a body can be read from."""

    def read(self, size: int = -1, /) -> bytes:
        """Return up to `size` bytes; empty at the end."""


class TolerantBody:
    """A body whose connection may break: what comes after the break reads as the end."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream

    def read(self, size: int = -1, /) -> bytes:
        """Return up to `size` bytes; empty at the end or after a break."""
        try:
            return self._stream.read(size)
        except (ClientDisconnected, OSError):
            return b""


def read_exactly(stream: Readable, announced: int | None, limit: int) -> bytes:
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
    body, content = TolerantBody(stream), bytearray()
    while len(content) < announced:
        block = body.read(min(BLOCK, announced - len(content)))
        if not block:
            raise BadEnvelope(reason="数据未完整到达")
        content += block
    return bytes(content)


def inflated(content: bytes, encoding: str, limit: int = MAX_PUSH_INFLATED) -> bytes:
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
