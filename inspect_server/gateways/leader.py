"""One process of a kind per database: several schedulers on one database would fire twice."""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from inspect_server.domain.errors import InspectError

ADVISORY_KEY = 0x696E7370656374
"""The bytes of "inspect": PostgreSQL's advisory locks are numbers."""


class AlreadyRunning(InspectError):
    """Another process has the lock."""

    code, kind = "jobs.already_running", "conflict"
    message = "该数据库已有一个定时任务进程在运行，请勿重复启动；如需更换，请先停止原进程。"


class LeadershipLost(InspectError):
    """The database let the lock go: its connection broke."""

    code, kind = "jobs.leadership_lost", "unavailable"
    message = "与数据库的连接中断，定时任务进程已停止，请检查数据库后重新启动。"


@contextmanager
def leading(engine: Engine) -> Iterator[Callable[[], None]]:
    """
    Hold the one lock of a database: a file beside SQLite, an advisory lock on PostgreSQL.

    Both end with the process that holds them, however it ends. What is yielded checks that the
    lock is still held, and raises LeadershipLost if not.

    Raises:
        AlreadyRunning: Another process holds it.
    """
    is_file = engine.dialect.name == "sqlite"
    with (
        _by_file(Path(f"{engine.url.database}-jobs")) if is_file else _by_database(engine) as check
    ):
        yield check


@contextmanager
def _by_file(path: Path) -> Iterator[Callable[[], None]]:
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning from None
        yield lambda: None  # the kernel keeps it as long as this process lives


@contextmanager
def _by_database(engine: Engine) -> Iterator[Callable[[], None]]:
    options = {"isolation_level": "AUTOCOMMIT"}
    with engine.connect().execution_options(**options) as connection:
        taken = connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": ADVISORY_KEY})
        if not taken:
            raise AlreadyRunning
        try:
            yield lambda: _check(connection)
        finally:
            _release(connection)


def _release(connection: Connection) -> None:
    """Give the lock back at once: the server notices a closed connection only a moment later."""
    if connection.invalidated:
        return  # it broke, and the lock went with it
    try:
        connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": ADVISORY_KEY})
    except DBAPIError:
        connection.invalidate()


def _check(connection: Connection) -> None:
    try:
        connection.scalar(text("SELECT 1"))
    except DBAPIError:
        raise LeadershipLost from None
