"""Dice on the projector: a phase of their own between what is fixed and the reveal."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route

from inspect_server.app import create_app
from inspect_server.domain.draw.publications.issues import ISSUES
from inspect_server.domain.enums import Role
from inspect_server.store import record
from inspect_server.usecases.work import Backend
from tests.conftest import FixedClock
from tests.faces.rest_client import connect
from tests.faces.test_ceremony import (
    NUMBERS,
    fits,
    grouped,
    projector,
    screen,
    to_the_end,
    type_in,
    witness_says,
)
from tests.usecases import draw_world
from tests.usecases.draw_world import DICE, LOTTERY, ROLLED, World

FACES = ROLLED.rpartition("/")[2]


@pytest.fixture
def world(sqlite_backend: Backend, tmp_path: Path) -> World:
    return draw_world.build(sqlite_backend, tmp_path)


def shown_dice(page: Page) -> list[str]:
    return page.locator(".slide.here .dice li").all_inner_texts()


def test_dice_are_typed_shown_and_taken_by_the_reveal(world: World, chromium: Browser) -> None:
    draw = world.commit(sources=[LOTTERY, DICE])
    _, witness = world.chain_values(draw)
    with projector(chromium, world, draw) as page:
        awaited = page.locator("[data-panel=witness]").count()
        to_the_end(page)
        whole = [fits(page)]
        type_in(page, "first", "li", FACES)
        type_in(page, "second", "wang", FACES[:-1] + "6")
        page.click("button.reveal")
        page.wait_for_selector("[data-panel=refused]:not([hidden])")
        refused = page.inner_text("[data-reason]")
        page.click("[data-again=first]")
        type_in(page, "first", "li", FACES.replace(",", " "))
        type_in(page, "second", "wang", FACES.replace(",", "、"))
        page.click("button.reveal")
        page.wait_for_selector(".slide.here .dice")
        rolled = shown_dice(page)
        whole.append(fits(page))
        page.click("#forward")
        fields = page.locator("[data-panel=first] [data-source]").count()
        witness_says(page, witness)
        type_in(page, "first", "li", NUMBERS)
        type_in(page, "second", "wang", NUMBERS)
        page.click("button.reveal")
        page.wait_for_selector("[data-start]")

    assert (awaited, fields) == (0, 1)
    assert "骰子点数不一致，均未保存" in refused
    assert rolled == FACES.split(",")
    assert all(whole)
    assert world.verify(draw.id).ok


def test_a_lost_answer_is_found_again_and_nothing_is_logged_twice(
    world: World, chromium: Browser
) -> None:
    draw = world.commit(sources=[LOTTERY, DICE])

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    with projector(chromium, world, draw) as page:
        page.route("**/dice", lose)
        to_the_end(page)
        type_in(page, "first", "li", FACES)
        type_in(page, "second", "wang", FACES)
        page.click("button.reveal")
        page.wait_for_selector("[data-panel=unknown]:not([hidden])")
        told = page.inner_text("[data-panel=unknown]")
        page.click("[data-reload]")
        page.wait_for_selector(".slide.here")
        page.keyboard.press("End")
        page.click("#back")
        found = shown_dice(page)
    with world.backend.reading() as session:
        logged = [
            json.loads(leaf.content)["body"]["value"]
            for leaf in record.leaves_of_type(session, "draw.dice_rolled")
        ]

    assert "不要再掷" in told
    assert found == FACES.split(",")
    assert logged == [ROLLED]


def test_the_room_reads_until_when_dice_count_and_what_follows_when_they_are_missed(
    world: World,
) -> None:
    supervisor = connect(world.backend, create_app(world.backend), "zhangsan", Role.SUPERVISOR)
    draw = world.commit(sources=[LOTTERY, DICE])
    before = screen(supervisor, draw)
    clock = world.backend.clock
    assert isinstance(clock, FixedClock)
    clock.moment = ISSUES[LOTTERY.name].known_from(LOTTERY.issue)
    later = connect(world.backend, create_app(world.backend), "lisi", Role.SUPERVISOR)
    missed = screen(later, draw)

    assert "须在 2026-03-02 21:00（北京时间）之前" in before
    assert "data-panel" in before
    assert "骰子没有按时录入" in missed
    assert "申请作废" in missed
    assert "data-panel" not in missed


def test_the_logged_dice_stand_with_their_place_in_the_log(world: World) -> None:
    supervisor = connect(world.backend, create_app(world.backend), "zhangsan", Role.SUPERVISOR)
    draw = world.commit(sources=[LOTTERY, DICE])
    rolled = world.roll(draw, ROLLED)
    shown = screen(supervisor, draw)

    for group in grouped(rolled.leaf):
        assert f"<span>{group}</span>" in shown
    assert 'data-panel="witness"' in shown
    assert 'data-source="dice.d6/1"' not in shown
