"""Serving the app with gunicorn's threaded worker, from inside the installed package."""

import errno
import gc
import socket
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from inspect_server.domain.errors import InspectError
from inspect_server.web.encrypted import LiveCertificate
from inspect_server.web.plain_door import HttpPort, PlainDoor, Wsgi
from inspect_server.web.slow_clients import WAITING_THREADS, PatientWorker

BACKLOG = 2048
YOUNG = 50_000
"""
Objects made before Python looks for cyclic garbage; its own 700 are a few entries of a push.

Rows and operations live until their transaction ends and are no garbage: with the usual number a
third of a push went into looking.
"""
LONGEST_FIELD = 4096
"""Bytes of a header's line; what reads lists of kinds and codings takes their square in time."""
REASONS = {
    errno.EACCES: "没有权限使用该端口",
    errno.EADDRNOTAVAIL: "本机没有该地址",
    errno.EAFNOSUPPORT: "本机不支持该类地址",
}


class AddressInUse(InspectError):
    """Another program listens there."""

    code, kind = "serve.address_in_use", "conflict"
    message = "地址 {host}:{port} 已被其他程序占用，请停止该程序，或用 {option} 另选端口。"


class AddressNotUsable(InspectError):
    """The machine has no such address, or the account may not take this port."""

    code, kind = "serve.address_not_usable", "invalid"
    message = (
        "无法在 {host}:{port} 监听（{reason}），请检查 --host、{option} 或改用 1024 以上的端口。"
    )


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    def __init__(self, app: Wsgi, options: dict[str, Any]) -> None:
        self._app = app
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for key, value in self._options.items():
            self.cfg.set(key, value)

    def load(self) -> Wsgi:
        return self._app


def serve(
    app: Flask,
    host: str,
    port: int,
    threads: int,
    announce: Callable[[str], None],
    certificate: LiveCertificate | None = None,
    http: HttpPort | None = None,
) -> None:
    """
    Serve until interrupted; `announce` gets the address once the worker can answer.

    With a certificate every connection is TLS, but for those of the `http` port beside it; without
    one a proxy in front does that, or nobody.

    Port 0 takes a free one. One worker process with `threads` threads that work: the database, not
    the interpreter, is what requests wait for here. Clients are waited for in threads of their own.

    Raises:
        AddressInUse: Another program listens there.
        AddressNotUsable: Nobody can listen there.
    """
    listeners = [_listen(host, port, "--port")]
    said = [(announce, _address(listeners[0], "https" if certificate else "http"))]
    served: Wsgi = app
    own: dict[str, Any] = {"working": threads}
    if http:
        with ExitStack() as failing:
            failing.callback(listeners[0].close)
            listeners.append(_listen(host, http.port, "--http-port"))
            failing.pop_all()
        said.append((http.announce, _address(listeners[1], "http")))
        served = PlainDoor(app, http.paths, listeners[0].getsockname()[1])
        own["plain_port"] = listeners[1].getsockname()[1]

    def tell(_server: object) -> None:
        for to, address in said:
            to(address)

    _Server(
        served,
        {
            "bind": [f"fd://{listener.detach()}" for listener in listeners],
            "worker_class": type("Worker", (PatientWorker,), own),
            "threads": WAITING_THREADS,
            "workers": 1,
            "loglevel": "warning",
            "sendfile": False,
            "limit_request_field_size": LONGEST_FIELD,
            "control_socket_disable": True,
            "when_ready": tell,
            "post_worker_init": lambda _worker: gc.set_threshold(YOUNG, 20, 20),
            "graceful_timeout": 10,
            **(_encrypted(certificate) if certificate else {}),
        },
    ).run()


def _encrypted(certificate: LiveCertificate) -> dict[str, Any]:
    """Return gunicorn's settings for TLS; it asks for the context at every connection."""
    files = certificate.pair
    return {
        "certfile": str(files.certificate),
        "keyfile": str(files.key),
        "ssl_context": lambda _config, _default: certificate.context(),
    }


def _address(listener: socket.socket, scheme: str) -> str:
    name, port = listener.getsockname()[:2]
    return f"{scheme}://{f'[{name}]' if ':' in name else name}:{port}"


def _listen(host: str, port: int, option: str) -> socket.socket:
    """Bind here, so that a taken port is one clear sentence instead of gunicorn's retries."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise AddressInUse(host=host, port=port, option=option) from None
        reason = REASONS.get(error.errno or 0, "地址无法解析")
        raise AddressNotUsable(host=host, port=port, reason=reason, option=option) from None
