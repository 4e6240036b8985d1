"""A server that can be killed and started again where it was, and a phone that cites files."""

import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from random import Random

from inspect_server.app import make_backend, prepare
from inspect_server.config import Settings
from inspect_server.usecases.work import Backend
from sync import protocol
from tests.conformance_journal import photo
from tests.conftest import BUREAU
from tests.faces.sync_wire import Scene, open_scene
from tests.phone.small_server import Program, Run

MIB = 1024 * 1024
JPEG = b"\xff\xd8\xff"


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


@dataclass
class RealServer:
    """gunicorn over one data folder, always on the same port, and a phone that cites files."""

    backend: Backend
    scene: Scene
    port: int = field(default_factory=_free_port)
    interrupted_at: list[int] = field(default_factory=list)  # bytes of a part, at each death
    _running: Run | None = None

    @property
    def uploads(self) -> str:
        """Where uploads begin."""
        return f"http://127.0.0.1:{self.port}{protocol.UPLOADS}"

    def start(self, dies_after: int = 0) -> None:
        """Start it; with `dies_after` it kills itself once it read so many bytes of uploads."""
        words = ("serve", "--port", str(self.port))
        folder = self.backend.settings.data_dir
        self._running = Run(Program(folder, words, dies_after=dies_after))
        assert "http://" in self._running.line()

    @contextmanager
    def dying_once(self, after: int) -> Iterator[None]:
        """Die after so many bytes of uploads and come back, while the block goes on."""
        self.stop()
        self.start(dies_after=after)
        watch = threading.Thread(target=self._restart_when_dead)
        watch.start()
        try:
            yield
        finally:
            watch.join(timeout=60)
        assert len(self.interrupted_at) == 1

    def stop(self) -> None:
        """Kill it with -9."""
        if self._running is not None:
            self._running.kill()
        self._running = None

    def token(self, content: bytes) -> str:
        """Push an entry of the lead's phone that cites this file, and return its upload token."""
        lead, name = self.scene.lead, sha256(content).hexdigest()
        lead.push(self.scene.epoch, lead.hand.save(self.scene.assignment, photo(content)))
        return lead.have(name)[name]

    def stored(self, content: bytes) -> bool:
        """Return whether exactly these bytes are stored and verified, and nobody asks for them."""
        name = sha256(content).hexdigest()
        return self.backend.blobs.read(name) == content and not self.scene.lead.have(name)

    def parts(self) -> list[Path]:
        """Return the files of unfinished uploads."""
        return sorted((self.backend.settings.data_dir / "uploads").glob("*.part"))

    def _restart_when_dead(self) -> None:
        assert self._running is not None
        if self._running.ended() == -signal.SIGKILL:
            self.interrupted_at += [part.stat().st_size for part in self.parts()]
            self.stop()
            self.start()


@contextmanager
def real_server(folder: Path) -> Iterator[RealServer]:
    """A server, not started yet, with two enrolled phones and one inspection."""
    prepare(Settings(data_dir=folder, **BUREAU))
    backend = make_backend(Settings(data_dir=folder, **BUREAU))
    server = RealServer(backend, open_scene(backend))
    try:
        yield server
    finally:
        server.stop()
        backend.engine.dispose()


def picture(size: int, seed: int = 0) -> bytes:
    """Bytes of this length that no compression or repetition can hide a mistake in."""
    return JPEG + Random(seed).randbytes(size - len(JPEG))
