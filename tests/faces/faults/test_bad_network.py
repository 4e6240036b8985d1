"""Two real phones in a network that cuts, delays, doubles and truncates in both directions."""

from collections import Counter
from random import Random

import httpx
import pytest

from sync import protocol
from tests.faces.faults.bad_proxy import FAULTS, PATIENCE, proxied
from tests.faces.faults.dying_server import Stable
from tests.faces.faults.working import sync_at_once, work
from tests.faces.faults.world import World, finish, number, sync
from tests.faces.sync_wire import app_of


def test_nothing_confirmed_is_lost_and_all_ends_well(world: World, stable: Stable) -> None:
    met = _play(world, stable, number(7), rounds=6)

    assert met.keys() >= set(FAULTS)


@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("run", range(8))
def test_many_evenings_in_a_bad_network(world: World, stable: Stable, run: int) -> None:
    met = _play(world, stable, number(100) + run, rounds=20)

    assert min(met[fault] for fault in FAULTS) >= 3


def _play(world: World, stable: Stable, seed: int, rounds: int) -> Counter[str]:
    """Work and sync so many times; return which faults befell how often."""
    random, met = Random(seed), Counter[str]()
    with stable.serving(world.order()) as life:
        for _ in range(rounds):
            work(world, random)
            seeds = random.randrange(2**32), random.randrange(2**32)
            with (
                proxied(life.url, seeds[0]) as (lead, of_lead),
                proxied(life.url, seeds[1]) as (member, of_member),
            ):
                sync_at_once(world, lead, member, patience=PATIENCE)
            met += of_lead.met + of_member.met
            world.assert_what_was_confirmed_is_here()
    finish(world)
    return met


class _OneAnswerLate(httpx.BaseTransport):
    """Gives the answer of the request before, once, where a request of this kind comes."""

    def __init__(self, real: httpx.BaseTransport, method: str, path: str) -> None:
        self._real, self._asked = real, (method, path)
        self._last: tuple[int, httpx.Headers, bytes] = (200, httpx.Headers(), b"")

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        reply, late = self._real.handle_request(request), self._last
        self._last = reply.status_code, reply.headers, b"".join(reply.iter_raw())
        method, path = self._asked
        is_late = request.method == method and request.url.path.startswith(path)
        if is_late:
            self._asked = ("", "")
        status, headers, content = late if is_late else self._last
        return httpx.Response(status, headers=headers, stream=httpx.ByteStream(content))


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", protocol.PUSH),
        ("POST", protocol.BLOBS_HAVE),
        ("POST", protocol.UPLOADS),
        ("PATCH", protocol.UPLOADS),
        ("POST", protocol.RECEIPTS),
        ("POST", protocol.PULL),
    ],
)
def test_an_answer_that_belongs_to_another_request_is_none(
    world: World, method: str, path: str
) -> None:
    app = httpx.WSGITransport(app=app_of(world.backend))
    late = _OneAnswerLate(app, method, path)
    with (
        httpx.Client(transport=late, base_url="http://127.0.0.1") as client,
        world.phones() as (lead, _),
    ):
        sync(lead, client)
    world.assert_what_was_confirmed_is_here()
    finish(world)
