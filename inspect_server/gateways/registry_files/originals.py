"""Keeping the files that were imported: every column, sheet and note of them, as handed in."""

import hashlib
import os
import secrets
from pathlib import Path

from inspect_server.domain.errors import InspectError
from inspect_server.gateways.blobs import sync_folder

_BLOCK = 1 << 20
_SUFFIXES = (".xlsx", ".csv")


class FileChanged(InspectError):
    """Somebody saved the file while it was being read."""

    code, kind = "registry.file_changed", "conflict"
    message = "文件“{name}”在导入过程中被改动，没有导入任何内容，请关闭正在编辑它的程序后重新导入。"


class Original:
    """A copy of one imported file under its SHA-256; the same file again is not copied again."""

    def __init__(self, folder: Path, source: Path, sha256: str) -> None:
        suffix = source.suffix.lower()
        self.path = folder / (sha256 + (suffix if suffix in _SUFFIXES else ""))
        self._source, self._sha256 = source, sha256
        self._is_new = False

    def keep(self) -> None:
        """
        Copy the file, durably.

        Raises:
            FileChanged: It is no longer what was read.
        """
        if self.path.is_file():
            return
        folder = self.path.parent
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f".{self.path.name}.{secrets.token_hex(4)}"
        try:
            if self._copy(part) != self._sha256:
                raise FileChanged(name=self._source.name)
            part.replace(self.path)
        finally:
            part.unlink(missing_ok=True)
        self._is_new = True
        sync_folder(folder)

    def forget(self) -> None:
        """Remove the copy again where this import made it and was not committed."""
        if self._is_new:
            self.path.unlink(missing_ok=True)

    def _copy(self, part: Path) -> str:
        digest = hashlib.sha256()
        with self._source.open("rb") as source, part.open("xb") as target:
            os.chmod(target.fileno(), 0o600)  # it names people
            while block := source.read(_BLOCK):
                digest.update(block)
                target.write(block)
            target.flush()
            os.fsync(target.fileno())
        return digest.hexdigest()
