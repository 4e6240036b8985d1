"""A cell of few enterprises keeps its sector, so strict staffing cannot overlook the specialty."""

from pathlib import Path
from typing import Any

import pytest

from inspect_server.domain.draw.errors import TeamsInfeasible
from inspect_server.domain.enums import Credit, Risk
from inspect_server.usecases.drawing.beforehand.preview import preview_draw
from inspect_server.usecases.drawing.beforehand.staffing import wanted
from inspect_server.usecases.work import Backend
from tests.usecases.draw_world import SUPERVISOR, World, add_enterprise, build, visits_in


@pytest.fixture
def world(sqlite_backend: Backend, tmp_path: Path) -> World:
    """Return a bureau with two enterprises of a sector of which no officer is a specialist."""
    made = build(sqlite_backend, tmp_path)
    with made.backend.begin(SUPERVISOR) as work:
        for number, credit in enumerate((Credit.C, Credit.D), start=900):
            add_enterprise(
                work, number, sectors=["metal_smelting"], risk=Risk.RED, credit=credit, is_key=False
            )
    return made


def test_a_preview_of_few_enterprises_of_a_sector_names_it_and_strict_says_who_is_missing(
    world: World,
) -> None:
    first, last = visits_in(12).values()
    with world.backend.reading() as session:
        found, strict = (
            preview_draw(
                session,
                world.plan_id,
                first,
                last,
                teams=wanted("", relaxations=relaxations),
            )
            for relaxations in (("specialty/member", "specialty/lead"), ())
        )

    small = [cell.cell for cell in found.cells if ".p" in cell.cell]
    assert {label.split(".")[1] for label in small} >= {"metal_smelting"}
    assert all(not label.startswith("any.any.") for label in small)
    assert found.obstacles == ()
    assert "专业" in strict.obstacles[0]


def test_a_commit_strictly_refuses_what_the_preview_named(world: World) -> None:
    days: dict[str, Any] = visits_in(12)
    with pytest.raises(TeamsInfeasible):
        world.commit(**days, relaxations=())
    assert world.commit(**days).draw_no
