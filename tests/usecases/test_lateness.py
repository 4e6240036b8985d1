"""A reveal after the day that its commit promised: taken as before, and called late."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from inspect_server.app import create_app
from inspect_server.domain.draw.ceremony.lateness import is_late, roll_until
from inspect_server.domain.draw.errors import IssueTooLate
from inspect_server.domain.draw.verify import Check, Verdict
from inspect_server.domain.enums import Role
from inspect_server.reads.drawing.ceremony import ceremony
from inspect_server.reads.draws import draw_page
from inspect_server.store.models.planning import Draw
from inspect_server.usecases.disclosing.batches import publish_batch
from inspect_server.usecases.drawing.papers import Paper, print_paper
from inspect_server.usecases.inspecting.dispatch import make_schemes
from inspect_server.usecases.work import Backend
from tests.conftest import FixedClock
from tests.faces.rest_client import connect
from tests.tampering import unguard
from tests.usecases.disclosed_world import close, open_checks
from tests.usecases.draw_world import DICE, LOTTERY, SUPERVISOR, World, build

DEADLINE = date(2026, 3, 4)
AFTER_THE_DEADLINE = replace(LOTTERY, issue="2026065")  # 16 March; 6 March but for 春节


@pytest.fixture
def world(sqlite_backend: Backend, tmp_path: Path) -> World:
    return build(sqlite_backend, tmp_path)


def paper_of(world: World, draw_id: Any) -> str:
    with world.backend.begin(SUPERVISOR) as work:
        document = pypdfium2.PdfDocument(print_paper(work, draw_id, Paper.RESULT).pdf)
    text = "".join("".join(page.get_textpage().get_text_range().split()) for page in document)
    document.close()
    return text


@pytest.mark.parametrize("late", [False, True])
def test_a_late_reveal_is_called_late_on_paper_pages_and_by_the_verification(
    world: World, clock: FixedClock, late: bool
) -> None:
    draw = world.commit(deadline=DEADLINE)
    clock.forward(days=3 if late else 2)
    world.reveal(draw)
    app = create_app(world.backend)
    office = connect(world.backend, app, "wangwu", Role.SUPERVISOR)
    html = {"Accept": "text/html"}
    page = office.client.get(f"/draws/{draw.id}", headers=html).text
    projector = office.client.get(f"/draws/{draw.id}/ceremony", headers=html).text
    with world.backend.begin(SUPERVISOR) as work:
        make_schemes(work, draw.id)
    close(world.backend, open_checks(world.backend, draw.id))
    with world.backend.begin(SUPERVISOR) as work:
        publish_batch(work, draw.id)
    public = app.test_client().get(f"/disclosure/draws/{draw.draw_no}", headers=html).text
    (row,) = [one for one in world.verify(draw.id).checks if one.what == "揭示时间"]

    assert ("逾期：本次抽取应在2026年3月4日前（含当日）揭示" in paper_of(world, draw.id)) == late
    for text in (page, projector, public):
        assert ("逾期" in text) == late
    assert ("逾期" in row.detail) == late
    assert "最迟揭示日 2026-03-04" in row.detail


def test_a_value_before_the_evening_on_which_it_is_expected_is_to_be_looked_up(
    world: World, clock: FixedClock
) -> None:
    draw = world.commit()
    with world.backend.reading() as session:
        page = ceremony(session, draw.id, clock.moment)
    world.reveal(draw)
    assert page.expected_from is not None

    def row() -> Check:
        (found,) = [one for one in world.verify(draw.id).checks if one.what == "揭示时间"]
        return found

    early = row()
    with Session(world.backend.engine.execution_options(writing=True)) as session, session.begin():
        unguard(session, "draw")
        session.execute(update(Draw).values(revealed_at=page.expected_from))
    expected = row()

    assert (early.verdict, "与公布机构的数据核对" in early.detail) == (Verdict.UNCHECKED, True)
    assert (expected.verdict, "核对" in expected.detail) == (Verdict.RIGHT, False)


def test_dice_are_asked_for_by_the_deadline_where_an_older_commit_names_a_later_issue(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setattr("inspect_server.usecases.drawing.commit_draw.check_to_come", _takes_any)
        draw = world.commit(sources=[AFTER_THE_DEADLINE, DICE])
    with world.backend.reading() as session:
        page = draw_page(session, draw.id)
    with world.backend.begin(SUPERVISOR) as work:
        document = pypdfium2.PdfDocument(print_paper(work, draw.id, Paper.COMMITMENT).pdf)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()

    assert page.deadline == "2026-03-09"
    assert page.dice_before == datetime(2026, 3, 9, 16, tzinfo=UTC)  # midnight in China
    assert "须在 2026-03-10 00:00（北京时间）之前录入" in text


def test_a_commit_of_earlier_rules_is_revealed_and_verified(
    world: World, monkeypatch: pytest.MonkeyPatch, clock: FixedClock
) -> None:
    with monkeypatch.context() as before:
        before.setattr("inspect_server.usecases.drawing.commit_draw.check_to_come", _takes_any)
        draw = world.commit(sources=[AFTER_THE_DEADLINE])
    clock.forward(days=15)
    world.reveal(draw)
    report = world.verify(draw.id)

    assert report.ok, report.wrong
    assert any(one.detail.startswith("逾期：") for one in report.checks)


def test_a_commit_is_refused_when_only_the_closures_on_file_make_its_issue_late(
    world: World,
) -> None:
    with pytest.raises(IssueTooLate, match="按已公布的休市安排最早 2026-03-16 21:00"):
        world.commit(sources=[AFTER_THE_DEADLINE])
    assert world.commit(sources=[AFTER_THE_DEADLINE], deadline=date(2026, 3, 16))


def test_a_day_is_over_at_midnight_in_china() -> None:
    last = datetime(2026, 3, 4, 15, 59, 59, tzinfo=UTC)
    sources = [LOTTERY, DICE]

    assert not is_late(last, "2026-03-04")
    assert is_late(datetime(2026, 3, 4, 16, tzinfo=UTC), "2026-03-04")
    assert not is_late(None, "2026-03-04")
    assert roll_until(sources, "2026-03-09") == LOTTERY.known_from()


def _takes_any(*_: Any) -> None:
    """A server that counted no closure against the deadline of a commit."""
