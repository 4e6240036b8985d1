"""The page without a framework, served as files are: nothing of it needs a server."""

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

PAGE = Path(__file__).with_name("plain")


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: one line of JSON is all that is printed."""


@contextmanager
def plain_site(folder: Path, checklists: Mapping[int, list[dict[str, Any]]]) -> Iterator[str]:
    """Serve the page and its checklists by length from a new folder; yields the address."""
    shutil.copytree(PAGE, folder)
    (folder / "checklists.json").write_text(json.dumps(checklists), "utf-8")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Silent, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
