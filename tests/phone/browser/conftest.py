"""Phones, each in a browser context of its own, and the server that they belong to."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser

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
NewPhone = Callable[..., Handset]


@pytest.fixture
def site(built: Built, tmp_path: Path) -> Iterator[Site]:
    with open_site(built, tmp_path / "data") as made:
        yield made


@pytest.fixture
def new_phone(chromium: Browser, site: Site) -> Iterator[NewPhone]:
    """What makes phones; afterwards nobody's console complained, and none asked another host."""
    made: list[Handset] = []
    with ExitStack() as contexts:

        def make(
            *, days_off: int = 0, permissions: tuple[str, ...] = ("geolocation", "camera")
        ) -> Handset:
            context = chromium.new_context(**PHONE, permissions=list(permissions))
            contexts.callback(context.close)
            clock_ms = SHIFT.total_seconds() * 1000 + days_off * 86_400_000
            made.append(Handset(context, site.url, clock_ms))
            return made[-1]

        yield make
        complaints = [said for one in made for said in one.complaints]
        hosts = {host for one in made for host in one.hosts}
    assert complaints == []
    assert hosts <= {site.url}


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A picture as a camera makes it."""
    path = tmp_path / "现场.jpg"
    picture = Image.effect_noise((1200, 900), 60).convert("RGB")
    picture.save(path, quality=90)
    return path
