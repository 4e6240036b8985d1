"""
How much of the server strangers may take: never so much that inspectors wait for them.

The threads that work are shared by all faces. Public requests work on at most half of them and
wait on at most a quarter more, for a moment; downloads get at most a quarter, because a slow reader
keeps one for long. Who finds no place is told to come again. Nobody is counted by address: an
office or a village shares one.
"""

from threading import BoundedSemaphore

from flask import Blueprint, Flask, Response, current_app, g, request
from flask.typing import ResponseReturnValue

from inspect_server.web.errors import failure

BUSY = "访问人数较多，请过几秒再试。"
WAIT_SECONDS = 1.0
FREE = frozenset({"disclosure.static", "disclosure.verifier"})
"""Small files from memory: a page of which half is refused helps nobody."""


class Admission:
    """Places for public requests; `threads` are those that work for all faces."""

    def __init__(self, threads: int) -> None:
        self.inside = BoundedSemaphore(max(1, threads * 3 // 4))
        self.working = BoundedSemaphore(max(1, threads // 2))
        self.downloads = BoundedSemaphore(max(1, threads // 4))


def admit(app: Flask, blueprint: Blueprint, threads: int) -> None:
    """Let requests of this blueprint in as long as there is a place for them."""
    app.extensions["inspect_admission"] = Admission(threads)
    blueprint.before_request(_enter)
    blueprint.teardown_request(_leave)


def places() -> Admission:
    """Return the places of this app."""
    found: Admission = current_app.extensions["inspect_admission"]
    return found


def while_sent(answer: Response) -> Response:
    """Keep a place for as long as a download takes; 503 where none is free."""
    gate = places().downloads
    if not gate.acquire(blocking=False):
        answer.close()
        return busy()
    # Handed to the server as it is, a file would be sent without telling the answer of its end.
    answer.direct_passthrough = False
    answer.call_on_close(gate.release)
    return answer


def busy() -> Response:
    """Return the answer for whom no place is free."""
    return failure(503, "disclosure.busy", BUSY)


def _enter() -> ResponseReturnValue | None:
    g.taken = []
    if request.endpoint in FREE:
        return None
    for gate, seconds in ((places().inside, 0.0), (places().working, WAIT_SECONDS)):
        if not gate.acquire(timeout=seconds):
            return busy()
        g.taken.append(gate)
    return None


def _leave(_: BaseException | None) -> None:
    for gate in g.pop("taken", []):
        gate.release()
