"""
tus 1.0 over the use cases (https://tus.io/protocols).

Core, creation (with the first bytes or without), checksum and termination.
"""

import base64
import binascii
from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, Response, request
from werkzeug.exceptions import MethodNotAllowed, PreconditionFailed

from inspect_server.api.sync import requests
from inspect_server.api.sync.body import TolerantBody
from inspect_server.gateways.uploads import Chunk
from inspect_server.usecases.phones.receive_blob import (
    UploadState,
    discard_upload,
    open_upload,
    open_with_bytes,
    receive_chunk,
    upload_state,
)
from inspect_server.usecases.work import Backend
from inspect_server.web.guard import SIGNED, policy
from sync import protocol
from sync.errors import BadEnvelope, WrongMediaType
from sync.ids import is_hash

CHUNK_TYPES = ("application/offset+octet-stream", "application/octet-stream")
"""What tus 1.0 demands, and the same bytes from a client that can only name them plainly."""
RESUMABLE = "Tus-Resumable"
OFFSET, LENGTH, METADATA = "Upload-Offset", "Upload-Length", "Upload-Metadata"
OVERRIDE = "X-HTTP-Method-Override"
BELOW = protocol.UPLOADS.removeprefix(protocol.PREFIX)


def add_upload_routes(blueprint: Blueprint, backend: Backend) -> None:
    """Add the tus endpoints; each needs the upload token that `/blobs/have` gave."""
    blueprint.after_request(_marked)

    @blueprint.route(BELOW, methods=["OPTIONS"], provide_automatic_options=False)
    @policy(SIGNED)
    def offered() -> Response:
        """Say what this server can do."""
        return _tus(204, _OFFERED)

    @blueprint.post(BELOW)
    @policy(SIGNED)
    def create() -> Response:
        """Begin an upload of one file, named by its hash; its first chunk may come along."""
        _check_version()
        right = requests.upload_right(backend)
        sha256, length = _metadata_hash(), requests.number(LENGTH)
        if not request.content_length:
            state = open_upload(backend, right, sha256, length)
        else:
            _check_type()
            state = open_with_bytes(backend, right, sha256, length, _chunk(0))
        return _tus(201, {"Location": f"{protocol.UPLOADS}/{state.id}", **_progress(state)})

    @blueprint.route(f"{BELOW}/<uuid:upload_id>", methods=["HEAD"])
    @policy(SIGNED)
    def progress(upload_id: UUID) -> Response:
        """Say how far an upload came."""
        _check_version()
        state = upload_state(backend, requests.upload_right(backend), upload_id)
        named = base64.b64encode(state.sha256.encode("ascii")).decode("ascii")
        return _tus(200, {METADATA: f"sha256 {named}", **_progress(state)})

    @blueprint.patch(f"{BELOW}/<uuid:upload_id>")
    @policy(SIGNED)
    def chunk(upload_id: UUID) -> Response:
        """Append one chunk; the answer comes once it is on the disk."""
        _check_version()
        _check_type()
        right = requests.upload_right(backend)
        state = receive_chunk(backend, right, upload_id, _chunk(requests.number(OFFSET)))
        return _tus(204, _progress(state))

    @blueprint.delete(f"{BELOW}/<uuid:upload_id>")
    @policy(SIGNED)
    def discard(upload_id: UUID) -> Response:
        """End an unfinished upload."""
        _check_version()
        discard_upload(backend, requests.upload_right(backend), upload_id)
        return _tus(204)

    meant = {"HEAD": progress, "PATCH": chunk, "DELETE": discard}

    @blueprint.post(f"{BELOW}/<uuid:upload_id>")
    @policy(SIGNED)
    def overridden(upload_id: UUID) -> Response:
        """Do what X-HTTP-Method-Override says, for clients that can only GET and POST."""
        method = request.headers.get(OVERRIDE, "").upper()
        if method not in meant:
            raise MethodNotAllowed(list(meant))
        return meant[method](upload_id)


_OFFERED = {
    "Tus-Version": protocol.TUS_VERSION,
    "Tus-Extension": protocol.TUS_EXTENSIONS,
    "Tus-Max-Size": str(protocol.MAX_BLOB_BYTES),
    "Tus-Checksum-Algorithm": protocol.TUS_CHECKSUMS,
}


def _tus(status: int, headers: Mapping[str, str] | None = None) -> Response:
    return Response(status=status, headers=headers)


def _marked(reply: Response) -> Response:
    """Let every answer to an upload, refusals too, say the version; none of them is to be kept."""
    if request.path.startswith(protocol.UPLOADS):
        reply.headers[RESUMABLE] = protocol.TUS_VERSION
        reply.headers["Cache-Control"] = "no-store"
    return reply


def _progress(state: UploadState) -> dict[str, str]:
    return {OFFSET: str(state.offset), LENGTH: str(state.length)}


def _check_version() -> None:
    if request.headers.get(RESUMABLE) != protocol.TUS_VERSION:
        raise PreconditionFailed(response=_tus(412, {"Tus-Version": protocol.TUS_VERSION}))


def _check_type() -> None:
    if request.mimetype not in CHUNK_TYPES:
        raise WrongMediaType


def _chunk(offset: int) -> Chunk:
    body = TolerantBody(request.stream)
    return Chunk(body, offset, requests.number("Content-Length"), _checksum())


def _metadata_hash() -> str:
    for pair in request.headers.get(METADATA, "").split(","):
        name, _, encoded = pair.strip().partition(" ")
        if name == "sha256" and is_hash(text := _base64(encoded).decode("latin-1")):
            return text
    raise BadEnvelope(reason=METADATA)


def _checksum() -> tuple[str, bytes] | None:
    header = request.headers.get("Upload-Checksum")
    if not header:
        return None
    algorithm, _, encoded = header.partition(" ")
    if algorithm not in protocol.TUS_CHECKSUMS.split(","):
        raise BadEnvelope(reason="Upload-Checksum")
    return algorithm, _base64(encoded)


def _base64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise BadEnvelope(reason="base64") from None
