"""
A proxy on this machine that cuts, delays, doubles and truncates, in both directions, by a seed.

It takes in a whole request, lets something happen to it or to its answer, and hands on what is
left. Which fault befalls the n-th request follows from the seed; half of them are spared.
"""

import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from random import Random
from socketserver import BaseRequestHandler, ThreadingTCPServer

FAULTS = tuple(
    f"{what} {whom}"
    for what in ("cut", "delay", "double", "truncate")
    for whom in ("request", "answer")
)
SHORT, LONG = 0.02, 1.2
"""Seconds of a delay; the long one is longer than PATIENCE."""
PATIENCE = 1.0
"""Seconds that a phone behind this proxy waits for an answer."""
RESET = struct.pack("ii", 1, 0)


class _Cut(Exception):
    """The phone's connection breaks here."""


class BadProxy:
    """Between one phone and a server."""

    def __init__(self, upstream: str, seed: int) -> None:
        host, _, port = upstream.removeprefix("http://").partition(":")
        self.upstream = (host, int(port))
        self.met: Counter[str] = Counter()
        self._random = Random(seed)
        self._lock = threading.Lock()

    def converse(self, phone: socket.socket) -> None:
        """Hand on requests and answers until one side ends or a fault cuts them off."""
        while request := _whole_message(phone):
            with self._lock:
                fault = self._random.choice((*FAULTS, *[""] * len(FAULTS)))
                share, slow = self._random.random(), self._random.random() < 0.2
            self.met[fault] += 1
            what, _, whom = fault.partition(" ")
            if whom == "request":
                answer = self._spoiled_request(what, request, share, slow)
                phone.sendall(answer)
            else:
                answer = self._ask(request)
                self._spoiled_answer(phone, what, answer, share, slow)

    def _spoiled_request(self, what: str, request: bytes, share: float, slow: bool) -> bytes:
        part = request[: int(len(request) * share)]
        if what == "delay":
            time.sleep(LONG if slow else SHORT)
            return self._ask(part, then=request[len(part) :])
        if what == "double":
            other = threading.Thread(target=self._ask, args=(request,))
            other.start()  # both at once: the server must not care which is first
            answer = self._ask(request)
            other.join()
            return answer
        if what == "truncate":
            return self._ask(part) or _cut()
        self._ask(part, reset=True)
        return _cut()

    def _spoiled_answer(
        self, phone: socket.socket, what: str, answer: bytes, share: float, slow: bool
    ) -> None:
        part = answer[: int(len(answer) * share)]
        if what == "cut":
            phone.sendall(part)
            phone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            _cut()
        if what == "truncate":
            phone.sendall(part)
            _cut()
        phone.sendall(part)
        if what == "delay":
            time.sleep(LONG if slow else SHORT)
        phone.sendall(answer[len(part) :])
        if what == "double":
            phone.sendall(answer)

    def _ask(self, request: bytes, then: bytes = b"", reset: bool = False) -> bytes:
        """Send to the server on a connection of its own, and return all that it answers."""
        request = request.replace(b"\r\nConnection: keep-alive\r\n", b"\r\nConnection: close\r\n")
        answer = bytearray()
        with socket.create_connection(self.upstream) as server, suppress(OSError):
            server.sendall(request)
            if reset:
                server.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                return b""
            if then:
                time.sleep(SHORT)
                server.sendall(then)
            server.shutdown(socket.SHUT_WR)
            while block := server.recv(65536):
                answer += block
        return bytes(answer).replace(b"\r\nConnection: close\r\n", b"\r\n", 1)


def _cut() -> bytes:
    raise _Cut


def _whole_message(phone: socket.socket) -> bytes:
    """Return the next request of a connection, empty at its end."""
    content = bytearray()
    while b"\r\n\r\n" not in content:
        block = phone.recv(65536)
        if not block:
            return b""
        content += block
    head, _, body = bytes(content).partition(b"\r\n\r\n")
    length = 0
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            length = int(line.partition(b":")[2])
    while len(body) < length:
        block = phone.recv(65536)
        if not block:
            return b""
        body += block
    return head + b"\r\n\r\n" + body


@contextmanager
def proxied(upstream: str, seed: int) -> Iterator[tuple[str, BadProxy]]:
    """Open a bad network to a server; yields its address and what happens in it."""
    proxy = BadProxy(upstream, seed)

    class Connection(BaseRequestHandler):
        def handle(self) -> None:
            with suppress(_Cut, OSError):
                proxy.converse(self.request)

    class Listener(ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False

    with Listener(("127.0.0.1", 0), Connection) as listener:
        thread = threading.Thread(target=listener.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.server_address[1]}", proxy
        finally:
            listener.shutdown()
            thread.join()
