"""
The http port beside HTTPS: what a phone needs before it trusts the server, and the way to https.

Nobody is known here: whoever listens on the way reads what is sent, so cookies and passwords that
come are taken off, none is set, and what would carry one is refused instead of sent on.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from inspect_server.web.encrypted import PatientTLS

Environ = dict[str, Any]
Start = Callable[..., Any]
Wsgi = Callable[[Environ, Start], Iterable[bytes]]

PASSING = ("GET", "HEAD")
"""Methods that lose nothing by being sent on, and send nothing twice."""
OF_A_PERSON = ("HTTP_COOKIE", "HTTP_AUTHORIZATION", "HTTP_PROXY_AUTHORIZATION")
HELD_BACK = frozenset({"set-cookie", "strict-transport-security"})
"""Browsers pass over both by plain http, or should (RFC 6797, 7.2; RFC 6265bis, 5.7)."""
REFUSAL = "本端口不接收数据，请改用 https:// 开头的网址。\n".encode()
TEXT = [("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store")]
_HOST = re.compile(r"([A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
_TARGET = re.compile(r"/[!-~]*")
HTTPS = 443
BEHIND = "inspect.behind_host"
"""Where a request has what follows the host in an https address of the same server."""


class HttpPort(NamedTuple):
    """
    An http port beside HTTPS.

    Attributes:
        port: Its number; 0 takes a free one.
        paths: What is answered there; all else is sent on.
        announce: Gets its address once the server can answer.
    """

    port: int
    paths: frozenset[str]
    announce: Callable[[str], None]


class PlainDoor:
    """Lets what came by TLS through to the app, and of all else only what the http port is for."""

    def __init__(self, app: Wsgi, paths: frozenset[str], https_port: int) -> None:
        self._app = app
        self._paths = paths
        self._behind = "" if https_port == HTTPS else f":{https_port}"

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """Answer a request; it came by TLS exactly if its connection is one of TLS."""
        if isinstance(environ.get("gunicorn.socket"), PatientTLS):
            return self._app(environ, start)
        if environ["REQUEST_METHOD"] not in PASSING:
            start("405 Method Not Allowed", [("Allow", ", ".join(PASSING)), *_sized(REFUSAL)])
            return [REFUSAL]
        if environ["PATH_INFO"] in self._paths:
            return self._app({**_of_nobody(environ), BEHIND: self._behind}, _withholding(start))
        return self._sent_on(environ, start)

    def _sent_on(self, environ: Environ, start: Start) -> Iterable[bytes]:
        host = _HOST.fullmatch(environ.get("HTTP_HOST", ""))
        target = environ.get("RAW_URI", "")
        if host is None or not _TARGET.fullmatch(target):
            start("400 Bad Request", _sized(b""))
            return []
        where = f"https://{host[1]}{self._behind}{target}"
        start("308 Permanent Redirect", [("Location", where), ("Content-Length", "0")])
        return []


def _sized(body: bytes) -> list[tuple[str, str]]:
    return [*TEXT, ("Content-Length", str(len(body)))]


def _of_nobody(environ: Environ) -> Environ:
    return {name: value for name, value in environ.items() if name not in OF_A_PERSON}


def _withholding(start: Start) -> Start:
    def begin(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
        return start(status, [one for one in headers if one[0].lower() not in HELD_BACK], *more)

    return begin
