"""The same evenings on the server as it runs, on SQLite and on PostgreSQL."""

import pytest

from inspect_server.usecases.work import Backend
from tests.sync_model.playing import number, play
from tests.sync_model.sql_bureau import SqlBureau

FEW = {"sqlite": 8, "postgresql": 4}


def test_evenings_end_well_on_both_engines_behind_the_whole_application(backend: Backend) -> None:
    evenings = FEW[backend.engine.dialect.name]

    tally = play(lambda: SqlBureau(backend), evenings=evenings, number=number(20260303))

    assert tally["evenings"] >= evenings


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_many_evenings_end_well_on_both_engines(backend: Backend) -> None:
    tally = play(lambda: SqlBureau(backend), evenings=300, number=number(20260304), steps=25)

    assert tally["evenings"] >= 300
