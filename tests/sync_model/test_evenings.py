"""Thousands of evenings on the reference journal; every one of them ends well."""

import random

import pytest

from tests.sync_model.counting import EVERY_RUN_OF, unreached
from tests.sync_model.playing import number, play
from tests.sync_model.servers import MemoryBureau

PARTS = 8  # so that the processes of a run share them


@pytest.mark.parametrize("part", range(PARTS))
def test_evenings_in_any_order_lose_nothing_and_agree_in_the_end(part: int) -> None:
    tally = play(MemoryBureau, evenings=EVERY_RUN_OF, number=number(20260302) + part)

    assert tally["evenings"] >= EVERY_RUN_OF
    assert unreached(tally, EVERY_RUN_OF) == {}


def test_the_same_seed_plays_the_same_evenings() -> None:
    first, again = (play(MemoryBureau, evenings=15, number=7) for _ in range(2))

    assert first == again


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("part", range(2))
def test_long_evenings_never_played_before_do_so_too(part: int) -> None:
    fresh = number(random.SystemRandom().randrange(2**32))
    tally = play(MemoryBureau, evenings=2000, number=fresh + part, steps=60, every=20)

    assert unreached(tally, 2000) == {}
