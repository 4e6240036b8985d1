"""The journal on both engines: sync's own suite, and pushes that come at the same time."""

import time
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from inspect_server.store.journal import replicas
from inspect_server.store.models.journal import JournalEntry
from inspect_server.usecases.journal.server_entries import write
from inspect_server.usecases.phones.push_entries import push_entries
from inspect_server.usecases.work import Backend
from sync import replay
from sync.entries import entry_hash, make_op
from sync.protocol import PushReply, PushRequest, PushResult
from tests.actors import ALL_ROLES
from tests.conformance_held import HeldConformance
from tests.conformance_journal import FORM, NOW, Hand, JournalConformance, answer, lost_op
from tests.conformance_merging import MergingConformance
from tests.store.sync_world import SqlWorld

WHY = {"reason": "手机遗失"}


class TestSqlJournal(JournalConformance, HeldConformance, MergingConformance):
    """`sync.ports.Journal` on SQLite and PostgreSQL."""

    @pytest.fixture
    def world(self, backend: Backend) -> SqlWorld:
        return SqlWorld(backend)


@pytest.mark.parametrize("held_by", ["revoking the phone", "closing the record"])
def test_naming_a_loss_waits_for_nobody_who_waits_for_the_servers_replica(
    backend: Backend, held_by: str
) -> None:
    world = SqlWorld(backend)
    hand, assignment = Hand(world.user()), str(uuid4())
    world.enrol(hand.public_key, hand.user)
    world.assign(assignment, FORM, hand.user, [])
    with world.begin() as journal:
        epoch = journal.epoch()
    first, lost, waits = (hand.save(assignment, answer(code)) for code in ("D01", "D02", "D03"))
    push_entries(backend, PushRequest(hand.id, epoch, NOW.isoformat(), [first, waits]))
    named = lost_op(hand.id, 2, entry_hash(lost.bytes_b64))

    def name_the_loss() -> PushResult:
        with backend.begin(ALL_ROLES) as work:
            return write(work, [named], assignment=None, form="", user=None)

    with ThreadPoolExecutor(1) as pool:
        with backend.begin(ALL_ROLES) as work:
            if held_by == "revoking the phone":
                replicas.lock(work.session, [hand.id])
                op, inspection = make_op("replica.revoke", f"replica/{hand.id}", WHY), None
            else:
                inspection = UUID(assignment)
                replicas.lock_inspections(work.session, [inspection])
                op = make_op("task.close", f"task/{assignment}", {})
            naming = pool.submit(name_the_loss)
            _wait_until_one_waits(backend)
            written = write(work, [op], assignment=inspection, form=FORM, user=None)
        assert [written.effect, naming.result().effect] == ["applied", "applied"]


def _wait_until_one_waits(backend: Backend) -> None:
    if backend.engine.dialect.name == "sqlite":
        return  # it waits from its beginning: there is one writer
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    for _ in range(1000):
        with backend.reading() as session:
            if session.scalar(waiting):
                return
        time.sleep(0.01)
    raise AssertionError("nobody waits")


def test_concurrent_pushes_leave_no_gap_and_lose_no_head(backend: Backend) -> None:
    world = SqlWorld(backend)
    hands = [Hand(world.user()) for _ in range(4)]
    for hand in hands:
        world.enrol(hand.public_key, hand.user)
    assignment = str(uuid4())
    world.assign(assignment, FORM, hands[0].user, [hand.user for hand in hands[1:]])
    with world.begin() as journal:
        epoch, before = journal.epoch(), journal.position()

    def evening(hand: Hand) -> list[PushReply]:
        replies = []
        for n in range(6):
            entry = hand.save(assignment, answer(f"D{n:02}", note=hand.user))
            request = PushRequest(hand.id, epoch, NOW.isoformat(), [entry])
            replies.append(push_entries(backend, request))
        return replies

    with ThreadPoolExecutor(4) as pool:
        replies = [reply for part in pool.map(evening, hands) for reply in part]

    positions = sorted(reply.results[0].pos for reply in replies)
    assert positions == list(range(before + 1, before + 25))
    with world.begin() as journal:
        stored = {item.item: item for item in journal.all_items()}
        assert {len(item.heads) for item in stored.values()} == {4}
        whole = replay.replay(journal.all_entries(), journal.replica)
        again = {item.item: item.heads for item in whole.items}
        assert again == {item.item: item.heads for item in stored.values()}


@pytest.mark.parametrize(
    "statement",
    ["UPDATE journal_entry SET content = content", "DELETE FROM journal_entry"],
)
def test_the_database_itself_keeps_the_bytes_of_an_entry(backend: Backend, statement: str) -> None:
    world = SqlWorld(backend)
    world.assign(str(uuid4()), FORM, world.user(), [])

    with (
        pytest.raises(DatabaseError, match="append-only"),
        backend.begin(ALL_ROLES) as work,
    ):
        work.session.execute(text(statement))
    with backend.reading() as session:
        assert session.query(JournalEntry).count() == 1


def test_unverified_bytes_stay_under_a_quota(
    backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inspect_server.store.journal.journal.UNVERIFIED_BYTES", 10)
    world = SqlWorld(backend)
    with world.begin() as journal:
        kept = [
            journal.keep_unverified("c" * 64, content, b"", "unverified", NOW)
            for content in (b"12345", b"12345", b"67890", b"x")
        ]
        other = journal.keep_unverified("d" * 64, b"x", b"", "unverified", NOW)

    assert kept == [True, True, True, False]
    assert other
