"""A file from the server: somebody else's photo, kept only if it is what its hash says."""

from collections.abc import Callable
from hashlib import sha256

import httpx

from sync import protocol
from sync.phone.errors import DamagedPhoto
from sync.phone.local import LocalStore
from sync.phone.network.wire import Wire


def fetch(store: LocalStore, client: httpx.Client, unix_now: Callable[[], int], name: str) -> bytes:
    """
    Return a file that a task in view cites; it stays on the phone from then on.

    Args:
        store: The phone's file.
        client: With the server's address as base_url.
        unix_now: Seconds since 1970.
        name: Its hex SHA-256.

    Raises:
        RemoteProblem: 401 asks for a login, 403 says that this user may not see it, or that it is
            not stored yet.
        OutOfReach: No whole answer came, or one above 64 MiB.
        DamagedPhoto: The bytes that came have another hash; nothing was kept.
    """
    here = store.blob(name)
    if here:
        return here
    replica = store.replicas()[-1]
    wire = Wire(client, replica, unix_now, store.get("token"))
    content = wire.send("GET", f"{protocol.BLOBS}/{name}", None).content
    if sha256(content).hexdigest() != name:
        raise DamagedPhoto
    with store.transaction():
        store.add_blob(content, replica.id)
    return content
