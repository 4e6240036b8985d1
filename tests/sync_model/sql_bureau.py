"""The real server of an evening: the whole application over a real database."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

import httpx
from sqlalchemy import create_engine, event, text

from inspect_server.domain.enums import Role
from inspect_server.reads.phones import inbox
from inspect_server.store.journal.journal import SqlJournal
from inspect_server.store.models.identity import User
from inspect_server.usecases.journal.open_epoch import open_epoch
from inspect_server.usecases.journal.server_entries import server_key, write
from inspect_server.usecases.work import Backend
from sync import entries
from tests.actors import ALL_ROLES
from tests.conftest import CHEAP, COPY
from tests.faces.sync_wire import app_of
from tests.sync_model.network import PowerCut
from tests.sync_model.servers import Server


class SqlBureau(Server):
    """Flask, use cases and store as they run, on SQLite or PostgreSQL."""

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self._app = httpx.WSGITransport(app=app_of(backend))
        self._users: dict[str, str] = {}
        self._dying = False
        self.repaired: set[str] = set()
        event.listen(backend.engine, "commit", self._commit)

    @property
    def id(self) -> str:
        key = server_key(self.backend.settings.data_dir / "keys")
        return entries.replica_id(entries.raw_public_key(key))

    def answer(self, request: httpx.Request) -> httpx.Response:
        try:
            return self._app.handle_request(request)
        finally:
            self._dying = False

    @contextmanager
    def begin(self) -> Iterator[SqlJournal]:
        with self.backend.begin(ALL_ROLES) as work:
            yield SqlJournal(work.session, work.now)

    def account(self, login: str) -> str:
        if login not in self._users:
            self._users[login] = str(uuid4())
            with self.backend.begin(ALL_ROLES) as work:
                work.session.add(
                    User(
                        id=UUID(self._users[login]),
                        login=login,
                        name=login,
                        unit="一科",
                        roles=[Role.INSPECTOR.value],
                        password_hash=CHEAP.hash(login),
                        officer_id=None,
                        failed_attempts=0,
                        locked_until=None,
                        disabled_at=None,
                        created_at=work.now,
                    )
                )
        return self._users[login]

    def write(self, assignment: str, op: entries.Op, user: str = "", form: str = "") -> None:
        with self.backend.begin(ALL_ROLES) as work:
            task = UUID(assignment) if assignment else None
            write(work, [op], assignment=task, form=form, user=UUID(user) if user else None)

    def file(self, sha256: str) -> bytes:
        return self.backend.blobs.read(sha256)

    def inbox(self) -> set[str]:
        with self.backend.reading() as session:
            page = inbox.listed(session, size=200)
        assert page.total == len(page.rows)
        return {row.hash for row in page.rows}

    def save(self, name: str) -> None:
        self._copy(self._own, f"{self._own}_{name}")

    def load(self, name: str) -> None:
        self._copy(f"{self._own}_{name}", self._own)

    def open_epoch(self) -> None:
        with self.backend.begin(ALL_ROLES) as work:
            open_epoch(work)

    def die(self) -> None:
        self._dying = True

    @property
    def _own(self) -> str:
        return str(self.backend.engine.url.database)

    def _copy(self, origin: str, copy: str) -> None:
        """Copy a whole database over another one while nobody has it open."""
        self.backend.engine.dispose()
        url = self.backend.engine.url
        if url.get_backend_name() == "sqlite":
            shutil.copy(origin, copy)
            return
        admin = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{copy}" WITH (FORCE)'))
            connection.execute(text(COPY.format(copy, origin)))
        admin.dispose()

    def _commit(self, _connection: object) -> None:
        if self._dying:
            raise PowerCut
