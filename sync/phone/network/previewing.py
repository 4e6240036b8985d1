"""A document of a task as the server sets it from what was delivered."""

from collections.abc import Callable

import httpx

from sync.phone.local import LocalStore
from sync.phone.network.wire import Wire
from sync.previews import PREVIEWS, PreviewReply, PreviewRequest


def preview(
    store: LocalStore,
    client: httpx.Client,
    unix_now: Callable[[], int],
    request: PreviewRequest,
) -> PreviewReply:
    """
    Return a document as it would be issued now, or as it was; only what was delivered is in it.

    Args:
        store: The phone's file.
        client: With the server's address as base_url.
        unix_now: Seconds since 1970.
        request: Which document of which task, on which paper.

    Raises:
        RemoteProblem: 401 asks for a login, 403 says that the task is not this user's, 409 why
            there is nothing to show yet.
        OutOfReach: No whole answer came.
    """
    wire = Wire(client, store.replicas()[-1], unix_now, store.get("token"))
    return wire.post(PREVIEWS, request, PreviewReply)
