"""Nothing that arrived is deleted by itself: what belongs to nothing is kept and listed."""

import hashlib
import os
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from inspect_server import app
from inspect_server.cli import root
from inspect_server.gateways.uploads import LocalUploads
from inspect_server.store.models.journal import BlobLink, Upload
from inspect_server.usecases import upkeep
from inspect_server.usecases.journal.open_epoch import open_epoch
from inspect_server.usecases.journal.orphans import PREFIXES, Orphan, find_orphans
from inspect_server.usecases.phones.receive_blob import MAX_EMPTY
from inspect_server.usecases.work import Backend
from sync import protocol
from tests.actors import ALL_ROLES
from tests.conformance_journal import photo
from tests.conftest import FixedClock
from tests.faces.sync_wire import Scene, Wire, metadata, open_scene, problem, tus
from tests.tampering import unguard
from tests.usecases import draw_world

CONTENT = b"\xff\xd8\xff" + b"jpeg" * 1000
SHA256 = hashlib.sha256(CONTENT).hexdigest()
OTHER = CONTENT[::-1]
CHUNK = {"Content-Type": "application/offset+octet-stream"}


@pytest.fixture
def scene(backend: Backend) -> Scene:
    return open_scene(backend)


def begin(wire: Wire, token: str, length: int = len(CONTENT)) -> str:
    headers = tus(token, Upload_Length=str(length), Upload_Metadata=metadata(SHA256))
    reply = wire.send("POST", protocol.UPLOADS, b"", headers)
    assert reply.status_code == 201
    return reply.headers["Location"]


def send(wire: Wire, address: str, token: str, content: bytes, offset: int = 0) -> int:
    headers = tus(token, Upload_Offset=str(offset), **CHUNK)
    return wire.send("PATCH", address, content, headers).status_code


def token_of(scene: Scene) -> str:
    scene.lead.push(scene.epoch, scene.lead.hand.save(scene.assignment, photo(CONTENT)))
    return scene.lead.have(SHA256)[SHA256]


def kinds(backend: Backend) -> dict[str, Orphan]:
    return {one.kind: one for one in find_orphans(backend)}


def test_a_file_that_an_entry_cites_is_no_orphan(scene: Scene, backend: Backend) -> None:
    token = token_of(scene)
    assert send(scene.lead, begin(scene.lead, token), token, CONTENT) == 204
    steps: list[int] = []

    assert find_orphans(backend, steps.append) == ()
    assert sum(steps) == len(PREFIXES)


def test_the_list_that_a_draw_was_committed_to_is_no_orphan(
    backend: Backend, tmp_path: Path
) -> None:
    draw_world.build(backend, tmp_path).commit()

    assert any(backend.blobs.lying(prefix) for prefix in PREFIXES)
    assert find_orphans(backend) == ()


def test_an_unfinished_upload_is_listed_until_its_file_is_whole(
    scene: Scene, backend: Backend
) -> None:
    token = token_of(scene)
    begun, other = begin(scene.lead, token), begin(scene.lead, token)
    send(scene.lead, begun, token, CONTENT[:700])

    listed = kinds(backend)
    send(scene.lead, other, token, CONTENT)

    assert set(listed) == {"part"}
    part = listed["part"]
    assert (part.name, part.size, part.length) == (SHA256, 700, len(CONTENT))
    assert part.phone == "手机 检查员"
    assert find_orphans(backend) == ()


def test_uploads_that_hold_bytes_stay_however_many_are_begun(
    scene: Scene, backend: Backend
) -> None:
    token = token_of(scene)
    begun = [begin(scene.lead, token, length) for length in (len(CONTENT), len(CONTENT) + 1)]
    for address in begun:
        send(scene.lead, address, token, CONTENT[:700])
    for _ in range(MAX_EMPTY + 3):
        begin(scene.lead, token)

    with backend.reading() as session:
        assert session.scalar(select(func.count()).select_from(Upload)) == MAX_EMPTY + 2
    for address in begun:
        stands = scene.lead.send("HEAD", address, None, tus(token))
        assert stands.headers["Upload-Offset"] == "700"
    assert send(scene.lead, begun[0], token, CONTENT[700:], 700) == 204
    assert backend.blobs.read(SHA256) == CONTENT


def test_bytes_with_another_hash_than_promised_are_kept_once_under_their_own(
    scene: Scene, backend: Backend
) -> None:
    token = token_of(scene)
    refused = [send(scene.lead, begin(scene.lead, token), token, OTHER) for _ in range(2)]
    actual = hashlib.sha256(OTHER).hexdigest()

    assert refused == [422, 422]
    (orphan,) = find_orphans(backend)
    assert (orphan.kind, orphan.name, orphan.size) == ("uncited", actual, len(OTHER))
    assert backend.blobs.read(actual) == OTHER
    assert set(scene.lead.have(SHA256)) == {SHA256}  # still wanted


def test_bytes_with_another_hash_open_nothing_of_the_file_that_was_promised(
    scene: Scene, backend: Backend
) -> None:
    token = token_of(scene)
    send(scene.lead, begin(scene.lead, token), token, CONTENT)
    stranger = scene.newcomer()
    theirs = str(uuid4())
    scene.world.assign(theirs, "dust_explosion@1", stranger.hand.user, [])
    backend.blobs.path(SHA256).unlink()  # so that it is asked from whoever cites it
    stranger.push(scene.epoch, stranger.hand.save(theirs, photo(CONTENT)))
    wrong = stranger.have(SHA256)[SHA256]
    assert send(stranger, begin(stranger, wrong), wrong, OTHER) == 422
    send(scene.lead, begin(scene.lead, token), token, CONTENT)

    seen = stranger.send("GET", f"{protocol.BLOBS}/{SHA256}")

    assert problem(seen) == (404, "sync.not_here_yet")  # of the file it promised itself


def test_a_file_whose_entries_are_gone_is_kept_and_listed(scene: Scene, backend: Backend) -> None:
    token = token_of(scene)
    send(scene.lead, begin(scene.lead, token), token, CONTENT)
    with backend.begin(ALL_ROLES) as work:  # as after a restore of a database from before them
        unguard(work.session, "blob_link")
        work.session.execute(BlobLink.__table__.delete())

    listed = kinds(backend)

    assert set(listed) == {"uncited"}
    assert listed["uncited"].name == SHA256


def test_files_that_no_table_knows_are_listed_where_they_lie(
    scene: Scene, backend: Backend
) -> None:
    folder = backend.settings.data_dir
    token = token_of(scene)
    send(scene.lead, begin(scene.lead, token), token, CONTENT)
    LocalUploads(folder / "uploads").create(part := uuid4())
    damaged = backend.blobs.path(SHA256)
    damaged.write_bytes(b"damaged")
    backend.blobs.set_aside(SHA256)
    send(scene.lead, begin(scene.lead, token), token, CONTENT)
    later = backend.blobs.put(b"from a database that is no more")
    cut_short = folder / "blobs" / f".{SHA256}.0badcafe"
    cut_short.write_bytes(b"half")

    found = {(one.kind, one.name) for one in find_orphans(backend)}

    aside = next(damaged.parent.glob("*.damaged-*"))
    assert found == {
        ("unknown_part", f"uploads/{part}.part"),
        ("unknown_file", str(backend.blobs.path(later).relative_to(folder))),
        ("unknown_file", str(aside.relative_to(folder))),
        ("unknown_file", str(cut_short.relative_to(folder))),
    }


def test_old_unfinished_uploads_go_only_when_nothing_is_lost_with_them(
    scene: Scene, backend: Backend, clock: FixedClock
) -> None:
    token = token_of(scene)
    uploads = LocalUploads(backend.settings.data_dir / "uploads")
    begin(scene.lead, token)
    held = begin(scene.lead, token)
    send(scene.lead, held, token, CONTENT[:700])
    old = (clock.now() - timedelta(days=1)).timestamp()
    for part in uploads.parts():
        os.utime(part, (old, old))
    clock.forward(days=31)

    counts = []
    for _ in range(2):
        with backend.begin(ALL_ROLES) as work:
            counts.append(upkeep.drop_abandoned_uploads(work))
        if len(counts) == 1:
            kept = [part.stat().st_size for part in uploads.parts()]
            fresh = scene.lead.have(SHA256)[SHA256]
            send(scene.lead, begin(scene.lead, fresh), fresh, CONTENT)

    assert counts == [1, 1]  # the empty one; then, with the file here whole, the other
    assert kept == [700]
    assert uploads.parts() == []
    assert backend.blobs.read(SHA256) == CONTENT


@pytest.mark.parametrize("content", [b"", CONTENT[:700]], ids=["empty", "with bytes"])
def test_parts_that_nobody_was_told_of_go_a_day_later(
    backend: Backend, clock: FixedClock, content: bytes
) -> None:
    uploads = LocalUploads(backend.settings.data_dir / "uploads")
    left, young, written = (uuid4() for _ in range(3))
    for id in (left, young, written):
        uploads.create(id)
        uploads.path(id).write_bytes(content)
        _touch(uploads.path(id), clock.now())
    (backend.settings.data_dir / "uploads" / "somebody-elses.part").write_bytes(b"?")
    clock.forward(days=2)
    _touch(uploads.path(young), clock.now() - timedelta(hours=23))

    with uploads.locked(written), backend.begin(ALL_ROLES) as work:
        gone = upkeep.drop_left_parts(work)

    assert gone == 1
    assert {*uploads.lying()} == {young, written}
    assert len(uploads.parts()) == 3  # whatever another program named as it liked


def test_parts_whose_rows_a_restore_may_have_lost_stay_and_are_listed(
    backend: Backend, clock: FixedClock
) -> None:
    uploads = LocalUploads(backend.settings.data_dir / "uploads")
    before, after = uuid4(), uuid4()
    uploads.create(before)
    _touch(uploads.path(before), clock.now())
    clock.forward(hours=1)
    with backend.begin(ALL_ROLES) as work:
        open_epoch(work)
    clock.forward(hours=1)
    uploads.create(after)
    _touch(uploads.path(after), clock.now())
    clock.forward(days=365)

    with backend.begin(ALL_ROLES) as work:
        assert upkeep.drop_left_parts(work) == 1
    assert uploads.lying() == [before]
    assert kinds(backend)["unknown_part"].name == f"uploads/{before}.part"


def test_a_lost_phones_photo_that_came_in_whole_is_stored_without_it(
    scene: Scene, backend: Backend, clock: FixedClock
) -> None:
    token = token_of(scene)
    uploads = LocalUploads(backend.settings.data_dir / "uploads")
    begin(scene.lead, token)
    uploads.path(uploads.lying()[0]).write_bytes(CONTENT)  # and then the server was killed

    at_once = upkeep.finish_left_uploads(backend)
    clock.forward(days=2)
    counts = [upkeep.finish_left_uploads(backend) for _ in range(2)]

    assert (at_once, counts) == (0, [1, 0])
    assert backend.blobs.read(SHA256) == CONTENT
    assert uploads.parts() == []
    assert scene.lead.have(SHA256) == {}


def test_whole_bytes_with_another_hash_are_kept_under_their_own_without_their_phone(
    scene: Scene, backend: Backend, clock: FixedClock
) -> None:
    token = token_of(scene)
    uploads = LocalUploads(backend.settings.data_dir / "uploads")
    begin(scene.lead, token)
    uploads.path(uploads.lying()[0]).write_bytes(OTHER)
    clock.forward(days=2)

    assert upkeep.finish_left_uploads(backend) == 1
    assert backend.blobs.read(hashlib.sha256(OTHER).hexdigest()) == OTHER
    assert set(scene.lead.have(SHA256)) == {SHA256}


def test_an_upload_without_its_part_is_not_taken_for_a_file_that_another_brought(
    scene: Scene, backend: Backend, clock: FixedClock
) -> None:
    token = token_of(scene)
    begun = begin(scene.lead, token)
    LocalUploads(backend.settings.data_dir / "uploads").discard(UUID(begun.rsplit("/", 1)[1]))
    send(scene.lead, begin(scene.lead, token), token, CONTENT)
    clock.forward(days=2)

    assert upkeep.finish_left_uploads(backend) == 0
    with backend.reading() as session:
        rows = session.scalars(select(Upload.finished_at)).all()
    assert sorted(at is None for at in rows) == [False, True]


def test_half_written_copies_of_stored_files_go_a_day_later(
    backend: Backend, clock: FixedClock
) -> None:
    kept = backend.blobs.put(CONTENT)
    folder = backend.settings.data_dir / "blobs"
    names = f".{SHA256}.0badcafe", f".{SHA256}.1badcafe", f".{SHA256}"
    left, young, other = (folder / name for name in names)
    for path in (left, young, other):
        path.write_bytes(CONTENT[:700])
        _touch(path, clock.now())
    clock.forward(days=2)
    _touch(young, clock.now())

    with backend.begin(ALL_ROLES) as work:
        assert upkeep.drop_left_parts(work) == 1
    assert [path.exists() for path in (left, young, other)] == [False, True, True]
    assert backend.blobs.read(kept) == CONTENT


def _touch(path: Path, at: datetime) -> None:
    os.utime(path, (at.timestamp(), at.timestamp()))


def test_whoever_looks_after_the_server_reads_the_list(
    sqlite_backend: Backend, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    scene = open_scene(sqlite_backend)
    monkeypatch.setattr(app, "make_backend", lambda **_: sqlite_backend)
    nothing = CliRunner().invoke(root, ["journal", "orphans"])
    token = token_of(scene)
    send(scene.lead, begin(scene.lead, token), token, CONTENT[:700])
    some = CliRunner().invoke(root, ["journal", "orphans"])

    assert nothing.output == "没有不属于任何记录的文件。\n"
    assert some.exit_code == 0
    first, second, last = some.output.splitlines()
    assert first.startswith("未传完  ")
    assert first.endswith(f"  700/{len(CONTENT)} 字节  手机 检查员")
    assert second == f"    {SHA256}"
    assert last.startswith("共 1 个，系统不会自行删除；")
