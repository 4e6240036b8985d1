"""Thousands of evenings on the reference journal, some on the server as it runs; all end well."""

import random

import pytest

from inspect_server.usecases.work import Backend
from tests.sampling import one_in
from tests.sync_model.checking import Ledger
from tests.sync_model.counting import EVERY_RUN_OF, FIRST, never_reached, unreached
from tests.sync_model.evening import Evening
from tests.sync_model.playing import number, perform, play
from tests.sync_model.repaired import RepairedEvening
from tests.sync_model.script import EVENINGS
from tests.sync_model.servers import MemoryBureau
from tests.sync_model.sql_bureau import SqlBureau

PARTS = 8  # so that the processes of a run share them; the first finds all of test_mutants
FEW = {"sqlite": 12, "postgresql": 6}


@pytest.mark.parametrize("part", one_in(PARTS, range(PARTS)))
def test_evenings_in_any_order_lose_nothing_and_agree_in_the_end(part: int) -> None:
    tally = play(MemoryBureau, evenings=EVERY_RUN_OF, number=number(FIRST) + part)

    assert tally["evenings"] >= EVERY_RUN_OF
    assert unreached(tally, EVERY_RUN_OF) == {}


class NotedEvening(Evening):
    """An evening that counts every entry: its hash stands for all that was signed."""

    def _count(self, ledger: Ledger) -> None:
        super()._count(ledger)
        self.tally.update(ledger.rows.keys())
        self.tally["named as lost"] += sum(
            b'"replica.lost"' in row.content for row in ledger.rows.values()
        )


@pytest.mark.long
def test_the_same_seed_plays_the_same_evenings() -> None:
    first, again = (play(MemoryBureau, evenings=20, number=7, kind=NotedEvening) for _ in range(2))

    assert first == again
    assert first["named as lost"]  # holds a receipt: what the server signed is the same, too


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("part", range(2))
def test_long_evenings_never_played_before_do_so_too(part: int) -> None:
    fresh = number(random.SystemRandom().randrange(2**32))
    tally = play(MemoryBureau, evenings=2000, number=fresh + part, steps=60, every=20)

    assert unreached(tally, 2000) == {}


def test_written_evenings_reach_everything_on_the_reference_journal() -> None:
    assert never_reached(perform(MemoryBureau, EVENINGS.values())) == []


@pytest.mark.seldom_on_postgresql
def test_written_evenings_reach_everything_on_both_engines(backend: Backend) -> None:
    tally = perform(lambda: SqlBureau(backend), EVENINGS.values())

    assert never_reached(tally) == []


@pytest.mark.seldom_on_postgresql
def test_evenings_end_well_on_both_engines_behind_the_whole_application(backend: Backend) -> None:
    evenings = FEW[backend.engine.dialect.name]

    tally = play(
        lambda: SqlBureau(backend), evenings=evenings, number=number(20260303), kind=RepairedEvening
    )

    assert tally["evenings"] >= evenings
    assert tally["repaired"] >= evenings // 6


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_many_evenings_end_well_on_both_engines(backend: Backend) -> None:
    tally = play(
        lambda: SqlBureau(backend),
        evenings=300,
        number=number(20260304),
        steps=25,
        kind=RepairedEvening,
    )

    assert unreached(tally, 300) == {}
    assert tally["repaired"] >= 100
