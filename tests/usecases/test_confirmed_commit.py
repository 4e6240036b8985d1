"""A commit that is confirmed on a page: one, whoever sends it how often, on both engines."""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from inspect_server.domain.draw.entropy import Source
from inspect_server.domain.draw.errors import OpenCommitExists
from inspect_server.reads import draws as reads
from inspect_server.store.models.planning import Draw
from inspect_server.usecases.drawing.beforehand.confirm import LogMovedOn, confirmed
from inspect_server.usecases.drawing.commit_draw import CommittedDraw, commit_draw
from inspect_server.usecases.work import Actor, Backend, Work
from tests.usecases.draw_world import FROM, LOTTERY, SUPERVISOR, TO, World, build


@pytest.fixture
def world(backend: Backend, tmp_path: Path) -> World:
    return build(backend, tmp_path)


def last_leaf(world: World) -> str:
    with world.backend.reading() as session:
        return reads.last_leaf(session)


def confirm(
    world: World, shown: str, by: Actor = SUPERVISOR, sources: Sequence[Source] = (LOTTERY,)
) -> UUID:
    def commit(work: Work) -> CommittedDraw:
        return commit_draw(work, world.plan_id, FROM, TO, sources)

    with world.backend.begin(by) as work:
        return confirmed(work, shown, (FROM, TO), sources, commit)


def test_many_clicks_at_once_make_one_commit_that_names_the_leaf_of_its_page(
    world: World,
) -> None:
    shown = last_leaf(world)
    with ThreadPoolExecutor(4) as pool:
        made = set(pool.map(lambda _: confirm(world, shown), range(4)))
    with world.backend.reading() as session:
        [draw] = session.scalars(select(Draw))

    assert made == {draw.id}
    assert json.loads(draw.commit_body)["prev_leaf"] == shown


def test_another_confirmation_of_the_same_page_is_none_of_them(world: World) -> None:
    shown = last_leaf(world)
    confirm(world, shown)
    for changed in (
        {"by": replace(SUPERVISOR, label="user:another")},
        {"sources": (replace(LOTTERY, issue="2026052"),)},
    ):
        with pytest.raises(LogMovedOn):
            confirm(world, shown, **changed)
    with pytest.raises(OpenCommitExists):
        confirm(world, last_leaf(world))
