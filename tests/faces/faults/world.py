"""Two real phones and a dispatched inspection, and what must hold of them whatever befell."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from uuid import UUID

import httpx
from argon2 import PasswordHasher
from sqlalchemy import select, update

from inspect_server.app import make_backend, prepare
from inspect_server.config import Settings
from inspect_server.reads.phones.journal import merged, replica_states
from inspect_server.store.models.blobs import Blob
from inspect_server.store.models.identity import User
from inspect_server.store.models.journal import JournalEntry, Receipt, SyncHead, Upload
from inspect_server.usecases.journal.verify_journal import verify_journal
from inspect_server.usecases.phones.push_entries import push_entries
from inspect_server.usecases.work import Backend
from sync import entries, protocol
from sync.phone import Phone, SyncReport
from tests.actors import ALL_ROLES
from tests.conftest import BUREAU, FixedClock
from tests.faces.faults.dying_server import Order
from tests.faces.sync_wire import app_of
from tests.usecases.bureau import open_bureau

PASSWORD = "correct horse battery 7"
ITEMS = tuple(f"answer/small/A{n}" for n in (1, 2, 3))
JPEG = b"\xff\xd8\xff"


def number(default: int) -> int:
    """Return the seed of a random run, of the environment's SYNC_SEED when it is set; print it."""
    seed = int(os.environ.get("SYNC_SEED", default))
    sys.stdout.write(f"SYNC_SEED={seed}\n")
    return seed


def picture(random: Random, size: int) -> bytes:
    """Bytes that no other picture has."""
    return JPEG + random.randbytes(max(0, size - len(JPEG)))


PHOTO = picture(Random(1), 1_300_000)
"""Two chunks of an upload."""


@dataclass
class World:
    """One data folder, with the files of two phones in it."""

    folder: Path
    task: str
    database_url: str = ""

    def __post_init__(self) -> None:
        settings = Settings(data_dir=self.folder, database_url=self.database_url, **BUREAU)
        self.backend: Backend = make_backend(settings, FixedClock())

    def order(self, **what: object) -> Order:
        """A server over this world."""
        return Order(str(self.folder), self.database_url, **what)  # type: ignore[arg-type]

    def path(self, officer: int) -> Path:
        """Where the phone of an officer lies."""
        return self.folder / f"phone{officer}.db"

    @contextmanager
    def phones(self) -> Iterator[tuple[Phone, Phone]]:
        """The lead's and the member's."""
        with ExitStack() as stack:
            lead, member = (stack.enter_context(closing(Phone(self.path(n)))) for n in range(2))
            yield lead, member

    @contextmanager
    def here(self) -> Iterator[httpx.Client]:
        """A server in this process, with which nothing is wrong."""
        transport = httpx.WSGITransport(app=app_of(self.backend))
        with httpx.Client(transport=transport, base_url="http://127.0.0.1") as client:
            yield client

    def stored(self) -> dict[str, bytes]:
        """Return the bytes of every entry by hash."""
        with self.backend.reading() as session:
            return dict(session.execute(select(JournalEntry.hash, JournalEntry.content)).all())

    def assert_what_was_confirmed_is_here(self) -> None:
        """Entries that a phone believes to be stored are, and what its receipts name is whole."""
        stored = self.stored()
        with self.phones() as phones, self.backend.reading() as session:
            receipts = set(session.scalars(select(Receipt.body)))
            for phone in phones:
                own = phone.entries()
                confirmed = {row.hash: row.content for row in own if row.acked_epoch}
                assert confirmed.items() <= stored.items()
                phone.verified_receipts()
                assert {reply.receipt_b64 for reply in phone.receipts()} <= receipts
                for receipt in phone.verified_receipts():
                    covered = [row for row in own if row.replica == receipt.replica]
                    for row in covered[: receipt.upto_seq]:
                        for op in entries.parse(row.content).ops:
                            assert not op.blob or self.backend.blobs.read(op.blob)

    def assert_all_is_well(self) -> None:
        """Everything that the phones took down is here once, and both show the same record."""
        self.assert_what_was_confirmed_is_here()
        with self.phones() as (lead, member), self.backend.reading() as session:
            own = {row.hash: row.content for phone in (lead, member) for row in phone.entries()}
            cited = {op.blob for raw in own.values() for op in entries.parse(raw).ops if op.blob}
            rows = session.scalars(select(JournalEntry)).all()
            assert own.items() <= {row.hash: row.content for row in rows}.items()
            assert len({(row.replica_id, row.seq) for row in rows}) == len(rows)
            assert len({row.pos for row in rows}) == len(rows)
            assert not [row.hash for row in rows if row.effect == "held" or "fork" in row.flags]
            assert session.scalar(select(SyncHead.pos)) >= max(row.pos for row in rows)
            assert set(session.scalars(select(Blob.sha256))) == cited
            finished = select(Upload.sha256).where(Upload.finished_at.is_not(None))
            assert set(session.scalars(finished)) == cited
            record = merged(session, UUID(self.task))
            assert record.view == lead.record(self.task).view == member.record(self.task).view
            upto = {replica.id: replica.receipted_seq for replica in replica_states(session)}
            for phone in (lead, member):
                mine = [row for row in phone.entries() if row.replica == phone.replica]
                assert upto[phone.replica] == len(mine)
        for sha256 in cited:
            self.backend.blobs.read(sha256)
        report = verify_journal(self.backend)
        assert report.sound, report.faults

    def deliver_only_the_last(self, phone: Phone) -> None:
        """Push the newest entry alone, so that it waits for those before it."""
        last = phone.entries()[-1]
        with self.backend.reading() as session:
            epoch = session.scalars(select(SyncHead.epoch)).one()
        sent = protocol.PushedEntry(last.content, last.signature)
        push_entries(self.backend, protocol.PushRequest(phone.replica, str(epoch), "", [sent]))


def open_world(folder: Path, database_url: str = "") -> World:
    """Make a bureau with one inspection on two phones, which have seen it."""
    prepare(Settings(data_dir=folder, database_url=database_url, **BUREAU))
    world = World(folder, "", database_url)
    world.task = str(open_bureau(world.backend).dispatched()[0])
    with world.backend.begin(ALL_ROLES) as work:
        cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
        work.session.execute(update(User).values(password_hash=cheap))
    with world.here() as client, world.phones() as phones:
        for officer, phone in enumerate(phones):
            phone.enrol(client, f"officer{officer}", PASSWORD)
            assert sync(phone, client).complete
    world.backend.engine.dispose()
    return world


def copied(world: World, folder: Path) -> World:
    """The same once more, to do something else with."""
    shutil.copytree(world.folder, folder)
    return World(folder, world.task)


def client_of(url: str, timeout: float = 20) -> httpx.Client:
    """A phone's connection."""
    return httpx.Client(base_url=url, timeout=timeout, trust_env=False)


def finish(world: World) -> None:
    """Let both phones sync with a server that nothing befalls; then all must be well."""
    with world.here() as client, world.phones() as phones:
        reports = [sync(phone, client) for phone in (*phones, phones[0])]
    assert [(report.complete, report.problems) for report in reports] == [(True, [])] * 3
    world.assert_all_is_well()


def sync(phone: Phone, client: httpx.Client, tries: int = 1) -> SyncReport:
    """Sync without waiting for anything."""
    return phone.sync(client, pause=lambda _: None, backoff=(0.0,) * tries)
