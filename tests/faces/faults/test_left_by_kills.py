"""What a server that was killed left of an upload is finished or cleared; nothing else is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import httpx
import pytest

from inspect_server.gateways.uploads import LocalUploads
from inspect_server.store.journal import blobs as sync_blobs
from inspect_server.usecases import upkeep
from inspect_server.usecases.work import Backend
from tests.actors import ALL_ROLES
from tests.conftest import FixedClock
from tests.faces.faults.dying_server import Stable
from tests.faces.faults.steps import ENDING, UPLOAD
from tests.faces.faults.test_kills import upload_under_way
from tests.faces.faults.world import PHOTO, World, client_of, finish, sync
from tests.sampling import one_in

NAME = sha256(PHOTO).hexdigest()
FIRST_WHOLE = "upload: whole, not verified"
"""From this step on every byte of the photo has come in."""


def night(world: World, days: float) -> Backend:
    """Do what the jobs do so many days later, and return what they did it with."""
    later = replace(world.backend, clock=FixedClock(datetime.now(UTC) + timedelta(days=days)))
    upkeep.finish_left_uploads(later)
    with later.begin(ALL_ROLES) as work:
        upkeep.drop_abandoned_uploads(work)
        upkeep.drop_left_parts(work)
    return later


def lying(world: World) -> list[str]:
    """Return the names of all that lies among uploads and, half-written, among stored files."""
    folders = (world.folder / "uploads").glob("*"), (world.folder / "blobs").glob(".*")
    return sorted(path.name for folder in folders for path in folder)


@pytest.mark.parametrize("label", one_in(4, UPLOAD))
def test_a_night_later_only_what_a_phone_can_go_on_with_lies_there(
    world: World, stable: Stable, label: str
) -> None:
    with (
        stable.serving(world.order(label=label)) as life,
        client_of(life.url) as client,
        world.phones() as phones,
    ):
        sync(phones[0], client)
    early = lying(world)
    night(world, days=0.5)
    untouched = lying(world)
    backend = night(world, days=2)

    assert life.died
    assert untouched == early  # a request may be under way in another process
    uploads = LocalUploads(world.folder / "uploads")
    with backend.reading() as session:
        open_now = {row.id: row for row, _, _ in sync_blobs.unfinished(session)}
        here = sync_blobs.sound(session, [NAME])
        registered = {*sync_blobs.every(session)}
    stored = {path.name for path in (world.folder / "blobs").rglob("*") if path.is_file()}
    assert [name for name in lying(world) if not name.endswith(".part")] == []
    assert {*uploads.lying()} <= open_now.keys()
    assert all(uploads.offset(id) < open_now[id].length for id in uploads.lying())
    assert stored == registered
    labels = [*UPLOAD]
    assert here == ({NAME} if labels.index(label) >= labels.index(FIRST_WHOLE) else set())
    finish(world)  # the phone was not lost: all goes on, and the photo is here once


@pytest.mark.parametrize("label", ENDING)
def test_an_upload_whose_end_was_cut_short_leaves_nothing(
    world: World, stable: Stable, label: str
) -> None:
    begun = world.order(label="upload: in the middle of a chunk")
    with stable.serving(begun) as life, client_of(life.url) as client, world.phones() as (lead, _):
        sync(lead, client)
    with stable.serving(world.order(label=label)) as life, client_of(life.url) as client:
        address, headers = upload_under_way(world, client)
        with pytest.raises(httpx.TransportError):
            client.delete(address, headers=headers)
    with stable.serving(world.order()) as again, client_of(again.url) as client:
        client.delete(address, headers=headers)
    night(world, days=2)

    assert life.died
    assert lying(world) == []
    finish(world)
