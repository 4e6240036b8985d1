"""Answers: messages as JSON, compressed where the phone asks for it, digested as sent; problems."""

import base64
import errno
import gzip

from flask import Blueprint, Response, request, send_file
from msgspec import Struct
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from inspect_server.domain.errors import InspectError
from inspect_server.usecases.phones.receive_blob import StoredFile
from inspect_server.web.errors import STATUS, problem
from sync import httpsig, protocol
from sync.errors import BadEnvelope, StorageFull, SyncError, Unavailable

WORTH_GZIP = 400
"""Below so many bytes compressing costs more than it saves."""
STORED = 0
"""When every file came, for those who ask: it is another file or the same for good."""
RETRY_SECONDS = "2"
RETRIED = (423, 503)
"""Statuses that say when to try again."""
NAMED_IN_PROBLEM = ("epoch", "upto_seq", "head_hash", "missing")
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
PG_DISK_FULL = "53100"
"""SQLSTATE; the words depend on the language of the database server. SQLite has only words."""


def answer(message: Struct, status: int = 200) -> Response:
    """Return a message with the digest of its content as sent."""
    content = protocol.encode(message)
    reply = Response(status=status, content_type=protocol.JSON)
    if len(content) >= WORTH_GZIP and request.accept_encodings.quality("gzip") > 0:
        content = gzip.compress(content, compresslevel=3, mtime=0)
        reply.content_encoding = "gzip"
    reply.vary.add("Accept-Encoding")
    reply.set_data(content)
    reply.headers[protocol.CONTENT_DIGEST] = httpsig.content_digest(content)
    reply.headers["Cache-Control"] = "no-store"
    return reply


def stored_file(file: StoredFile) -> Response:
    """
    Return a file's bytes, or the range of them that is asked for.

    What it is called and what it may do is not left to its content; its tag is its hash, where
    Flask's own would tell when and where it was stored.
    """
    reply = send_file(
        file.path,
        mimetype=file.mime,
        as_attachment=True,
        download_name=file.sha256,
        etag=file.sha256,
        last_modified=STORED,
    )
    reply.headers.pop("Last-Modified", None)
    digest = base64.b64encode(bytes.fromhex(file.sha256)).decode("ascii")
    reply.headers[protocol.REPR_DIGEST] = f"sha-256=:{digest}:"  # of the file, whatever was sent
    if reply.status_code == 200:
        reply.headers[protocol.CONTENT_DIGEST] = reply.headers[protocol.REPR_DIGEST]
    reply.headers["Cache-Control"] = "private, no-store"
    reply.headers["X-Content-Type-Options"] = "nosniff"
    return reply


def register_problems(blueprint: Blueprint) -> None:
    """Let every failure of the protocol end as the problem that docs/sync.md lists."""
    blueprint.register_error_handler(SyncError, _sync)
    blueprint.register_error_handler(InspectError, _expected)
    blueprint.register_error_handler(OperationalError, _database)
    blueprint.register_error_handler(PoolTimeout, _busy)
    blueprint.register_error_handler(DataError, _unstorable)
    blueprint.register_error_handler(OSError, _disk)


def _sync(error: SyncError) -> Response:
    named = {name: error.facts[name] for name in NAMED_IN_PROBLEM if name in error.facts}
    reply = problem(error.status, error.code, str(error), **named)
    if error.status in RETRIED:
        reply.headers["Retry-After"] = RETRY_SECONDS
    return reply


def _expected(error: InspectError) -> Response:
    return problem(STATUS[error.kind], error.code, str(error))


def _database(error: OperationalError) -> Response:
    if getattr(error.orig, "sqlstate", "") == PG_DISK_FULL or "disk is full" in str(error.orig):
        return _sync(StorageFull())
    return _sync(Unavailable())


def _busy(_error: PoolTimeout) -> Response:
    return _sync(Unavailable())


def _unstorable(_error: DataError) -> Response:
    return _sync(BadEnvelope(reason="含有无法保存的字符"))


def _disk(error: OSError) -> Response:
    if error.errno in FULL:
        return _sync(StorageFull())
    raise error
