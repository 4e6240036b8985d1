"""A bureau with one inspection sent out, and the real server in a process of its own."""

import shutil
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
from argon2 import PasswordHasher
from sqlalchemy import update

from inspect_server.app import make_backend, prepare
from inspect_server.config import Settings
from inspect_server.phone import STATIC
from inspect_server.store.models.identity import User
from inspect_server.usecases.work import Backend, Clock
from sync.phone import Phone, SyncReport
from tests.actors import ALL_ROLES
from tests.conftest import BUREAU, FixedClock
from tests.phone.node_phone import NodePhone, node_phone
from tests.phone.small_server import Program, Run, run_to_its_end
from tests.usecases.bureau import Bureau, open_bureau

PASSWORD = "correct horse battery 7"


@dataclass
class Field:
    """The server, its phones, and the one task of both officers."""

    folder: Path
    bureau: Bureau
    task: str
    port: int
    open_phones: ExitStack
    died: int = 0
    shift: float = 0
    """Seconds that the server's clock is beside the machine's."""
    bundle: Path = STATIC
    """Where the phone app lies that it serves."""
    _running: Run | None = field(default=None)

    @property
    def backend(self) -> Backend:
        """The same database and files, seen from here."""
        return self.bureau.backend

    @property
    def url(self) -> str:
        """Where the server is."""
        return f"http://127.0.0.1:{self.port}"

    def start(self, dies_after: int = 0) -> None:
        """Run `inspect-server serve`; killed by -9 once it has read so many bytes of uploads."""
        words = ("serve", "--port", str(self.port))
        self._running = Run(self._program(words, dies_after=dies_after))
        assert "http://" in self._running.line()

    def stop(self) -> None:
        """Kill it with -9, master and workers."""
        if self._running is not None:
            self._running.kill()
        self._running = None

    def command(self, *words: str) -> str:
        """Run one command of the office; return what it prints."""
        return run_to_its_end(self._program(words))

    def backup(self) -> Path:
        """Copy database and files, as whoever keeps the server does every night."""
        kept = self.folder.with_name("backup")
        self.stop()
        shutil.copytree(self.folder, kept)
        self.start()
        return kept

    def restore(self, kept: Path) -> None:
        """Put the backup in place and say so, as docs/operations.md has it."""
        self.stop()
        self.backend.engine.dispose()
        shutil.rmtree(self.folder)
        shutil.copytree(kept, self.folder)
        self.command("journal", "restored", "--yes")
        self.start()

    @contextmanager
    def dying_once(self, after: int) -> Iterator[None]:
        """Die by -9 after so many bytes of uploads, and come back while the block goes on."""
        self.stop()
        self.start(dies_after=after)
        watch = threading.Thread(target=self._restart_when_dead)
        watch.start()
        try:
            yield
        finally:
            watch.join()
        assert self.died == 1

    def phone(self, officer: int) -> NodePhone:
        """A phone of the app's modules, enrolled, with its task."""
        phone = self.open_phones.enter_context(node_phone(self.url))
        phone.enrol(f"officer{officer}", PASSWORD)
        assert phone.sync()["complete"]
        return phone

    def other_phone(self, officer: int) -> "OtherPhone":
        """The headless phone, enrolled, with its task."""
        phone = OtherPhone(Phone(self.folder / f"{officer}.phone", label="无界面"), self.url)
        self.open_phones.callback(phone.phone.close)
        with phone.client() as client:
            phone.phone.enrol(client, f"officer{officer}", PASSWORD)
        assert phone.sync().complete
        return phone

    def _program(self, words: tuple[str, ...], **more: Any) -> Program:
        return Program(self.folder, words, self.shift, self.bundle, **more)

    def _restart_when_dead(self) -> None:
        assert self._running is not None
        if self._running.ended() == -signal.SIGKILL:
            self.died += 1
            self.stop()
            self.start()


@dataclass
class OtherPhone:
    """The headless phone and its server."""

    phone: Phone
    url: str

    @contextmanager
    def client(self) -> Iterator[httpx.Client]:
        """A connection."""
        with httpx.Client(base_url=self.url, timeout=20, trust_env=False) as client:
            yield client

    def sync(self) -> SyncReport:
        """Sync once."""
        with self.client() as client:
            return self.phone.sync(client, pause=lambda _: None, backoff=(0.0, 0.0))


@dataclass(frozen=True)
class Built:
    """A bureau that stands in a folder, from which tests take copies."""

    folder: Path
    bureau: Bureau
    task: str


def build(folder: Path, migrated: Path) -> Built:
    """Make a bureau with one inspection sent out, whose officers have accounts."""
    folder.mkdir(mode=0o700)
    shutil.copy(migrated, folder / "inspect.db")
    backend = _backend(folder)
    prepare(backend.settings)
    bureau = open_bureau(backend)
    task = str(bureau.dispatched()[0])
    with backend.begin(ALL_ROLES) as work:
        cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
        work.session.execute(update(User).values(password_hash=cheap))
    backend.engine.dispose()
    return Built(folder, bureau, task)


def copied(built: Built, folder: Path, clock: Clock | None = None) -> tuple[Bureau, int]:
    """Return a copy of it in another folder, and a port that is free."""
    shutil.copytree(built.folder, folder)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    return replace(built.bureau, backend=_backend(folder, clock)), port


@contextmanager
def running(field: Field) -> Iterator[None]:
    """Let its server run, and end it and its phones."""
    field.start()
    try:
        with field.open_phones:
            yield
    finally:
        field.stop()
        field.backend.engine.dispose()


def _backend(folder: Path, clock: Clock | None = None) -> Backend:
    return make_backend(Settings(data_dir=folder, **BUREAU), clock or FixedClock())
