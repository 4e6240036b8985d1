"""Each page says what comes next, whose step it is, and by which command or page."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from inspect_server.app import create_app
from inspect_server.domain.draw.ceremony.dice import told
from inspect_server.domain.enums import Role
from inspect_server.reads.draws import draw_page
from inspect_server.store.models.inspection import Inspection
from inspect_server.usecases.work import Backend
from tests.conftest import FixedClock
from tests.faces.rest_client import Program, connect
from tests.faces.test_console_draws import words
from tests.faces.test_rest_afterwards import Office, office
from tests.usecases import draw_world
from tests.usecases.draw_world import DICE, LOTTERY, ROLLED, World

__all__ = ["office"]


@pytest.fixture
def world(sqlite_backend: Backend, tmp_path: Path) -> World:
    return draw_world.build(sqlite_backend, tmp_path)


def who(world: World, login: str, role: Role) -> Program:
    bureau = world.backend.settings.authority
    return connect(world.backend, create_app(world.backend), login, role, unit=bureau)


def seen(program: Program, at: str) -> str:
    answer = program.client.get(at)
    assert answer.status_code == 200, answer.text
    return words(answer.text)


def test_a_commit_with_dice_says_until_when_they_are_rolled_and_then_what_was_rolled(
    world: World,
) -> None:
    supervisor = who(world, "zhangsan", Role.SUPERVISOR)
    draw = world.commit(sources=[LOTTERY, DICE])
    at = f"/draws/{draw.id}"
    with world.backend.reading() as session:
        before = draw_page(session, draw.id).dice_before
    assert isinstance(before, datetime)
    first = seen(supervisor, at)
    world.roll(draw, ROLLED)
    rolled = seen(supervisor, at)

    assert f"下一步 印制承诺书，由见证人签字并张贴；{told(before)}（北京时间）之前" in first
    assert f"骰子点数已经登记（{ROLLED.rpartition('/')[2]}）；公开随机值产生之后" in rolled


def test_a_commit_whose_dice_were_missed_says_that_it_is_voided(world: World) -> None:
    draw = world.commit(sources=[LOTTERY, DICE])
    with world.backend.reading() as session:
        before = draw_page(session, draw.id).dice_before
    clock = world.backend.clock
    assert isinstance(clock, FixedClock)
    assert isinstance(before, datetime)
    clock.moment = before + timedelta(minutes=1)
    text = seen(who(world, "zhangsan", Role.SUPERVISOR), f"/draws/{draw.id}")

    assert "本次承诺不能揭示，请以“承诺的随机值无法取得”申请作废" in text


def test_after_a_reveal_the_way_to_the_phones_is_said_step_by_step(office: Office) -> None:
    approver = who(office.world, "liju", Role.APPROVER)
    clerk = who(office.world, "neiqin", Role.OFFICE)
    with office.world.backend.reading() as session:
        visit = session.scalars(select(Inspection)).first()
    assert visit is not None
    draw = seen(approver, office.at)
    case = seen(approver, f"/inspections/{visit.id}")
    command = f"inspect-server dispatch approve {visit.number} --as 审批人账号"

    assert "份检查方案：由编制人以外的审批人审批检查方案" in draw
    assert "inspect-server dispatch approve --draw 2026-01 --as 审批人账号" in draw
    assert "dispatch" not in seen(clerk, office.at)
    assert command in case
    assert "下一步 由编制人以外的审批人审批检查方案" in case


def test_a_draw_without_schemes_says_how_they_are_made(world: World) -> None:
    drawn = world.reveal(world.commit())
    supervisor = who(world, "zhangsan", Role.SUPERVISOR)
    legal = who(world, "fazhi", Role.LEGAL_REVIEWER)
    theirs, others = (seen(one, f"/draws/{drawn.id}") for one in (supervisor, legal))

    assert "由承办机构负责人编制检查方案" in theirs
    assert "由承办机构负责人编制检查方案" in others
    assert "inspect-server dispatch schemes --draw 2026-01" in theirs
    assert "dispatch schemes" not in others
