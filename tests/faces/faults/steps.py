"""Every step of push, upload and receipt at which a server can be killed, by name."""

import errno
import mmap
import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import event

from inspect_server.api.sync import views
from inspect_server.gateways import blobs, uploads
from inspect_server.gateways.blobs import LocalBlobs
from inspect_server.gateways.uploads import LocalUploads
from inspect_server.store.journal import blobs as sync_blobs
from inspect_server.store.journal.journal import SqlJournal
from inspect_server.usecases.journal import server_entries
from inspect_server.usecases.phones import enrol_replica, issue_receipt, push_entries, receive_blob
from inspect_server.usecases.work import Backend
from sync import protocol


class Death:
    """
    Comes once, at the n-th time that the step is reached, by kill -9.

    Gunicorn's processes share it: a worker that takes the place of the killed one is not killed.
    """

    def __init__(self, nth: int = 1, worker_only: bool = False) -> None:
        self._nth = nth
        self._worker_only = worker_only
        self._reached = mmap.mmap(-1, 1)
        self._lock = threading.Lock()

    @property
    def came(self) -> bool:
        """Whether it did."""
        return self._reached[0] >= self._nth

    def step(self) -> None:
        """Die if it is time: the worker, or gunicorn with all its processes."""
        with self._lock:
            if self.came:
                return
            self._reached[0] += 1
            if not self.came:
                return
            if self._worker_only:
                os.kill(os.getpid(), signal.SIGKILL)
            os.killpg(os.getpgrp(), signal.SIGKILL)


@dataclass(frozen=True)
class Around:
    """The n-th call of a function, just before or just after it does its work."""

    owner: Any
    name: str
    after: bool = False
    nth: int = 1
    across: bool = False  # with the files on a disk of their own

    def arm(self, _backend: Backend, death: Death) -> None:
        """Let the server die there."""
        if self.across:
            put_files_on_another_disk()
        whole: Callable[..., Any] = getattr(self.owner, self.name)

        def mortal(*args: Any, **named: Any) -> Any:
            if not self.after:
                death.step()
            result = whole(*args, **named)
            if self.after:
                death.step()
            return result

        setattr(self.owner, self.name, mortal)


@dataclass(frozen=True)
class Commit:
    """The commit of a transaction in which a function was called, before or after it."""

    owner: Any
    name: str
    after: bool = False
    nth: int = 1

    def arm(self, backend: Backend, death: Death) -> None:
        """Let the server die there."""
        whole: Callable[..., Any] = getattr(self.owner, self.name)
        transaction = threading.local()

        def noting(*args: Any, **named: Any) -> Any:
            result = whole(*args, **named)
            transaction.meant = True
            return result

        @event.listens_for(backend.engine, "begin")
        def begin(_: Any) -> None:
            transaction.meant = False

        @event.listens_for(backend.engine, "commit")
        def commit(connection: Any) -> None:
            if not getattr(transaction, "meant", False):
                return
            if self.after:
                connection.connection.dbapi_connection.commit()
            death.step()

        setattr(self.owner, self.name, noting)


def put_files_on_another_disk() -> None:
    """Let a finished upload be copied to where stored files lie, as from disk to disk."""
    replace = Path.replace

    def across(path: Path, target: Path) -> Path:
        if path.suffix == uploads.PART:
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        return replace(path, target)

    Path.replace = across  # type: ignore[method-assign]


Step = Around | Commit
BEFORE, AFTER = False, True

PUSH: dict[str, Step] = {
    "push: verified, nothing judged": Around(push_entries, "_push"),
    "push: judged, no position taken": Around(SqlJournal, "take_positions"),
    "push: positions taken, nothing written": Around(SqlJournal, "take_positions", AFTER),
    "push: entries written, nothing projected": Around(SqlJournal, "put_items"),
    "push: projected, chain not moved on": Around(SqlJournal, "set_head"),
    "push: held entries released, not written": Around(SqlJournal, "set_effects"),
    "push: held entries written": Around(SqlJournal, "set_effects", AFTER),
    "push: chain moved on, record not noted": Around(push_entries, "after_entries"),
    "push: record noted, visit not begun": Around(server_entries, "_start"),
    "push: visit begun, its steps not noted": Around(server_entries, "note_steps"),
    "push: all written, not committed": Commit(SqlJournal, "add_entries"),
    "push: committed, not answered": Commit(SqlJournal, "add_entries", AFTER),
}
UPLOAD: dict[str, Step] = {
    "upload: wanted, not answered": Around(views, "wanted", AFTER),
    "upload: no part, no row": Around(LocalUploads, "create"),
    "upload: part made, no row": Around(LocalUploads, "create", AFTER),
    "upload: row written, not committed": Commit(sync_blobs, "begin"),
    "upload: row committed, not answered": Commit(sync_blobs, "begin", AFTER),
    "upload: in the middle of a chunk": Around(uploads, "_read", AFTER, nth=2),
    "upload: chunk written, not flushed": Around(os, "fsync"),
    "upload: chunk on disk, not answered": Around(receive_blob, "append", AFTER),
    "upload: whole, not verified": Around(LocalBlobs, "adopt"),
    "upload: copied to another disk, not moved in": Around(
        blobs.shutil, "copyfileobj", AFTER, across=True
    ),
    "upload: moved in on another disk": Around(LocalBlobs, "_copy", AFTER, across=True),
    "upload: moved in, folder not flushed": Around(blobs, "sync_folder"),
    "upload: stored, not noted": Around(LocalBlobs, "adopt", AFTER),
    "upload: noted, not committed": Around(sync_blobs, "finish", AFTER),
    "upload: committed, part not removed": Around(LocalUploads, "discard"),
    "upload: part removed, not answered": Around(LocalUploads, "discard", AFTER),
}
RECEIPT: dict[str, Step] = {
    "receipt: asked for, nothing read": Around(issue_receipt, "find_lost"),
    "receipt: files read again": Around(issue_receipt, "find_lost", AFTER),
    "receipt: covered, not signed": Around(protocol, "sign_receipt"),
    "receipt: signed, not written": Around(protocol, "sign_receipt", AFTER),
    "receipt: written, not committed": Commit(protocol, "sign_receipt"),
    "receipt: committed, not answered": Commit(protocol, "sign_receipt", AFTER),
}
READING: dict[str, Step] = {
    "state: read, not answered": Around(views, "replica_state", AFTER),
    "pull: read, not answered": Around(views, "pull_phone", AFTER),
}
ENROLMENT: dict[str, Step] = {
    "enrol: nonce taken, no login": Around(enrol_replica, "_login"),
    "enrol: not committed": Commit(enrol_replica, "_enrol"),
    "enrol: committed, not answered": Commit(enrol_replica, "_enrol", AFTER),
}
ENDING: dict[str, Step] = {
    "end an upload: not committed": Commit(sync_blobs, "forget"),
    "end an upload: committed, part not removed": Around(LocalUploads, "discard"),
    "end an upload: part removed, not answered": Around(LocalUploads, "discard", AFTER),
}
SYNC = {**PUSH, **UPLOAD, **RECEIPT, **READING}
"""What one sync of a phone can meet."""
STEPS = {**SYNC, **ENROLMENT, **ENDING}
