"""The folder of a demo: what lies where, and whose folder it is."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from inspect_server.domain.errors import InspectError

MARKER = ".inspect-demo"
DATABASE = "inspect.db"
"""And what SQLite keeps beside it while it is open."""
RESERVED = "本文件夹由 inspect-server demo 建立，再次运行时会整个清空重建。\n"


class FolderNotEmpty(InspectError):
    """The folder holds something that no demo made."""

    code, kind = "demo.folder_not_empty", "conflict"
    message = "文件夹 {folder} 不是空的，也不是以前的演示，不会覆盖；请用 --folder 另指定一个。"


class NoDemoHere(InspectError):
    """There is nothing to verify."""

    code, kind = "demo.none_here", "missing"
    message = "文件夹 {folder} 中没有完成的演示，请先运行 inspect-server demo --folder {folder}。"


@dataclass(frozen=True)
class Folder:
    """One demo's folder."""

    root: Path

    @property
    def data(self) -> Path:
        """The server's data folder."""
        return self.root / "data"

    @property
    def registry(self) -> Path:
        """The files that the district's offices hand in."""
        return self.root / "registry"

    @property
    def reports(self) -> Path:
        """What the imports could not take."""
        return self.root / "reports"

    @property
    def draw(self) -> Path:
        """Certificate and public lines of the draw, for anybody to verify."""
        return self.root / "draw"

    @property
    def documents(self) -> Path:
        """The printed documents."""
        return self.root / "documents"

    @property
    def phones(self) -> Path:
        """One file a phone, and what each phone confirmed to its user."""
        return self.root / "phones"

    @property
    def witness(self) -> Path:
        """What the witness keeps to themselves."""
        return self.root / "witness"

    @property
    def results(self) -> Path:
        """The table of what was done, as it was counted while it was done."""
        return self.root / "results.json"

    @property
    def manifest(self) -> Path:
        """The hash of everything, as it was at the end."""
        return self.root / "manifest.json"

    def files(self) -> dict[str, Path]:
        """Return every file by its path from here, but the manifest and the server's database."""
        return {
            path.relative_to(self.root).as_posix(): path
            for path in sorted(self.root.rglob("*"))
            if path.is_file() and path != self.manifest and not path.match(f"data/{DATABASE}*")
        }

    def renew(self) -> None:
        """
        Make the folder, empty but for the marker.

        Raises:
            FolderNotEmpty: It holds something and no demo made it.
        """
        if self.root.exists():
            if not self.root.is_dir() or (any(self.root.iterdir()) and not self._is_demo):
                raise FolderNotEmpty(folder=self.root)
            for path in self.root.iterdir():
                if path.name != MARKER:  # the marker stays: an interrupted run may be repeated
                    _remove(path)
        self.root.mkdir(parents=True, exist_ok=True)
        (self.root / MARKER).write_text(RESERVED, encoding="utf-8")
        for folder in (self.registry, self.reports, self.draw, self.documents, self.phones):
            folder.mkdir()
        self.witness.mkdir()

    def require_finished(self) -> None:
        """
        Go on only with the folder of a demo that came to its end.

        Raises:
            NoDemoHere: There is none.
        """
        if not (self._is_demo and self.manifest.is_file()):
            raise NoDemoHere(folder=self.root)

    @property
    def _is_demo(self) -> bool:
        return (self.root / MARKER).is_file()


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()
