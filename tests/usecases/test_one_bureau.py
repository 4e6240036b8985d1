"""A database is one bureau's: under whatever name it goes now, its draws are all of them."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select, update

from inspect_server.domain.draw.checks.report import Verdict
from inspect_server.domain.draw.errors import OpenCommitExists
from inspect_server.domain.enums import Role
from inspect_server.store.models.planning import Draw, DrawState
from inspect_server.usecases.drawing.auditing.audit_draw import audit_draw
from inspect_server.usecases.drawing.auditing.check_draws import check_draws
from inspect_server.usecases.drawing.beforehand.batches import BatchDrawnAlready
from inspect_server.usecases.drawing.beforehand.preview import preview_draw
from inspect_server.usecases.work import Actor, Backend
from tests.tampering import unguard
from tests.usecases.draw_world import FROM, TO, World, build, visits_in

AUDITOR = Actor("user:auditor", frozenset({Role.AUDITOR}))
NAMES = ("云湾区应急管理局\u3164", "云湾区应急管理局（安全生产）")  # the first looks the same


@pytest.fixture
def world(sqlite_backend: Backend, tmp_path: Path) -> World:
    return build(sqlite_backend, tmp_path)


def renamed(world: World, name: str) -> World:
    settings = replace(world.backend.settings, authority=name)
    return replace(world, backend=replace(world.backend, settings=settings))


@pytest.mark.parametrize("name", NAMES)
def test_another_name_makes_no_room_for_a_second_draw_of_a_batch(world: World, name: str) -> None:
    first = world.commit()
    later = renamed(world, name)

    with pytest.raises(OpenCommitExists):
        later.commit(**visits_in(4))
    world.reveal(first)
    with pytest.raises(BatchDrawnAlready):
        later.commit()
    with later.backend.reading() as session:
        assert "2026-01" in preview_draw(session, later.plan_id, FROM, TO).obstacles[0]


def test_two_draws_that_stand_for_one_month_are_named_by_every_check(world: World) -> None:
    """As whoever owns the database could have it: the first hidden while the second is made."""
    first = world.commit()
    world.reveal(first)
    hide(world, DrawState.VOID)
    second = world.commit()
    world.reveal(second)
    hide(world, DrawState.REVEALED)
    checks = {draw.id: world.verify(draw.id) for draw in (first, second)}
    with world.backend.reading() as session:
        stored = {one.draw_no: one.faults for one in check_draws(world.backend, session)}
        audits = [audit_draw(world.backend, session, AUDITOR, draw.id) for draw in (first, second)]

    said = {first.id: "2026-02", second.id: "2026-01"}
    for id, report in checks.items():
        (wrong,) = [one for one in report.checks if one.verdict is Verdict.WRONG]
        assert (wrong.what, report.level) == ("每批只抽一次", None)
        assert f"抽取 {said[id]} 是同一批次" in wrong.detail
    assert "抽取 2026-02 是同一批次" in "".join(stored["2026-01"])
    assert "抽取 2026-01 是同一批次" in "".join(stored["2026-02"])
    assert all("每批只抽一次" in [one.what for one in audit.wrong] for audit in audits)


def test_an_open_commit_beside_a_draw_of_its_month_is_named(world: World) -> None:
    world.reveal(world.commit())
    hide(world, DrawState.VOID)
    world.commit()
    hide(world, DrawState.REVEALED)
    with world.backend.reading() as session:
        faults = [one.faults for one in check_draws(world.backend, session)]

    assert all("同一批次" in "".join(of_draw) for of_draw in faults)


def hide(world: World, state: DrawState) -> None:
    with world.backend.engine.begin() as connection:
        unguard(connection, "draw")
        connection.execute(update(Draw).where(Draw.draw_no == "2026-01").values(state=state))
        assert connection.scalar(select(Draw.state).where(Draw.draw_no == "2026-01")) is state
