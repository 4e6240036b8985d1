"""Every page of the app and what opens on it: one walk, and nothing to complain of."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from forms import load
from tests.phone.browser.axe import bring_axe, needs_axe, violations
from tests.phone.browser.conftest import NewPhone
from tests.phone.browser.phone_page import Handset
from tests.phone.browser.site import Site
from tests.phone.browser.walk import SCREENS, Walk
from tests.phone.browser.walked import build_walked, partner_of
from tests.phone.field import Built
from tests.usecases.bureau import LIBRARY

ROOT = Path(__file__).parents[3]
PICTURES = ROOT / "docs" / "pictures" / "phone"
MOST_BYTES = 3_500_000
SHOWN = re.compile(r"!\[([^]]+)\]\(pictures/phone/([a-z-]+)\.webp\)")
NARROW, USUAL = {"width": 360, "height": 740}, {"width": 390, "height": 844}
BREAKS = """() => { window.broken = [];
  document.addEventListener("securitypolicyviolation", (event) =>
    window.broken.push(`${event.violatedDirective} ${event.blockedURI}`)); }"""
WIDER = """() => [...document.querySelectorAll("html, dialog[open]")]
  .some((one) => one.scrollWidth > one.clientWidth)"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path) -> Built:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(load, "packaged", lambda: LIBRARY)
        return build_walked(tmp_path_factory.mktemp("walked") / "data", migrated_file)


class Seen:
    """What was seen on the way, and what was wrong with it."""

    def __init__(self, phone: Handset) -> None:
        self.page = phone.page
        self.names: list[str] = []
        self.faults: list[str] = []

    def at(self, name: str) -> None:
        """Look at a screen: nothing is cut at the side, no policy broken, and all can be read."""
        self.names.append(name)
        found = [f"policy {one}" for one in self.page.evaluate("window.broken.splice(0)")]
        found += violations(self.page)
        self.page.set_viewport_size(NARROW)
        if self.page.evaluate(WIDER):
            found.append("wider than the phone")
        self.page.set_viewport_size(USUAL)
        self.faults += [f"{name}: {one}" for one in found]


@needs_axe
def test_every_screen_fits_a_small_phone_can_be_read_and_keeps_to_the_policy(
    site: Site, new_phone: NewPhone, with_camera: Browser, tmp_path: Path
) -> None:
    phone = new_phone(browser=with_camera, permissions=("geolocation", "camera", "microphone"))
    phone.page.emulate_media(reduced_motion="reduce", color_scheme="light")
    phone.context.add_init_script(f"({BREAKS})()")
    bring_axe(phone.context)
    seen = Seen(phone)
    with partner_of(site, tmp_path) as partner:
        Walk(phone, partner, seen.at).all(tmp_path)

    assert seen.names == list(SCREENS)
    assert seen.faults == []


def test_every_screen_is_shown_in_the_description_and_nothing_else() -> None:
    told = (ROOT / "docs" / "phone.md").read_text("utf-8")
    shown = {name: title for title, name in SHOWN.findall(told)}

    assert shown == SCREENS
    assert {file.stem for file in PICTURES.iterdir()} == set(SCREENS)
    assert sum(file.stat().st_size for file in PICTURES.iterdir()) <= MOST_BYTES
