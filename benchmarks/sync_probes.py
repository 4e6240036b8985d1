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

TABLES = {
    "journal_entry": "pos > :pos",
    "operation": "entry_hash IN (SELECT hash FROM journal_entry WHERE pos > :pos)",
    "sync_document": "pos > :pos",
    "sync_item": "document_id IN (SELECT id FROM sync_document WHERE pos > :pos)",
}
"""The tables that a push fills, in the order of their foreign keys, and which rows are new."""


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


def new_rows(source: Engine, pos: int) -> dict[str, tuple[str, list[tuple[Any, ...]]]]:
    """Return what was stored after a position: for each table its INSERT and the rows."""
    with source.connect() as connection:
        return {table: _rows(connection, table, where, pos) for table, where in TABLES.items()}


def _rows(
    connection: Connection, table: str, where: str, pos: int
) -> tuple[str, list[tuple[Any, ...]]]:
    found = connection.exec_driver_sql(f"SELECT * FROM {table} WHERE {where}", {"pos": pos})
    names = list(found.keys())
    marks = ", ".join("?" * len(names))
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", list(
        map(tuple, found.fetchall())
    )


def insert(target: Engine, rows: dict[str, tuple[str, list[tuple[Any, ...]]]]) -> Spent:
    """Insert rows as the driver takes them, one executemany a table, all in one transaction."""

    def act() -> None:
        with target.execution_options(writing=True).begin() as connection:
            cursor = connection.connection.cursor()
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
