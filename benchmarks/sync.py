"""
How fast sync is, each figure beside what nobody can avoid, measured in the same run.

`python -m benchmarks.sync` prints one JSON line. A real server (`inspect-server serve`: gunicorn,
one worker, SQLite with synchronous=FULL) and one client on the same machine; the client's requests
are encoded, compressed and signed before the clock starts, and one is in flight at a time.

- `push`: operations a second, five an entry, 200 entries a request as a phone sends them, from the
  first byte sent to the last byte of the answer; `ratio` to inserting the very same rows of
  journal, operations, documents and items with one executemany a table, committed as often, into a
  copy of the same database; `inserted_at_once_per_s` is the same in one commit.
  `verifications_per_s` is P-256 alone, one core.
- `pull`: documents a second of a new phone, gzip as phones ask for it, all pages and the digest;
  `documents_per_cpu_s` to a second of the server's processor; `ratio` to reading the same rows by
  id, as bytes and nothing else (`selected_per_s`).
- `no_op` and `fifty`: requests and bytes of the headless phone (sync/phone): a sync with nothing to
  do (the answer's body), and the pushing of 50 operations in 10 entries (the request's body).
- `tus`: MB/s of files sent in chunks of 1 MiB with a SHA-256 checksum each, the first with the
  creation as phones do it, until the whole is hashed, renamed and noted; `ratio` to writing,
  hashing and fsyncing the same chunks.

Server and probe run in turn in every round and the best of each counts. On a machine that does
other work `cpu_ratio` is the steadier one: the same of processor seconds, the server's processes
against the probe. The probe's costs no HTTP, no gzip, no signature.
"""

import argparse
import json
import os
import random
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import Engine, select

from benchmarks import sync_probes as probes
from benchmarks.sync_client import (
    Answer,
    Call,
    Chain,
    Connection,
    Requests,
    Saved,
    chunks,
    photo,
    push_call,
    send_file,
)
from benchmarks.sync_probes import Spent
from benchmarks.sync_server import Server, serving
from benchmarks.sync_world import PASSWORD, Seat, World, make_world
from inspect_server.store.engine import open_engine
from inspect_server.store.models.journal import SyncHead
from sync import entries, protocol
from sync.phone import Phone
from sync.phone.network.syncing import BATCH_ENTRIES

PUSH, PULL, TUS = 0.35, 25_000, 0.5
"""Targets: ratio, documents a second, ratio."""
NO_OP_BYTES, FIFTY_BYTES = 500, 8_000
OPERATIONS_AN_ENTRY, ITEMS_A_TASK = 5, 100
MEGABYTE = 1024 * 1024


@dataclass
class Measured:
    """The rounds of one thing: the server's and the probe's."""

    amount: int
    server: list[Spent] = field(default_factory=list)
    probe: list[Spent] = field(default_factory=list)

    def rate(self, decimals: int = 0) -> float:
        """How much a second the server did."""
        return round(self.amount / min(one.wall for one in self.server), decimals or None)

    def probe_rate(self, decimals: int = 0) -> float:
        """How much a second the probe did."""
        return round(self.amount / min(one.wall for one in self.probe), decimals or None)

    @property
    def ratios(self) -> dict[str, float]:
        """The probe's time over the server's."""
        return {
            "ratio": _ratio([s.wall for s in self.server], [p.wall for p in self.probe]),
            "cpu_ratio": _ratio([s.cpu for s in self.server], [p.cpu for p in self.probe]),
        }


def _ratio(server: Sequence[float], probe: Sequence[float]) -> float:
    return round(min(probe) / max(min(server), 1e-9), 3)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure sync against bare inserts and files.")
    parser.add_argument("--operations", type=int, default=20_000, help="pushed in one round")
    parser.add_argument("--rounds", type=int, default=3, help="of which the best counts")
    parser.add_argument("--files", type=int, default=16, help="uploaded in one round")
    parser.add_argument("--file-mib", type=int, default=4)
    asked = parser.parse_args()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="inspect-bench-") as name:
        result = measure(Path(name), asked.operations, asked.rounds, asked.files, asked.file_mib)
    print(json.dumps({"benchmark": "sync", "load": round(load, 2), **result}))


def measure(
    folder: Path, operations: int, rounds: int, files: int, file_mib: int
) -> dict[str, Any]:
    """Measure everything below an empty folder."""
    tasks = max(1, rounds * operations // ITEMS_A_TASK)
    world = make_world(folder / "data", teams=1, tasks_each=tasks)
    lead, member = world.seats
    copies = folder / "copy.db", folder / "copy-at-once.db"
    for copy in copies:  # closed, so that all of it is in this file
        shutil.copy(folder / "data" / "inspect.db", copy)
    bench = _Bench(folder, world, open_engine(_url(folder / "data" / "inspect.db")))
    with serving(folder / "data") as server, Connection(server.host, server.port) as connection:
        engines = [open_engine(_url(copy)) for copy in copies]
        push = bench.push(server, connection, lead, operations, rounds, engines)
        pull = bench.pull(server, connection, member, rounds)
        upload = bench.upload(server, connection, lead, rounds, files, file_mib)
        phone = _phone(folder, server, member)
        memory = server.peak_mb()
    result = {
        "operations": operations,
        "rounds": rounds,
        "push": push,
        "pull": pull,
        "tus": upload,
        **phone,
        "server_memory_mb": round(memory),
    }
    result["met"] = (
        push["ratio"] >= PUSH
        and pull["documents_per_s"] >= PULL
        and upload["ratio"] >= TUS
        and phone["no_op"]["requests"] == phone["fifty"]["requests"] == 1
        and phone["no_op"]["bytes"] <= NO_OP_BYTES
        and phone["fifty"]["bytes"] <= FIFTY_BYTES
    )
    return result


def _url(path: Path) -> str:
    return f"sqlite:///{path}"


@dataclass
class _Bench:
    """One server's folder, and the phone's chain that grows from part to part."""

    folder: Path
    world: World
    engine: Engine  # of the server's own database, to read what came to be
    saved: list[Saved] = field(default_factory=list)

    def push(
        self,
        server: Server,
        connection: Connection,
        seat: Seat,
        operations: int,
        rounds: int,
        copies: Sequence[Engine],
    ) -> dict[str, float]:
        """Push the same amount in every round, and insert the same rows elsewhere, twice."""
        requests = Requests(seat)
        self.chain = Chain(self.world, seat, requests.key)
        measured, at_once = Measured(operations), list[float]()
        per_task = ITEMS_A_TASK // OPERATIONS_AN_ENTRY
        for n in range(rounds * operations // OPERATIONS_AN_ENTRY):
            self.chain.save(seat.tasks[n // per_task], _answers(n % per_task))
        saved = self.chain.saved
        size = operations // OPERATIONS_AN_ENTRY
        for start in range(0, len(saved), size):
            calls = [
                push_call(requests, self.world, seat, saved[at : at + BATCH_ENTRIES])
                for at in range(start, start + size, BATCH_ENTRIES)
            ]
            before = self._position()
            answers, spent = _ask(server, connection, calls)
            measured.server.append(spent)
            _check_applied(answers, saved[start : start + size])
            batches = [
                probes.new_rows(self.engine, at, at + BATCH_ENTRIES)
                for at in range(before, self._position(), BATCH_ENTRIES)
            ]
            measured.probe.append(probes.insert(copies[0], ([one] for one in batches)))
            at_once.append(probes.insert(copies[1], [batches]).wall)
        for copy in copies:
            copy.dispose()
        public = entries.raw_public_key(requests.key)
        verified = probes.verify(public, saved)
        return {
            **measured.ratios,
            "operations_per_s": measured.rate(),
            "inserted_per_s": measured.probe_rate(),
            "inserted_at_once_per_s": round(operations / min(at_once)),
            "verifications_per_s": round(len(saved) / verified.cpu),
            "entries_a_request": BATCH_ENTRIES,
        }

    def pull(
        self, server: Server, connection: Connection, seat: Seat, rounds: int
    ) -> dict[str, float]:
        """Pull everything as a new phone in every round, and read the same rows."""
        requests = Requests(seat)
        ids = self._pull(server, connection, requests)[0]
        measured = Measured(len(ids))
        for _ in range(rounds):
            _, spent = self._pull(server, connection, requests)
            measured.server.append(spent)
            measured.probe.append(probes.select(self.engine, ids, protocol.MAX_PULL_DOCUMENTS))
        return {
            **measured.ratios,
            "documents_per_s": measured.rate(),
            "documents_per_cpu_s": round(len(ids) / min(one.cpu for one in measured.server)),
            "selected_per_s": measured.probe_rate(),
            "documents": len(ids),
        }

    def upload(
        self,
        server: Server,
        connection: Connection,
        seat: Seat,
        rounds: int,
        files: int,
        file_mib: int,
    ) -> dict[str, float]:
        """Upload files that entries cite, and keep the same bytes elsewhere."""
        requests = Requests(seat)
        measured = Measured(files * file_mib * MEGABYTE)
        for _ in range(rounds):
            contents = [random.randbytes(file_mib * MEGABYTE) for _ in range(files)]
            connection.close()
            photos = [self.chain.save(seat.tasks[0], [photo(one)]) for one in contents]
            connection.ask(push_call(requests, self.world, seat, photos))
            have = protocol.HaveRequest([entries.entry_hash(one) for one in contents])
            reply = connection.ask(requests.post(protocol.BLOBS_HAVE, have))
            wanted = protocol.decode(protocol.HaveReply, reply.content).missing
            tokens = {one.sha256: one.token for one in wanted}
            sent = [chunks(one, tokens[entries.entry_hash(one)]) for one in contents]
            connection.close()
            cpu, wall = server.cpu_seconds(), 0.0
            for calls in sent:
                wall += send_file(connection, calls)
            measured.server.append(Spent(wall, server.cpu_since(cpu)))
            measured.probe.append(
                probes.keep(self.folder, ([c.body or b"" for c in calls] for calls in sent))
            )
        return {
            **measured.ratios,
            "mb_per_s": round(measured.rate() / 1e6, 1),
            "kept_mb_per_s": round(measured.probe_rate() / 1e6, 1),
            "file_mib": file_mib,
        }

    def _position(self) -> int:
        with self.engine.connect() as connection:
            return connection.scalar(select(SyncHead.pos)) or 0

    def _pull(
        self, server: Server, connection: Connection, requests: Requests
    ) -> tuple[list[str], Spent]:
        connection.close()
        ids: list[str] = []
        cursor, more, wall, cpu = "", True, 0.0, server.cpu_seconds()
        while more:
            answer = connection.ask(requests.post(protocol.PULL, protocol.PullRequest(cursor)))
            wall += answer.seconds
            reply = protocol.decode(protocol.PullReply, answer.content)
            ids += [one.id for one in reply.docs]
            cursor, more = reply.cursor, reply.has_more
        return ids, Spent(wall, server.cpu_since(cpu))


def _answers(n: int) -> list[entries.Op]:
    results = ("pass", "pass", "fail", "pass", "not_applicable")
    return [
        entries.make_op(
            "answer.set",
            f"answer/general-safety/B{n:02}-{k}",
            {"result": result, "reason": "", "note": f"第 {n} 项现场查看，未见异常"},
        )
        for k, result in enumerate(results)
    ]


def _ask(
    server: Server, connection: Connection, calls: Sequence[Call]
) -> tuple[list[Answer], Spent]:
    connection.close()  # the server does not keep one that was silent for long
    cpu = server.cpu_seconds()
    answers = [connection.ask(call) for call in calls]
    wall = sum(answer.seconds for answer in answers)
    return answers, Spent(wall, server.cpu_since(cpu))


def _check_applied(answers: Sequence[Answer], saved: Sequence[Saved]) -> None:
    results = [
        result
        for answer in answers
        for result in protocol.decode(protocol.PushReply, answer.content).results
    ]
    done = [(one.hash, one.stored, one.effect) for one in results]
    if done != [(one.hash, "new", "applied") for one in saved]:
        raise SystemExit("not everything that was pushed was applied")


def _phone(folder: Path, server: Server, seat: Seat) -> dict[str, dict[str, int]]:
    """Return what the headless phone sends for 50 operations, and for nothing."""
    asked: list[tuple[str, int]] = []
    answered: list[int] = []

    def note(response: httpx.Response) -> None:
        asked.append((response.request.url.path, len(response.request.content)))
        answered.append(int(response.headers.get("Content-Length", 0)))

    address = f"http://{server.host}:{server.port}"
    hooks = {"response": [note]}
    with httpx.Client(base_url=address, timeout=120, trust_env=False, event_hooks=hooks) as client:
        phone = Phone(folder / "phone.db")
        phone.enrol(client, seat.login, PASSWORD)
        phone.sync(client)
        task = seat.tasks[-1]
        for n in range(10):
            with phone.together(task):
                for k in range(5):
                    phone.note(task, f"第 {n} 处第 {k} 项，现场查看未见异常")
        asked.clear()
        done = phone.sync(client)
        pushes = [size for path, size in asked if path == protocol.PUSH]
        asked.clear()
        answered.clear()
        nothing = phone.sync(client)
        phone.close()
    if not (done.complete and nothing.complete):
        raise SystemExit(f"the phone's sync did not end well: {done} {nothing}")
    return {
        "fifty": {"requests": len(pushes), "bytes": sum(pushes)},
        "no_op": {"requests": len(answered), "bytes": sum(answered) + sum(s for _, s in asked)},
    }


if __name__ == "__main__":
    main()
