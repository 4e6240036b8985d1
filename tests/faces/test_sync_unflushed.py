"""Nobody is told of bytes that only memory holds: who answers for them flushes them first."""

import errno
import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from inspect_server.gateways.blobs import LocalBlobs
from inspect_server.usecases.phones import receive_blob
from sync import protocol
from sync.phone.network.wire import checksum
from tests.conformance_journal import photo
from tests.faces.sync_wire import Scene, metadata, scene, tus

__all__ = ["scene"]
CONTENT = b"\xff\xd8\xff" + bytes(range(256)) * 20
SHA256 = hashlib.sha256(CONTENT).hexdigest()
CHUNK = {"Content-Type": "application/offset+octet-stream"}
Flush = Callable[[int], None]
PARTLY, WHOLE = CONTENT[:700], CONTENT


class Killed(BaseException):
    """What comes between two steps and lets nothing be cleaned up."""


class Disk:
    """What was flushed, by inode, and what the next flush of a part file meets."""

    def __init__(self, parts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.flushed: list[int] = []
        self.trouble: BaseException | None = None
        self._parts = parts
        self._flush: Flush = os.fsync
        monkeypatch.setattr(os, "fsync", self._meet)

    def knows(self, path: Path) -> bool:
        return path.stat().st_ino in self.flushed

    def _meet(self, handle: int) -> None:
        inode = os.fstat(handle).st_ino
        if self.trouble and inode in {part.stat().st_ino for part in self._parts.glob("*.part")}:
            trouble, self.trouble = self.trouble, None
            raise trouble
        self._flush(handle)
        self.flushed.append(inode)


@pytest.fixture
def parts(scene: Scene) -> Path:
    return scene.backend.settings.data_dir / "uploads"


@pytest.fixture
def disk(parts: Path, monkeypatch: pytest.MonkeyPatch) -> Disk:
    return Disk(parts, monkeypatch)


def _begin(scene: Scene) -> tuple[str, str]:
    """Token and address of an upload."""
    scene.lead.push(scene.epoch, scene.lead.hand.save(scene.assignment, photo(CONTENT)))
    token = scene.lead.have(SHA256)[SHA256]
    said = tus(token, Upload_Length=str(len(CONTENT)), Upload_Metadata=metadata(SHA256))
    begun = scene.lead.send("POST", protocol.UPLOADS, b"", said)
    return token, begun.headers["Location"]


def _patch(scene: Scene, upload: tuple[str, str], content: bytes, at: int, **more: str) -> int:
    token, address = upload
    said = tus(token, Upload_Offset=str(at), **CHUNK, **more)
    return scene.lead.send("PATCH", address, content, said).status_code


def _stands(scene: Scene, upload: tuple[str, str]) -> str:
    token, address = upload
    return scene.lead.send("HEAD", address, None, tus(token)).headers["Upload-Offset"]


def _restart(disk: Disk) -> None:
    receive_blob._uploads_in.cache_clear()
    disk.flushed.clear()


@pytest.mark.parametrize("written", [PARTLY, WHOLE], ids=["in the middle", "at the end"])
def test_what_a_killed_server_wrote_is_flushed_before_anybody_is_told_of_it(
    scene: Scene, parts: Path, disk: Disk, written: bytes
) -> None:
    upload = _begin(scene)
    part = next(parts.glob("*.part")).stat().st_ino
    disk.trouble = Killed()
    with pytest.raises(Killed):
        _patch(scene, upload, written, 0)
    _restart(disk)

    assert _stands(scene, upload) == str(len(written))
    assert {part, parts.stat().st_ino} <= set(disk.flushed)
    before = list(disk.flushed)
    assert _stands(scene, upload) == str(len(written))
    assert disk.flushed == before  # once is enough


def test_what_a_living_server_flushed_is_not_flushed_again(
    scene: Scene, parts: Path, disk: Disk
) -> None:
    upload = _begin(scene)
    part = next(parts.glob("*.part")).stat().st_ino
    _patch(scene, upload, PARTLY, 0)
    _stands(scene, upload)
    _patch(scene, upload, CONTENT[len(PARTLY) :], len(PARTLY))

    assert disk.flushed.count(part) == 2  # as many as chunks
    assert disk.flushed.count(parts.stat().st_ino) == 1


@pytest.mark.parametrize("who", ["asks how far it came", "sends the same photo"])
def test_a_file_whose_server_died_before_flushing_its_folder_is_flushed_by_the_next(
    scene: Scene, disk: Disk, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    upload = _begin(scene)
    with monkeypatch.context() as dying:
        dying.setattr(LocalBlobs, "_flush", _die)
        with pytest.raises(Killed):
            _patch(scene, upload, WHOLE, 0)
    _restart(disk)
    again = upload if who == "asks how far it came" else _begin(scene)
    if again is upload:
        assert _stands(scene, again) == str(len(CONTENT))
    else:
        assert _patch(scene, again, WHOLE, 0) == 204

    stored = scene.backend.blobs.path(SHA256)
    assert disk.knows(stored)
    assert disk.knows(stored.parent)


def test_a_paper_whose_server_died_before_flushing_its_folder_is_flushed_by_the_next(
    scene: Scene, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as dying:
        dying.setattr(LocalBlobs, "_flush", _die)
        with pytest.raises(Killed):
            scene.backend.blobs.put(CONTENT)
    disk.flushed.clear()

    stored = scene.backend.blobs.path(scene.backend.blobs.put(CONTENT))
    assert disk.knows(stored)
    assert disk.knows(stored.parent)


@pytest.mark.parametrize("said", [{}, {"Upload_Checksum": checksum(CONTENT[700:])}])
@pytest.mark.parametrize("restarted", [False, True])
def test_what_the_disk_did_not_take_is_sent_again(
    scene: Scene, disk: Disk, said: dict[str, str], restarted: bool
) -> None:
    upload = _begin(scene)
    _patch(scene, upload, PARTLY, 0)
    if restarted:
        _restart(disk)
    disk.trouble = OSError(errno.ENOSPC, "No space left on device")

    assert _patch(scene, upload, CONTENT[700:], 700, **said) == 507
    stands = int(_stands(scene, upload))
    assert stands == (0 if restarted else 700)  # what this server knows to be on the disk
    assert _patch(scene, upload, CONTENT[stands:], stands) == 204
    assert scene.backend.blobs.read(SHA256) == CONTENT


def test_what_the_disk_refuses_when_it_is_asked_for_is_sent_again(scene: Scene, disk: Disk) -> None:
    upload = _begin(scene)
    disk.trouble = Killed()
    with pytest.raises(Killed):
        _patch(scene, upload, PARTLY, 0)
    _restart(disk)
    token, address = upload
    disk.trouble = OSError(errno.EDQUOT, "Disk quota exceeded")

    assert scene.lead.send("HEAD", address, None, tus(token)).status_code == 507
    assert _stands(scene, upload) == "0"
    assert _patch(scene, upload, WHOLE, 0) == 204


def _die(*_: object) -> None:
    raise Killed
