"""A reveal without teams, on the big screen: no enterprise is named, and the way out is a link."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from inspect_server.app import create_app
from inspect_server.domain.enums import Role
from inspect_server.usecases.work import Backend
from tests.faces.rest_client import PASSWORD, connect
from tests.faces.test_ceremony import NUMBERS, fits, projector, to_the_end, type_in, witness_says
from tests.usecases.draw_world import KL8, build
from tests.usecases.test_no_teams import apart, hopeless

__all__ = ["hopeless"]

NAMED = re.compile(r"企业\d|9132\d{6}|JS0\d+|人员\d")


@pytest.mark.usefixtures("hopeless")
def test_a_reveal_without_teams_is_refused_without_a_name_and_noted(
    sqlite_backend: Backend, tmp_path: Path
) -> None:
    world = build(sqlite_backend, tmp_path, officers=3)
    draw = apart(world, 0, 1, 2)
    app = create_app(world.backend)
    for login in ("lisi", "wangwu"):
        connect(world.backend, app, login, Role.OFFICE)
    unit = world.backend.settings.authority
    supervisor = connect(world.backend, app, "zhangsan", Role.SUPERVISOR, unit=unit)
    page = f"/draws/{draw.id}/voids"
    before = supervisor.client.get(page).text
    typists = [{"login": who, "password": PASSWORD, "values": [KL8]} for who in ("lisi", "wangwu")]
    given = {"witness": world.chain_values(draw)[1], "typists": typists}
    refused = supervisor.post(f"/draws/{draw.id}/reveal", json=given)
    told = refused.get_json()

    assert (refused.status_code, told["code"]) == (409, "draw.no_teams")
    assert "人员组合限制" in told["detail"]
    assert "申请作废" in told["detail"]
    assert not NAMED.search(told["detail"])
    assert "teams.infeasible" not in before
    assert "teams.infeasible" in supervisor.client.get(page).text


@pytest.mark.usefixtures("hopeless")
def test_the_big_screen_leads_from_a_reveal_without_teams_to_the_void(
    sqlite_backend: Backend, tmp_path: Path, chromium: Browser
) -> None:
    world = build(sqlite_backend, tmp_path, officers=3)
    draw = apart(world, 0, 1, 2)
    with projector(chromium, world, draw) as page:
        to_the_end(page)
        witness_says(page, world.chain_values(draw)[1])
        type_in(page, "first", "li", NUMBERS)
        type_in(page, "second", "wang", NUMBERS)
        page.click("button.reveal")
        page.wait_for_selector("[data-panel=hopeless]:not([hidden])")
        shown, whole = page.inner_text(".slide.here"), fits(page)
        leads_to = page.get_attribute("[data-panel=hopeless] a", "href")

    assert "配不齐检查组，没有揭示" in shown
    assert "用同样的值再次揭示也是如此" in shown
    assert "重新录入公开随机值" not in shown
    assert not NAMED.search(shown)
    assert whole
    assert leads_to == f"/draws/{draw.id}/voids"
