"""What phones sent and nothing else here speaks of: kept, and shown to whoever looks after it."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

from inspect_server.gateways.uploads import LocalUploads
from inspect_server.store.drawing import draws
from inspect_server.store.journal import blobs as sync_blobs
from inspect_server.usecases.work import Backend

KINDS = {
    "part": "未传完",
    "unknown_part": "未登记的上传",
    "uncited": "无记录引用",
    "unknown_file": "未登记的文件",
}
"""Every kind of orphan, and what a person reads."""
PREFIXES = tuple(map("".join, product("0123456789abcdef", repeat=2)))
"""How files are shared out to folders; also the steps of `find_orphans`."""


@dataclass(frozen=True)
class Orphan:
    """One of them."""

    kind: str  # a key of KINDS
    name: (
        str  # the file's hash, as promised by its phone or as it is; or its path in the data folder
    )
    size: int  # bytes that are here
    length: int  # bytes that were announced
    since: datetime  # when the latest of it came
    phone: str  # label and user, "" where nobody knows

    @property
    def word(self) -> str:
        """What a person reads."""
        return KINDS[self.kind]


def find_orphans(
    backend: Backend, progress: Callable[[int], object] = lambda _: None
) -> tuple[Orphan, ...]:
    """
    Return what arrived and belongs to nothing: nothing of it is ever deleted by itself.

    Files that no phone sent (documents, published files, lists that draws were committed to) have
    checks of their own and are none.

    Args:
        backend: Read only.
        progress: Called with the number of steps done since the last call; len(PREFIXES) in all.
    """
    return (*_parts(backend), *_uncited(backend), *_unknown(backend, progress))


def _parts(backend: Backend) -> Iterator[Orphan]:
    uploads = LocalUploads(backend.settings.data_dir / "uploads")
    with backend.reading() as session:
        rows = sync_blobs.unfinished(session)
        here = sync_blobs.sound(session, [row.sha256 for row, _, _ in rows])
    paths = set(uploads.parts())
    for row, label, name in rows:
        path = uploads.path(row.id)
        if path in paths and row.sha256 not in here and not uploads.is_empty(row.id):
            size, since = _size_and_time(path)
            yield Orphan("part", row.sha256, size, row.length, since, f"{label} {name}".strip())
    for path in sorted(paths - {uploads.path(row.id) for row, _, _ in rows}):
        yield _lying(backend, "unknown_part", path)


def _uncited(backend: Backend) -> Iterator[Orphan]:
    with backend.reading() as session:
        for row, label, name in sync_blobs.uncited(session):
            phone = f"{label} {name}".strip()
            yield Orphan("uncited", row.sha256, row.size, row.size, row.created_at, phone)


def _unknown(backend: Backend, progress: Callable[[int], object]) -> Iterator[Orphan]:
    with backend.reading() as session:
        drawn_from = {json.loads(body)["snapshot_sha256"] for body in draws.commit_bodies(session)}
    for prefix in PREFIXES:
        with backend.reading() as session:
            known = sync_blobs.registered(session, prefix)
        for path in sorted(backend.blobs.lying(prefix)):
            if path.name not in known and path.name not in drawn_from:
                yield _lying(backend, "unknown_file", path)
        progress(1)


def _lying(backend: Backend, kind: str, path: Path) -> Orphan:
    size, since = _size_and_time(path)
    name = str(path.relative_to(backend.settings.data_dir))
    return Orphan(kind, name, size, size, since, "")


def _size_and_time(path: Path) -> tuple[int, datetime]:
    found = path.stat()
    return found.st_size, datetime.fromtimestamp(found.st_mtime, UTC)
