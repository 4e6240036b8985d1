"""Files on the local disk, under their SHA-256."""

import errno
import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from inspect_server.domain.errors import InspectError

_flushers = ThreadPoolExecutor(4, thread_name_prefix="flush")
_COPY = re.compile(r"\.[0-9a-f]{64}\.[0-9a-f]{8}")
"""What a file is called while it is written; whoever does so has its bytes elsewhere, too."""


class BlobDamaged(InspectError):
    """A stored file no longer has the hash that names it."""

    code, kind = "blob.damaged", "broken"
    message = "文件 {sha256} 的内容与其哈希不符，数据已损坏或被改动，请立即停止使用并从备份恢复。"


class BlobMissing(InspectError):
    """No file of this hash is stored."""

    code, kind = "blob.missing", "missing"
    message = (
        "文件 {sha256} 没有存储：是照片的，请确认手机已完成上传；"
        "是文书等其他文件的，数据已缺失，请立即停止使用并从备份恢复。"
    )


class LocalBlobs:
    """Create-only files below one folder, two levels deep."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lasting: set[Path] = set()  # folders whose own names this process made durable

    def path(self, sha256: str) -> Path:
        """Return where the bytes of this hash lie, whether or not they are there."""
        return self._folder / sha256[:2] / sha256[2:4] / sha256

    def has(self, sha256: str) -> bool:
        """Return whether the bytes of this hash are stored."""
        return self.path(sha256).is_file()

    def lying(self, prefix: str) -> Iterator[Path]:
        """
        Yield every file that lies among those whose hashes begin with these two characters.

        Also what is no stored file: copies cut short, and damaged bytes that were set aside.
        """
        yield from (path for path in self._folder.glob(f".{prefix}*") if path.is_file())
        yield from (path for path in (self._folder / prefix).rglob("*") if path.is_file())

    def drop_left_copies(self, before: float) -> int:
        """
        Remove what killed processes left half written, and return how many.

        Args:
            before: Seconds since 1970; what was written to since may be under way.
        """
        left = [path for path in self._folder.glob(".*") if _COPY.fullmatch(path.name)]
        gone = [path for path in left if path.is_file() and path.stat().st_mtime < before]
        for path in gone:
            path.unlink(missing_ok=True)
        return len(gone)

    def put(self, content: bytes) -> str:
        """Store the bytes and return their hex SHA-256; the same bytes again change nothing."""
        sha256 = hashlib.sha256(content).hexdigest()
        if self.is_sound(sha256):
            self.make_durable(sha256)
            return sha256
        self._folder.mkdir(parents=True, exist_ok=True)
        part = self._folder / f".{sha256}.{secrets.token_hex(4)}"
        try:
            with part.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            self.adopt(part, sha256)
        finally:
            part.unlink(missing_ok=True)
        return sha256

    def adopt(self, path: Path, sha256: str, hashed: str = "") -> None:
        """
        Move a finished file of this hash in; a damaged one under its name is set aside before.

        Args:
            path: Flushed to the disk.
            sha256: The hash that it should have.
            hashed: The hash of its bytes, where all were hashed as they were written; else the
                file is read.

        Raises:
            BlobDamaged: It has another hash; nothing was moved.
        """
        if (hashed or _hash_of(path)) != sha256:
            raise BlobDamaged(sha256=sha256)
        target = self.path(sha256)
        target.parent.mkdir(parents=True, exist_ok=True)
        if self.is_sound(sha256):
            self.make_durable(sha256)
            path.unlink()
            return
        self.set_aside(sha256)
        try:
            path.replace(target)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            self._copy(path, target)  # the files lie on a disk of their own
        self._flush(target.parent)

    def make_durable(self, sha256: str) -> None:
        """Flush a stored file and its name: whoever moved it in may have died before doing so."""
        path = self.path(sha256)
        with path.open("rb") as file:
            os.fsync(file.fileno())
        self._flush(path.parent)

    def is_sound(self, sha256: str) -> bool:
        """Return whether the bytes are there and still have their hash."""
        return self.has(sha256) and _hash_of(self.path(sha256)) == sha256

    def set_aside(self, sha256: str) -> None:
        """Move damaged bytes to a name of their own, so that whole ones can come in."""
        path = self.path(sha256)
        if self.has(sha256) and _hash_of(path) != sha256:
            path.rename(path.with_name(f"{sha256}.damaged-{secrets.token_hex(4)}"))
            sync_folder(path.parent)

    def _flush(self, folder: Path) -> None:
        """
        Make what was moved into a folder survive a power cut, and the names of the folders above.

        Those once in a process, whoever made them: another one may have died before flushing. All
        at the same time, because the disk is what takes long.
        """
        new = [one for one in (folder, folder.parent, self._folder) if one not in self._lasting]
        list(_flushers.map(sync_folder, [folder, *(one.parent for one in new)]))
        self._lasting.update(new)

    def _copy(self, path: Path, target: Path) -> None:
        part = self._folder / f".{target.name}.{secrets.token_hex(4)}"
        try:
            with path.open("rb") as source, part.open("xb") as file:
                shutil.copyfileobj(source, file)
                file.flush()
                os.fsync(file.fileno())
            if _hash_of(part) != target.name:
                raise BlobDamaged(sha256=target.name)
            part.replace(target)
            path.unlink()
        finally:
            part.unlink(missing_ok=True)

    def read(self, sha256: str) -> bytes:
        """
        Return the bytes, re-hashed.

        Raises:
            BlobMissing: No such file.
            BlobDamaged: The file changed on disk.
        """
        try:
            content = self.path(sha256).read_bytes()
        except FileNotFoundError:
            raise BlobMissing(sha256=sha256) from None
        if hashlib.sha256(content).hexdigest() != sha256:
            raise BlobDamaged(sha256=sha256)
        return content


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync_folder(folder: Path) -> None:
    """Make what was created or renamed in a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
