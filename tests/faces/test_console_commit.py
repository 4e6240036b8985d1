"""A draw is rehearsed with every option of its commit, and committed once, on the console."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from inspect_server.app import create_app
from inspect_server.domain.enums import Role
from inspect_server.store import record
from inspect_server.store.models.planning import Draw
from inspect_server.usecases.make_plan import approve_plan, make_plan
from inspect_server.usecases.work import Backend
from tests.faces.rest_client import Program, connect
from tests.faces.test_console_draws import words
from tests.usecases import draw_world
from tests.usecases.draw_world import APPROVER, FROM, RATES, SUPERVISOR, TO, World, add_officer

DAYS: dict[str, Any] = {"from": FROM.isoformat(), "to": TO.isoformat()}
PUBLIC = "cwl.kl8/2026051"
OPTIONS: dict[str, Any] = {
    **DAYS,
    "public": [PUBLIC, ""],
    "deadline": "2026-03-06",
    "dice": "2026-01",
    "no": "2026-甲",
    "department": ["消防=区消防救援大队", ""],
    "experts": "1",
    "apart": ["JS00000000", "JS00000001", "", ""],
    "strict": "1",
}


@pytest.fixture
def world(sqlite_backend: Backend, tmp_path: Path) -> World:
    made = draw_world.build(sqlite_backend, tmp_path)
    with sqlite_backend.begin(SUPERVISOR) as work:
        for number in (50, 51, 52):
            add_officer(work, number, unit="区消防救援大队")
    return made


@pytest.fixture
def supervisor(world: World) -> Program:
    held, unit = world.backend, world.backend.settings.authority
    return connect(held, create_app(held), "zhangsan", Role.SUPERVISOR, unit=unit)


def page(program: Program, path: str, status: int = 200, **query: Any) -> str:
    answer = program.client.get(path, query_string=query)
    assert answer.status_code == status, answer.text
    return answer.text


def confirm(program: Program, shown: str, **form: Any) -> TestResponse:
    sent = {"csrf_token": program.csrf, "shown_leaf": hidden(shown, "shown_leaf"), **form}
    return program.client.post("/draws/commit", data=sent)


def hidden(text: str, name: str) -> str:
    return text.split(f'name="{name}" value="', 1)[1].split('"', 1)[0]


def draws(world: World) -> list[Draw]:
    with world.backend.reading() as session:
        return list(session.scalars(select(Draw)))


def refusals(world: World) -> int:
    with world.backend.reading() as session:
        return len(list(record.leaves_of_type(session, "draw.refused")))


def test_the_rehearsal_takes_every_option_of_the_commit_and_leads_to_it(
    world: World, supervisor: Program
) -> None:
    options = OPTIONS | {"strict": "", "experts": "", "public": PUBLIC}
    text = page(supervisor, "/draws/preview", **options)
    unnamed = words(page(supervisor, "/draws/preview", **DAYS))
    apart = page(supervisor, "/draws/preview", **DAYS, apart=["JS00000000", "JS00000001"])
    all_of_ours = OPTIONS | {"department": ["消防=区消防救援大队", "市监=执法大队"]}
    starving = words(page(supervisor, "/draws/preview", **all_of_ours))
    nobody = words(page(supervisor, "/draws/preview", 404, **DAYS, apart=["JS1", "JS2"]))
    half = words(page(supervisor, "/draws/preview", 422, **DAYS, apart=["JS00000000", ""]))
    unknown = words(page(supervisor, "/draws/preview", 422, **DAYS, department="气象"))

    assert "/draws/commit?from=2026-03-09" in text
    for part in ("no=2026-%E7%94%B2", "dice=2026-01", "deadline=2026-03-06", "apart=JS00000001"):
        assert part in text
    assert 'value="消防=区消防救援大队"' in text
    assert "请先在上面填写至少一个公开随机值" in unnamed
    assert apart.count('name="apart"') == 4  # the pair that was given and room for another
    assert "发布承诺会被拒绝" in starving
    assert "原因消除后再预演一次" in starving
    assert "没有找到" in nobody
    assert "每对应填写两人的执法证号" in half
    assert "系统配置中没有列出“气象”，可写作“气象=单位名称”" in unknown


def test_a_rehearsal_says_that_the_year_has_no_chains(world: World, supervisor: Program) -> None:
    with world.backend.begin(SUPERVISOR) as work:
        plan = make_plan(work, 2027, RATES)
    with world.backend.begin(APPROVER) as work:
        approve_plan(work, plan.id)
    days: dict[str, Any] = {"from": "2027-01-11", "to": "2027-01-15"}
    text = words(page(supervisor, "/draws/preview", **days, public="cwl.kl8/2027001"))

    assert "2027 年尚未公布本机关哈希链锚值" in text
    assert "可以按此时段" not in text


def test_what_will_be_fixed_is_shown_and_fixed_with_exactly_these_options(
    world: World, supervisor: Program
) -> None:
    options = OPTIONS | {"strict": "1", "experts": ""}
    with world.backend.begin(SUPERVISOR) as work:  # enough of the specialty that all tasks ask for
        for number in range(60, 66):
            add_officer(work, number)
    shown = page(supervisor, "/draws/commit", **options)
    text = words(shown)
    answer = confirm(supervisor, shown, **options)
    [draw] = draws(world)
    after = words(page(supervisor, answer.location))

    for part in (
        "抽取编号 2026-甲",
        "福彩快乐8第 2026051 期",
        "现场掷骰场次 2026-01，须在 2026-03-02 21:00 之前当场掷出并录入",
        "见证方哈希链第 1 个值",
        "最迟揭示日 2026-03-06",
        "人员0（JS00000000）与人员1（JS00000001）",
        "消防：每家抽中企业派",
    ):
        assert part in text
    assert answer.status_code == 303, words(answer.text)
    assert draw.draw_no == "2026-甲"
    assert '"relaxations":[]' in draw.commit_body
    assert '"dept":"消防"' in draw.commit_body
    assert '"deadline":"2026-03-06"' in draw.commit_body
    assert draw.commit_hex in after
    assert "印制承诺书" in after
    assert "最迟揭示日 2026-03-06" in after


def test_two_clicks_and_a_lost_answer_make_one_commit(world: World, supervisor: Program) -> None:
    options: dict[str, Any] = {**DAYS, "public": PUBLIC}
    shown = page(supervisor, "/draws/commit", **options)
    first, second = (confirm(supervisor, shown, **options) for _ in range(2))
    other = confirm(supervisor, shown, **options | {"public": "cwl.kl8/2026052"})
    colleague = connect(world.backend, create_app(world.backend), "lisi", Role.SUPERVISOR)
    theirs = confirm(colleague, shown, **options)

    [draw] = draws(world)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location == f"/draws/{draw.id}"
    assert (other.status_code, theirs.status_code) == (409, 409)
    assert "已有抽取 2026-01" in words(theirs.text)
    assert refusals(world) == 2  # of the other options and of the colleague


def test_a_page_that_is_older_than_the_draw_log_is_shown_anew(
    world: World, supervisor: Program
) -> None:
    options: dict[str, Any] = {**DAYS, "public": PUBLIC}
    shown = page(supervisor, "/draws/commit", **options)
    notice = {"csrf_token": supervisor.csrf, "year": "2026"}
    supervisor.client.post("/hash-chains/notices", data=notice)
    late = confirm(supervisor, shown, **options)
    again = confirm(supervisor, late.text, **options)

    assert late.status_code == 409
    assert "抽取日志又有记载" in late.text
    assert again.status_code == 303


def test_what_a_rule_refuses_has_no_button_and_a_sentence(
    world: World, supervisor: Program
) -> None:
    known: dict[str, Any] = {**DAYS, "public": "cwl.kl8/2026001"}
    text = page(supervisor, "/draws/commit", **known)
    unnamed = page(supervisor, "/draws/commit", **DAYS)
    open_page = page(supervisor, "/draws/commit", **DAYS, public=PUBLIC)
    refused = confirm(supervisor, open_page, **known)

    assert "现在发布承诺会被拒绝" in text
    assert 'action="/draws/commit"' not in text
    assert "还没有写明公开随机值" in unnamed
    assert 'action="/draws/commit"' not in unnamed
    assert refused.status_code == 409
    assert 'role="alert"' in refused.text
    assert draws(world) == []


def test_a_number_is_used_once(world: World, supervisor: Program) -> None:
    world.reveal(world.commit(draw_no="2026-甲"))
    days: dict[str, Any] = {"from": "2026-04-13", "to": "2026-04-17", "no": "2026-甲"}
    options = days | {"public": "cwl.kl8/2026053"}
    refused = confirm(supervisor, page(supervisor, "/draws/commit", **options), **options)

    assert refused.status_code == 422
    assert "2026-甲 已有抽取使用" in words(refused.text)


def test_only_a_supervisor_is_led_to_the_commit(world: World) -> None:
    office = connect(world.backend, create_app(world.backend), "neiqin", Role.OFFICE)
    text = page(office, "/draws/preview", **DAYS, public=PUBLIC)

    assert "现在可以按此时段发布承诺" in text
    assert "核对内容，发布承诺" not in text


@pytest.mark.parametrize("experts", ["6", "-1", "１", "1" * 5000])
def test_a_number_of_experts_that_cannot_be_is_refused_however_long_it_is(
    supervisor: Program, experts: str
) -> None:
    for path in ("/draws/preview", "/draws/commit"):
        assert "应在 0 到 5 之间" in page(supervisor, path, 422, **DAYS, experts=experts)
