"""
A server process that kills itself with -9 at one labelled step.

`python -m tests.faces.dying_server DATA_DIR LABEL` prints its port and serves until it dies.
"""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import event
from werkzeug.serving import WSGIRequestHandler, make_server

from inspect_server.app import create_app, make_ready_backend
from inspect_server.config import Settings
from inspect_server.gateways.blobs import LocalBlobs
from inspect_server.gateways.uploads import LocalUploads
from inspect_server.store.journal import blobs as sync_blobs
from inspect_server.usecases.phones import issue_receipt, push_entries, receive_blob
from inspect_server.usecases.work import Backend
from sync import protocol

BEFORE, AFTER = "before", "after"


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _around(owner: Any, name: str, when: str) -> Callable[[Backend], None]:
    def arm(_: Backend) -> None:
        real = getattr(owner, name)

        def dying(*args: Any, **kwargs: Any) -> Any:
            if when == BEFORE:
                _die()
            result = real(*args, **kwargs)
            _die()
            return result

        setattr(owner, name, dying)

    return arm


def _at_commit_of(table: str, when: str) -> Callable[[Backend], None]:
    """Die around the first COMMIT of a transaction that inserted into this table."""

    def arm(backend: Backend) -> None:
        writing: set[int] = set()

        @event.listens_for(backend.engine, "before_cursor_execute")
        def note(connection: Any, _c: Any, statement: str, *_: Any) -> None:
            if statement.startswith(f"INSERT INTO {table} "):
                writing.add(id(connection.connection.dbapi_connection))

        @event.listens_for(backend.engine, "commit")
        def commit(connection: Any) -> None:
            raw = connection.connection.dbapi_connection
            if id(raw) not in writing:
                return
            if when == AFTER:
                raw.execute("COMMIT").close()
            _die()

    return arm


STEPS: dict[str, Callable[[Backend], None]] = {
    "push: verified, nothing stored": _around(push_entries, "_push", BEFORE),
    "push: stored, not committed": _at_commit_of("journal_entry", BEFORE),
    "push: committed, not answered": _at_commit_of("journal_entry", AFTER),
    "upload: created, not committed": _at_commit_of("upload", BEFORE),
    "upload: created, not answered": _at_commit_of("upload", AFTER),
    "upload: chunk on disk, not answered": _around(receive_blob, "append", AFTER),
    "upload: whole, not verified": _around(LocalBlobs, "adopt", BEFORE),
    "upload: stored, not noted": _around(LocalBlobs, "adopt", AFTER),
    "upload: noted, not committed": _around(sync_blobs, "finish", AFTER),
    "upload: committed, part not removed": _around(LocalUploads, "discard", BEFORE),
    "receipt: signed, not committed": _around(protocol, "sign_receipt", AFTER),
    "receipt: committed, not answered": _at_commit_of("receipt", AFTER),
    "receipt: before anything": _around(issue_receipt, "SqlJournal", BEFORE),
}


class _Quiet(WSGIRequestHandler):
    def log_request(self, *_: object) -> None:
        """Nobody reads it."""


def main(folder: str, label: str) -> None:
    backend = make_ready_backend(Settings(data_dir=Path(folder)))
    if label:
        STEPS[label](backend)
    server = make_server("127.0.0.1", 0, create_app(backend), threaded=True, request_handler=_Quiet)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
