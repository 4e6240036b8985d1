"""When the public value of a draw can exist: before no reveal takes it, and before it is due."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from inspect_server.domain.draw import errors
from inspect_server.domain.draw.entropy import Source, SourceKind
from inspect_server.store import record
from inspect_server.store.models.planning import ChainValue, DrawTeam
from inspect_server.usecases.drawing import reveal_draw as draw_reveal
from inspect_server.usecases.drawing.beforehand.preview import preview_draw
from inspect_server.usecases.work import Backend
from tests.conftest import FixedClock
from tests.usecases.draw_world import FROM, KL8, LOTTERY, TO, World, both, build


@pytest.fixture
def world(sqlite_backend: Backend, tmp_path: Path) -> World:
    return build(sqlite_backend, tmp_path)


@pytest.mark.parametrize(
    ("name", "issue", "values", "first", "wait"),
    [
        ("cwl.kl8", "2026062", KL8.split("/")[2], "2026-03-03 21:00", {"days": 1, "hours": 12}),
        ("sse.000001", "2026-03-02", "3456.78", "2026-03-02 15:00", {"hours": 6}),
    ],
)
def test_a_reveal_takes_no_public_value_that_cannot_exist_yet(
    world: World,
    clock: FixedClock,
    name: str,
    issue: str,
    values: str,
    first: str,
    wait: dict[str, float],
) -> None:
    """The clock stands at nine in the morning of 2 March 2026 in China."""
    drawn = world.commit(sources=[Source(SourceKind.PUBLIC, name, issue)], deadline=TO)
    entries = [both(f"{name}/{issue}/{values}")]
    clock.forward(**wait)
    clock.forward(seconds=-1)
    with pytest.raises(errors.IssueNotYet, match=f"最早 {first}（北京时间）"):
        world.reveal(drawn, entries=entries)
    refused = _log(world)[-1]
    kept = _count(world, ChainValue), _count(world, DrawTeam)
    clock.forward(seconds=1)
    world.reveal(drawn, entries=entries)

    assert (refused[0], refused[1]["code"]) == ("draw.refused", "draw.issue_not_yet")
    assert kept == (0, 0)
    assert world.verify(drawn.id).ok


def test_a_recorded_reveal_before_the_value_can_exist_fails_the_verification(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that did not ask, as it was until now."""
    drawn = world.commit(sources=[replace(LOTTERY, issue="2026062")], deadline=TO)
    monkeypatch.setattr(draw_reveal, "check_exist", lambda *_: None)
    world.reveal(drawn)
    report = world.verify(drawn.id)

    assert [one.what for one in report.wrong] == ["全过程记录"]
    assert "早于 福彩快乐8 第 2026062 期可能产生的时间" in report.wrong[0].detail
    assert report.level is None


def test_a_commit_names_no_value_that_comes_after_its_own_deadline(world: World) -> None:
    late = replace(LOTTERY, issue="2026065")  # 6 March but for 春节; visits from the 9th
    with pytest.raises(errors.IssueTooLate, match=r"最早 2026-03-16 21:00.*最迟揭示日 2026-03-09"):
        world.commit(sources=[late])
    with world.backend.reading() as session:
        named = preview_draw(
            session,
            world.plan_id,
            FROM,
            TO,
            public=[late],
            now=world.backend.clock.now(),
        ).obstacles
    world.commit(sources=[late], deadline=date(2026, 3, 16))

    assert len(named) == 1
    assert "改用较早的一期" in named[0]


def _log(world: World) -> list[tuple[str, dict[str, Any]]]:
    with world.backend.reading() as session:
        return [
            (leaf.type, json.loads(leaf.content)["body"]) for leaf in record.leaves(session, "draw")
        ]


def _count(world: World, model: type) -> int:
    with world.backend.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0
