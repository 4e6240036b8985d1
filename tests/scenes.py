"""
Scenes that many tests begin with: built once in a test process, and each test gets a copy.

    @scene
    def open_visit(backend: Backend) -> Visit: ...

Called on a database that nobody has opened yet, it builds the scene there the first time and keeps
the database, the files below the data folder, the moment and what the function returned. Then, and
whenever it is called again, it puts copies in place, and the caller's backend where the builder's
stood. On a database that was opened before, or has a server's keys on record, it builds as it would
without this.

What a scene depends on is its key: arguments, engine, moment, settings and installed checklists. A
test that patches anything else that the scene reads must do it afterwards.
"""

import os
from collections.abc import Callable, Hashable, Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import uuid4

from sqlalchemy import Engine, NullPool, QueuePool, create_engine, text

from forms import load
from inspect_server.usecases.work import Backend

P = ParamSpec("P")
T = TypeVar("T")
COPY = 'CREATE DATABASE "{}" TEMPLATE "{}" STRATEGY file_copy'
"""Of a small database by its files: a tenth of the work of writing each page to the log."""
RENAME = 'ALTER DATABASE "{}" RENAME TO "{}"'

spare: list[str] = []
"""Databases on PostgreSQL that a scene stepped in for before anybody opened them."""


@dataclass(frozen=True)
class _Kept:
    backend: Backend  # the builder's: only to know it again in what was returned
    returned: Any
    moment: datetime
    database: bytes | str  # SQLite's file, or the name of PostgreSQL's template
    files: dict[Path, tuple[int, bytes | None]]  # folders have no bytes


_kept: dict[Hashable, _Kept] = {}


def scene(
    build: Callable[Concatenate[Backend, P], T],
) -> Callable[Concatenate[Backend, P], T]:
    """Let a function that fills an empty database do so once for all tests of a process."""

    @wraps(build)
    def played(backend: Backend, *args: P.args, **options: P.kwargs) -> T:
        if _opened(backend.engine) or _has_keys(backend.engine):
            return build(backend, *args, **options)
        key = (build, args, tuple(sorted(options.items())), *_surroundings(backend))
        if key not in _kept:
            before = set(_files(backend))
            _kept[key] = _keep(backend, build(backend, *args, **options), before)
        else:
            _set_aside(backend.engine)
        played: T = _play(_kept[key], backend)
        return played

    return played


def _opened(engine: Engine) -> bool:
    pool = engine.pool
    assert isinstance(pool, QueuePool)
    return pool.overflow() > -pool.size()


def _has_keys(engine: Engine) -> bool:
    """Whether `init` ran: the keys below the data folder are those of this database alone."""
    once = create_engine(engine.url, poolclass=NullPool)
    with once.connect() as connection:
        return connection.execute(text("SELECT 1 FROM record_leaf LIMIT 1")).first() is not None


def _surroundings(backend: Backend) -> tuple[Hashable, ...]:
    settings = replace(backend.settings, data_dir=Path(), database_url="")
    return (
        _clock(backend).moment,
        settings,
        backend.fonts,
        tuple(load.packaged()),
        _is_file(backend),
    )


def _clock(backend: Backend) -> Any:
    return backend.clock  # tests.conftest.FixedClock


def _is_file(backend: Backend) -> bool:
    return backend.engine.dialect.name == "sqlite"


def _name(engine: Engine) -> str:
    return engine.url.database or ""


def _files(backend: Backend) -> Iterator[Path]:
    """Everything below the data folder, folders before what is in them, without the database."""
    database = _name(backend.engine)
    for path in sorted(backend.settings.data_dir.rglob("*")):
        if not str(path).startswith(database):
            yield path


def _keep(backend: Backend, returned: object, before: set[Path]) -> _Kept:
    folder, engine = backend.settings.data_dir, backend.engine
    engine.dispose()
    if _is_file(backend):
        file = Path(_name(engine))
        assert not file.with_name(f"{file.name}-wal").exists(), "somebody has it open"
        database: bytes | str = file.read_bytes()
    else:
        database = _renamed(engine, "scene")
    files = {
        path.relative_to(folder): (path.stat().st_mode, _content(path))
        for path in _files(backend)
        if path not in before
    }
    return _Kept(backend, returned, _clock(backend).moment, database, files)


def _content(path: Path) -> bytes | None:
    return None if path.is_dir() else path.read_bytes()


def _play(kept: _Kept, backend: Backend) -> Any:
    if isinstance(kept.database, bytes):
        Path(_name(backend.engine)).write_bytes(kept.database)
    else:
        _on_postgres(backend.engine, COPY.format(_name(backend.engine), kept.database))
    for name, (mode, content) in kept.files.items():
        path = backend.settings.data_dir / name
        if content is None:
            path.mkdir(exist_ok=True)
        else:
            path.write_bytes(content)
        path.chmod(mode)
    _clock(backend).moment = kept.moment
    return deepcopy(kept.returned, {id(kept.backend): backend})


def _set_aside(engine: Engine) -> None:
    if engine.dialect.name == "postgresql":
        spare.append(_renamed(engine, "spare"))


def _renamed(engine: Engine, kind: str) -> str:
    name = f"{kind}{os.getpid()}_{uuid4().hex}"
    _on_postgres(engine, RENAME.format(_name(engine), name))
    return name


def _on_postgres(engine: Engine, statement: str) -> None:
    url = engine.url.set(database="postgres")
    admin = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with admin.connect() as connection:
        connection.execute(text(statement))
