"""A bureau with one inspection sent out, and the real server in a process of its own."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx
from argon2 import PasswordHasher
from sqlalchemy import update

from inspect_server.app import make_backend, prepare
from inspect_server.config import Settings
from inspect_server.store.models.identity import User
from inspect_server.usecases.work import Backend
from sync.phone import Phone, SyncReport
from tests.actors import ALL_ROLES
from tests.conftest import BUREAU, FixedClock
from tests.faces.tus.real_server import MORTAL
from tests.phone.node_phone import NodePhone, node_phone
from tests.usecases.bureau import Bureau, open_bureau

COMMANDS = "tests.phone.small_server"
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
    _process: "subprocess.Popen[str] | None" = field(default=None)

    @property
    def backend(self) -> Backend:
        """The same database and files, seen from here."""
        return self.bureau.backend

    @property
    def url(self) -> str:
        """Where the server is."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Run `inspect-server serve`."""
        self._run(COMMANDS, "serve", "--port", str(self.port))

    def stop(self) -> None:
        """Kill it with -9, master and workers."""
        if self._process is None:
            return
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.communicate()
        self._process = None

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
        told = [sys.executable, "-m", COMMANDS, "journal", "restored", "--yes"]
        subprocess.run(told, env=self._env, check=True, capture_output=True)
        self.start()

    @contextmanager
    def dying_once(self, after: int) -> Iterator[None]:
        """Die by -9 after so many bytes of uploads, and come back while the block goes on."""
        self.stop()
        self._run(MORTAL, str(self.folder), str(self.port), str(after))
        watch = threading.Thread(target=self._restart_when_dead)
        watch.start()
        try:
            yield
        finally:
            watch.join(timeout=60)
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

    @property
    def _env(self) -> dict[str, str]:
        return os.environ | {"INSPECT_DATA_DIR": str(self.folder)}

    def _run(self, *words: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", *words],
            env=self._env,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,  # what is killed is this server and nothing else
        )
        assert self._process.stdout is not None
        assert re.search(r"http://", self._process.stdout.readline())

    def _restart_when_dead(self) -> None:
        assert self._process is not None
        if self._process.wait(timeout=60) == -signal.SIGKILL:
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


def build(folder: Path) -> Built:
    """Make a bureau with one inspection sent out, whose officers have accounts."""
    backend = _backend(folder)
    prepare(backend.settings)
    bureau = open_bureau(backend)
    task = str(bureau.dispatched()[0])
    with backend.begin(ALL_ROLES) as work:
        cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
        work.session.execute(update(User).values(password_hash=cheap))
    backend.engine.dispose()
    return Built(folder, bureau, task)


@contextmanager
def open_field(built: Built, folder: Path) -> Iterator[Field]:
    """A server over a copy of the bureau, and nobody's phone yet."""
    shutil.copytree(built.folder, folder)
    backend = _backend(folder)
    bureau = replace(built.bureau, backend=backend)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with ExitStack() as phones:
        made = Field(folder, bureau, built.task, port, phones)
        made.start()
        try:
            yield made
        finally:
            made.stop()
            backend.engine.dispose()


def _backend(folder: Path) -> Backend:
    return make_backend(Settings(data_dir=folder, **BUREAU), FixedClock())
