"""A reveal that finds no teams says why without naming an enterprise, and a void is the way on."""

import re
from pathlib import Path

import pytest
from sqlalchemy import select, update

from inspect_server.domain.draw import errors
from inspect_server.domain.draw.replacement.void import VoidReason
from inspect_server.store.models.registry import Officer
from inspect_server.usecases.drawing import commit_draw
from inspect_server.usecases.drawing.afterwards.void_draw import reasons_left
from inspect_server.usecases.drawing.beforehand import staffing
from inspect_server.usecases.drawing.ceremony.no_teams import NoTeams
from inspect_server.usecases.drawing.commit_draw import CommittedDraw
from inspect_server.usecases.work import Backend
from tests.usecases.draw_world import (
    FROM,
    SUPERVISOR,
    TO,
    World,
    add_leave,
    add_officer,
    build,
)
from tests.usecases.test_replacement import agree, ask_void, signed

FIRE = "区消防救援大队"


def nothing(*_: object) -> None:
    """What a commit tries in vain before it is published."""


@pytest.fixture
def hopeless(monkeypatch: pytest.MonkeyPatch) -> None:
    """A commit whose rehearsals pass and whose reveal fails, as another selection may."""
    monkeypatch.setattr(commit_draw, "rehearse", nothing)


def apart(world: World, *numbers: int) -> CommittedDraw:
    """Commit with a lead whom nobody may join: half of the tasks go to them in each attempt."""
    with world.backend.reading() as session:
        wanted = [f"JS{number:08d}" for number in numbers]
        rows = session.scalars(select(Officer).where(Officer.cert_no.in_(wanted)))
        ids = {one.cert_no: one.id for one in rows}
    lonely, *others = (ids[one] for one in wanted)
    partners = [f"消防={FIRE}"] if numbers[0] >= 200 else []
    return world.commit(banned_pairs=[(lonely, one) for one in others], partners=partners)


@pytest.mark.usefixtures("hopeless")
def test_after_a_reveal_without_teams_its_void_makes_room_for_the_next_commit(
    backend: Backend, tmp_path: Path
) -> None:
    world = build(backend, tmp_path, officers=3)
    draw = apart(world, 0, 1, 2)
    with pytest.raises(errors.VoidNotAllowed, match="没有因配不齐检查组而被拒绝的揭示"):
        ask_void(world, draw.id, VoidReason.TEAMS_INFEASIBLE)
    with pytest.raises(NoTeams, match="人员组合限制") as told:
        world.reveal(draw)
    with pytest.raises(NoTeams) as again:
        world.reveal(draw)
    with pytest.raises(errors.OpenCommitExists, match="不能揭示的，作废"):
        world.commit()
    asked = ask_void(world, draw.id, VoidReason.TEAMS_INFEASIBLE)
    ended = agree(world, draw.id, signature_hex=signed(world, asked))
    later = world.commit()
    result = world.reveal(later)

    assert str(again.value) == str(told.value)
    assert "请以“抽中的企业配不齐检查组”申请作废" in str(told.value)
    assert not re.search(r"企业\d|9132\d{6}|JS0\d+", str(told.value))
    assert not ended.ends_chain
    assert result.selected
    assert world.verify(draw.id).ok
    assert world.verify(later.id).ok


@pytest.mark.usefixtures("hopeless")
def test_a_joint_draw_names_the_department_that_has_no_teams(
    sqlite_backend: Backend, tmp_path: Path
) -> None:
    world = build(sqlite_backend, tmp_path)
    with world.backend.begin(SUPERVISOR) as work:
        for number in (200, 201, 202):
            add_officer(work, number, unit=FIRE, specialties=[])
    draw = apart(world, 200, 201, 202)

    with pytest.raises(NoTeams, match="主要原因：消防：人员组合限制"):
        world.reveal(draw)


@pytest.mark.usefixtures("hopeless")
@pytest.mark.parametrize("who", ["ours", "partner"])
def test_leave_is_named_as_it_is_at_the_commit_and_of_many_tasks_the_first_five(
    sqlite_backend: Backend, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    world = build(sqlite_backend, tmp_path, officers=3)
    with world.backend.begin(SUPERVISOR) as work:
        work.session.execute(
            update(Officer).where(Officer.cert_no.endswith("2")).values(active=False)
        )
        for number in (200, 202):
            add_officer(work, number, unit=FIRE, specialties=[])
        unit = "执法大队" if who == "ours" else FIRE
        add_leave(work, add_officer(work, 204, unit=unit), FROM, TO)
    partners = [f"消防={FIRE}"]
    with pytest.raises(errors.TeamsInfeasible) as early:
        world.commit(experts=1, partners=partners)
    monkeypatch.setattr(staffing, "_check_staffable", nothing)
    draw = world.commit(experts=1, partners=partners)
    with pytest.raises(NoTeams) as told:
        world.reveal(draw)

    rule = "应急：休假" if who == "ours" else "应急：可派出人数"
    assert f"主要原因：{rule}；" in str(early.value)
    assert f"主要原因：{rule}；" in str(told.value)
    digits = "[0-9a-f]{4}( [0-9a-f]{4}){3}"
    assert re.search(f"任务的承诺值：({digits}、){{4}}{digits} 等）", str(told.value))


def test_a_result_that_is_out_is_not_void_for_want_of_teams(
    sqlite_backend: Backend, tmp_path: Path
) -> None:
    world = build(sqlite_backend, tmp_path)
    draw = world.commit()
    with world.backend.reading() as session:
        before = reasons_left(session, draw.id)
    world.reveal(draw)

    assert VoidReason.TEAMS_INFEASIBLE not in before
    with pytest.raises(errors.VoidNotAllowed, match="结果已揭示"):
        ask_void(world, draw.id, VoidReason.TEAMS_INFEASIBLE)
