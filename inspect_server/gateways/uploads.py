"""Parts of files that phones are uploading; they outlive restarts and lost connections."""

import fcntl
import hashlib
import os
from collections import OrderedDict
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from io import FileIO
from pathlib import Path
from typing import NamedTuple, Protocol, TypeVar
from uuid import UUID

from inspect_server.gateways.blobs import sync_folder
from sync.errors import (
    BadEnvelope,
    NothingThere,
    OffsetConflict,
    SyncError,
    TooLarge,
    UploadLocked,
)

_T = TypeVar("_T")

BLOCK = 1024 * 1024
"""Bytes that are written and hashed at once: a phone's chunk, so that it is never copied."""
PART = ".part"
MAX_KNOWN = 4096
"""
Uploads under way of which this process remembers what was said at their beginning, and the hash
that goes on from chunk to chunk; of any other it is looked up, and the file read at its end.
"""
HASHERS = 4


class Readable(Protocol):
    """What a chunk can be read from."""

    def read(self, size: int = -1, /) -> bytes:
        """Return up to `size` bytes; empty at the end."""


_hashers = ThreadPoolExecutor(HASHERS, thread_name_prefix="hash")
"""Hashing lets go of the interpreter, so it is done beside writing and flushing."""


class RunningHash:
    """A hash that goes on in another thread: beside the writing, and behind the answers."""

    def __init__(self, name: str = "sha256") -> None:
        self.name = name
        self._hash = hashlib.new(name, usedforsecurity=False)
        self._last: Future[None] | None = None

    def add(self, block: bytes) -> None:
        """Take in more bytes; the block before is waited for, this one is not."""
        self._wait()
        self._last = _hashers.submit(self._hash.update, block)

    def digest(self) -> bytes:
        """Return the hash of all that came in."""
        self._wait()
        return self._hash.digest()

    def _wait(self) -> None:
        if self._last is not None:
            self._last.result()


class ChecksumMismatch(SyncError):
    """The bytes are not those that the phone hashed; nothing of the chunk was kept (tus: 460)."""

    code, status = "sync.checksum", 460
    message = "上传内容与校验值不一致，请重新上传该部分。"


class Chunk(NamedTuple):
    """
    Bytes of a file on their way, and what the phone says of them.

    Attributes:
        body: Where they are read from.
        offset: Where in the file they begin.
        announced: How many they are (Content-Length).
        checksum: Algorithm (sha1 or sha256) and digest; then a chunk that differs, is cut or finds
            the disk full leaves nothing. Without it, what arrived of a cut chunk stays: the hash
            of the whole file decides in the end.
    """

    body: Readable
    offset: int
    announced: int
    checksum: tuple[str, bytes] | None = None


class Begun(NamedTuple):
    """What was said when an upload began; it stays so while its part file lies there."""

    replica_id: str
    sha256: str
    length: int


class LocalUploads:
    """
    Part files below one folder. The file's size is the offset: there is no second truth.

    But whoever wrote them may have died before flushing them, so nobody is told of bytes that this
    process did not flush itself: `make_durable`.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lasts = False  # the folder's own name was made durable by this process
        self._flushed: OrderedDict[UUID, int] = OrderedDict()  # how much of whom, names included
        self._hashed: OrderedDict[UUID, tuple[int, RunningHash]] = OrderedDict()
        self._begun: OrderedDict[UUID, Begun] = OrderedDict()

    def path(self, upload_id: UUID) -> Path:
        """Return where the part file lies."""
        return self._folder / f"{upload_id}{PART}"

    def create(self, upload_id: UUID) -> None:
        """Begin an empty part file; with its first bytes its name becomes durable: `flush_name`."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self.path(upload_id).open("xb"):
            pass

    @contextmanager
    def creating(self, upload_id: UUID) -> Iterator[None]:
        """Begin an empty part file that goes again when what is done with it here fails."""
        self.create(upload_id)
        try:
            yield
        except BaseException:
            self.discard(upload_id)
            raise

    def flushed(self, upload_id: UUID) -> int:
        """Return how many bytes of a part file this process knows to survive a power cut."""
        return self._flushed.get(upload_id, 0)

    def flush_name(self, upload_id: UUID, flushed: int) -> None:
        """Make the name of a part file with so many flushed bytes survive a power cut, too."""
        if upload_id not in self._flushed:  # once in a process is enough
            sync_folder(self._folder)
            if not self._lasts:
                sync_folder(self._folder.parent)
                self._lasts = True
        _keep(self._flushed, upload_id, flushed)

    def make_durable(self, upload_id: UUID, file: FileIO) -> int:
        """
        Flush a part file unless this process did when it wrote it, and return how long it is.

        Args:
            upload_id: Whose part file.
            file: It, locked.

        Raises:
            OSError: The disk did not take it all; what is not known to be on it goes.
        """
        stored = file.seek(0, os.SEEK_END)
        if stored > self.flushed(upload_id):
            _flush(file, self.flushed(upload_id))
            self.flush_name(upload_id, stored)
        return stored

    def offset(self, upload_id: UUID) -> int:
        """
        Return how many bytes are stored.

        Raises:
            NothingThere: No such part file.
        """
        try:
            return self.path(upload_id).stat().st_size
        except FileNotFoundError:
            raise NothingThere from None

    def is_empty(self, upload_id: UUID) -> bool:
        """Return whether nothing came in; a part file that is gone is empty."""
        try:
            return self.offset(upload_id) == 0
        except NothingThere:
            return True

    def discard_empty(self, upload_id: UUID) -> bool:
        """Remove a part file into which nothing came; return False where something just does."""
        try:
            with self.locked(upload_id) as file:
                if file.seek(0, os.SEEK_END):
                    return False
                self.discard(upload_id)
        except UploadLocked:
            return False
        except NothingThere:
            return True
        return True

    def parts(self) -> list[Path]:
        """Return all part files, whoever they belong to."""
        return sorted(self._folder.glob(f"*{PART}"))

    def lying(self) -> list[UUID]:
        """Return the ids of all part files, whether or not anybody else knows them."""
        found = []
        for path in self.parts():
            with suppress(ValueError):
                found.append(UUID(path.stem))
        return found

    def touched(self, upload_id: UUID) -> float:
        """
        Return when a part file was last written to, in seconds since 1970.

        Raises:
            NothingThere: No such part file.
        """
        try:
            return self.path(upload_id).stat().st_mtime
        except FileNotFoundError:
            raise NothingThere from None

    @contextmanager
    def locked(self, upload_id: UUID) -> Iterator[FileIO]:
        """
        Open the part file for one writer; the lock ends with the process that holds it.

        It has no buffer: what a full disk did not take must not be written later.

        Raises:
            UploadLocked: Another request has it.
            NothingThere: No such part file.
        """
        try:
            file = self.path(upload_id).open("r+b", buffering=0)
        except FileNotFoundError:
            raise NothingThere from None
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise UploadLocked from None
            if not self.path(upload_id).exists():  # finished between opening and locking
                raise NothingThere
            yield file

    def discard(self, upload_id: UUID) -> None:
        """Remove the part file; one that is gone already is no error."""
        self.path(upload_id).unlink(missing_ok=True)
        self._hashed.pop(upload_id, None)
        self._begun.pop(upload_id, None)
        self._flushed.pop(upload_id, None)

    def begun(self, upload_id: UUID) -> Begun | None:
        """Return what an upload is said to bring, where this process knows it."""
        return self._begun.get(upload_id)

    def remember(self, upload_id: UUID, begun: Begun) -> None:
        """Remember what an upload is said to bring; the oldest gives way."""
        _keep(self._begun, upload_id, begun)

    def take_hash(self, upload_id: UUID, offset: int) -> RunningHash | None:
        """Return the hash of the bytes before `offset`, to go on with; None when not at hand."""
        known, running = self._hashed.pop(upload_id, (0, None))
        if running is None and offset == 0:
            return RunningHash()
        return running if known == offset else None

    def keep_hash(self, upload_id: UUID, offset: int, running: RunningHash | None) -> None:
        """Keep the hash of the bytes before `offset` for the next chunk; the oldest gives way."""
        if running is not None:
            _keep(self._hashed, upload_id, (offset, running))


def append(
    file: FileIO,
    chunk: Chunk,
    *,
    length: int,
    running: RunningHash | None = None,
    flushed: int = 0,
) -> int:
    """
    Write one chunk at the end, flush it to the disk, and return the new offset.

    Args:
        file: The part file, locked.
        chunk: The bytes.
        length: Bytes of the whole file as announced at its creation.
        running: The hash of what is stored before, to go on with; useless after an error.
        flushed: How much of what is stored before is known to be on the disk. All else goes when
            flushing fails, because the kernel then takes for written what is not.

    Raises:
        OffsetConflict: The chunk begins elsewhere.
        TooLarge: The chunk would pass the end of the file.
        BadEnvelope: Fewer bytes than announced came.
        ChecksumMismatch: The bytes are not those that were hashed.
        OSError: The disk is full, or takes no bytes for another reason.
    """
    stored, checksum = file.seek(0, os.SEEK_END), chunk.checksum
    if stored != chunk.offset:
        raise OffsetConflict
    if stored + chunk.announced > length:
        raise TooLarge(limit=f"申报的 {length} 字节")
    digest = _digest(checksum, running if stored == 0 else None)
    digests = {one for one in (digest, running) if one}
    left, sound = chunk.announced, False
    try:
        while left and (block := _read(chunk.body, min(BLOCK, left))):
            for one in digests:
                one.add(block)
            _write(file, block)
            left -= len(block)
        _flush(file, flushed)
        sound = digest is None or checksum is None or digest.digest() == checksum[1]
    finally:
        if digest and not sound:
            _cut(file, stored)
    if not sound:
        os.fsync(file.fileno())  # that nothing of it is left
    if left:
        raise BadEnvelope(reason="数据未完整到达")
    if not sound:
        raise ChecksumMismatch
    return stored + chunk.announced


def _flush(file: FileIO, flushed: int) -> None:
    """Flush a part file; a disk that refuses leaves what was `flushed` before, and no more."""
    try:
        os.fsync(file.fileno())
    except OSError:
        _cut(file, flushed)
        raise


def _cut(file: FileIO, length: int) -> None:
    file.truncate(min(length, file.seek(0, os.SEEK_END)))


def _keep(known: OrderedDict[UUID, _T], upload_id: UUID, value: _T) -> None:
    known[upload_id] = value
    while len(known) > MAX_KNOWN:
        known.popitem(last=False)


def _digest(checksum: tuple[str, bytes] | None, running: RunningHash | None) -> RunningHash | None:
    """Return what hashes a chunk: of the first one the file's own hash, if it is of that kind."""
    if checksum is None:
        return None
    if running is not None and running.name == checksum[0]:
        return running
    return RunningHash(checksum[0])


def _read(body: Readable, size: int) -> bytes:
    try:
        return body.read(size)
    except OSError:  # the connection was reset: the same as a body that ends early
        return b""


def _write(file: FileIO, block: bytes) -> None:
    rest = memoryview(block)
    while rest:
        rest = rest[file.write(rest) :]
