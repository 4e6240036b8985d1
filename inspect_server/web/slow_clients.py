"""A gunicorn worker in which only requests that have arrived take one of the working threads."""

import errno
import os
import select
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from typing import Any

from gunicorn import util
from gunicorn.http.body import Body, LengthReader
from gunicorn.http.wsgi import FileWrapper
from gunicorn.workers.gthread import ThreadWorker

WAITING_THREADS = 256
"""
Connections whose head or body may be on its way at once; they cost a sleeping thread each.

Whoever keeps more than these busy makes everybody else wait: up to HEAD_SECONDS for a silent head,
and, with bodies that trickle at just above SLOWEST, up to 138 s. A thread is always freed in the
end, and phones try again and lose nothing; but only a proxy in front can tell an attacker from an
office behind one address, so a server on the open internet needs one (docs/sync.md).
"""
HEAD_SECONDS = 10.0
STALL_SECONDS = 10.0
"""Longest silence within a body; a phone that lost its network resumes the upload later."""
SLOWEST = 8 * 1024
"""Bytes per second below which a body is given up: 1 MiB in 128 s."""
TAKEN_IN = 1024 * 1024
"""Bytes of a body that are read before a working thread is taken: the most that any face reads."""
LINGERING = 8 * 1024 * 1024
"""
Bytes of a refused body that are still read, within 2 s, before the connection is closed: a client
that finds it closed while it sends may never read why.
"""
SENT_AT_ONCE = 256 * 1024
"""Bytes of a file that are sent in one piece; a client has 42 s for each."""
FOLLOWING_MS = 20
"""
How long a thread that answered waits for the next request on the connection. A phone in the middle
of its sync sends it at once; through the main loop it would change threads twice, a third of what
a small request costs.
"""
IN_A_ROW = 16
"""Requests that a thread answers on one connection before others have their turn."""


class TooSlow(ConnectionResetError):
    """The client took longer than it may; to everybody above it is a connection that broke."""

    def __init__(self) -> None:
        super().__init__("the client is too slow")
        # gunicorn passes over broken connections by this number, without a line in the log.
        self.errno = errno.ECONNRESET


class Patient(socket.socket):
    """A connection on which every read ends within STALL_SECONDS, and all of them by a deadline."""

    _until = float("inf")

    def allow(self, seconds: float) -> None:
        """Let reads go on for so many seconds from now."""
        self._until = time.monotonic() + seconds

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        """
        Return what came, as a socket does.

        Raises:
            TooSlow: Nothing came for too long, or the deadline is over.
        """
        with self._waiting():
            return super().recv(size, flags)

    def recv_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> int:
        """
        Put what came into a buffer, as a socket does.

        Raises:
            TooSlow: Nothing came for too long, or the deadline is over.
        """
        with self._waiting():
            return super().recv_into(buffer, nbytes, flags)

    def has_more(self, within_ms: int) -> bool:
        """Return whether anything comes in time; the end of the connection is something, too."""
        poll = select.poll()
        poll.register(self, select.POLLIN)
        return bool(poll.poll(within_ms))

    @contextmanager
    def _waiting(self) -> Iterator[None]:
        own = self.gettimeout()
        left = self._until - time.monotonic()
        if left <= 0:
            raise TooSlow
        self.settimeout(min(left, STALL_SECONDS) if own is None else min(own, left))
        try:
            yield
        except TimeoutError:
            raise TooSlow from None
        finally:
            self.settimeout(own)


class PatientSocket(Patient):
    """A connection as it comes in."""

    def sendall(self, data: Any, flags: int = 0, /) -> None:
        """
        Send all, as a socket does.

        Raises:
            TooSlow: The client does not read what it asked for.
        """
        own = self.gettimeout()
        self.settimeout(sending_seconds(data))
        try:
            super().sendall(data, flags)
        except TimeoutError:
            raise TooSlow from None
        finally:
            self.settimeout(own)


def sending_seconds(data: Any) -> float:
    """Return within how long a client has to take so many bytes."""
    return STALL_SECONDS + len(data) / SLOWEST


class _Plainly:
    """gunicorn's configuration for connections that are not wrapped, in a server that does TLS."""

    is_ssl = False

    def __init__(self, cfg: Any) -> None:
        self._cfg = cfg

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cfg, name)


class PatientWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn ships no types
    """
    gunicorn's threaded worker, where waiting for clients and working for them are counted apart.

    Plain gthread gives a thread to whoever sent a byte and waits without end: as many stalled
    clients as there are threads stop it for everybody. Here `threads` wait, for a bounded time,
    and `working` of them run the app, on requests that are complete; whoever takes long to read
    an answer keeps nobody from working either.
    """

    working = 8
    wsgi: Any
    plain_port = -1
    """Where connections are no TLS though the server's others are (web/plain_door.py)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._slots = threading.BoundedSemaphore(self.working)

    def handle(self, conn: Any) -> Any:
        """
        Answer a request and those that follow at once.

        What is over is closed here, not in the one main loop.
        """
        if not isinstance(conn.sock, Patient):
            conn.sock = PatientSocket(fileno=conn.sock.detach())
            if conn.server[1] == self.plain_port:
                conn.cfg = _Plainly(conn.cfg)
        for _ in range(IN_A_ROW):
            conn.sock.allow(HEAD_SECONDS)
            goes_on = super().handle(conn)
            if goes_on is not True or not (self.alive and conn.sock.has_more(FOLLOWING_MS)):
                break
        if goes_on is False:
            util.close_graceful(conn.sock, max_drain=LINGERING)
        return goes_on

    def finish_request(self, conn: Any, fs: Any) -> None:
        """Take a connection back into the loop, or count one less."""
        if not fs.cancelled() and fs.exception() is None and fs.result() is False:
            self.nr_conns -= 1  # closed by its own thread
            return
        super().finish_request(conn, fs)

    def load_wsgi(self) -> None:
        """Let the app work in one of few threads, and send its answer without it."""
        super().load_wsgi()
        app = self.wsgi

        def working(environ: dict[str, Any], start: Any) -> Any:
            environ["wsgi.file_wrapper"] = InBlocks
            with self._slots:
                return app(environ, start)

        self.wsgi = working

    def handle_request(self, req: Any, conn: Any) -> Any:
        """Take in the body, work for it, and send the answer."""
        _take_in(req, conn.sock)
        goes_on = super().handle_request(req, conn)
        if isinstance(req.body, BytesIO):  # nothing of it, read or refused, is on its way any more
            req.body.seek(0, os.SEEK_END)
        return goes_on


class InBlocks(FileWrapper):  # type: ignore[misc]  # gunicorn ships no types
    """
    A file as it is sent: in blocks that are large enough for `sending_seconds` to count.

    Not by sendfile, which waits for a client that does not read without any end.
    """

    def __init__(self, filelike: Any, _size: int = 0) -> None:
        super().__init__(filelike, SENT_AT_ONCE)


class _TakenIn:
    """The part of a body that was read already, and then the rest."""

    def __init__(self, taken: BytesIO, rest: Any) -> None:
        self._taken = taken
        self._rest = rest

    def read(self, size: int) -> bytes:
        content: bytes = self._taken.read(size) or self._rest.read(size)
        return content


def _take_in(req: Any, sock: Patient) -> None:
    """Read the body of a request; one larger than any face reads is left for the app to refuse."""
    reader = req.body.reader
    length = reader.length if isinstance(reader, LengthReader) else TAKEN_IN
    sock.allow(STALL_SECONDS + min(length, TAKEN_IN) / SLOWEST)
    if length > TAKEN_IN:
        _close_unless_read(req, reader)
    if length == 0 or length > TAKEN_IN:
        return
    try:
        if req._expected_100_continue:
            sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            req._expected_100_continue = False
        if isinstance(reader, LengthReader):
            taken = _receive(reader, sock)
        else:
            taken = BytesIO(req.body.read(TAKEN_IN))
    except OSError:
        return  # the app meets the break
    whole = isinstance(reader, LengthReader) and reader.length == 0
    req.body = taken if whole else Body(_TakenIn(taken, req.body))


def _close_unless_read(req: Any, reader: LengthReader) -> None:
    """Let the answer say that the connection ends with it where the app leaves a body unread."""
    usual = req.should_close
    req.should_close = lambda: reader.length > 0 or usual()


def _receive(reader: LengthReader, sock: Patient) -> BytesIO:
    """Read a body of known length, or what comes of it before a break, without any copy."""
    held, length = reader.unreader.take_buffered(), reader.length
    body = BytesIO(bytes(length))
    got = min(len(held), length)
    if got < len(held):  # of the next request
        reader.unreader.unread(held[got:])
    with body.getbuffer() as place, suppress(OSError):  # the app reads what came, and the break
        place[:got] = held[:got]
        while got < length:
            with place[got:] as rest:
                more = sock.recv_into(rest)
            if not more:
                break
            got += more
    body.truncate(got)
    reader.length -= got
    return body
