"""Opening a database: only a safe SQLite, durable settings, writers one after another."""

from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from inspect_server.store.engine import UnknownDatabase, is_safe, open_engine
from inspect_server.usecases.work import Backend
from tests.actors import ALL_ROLES


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 0), False),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 4), True),
    ],
)
def test_only_versions_without_the_wal_reset_bug_are_safe(
    version: tuple[int, ...], safe: bool
) -> None:
    assert is_safe(version) is safe


def test_sqlite_is_opened_durable(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'x.db'}")
    pragmas = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
    with engine.connect() as connection:
        found = [connection.scalar(text(f"PRAGMA {name}")) for name in pragmas]
    engine.dispose()

    assert found == ["wal", 2, 1, 30_000]


def test_a_second_writer_waits_for_the_first(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'x.db'}")
    writing = engine.execution_options(writing=True)
    with writing.connect() as first, engine.connect() as second:
        first.begin()
        second.exec_driver_sql("PRAGMA busy_timeout=0")
        second.commit()

        with pytest.raises(DBAPIError, match="locked"):
            second.execution_options(writing=True).begin()
    engine.dispose()


@pytest.mark.parametrize("url", ["", "mysql://x/y", "sqlite://", "nonsense"])
def test_only_a_sqlite_file_or_postgresql_is_opened(url: str) -> None:
    with pytest.raises(UnknownDatabase):
        open_engine(url)


def test_an_error_of_the_database_names_no_value(backend: Backend) -> None:
    def add(name: str) -> None:
        with backend.begin(ALL_ROLES) as work:
            work.session.execute(
                text("INSERT INTO user_account (id, login, name) VALUES (:id, 'x', :name)"),
                {"id": uuid4().hex, "name": name},
            )

    with pytest.raises(DBAPIError) as failed:
        add("张三")

    # PostgreSQL itself adds a DETAIL line; what is logged leaves messages out (web.errors).
    assert "张三" not in str(failed.value).split("DETAIL")[0]
