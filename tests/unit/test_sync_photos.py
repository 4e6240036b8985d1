"""A partner's photo on this phone: fetched when it is wanted, and kept only if it is that photo."""

from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import httpx
import pytest

from sync import protocol
from sync.phone import Phone
from sync.phone.errors import DamagedPhoto, NotEnrolled, OutOfReach, RemoteProblem
from tests.sync_server import CUT_BODY, LOSE_ANSWER, LOSE_REQUEST, NO_FAULT, MemoryServer

TASK = "0198aaaa-0000-4000-8000-000000000001"
PHOTO = b"\xff\xd8\xff" + b"photo" * 1000
NAME = sha256(PHOTO).hexdigest()


@pytest.fixture
def server() -> MemoryServer:
    made = MemoryServer()
    for login in ("lead", "member"):
        made.account(login)
    made.assign(TASK, "lead", ["member"])
    return made


@pytest.fixture
def client(server: MemoryServer) -> Iterator[httpx.Client]:
    with server.client() as client:
        yield client


@pytest.fixture
def lead(client: httpx.Client, tmp_path: Path) -> Iterator[Phone]:
    """The lead's phone, after the member has delivered a photo."""
    phones = [Phone(tmp_path / f"{login}.db") for login in ("lead", "member")]
    for phone, login in zip(phones, ("lead", "member"), strict=True):
        phone.enrol(client, login, login)
        phone.sync(client)
    phones[1].add_photo(TASK, PHOTO)
    for phone in reversed(phones):
        assert phone.sync(client).complete
    yield phones[0]
    for phone in phones:
        phone.close()


def test_a_partners_photo_is_fetched_once_and_stays(
    server: MemoryServer, client: httpx.Client, lead: Phone
) -> None:
    (item,) = lead.record(TASK).of_kind("photo/")
    before = lead.photo(NAME)
    fetched = [lead.fetch_photo(client, item.heads[0].blob) for _ in range(2)]

    assert (before, fetched, lead.photo(NAME)) == (b"", [PHOTO, PHOTO], PHOTO)
    assert server.seen.count(f"GET {protocol.BLOBS}/{NAME}") == 1
    assert lead.sync(client).uploaded == 0


def test_bytes_with_another_hash_are_not_kept(
    server: MemoryServer, client: httpx.Client, lead: Phone
) -> None:
    server.files[NAME] = PHOTO + b"."
    with pytest.raises(DamagedPhoto):
        lead.fetch_photo(client, NAME)

    assert lead.photo(NAME) == b""


@pytest.mark.parametrize("fault", [LOSE_REQUEST, CUT_BODY])
def test_without_a_whole_answer_nothing_is_kept(
    server: MemoryServer, client: httpx.Client, lead: Phone, fault: str
) -> None:
    server.faults.append((protocol.BLOBS, fault))
    with pytest.raises((OutOfReach, DamagedPhoto)):
        lead.fetch_photo(client, NAME)

    assert lead.photo(NAME) == b""
    assert lead.fetch_photo(client, NAME) == PHOTO


@pytest.mark.parametrize("fault", [LOSE_REQUEST, LOSE_ANSWER, CUT_BODY])
def test_a_photo_comes_on_from_the_part_at_which_the_network_broke(
    server: MemoryServer, client: httpx.Client, lead: Phone, tmp_path: Path, fault: str
) -> None:
    big = PHOTO + bytes(range(256)) * 4 * 4096  # four whole parts and a little
    name, path = sha256(big).hexdigest(), f"{protocol.BLOBS}/{sha256(big).hexdigest()}"
    server.files[name] = big
    server.faults += [(path, NO_FAULT), (path, NO_FAULT), (path, fault)]
    with pytest.raises(OutOfReach):
        lead.fetch_photo(client, name)
    between = lead.photo(name)
    with closing(Phone(tmp_path / "lead.db")) as restarted:
        fetched = restarted.fetch_photo(client, name)

    assert between == b""
    assert fetched == big == lead.photo(name)
    assert server.seen.count(f"GET {path}") == 3 + 3  # two parts and a break; the other three


def test_parts_of_another_file_are_forgotten_once_it_is_whole(
    server: MemoryServer, client: httpx.Client, lead: Phone
) -> None:
    big = bytes(2 * protocol.CHUNK_BYTES)
    name = sha256(big).hexdigest()
    server.files[name] = b"!" + big[1:]
    with pytest.raises(DamagedPhoto):
        lead.fetch_photo(client, name)
    server.files[name] = big

    assert lead.fetch_photo(client, name) == big


def test_a_photo_that_is_not_there_or_not_ones_own_is_refused(
    server: MemoryServer, client: httpx.Client, lead: Phone, tmp_path: Path
) -> None:
    with pytest.raises(RemoteProblem) as strange:
        lead.fetch_photo(client, "0" * 64)
    server.tokens.clear()
    with pytest.raises(RemoteProblem) as logged_out:
        lead.fetch_photo(client, NAME)
    fresh = Phone(tmp_path / "fresh.db")
    with pytest.raises(NotEnrolled):
        fresh.fetch_photo(client, NAME)
    fresh.close()

    assert strange.value.facts["remote"] == "sync.not_in_scope"
    assert logged_out.value.facts["remote"] == "sync.login"
