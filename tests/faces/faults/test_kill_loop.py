"""Kills at random steps, while two phones work, sync at once and carry for each other."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from forms import load
from sync.phone import Phone
from tests.faces.faults.dying_server import Life, Stable
from tests.faces.faults.steps import SYNC
from tests.faces.faults.world import (
    ITEMS,
    World,
    client_of,
    finish,
    number,
    open_world,
    picture,
)
from tests.usecases.bureau import FORM

KILLS_A_WORLD = 30
RESULTS = ("pass", "fail")


def test_acknowledged_is_stored_after_every_kill(tmp_path: Path, stable: Stable) -> None:
    _play(stable, _worlds(tmp_path), Random(number(20)), kills=12)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_acknowledged_is_stored_after_every_kill_on_postgresql(
    tmp_path: Path, stable: Stable, database_url: str
) -> None:
    _play(stable, _worlds(tmp_path, database_url), Random(number(30)), kills=10)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_300_kills(tmp_path: Path, stable: Stable) -> None:
    died = _play(stable, _worlds(tmp_path), Random(number(40)), kills=300)

    assert died.keys() == SYNC.keys()


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
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
            _work(world, random)
            order = world.order(
                label=labels.pop(),
                nth=random.choice((0, 0, 1, 2, 3)),
                worker_only=random.random() < 0.2,
            )
            with stable.serving(order) as life:
                _sync_both(world, life)
            died[order.label] += life.died
            world.assert_what_was_confirmed_is_here()
        finish(world, stable)
        world.backend.engine.dispose()
    return +died


def _work(world: World, random: Random) -> None:
    with world.phones() as phones:
        for phone, partner in (phones, phones[::-1]):
            for _ in range(random.randint(1, 3)):
                phone.answer(world.task, random.choice(ITEMS), random.choice(RESULTS))
            if random.random() < 0.7:
                size = random.choice((0, 20_000, 1_300_000))
                phone.add_photo(world.task, picture(random, size))
            if random.random() < 0.3:
                world.deliver_only_the_last(phone)
            if random.random() < 0.3:
                phone.take_in(partner.export_entries(world.task))


def _sync_both(world: World, life: Life) -> None:
    """Let both phones sync at once; whatever goes wrong with the network is no exception."""
    failed: list[BaseException] = []

    def go(path: Path) -> None:
        try:
            with closing(Phone(path)) as phone, client_of(life.url) as client:
                phone.sync(client, backoff=(0.05,) * 2)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=go, args=(world.path(n),)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


def _worlds(folder: Path, database_url: str = "") -> Iterator[World]:
    """Yield new worlds; on PostgreSQL it is always the same one, whose inspection grows."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(load, "load_all", lambda: (FORM,))
        made = 0
        while True:
            if made == 0 or not database_url:
                world = open_world(folder / f"data{made}", database_url)
            made += 1
            yield world
