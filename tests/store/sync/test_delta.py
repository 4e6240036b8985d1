"""What a pull costs follows what it brings: not the journal's length, not what lies behind."""

import gc
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from time import perf_counter

import pytest
from sqlalchemy import text

from inspect_server.config import Settings
from inspect_server.gateways.blobs import LocalBlobs
from inspect_server.store.engine import open_engine
from inspect_server.usecases.work import Backend
from sync.protocol import PullReply
from tests.conftest import BUREAU, FixedClock
from tests.store.sync.province import ITEMS, TASKS, Province

NewProvince = Callable[[], Province]
LIMIT, GROWTH = 1.2, 1.1
"""Of a delta among ten times as many entries, and of a document among four times as many."""
ROUNDS, PULLS = 8, 20
STEPS = 100


@pytest.fixture
def new_province(new_database: Callable[[], str], tmp_path: Path) -> Iterator[NewProvince]:
    """What makes a province in a database of its own; several can be asked in turn."""
    opened = []

    def make() -> Province:
        url = new_database()
        opened.append(open_engine(url))
        settings = Settings(data_dir=tmp_path, database_url=url, **BUREAU)
        blobs = LocalBlobs(tmp_path / "blobs")
        return Province(Backend(opened[-1], blobs, settings, FixedClock()))

    yield make
    for engine in opened:
        engine.dispose()
    for file in tmp_path.glob("*.db*"):  # pytest keeps its folders, and these are large
        file.unlink()


@pytest.mark.seldom_on_postgresql
@pytest.mark.parametrize(
    "entries",
    [
        50_000,
        pytest.param(1_000_000, marks=[pytest.mark.long, pytest.mark.timeout(1800)]),
    ],
)
def test_fifty_changed_documents_cost_the_same_after_many_times_as_many_entries(
    new_province: NewProvince, entries: int
) -> None:
    small, large = provinces = [new_province(), new_province()]
    away = [province.pull_all()[0] for province in provinces]
    small.fill(5_000)
    large.fill(entries)
    fresh = [province.pull_all()[0] for province in provinces]
    for province in provinces:
        province.save(province.tasks[0], ITEMS)

    for cursors in (fresh, away):  # one saw all but the last change, one was away all the time
        work = [_work(*one)[0] for one in zip(provinces, cursors, strict=True)]
        assert work[1] <= LIMIT * work[0]
        assert _time_ratio(provinces, cursors) <= LIMIT


def test_a_document_of_a_snapshot_costs_the_same_among_many_times_as_many(
    new_province: NewProvince,
) -> None:
    work = []
    for documents in (4_000, 16_000):
        province = new_province()
        province.fill_tasks(documents)
        done, seen = _work_of_all(province)
        assert seen == documents + TASKS * ITEMS
        work.append(done / seen)

    assert work[1] <= GROWTH * work[0]


def _time_ratio(provinces: list[Province], cursors: list[str]) -> float:
    """
    Return how many times as long the second one's pull takes as the first one's.

    Of several rounds the one that the machine disturbed least: what else runs there can only make
    the two less alike, and a cost that grows is in every round.
    """
    gc.collect()
    least = float("inf")
    for _ in range(ROUNDS):
        times: list[list[float]] = [[], []]
        for _ in range(PULLS):
            for province, cursor, taken in zip(provinces, cursors, times, strict=True):
                begun = perf_counter()
                reply = province.pull(cursor)
                taken.append(perf_counter() - begun)
                assert (len(reply.docs), reply.has_more) == (ITEMS, False)
        least = min(least, median(times[1]) / median(times[0]))
        if least <= LIMIT:
            break
    return least


def _work_of_all(province: Province) -> tuple[int, int]:
    """Return what the database does for all pages of a snapshot, and how many documents came."""
    done, seen, cursor = 0, 0, ""
    while True:
        steps, page = _work(province, cursor)
        done, seen, cursor = done + steps, seen + len(page.docs), page.cursor
        if not page.has_more:
            return done, seen


def _work(province: Province, cursor: str) -> tuple[int, PullReply]:
    """
    Pull one page; return first what the database itself counts for it.

    Steps of its machine on SQLite, rows read on PostgreSQL: no load of the computer changes them.
    """
    with province.backend.reading() as session:
        if province.backend.engine.dialect.name == "postgresql":
            counted = text("SELECT sum(seq_tup_read + idx_tup_fetch) FROM pg_stat_xact_user_tables")
            before = session.execute(counted).scalar_one()
            page = province.pull_in(session, cursor)
            return int(session.execute(counted).scalar_one() - before), page
        steps: list[int] = []
        connection = session.connection().connection.dbapi_connection
        assert connection is not None
        connection.set_progress_handler(lambda: steps.append(STEPS), STEPS)
        page = province.pull_in(session, cursor)
        connection.set_progress_handler(None, STEPS)
        return sum(steps), page
