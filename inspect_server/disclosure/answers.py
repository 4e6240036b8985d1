"""Answers to strangers: rendered once for each state of what is public, tagged, and cacheable."""

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from flask import Response, current_app, request, send_file

from inspect_server.disclosure.admission import while_sent
from inspect_server.reads.disclosure import published
from inspect_server.web.begin import backend, reading

SECONDS = 60
"""How long a proxy or browser may show a page without asking: a correction is seen soon."""
LASTING_SECONDS = 30 * 24 * 3600
"""A published file never changes: a correction has an address of its own."""
KEPT = 256
PLAIN = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
"""No script at all: only the verifier's page has some."""
HTML = "text/html; charset=utf-8"


class Rendered:
    """The last pages that were asked for, as they read while nothing more is published."""

    def __init__(self) -> None:
        self._pages: OrderedDict[tuple[str, str], bytes] = OrderedDict()
        self._lock = Lock()

    def get(self, key: tuple[str, str], render: Callable[[], str]) -> bytes:
        """Return the page of this address and state, rendering it if it is not at hand."""
        with self._lock:
            found = self._pages.get(key)
        if found is not None:
            return found
        made = render().encode("utf-8")
        with self._lock:
            self._pages[key] = made
            while len(self._pages) > KEPT:
                self._pages.popitem(last=False)
        return made


def page(address: str, render: Callable[[], str], policy: str = PLAIN) -> Response:
    """
    Return a page, or 304 to whom it is known.

    Args:
        address: What the page depends on besides what is public; never the raw query.
        render: Makes it.
    """
    with reading() as session:
        state = published.version(session)
    content = _rendered().get((address, state), render)
    return cacheable(Response(content, content_type=HTML), content, policy)


def cacheable(answer: Response, content: bytes, policy: str = PLAIN) -> Response:
    """Tag an answer by its content and let everybody keep it for a short while."""
    answer.headers["Content-Security-Policy"] = policy
    answer.headers["Cache-Control"] = f"public, max-age={SECONDS}"
    answer.set_etag(hashlib.sha256(content).hexdigest())
    answer.make_conditional(request)
    return answer


def stored_file(found: published.File, mime: str, name: str) -> Response:
    """Send a published file from the disk, whole or in parts; slow readers have few places."""
    answer = send_file(
        backend().blobs.path(found.sha256),
        mimetype=mime,
        as_attachment=True,
        download_name=name,
        conditional=True,
        etag=found.sha256,
        max_age=LASTING_SECONDS,
    )
    answer.headers["Content-Security-Policy"] = PLAIN
    answer.headers["Cache-Control"] = f"public, max-age={LASTING_SECONDS}, immutable"
    return while_sent(answer)


def _rendered() -> Rendered:
    made: Rendered = current_app.extensions.setdefault("inspect_public_pages", Rendered())
    return made
