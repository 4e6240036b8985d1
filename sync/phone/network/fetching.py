"""A file from the server: somebody else's photo, kept only if it is what its hash says."""

import re
from collections.abc import Callable
from hashlib import sha256

import httpx

from sync import protocol
from sync.phone.errors import DamagedPhoto, OutOfReach
from sync.phone.local import LocalStore
from sync.phone.network.wire import Reply, Wire

PART = protocol.CHUNK_BYTES
"""Bytes asked for at once: what an answer that breaks off costs at most."""
_RANGE = re.compile(r"bytes ([0-9]{1,15})-[0-9]{1,15}/([0-9]{1,15})")


def fetch(store: LocalStore, client: httpx.Client, unix_now: Callable[[], int], name: str) -> bytes:
    """
    Return a file that a task in view cites; it stays on the phone from then on.

    It comes in parts, each of which stays until the file is whole: after a break, the end of the
    process or a day the next call goes on behind the last one.

    Args:
        store: The phone's file.
        client: With the server's address as base_url.
        unix_now: Seconds since 1970.
        name: Its hex SHA-256.

    Raises:
        RemoteProblem: 401 asks for a login, 403 says that this user may not see it, 404 that the
            server does not have it yet: ask again later.
        OutOfReach: No whole answer came; the parts before are kept.
        DamagedPhoto: The bytes that came have another hash; nothing was kept.
    """
    here = store.blob(name)
    if here:
        return here
    replica = store.replicas()[-1]
    content = _whole(store, Wire(client, replica, unix_now, store.get("token")), name)
    sound = sha256(content).hexdigest() == name
    with store.transaction():
        store.forget_parts(name)
        if sound:
            store.add_blob(content, replica.id)
    if not sound:
        raise DamagedPhoto
    return content


def _whole(store: LocalStore, wire: Wire, name: str) -> bytes:
    """Return all bytes of a file; what came before its last part is kept on the way."""
    held = store.parts(name)
    while True:
        asked = f"bytes={len(held)}-{len(held) + PART - 1}"
        reply = wire.send("GET", f"{protocol.BLOBS}/{name}", None, {"Range": asked})
        if reply.status != httpx.codes.PARTIAL_CONTENT:
            return reply.content  # it knows no ranges and sent everything
        size = _size(reply, len(held))
        if len(held) + len(reply.content) == size:
            return held + reply.content
        with store.transaction():
            store.add_part(name, len(held), reply.content)
        held += reply.content


def _size(reply: Reply, start: int) -> int:
    """
    Return the size of the file of which a part came.

    Raises:
        OutOfReach: It is not the part that was asked for, or cut, or the file is above the limit.
    """
    said = _RANGE.fullmatch(reply.headers.get("Content-Range", ""))
    if said is None or int(said[1]) != start:
        raise OutOfReach
    size = int(said[2])
    if size > protocol.MAX_BLOB_BYTES or len(reply.content) != min(PART, size - start):
        raise OutOfReach
    return size
