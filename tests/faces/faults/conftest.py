"""Servers that can be started quickly, and a world that is made once and copied."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from forms import load
from tests.faces.faults.dying_server import Stable
from tests.faces.faults.world import ITEMS, PHOTO, World, copied, open_world
from tests.usecases.bureau import LIBRARY


@pytest.fixture(scope="session")
def stable() -> Iterator[Stable]:
    """Where servers come from."""
    opened = Stable()
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def evening(tmp_path_factory: pytest.TempPathFactory) -> World:
    """
    Two phones have worked offline; the lead's holds all that a sync can be about.

    A visit that begins, a disagreement, a photo, the partner's entries to carry; and its last
    entry reached the server before the others.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(load, "packaged", lambda: LIBRARY)
        world = open_world(tmp_path_factory.mktemp("evening") / "data")
        with world.phones() as (lead, member):
            member.start_visit(world.task, place="生产车间")
            member.answer(world.task, ITEMS[0], "fail")
            lead.start_visit(world.task, place="生产车间")
            lead.answer(world.task, ITEMS[0], "pass")
            lead.add_photo(world.task, PHOTO)
            lead.answer(world.task, ITEMS[1], "pass")
            world.deliver_only_the_last(lead)
            lead.take_in(member.export_entries(world.task))
    world.backend.engine.dispose()
    return world


@pytest.fixture
def world(evening: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """That evening, for one test, with its checklist installed: what was pulled is verified."""
    monkeypatch.setattr(load, "packaged", lambda: LIBRARY)
    one = copied(evening, tmp_path / "data")
    yield one
    one.backend.engine.dispose()
