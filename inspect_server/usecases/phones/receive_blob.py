"""Receiving the files that entries cite: resumable, verified, stored once."""

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from inspect_server.domain.media import LONGEST, media_type
from inspect_server.gateways.blobs import BlobDamaged
from inspect_server.gateways.keys import LocalKeys
from inspect_server.gateways.uploads import Begun, Chunk, LocalUploads, RunningHash, append
from inspect_server.store.journal import blobs as sync_blobs
from inspect_server.store.models.journal import Upload
from inspect_server.usecases.phones import upload_tokens
from inspect_server.usecases.phones.upload_tokens import UploadRight, UploadTokenInvalid
from inspect_server.usecases.work import Actor, Backend, Work
from sync.errors import (
    DigestMismatch,
    NotHereYet,
    NothingThere,
    NotInScope,
    TooLarge,
    UploadLocked,
)
from sync.protocol import MAX_BLOB_BYTES, WantedBlob

MAX_EMPTY = 64
"""
Uploads of one replica into which nothing came yet, e.g. because answers were lost on the way; the
oldest gives way. What bytes came in for is never dropped for being many.
"""

_noting = ThreadPoolExecutor(8, thread_name_prefix="note")


@dataclass(frozen=True)
class UploadState:
    """Where one upload stands."""

    id: UUID
    sha256: str
    offset: int
    length: int


@dataclass(frozen=True)
class StoredFile:
    """A stored file that the caller may fetch."""

    sha256: str
    path: Path
    size: int
    mime: str


def wanted(backend: Backend, replica_id: str, sha256s: Sequence[str]) -> list[WantedBlob]:
    """
    Return which of these files are missing, among those that this replica may send.

    Those are what its own entries cite, and what entries cite that it brought here.
    """
    with backend.reading() as session:
        asked = sync_blobs.sendable(session, replica_id, sha256s)
        sound = sync_blobs.sound(session, asked)
    lost = sorted(
        sha256 for sha256 in asked if sha256 not in sound or not backend.blobs.has(sha256)
    )
    secret, now = _secret(backend), backend.clock.now()
    return [
        WantedBlob(sha256, upload_tokens.issue(secret, UploadRight(replica_id, sha256), now))
        for sha256 in lost
    ]


def allowed(backend: Backend, token: str) -> UploadRight:
    """
    Return what an upload token permits.

    Raises:
        UploadTokenInvalid: Forged, damaged or expired.
    """
    return upload_tokens.check(_secret(backend), token, backend.clock.now())


def open_upload(backend: Backend, right: UploadRight, sha256: str, length: int) -> UploadState:
    """
    Begin an upload.

    A file that is here already still has to be sent: having its bytes is what lets its author
    fetch it again, and a phone that asked `wanted` first never sends one twice.

    Raises:
        UploadTokenInvalid: The token is for another file.
        TooLarge: Above MAX_BLOB_BYTES.
    """
    uploads, state = _uploads(backend), _beginning(right, sha256, length)
    with uploads.creating(state.id):
        _note_begun(backend, right, state)
    if length == 0:
        return _finish(backend, state)
    uploads.remember(state.id, Begun(right.replica_id, sha256, length))
    return state


def open_with_bytes(
    backend: Backend, right: UploadRight, sha256: str, length: int, chunk: Chunk
) -> UploadState:
    """
    Begin an upload with its first bytes (tus: creation-with-upload).

    That it begins is noted, and its name made durable, while they are written, since each waits for
    the disk. Of a chunk that is refused nothing stays: nobody learned where it is.

    Raises:
        UploadTokenInvalid, TooLarge: See `open_upload`.
        BadEnvelope, ChecksumMismatch, DigestMismatch: See `receive_chunk`.
    """
    uploads, state = _uploads(backend), _beginning(right, sha256, length)
    with uploads.creating(state.id), uploads.locked(state.id) as file:
        beside = (
            _noting.submit(_note_begun, backend, right, state),
            _noting.submit(uploads.flush_name, state.id, 0),
        )
        running = RunningHash()
        try:
            stored = append(file, chunk, length=length, running=running)
            for one in beside:
                one.result()
        except BaseException:
            wait(beside)
            with suppress(Exception):
                _forget(backend, state.id)
            raise
        uploads.remember(state.id, Begun(right.replica_id, sha256, length))
        return _appended(backend, replace(state, offset=stored), running)


def _beginning(right: UploadRight, sha256: str, length: int) -> UploadState:
    if right.sha256 != sha256:
        raise UploadTokenInvalid
    if not 0 <= length <= MAX_BLOB_BYTES:
        raise TooLarge(limit=f"{MAX_BLOB_BYTES // 1024**2} MiB")
    return UploadState(uuid4(), sha256, 0, length)


def _note_begun(backend: Backend, right: UploadRight, state: UploadState) -> None:
    uploads = _uploads(backend)
    with backend.begin(Actor.system("sync")) as work:
        under_way = sync_blobs.open_uploads(work.session, right.replica_id)
        empty = [id for id in under_way if uploads.is_empty(id)]
        given_way = empty[: max(0, len(empty) - MAX_EMPTY + 1)]
        sync_blobs.hold_uploads(work.session, given_way)
        sync_blobs.forget(work.session, [id for id in given_way if uploads.discard_empty(id)])
        sync_blobs.begin(
            work.session, state.id, right.replica_id, state.sha256, state.length, work.now
        )


def upload_state(backend: Backend, right: UploadRight, upload_id: UUID) -> UploadState:
    """
    Return how far an upload came.

    Whoever is told of bytes does not send them again, so what a crash left undone (flushing them;
    after the last chunk verifying, storing, noting) is made good first.

    Raises:
        NothingThere: Unknown, terminated, or another replica's.
        UploadLocked: Another request is just writing or finishing it.
        DigestMismatch: See `receive_chunk`.
    """
    uploads = _uploads(backend)
    with backend.reading() as session:
        row = _own(session, right, upload_id)
        state = UploadState(row.id, row.sha256, row.length, row.length)
        if row.finished_at is not None:
            return state
    try:
        offset = uploads.offset(upload_id)
        if offset <= uploads.flushed(upload_id) and offset < row.length:
            return replace(state, offset=offset)
        with uploads.locked(upload_id) as file:
            offset = uploads.make_durable(upload_id, file)
            return (
                _finish(backend, state) if offset == row.length else replace(state, offset=offset)
            )
    except NothingThere:
        return _note_stored(backend, right, state)


def receive_chunk(
    backend: Backend, right: UploadRight, upload_id: UUID, chunk: Chunk
) -> UploadState:
    """
    Append one chunk, durably; the last one makes the file a stored blob if its hash holds.

    No transaction is open while bytes come in: a slow phone must not hold the database.

    Raises:
        NothingThere, UploadLocked, OffsetConflict, TooLarge, BadEnvelope, ChecksumMismatch: See
            `gateways.uploads.append`.
        DigestMismatch: The whole file has another hash. It is kept under the one it has, and the
            upload is over.
    """
    uploads, state = _uploads(backend), _reached(backend, right, upload_id)
    if state.offset == state.length and not uploads.path(upload_id).exists():
        return state  # finished before: a repeated last chunk changes nothing
    with uploads.locked(upload_id) as file:
        running, flushed = uploads.take_hash(upload_id, chunk.offset), uploads.flushed(upload_id)
        stored = append(file, chunk, length=state.length, running=running, flushed=flushed)
        return _appended(backend, replace(state, offset=stored), running)


def _appended(backend: Backend, state: UploadState, running: RunningHash | None) -> UploadState:
    """Go on from a chunk that is on the disk; `running` is the hash of all bytes, if at hand."""
    uploads = _uploads(backend)
    uploads.flush_name(state.id, state.offset)
    if state.offset == state.length:
        return _finish(backend, state, running.digest().hex() if running else "")
    uploads.keep_hash(state.id, state.offset, running)
    return state


def _reached(backend: Backend, right: UploadRight, upload_id: UUID) -> UploadState:
    """Return `upload_state`; in the middle of an upload without asking the database again."""
    uploads = _uploads(backend)
    begun = uploads.begun(upload_id)
    if begun is not None and begun[:2] == (right.replica_id, right.sha256):
        with suppress(NothingThere):  # it is over
            if (offset := uploads.offset(upload_id)) < begun.length:
                return UploadState(upload_id, begun.sha256, offset, begun.length)
    state = upload_state(backend, right, upload_id)
    if state.offset < state.length:
        uploads.remember(upload_id, Begun(right.replica_id, state.sha256, state.length))
    return state


def discard_upload(backend: Backend, right: UploadRight, upload_id: UUID) -> None:
    """
    End an unfinished upload and free its bytes; a finished file stays.

    Raises:
        NothingThere: Unknown or another replica's.
        UploadLocked: A chunk is being written right now.
    """
    uploads = _uploads(backend)
    with ExitStack() as ending:
        with backend.begin(Actor.system("sync")) as work:
            sync_blobs.hold_uploads(work.session, [upload_id])
            row = _own(work.session, right, upload_id)
            if row.finished_at is not None:
                return
            ending.enter_context(uploads.locked(upload_id))
            sync_blobs.forget(work.session, [row.id])
        # Only now: a row whose part is gone is one of a file that was stored (`_note_stored`).
        uploads.discard(upload_id)


def make_good(backend: Backend, right: UploadRight, upload_id: UUID) -> bool:
    """
    Do what a killed server left undone after an upload's last byte; return whether it was that.

    A phone that asks (`upload_state`) has the same done; one that was lost does not ask, and what
    it sent may be all that is left. A part that is gone is taken for a stored file only where no
    other upload brought it.
    """
    uploads = _uploads(backend)
    with backend.reading() as session:
        row = _own(session, right, upload_id)
        length, is_noted = row.length, bool(sync_blobs.known(session, [row.sha256]))
    try:
        if uploads.offset(upload_id) < length:
            return False
    except NothingThere:
        if is_noted:
            return False
    try:
        upload_state(backend, right, upload_id)
    except DigestMismatch:
        return True  # kept under its own hash
    except (NothingThere, UploadLocked):
        return False
    return True


def _forget(backend: Backend, upload_id: UUID) -> None:
    with backend.begin(Actor.system("sync")) as work:
        sync_blobs.forget(work.session, [upload_id])


def fetch_blob(backend: Backend, user_id: UUID, sha256: str) -> StoredFile:
    """
    Return a file that this user may see.

    Raises:
        NotHereYet: A task of theirs cites it, and who did so has not sent it, or is asked for it
            again. That says nothing of whether somebody else's file has this hash.
        NotInScope: Not theirs to see, stored or not.
    """
    with backend.reading() as session:
        row = sync_blobs.visible_to(session, user_id, sha256)
        if row is not None and backend.blobs.has(sha256):
            return StoredFile(sha256, backend.blobs.path(sha256), row.size, row.mime)
        if row is not None or sync_blobs.is_cited_before(session, user_id, sha256):
            raise NotHereYet
        raise NotInScope


def _finish(backend: Backend, state: UploadState, hashed: str = "") -> UploadState:
    """Store and note a file that is whole and flushed; `hashed`: its bytes' hash, if at hand."""
    uploads = _uploads(backend)
    part = uploads.path(state.id)
    try:
        backend.blobs.adopt(part, state.sha256, hashed)
    except BlobDamaged:
        _keep_other(backend, part, state.id)
        raise DigestMismatch from None
    with backend.begin(Actor.system("sync")) as work:
        _note(work, state.id, state.sha256)
    uploads.discard(state.id)
    return replace(state, offset=state.length)


def _keep_other(backend: Backend, part: Path, upload_id: UUID) -> None:
    """
    Keep a file under the hash that it has, not under the one it was announced with.

    Noted in the transaction in which it moves: in between its upload would be one whose part is
    gone, and `_note_stored` would take a file that somebody else sent for what it brought.
    """
    with part.open("rb") as file:
        actual = hashlib.file_digest(file, "sha256").hexdigest()
    with backend.begin(Actor.system("sync")) as work:
        sync_blobs.hold_uploads(work.session, [upload_id])
        backend.blobs.adopt(part, actual, actual)
        _note(work, upload_id, actual)


def _note_stored(backend: Backend, right: UploadRight, state: UploadState) -> UploadState:
    """
    Note an upload whose file is stored already, so that its part is gone.

    A crash came between storing and noting it, or another request is just about to note it. Who
    takes a part away without storing it under this hash holds the upload's row.
    """
    if not backend.blobs.is_sound(state.sha256):
        raise NothingThere
    backend.blobs.make_durable(state.sha256)
    with backend.begin(Actor.system("sync")) as work:
        sync_blobs.hold_uploads(work.session, [state.id])
        if _own(work.session, right, state.id).finished_at is None:
            _note(work, state.id, state.sha256)
    _uploads(backend).discard(state.id)
    return replace(state, offset=state.length)


def _note(work: Work, upload_id: UUID, sha256: str) -> None:
    """Note that an upload is over and which file it brought: the one that its bytes have."""
    stored = work.blobs.path(sha256)
    with stored.open("rb") as file:
        mime = media_type(file.read(LONGEST))
    sync_blobs.finish(work.session, upload_id, sha256, work.now)  # its row before the file's
    sync_blobs.add(work.session, sha256, stored.stat().st_size, mime, work.now)
    sync_blobs.note_restored(work.session, sha256, work.now)


def _own(session: Session, right: UploadRight, upload_id: UUID) -> Upload:
    row = sync_blobs.upload(session, upload_id)
    if row is None or row.replica_id != right.replica_id or row.sha256 != right.sha256:
        raise NothingThere
    return row


def _uploads(backend: Backend) -> LocalUploads:
    return _uploads_in(backend.settings.data_dir / "uploads")


@cache
def _uploads_in(folder: Path) -> LocalUploads:
    return LocalUploads(folder)  # one for all requests: it knows the hashes under way


def _secret(backend: Backend) -> bytes:
    return _read_secret(backend.settings.data_dir / "keys")


@cache
def _read_secret(folder: Path) -> bytes:
    return LocalKeys(folder).secret("uploads")
