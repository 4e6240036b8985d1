"""Chromium made as slow as a cheap phone, and the moments at which it had painted something."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
MARKS = Path(__file__).with_name("marks.js").read_text("utf-8")
SLOWER = 4
"""How many times longer the processor takes for everything in the page."""
NETWORK = {"latency": 150, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8}
"""Milliseconds of every request, bytes a second."""
PATIENCE_MS = 90_000
MEGABYTE = 1024 * 1024


class Handset:
    """One page of a browser of its own, which has nothing yet."""

    def __init__(self, context: BrowserContext, first: str) -> None:
        """Open it; `first` is what shows, as a selector, that a page can be used."""
        context.set_default_timeout(PATIENCE_MS)
        context.add_init_script(MARKS)
        context.add_init_script(f"window.first = marks.shown({first!r})")
        self.context = context
        self.page: Page = context.new_page()
        self._tools = context.new_cdp_session(self.page)
        self._is_cut_off = False

    def slow(self, *, network: bool = False) -> None:
        """Be a cheap phone from now on, perhaps on a weak network."""
        self._tools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        if network:
            self._tools.send("Network.enable")
            self._tools.send("Network.emulateNetworkConditions", {"offline": False, **NETWORK})

    def quick(self) -> None:
        """Be as fast as the machine is, for what is not measured."""
        self._tools.send("Emulation.setCPUThrottlingRate", {"rate": 1})
        free = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
        self._tools.send("Network.emulateNetworkConditions", {"offline": self._is_cut_off, **free})

    def cut_off(self) -> None:
        """Have no network from now on; `quick` would bring it back if only the context knew."""
        self.context.set_offline(True)
        self._is_cut_off = True
        self.quick()

    def opened(self, url: str) -> float:
        """Open an address; return the milliseconds until it could be used."""
        self.page.goto(url, wait_until="commit")
        return self._number("window.first")

    def reloaded(self) -> float:
        """Load the page anew; return the milliseconds until it could be used."""
        self.page.reload(wait_until="commit")
        return self._number("window.first")

    def tapped(self, button: str, shows: str, *counts: int) -> list[float]:
        """Tap a button; return the milliseconds until so many elements had been painted, each."""
        self.page.evaluate(
            "([shows, counts]) => { window.waited = marks.sinceTap(shows, counts); }",
            [shows, counts],
        )
        self.page.locator(button).first.tap()
        found: list[float] = self.page.evaluate("window.waited")
        return found

    def forget_files(self) -> None:
        """Lose every file of the app as if the system had cleared them, and keep the data."""
        self.page.evaluate(FORGET)
        self._tools.send("Network.clearBrowserCache")

    def heap_mb(self) -> float:
        """Return the memory that the page's own objects take once the rubbish is gone."""
        self._tools.send("HeapProfiler.collectGarbage")
        used: float = self._tools.send("Runtime.getHeapUsage")["usedSize"]
        return used / MEGABYTE

    def _number(self, what: str) -> float:
        found: float = self.page.evaluate(what)
        return found


FORGET = """async () => {
  for (const one of await navigator.serviceWorker.getRegistrations()) await one.unregister();
  for (const name of await caches.keys()) await caches.delete(name);
}"""

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "locale": "zh-CN",
    "timezone_id": "Asia/Shanghai",
    "is_mobile": True,
    "has_touch": True,
}


def browser_path() -> str:
    """Return where the system's browser lies."""
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if path is None:
        raise SystemExit("Chromium is missing")
    return path


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's browser, without what would speak to the world or vary from run to run."""
    words = (
        "no-sandbox disable-gpu disable-quic no-first-run disable-background-networking "
        "disable-component-update disable-sync disable-dev-shm-usage"
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_path(), args=[f"--{word}" for word in words.split()]
        )
        yield browser
        browser.close()
