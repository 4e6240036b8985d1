"""Whatever is declared, the typists' panel is one screen: nothing of it lies under the foot."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from inspect_server.domain.draw.entropy import DICE, Source, SourceKind
from inspect_server.domain.draw.publications.issues import ISSUES
from inspect_server.usecases.work import Backend
from tests.faces.rest_client import PASSWORD
from tests.faces.test_ceremony import fits, projector, to_the_end, witness_says
from tests.usecases import draw_world
from tests.usecases.draw_world import World


@pytest.fixture
def world(sqlite_backend: Backend, tmp_path: Path) -> World:
    return draw_world.build(sqlite_backend, tmp_path)


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1920, 1080)])
def test_two_public_values_beside_dice_are_typed_on_one_screen(
    world: World, chromium: Browser, width: int, height: int
) -> None:
    sources = [
        draw_world.LOTTERY,
        Source(
            SourceKind.PUBLIC, "cwl.ssq", ISSUES["cwl.ssq"].next_after(world.backend.clock.now())
        ),
        Source(SourceKind.DICE, DICE, "2026-01"),
    ]
    draw = world.commit(sources=sources)
    world.roll(draw, "dice.d6/2026-01/" + ",".join("3516244163" * 3))
    _, witness = world.chain_values(draw)
    with projector(chromium, world, draw) as page:
        page.set_viewport_size({"width": width, "height": height})
        to_the_end(page)
        witness_says(page, witness)
        whole = fits(page)
        page.fill("[data-panel=first] [name=login]", "li")
        page.fill("[data-panel=first] [name=password]", PASSWORD)
        for field in page.query_selector_all("[data-panel=first] [data-source]"):
            field.fill("9")
        page.click("[data-panel=first] button[type=submit]")
        told = page.inner_text("[data-panel=first] .problem")

        assert "20 个两位数" in told
        assert whole
        assert fits(page)
