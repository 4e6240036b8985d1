"""Every page of the app and what opens on it: two walks, and nothing to complain of."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from forms import load
from tests.browser_rendering.test_pyodide import PYODIDE
from tests.phone.browser.axe import needs_axe
from tests.phone.browser.conftest import NewPhone
from tests.phone.browser.published import build_busy
from tests.phone.browser.seen import Seen
from tests.phone.browser.site import Site
from tests.phone.browser.walk import SCREENS, Walk
from tests.phone.browser.walk_later import LATER, LaterWalk
from tests.phone.browser.walked import build_walked, partner_of
from tests.phone.field import Built
from tests.usecases.bureau import LIBRARY

ROOT = Path(__file__).parents[3]
PICTURES = ROOT / "docs" / "pictures" / "phone"
MOST_BYTES = 4_500_000
SHOWN = re.compile(r"!\[([^]]+)\]\(pictures/phone/([a-z-]+)\.webp\)")
BUILDERS = {"first": build_walked, "later": build_busy}


@pytest.fixture(scope="module")
def built(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, migrated_file: Path
) -> Built:
    """The bureau of one of the walks."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(load, "packaged", lambda: LIBRARY)
        folder = tmp_path_factory.mktemp("walked") / "data"
        return BUILDERS[request.param](folder, migrated_file)


@needs_axe
@pytest.mark.parametrize("built", ["first"], indirect=True)
def test_every_screen_fits_a_small_phone_can_be_read_and_keeps_to_the_policy(
    site: Site, new_phone: NewPhone, with_camera: Browser, tmp_path: Path
) -> None:
    phone = new_phone(browser=with_camera, permissions=("geolocation", "camera", "microphone"))
    seen = Seen(phone)
    with partner_of(site, tmp_path) as partner:
        Walk(phone, partner, seen.at).all(tmp_path)

    assert seen.names == list(SCREENS)
    assert seen.faults == []


@needs_axe
@pytest.mark.skipif(
    not PYODIDE.is_dir(),
    reason="Pyodide is not installed: `make test` fetches it from the npm registry",
)
@pytest.mark.parametrize("built", ["later"], indirect=True)
def test_every_screen_after_a_visit_and_of_what_is_seldom_does_so_as_well(
    site: Site, new_phone: NewPhone, tmp_path: Path
) -> None:
    phone = new_phone()
    seen = Seen(phone)
    with partner_of(site, tmp_path) as partner:
        LaterWalk(site, phone, partner, seen.at).all(tmp_path)

    assert seen.names == list(LATER)
    assert seen.faults == []


def test_every_screen_is_shown_in_the_description_and_nothing_else() -> None:
    told = (ROOT / "docs" / "phone.md").read_text("utf-8")
    shown = {name: title for title, name in SHOWN.findall(told)}

    assert shown == SCREENS | LATER
    assert {file.stem for file in PICTURES.iterdir()} == set(SCREENS | LATER)
    assert sum(file.stat().st_size for file in PICTURES.iterdir()) <= MOST_BYTES
