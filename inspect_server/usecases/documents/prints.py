"""Photos made ready for print, before the writer's lock is taken and at most once each."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from inspect_server.store import documents
from inspect_server.usecases.work import BlobStore
from pdf_templates.photos import prepare

Prints = Mapping[str, bytes | None]
"""By the SHA-256 of the original; None: its bytes are no picture that can be read."""
LARGEST_ORIGINAL = 64 * 1024 * 1024
"""Bytes of a file that is read for a picture; what has more is a film, or no camera's picture."""


def prints_of(session: Session, blobs: BlobStore, inspection_id: UUID) -> Prints:
    """
    Return the photos of a closed record ready for print; nothing where no record waits for them.

    Decoding takes a tenth of a second a photo, which nobody else should wait for. The hash ties
    each print to the original that the record names, so that a record that is another by the time
    of the lock finds those of its photos that are here, and never a wrong one.

    Raises:
        BlobMissing, BlobDamaged: A photo's file.
    """
    return {sha256: _print(blobs, sha256) for sha256 in documents.to_print(session, inspection_id)}


def pictures(blobs: BlobStore, wanted: Iterable[str], ready: Prints) -> Mapping[str, bytes]:
    """Return the prints of the wanted photos, made now where they are not ready."""
    found = {
        sha256: ready[sha256] if sha256 in ready else _print(blobs, sha256) for sha256 in wanted
    }
    return {sha256: content for sha256, content in found.items() if content is not None}


def _print(blobs: BlobStore, sha256: str) -> bytes | None:
    """Return a photo ready for print; of a file that is too large not even its bytes are read."""
    path = blobs.path(sha256)
    is_film = path.is_file() and path.stat().st_size > LARGEST_ORIGINAL
    # Its hash is looked at all the same: nothing damaged is put on paper as the bureau's.
    if is_film and blobs.is_sound(sha256):
        return None
    return prepare(blobs.read(sha256))
