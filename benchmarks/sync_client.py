"""
A client that costs next to nothing while the clock runs: requests are made and signed beforehand.

It speaks the protocol of docs/sync.md as a phone does (gzip both ways, one connection for a sync)
and keeps no journal of its own: what a phone holds is known to whoever prepared it.
"""

import base64
import gzip
import hashlib
import socket
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from cryptography.hazmat.primitives.asymmetric import ec
from msgspec import Struct

from benchmarks.sync_world import Seat, World
from sync import entries, httpsig, protocol
from sync.entries import Entry, Op
from sync.ids import Hlc

NOON = 1_788_235_200_000
"""Milliseconds since 1970, on the day of the benchmark's tasks."""
SENT = "2026-09-01T20:00:00+08:00"
TIMEOUT = 120.0


@dataclass(frozen=True)
class Call:
    """One request, ready to be sent."""

    method: str
    target: str
    body: bytes | None
    headers: dict[str, str]


@dataclass(frozen=True)
class Answer:
    """One answer, its content as sent, and the seconds from the first byte out to the last in."""

    status: int
    headers: dict[str, str]  # names in lower case
    raw: bytes
    seconds: float

    @property
    def content(self) -> bytes:
        """The content, inflated."""
        coded = self.headers.get("content-encoding") == "gzip"
        return gzip.decompress(self.raw) if coded else self.raw


class Connection:
    """
    One connection to the server, kept open until the block ends.

    It writes and reads the few bytes of HTTP/1.1 itself: a general client's own work with each
    request and answer is a tenth of what a chunk takes, and would count as the server's.
    """

    def __init__(self, host: str, port: int) -> None:
        self._place = host, port
        self._socket: socket.socket | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close it; the next request opens another one."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def send(self, call: Call) -> Answer:
        """
        Send a request and return the whole answer, whatever its status.

        Raises:
            OSError: The connection broke; it is closed.
        """
        head, body = self._head_of(call), call.body or b""
        self._socket = self._socket or self._opened()
        try:
            start = time.perf_counter()
            self._socket.sendall(head)
            self._socket.sendall(body)
            top, raw = _received(self._socket)
            seconds = time.perf_counter() - start
        except OSError:
            self.close()
            raise
        status, headers = _read_head(top)
        if headers.get("connection", "").lower() == "close":
            self.close()
        return Answer(status, headers, raw, seconds)

    def ask(self, call: Call) -> Answer:
        """Send a request that must succeed."""
        answer = self.send(call)
        if answer.status >= 400:
            raise SystemExit(f"{call.method} {call.target}: {answer.status} {answer.content!r}")
        return answer

    def _opened(self) -> socket.socket:
        made = socket.create_connection(self._place, timeout=TIMEOUT)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return made

    def _head_of(self, call: Call) -> bytes:
        host, port = self._place
        fixed = {"Host": f"{host}:{port}"}
        if call.body is not None:
            fixed["Content-Length"] = str(len(call.body))
        lines = [f"{name}: {value}" for name, value in {**fixed, **call.headers}.items()]
        return "\r\n".join([f"{call.method} {call.target} HTTP/1.1", *lines, "", ""]).encode()


def _received(source: socket.socket) -> tuple[bytes, bytes]:
    """Read one answer: its head and its body."""
    got = b""
    while b"\r\n\r\n" not in got:
        got += _more(source)
    top, _, body = got.partition(b"\r\n\r\n")
    status, headers = _read_head(top)
    if status == 204:
        return top, b""
    length, parts = int(headers["content-length"]), [body]
    missing = length - len(body)
    while missing > 0:
        parts.append(_more(source))
        missing -= len(parts[-1])
    return top, b"".join(parts)


def _more(source: socket.socket) -> bytes:
    block = source.recv(1024 * 1024)
    if not block:
        raise ConnectionResetError("the server closed the connection")
    return block


def _read_head(top: bytes) -> tuple[int, dict[str, str]]:
    first, *lines = top.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines)
    return int(first.split(" ", 2)[1]), {name.lower(): value.strip() for name, _, value in pairs}


class Requests:
    """Makes the requests of one phone; the key is read once."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat
        self._key = seat.key

    @property
    def key(self) -> ec.EllipticCurvePrivateKey:
        """The phone's key."""
        return self._key

    def get(self, target: str) -> Call:
        """Return a signed question."""
        return self._signed("GET", target, None, {})

    def post(self, target: str, message: Struct) -> Call:
        """Return a signed message, compressed as a phone does it."""
        body = gzip.compress(protocol.encode(message), 6, mtime=0)
        return self._signed("POST", target, body, {"Content-Encoding": "gzip"})

    def _signed(self, method: str, target: str, body: bytes | None, extra: dict[str, str]) -> Call:
        path, _, query = target.partition("?")
        headers = httpsig.signed_headers(
            httpsig.Target(method, path, query),
            body,
            self._seat.replica,
            NOON // 1000,
            lambda base: entries.sign(self._key, base),
        )
        headers |= {
            "Content-Type": protocol.JSON,
            "Accept-Encoding": "gzip",
            protocol.AUTHORIZATION: f"Bearer {self._seat.token}",
            **extra,
        }
        return Call(method, target, body, headers)


@dataclass(frozen=True)
class Saved:
    """One save of a phone, as the exact bytes with their hash and signature."""

    hash: str
    content: bytes
    signature: bytes
    ops: int


class Chain:
    """The saves of one phone, each signed and chained to the one before."""

    def __init__(self, world: World, seat: Seat, key: ec.EllipticCurvePrivateKey) -> None:
        self._world, self._seat, self._key = world, seat, key
        self.saved: list[Saved] = []

    def save(self, task: str, ops: Sequence[Op]) -> Saved:
        """Save operations on one task."""
        seq = len(self.saved) + 1
        wall = NOON + seq * 60_000
        content = entries.build(
            Entry(
                v=1,
                replica=self._seat.replica,
                seq=seq,
                prev=self.saved[-1].hash if self.saved else "",
                device=self._seat.device,
                user=self._seat.user,
                assignment=task,
                form=self._world.form_set,
                hlc=str(Hlc(wall, 0, self._seat.replica)),
                wall="2026-09-01T12:00:00+08:00",
                tz="Asia/Shanghai",
                mono=seq * 60_000,
                boot="benchmark",
                last_server_time="2026-09-01T08:00:00+08:00",
                ops=list(ops),
            )
        )
        signature = entries.sign(self._key, content)
        one = Saved(entries.entry_hash(content), content, signature, len(ops))
        self.saved.append(one)
        return one


def push_call(requests: Requests, world: World, seat: Seat, saved: Iterable[Saved]) -> Call:
    """Return the push of these saves."""
    sent = [protocol.PushedEntry(one.content, one.signature) for one in saved]
    message = protocol.PushRequest(seat.replica, world.epoch, SENT, sent)
    return requests.post(protocol.PUSH, message)


def photo(content: bytes) -> entries.Op:
    """Return the operation that cites a photo of this content."""
    digest = entries.entry_hash(content)
    value = {
        "sha256": digest,
        "size": len(content),
        "mime": "image/jpeg",
        "caption": "现场照片",
        "finding": "",
        "answer_item": "",
        "taken_wall": "2026-09-01T12:00:00+08:00",
        "latitude": "",
        "longitude": "",
        "accuracy_m": "",
        "datum": "WGS-84",
        "device": "benchmark",
    }
    item = f"photo/01990000-0000-7000-8000-{digest[:12]}"
    return entries.make_op("photo.add", item, value, blob=digest)


def _tus(method: str, target: str, token: str, body: bytes, **headers: str) -> Call:
    """Return a tus request; `Upload_Offset="0"` names Upload-Offset."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    token_header = {protocol.AUTHORIZATION: f"Bearer {token}"}
    return Call(method, target, body, {"Tus-Resumable": "1.0.0", **token_header, **named})


def chunks(content: bytes, token: str) -> list[Call]:
    """Return the requests of an upload; where it lies is known once the first is answered."""
    name = base64.b64encode(entries.entry_hash(content).encode()).decode()
    size = protocol.CHUNK_BYTES
    first, *rest = (content[start : start + size] for start in range(0, len(content), size))
    create = _tus(
        "POST",
        protocol.UPLOADS,
        token,
        first,
        Upload_Length=str(len(content)),
        Upload_Metadata=f"sha256 {name}",
        **_sent(first),
    )
    return [
        create,
        *(
            _tus("PATCH", "", token, part, Upload_Offset=str(n * size), **_sent(part))
            for n, part in enumerate(rest, 1)
        ),
    ]


def _sent(part: bytes) -> dict[str, str]:
    return {
        "Upload_Checksum": f"sha256 {base64.b64encode(hashlib.sha256(part).digest()).decode()}",
        "Content_Type": "application/offset+octet-stream",
    }


def send_file(connection: Connection, calls: Sequence[Call]) -> float:
    """Upload one file; return the seconds that its requests took."""
    create, *parts = calls
    opened = connection.ask(create)
    place = opened.headers["location"]
    sent = [Call(part.method, place, part.body, part.headers) for part in parts]
    return opened.seconds + sum(connection.ask(part).seconds for part in sent)
