"""Requests of a phone: signed, compressed, checked, and errors told apart."""

import base64
import gzip
import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TypeVar

import httpx
from msgspec import Struct

from sync import entries, httpsig, protocol
from sync.errors import BadEnvelope, DigestMismatch, SyncError
from sync.phone.errors import OutOfReach, RemoteProblem
from sync.phone.local import LocalReplica

MAX_REPLY = 64 * 1024 * 1024
WORTH_COMPRESSING = 256
MAX_WAIT = 300
"""Seconds that a server may ask for."""
_NUMBER = re.compile("[0-9]{1,15}")

_M = TypeVar("_M", bound=Struct)


@dataclass(frozen=True)
class Reply:
    """An answer below 400, its content decompressed and checked."""

    status: int
    headers: httpx.Headers
    content: bytes


@dataclass
class Wire:
    """One replica's connection to the server."""

    client: httpx.Client  # its base_url is the server's address
    replica: LocalReplica
    unix_now: Callable[[], int]
    token: str = ""
    requests: int = field(default=0)

    def get(self, path: str, kind: type[_M], query: Mapping[str, str] | None = None) -> _M:
        """Ask for a message."""
        return self._message(kind, self.send("GET", path, None, query=query))

    def post(self, path: str, message: Struct, kind: type[_M]) -> _M:
        """Send a message and return the answer."""
        content = protocol.encode(message)
        headers = {"Content-Type": protocol.JSON}
        if len(content) > WORTH_COMPRESSING:
            content = gzip.compress(content, 6, mtime=0)
            headers["Content-Encoding"] = "gzip"
        return self._message(kind, self.send("POST", path, content, headers))

    def send(
        self,
        method: str,
        path: str,
        content: bytes | None,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Reply:
        """
        Send one signed request.

        Raises:
            OutOfReach: No whole answer came.
            RemoteProblem: The answer is an error.
        """
        self.requests += 1
        request = self.client.build_request(
            method,
            path,
            content=content,
            headers={"Accept-Encoding": "gzip", **(headers or {})},
            params=query,
        )
        raw_path, _, raw_query = request.url.raw_path.decode("ascii").partition("?")
        request.headers.update(
            httpsig.signed_headers(
                httpsig.Target(method, raw_path, raw_query),
                content,
                self.replica.id,
                self.unix_now(),
                lambda base: entries.sign(self.replica.key, base),
            )
        )
        if self.token and protocol.AUTHORIZATION not in request.headers:
            request.headers[protocol.AUTHORIZATION] = f"Bearer {self.token}"
        return _checked(*_exchange(self.client, request))

    def _message(self, kind: type[_M], reply: Reply) -> _M:
        try:
            return protocol.decode(kind, reply.content)
        except SyncError:
            raise OutOfReach from None


def tus_headers(token: str, **values: str) -> dict[str, str]:
    """Return the headers of a tus request; `Upload_Offset="0"` names Upload-Offset."""
    named = {name.replace("_", "-"): value for name, value in values.items()}
    return {
        "Tus-Resumable": protocol.TUS_VERSION,
        protocol.AUTHORIZATION: f"Bearer {token}",
        **named,
    }


def metadata(digest: str) -> str:
    """Return the Upload-Metadata that names the file's hash."""
    return f"sha256 {base64.b64encode(digest.encode()).decode()}"


def checksum(chunk: bytes) -> str:
    """Return the Upload-Checksum of a chunk."""
    return f"sha256 {base64.b64encode(sha256(chunk).digest()).decode()}"


def _exchange(client: httpx.Client, request: httpx.Request) -> tuple[httpx.Response, bytes]:
    try:
        response = client.send(request, stream=True)
        try:
            raw = bytearray()
            for block in response.iter_raw():
                raw += block
                if len(raw) > MAX_REPLY:
                    raise OutOfReach
        finally:
            response.close()
    except httpx.HTTPError:
        raise OutOfReach from None
    return response, bytes(raw)


def _checked(response: httpx.Response, raw: bytes) -> Reply:
    digest = response.headers.get(protocol.CONTENT_DIGEST)
    try:
        if digest:
            httpsig.check_digest(digest, sha256(raw).digest())
        content = _inflated(raw, response.headers.get("Content-Encoding", ""))
    except (BadEnvelope, DigestMismatch, zlib.error):
        raise OutOfReach from None
    if response.status_code < 400:
        return Reply(response.status_code, response.headers, content)
    problem = _problem(content)
    raise RemoteProblem(
        status=response.status_code,
        remote=problem.code,
        missing=problem.missing,
        retry_after=_seconds(response.headers.get("Retry-After", "")),
    )


def _inflated(raw: bytes, coding: str) -> bytes:
    if coding != "gzip":
        return raw
    unpack = zlib.decompressobj(wbits=31)
    content = unpack.decompress(raw, MAX_REPLY)
    if not unpack.eof:
        raise zlib.error("cut short")
    return content


def _problem(content: bytes) -> protocol.Problem:
    try:
        return protocol.decode(protocol.Problem, content)
    except SyncError:
        return protocol.Problem("", 0, "")


def _seconds(text: str) -> float:
    seconds = number(text)
    return 0.0 if seconds is None else float(min(seconds, MAX_WAIT))


def number(text: str) -> int | None:
    """Return what a header says, None where that is no whole number below 10 to the 15th."""
    return int(text) if _NUMBER.fullmatch(text) else None
