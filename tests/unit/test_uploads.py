"""Part files: the stored size is the offset, one writer at a time, nothing wrong is kept."""

import hashlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from threading import Event
from typing import Any
from uuid import UUID, uuid4

import pytest

from inspect_server.gateways import uploads as gateway
from inspect_server.gateways.uploads import ChecksumMismatch, Chunk, LocalUploads, append
from sync.errors import BadEnvelope, NothingThere, OffsetConflict, TooLarge, UploadLocked


def _append(
    uploads: LocalUploads, upload: UUID, chunk: bytes, at: int, algorithm: str = ""
) -> None:
    checksum = (algorithm, hashlib.new(algorithm, chunk).digest()) if algorithm else None
    running = uploads.take_hash(upload, at)
    with uploads.locked(upload) as file:
        sent = Chunk(BytesIO(chunk), at, len(chunk), checksum)
        stored = append(file, sent, length=9, running=running)
    uploads.keep_hash(upload, stored, running)


@pytest.fixture
def uploads(tmp_path: Path) -> LocalUploads:
    return LocalUploads(tmp_path / "uploads")


def test_an_upload_goes_on_where_another_process_stopped(
    uploads: LocalUploads, tmp_path: Path
) -> None:
    upload = uuid4()
    uploads.create(upload)
    with uploads.locked(upload) as file:
        append(file, Chunk(BytesIO(b"first"), 0, 5), length=9)
    restarted = LocalUploads(tmp_path / "uploads")
    with restarted.locked(upload) as file:
        append(file, Chunk(BytesIO(b"last"), restarted.offset(upload), 4), length=9)

    assert restarted.path(upload).read_bytes() == b"firstlast"


def test_a_part_files_name_is_flushed_once_in_a_process(
    uploads: LocalUploads, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[Path] = []
    monkeypatch.setattr(gateway, "sync_folder", flushed.append)
    first, second = uuid4(), uuid4()
    for upload in (first, second):
        uploads.create(upload)
    begun = len(flushed)
    for upload in (first, first, second):
        uploads.flush_name(upload, 5)
    once, flushed[:] = list(flushed), []
    LocalUploads(tmp_path / "uploads").flush_name(first, 5)

    folder = tmp_path / "uploads"
    assert begun == 0  # nothing came in yet that could be lost with it
    assert once == [folder, tmp_path, folder]
    assert flushed == [folder, tmp_path]  # whoever made it may have died before flushing


def test_what_arrived_of_a_cut_chunk_is_kept(uploads: LocalUploads) -> None:
    upload = uuid4()
    uploads.create(upload)

    with pytest.raises(BadEnvelope), uploads.locked(upload) as file:
        append(file, Chunk(BytesIO(b"half"), 0, 8), length=8)
    assert uploads.offset(upload) == 4


@pytest.mark.parametrize("algorithm", ["", "sha1", "sha256"])
def test_the_hash_of_a_file_goes_on_from_chunk_to_chunk(
    uploads: LocalUploads, algorithm: str
) -> None:
    upload = uuid4()
    uploads.create(upload)

    _append(uploads, upload, b"first", 0, algorithm)
    _append(uploads, upload, b"last", 5, algorithm)
    running = uploads.take_hash(upload, 9)

    assert running is not None
    assert running.digest() == hashlib.sha256(b"firstlast").digest()


def test_a_chunk_is_answered_before_the_whole_files_hash_has_gone_on(
    uploads: LocalUploads, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload, answered = uuid4(), Event()
    uploads.create(upload)
    _append(uploads, upload, b"first", 0, "sha256")
    running = uploads.take_hash(upload, 5)
    assert running is not None
    whole = running.digest()
    monkeypatch.setattr(running, "_hash", _Waiting(answered, running._hash))
    uploads.keep_hash(upload, 5, running)

    _append(uploads, upload, b"last", 5, "sha256")
    answered.set()

    assert whole == hashlib.sha256(b"first").digest()
    assert running.digest() == hashlib.sha256(b"firstlast").digest()


@dataclass(frozen=True)
class _Waiting:
    """A hash that takes bytes in only once the answer is out."""

    answered: Event
    of: Any

    def update(self, block: bytes) -> None:
        assert self.answered.wait(10)
        self.of.update(block)

    def digest(self) -> bytes:
        found: bytes = self.of.digest()
        return found


def test_a_hash_that_missed_a_chunk_is_not_gone_on_with(
    uploads: LocalUploads, tmp_path: Path
) -> None:
    upload = uuid4()
    uploads.create(upload)
    _append(uploads, upload, b"first", 0)
    restarted = LocalUploads(tmp_path / "uploads")

    assert restarted.take_hash(upload, 5) is None
    _append(restarted, upload, b"more", 5)
    assert uploads.take_hash(upload, 9) is None


def test_a_chunk_that_was_refused_is_not_in_the_hash(uploads: LocalUploads) -> None:
    upload = uuid4()
    uploads.create(upload)
    _append(uploads, upload, b"first", 0)
    running = uploads.take_hash(upload, 5)
    wrong = ("sha256", hashlib.sha256(b"sent").digest())

    with pytest.raises(ChecksumMismatch), uploads.locked(upload) as file:
        append(file, Chunk(BytesIO(b"sENt"), 5, 4, wrong), length=9, running=running)
    assert uploads.take_hash(upload, 5) is None


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_chunk_that_differs_from_its_checksum_leaves_nothing(
    uploads: LocalUploads, algorithm: str
) -> None:
    upload = uuid4()
    uploads.create(upload)
    checksum = (algorithm, hashlib.new(algorithm, b"sent").digest())

    with pytest.raises(ChecksumMismatch), uploads.locked(upload) as file:
        append(file, Chunk(BytesIO(b"sENt"), 0, 4, checksum), length=8)
    assert uploads.offset(upload) == 0
    with uploads.locked(upload) as file:
        assert append(file, Chunk(BytesIO(b"sent"), 0, 4, checksum), length=8)


def test_a_chunk_from_elsewhere_or_past_the_end_is_refused(uploads: LocalUploads) -> None:
    upload = uuid4()
    uploads.create(upload)

    with uploads.locked(upload) as file:
        with pytest.raises(OffsetConflict):
            append(file, Chunk(BytesIO(b"x"), 3, 1), length=8)
        with pytest.raises(TooLarge):
            append(file, Chunk(BytesIO(b"123456789"), 0, 9), length=8)
    assert uploads.offset(upload) == 0


def test_only_one_request_writes_to_an_upload(uploads: LocalUploads) -> None:
    upload = uuid4()
    uploads.create(upload)

    with uploads.locked(upload), pytest.raises(UploadLocked), uploads.locked(upload):
        pass


def test_an_unknown_upload_is_gone(uploads: LocalUploads) -> None:
    with pytest.raises(NothingThere):
        uploads.offset(uuid4())
    with pytest.raises(NothingThere), uploads.locked(uuid4()):
        pass
