"""The data folder as the README sets it, relative: every file that is sent is found."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import httpx
import pytest

from inspect_server.app import create_app, make_backend
from inspect_server.config import Settings
from inspect_server.store.schema import upgrade
from inspect_server.usecases.work import Backend
from sync.phone import Phone
from tests.conftest import BUREAU, FixedClock
from tests.faces.test_disclosure import Town
from tests.faces.test_sync_restore import PASSWORD, PHOTO, small_form, task
from tests.usecases.disclosed_world import drawn_bureau

__all__ = ["small_form", "task"]


@pytest.fixture
def sqlite_backend(
    tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Backend]:
    """A bureau in `data` below the folder in which its server is started."""
    monkeypatch.chdir(tmp_path)
    held = make_backend(Settings(data_dir=Path("data"), **BUREAU), clock)
    held.settings.data_dir.mkdir()
    upgrade(held.engine)
    yield held
    held.engine.dispose()


def test_published_files_reach_the_public(sqlite_backend: Backend) -> None:
    town = Town(*drawn_bureau(sqlite_backend))
    town.publish()
    names = ("all.zip", "certificate.json", "pool.txt", "openings.json")
    answers = [
        town.client.get(f"/disclosure/draws/2026-01/1/{name}", buffered=True) for name in names
    ]

    assert [answer.status_code for answer in answers] == [200] * len(names)
    assert all(answer.data for answer in answers)


def test_photos_reach_the_partner(sqlite_backend: Backend, task: str, tmp_path: Path) -> None:
    transport = httpx.WSGITransport(app=create_app(sqlite_backend))
    with httpx.Client(transport=transport, base_url="http://127.0.0.1") as client:
        lead, member = (Phone(tmp_path / f"phone{n}.db") for n in range(2))
        for n, phone in enumerate((lead, member)):
            phone.enrol(client, f"officer{n}", PASSWORD)
            phone.sync(client)
        lead.add_photo(task, PHOTO)
        assert lead.sync(client).complete
        assert member.sync(client).complete
        fetched = member.fetch_photo(client, sha256(PHOTO).hexdigest())
    lead.close()
    member.close()

    assert fetched == PHOTO
