"""
The province's evening: every inspector's phone delivers its day to one server.

`python -m benchmarks.evening --phones 4985` prints one JSON line. A real server (`inspect-server
serve`: gunicorn, SQLite with synchronous=FULL), and phones in processes of their own. Each has
captured a day (60 operations in 48 saves, 6 photos, two tasks shared with a partner, who answered
one item otherwise) and syncs as the protocol says: state, push, which files are missing, each file
by tus, receipt, pull. `--at-once` of them are always at it; one in `--resend` loses the answer of
its push and sends it again.

What the phones hold is prepared, signed and compressed before the clock starts, and enrolment is
done in the store: a login costs what argon2 is made to cost. `push_ms` is from the first byte sent
to the last byte of the answer, waiting for other phones included. `client_cpu_s` shows what the
phones' side took of the same machine.

`lost` and `duplicates` are counted afterwards, the database and the files read against what the
phones hold: entries, operations and photos that are not there whole, and rows beyond them.
"""

import argparse
import json
import os
import pickle
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from benchmarks.evening_day import OPERATIONS, PHOTOS, TASKS, Day, make_day
from benchmarks.sync_client import Answer, Call, Connection, Requests, chunks
from benchmarks.sync_server import ROOT, serving
from benchmarks.sync_world import World, make_world
from inspect_server.app import make_backend
from inspect_server.config import Settings
from inspect_server.store.models.blobs import Blob
from inspect_server.store.models.journal import JournalEntry, Operation, SyncItem
from inspect_server.usecases.work import Backend
from sync import protocol

BUSY = (423, 429, 503)
TRIES, PAUSE = 60, 0.5
"""A phone that is told to come again, or loses its connection, does so this often."""


@dataclass
class Delivered:
    """One phone's evening: what it holds, and what it was told."""

    replica: str
    held: dict[str, int]  # operations by entry hash
    photos: list[str]
    acknowledged: set[str] = field(default_factory=set)
    receipt: bytes = b""
    pulled: int = 0
    pushes: list[float] = field(default_factory=list)  # seconds
    requests: int = 0
    retries: int = 0


@dataclass(frozen=True)
class Outcome:
    """What one process of phones brings back."""

    delivered: list[Delivered]
    cpu: float


def main() -> None:
    """Play the evening and print, or be one process of phones."""
    parser = argparse.ArgumentParser(description="Play the evening of a province's phones.")
    parser.add_argument("--phones", type=int, default=4985)
    parser.add_argument("--photo-bytes", type=int, default=8192, help="of each of the six photos")
    parser.add_argument("--at-once", type=int, default=16, help="phones that sync at a time")
    parser.add_argument("--processes", type=int, default=2, help="that the phones run in")
    parser.add_argument("--resend", type=int, default=20, help="one phone in so many sends twice")
    parser.add_argument("--part", nargs=4, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.part:
        folder, part, host, port = asked.part
        be_phones(Path(folder), int(part), host, int(port), asked)
        return
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="inspect-bench-") as name:
        result = play(Path(name), asked)
    print(json.dumps({"benchmark": "evening", "load": round(load, 2), **result}))


def play(folder: Path, asked: argparse.Namespace) -> dict[str, Any]:
    """Play the evening below an empty folder."""
    start = time.perf_counter()
    world = make_world(folder / "data", teams=(asked.phones + 1) // 2, tasks_each=TASKS)
    (folder / "world").write_bytes(pickle.dumps(world))
    prepared = time.perf_counter() - start
    with serving(folder / "data") as server:
        phones = [
            _start(folder, part, server.host, server.port, asked) for part in range(asked.processes)
        ]
        for process in phones:
            _hear(process, "ready")
        start, cpu = time.perf_counter(), server.cpu_seconds()
        for process in phones:
            _tell(process, "go")
        for process in phones:
            _hear(process, "done")
        seconds, cpu = time.perf_counter() - start, server.cpu_seconds() - cpu
        memory = server.peak_mb()
    outcomes = [_outcome(folder, part) for part in range(asked.processes)]
    for process in phones:
        process.communicate()
    delivered = [one for outcome in outcomes for one in outcome.delivered]
    pushes = sorted(second for one in delivered for second in one.pushes)
    return {
        "phones": len(delivered),
        "operations": OPERATIONS * len(delivered),
        "photos": PHOTOS * len(delivered),
        "photo_bytes": asked.photo_bytes,
        "at_once": asked.at_once,
        "resent": len(pushes) - len(delivered),
        "prepared_s": round(prepared, 1),
        "total_s": round(seconds, 1),
        "push_ms": _percentiles(pushes),
        "requests": sum(one.requests for one in delivered),
        "retries": sum(one.retries for one in delivered),
        "server_memory_mb": round(memory),
        "server_cpu_s": round(cpu, 1),
        "client_cpu_s": round(sum(outcome.cpu for outcome in outcomes), 1),
        **_count(make_backend(Settings(data_dir=folder / "data")), world, delivered),
    }


def _percentiles(seconds: Sequence[float]) -> dict[str, float]:
    cuts = statistics.quantiles(seconds, n=100, method="inclusive")
    named = {"p50": cuts[49], "p95": cuts[94], "p99": cuts[98], "max": seconds[-1]}
    return {name: round(1000 * value, 1) for name, value in named.items()}


def _start(
    folder: Path, part: int, host: str, port: int, asked: argparse.Namespace
) -> subprocess.Popen[str]:
    same = [
        f"--{name.replace('_', '-')}={getattr(asked, name)}"
        for name in ("phones", "photo_bytes", "at_once", "processes", "resend")
    ]
    about = [str(folder), str(part), host, str(port)]
    return subprocess.Popen(
        [sys.executable, "-m", "benchmarks.evening", *same, "--part", *about],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )


def _hear(process: subprocess.Popen[str], word: str) -> None:
    assert process.stdout is not None
    if process.stdout.readline().strip() != word:
        raise SystemExit("a process of phones did not come through the evening")


def _tell(process: subprocess.Popen[str], word: str) -> None:
    assert process.stdin is not None
    process.stdin.write(f"{word}\n")
    process.stdin.flush()


def _outcome(folder: Path, part: int) -> Outcome:
    found: Outcome = pickle.loads((folder / f"outcome-{part}").read_bytes())
    return found


def be_phones(folder: Path, part: int, host: str, port: int, asked: argparse.Namespace) -> None:
    """Prepare a share of the phones, wait for the word, and let them all sync."""
    world: World = pickle.loads((folder / "world").read_bytes())
    seats = world.seats[: asked.phones]
    mine = range(part, len(seats), asked.processes)
    days = [make_day(world, seats[n], asked.photo_bytes) for n in mine]
    twice = [n % asked.resend == 0 for n in mine]
    print("ready", flush=True)
    sys.stdin.readline()
    cpu = time.process_time()
    with ThreadPoolExecutor(max(1, asked.at_once // asked.processes)) as pool:
        delivered = list(pool.map(lambda day, again: deliver(day, host, port, again), days, twice))
    outcome = Outcome(delivered, time.process_time() - cpu)
    (folder / f"outcome-{part}").write_bytes(pickle.dumps(outcome))
    print("done", flush=True)


def deliver(day: Day, host: str, port: int, again: bool) -> Delivered:
    """Let one phone sync."""
    held = {one.hash: one.ops for one in day.saved}
    done = Delivered(day.seat.replica, held, sorted(day.photos))
    with Connection(host, port) as connection:
        ask = _Patient(connection, done)
        ask(day.state)
        for _ in range(2 if again else 1):
            answer = ask(day.push)
            done.pushes.append(answer.seconds)
        reply = protocol.decode(protocol.PushReply, answer.content)
        done.acknowledged = {one.hash for one in reply.results if one.pos}
        wanted = protocol.decode(protocol.HaveReply, ask(day.have).content).missing
        for one in wanted:
            create, *parts = chunks(day.photos[one.sha256], one.token)
            place = ask(create).headers["location"]
            for part in parts:
                ask(Call(part.method, place, part.body, part.headers))
        done.receipt = ask(day.receipt).content
        done.pulled = _pull(ask, Requests(day.seat))
    return done


def _pull(ask: "_Patient", requests: Requests) -> int:
    pulled, cursor, more = 0, "", True
    while more:
        answer = ask(requests.post(protocol.PULL, protocol.PullRequest(cursor)))
        reply = protocol.decode(protocol.PullReply, answer.content)
        pulled += len(reply.docs)
        cursor, more = reply.cursor, reply.has_more
    return pulled


@dataclass
class _Patient:
    """Asks again where the server is busy or the connection broke, as a phone does."""

    connection: Connection
    done: Delivered

    def __call__(self, call: Call) -> Answer:
        for _ in range(TRIES):
            self.done.requests += 1
            try:
                answer = self.connection.send(call)
            except OSError:
                self.connection.close()
            else:
                if answer.status < 400:
                    return answer
                if answer.status not in BUSY:
                    raise SystemExit(f"{call.target}: {answer.status} {answer.content!r}")
            self.done.retries += 1
            time.sleep(PAUSE)
        raise SystemExit(f"{call.target}: no answer")


def _count(backend: Backend, world: World, delivered: Sequence[Delivered]) -> dict[str, Any]:
    """Read the database and the files against what the phones hold."""
    held = {hash: ops for one in delivered for hash, ops in one.held.items()}
    photos = {sha256 for one in delivered for sha256 in one.photos}
    phones = {one.replica for one in delivered}
    with backend.reading() as session:
        rows = session.execute(
            select(JournalEntry.hash, JournalEntry.replica_id, JournalEntry.seq, JournalEntry.pos)
        ).all()
        counted = select(Operation.entry_hash, func.count()).group_by(Operation.entry_hash)
        operations = {row[0]: row[1] for row in session.execute(counted)}
        blobs = list(session.scalars(select(Blob.sha256)))
        conflicts = session.scalar(select(func.count()).where(SyncItem.conflict.is_(True)))
    stored = [row for row in rows if row.replica_id in phones]
    hashes = {row.hash for row in stored}
    whole = {sha256 for sha256 in blobs if backend.blobs.is_sound(sha256)}
    lost = {
        "entries": len(held.keys() - hashes),
        "operations": sum(max(0, ops - operations.get(hash, 0)) for hash, ops in held.items()),
        "photos": len(photos - whole),
    }
    duplicates = {
        "entries": len(stored) - len(hashes & held.keys()),
        "operations": sum(max(0, operations.get(hash, 0) - held.get(hash, 0)) for hash in hashes),
        "photos": len(blobs) - len(whole & photos),
        "places": _doubled((row.replica_id, row.seq) for row in stored),
        "positions": _doubled(row.pos for row in rows),
    }
    unconfirmed = sum(not _is_confirmed(world, one) for one in delivered)
    return {
        "lost": sum(lost.values()),
        "duplicates": sum(duplicates.values()),
        "of": {"lost": lost, "duplicates": duplicates},
        "unconfirmed": unconfirmed,
        "conflicts": conflicts,
        "pulled": sum(one.pulled for one in delivered),
        "met": not (sum(lost.values()) or sum(duplicates.values()) or unconfirmed),
    }


def _doubled(values: Iterable[object]) -> int:
    return sum(count - 1 for count in Counter(values).values())


def _is_confirmed(world: World, one: Delivered) -> bool:
    """Whether every entry was acknowledged, and the receipt is signed and speaks of all of them."""
    reply = protocol.decode(protocol.ReceiptReply, one.receipt)
    receipt = protocol.verify_receipt(reply, world.receipt_keys)
    whole = (receipt.replica, receipt.upto_seq) == (one.replica, len(one.held))
    return whole and one.acknowledged == one.held.keys()


if __name__ == "__main__":
    main()
