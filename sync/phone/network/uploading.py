"""Files to the server by tus 1.0: in chunks of 1 MiB, resumed where the server stands."""

import re
from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from sync import protocol
from sync.phone.errors import OutOfReach, RemoteProblem
from sync.phone.local import LocalStore
from sync.phone.network.wire import Reply, Wire, checksum, metadata, number, tus_headers

TRIES = 5
"""How often one file may lose its place (offset, lock, checksum, vanished upload) in one sync."""

VANISHED = (403, 404, 410, 422)
"""The server no longer has this upload, or found another hash: begin it again."""
LOST_PLACE = (*VANISHED, 409, 423, 460)
"""The upload stands elsewhere than thought, is locked, or a chunk came damaged: ask again."""

OFFSET, CHUNK_TYPE = "Upload-Offset", "application/offset+octet-stream"

_UPLOAD = re.compile(rf"{protocol.UPLOADS}/([0-9A-Za-z_-]{{1,64}})\Z")

_T = TypeVar("_T")


class Patience(Protocol):
    """Asks again while no answer comes."""

    def __call__(self, ask: Callable[[], _T]) -> _T:
        """Return the answer."""


class Uploading:
    """The uploads of one sync."""

    def __init__(self, store: LocalStore, wire: Wire, patiently: Patience) -> None:
        self._store = store
        self._wire = wire
        self._patiently = patiently
        self.finished = 0

    def run(self, missing: Sequence[str]) -> None:
        """
        Upload those of these files that are on this phone; `finished` counts them.

        Raises:
            RemoteProblem: One could not be brought to its end; all others were tried all the same.
        """
        here = self._store.uploads(missing)
        failed = None
        for start in range(0, len(here), protocol.MAX_HAVE_HASHES):
            asked = sorted(here)[start : start + protocol.MAX_HAVE_HASHES]
            reply = self._have(asked)
            for wanted in reply.missing:
                try:
                    self._upload(wanted, _address(here.get(wanted.sha256, "")))
                    self.finished += 1
                except RemoteProblem as problem:
                    if problem.facts["status"] not in LOST_PLACE:
                        raise
                    failed = failed or problem
        if failed:
            raise failed

    def _upload(self, wanted: protocol.WantedBlob, address: str) -> None:
        content = self._store.blob(wanted.sha256)
        for attempt in range(TRIES):
            try:
                known, offset = bool(address), None
                if not known:
                    address, offset = self._begin(wanted, content)
                self._send(address, wanted.token, content, offset)
                if not known or not self._have([wanted.sha256]).missing:
                    return
                address = ""  # finished in an earlier life of the server, and lost since
            except RemoteProblem as problem:
                status = problem.facts["status"]
                if status not in LOST_PLACE or attempt == TRIES - 1:
                    raise
                if status in VANISHED:
                    address = ""

    def _have(self, hashes: Sequence[str]) -> protocol.HaveReply:
        request = protocol.HaveRequest(list(hashes))
        return self._patiently(
            lambda: self._wire.post(protocol.BLOBS_HAVE, request, protocol.HaveReply)
        )

    def _begin(self, wanted: protocol.WantedBlob, content: bytes) -> tuple[str, int]:
        """
        Begin an upload; return its address and how many bytes are there.

        The first chunk comes along: a small photo is one request. Whether it arrived nobody knows
        when no answer comes, and then an empty beginning is what costs little to repeat.
        """
        named = {"Upload_Length": str(len(content)), "Upload_Metadata": metadata(wanted.sha256)}
        chunk, carried = content[: protocol.CHUNK_BYTES], {"Content_Type": CHUNK_TYPE}
        carried["Upload_Checksum"] = checksum(chunk)

        def ask() -> Reply:
            nonlocal chunk, carried
            headers = tus_headers(wanted.token, **named, **carried)
            try:
                return self._wire.send("POST", protocol.UPLOADS, chunk, headers)
            except OutOfReach:
                chunk, carried = b"", {}
                raise

        reply = self._patiently(ask)
        address, offset = _address(reply.headers.get("Location", "")), _offset_in(reply)
        if not address:
            raise OutOfReach
        self._store.set_upload(wanted.sha256, address)
        return address, offset

    def _send(self, address: str, token: str, content: bytes, known: int | None) -> None:
        """Send what is left of `known` bytes there; after a cut the server says where it stands."""
        offset, certain = known or 0, known is not None

        def step() -> None:
            nonlocal offset, certain
            if not certain:
                offset = self._offset(address, token)
            if offset >= len(content):
                return
            certain = False
            offset = self._patch(address, token, content, offset)
            certain = True

        for _ in range(2 * len(content) // protocol.CHUNK_BYTES + TRIES):
            self._patiently(step)
            if offset >= len(content):
                return
        raise OutOfReach  # what it acknowledged it took back, again and again

    def _offset(self, address: str, token: str) -> int:
        reply = self._wire.send("HEAD", address, None, tus_headers(token))
        return _offset_in(reply)

    def _patch(self, address: str, token: str, content: bytes, offset: int) -> int:
        chunk = content[offset : offset + protocol.CHUNK_BYTES]
        headers = tus_headers(
            token,
            Upload_Offset=str(offset),
            Upload_Checksum=checksum(chunk),
            Content_Type=CHUNK_TYPE,
        )
        reply = self._wire.send("PATCH", address, chunk, headers)
        if _offset_in(reply) != offset + len(chunk):
            raise OutOfReach
        return offset + len(chunk)


def _address(location: str) -> str:
    """
    Return where an upload goes on, empty when that is not said.

    Of a location only the upload's name counts: file and token go to the phone's own server.
    """
    named = _UPLOAD.search(location)
    return f"{protocol.UPLOADS}/{named[1]}" if named else ""


def _offset_in(reply: Reply) -> int:
    """
    Return how many bytes are there.

    Raises:
        OutOfReach: It says nothing of that: no answer to an upload, but what a network made up.
    """
    offset = number(reply.headers.get(OFFSET, ""))
    if offset is None:
        raise OutOfReach
    return offset
