"""Phones, each in a browser context of its own, and the server that they belong to."""

import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser

from tests.conftest import BROWSERS
from tests.phone.browser.phone_page import Handset
from tests.phone.browser.site import SHIFT, Site, open_site
from tests.phone.field import Built

PHONE = {
    "viewport": {"width": 390, "height": 844},
    "locale": "zh-CN",
    "timezone_id": "Asia/Shanghai",
    "is_mobile": True,
    "has_touch": True,
    "geolocation": {"latitude": 34.6, "longitude": 119.2, "accuracy": 8},
}
HERE = Path(__file__).parent
CHROMIUM = next((found for name in BROWSERS if (found := shutil.which(name))), None)
CLOCK_MS = SHIFT.total_seconds() * 1000
DAY_MS = 86_400_000
NewPhone = Callable[..., Handset]
NewCamera = Callable[..., Browser]

EVERY_RUN = {"test_journey", "test_interrupted", "test_hindered", "test_meanwhile"}
"""What every run tries in a browser, the faults above all; the rest costs minutes and is long."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is long of the tests in this folder."""
    for item in items:
        if item.path.parent == HERE and item.path.stem not in EVERY_RUN:
            item.add_marker(pytest.mark.long)


class MortalPhone:
    """A phone in a browser process of its own."""

    def __init__(self, chromium: Browser, url: str, profile: Path) -> None:
        self._chromium, self._url, self._profile = chromium, url, profile
        self.handset = self._started()

    def kill(self) -> None:
        """Kill the browser with -9, and start it anew."""
        (pid,) = self._pids()
        os.kill(pid, signal.SIGKILL)
        while self._pids():
            time.sleep(0.05)
        self.handset.check()
        self.handset = self._started()

    def _started(self) -> Handset:
        context = self._chromium.browser_type.launch_persistent_context(
            self._profile, executable_path=CHROMIUM, args=["--no-sandbox"], **PHONE
        )
        context.grant_permissions(["geolocation"])
        return Handset(context, self._url, CLOCK_MS)

    def _pids(self) -> list[int]:
        """The browser's own process: what it started has a type, and dies with it."""
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                words = (process / "cmdline").read_bytes().split(b"\0")
            except OSError:  # it has ended
                continue
            is_child = any(word.startswith(b"--type=") for word in words)
            if f"--user-data-dir={self._profile}".encode() in words and not is_child:
                found.append(int(process.name))
        return found


@pytest.fixture
def site(built: Built, tmp_path: Path, small_form: object) -> Iterator[Site]:
    with open_site(built, tmp_path / "data") as made:
        yield made


@pytest.fixture
def new_phone(chromium: Browser, site: Site) -> Iterator[NewPhone]:
    """What makes phones; afterwards nobody's console complained, and none asked another host."""
    made: list[Handset] = []
    with ExitStack() as contexts:

        def make(
            *,
            browser: Browser = chromium,
            days_off: int = 0,
            permissions: tuple[str, ...] = ("geolocation", "camera"),
        ) -> Handset:
            context = browser.new_context(**PHONE, permissions=list(permissions))
            contexts.callback(context.close)
            made.append(Handset(context, site.url, CLOCK_MS + days_off * DAY_MS))
            return made[-1]

        yield make
    for one in made:
        one.check()


@pytest.fixture
def mortal_phone(chromium: Browser, site: Site, tmp_path: Path) -> Iterator[MortalPhone]:
    """A phone whose browser can be killed, and opened again over what it kept."""
    phone = MortalPhone(chromium, site.url, tmp_path / "profile")
    yield phone
    phone.handset.context.close()
    phone.handset.check()


@pytest.fixture
def new_camera(chromium: Browser) -> Iterator[NewCamera]:
    """What makes browsers whose camera sees a picture of tests, or this film; it is asked for."""
    with ExitStack() as browsers:

        def make(film: Path | None = None) -> Browser:
            seen = [f"--use-file-for-fake-video-capture={film}"] if film else []
            arguments = ["--no-sandbox", "--use-fake-device-for-media-stream", *seen]
            made = chromium.browser_type.launch(executable_path=CHROMIUM, args=arguments)
            browsers.callback(made.close)
            return made

        yield make


@pytest.fixture
def with_camera(new_camera: NewCamera) -> Browser:
    """A browser with a camera; who may use it is asked as ever."""
    return new_camera()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A picture as a camera makes it."""
    path = tmp_path / "现场.jpg"
    picture = Image.effect_noise((1200, 900), 60).convert("RGB")
    picture.save(path, quality=90)
    return path
