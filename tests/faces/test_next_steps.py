"""Each page says what comes next, whose step it is, and by which command or page."""

import io
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from inspect_server.app import create_app
from inspect_server.console.planning import changed
from inspect_server.domain.draw.ceremony.dice import told
from inspect_server.domain.enums import Role
from inspect_server.reads.draws import TeamOfTask, draw_page
from inspect_server.reads.replacements import replacements
from inspect_server.store.models.inspection import Inspection
from inspect_server.usecases.disclosing.batches import publish_batch
from inspect_server.usecases.work import Backend
from tests.conftest import FixedClock
from tests.faces.rest_client import Program, connect
from tests.faces.test_console_draws import words
from tests.faces.test_rest_afterwards import Office, office
from tests.usecases import draw_world
from tests.usecases.draw_world import DICE, LOTTERY, ROLLED, SUPERVISOR, World

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


def test_an_approver_reads_the_requests_and_is_offered_no_form(office: Office) -> None:
    liju = who(office.world, "liju", Role.APPROVER)
    officer = office.tasks()[0]["officers"][0]["officer_id"]
    office.ask("officer.leave", officer_id=officer)
    draw, replacements, voids = (
        seen(liju, office.at + at) for at in ("", "/replacements", "/voids")
    )
    raw = [liju.client.get(office.at + at).text for at in ("/replacements", "/voids")]

    assert "查看替补申请和结果" in draw
    assert "查看作废申请" in draw
    assert "申请已经批准并登记。请区纪委取出哈希链第" in replacements
    assert "作废由组织抽取的机构负责人申请" in voids
    assert [text.count("<form") for text in raw] == [1, 1]  # to sign out


def test_who_was_replaced_or_reassigned_is_marked_beside_the_drawn_team(office: Office) -> None:
    task = office.tasks()[0]
    asked = office.ask("officer.leave", officer_id=task["officers"][0]["officer_id"]).get_json()
    office.complete(asked["position"])
    with office.world.backend.reading() as session:
        line = replacements(session, UUID(office.at.rpartition("/")[2]))[0]
    page = seen(office.supervisor, office.at)

    assert f"第 1 次替补：{line.went_out} 退出，{line.came_in} 替补" in page


def test_a_team_that_was_reassigned_stands_beside_the_drawn_one() -> None:
    places = (("lead/0", "陈伟"), ("member/0", "李娜"), ("expert/0", "王强"))
    team = tuple((stage, UUID(int=2), name) for stage, name in places)
    task = TeamOfTask("c", "", UUID(int=1), "", "", (("应急", team),))
    drawn, other = ("陈伟", "李娜"), ("陈伟", "赵敏")

    assert changed([task], {task.enterprise_id: drawn}) == {}
    assert changed([task], {task.enterprise_id: other}) == {task.enterprise_id: "陈伟、赵敏"}
    assert changed([task], {}) == {}


def test_a_draw_that_is_void_before_its_reveal_chose_nothing(world: World) -> None:
    draw = world.commit()
    supervisor = who(world, "zhangsan", Role.SUPERVISOR)
    who(world, "zhaoliu", Role.APPROVER)
    office = Office(world, create_app(world.backend), supervisor, f"/draws/{draw.id}")
    before = supervisor.client.get("/draws").text
    office.ask_void("pool.wrong", paper_because="key.lost")
    office.agree(paper=(io.BytesIO(b"scan"), "签署.pdf"))
    listed, page = supervisor.client.get("/draws").text, seen(supervisor, f"/draws/{draw.id}")
    with world.backend.begin(SUPERVISOR) as work:
        publish_batch(work, draw.id)
    public = words(supervisor.client.get("/disclosure/draws/2026-01").text)

    assert [text.count('data-name="抽中" class="number">—</td>') for text in (before, listed)] == [
        1,
        1,
    ]
    assert "印制承诺书" in page
    assert "印制结果表" not in page
    assert "需要另行抽取的，从抽取预演开始" in page
    assert "没有结果可以重算" in public
    assert "几分钟" not in public


def test_a_draw_without_schemes_says_how_they_are_made(world: World) -> None:
    drawn = world.reveal(world.commit())
    supervisor = who(world, "zhangsan", Role.SUPERVISOR)
    legal = who(world, "fazhi", Role.LEGAL_REVIEWER)
    theirs, others = (seen(one, f"/draws/{drawn.id}") for one in (supervisor, legal))

    assert "由承办机构负责人编制检查方案" in theirs
    assert "由承办机构负责人编制检查方案" in others
    assert "inspect-server dispatch schemes --draw 2026-01" in theirs
    assert "dispatch schemes" not in others
