"""Photos made ready for print, before the writer's lock is taken and at most once each."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from threading import BoundedSemaphore
from uuid import UUID

from sqlalchemy.orm import Session

from inspect_server.config import Settings
from inspect_server.domain.errors import InspectError
from inspect_server.store import documents
from inspect_server.usecases.work import BlobStore
from pdf_templates.photos import effort, prepare

Prints = Mapping[str, bytes | None]
"""By the SHA-256 of the original; None: its bytes are no picture that can be read."""
LARGEST_ORIGINAL = 64 * 1024 * 1024
"""Bytes of a file that is read for a picture; what has more is a film, or no camera's picture."""


MOST_PHOTOS = Settings.most_photos
EFFORT_EACH = 20_000_000
"""
Of a record's photos, in pixels as `pdf_templates.photos.effort` counts, on an average: half a
second. One of 12 megapixels has 4 million, one of 108 has 34.
"""
AT_ONCE, PATIENCE = 2, 10.0
"""
Records whose photos are made ready at the same time in one process, and the seconds that others
wait: whoever waits has one of the few working threads, which phones need, too.
"""

_turns = BoundedSemaphore(AT_ONCE)


class TooMuchToPrint(InspectError):
    """The photos of a record would take too long, or too much memory."""

    code, kind = "document.too_many_photos", "conflict"
    message = (
        "照片{reason}，文书未制作、文号未占用；请系统管理员调高配置项 most_photos "
        "并重启服务后重新制作。"
    )


class PrintingBusy(InspectError):
    """Photos of other records are being made ready."""

    code, kind = "document.busy", "unavailable"
    message = "正在处理其他检查的照片，文书未制作，请稍后重新制作。"


def prints_of(
    session: Session, blobs: BlobStore, inspection_id: UUID, most: int = MOST_PHOTOS
) -> Prints:
    """
    Return the photos of a closed record ready for print; nothing where no record waits for them.

    Decoding takes a tenth of a second a photo, which nobody else should wait for. The hash ties
    each print to the original that the record names, so that a record that is another by the time
    of the lock finds those of its photos that are here, and never a wrong one.

    Args:
        most: How many photos documents are made of.

    Raises:
        TooMuchToPrint: It has more, or together they take more than so many usual ones.
        PrintingBusy: Those of other records are being made ready.
        BlobMissing, BlobDamaged: A photo's file.
    """
    listed = documents.to_print(session, inspection_id)
    check_number(len(listed), most)
    prints: dict[str, bytes | None] = {}
    left = most * EFFORT_EACH
    with _turn(bool(listed)):
        for sha256 in dict.fromkeys(listed):
            content = _content(blobs, sha256)
            left -= effort(content)
            if left < 0:
                raise TooMuchToPrint(reason="的像素过多，处理时间过长")
            prints[sha256] = prepare(content)
    return prints


def check_number(count: int, most: int) -> None:
    """
    Check how many photos a record has before anything of it is made.

    Raises:
        TooMuchToPrint: More than documents are made of.
    """
    if count > most:
        raise TooMuchToPrint(reason=f"有 {count} 张，超过一次检查的文书可以收录的 {most} 张")


def pictures(blobs: BlobStore, wanted: Iterable[str], ready: Prints) -> Mapping[str, bytes]:
    """Return the prints of the wanted photos, made now where they are not ready."""
    found = {
        sha256: ready[sha256] if sha256 in ready else _print(blobs, sha256) for sha256 in wanted
    }
    return {sha256: content for sha256, content in found.items() if content is not None}


def _print(blobs: BlobStore, sha256: str) -> bytes | None:
    return prepare(_content(blobs, sha256))


def _content(blobs: BlobStore, sha256: str) -> bytes:
    """Return a photo's bytes; of a file that is too large to be one none, which is no picture."""
    path = blobs.path(sha256)
    is_film = path.is_file() and path.stat().st_size > LARGEST_ORIGINAL
    # Its hash is looked at all the same: nothing damaged is put on paper as the bureau's.
    if is_film and blobs.is_sound(sha256):
        return b""
    return blobs.read(sha256)


@contextmanager
def _turn(is_needed: bool) -> Iterator[None]:
    if not is_needed:
        yield
        return
    if not _turns.acquire(timeout=PATIENCE):
        raise PrintingBusy
    try:
        yield
    finally:
        _turns.release()
