"""No published result or file can be changed behind the program without a check that names it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from inspect_server.config import Settings
from inspect_server.domain.disclosure import Result
from inspect_server.gateways.blobs import LocalBlobs
from inspect_server.reads.record_checks import cases, check_cases, published
from inspect_server.store import publications
from inspect_server.store.engine import open_engine
from inspect_server.store.schema import upgrade
from inspect_server.usecases.disclosing.batches import publish_batch
from inspect_server.usecases.disclosing.results import correct_result
from inspect_server.usecases.work import Backend
from tests.conftest import BUREAU, FixedClock
from tests.tampering import unguard
from tests.usecases.disclosed_world import close, drawn, open_checks
from tests.usecases.draw_world import SUPERVISOR, World, build
from tests.usecases.test_every_column import change, columns_of

TABLES = ("published_result", "published_file")
NAMED = [one for one in columns_of(*TABLES) if one != "published_result.id"]
"""The id names the row only: what it says is compared under number, commitment and revision."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A bureau with a published batch, one result of it corrected."""
    folder = tmp_path_factory.mktemp("public")
    settings = Settings(data_dir=folder, **BUREAU)
    engine = open_engine(settings.database_url)
    upgrade(engine)
    made = build(Backend(engine, LocalBlobs(folder / "blobs"), settings, FixedClock()), folder)
    id = drawn(made)
    close(made.backend, open_checks(made.backend, id))
    with made.backend.begin(SUPERVISOR) as work:
        publish_batch(work, id)
        uscc = publications.results(work.session, "2026-01")[0].uscc
        correct_result(work, id, uscc, Result.ORDERED, "复核发现遗漏一项问题")
    yield made
    engine.dispose()


def _found(session: Session) -> list[str]:
    """The faults of what is public; the world's checks were closed without their own events."""
    every = [fault for one in check_cases(session) for fault in one.faults]
    return [fault for fault in every if "公示" in fault or "不可读" in fault]


def test_what_was_published_and_left_alone_has_no_fault(world: World) -> None:
    with world.backend.reading() as session:
        assert _found(session) == []
        assert published.not_checked(cases.load(session, "disclosure").events) == []


@pytest.mark.parametrize("name", NAMED)
def test_a_changed_column_of_what_is_public_is_found(world: World, name: str) -> None:
    with Session(world.backend.engine.execution_options(writing=True)) as session:
        change(session, name)

        assert _found(session)
        session.rollback()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE published_result SET result = 'uncooperative' WHERE rowid = 1",
        "DELETE FROM published_result WHERE rowid = 1",
        "DELETE FROM published_result WHERE revision = 2",
        "DELETE FROM published_result",
    ],
)
def test_another_result_or_a_lost_one_is_found(world: World, statement: str) -> None:
    with Session(world.backend.engine.execution_options(writing=True)) as session:
        unguard(session, "published_result")
        session.execute(text(statement))

        assert _found(session) == ["抽取 2026-01 的公示结果与全过程记录不符"]
        session.rollback()


def test_a_deleted_file_is_found(world: World) -> None:
    with Session(world.backend.engine.execution_options(writing=True)) as session:
        unguard(session, "published_file")
        session.execute(text("DELETE FROM published_file WHERE name = 'pool.txt'"))

        assert _found(session) == ["公示 2026-01 第 1 版的文件与全过程记录不符"]
        session.rollback()


def test_what_an_earlier_version_published_is_called_not_checked(world: World) -> None:
    with world.backend.reading() as session:
        events = [
            replace(one, body={key: one.body[key] for key in one.body if key != published.DIGEST})
            for one in cases.load(session, "disclosure").events
        ]
        assert list(published.faults(session, events)) == []
    assert published.not_checked(events) == ["抽取 2026-01 的公示结果：公示时未登记其哈希"]
