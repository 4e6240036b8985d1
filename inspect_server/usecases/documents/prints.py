"""Photos made ready for print, before the writer's lock is taken and at most once each."""

from collections.abc import Callable, Iterable, Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from inspect_server.store import documents
from inspect_server.usecases.work import BlobStore
from pdf_templates.photos import prepare

Prints = Mapping[str, bytes | None]
"""By the SHA-256 of the original; None: its bytes are no picture that can be read."""


def prints_of(session: Session, blobs: BlobStore, inspection_id: UUID) -> Prints:
    """
    Return the photos of a closed record ready for print; nothing where no record waits for them.

    Decoding takes a tenth of a second a photo, which nobody else should wait for. The hash ties
    each print to the original that the record names, so that a record that is another by the time
    of the lock finds those of its photos that are here, and never a wrong one.

    Raises:
        BlobMissing, BlobDamaged: A photo's file.
    """
    return {
        sha256: prepare(blobs.read(sha256)) for sha256 in documents.to_print(session, inspection_id)
    }


def pictures(
    read: Callable[[str], bytes], wanted: Iterable[str], ready: Prints
) -> Mapping[str, bytes]:
    """Return the prints of the wanted photos, made now where they are not ready."""
    found = {
        sha256: ready[sha256] if sha256 in ready else prepare(read(sha256)) for sha256 in wanted
    }
    return {sha256: content for sha256, content in found.items() if content is not None}
