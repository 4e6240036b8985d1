"""The bureau's side: the server in a process of its own, in the days of the check."""

import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from inspect_server.app import make_backend
from inspect_server.config import Settings
from inspect_server.demo.season import ZONE, ShiftedClock, shift_to
from inspect_server.phone import STATIC
from inspect_server.store.models.journal import JournalEntry, Replica
from tests.conftest import BUREAU
from tests.phone.field import Built, Field

SERVER = "tests.phone.browser.server"
BUNDLE = Path(os.environ.get("PHONE_BUNDLE", STATIC))
"""What is committed; while working on the app, a folder that it was built into."""
SHIFT = shift_to(datetime(2026, 3, 5, 9, 30, tzinfo=ZONE))
"""Browser and server live in the days of the check, whenever the tests run."""


class Site(Field):
    """The server, its one inspection, and its command line."""

    def start(self, dies_after: int = 0) -> None:
        """Run `inspect-server serve`; killed by -9 once it has read so many bytes of uploads."""
        self._run(SERVER, *_moved(dies_after), "serve", "--port", str(self.port))

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
            watch.join(timeout=120)
        assert self.died == 1

    def command(self, *words: str) -> str:
        """Run one command of the office; return what it prints."""
        told = [sys.executable, "-m", SERVER, *_moved(), *words]
        env = os.environ | {"INSPECT_DATA_DIR": str(self.folder)}
        done = subprocess.run(told, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def stored(self) -> dict[str, str]:
        """Return what the database holds of phones: each entry's hash, and what became of it."""
        of_phones = (
            select(JournalEntry.hash, JournalEntry.effect)
            .join(Replica, Replica.id == JournalEntry.replica_id)
            .where(Replica.is_server.is_(False))
        )
        with self.backend.reading() as session:
            return {row.hash: row.effect for row in session.execute(of_phones)}


def _moved(dies_after: int = 0) -> tuple[str, str, str]:
    return str(BUNDLE), str(dies_after), str(SHIFT.total_seconds())


@contextmanager
def open_site(built: Built, folder: Path) -> Iterator[Site]:
    """A running server over a copy of the bureau."""
    shutil.copytree(built.folder, folder)
    backend = make_backend(Settings(data_dir=folder, **BUREAU), ShiftedClock(SHIFT))
    bureau = replace(built.bureau, backend=backend)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    made = Site(folder, bureau, built.task, port, ExitStack())
    made.start()
    try:
        yield made
    finally:
        made.stop()
        backend.engine.dispose()
