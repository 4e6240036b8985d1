"""A scene is built once, and no test sees what another made of its copy."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from inspect_server.config import Settings
from inspect_server.gateways.blobs import LocalBlobs
from inspect_server.store.engine import open_engine
from inspect_server.store.models.identity import User
from inspect_server.usecases.accounts import add_user
from inspect_server.usecases.work import Backend
from tests.actors import ALL_ROLES
from tests.conftest import BUREAU, FixedClock
from tests.scenes import scene

Opened = Callable[[], Backend]


@pytest.fixture
def opened(new_database: Callable[[], str], tmp_path: Path) -> Iterator[Opened]:
    """Opens one bureau after another, each with a database, a folder and a clock of its own."""
    with ExitStack() as stack:

        def make() -> Backend:
            url = new_database()
            folder = tmp_path / f"of {url.rpartition('/')[2]}"
            folder.mkdir()
            engine = open_engine(url)
            stack.callback(engine.dispose)
            settings = Settings(data_dir=folder, database_url=url, **BUREAU)
            return Backend(engine, LocalBlobs(folder / "blobs"), settings, FixedClock())

        yield make


class Built:
    """What a scene returns, and how often it was built."""

    def __init__(self, backend: Backend, sha256: str) -> None:
        self.backend, self.sha256, self.names = backend, sha256, ["甲"]


@pytest.fixture
def times() -> list[str]:
    return []


@pytest.fixture
def play(times: list[str]) -> Callable[..., Built]:
    @scene
    def play(backend: Backend, login: str = "first") -> Built:
        times.append(login)
        hire(backend, login)
        backend.clock.forward(days=1)
        return Built(backend, backend.blobs.put(login.encode()))

    return play


def hire(backend: Backend, login: str) -> None:
    with backend.begin(ALL_ROLES) as work:
        add_user(work, login, "甲", "一科", [], "a-long-passphrase-2026")


def logins(backend: Backend) -> set[str]:
    with backend.reading() as session:
        return set(session.scalars(select(User.login)))


def test_each_caller_gets_database_files_clock_and_ids_of_its_own(
    opened: Opened, play: Callable[..., Built], times: list[str]
) -> None:
    first, second = opened(), opened()
    changed = play(first)
    hire(first, "second")
    first.blobs.path(changed.sha256).write_bytes(b"damaged")
    changed.names.append("乙")
    first.clock.forward(days=9)
    fresh = play(second)

    assert times == ["first"]
    assert (changed.backend, fresh.backend) == (first, second)
    assert fresh.names == ["甲"]
    assert logins(first) == {"first", "second"}
    assert logins(second) == {"first"}
    assert second.blobs.read(fresh.sha256) == b"first"
    assert second.clock.now() == FixedClock().now() + timedelta(days=1)


def test_a_database_that_a_scene_stepped_in_for_is_empty_for_the_next(
    opened: Opened, play: Callable[..., Built]
) -> None:
    for _ in range(2):
        play(opened())

    assert logins(opened()) == set()


def test_other_arguments_another_moment_or_other_settings_are_another_scene(
    opened: Opened, play: Callable[..., Built], times: list[str]
) -> None:
    later, other = opened(), opened()
    later.clock.forward(hours=1)
    other = replace(other, settings=replace(other.settings, division="320700"))

    for backend in (opened(), later, other):
        play(backend)
    play(opened(), "another")

    assert times == ["first", "first", "first", "another"]


def test_a_database_that_was_opened_before_keeps_what_is_in_it(
    opened: Opened, play: Callable[..., Built], times: list[str]
) -> None:
    play(opened())
    backend = opened()
    hire(backend, "earlier")
    play(backend)

    assert logins(backend) == {"earlier", "first"}
    assert times == ["first", "first"]
