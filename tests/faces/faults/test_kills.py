"""A server killed with -9 at any step of push, upload and receipt loses nothing it confirmed."""

from contextlib import closing
from hashlib import sha256

import httpx
import pytest

from sync import protocol
from sync.phone import Phone
from sync.phone.errors import OutOfReach
from sync.phone.local import LocalStore
from sync.phone.network.wire import Wire, tus_headers
from tests.faces.faults.dying_server import Stable
from tests.faces.faults.steps import ENDING, ENROLMENT, STEPS, SYNC
from tests.faces.faults.world import PASSWORD, PHOTO, World, client_of, finish, sync
from tests.sampling import one_in


def test_the_steps_are_many() -> None:
    assert len(STEPS) >= 24


@pytest.mark.parametrize("label", one_in(4, SYNC))
def test_what_was_confirmed_survives_and_the_rest_comes_again(
    world: World, stable: Stable, label: str
) -> None:
    order = world.order(label=label)
    with stable.serving(order) as life, client_of(life.url) as client, world.phones() as phones:
        broken = sync(phones[0], client)

    assert life.died
    assert not broken.complete
    world.assert_what_was_confirmed_is_here()
    finish(world)


@pytest.mark.parametrize("label", [*SYNC][::12])
def test_a_killed_worker_is_replaced_and_the_same_sync_ends_well(
    world: World, stable: Stable, label: str
) -> None:
    order = world.order(label=label, worker_only=True)
    with stable.serving(order) as life, client_of(life.url) as client, world.phones() as phones:
        report = phones[0].sync(client, backoff=(0.1,) * 50)

    assert life.died
    assert (report.complete, report.problems) == (True, [])
    finish(world)


@pytest.mark.parametrize("label", ENROLMENT)
def test_an_enrolment_is_asked_for_again_and_makes_one_replica(
    world: World, stable: Stable, label: str
) -> None:
    order = world.order(label=label)
    with closing(Phone(world.folder / "another.db")) as phone:
        with (
            stable.serving(order) as life,
            client_of(life.url) as client,
            pytest.raises(OutOfReach),
        ):
            phone.enrol(client, "officer0", PASSWORD)
        with stable.serving(world.order()) as again, client_of(again.url) as client:
            reply = phone.enrol(client, "officer0", PASSWORD)
            report = sync(phone, client)
        replica = phone.replica

    assert life.died
    assert reply.replica_id == replica
    assert report.problems == []
    finish(world)


@pytest.mark.parametrize("label", ENDING)
def test_an_upload_whose_end_was_cut_short_can_be_ended_and_the_photo_still_comes(
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
        ended = client.delete(address, headers=headers)
        gone = client.head(address, headers=headers)

    assert life.died
    assert ended.status_code in (204, 404)
    assert gone.status_code == 404
    finish(world)


def upload_under_way(world: World, client: httpx.Client) -> tuple[str, dict[str, str]]:
    """Return the address of the lead's upload, and the headers that speak of it."""
    with closing(LocalStore(world.path(0))) as store:
        name = sha256(PHOTO).hexdigest()
        wire = Wire(client, store.replicas()[-1], lambda: 0)
        asked = protocol.HaveRequest([name])
        (wanted,) = wire.post(protocol.BLOBS_HAVE, asked, protocol.HaveReply).missing
        return store.uploads([name])[name], tus_headers(wanted.token)
