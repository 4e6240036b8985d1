"""Law values that begin, change or disappear after a task was sent out reach its phones."""

import json
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

import pytest

from inspect_server.domain import law
from inspect_server.domain.law.book import Book, Entry
from inspect_server.jobs import Jobs
from inspect_server.usecases.due_jobs import Deadline
from inspect_server.usecases.phones.publish_task import publish_task, show_law_values
from inspect_server.usecases.work import Backend, Work
from sync import engine
from sync.protocol import PulledDocument, PullReply, PullRequest
from tests.actors import ALL_ROLES
from tests.conformance_journal import Hand
from tests.conftest import FixedClock
from tests.store.sync_world import SqlWorld
from tests.usecases.bureau import open_bureau

CHANGED, OTHER = "deadline.of_a_test_days", "deadline.of_another_test_days"
TODAY = date(2026, 3, 2)
LONG_AGO = date(2020, 1, 1)
SHIPPED = tuple(law.book())


UseBook = Callable[..., None]


class Office:
    """One officer of a team, with a phone."""

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self.world = SqlWorld(backend)
        bureau = open_bureau(backend)
        self.task = bureau.dispatched()[0]
        self.hand = Hand(str(bureau.accounts[bureau.officers[0]]))
        self.world.enrol(self.hand.public_key, self.hand.user)

    def pull(self, cursor: str = "") -> PullReply:
        with self.world.begin() as journal:
            return engine.pull(journal, self.hand.id, PullRequest(cursor))

    def next_day(self, clock: FixedClock) -> None:
        """The clock passes midnight and the job runs."""
        clock.forward(days=1)
        fired: list[Work] = []
        job = Deadline("show_law_values", clock.now())
        Jobs(self.backend, lambda: None).show_law_values(job, fired.append)
        assert len(fired) == 1


def _row(id: str, value: int, since: date) -> Entry:
    return Entry(id, "测试值", "natural_days", value, since, "测试", True, "", False)


def _book(*rows: Entry) -> Book:
    """The shipped values and those of the tests."""
    found: dict[str, tuple[Entry, ...]] = {}
    for row in (*SHIPPED, *rows):
        found[row.id] = (*found.get(row.id, ()), row)
    return Book(found)


def _law(docs: Iterable[PulledDocument]) -> dict[str, Any]:
    return {one.id: json.loads(bytes(one.body)) for one in docs if one.kind == "law"}


@pytest.fixture
def book(monkeypatch: pytest.MonkeyPatch) -> UseBook:
    """What replaces the law's values by the shipped ones and these."""

    def use(*rows: Entry) -> None:
        made = _book(*rows)
        monkeypatch.setattr(law, "book", lambda: made)

    return use


def test_a_law_value_that_changes_or_begins_after_the_dispatch_reaches_the_phones_that_day(
    backend: Backend, clock: FixedClock, book: UseBook
) -> None:
    tomorrow = TODAY + timedelta(days=1)
    rows = _row(CHANGED, 30, LONG_AGO), _row(CHANGED, 20, tomorrow)
    book(*rows, _row(OTHER, 2, tomorrow))
    office = Office(backend)
    before = office.pull()
    told = _law(before.docs)
    office.next_day(clock)
    after = office.pull(before.cursor)
    office.next_day(clock)

    assert told[f"law/{CHANGED}"]["value"] == 30
    assert f"law/{OTHER}" not in told
    values = {id: (body["value"], body["since"]) for id, body in _law(after.docs).items()}
    assert values == {
        f"law/{CHANGED}": (20, tomorrow.isoformat()),
        f"law/{OTHER}": (2, tomorrow.isoformat()),
    }
    assert office.pull(after.cursor).docs == []


def test_a_law_value_that_disappears_is_deleted_on_the_phones_and_may_come_back(
    backend: Backend, clock: FixedClock, book: UseBook
) -> None:
    rows = _row(CHANGED, 30, LONG_AGO), _row(OTHER, 2, LONG_AGO)
    book(*rows)
    office = Office(backend)
    before = office.pull()
    book(rows[0])
    office.next_day(clock)
    after = office.pull(before.cursor)
    book(*rows)
    office.next_day(clock)
    again = office.pull(after.cursor)

    assert f"law/{OTHER}" in _law(before.docs)
    assert [(one.id, one.deleted, bytes(one.body)) for one in after.docs] == [
        (f"law/{OTHER}", True, b"null")
    ]
    assert [(one.id, one.deleted) for one in again.docs] == [(f"law/{OTHER}", False)]
    assert after.scope_digest != again.scope_digest == office.pull().scope_digest


def test_a_value_that_disappeared_is_deleted_by_the_next_task_sent_out_that_day(
    sqlite_backend: Backend, book: UseBook
) -> None:
    rows = _row(CHANGED, 30, LONG_AGO), _row(OTHER, 2, LONG_AGO)
    book(*rows)
    office = Office(sqlite_backend)
    before = office.pull()
    book(rows[0])
    with sqlite_backend.begin(ALL_ROLES) as work:
        publish_task(work, office.task)

    docs = office.pull(before.cursor).docs
    assert [(one.id, one.deleted) for one in docs] == [(f"law/{OTHER}", True)]


def test_nothing_is_stored_before_a_task_was_sent_out(sqlite_backend: Backend) -> None:
    with sqlite_backend.begin(ALL_ROLES) as work:
        assert show_law_values(work) == 0
