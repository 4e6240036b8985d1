"""A bad network: a loopback proxy that breaks off an upload, or loses an answer, once."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

BLOCK = 16 * 1024
HOST = "127.0.0.1"


@dataclass
class BadNetwork:
    """
    Passes everything on, except once.

    `breaks` is asked after every block, with the bytes sent to the server so far over all
    connections, the newest block, and its direction; at its first True this connection is closed.
    A block from the server is not passed on any more, a block to the server still is.
    """

    port: int
    breaks: Callable[[int, bytes, bool], bool]
    sent: int = 0
    broken: bool = False
    _listener: socket.socket = field(default_factory=lambda: socket.create_server((HOST, 0)))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __enter__(self) -> "BadNetwork":
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self._listener.close()

    @property
    def address(self) -> str:
        """Where the phone finds it."""
        return f"http://{HOST}:{self._listener.getsockname()[1]}"

    def _listen(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return  # the demo is done with it
            far = socket.create_connection((HOST, self.port))
            for source, target, up in ((near, far, True), (far, near, False)):
                threading.Thread(target=self._pass, args=(source, target, up), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, up: bool) -> None:
        try:
            while block := source.recv(BLOCK):
                breaks = self._seen(block, up)
                if up or not breaks:
                    target.sendall(block)
                if breaks:
                    break
        except OSError:
            pass  # the other direction closed both
        for end in (source, target):
            _close(end)

    def _seen(self, block: bytes, up: bool) -> bool:
        with self._lock:
            if up:
                self.sent += len(block)
            if self.broken or not self.breaks(self.sent, block, up):
                return False
            self.broken = True
            return True


def cut_upload(port: int, after_bytes: int) -> BadNetwork:
    """Return a network that breaks off as soon as so many bytes went to the server."""
    return BadNetwork(port, lambda sent, _, up: up and sent >= after_bytes)


def lost_answer(port: int, path: str) -> BadNetwork:
    """Return a network that delivers the first POST to `path` and loses the answer to it."""
    asked = False

    def breaks(_: int, block: bytes, up: bool) -> bool:
        nonlocal asked
        if up:
            asked = asked or f"POST {path} ".encode() in block
            return False
        return asked

    return BadNetwork(port, breaks)


def _close(end: socket.socket) -> None:
    with suppress(OSError):  # it was closed from the other side
        end.shutdown(socket.SHUT_RDWR)
    end.close()
