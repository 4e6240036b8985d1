"""Rows of a draw that name somebody else are found, and no step is taken from them."""

from pathlib import Path

import pytest
from sqlalchemy import text

from inspect_server.domain.draw.errors import StoredDrawDamaged
from inspect_server.store.models.inspection import Inspection
from inspect_server.usecases.inspecting.dispatch import make_schemes
from inspect_server.usecases.work import Backend
from tests.actors import ALL_ROLES
from tests.tampering import unguard
from tests.usecases.draw_world import SUPERVISOR, World, build

SPARE = "'00000000000000000000000000000000'"
"""A value in passing: two rows of one draw must not name the same id for a moment."""


def swapped(table: str, column: str, one: str, other: str) -> list[str]:
    """The statements that exchange a column of two rows, each found by a condition."""
    find = f"SELECT {column} FROM {table} WHERE"
    return [
        f"CREATE TEMP TABLE was AS SELECT ({find} {one} LIMIT 1) a, ({find} {other} LIMIT 1) b",
        f"UPDATE {table} SET {column} = {SPARE} WHERE {column} = (SELECT a FROM was)",
        f"UPDATE {table} SET {column} = (SELECT a FROM was) WHERE {column} = (SELECT b FROM was)",
        f"UPDATE {table} SET {column} = (SELECT b FROM was) WHERE {column} = {SPARE}",
    ]


TEAM = "officer_id IN (SELECT officer_id FROM draw_team)"
SWAPS = {
    "a drawn enterprise with one that was not drawn": swapped(
        "draw_leaf", "enterprise_id", "selected", "included AND NOT selected"
    ),
    "the codes of two enterprises in the registry": swapped(
        "enterprise",
        "uscc",
        "id IN (SELECT enterprise_id FROM draw_leaf WHERE selected)",
        "id IN (SELECT enterprise_id FROM draw_leaf WHERE included AND NOT selected)",
    ),
    "an officer with another, in the team and in the list": [
        *swapped("draw_officer", "officer_id", TEAM, f"NOT {TEAM}"),
        "UPDATE draw_team SET officer_id = (SELECT b FROM was)"
        " WHERE officer_id = (SELECT a FROM was)",
    ],
    "the marks of two enterprises": [
        "UPDATE draw_leaf SET selected = NOT selected WHERE included AND commitment IN"
        " (SELECT min(commitment) FROM draw_leaf WHERE included GROUP BY selected)"
    ],
    "an officer into a team": [
        "UPDATE draw_team SET officer_id = (SELECT id FROM officer WHERE id NOT IN"
        " (SELECT officer_id FROM draw_team) LIMIT 1) WHERE stage = 'member/0'"
    ],
}


@pytest.fixture
def world(sqlite_backend: Backend, tmp_path: Path) -> World:
    return build(sqlite_backend, tmp_path, enterprises=40, officers=60)


@pytest.mark.parametrize("swap", SWAPS)
def test_a_draw_whose_rows_name_others_fails_its_check_and_leads_to_no_scheme(
    world: World, swap: str
) -> None:
    drawn = world.commit()
    world.reveal(drawn)
    assert world.verify(drawn.id).ok
    with world.backend.engine.connect() as connection:
        unguard(connection, "draw_leaf", "draw_officer", "draw_team", "enterprise")
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        for statement in SWAPS[swap]:
            connection.execute(text(statement))
        connection.commit()

    assert not world.verify(drawn.id).ok
    with pytest.raises(StoredDrawDamaged), world.backend.begin(SUPERVISOR) as work:
        make_schemes(work, drawn.id)
    with world.backend.begin(ALL_ROLES) as work:
        assert work.session.query(Inspection).count() == 0
