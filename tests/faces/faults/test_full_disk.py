"""A disk that is really full is said with 507; nothing is half-done, and later all goes well."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, func, select
from werkzeug.test import TestResponse

from inspect_server.store.models.blobs import Blob
from inspect_server.store.models.journal import JournalEntry, Operation, Receipt, Upload
from inspect_server.usecases.work import Backend
from sync import protocol
from sync.protocol import PushRequest
from tests.conformance_journal import NOW, answer, photo
from tests.faces.faults.dying_server import Stable, no_more_room
from tests.faces.faults.world import JPEG, PHOTO, World, client_of, finish, sync
from tests.faces.sync_wire import Scene, metadata, problem, scene, tus

__all__ = ["scene"]
FULL = (507, "sync.full")
CHUNK = {"Content_Type": "application/offset+octet-stream", "Upload_Offset": "0"}


@contextmanager
def _full(backend: Backend) -> Iterator[None]:
    """Within this block the file of the database may not grow."""
    event.listen(backend.engine, "checkout", no_more_room)
    try:
        yield
    finally:
        event.remove(backend.engine, "checkout", no_more_room)
        backend.engine.dispose()


def _until_full(request: Callable[[int], TestResponse], most: int = 400) -> int:
    """Repeat a request until the server has no room; return how often it was confirmed."""
    for count in range(most):
        reply = request(count)
        if reply.status_code >= 400:
            assert problem(reply) == FULL
            return count
    raise AssertionError


def _count(scene: Scene, table: type[Any]) -> int:
    with scene.backend.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_pushes_into_a_full_database(scene: Scene) -> None:
    lead = scene.lead
    note = "字" * 4_000
    pushed = [lead.hand.save(scene.assignment, answer(note=note)) for _ in range(50)]

    def push(n: int) -> TestResponse:
        return lead.post(
            protocol.PUSH, PushRequest(lead.hand.id, scene.epoch, NOW.isoformat(), [pushed[n]])
        )

    before = _count(scene, JournalEntry)
    with _full(scene.backend):
        confirmed = _until_full(push, len(pushed))
    stored, operations = _count(scene, JournalEntry) - before, _count(scene, Operation)
    reply = lead.push(scene.epoch, *pushed)

    assert stored == confirmed
    assert operations - confirmed == _count(scene, Operation) - len(pushed)
    kinds = ["duplicate"] * confirmed + ["new"] * (len(pushed) - confirmed)
    assert [result.stored for result in reply.results] == kinds


def test_receipts_into_a_full_database(scene: Scene) -> None:
    lead = scene.lead
    head = lead.push(scene.epoch, lead.hand.save(scene.assignment, answer())).head_hash
    with _full(scene.backend):
        confirmed = _until_full(lambda _: lead.receipt(1, head, []))
    stored = _count(scene, Receipt)

    assert stored == confirmed
    assert lead.receipt(1, head, []).status_code == 200


def test_uploads_begun_and_finished_in_a_full_database(scene: Scene) -> None:
    lead, parts = scene.lead, scene.backend.settings.data_dir / "uploads"
    contents = [JPEG + bytes([n]) for n in range(60)]
    lead.push(
        scene.epoch, *[lead.hand.save(scene.assignment, photo(content)) for content in contents]
    )
    tokens = lead.have(*[sha256(content).hexdigest() for content in contents])
    addresses: list[str] = []

    def begin(n: int) -> TestResponse:
        name = sha256(contents[n]).hexdigest()
        headers = tus(tokens[name], Upload_Length="4", Upload_Metadata=metadata(name))
        reply = lead.send("POST", protocol.UPLOADS, b"", headers)
        addresses.extend([reply.headers["Location"]] if reply.status_code == 201 else [])
        return reply

    def send(n: int) -> TestResponse:
        token = tokens[sha256(contents[n]).hexdigest()]
        return lead.send("PATCH", addresses[n], contents[n], tus(token, **CHUNK))

    with _full(scene.backend):
        begun = _until_full(begin, len(contents))
    assert begun == _count(scene, Upload) == len(list(parts.iterdir()))
    for n in range(begun, len(contents)):
        assert begin(n).status_code == 201
    with _full(scene.backend):
        finished = _until_full(send, len(contents))
    assert finished == _count(scene, Blob)
    for n in range(finished, len(contents)):
        token = tokens[sha256(contents[n]).hexdigest()]
        state = lead.send("HEAD", addresses[n], None, tus(token))  # the first only had to be noted
        assert state.headers["Upload-Offset"] == ("4" if n == finished else "0")
        assert n == finished or send(n).status_code == 204

    assert lead.have(*tokens) == {}
    assert list(parts.iterdir()) == []


@pytest.mark.parametrize(
    ("lack", "said"),
    [
        ({"database_full": True}, "sync.full"),
        ({"file_limit": 1_200_000}, "sync.full"),
        ({"file_limit": 100_000}, "sync.unavailable"),
    ],
    ids=["database full", "no room for a photo", "database not to be written"],
)
def test_a_phone_is_told_and_delivers_the_rest_later(
    world: World, stable: Stable, lack: dict[str, Any], said: str
) -> None:
    order = world.order(**lack)
    with stable.serving(order) as life, client_of(life.url) as client, world.phones() as phones:
        report = sync(phones[0], client)

    assert (report.complete, report.problems) == (False, [said])
    world.assert_what_was_confirmed_is_here()
    assert [path.stat().st_size for path in _parts(world)] in ([], [1024**2])  # whole chunks only
    finish(world)


def test_a_photo_that_finds_no_room_on_the_disk_of_the_files_waits_whole_in_its_part(
    world: World, stable: Stable
) -> None:
    killed = world.order(label="upload: whole, not verified")
    full = world.order(file_limit=1_200_000, other_disk=True)
    for order in (killed, full):
        with stable.serving(order) as life, client_of(life.url) as client, world.phones() as phones:
            report = sync(phones[0], client)

    assert report.problems == ["507"]  # an answer to HEAD has no words
    world.assert_what_was_confirmed_is_here()
    assert [path.read_bytes() == PHOTO for path in _parts(world)] == [True]
    assert not [path for path in (world.folder / "blobs").rglob("*") if path.is_file()]
    finish(world)


def _parts(world: World) -> list[Path]:
    return list((world.folder / "uploads").glob("*.part"))
