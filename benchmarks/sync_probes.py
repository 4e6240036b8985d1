"""What nobody can avoid: the same rows inserted, signatures checked and bytes kept."""

import hashlib
import os
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from benchmarks.sync_client import Saved
from sync import entries

_NEW = "pos > :after AND pos <= :upto"
TABLES = {
    "journal_entry": _NEW,
    "operation": f"entry_hash IN (SELECT hash FROM journal_entry WHERE {_NEW})",
    "sync_document": _NEW,
    "sync_item": f"document_id IN (SELECT id FROM sync_document WHERE {_NEW})",
}
"""The tables that a push fills, in the order of their foreign keys, and which rows are new."""

Rows = dict[str, tuple[str, list[tuple[Any, ...]]]]
"""Of each table its INSERT and the rows as the driver takes them."""


@dataclass(frozen=True)
class Spent:
    """What something took: seconds of the wall clock, and of the processor."""

    wall: float
    cpu: float


def timed(act: Callable[[], object]) -> Spent:
    """Do something in this process."""
    wall, cpu = time.perf_counter(), time.process_time()
    act()
    return Spent(time.perf_counter() - wall, time.process_time() - cpu)


def new_rows(source: Engine, after: int, upto: int) -> Rows:
    """Return what was stored at these positions."""
    with source.connect() as connection:
        return {table: _rows(connection, table, after, upto) for table in TABLES}


def _rows(
    connection: Connection, table: str, after: int, upto: int
) -> tuple[str, list[tuple[Any, ...]]]:
    found = connection.exec_driver_sql(
        f"SELECT * FROM {table} WHERE {TABLES[table]}", {"after": after, "upto": upto}
    )
    names = list(found.keys())
    marks = ", ".join("?" * len(names))
    statement = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})"
    return statement, [tuple(row) for row in found]


def insert(target: Engine, commits: Iterable[Iterable[Rows]]) -> Spent:
    """Insert rows, one executemany a table and push, in so many durable commits."""

    def act() -> None:
        for pushes in commits:
            with target.execution_options(writing=True).begin() as connection:
                cursor = connection.connection.cursor()
                for rows in pushes:
                    for statement, values in rows.values():
                        cursor.executemany(statement, values)
                cursor.close()

    return timed(act)


def verify(public_key: bytes, saved: Iterable[Saved]) -> Spent:
    """Check the signatures and nothing else."""

    def act() -> None:
        for one in saved:
            assert entries.verify(public_key, one.content, one.signature)

    return timed(act)


def select(source: Engine, ids: Sequence[str], page: int) -> Spent:
    """Read documents by id, a page at a time, as bytes."""

    def act() -> None:
        with source.connect() as connection:
            cursor = connection.connection.cursor()
            for start in range(0, len(ids), page):
                some = ids[start : start + page]
                marks = ", ".join("?" * len(some))
                cursor.execute(f"SELECT * FROM sync_document WHERE id IN ({marks})", some)
                cursor.fetchall()
            cursor.close()

    return timed(act)


def keep(folder: Path, files: Iterable[Sequence[bytes]]) -> Spent:
    """Write files chunk by chunk, hash them on the way and make every chunk durable."""

    def act() -> None:
        for n, chunks in enumerate(files):
            digest = hashlib.sha256()
            with (folder / f"{n}.probe").open("wb") as file:
                for chunk in chunks:
                    file.write(chunk)
                    digest.update(chunk)
                    file.flush()
                    os.fsync(file.fileno())

    spent = timed(act)
    for made in folder.glob("*.probe"):
        made.unlink()
    return spent
