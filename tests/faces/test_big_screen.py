"""The screens of a reveal in a large bureau: few enough to be read aloud, each of them whole."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from inspect_server.console.drawing import ceremonies
from inspect_server.domain.plan import Figures
from inspect_server.reads.drawing.ceremony import Ceremony
from inspect_server.reads.drawing.ceremony import ceremony as read
from inspect_server.usecases.work import Backend
from tests.faces.test_ceremony import fits, projector
from tests.usecases import draw_world
from tests.usecases.draw_world import World

CELLS, DRAWN, PPM = 89, 16, 1_000_000
LONG = "县级·危险化学品·橙·未评级·以前检查过"


@pytest.fixture
def world(sqlite_backend: Backend, tmp_path: Path) -> World:
    return draw_world.build(sqlite_backend, tmp_path)


@pytest.fixture
def many_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bureau of many cells, of which few draw."""

    def ceremony(*given: object) -> Ceremony:
        page = read(*given)
        counts = [int(n % 5 == 0 and n // 5 < DRAWN) for n in range(CELLS)]
        cells = (
            Figures(
                f"{LONG}{n}", (f"c{n}",), 1234, PPM, 1234 * PPM, drawn if page.outcome else None
            )
            for n, drawn in enumerate(counts)
        )
        return replace(page, cells=tuple(cells))

    monkeypatch.setattr(ceremonies, "read_ceremony", ceremony)


def screens(page: Page, heading: str) -> list[str]:
    """Go from the first screen to the last, each of them whole; return those of a heading."""
    page.keyboard.press("Home")
    found = []
    while True:
        page.evaluate(
            "document.querySelectorAll('.appearing > *').forEach(o => o.classList.add('seen'))"
        )
        shown = page.inner_text(".slide.here")
        assert fits(page), shown
        if shown.startswith(heading):
            found.append(shown)
        if not page.is_enabled("#forward"):
            return found
        page.click("#forward")


def rows(found: Sequence[str]) -> int:
    return sum(one.count(LONG) for one in found)


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1920, 1080)])
@pytest.mark.usefixtures("many_cells")
def test_the_odds_of_many_cells_are_on_four_screens(
    world: World, chromium: Browser, width: int, height: int
) -> None:
    draw = world.commit()
    with projector(chromium, world, draw) as page:
        page.set_viewport_size({"width": width, "height": height})
        found = screens(page, "各单元抽中概率")
        size = page.evaluate(
            "parseFloat(getComputedStyle(document.querySelector('.pair td')).fontSize)"
        )

    assert (len(found), rows(found)) == (4, CELLS)
    assert size >= height / 49  # 22 of 1080 lines: legible from ten metres on a wall


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1920, 1080)])
@pytest.mark.usefixtures("many_cells")
def test_only_cells_that_drew_are_listed_and_the_rest_is_one_line(
    world: World, chromium: Browser, width: int, height: int
) -> None:
    draw = world.commit()
    world.reveal(draw)
    with projector(chromium, world, draw) as page:
        page.set_viewport_size({"width": width, "height": height})
        (found,) = screens(page, "各单元抽中家数")

    assert found.count(LONG) == DRAWN
    assert f"其余 {CELLS - DRAWN} 个单元应抽 0 家" in found


def test_one_press_moves_on_while_lines_are_still_to_appear(
    world: World, chromium: Browser
) -> None:
    draw = world.commit()
    world.reveal(draw)
    with projector(chromium, world, draw) as page:
        page.wait_for_selector("[data-start].here")
        page.click("#forward")
        shown = page.inner_text(".slide.here h1")
        page.click("#back")
        hidden = page.eval_on_selector_all(
            ".slide.here .appearing > :not(.seen)", "rest => rest.length"
        )

    assert shown.startswith("由承诺值和录入的值算出种子")
    assert hidden == 0
