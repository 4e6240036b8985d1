"""Opening a database so that nothing acknowledged is ever lost (docs/decisions/0003)."""

import sqlite3
from types import ModuleType
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from inspect_server.domain.errors import InspectError

SAFE_SQLITE = ((3, 51, 3), None), ((3, 50, 7), (3, 51, 0)), ((3, 44, 6), (3, 45, 0))
"""Half-open version ranges without the WAL-reset corruption bug."""


IN_MEMORY = (None, "", ":memory:")
"""What SQLite takes for a database that ends with the process: never meant by a bureau."""


class UnsafeSqlite(InspectError):
    """The linked SQLite can corrupt a WAL database."""

    code, kind = "store.unsafe_sqlite", "broken"
    message = (
        "当前 SQLite 版本 {version} 存在可能损坏数据的缺陷，"
        "请安装 Python 包 pysqlite3，或改用 PostgreSQL（设置 INSPECT_DATABASE_URL）。"
    )


class UnknownDatabase(InspectError):
    """The URL names neither a SQLite file nor a PostgreSQL database."""

    code, kind = "store.unknown_database", "invalid"
    message = (
        "数据库地址不可用：应为 sqlite:////绝对路径 或 postgresql://用户:密码@主机:端口/库名，"
        "请检查 INSPECT_DATABASE_URL。"
    )


def is_safe(version: tuple[int, ...]) -> bool:
    """Return whether this SQLite version is free of the WAL-reset bug (3.7.0 to 3.51.2)."""
    return any(low <= version and (high is None or version < high) for low, high in SAFE_SQLITE)


def sqlite_module() -> ModuleType:
    """
    Return a DB-API module whose SQLite is safe in WAL mode.

    Raises:
        UnsafeSqlite: Neither pysqlite3 nor the system's library is safe.
    """
    try:
        import pysqlite3 as module
    except ImportError:
        module = sqlite3
    if not is_safe(module.sqlite_version_info):
        raise UnsafeSqlite(version=module.sqlite_version)
    found: ModuleType = module
    return found


def open_engine(url: str) -> Engine:
    """
    Open the database at `url`.

    Writers use `engine.execution_options(writing=True)`: on SQLite it begins IMMEDIATE, since the
    driver's default mode silently loses read-modify-writes under concurrent processes.

    Raises:
        UnsafeSqlite: The linked SQLite can corrupt data.
        UnknownDatabase: No URL, or neither a SQLite file nor PostgreSQL.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise UnknownDatabase from None  # its text may hold a password
    if parsed.get_backend_name() == "sqlite" and parsed.database not in IN_MEMORY:
        return _open_sqlite(url)
    if parsed.get_backend_name() == "postgresql":
        url_of_driver = parsed.set(drivername="postgresql+psycopg")
        # Without parameters in its errors, no person's name reaches a log through them.
        return create_engine(url_of_driver, pool_pre_ping=True, hide_parameters=True)
    raise UnknownDatabase


def _open_sqlite(url: str) -> Engine:
    engine = create_engine(
        url, module=sqlite_module(), connect_args={"timeout": 30}, hide_parameters=True
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # SQLAlchemy's begin event below opens transactions
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "busy_timeout=30000",
            "recursive_triggers=ON",  # else INSERT OR REPLACE deletes past the guards
        ):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine
