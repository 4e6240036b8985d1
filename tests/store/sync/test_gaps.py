"""Eight writers at once on either engine: no position is skipped and no pull misses a row."""

import time
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import suppress
from multiprocessing import get_context
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from sqlalchemy import select

from inspect_server.config import Settings
from inspect_server.gateways.blobs import LocalBlobs
from inspect_server.store.engine import open_engine
from inspect_server.store.journal import head as sync_head
from inspect_server.store.journal.journal import SqlJournal
from inspect_server.store.models.journal import JournalEntry
from inspect_server.usecases.phones.push_entries import push_entries
from inspect_server.usecases.work import Actor, Backend
from sync import engine
from sync.ids import document_id
from sync.protocol import PullRequest, PushRequest
from tests.conformance_journal import FORM, NOW, Hand, answer
from tests.conftest import FixedClock
from tests.store.sync_world import SqlWorld

WRITERS = 8
ABORTED = 5
"""Every so many pushes a transaction takes numbers and is rolled back."""


def _processes() -> Executor:
    return ProcessPoolExecutor(WRITERS, mp_context=get_context("spawn"))


@pytest.mark.parametrize(
    ("workers", "seconds"),
    [
        pytest.param(lambda: ThreadPoolExecutor(WRITERS), 3, id="threads"),
        pytest.param(_processes, 60, id="processes", marks=pytest.mark.long),
    ],
)
def test_pulls_while_eight_write_miss_no_row_and_no_position_is_skipped(
    backend: Backend, workers: Callable[[], Executor], seconds: int
) -> None:
    world, reader = SqlWorld(backend), Hand("")
    reader.user = world.user()
    world.enrol(reader.public_key, reader.user)
    hands = [Hand(world.user()) for _ in range(WRITERS)]
    own = [str(uuid4()) for _ in hands]
    shared = str(uuid4())
    for hand, task in zip(hands, own, strict=True):
        world.enrol(hand.public_key, hand.user)
        world.assign(task, FORM, reader.user, [hand.user])  # its lock holds nobody else up
    world.assign(shared, FORM, reader.user, [hand.user for hand in hands])
    phone = _Phone(backend, reader)
    phone.look()

    with workers() as pool:
        until = time.time() + seconds
        running = [
            pool.submit(_write, backend.settings, _pem(hand.key), hand.user, (task, shared), until)
            for hand, task in zip(hands, own, strict=True)
        ]
        while not all(future.done() for future in running):
            phone.look()
        acknowledged = {id for future in running for id in future.result()}
    phone.look()

    assert len(acknowledged) >= WRITERS
    assert acknowledged - set(phone.seen) == set()
    assert phone.seen == _whole(backend, reader)
    assert phone.positions == list(
        range(phone.positions[0], phone.positions[0] + len(acknowledged))
    )


class _Phone:
    """Pulls again and again, and follows the journal by its positions beside it."""

    def __init__(self, backend: Backend, hand: Hand) -> None:
        self._backend, self._hand, self._cursor = backend, hand, ""
        with backend.reading() as session:
            self._last = sync_head.position(session)
        self.seen: dict[str, int] = {}
        self.positions: list[int] = []

    def look(self) -> None:
        with self._backend.reading() as session:
            query = select(JournalEntry.pos).where(JournalEntry.pos > self._last)
            self.positions += session.scalars(query.order_by(JournalEntry.pos))
        self._last = self.positions[-1] if self.positions else self._last
        more = True
        while more:
            with self._backend.reading() as session:
                request = PullRequest(self._cursor)
                page = engine.pull(SqlJournal(session, NOW), self._hand.id, request)
            self.seen.update((document.id, document.ver) for document in page.docs)
            self._cursor, more = page.cursor, page.has_more


def _whole(backend: Backend, hand: Hand) -> dict[str, int]:
    fresh = _Phone(backend, hand)
    fresh.look()
    return fresh.seen


class _GaveUp(Exception):
    """Rolls a transaction back."""


def _write(
    settings: Settings, pem: bytes, user: str, tasks: tuple[str, str], until: float
) -> list[str]:
    """Push until the time is over, every fourth time in the shared task; return the documents."""
    key = serialization.load_pem_private_key(pem, None)
    assert isinstance(key, EllipticCurvePrivateKey)
    hand, database = Hand(user, key), open_engine(settings.database_url)
    backend = Backend(database, LocalBlobs(settings.data_dir / "blobs"), settings, FixedClock())
    with backend.reading() as session:
        epoch = str(sync_head.epoch(session))
    written: list[str] = []
    while not written or time.time() < until:
        task, code = tasks[len(written) % 4 == 0], f"{hand.id[:6]}-{len(written)}"
        entry = hand.save(task, answer(code))
        push_entries(backend, PushRequest(hand.id, epoch, NOW.isoformat(), [entry]))
        written.append(document_id(task, f"answer/dust/{code}"))
        if len(written) % ABORTED == 0:
            with suppress(_GaveUp), backend.begin(Actor.system("test")) as work:
                SqlJournal(work.session, NOW).take_positions(3)
                raise _GaveUp
    database.dispose()
    return written


def _pem(key: EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
