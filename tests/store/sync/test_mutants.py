"""
Positions and cursors done wrong lose rows, and the tests see it; as they are, nothing is lost.

What decides is forced, not awaited: one writer stops between taking its number and its commit,
until the other one has committed or has been seen to wait for it.
"""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace
from sqlalchemy import select, tuple_, update
from sqlalchemy.orm import Session

from inspect_server.store.journal import head as sync_head
from inspect_server.store.journal.journal import SqlJournal
from inspect_server.store.models.journal import ReplicaScope, SyncDocument, SyncHead
from inspect_server.usecases.phones.push_entries import push_entries
from inspect_server.usecases.work import Backend
from sync import engine
from sync.cursor import Cursor
from sync.ids import document_id
from sync.ports import Document
from sync.protocol import PullReply, PullRequest, PushRequest
from tests.conformance_journal import FORM, NOW, Hand, answer
from tests.store.sync_world import SqlWorld

WAITS, FINISHES = 0.5, 60
"""Seconds that a writer who can only wait is given to show it, and one who need not to commit."""


class Scene:
    """One phone that pulls, and two that write in tasks of their own, so that none waits there."""

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self.world = SqlWorld(backend)
        self.reader, self.slow, self.fast = (Hand(self.world.user()) for _ in range(3))
        self.task: dict[str, str] = {}
        for hand in (self.reader, self.slow, self.fast):
            self.world.enrol(hand.public_key, hand.user)
            self.task[hand.id] = str(uuid4())
            self.world.assign(self.task[hand.id], FORM, self.reader.user, [hand.user])
        self.cursor, self.seen = "", dict[str, int]()

    def push(self, hand: Hand, *codes: str) -> None:
        entry = hand.save(self.task[hand.id], *(answer(code) for code in codes))
        with self.backend.reading() as session:
            epoch = str(sync_head.epoch(session))
        push_entries(self.backend, PushRequest(hand.id, epoch, NOW.isoformat(), [entry]))

    def pull(self, limit: int = 1000) -> None:
        """Pull to the end, as a phone does that keeps its cursor."""
        while True:
            page = self._page(self.cursor, limit)
            self.cursor = page.cursor
            self.seen.update((document.id, document.ver) for document in page.docs)
            if not page.has_more:
                return

    def missed(self) -> set[str]:
        """Return the documents that a new phone gets and this one never got."""
        return {document.id for document in self._page("", 1000).docs} - set(self.seen)

    def of(self, hand: Hand, *codes: str) -> set[str]:
        return {document_id(self.task[hand.id], f"answer/dust/{code}") for code in codes}

    def _page(self, cursor: str, limit: int) -> PullReply:
        with self.backend.reading() as session:
            return engine.pull(SqlJournal(session, NOW), self.reader.id, PullRequest(cursor, limit))


class Stop:
    """Where the slow writer stops, between its number and its commit."""

    def __init__(self) -> None:
        self._slow: int | None = None
        self._taken, self._go = threading.Event(), threading.Event()

    def here(self) -> None:
        """Stop, once, if this is the slow writer."""
        if threading.get_ident() == self._slow:
            self._slow = None
            self._taken.set()
            assert self._go.wait(60)

    def run(
        self,
        slow: Callable[[], None],
        fast: Callable[[], None],
        look: Callable[[], None],
        given: float,
    ) -> None:
        """Let the fast writer overtake the slow one, if it can, and look before both are done."""
        with ThreadPoolExecutor(2) as pool:
            first = pool.submit(self._as_slow, slow)
            assert self._taken.wait(60)
            second = pool.submit(fast)
            wait_for([second], timeout=given)
            look()
            self._go.set()
            first.result()
            second.result()

    def _as_slow(self, slow: Callable[[], None]) -> None:
        self._slow = threading.get_ident()
        slow()


class Sequence:
    """
    Mutant: numbers given out without a lock that lasts until the commit, as `nextval` does.

    SQLite lets one writer at a time into a transaction at all: there the number is drawn when the
    push arrives, as by a counter of the process; on PostgreSQL inside the transaction.
    """

    def __init__(self, backend: Backend, stop: Stop) -> None:
        with backend.reading() as session:
            self._last = sync_head.position(session)
        self._lock, self._stop, self._own = threading.Lock(), stop, threading.local()
        self._before = backend.engine.dialect.name == "sqlite"

    def arrive(self) -> None:
        """Begin a push."""
        self._own.drawn = self._draw() if self._before else None

    def take(self, session: Session, count: int) -> int:
        """Stand in for `head.take_positions`."""
        assert count == 1
        pos = self._own.drawn or self._draw()
        behind = update(SyncHead).where(SyncHead.pos < pos).values(pos=pos)
        session.execute(behind)
        return pos

    def _draw(self) -> int:
        with self._lock:
            self._last += 1
            drawn = self._last
        self._stop.here()
        return drawn


def test_without_the_lock_a_pull_between_two_commits_misses_the_slower_one(
    backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene, stop = Scene(backend), Stop()
    sequence = Sequence(backend, stop)
    monkeypatch.setattr(sync_head, "take_positions", sequence.take)

    def push(hand: Hand) -> None:
        sequence.arrive()
        scene.push(hand, "D01")

    stop.run(lambda: push(scene.slow), lambda: push(scene.fast), scene.pull, FINISHES)
    scene.pull()

    assert scene.missed() == scene.of(scene.slow, "D01")


def test_with_the_lock_the_second_writer_waits_and_no_pull_misses_anything(
    backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene, stop = Scene(backend), Stop()
    locked = sync_head.take_positions

    def take(session: Session, count: int) -> int:
        pos = locked(session, count)
        stop.here()
        return pos

    monkeypatch.setattr(sync_head, "take_positions", take)
    between: list[set[str]] = []

    def look() -> None:
        scene.pull()
        between.append(set(scene.seen))

    stop.run(
        lambda: scene.push(scene.slow, "D01"), lambda: scene.push(scene.fast, "D01"), look, WAITS
    )
    scene.pull()

    written = scene.of(scene.slow, "D01") | scene.of(scene.fast, "D01")
    assert between == [set()]
    assert (scene.missed(), set(scene.seen)) == (set(), written)


def _by_position_alone(
    journal: SqlJournal, user: str, cursor: Cursor, limit: int
) -> list[Document]:
    """Mutant: what changed since the cursor, whenever its scope came into sight."""
    row = SyncDocument
    place = tuple_(row.scope, row.pos, row.id)
    found = journal._session.scalars(
        select(row)
        .join(ReplicaScope, ReplicaScope.scope == row.scope)
        .where(
            ReplicaScope.user_id == UUID(user),
            ReplicaScope.removed_pos.is_(None),
            row.pos.between(cursor.since, cursor.upto),
            place > tuple_(cursor.scope, cursor.pos, cursor.id),
        )
        .order_by(row.scope, row.pos, row.id)
        .limit(limit)
    )
    return [
        Document(one.id, one.scope, one.kind, one.ver, one.pos, one.deleted, one.body)
        for one in found
    ]


@pytest.mark.parametrize("mutant", [False, True])
def test_a_cursor_that_ignores_when_a_task_came_into_sight_misses_all_of_it(
    backend: Backend, monkeypatch: pytest.MonkeyPatch, *, mutant: bool
) -> None:
    scene = Scene(backend)
    if mutant:
        monkeypatch.setattr(SqlJournal, "changed", _by_position_alone)
    task, taker = scene.task[scene.slow.id], scene.fast
    scene.world.assign(task, FORM, scene.slow.user, [])
    scene.push(scene.slow, "D01", "D02")
    scene.push(scene.fast, "D03")
    scene.pull()
    scene.world.assign(task, FORM, scene.reader.user, [scene.slow.user, taker.user])
    scene.pull()

    assert scene.missed() == (scene.of(scene.slow, "D01", "D02") if mutant else set())


@pytest.mark.parametrize("mutant", [False, True])
def test_a_cursor_without_the_document_misses_the_rest_of_an_entry_that_a_page_cuts(
    backend: Backend, monkeypatch: pytest.MonkeyPatch, *, mutant: bool
) -> None:
    scene = Scene(backend)
    whole = Cursor.text
    if mutant:

        def text(cursor: Cursor) -> str:
            return whole(replace(cursor, pos=cursor.pos + 1, id="") if cursor.id else cursor)

        monkeypatch.setattr(Cursor, "text", text)
    codes = ["D01", "D02", "D03", "D04", "D05"]
    scene.push(scene.slow, *codes)
    scene.pull(limit=2)

    assert scene.missed() == (scene.of(scene.slow, *codes[2:]) if mutant else set())
