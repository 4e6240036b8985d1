"""
What comes after a draw's reveal, or is private until it is published, stands in the record as well:
`record verify` finds every changed column and every deleted row of it, at any time.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from inspect_server.config import Settings
from inspect_server.domain.disclosure import Result
from inspect_server.domain.draw.checks.timestamps import OCTETS_OF_32
from inspect_server.domain.draw.replacement.requests import Reason
from inspect_server.domain.draw.replacement.void import VoidReason
from inspect_server.gateways.blobs import LocalBlobs
from inspect_server.store.engine import open_engine
from inspect_server.store.schema import upgrade
from inspect_server.usecases.disclosing.batches import publish_batch
from inspect_server.usecases.disclosing.results import correct_result, state_result
from inspect_server.usecases.drawing.commit_draw import CommittedDraw
from inspect_server.usecases.drawing.timestamp_draw import store_timestamp
from inspect_server.usecases.inspecting.dispatch import make_schemes
from inspect_server.usecases.work import Backend
from tests.conftest import BUREAU, FixedClock
from tests.tampering import unguard
from tests.usecases.draw_world import SUPERVISOR, World, add_officer, build
from tests.usecases.test_every_column import change, columns_of, told
from tests.usecases.test_replacement import ask_void, replace_one, tasks

FIRE = "区消防救援大队"
COMMITTED = ("draw", "draw_leaf", "draw_officer", "draw_timestamp")
UNPUBLISHED = (
    "stated_result",
    "draw_leaf",
    "draw_officer",
    "draw_team",
    "draw_partner_team",
    "chain_value",
    "draw_replacement",
    "draw_void",
    "draw_certificate",
    "draw_timestamp",
)
PUBLIC = ("stated_result", "published_result", "published_file")


def _committed(folder: Path) -> tuple[World, CommittedDraw]:
    """A commit with a timestamp, to be checked by two departments."""
    settings = Settings(data_dir=folder, partner_departments=f"消防={FIRE}", **BUREAU)
    engine = open_engine(settings.database_url)
    upgrade(engine)
    backend = Backend(engine, LocalBlobs(folder / "blobs"), settings, FixedClock())
    world = build(backend, folder, officers=20)
    with backend.begin(SUPERVISOR) as work:
        for number in range(200, 206):
            add_officer(work, number, unit=FIRE, specialties=[])
    draw = world.commit(partners=["消防"])
    token = OCTETS_OF_32 + hashlib.sha256(bytes.fromhex(draw.commit)).digest()
    with backend.begin(SUPERVISOR) as work:
        store_timestamp(work, draw.id, "时间戳机构", token, lambda _token, _commit: None)
    return world, draw


def _afterwards(folder: Path) -> tuple[World, CommittedDraw]:
    """Revealed, an officer and an enterprise replaced, one result stated, a void asked for."""
    world, draw = _committed(folder)
    world.reveal(draw)
    with world.backend.begin(SUPERVISOR) as work:
        make_schemes(work, draw.id)
    before = tasks(world, draw)
    leaving, closed, *_, unreachable = before.values()
    replace_one(world, draw, Reason.LEAVE, leaving.uscc, leaving.officers[0][1])
    replace_one(world, draw, Reason.CLOSED, closed.uscc)
    with world.backend.begin(SUPERVISOR) as work:
        state_result(work, draw.id, unreachable.uscc, Result.UNREACHABLE, "两次上门无人")
    ask_void(world, draw.id, VoidReason.POOL_WRONG)
    return world, draw


def _published(folder: Path) -> World:
    """All results stated and public, one of them corrected."""
    world, draw = _committed(folder)
    world.reveal(draw)
    with world.backend.begin(SUPERVISOR) as work:
        make_schemes(work, draw.id)
        for uscc in tasks(world, draw):
            state_result(work, draw.id, uscc, Result.UNREACHABLE, "两次上门无人")
    with world.backend.begin(SUPERVISOR) as work:
        publish_batch(work, draw.id)
        correct_result(work, draw.id, uscc, Result.UNCOOPERATIVE, "当时有人，拒绝检查")
    return world


@pytest.fixture(scope="module")
def committed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world, _ = _committed(tmp_path_factory.mktemp("committed"))
    yield world
    world.backend.engine.dispose()


@pytest.fixture(scope="module")
def afterwards(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world, _ = _afterwards(tmp_path_factory.mktemp("afterwards"))
    yield world
    world.backend.engine.dispose()


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = _published(tmp_path_factory.mktemp("published"))
    yield world
    world.backend.engine.dispose()


def test_an_untouched_draw_has_no_fault_at_any_time(
    committed: World, afterwards: World, published: World
) -> None:
    for world in (committed, afterwards, published):
        with world.backend.reading() as session:
            assert told(world.backend, session) == []


@pytest.mark.parametrize("name", columns_of(*COMMITTED))
def test_a_changed_column_of_an_open_commit_is_found(committed: World, name: str) -> None:
    _change_is_found(committed, name)


@pytest.mark.parametrize("name", columns_of(*UNPUBLISHED))
def test_a_changed_column_is_found_before_publication(afterwards: World, name: str) -> None:
    _change_is_found(afterwards, name)


@pytest.mark.parametrize("name", columns_of(*PUBLIC))
def test_a_changed_column_of_what_is_public_is_found(published: World, name: str) -> None:
    _change_is_found(published, name)


@pytest.mark.parametrize("table", UNPUBLISHED)
def test_a_deleted_row_is_found_before_publication(afterwards: World, table: str) -> None:
    with Session(afterwards.backend.engine.execution_options(writing=True)) as session:
        unguard(session, table)
        session.execute(text("PRAGMA defer_foreign_keys = ON"))
        session.execute(text(f"DELETE FROM {table} WHERE rowid = (SELECT max(rowid) FROM {table})"))

        assert told(afterwards.backend, session)
        session.rollback()


def test_a_result_that_nobody_stated_is_found(afterwards: World) -> None:
    with Session(afterwards.backend.engine.execution_options(writing=True)) as session:
        added = session.execute(
            text(
                "INSERT INTO stated_result SELECT s.draw_id, l.enterprise_id, s.result, s.reason,"
                " s.stated_on, s.stated_at, s.stated_by FROM stated_result s JOIN draw_leaf l"
                " ON l.draw_id = s.draw_id AND l.enterprise_id != s.enterprise_id AND l.selected"
                " LIMIT 1"
            )
        )

        assert added.rowcount == 1
        assert any("没有相应事件" in fault for fault in told(afterwards.backend, session))
        session.rollback()


def _change_is_found(world: World, name: str) -> None:
    with Session(world.backend.engine.execution_options(writing=True)) as session:
        change(session, name)

        assert told(world.backend, session)
        session.rollback()
