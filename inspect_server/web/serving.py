"""Serving the app with gunicorn's threaded worker, from inside the installed package."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    def __init__(self, app: Flask, options: dict[str, Any]) -> None:
        self._app = app
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for key, value in self._options.items():
            self.cfg.set(key, value)

    def load(self) -> Flask:
        return self._app


def serve(app: Flask, host: str, port: int, threads: int, announce: Callable[[str], None]) -> None:
    """
    Serve until interrupted; `announce` gets the address once the socket listens.

    Port 0 takes a free one. One worker process with `threads` threads: the database, not the
    interpreter, is what requests wait for here.
    """

    def ready(server: Any) -> None:
        name, bound = server.LISTENERS[0].sock.getsockname()[:2]
        announce(f"http://{f'[{name}]' if ':' in name else name}:{bound}")

    _Server(
        app,
        {
            "bind": f"{host}:{port}",
            "worker_class": "gthread",
            "threads": threads,
            "workers": 1,
            "loglevel": "warning",
            "control_socket_disable": True,
            "when_ready": ready,
            "graceful_timeout": 10,
        },
    ).run()
