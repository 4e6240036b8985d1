"""A joint check: wherever a team is shown after the reveal, it stands under its department."""

import json
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from click.testing import CliRunner

from inspect_server.app import create_app
from inspect_server.cli import root
from inspect_server.domain.enums import Role
from inspect_server.store.models.registry import Officer
from inspect_server.usecases.drawing.papers import Paper, print_paper
from inspect_server.usecases.work import Backend
from tests.conftest import BUREAU
from tests.faces.rest_client import Program, connect
from tests.usecases.draw_world import SUPERVISOR, World, build
from tests.usecases.test_draw_staffing import FIRE, add_partner


@pytest.fixture
def world(sqlite_backend: Backend, tmp_path: Path) -> World:
    return build(sqlite_backend, tmp_path)


@pytest.fixture
def joint(world: World) -> Any:
    """A revealed draw of our own team and the fire brigade's for each enterprise."""
    add_partner(world)
    draw = world.commit(partners=[f"消防={FIRE}"])
    return draw, json.loads(world.reveal(draw).certificate)


def connected(world: World) -> Program:
    app = create_app(world.backend)
    connect(world.backend, app, "wangwu", Role.OFFICE)
    return connect(world.backend, app, "zhangsan", Role.SUPERVISOR, unit=BUREAU["authority"])


def names_of(world: World, *, partner: bool) -> set[str]:
    with world.backend.reading() as session:
        return {one.name for one in session.query(Officer) if (one.unit == FIRE) == partner}


def test_the_commands_the_console_and_the_service_show_both_teams(
    world: World, joint: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw, certificate = joint
    supervisor = connected(world)
    shown = supervisor.client.get(f"/draws/{draw.id}", headers={"Accept": "text/html"}).text
    sent = supervisor.get(f"/draws/{draw.id}").get_json()["tasks"]
    monkeypatch.setenv("INSPECT_DATA_DIR", str(world.backend.settings.data_dir))
    for key, text in BUREAU.items():
        monkeypatch.setenv(f"INSPECT_{key.upper()}", text)
    said = CliRunner().invoke(root, ["draw", "show", draw.draw_no]).output
    lines = [line for line in said.splitlines() if "：应急：主办 " in line]

    assert len(lines) == len(certificate["selected"]) == len(sent)
    for line in lines:
        own, _, partner = line.partition("；")
        assert partner.startswith("消防：主办 ")
        assert sum(name in own for name in names_of(world, partner=False)) >= 2
        assert sum(name in partner for name in names_of(world, partner=True)) >= 2
    assert shown.count('<span class="soft">消防</span>') == len(lines)
    assert shown.count('<span class="soft">应急</span>') == len(lines)
    for task in sent:
        (partner,) = task["partners"]
        assert partner["department"] == "消防"
        assert {one["name"] for one in partner["officers"]} <= names_of(world, partner=True)
        assert {one["name"] for one in task["officers"]} <= names_of(world, partner=False)


def test_a_partners_officer_can_be_chosen_for_a_replacement(world: World, joint: Any) -> None:
    draw, certificate = joint
    text = connected(world).client.get(f"/draws/{draw.id}/replacements").text

    assert text.count(">消防 主办 人员") == text.count(">应急 主办 人员")
    assert text.count(">消防 主办 人员") == len(certificate["selected"])


def test_the_projector_shows_each_team_under_its_department(world: World, joint: Any) -> None:
    draw, certificate = joint
    text = connected(world).client.get(f"/draws/{draw.id}/ceremony").text
    count = len(certificate["selected"])

    for dept in ("应急", "消防"):
        label = f'<div class="team"><span class="dept">{dept}</span>'
        assert text.count(label) == count
    assert text.count('<span class="place">主办 ') == 2 * count


@pytest.mark.parametrize("what", [Paper.RESULT, Paper.INTERNAL])
def test_both_copies_of_the_result_name_the_department_of_each_place(
    world: World, joint: Any, what: Paper
) -> None:
    draw, certificate = joint
    with world.backend.begin(SUPERVISOR) as work:
        document = pypdfium2.PdfDocument(print_paper(work, draw.id, what).pdf)
    text = "".join("".join(page.get_textpage().get_text_range().split()) for page in document)
    document.close()

    for place in ("应急主办", "应急协办", "消防主办", "消防协办"):
        assert text.count(place) == len(certificate["selected"])


def test_a_draw_of_one_department_names_none(world: World) -> None:
    draw = world.commit()
    world.reveal(draw)
    supervisor = connected(world)
    shown = supervisor.client.get(f"/draws/{draw.id}", headers={"Accept": "text/html"}).text
    screen = supervisor.client.get(f"/draws/{draw.id}/ceremony").text

    assert '<span class="soft">应急</span>' not in shown
    assert 'class="dept"' not in screen
    assert all(
        task["partners"] == [] for task in supervisor.get(f"/draws/{draw.id}").get_json()["tasks"]
    )
