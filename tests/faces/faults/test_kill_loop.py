"""Kills at random steps, while two phones work, sync at once and carry for each other."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from forms import load
from tests.faces.faults.dying_server import Stable
from tests.faces.faults.steps import SYNC
from tests.faces.faults.working import sync_at_once, work
from tests.faces.faults.world import World, finish, number, open_world
from tests.usecases.bureau import LIBRARY

KILLS_A_WORLD = 30


def test_acknowledged_is_stored_after_every_kill(tmp_path: Path, stable: Stable) -> None:
    _play(stable, _worlds(tmp_path), Random(number(20)), kills=4)


@pytest.mark.long
@pytest.mark.parametrize("new_database", ["postgresql"], indirect=True)
def test_acknowledged_is_stored_after_every_kill_on_postgresql(
    tmp_path: Path, stable: Stable, database_url: str
) -> None:
    _play(stable, _worlds(tmp_path, database_url), Random(number(30)), kills=4)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_300_kills(tmp_path: Path, stable: Stable) -> None:
    died = _play(stable, _worlds(tmp_path), Random(number(40)), kills=300)

    assert died.total() == 300
    assert len(died) >= 30  # steps; some need what a random evening may not bring


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("new_database", ["postgresql"], indirect=True)
def test_60_kills_on_postgresql(tmp_path: Path, stable: Stable, database_url: str) -> None:
    _play(stable, _worlds(tmp_path, database_url), Random(number(50)), kills=60)


def _play(stable: Stable, worlds: Iterator[World], random: Random, kills: int) -> Counter[str]:
    """Kill servers that often; return how often at which step."""
    died: Counter[str] = Counter()
    labels: list[str] = []
    while died.total() < kills:
        world, before = next(worlds), died.total()
        while died.total() < min(kills, before + KILLS_A_WORLD):
            labels = labels or random.sample([*SYNC], len(SYNC))
            work(world, random)
            order = world.order(
                label=labels.pop(),
                nth=random.choice((0, 0, 0, 1, 2, 3)),
                worker_only=random.random() < 0.2,
            )
            with stable.serving(order) as life:
                sync_at_once(world, life.url, life.url)
            died[order.label] += life.died
            world.assert_what_was_confirmed_is_here()
        finish(world)
        world.backend.engine.dispose()
    return +died


def _worlds(folder: Path, database_url: str = "") -> Iterator[World]:
    """Yield new worlds; on PostgreSQL it is always the same one, whose inspection grows."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(load, "packaged", lambda: LIBRARY)
        made = 0
        while True:
            if made == 0 or not database_url:
                world = open_world(folder / f"data{made}", database_url)
            made += 1
            yield world
