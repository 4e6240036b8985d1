"""
The real server, gunicorn over the whole application, which dies or runs out of room when asked to.

`python -m tests.faces.faults.dying_server` reads an order a line and forks a server for each, so
that starting one costs no imports: hundreds of kills need hundreds of servers.
"""

import gc
import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NoReturn

from sqlalchemy import event

from inspect_server.app import create_app, make_ready_backend
from inspect_server.config import Settings
from inspect_server.web.serving import serve
from tests.conftest import BUREAU
from tests.faces.faults.steps import STEPS, Death, put_files_on_another_disk

LOG = "server.log"
THREADS = 8


@dataclass(frozen=True)
class Order:
    """What the next server is over, and what befalls it."""

    folder: str
    database_url: str = ""
    label: str = ""  # of STEPS: where it is killed
    nth: int = 0  # at which time; 0: as the step says
    worker_only: bool = False  # gunicorn lives on and starts another worker
    database_full: bool = False  # the database may not grow
    file_limit: int = 0  # bytes: no file may grow beyond
    other_disk: bool = False  # stored files lie on a disk of their own


@dataclass
class Life:
    """One server, as long as it is served."""

    url: str
    died: bool = False  # at its step; known once it is over


class Stable:
    """Starts servers, one at a time, and ends each by its own process group."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faces.faults.dying_server"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    @contextmanager
    def serving(self, order: Order) -> Iterator[Life]:
        """Serve; in the end it is killed, if it is not dead yet, with every process of it."""
        life = Life(self._ask(json.dumps(asdict(order))))
        assert life.url.startswith("http://"), (Path(order.folder) / LOG).read_text()
        try:
            yield life
        finally:
            life.died = json.loads(self._ask("end"))

    def close(self) -> None:
        """Close the stable; no server is left in it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def _ask(self, line: str) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()


def main() -> None:
    """Serve one order after the other until the input ends."""
    gc.freeze()
    for line in sys.stdin:
        _one_life(Order(**json.loads(line)))


def _one_life(order: Order) -> None:
    death = Death(order.nth or (STEPS[order.label].nth if order.label else 1), order.worker_only)
    alive, held_by_all = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(alive)
        _serve(order, death)
    os.close(held_by_all)
    sys.stdin.readline()
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.read(alive, 1)  # nothing comes; it returns once the last process of the group is gone
    os.close(alive)
    _say(json.dumps(death.came))


def _serve(order: Order, death: Death) -> NoReturn:
    os.setsid()
    folder = Path(order.folder)
    os.dup2(os.open(folder / LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND), sys.stderr.fileno())
    backend = make_ready_backend(
        Settings(data_dir=folder, database_url=order.database_url, **BUREAU)
    )
    if order.label:
        STEPS[order.label].arm(backend, death)
    if order.other_disk:
        put_files_on_another_disk()
    if order.database_full:
        event.listen(backend.engine, "connect", no_more_room)
    if order.file_limit:
        _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (order.file_limit, most))
    serve(create_app(backend), "127.0.0.1", 0, THREADS, announce=_say)
    os._exit(0)


def no_more_room(connection: Any, *_: object) -> None:
    """Let SQLite run out of room: its file may not grow beyond what it is now."""
    connection.execute("PRAGMA max_page_count=1").close()


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
