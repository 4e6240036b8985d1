"""The three verifiers under one roof: the package, the single file, and the browser."""

import http.server
import importlib.util
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

from playwright.sync_api import Browser, Page

from inspect_server.disclosure.verifying import SCRIPTED
from inspect_server.domain.draw import certificate as cert
from inspect_server.domain.draw.checks.comparing import Mismatch, bytes_of
from inspect_server.domain.draw.verify import Evidence, Report, verify
from inspect_server.domain.errors import InspectError
from inspect_server.gateways.signatures import ed25519_holds
from tests.conftest import INTRANET

FOLDER = Path(__file__).parents[2] / "inspect_server" / "disclosure" / "verifiers"
SINGLE = FOLDER / "sjc_verify.py"
"""Mapped to this machine: a page of http:// that is no secure context, as on an intranet."""

Files = Mapping[str, str]


def loaded() -> ModuleType:
    """Return the single file as a module, from its path."""
    spec = importlib.util.spec_from_file_location("sjc_verify", SINGLE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Text:
    """A file that is not on a disk."""

    def __init__(self, text: str) -> None:
        self.text = text

    def read_bytes(self) -> bytes:
        return self.text.encode("utf-8")


def by_single_file(module: ModuleType, files: Files) -> bool:
    """Return whether the single file finds nothing wrong."""
    try:
        for _ in module.verify({name: Text(text) for name, text in files.items()}, {}):
            pass
    except Exception:  # as its command line does
        return False
    return True


def by_package(files: Files, others: Sequence[Files] = ()) -> Report | None:
    """Return the package's report, None when the certificate cannot be read at all."""

    def lines(name: str) -> list[str] | None:
        if name not in files:
            return None
        text = files[name]
        if text and not text.endswith("\n"):
            raise ValueError("the last line has no end")
        return text.split("\n")[:-1]

    def keys(name: str) -> dict[str, bytes] | None:
        if name not in files:
            return None
        return {kid: bytes_of(key) for kid, key in cert.from_text(files[name]).items()}

    try:
        certificate = cert.from_text(files["certificate.json"])
        openings = cert.from_text(files.get("openings.json", "{}"))
        published, witnessed = keys("keys.json"), keys("witness-keys.json")
        pool, excluded, officers = map(lines, ("pool.txt", "excluded.txt", "eligibility.txt"))
        beside = [cert.from_text(other["certificate.json"]) for other in others]
    except (InspectError, Mismatch, ValueError):
        return None  # as the command line refuses them
    assert pool is not None
    return verify(
        Evidence(
            certificate=certificate,
            pool=pool,
            excluded=excluded,
            eligibility=officers,
            openings=openings,
            keys=published,
            witness_keys=witnessed,
            check_signature=ed25519_holds,
            others=beside,
        )
    )


class _Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves the verifiers under the policy of the public's face."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", SCRIPTED)
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def verifier_page(browser: Browser, width: int = 1000) -> Iterator[Page]:
    """Yield the verifier's page in a real browser."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=FOLDER))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        page = browser.new_page(viewport={"width": width, "height": 844})
        page.goto(f"http://{INTRANET}:{server.server_port}/verify.html")
        yield page
        page.close()
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def by_browser(page: Page, many: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the browser's reports on many draws."""
    found: list[dict[str, Any]] = page.evaluate(
        "many => many.map(files => SjcVerify.verify(files))", many
    )
    return found
