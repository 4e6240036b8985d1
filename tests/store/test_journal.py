"""The journal on both engines: sync's own suite, and pushes that come at the same time."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from inspect_server.store.models.journal import JournalEntry
from inspect_server.usecases.phones.push_entries import push_entries
from inspect_server.usecases.work import Backend
from sync import replay
from sync.protocol import PushReply, PushRequest
from tests.actors import ALL_ROLES
from tests.conformance_held import HeldConformance
from tests.conformance_journal import FORM, NOW, Hand, JournalConformance, answer
from tests.conformance_merging import MergingConformance
from tests.store.sync_world import SqlWorld


class TestSqlJournal(JournalConformance, HeldConformance, MergingConformance):
    """`sync.ports.Journal` on SQLite and PostgreSQL."""

    @pytest.fixture
    def world(self, backend: Backend) -> SqlWorld:
        return SqlWorld(backend)


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
