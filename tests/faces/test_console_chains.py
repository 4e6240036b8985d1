"""The page of the hash chains: what each value was for, and publishing an anchor of a witness."""

import re
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from inspect_server.app import create_app
from inspect_server.domain.draw.replacement.void import PaperReason, VoidReason
from inspect_server.domain.enums import Role
from inspect_server.gateways import chains
from inspect_server.reads.drawing.chains import chain_views
from inspect_server.usecases.work import Backend
from tests.faces.rest_client import Program, connect
from tests.faces.test_ceremony import grouped
from tests.faces.test_console_draws import words
from tests.usecases import draw_world
from tests.usecases.draw_world import World, public_key
from tests.usecases.test_replacement import agree, ask_void

AT = "/hash-chains"


@pytest.fixture
def world(sqlite_backend: Backend, tmp_path: Path) -> World:
    return draw_world.build(sqlite_backend, tmp_path)


@pytest.fixture
def supervisor(world: World) -> Program:
    return connect(world.backend, create_app(world.backend), "zhangsan", Role.SUPERVISOR)


def publish(program: Program, **form: Any) -> TestResponse:
    return program.client.post(AT, data={"csrf_token": program.csrf, **form})


def of_witness(chain: chains.ChainSecret, year: int) -> dict[str, str]:
    """The form as somebody types it, the anchor as the notice groups it."""
    return {
        "kind": "witness",
        "year": str(year),
        "holder": "区司法局",
        "anchor": " ".join(grouped(chain.anchor_hex)).upper(),
        "length": str(chain.length),
        "key": public_key(chain),
        "suite": chain.suite,
    }


def test_each_value_of_a_chain_is_shown_with_the_draw_that_named_it(
    world: World, supervisor: Program
) -> None:
    first = world.commit()
    world.reveal(first)
    second = world.commit(**draw_world.visits_in(4))
    shown = supervisor.client.get(AT).text
    text = words(shown)

    assert " ".join(grouped(public_key(world.witness))) in text
    assert "使用中，余 7 个值" in text
    assert "使用中，余 2 个值" in text
    assert text.count(f"第 1 个： 抽取 {first.draw_no} ") == 2
    assert text.count(f"第 2 个： 抽取 {second.draw_no} （未取值）") == 2
    assert shown.count(f"/draws/{first.id}") == 2


def test_a_witness_is_published_once_for_a_year_that_has_none(
    world: World, supervisor: Program
) -> None:
    form = of_witness(chains.fresh(kind="witness", holder="区司法局", year=2027, length=12), 2027)
    offered = re.findall(r"<option>(\d{4})</option>", supervisor.client.get(AT).text)
    done, twice = publish(supervisor, **form), publish(supervisor, **form)
    other = publish(supervisor, **form | {"anchor": "ab" * 32})
    closed = words(supervisor.client.get(AT).text)

    assert offered == ["2027"]  # of this year one is in use
    assert (done.status_code, twice.status_code) == (303, 303)
    assert (other.status_code, "尚未用完，不能另行公布" in other.text) == (409, True)
    assert "2027 年 见证方：区司法局 使用中，余 12 个值" in closed
    assert "有两条链就可以挑选取值" in closed
    assert 'name="anchor"' not in supervisor.client.get(AT).text


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"anchor": "5f70"}, "应为 64 位小写十六进制"),
        ({"length": "many"}, "链长为数字"),
        ({"holder": "人员1"}, "应填写单位名称"),
        ({"key": "ab"}, "见证方公钥"),
        ({"year": "5"}, "应写明种类和年度"),
        ({"suite": "md5"}, "套件"),
    ],
)
def test_a_wrong_field_is_said_and_nothing_is_published(
    world: World, supervisor: Program, wrong: dict[str, str], says: str
) -> None:
    chain = chains.fresh(kind="witness", holder="区司法局", year=2027, length=12)
    refused = publish(supervisor, **of_witness(chain, 2027) | wrong)

    with world.backend.reading() as session:
        assert len(chain_views(session)) == 2
    assert refused.status_code == 422
    assert says in words(refused.text)


def test_the_bureaus_own_anchor_comes_from_the_file_or_has_no_button(
    world: World, supervisor: Program
) -> None:
    before = words(supervisor.client.get(AT).text)
    missing = publish(supervisor, kind="authority", year="2027")
    path = chains.authority_file(world.backend.settings.data_dir, 2027)
    made = chains.create(path, kind="authority", holder="本局", year=2027, length=5)
    ready = words(supervisor.client.get(AT).text)
    done = publish(supervisor, kind="authority", year="2027")
    after = words(supervisor.client.get(AT).text)

    assert "2027 年： 公布 2027 年锚值 找不到哈希链文件" in before
    assert missing.status_code == 404
    assert " ".join(grouped(made.anchor_hex)) in ready
    assert done.status_code == 303
    assert "都有使用中的本机关哈希链" in after


def test_a_chain_that_a_void_gave_up_is_told_and_another_may_be_published(
    world: World, supervisor: Program
) -> None:
    draw = world.commit()
    ask_void(world, draw.id, VoidReason.WITNESS_LOST, PaperReason.LOST)
    agree(world, draw.id, paper=b"%PDF scan")
    told = words(supervisor.client.get(AT).text)
    chain = chains.fresh(kind="witness", holder="区司法局", year=2026, length=12)
    done = publish(supervisor, **of_witness(chain, 2026))

    assert "见证方：区纪委 已停用" in told
    assert "2026 2027 持有单位" in told  # both years are offered
    assert done.status_code == 303


def test_an_auditor_reads_the_page_and_publishes_nothing(world: World) -> None:
    auditor = connect(world.backend, create_app(world.backend), "shenji", Role.AUDITOR)
    text = auditor.client.get(AT).text
    form = of_witness(chains.fresh(kind="witness", holder="区司法局", year=2027, length=3), 2027)

    assert "已用的值" in text
    assert "<form" not in text.split("<main>")[1]
    assert publish(auditor, **form).status_code == 403
