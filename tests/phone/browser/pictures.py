"""
Pictures of every screen of the app, for docs/phone.md: `python -m tests.phone.browser.pictures`.

It walks over two bureaus of its own and, at each screen, takes 360, 390 and 768 px in the light
theme and in the dark one; the six make one picture in docs/pictures/phone. `--only NAME …` makes
some screens' anew, `--large FOLDER` leaves the single shots there. Needs Chromium; letters are
the repository's own, so that no system needs a Chinese font. Takes about five minutes.
"""

import argparse
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from fontTools.ttLib import TTFont
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

import pdf_templates.fonts
from forms import load
from inspect_server.store.engine import open_engine
from inspect_server.store.schema import upgrade
from tests.conftest import BUREAU
from tests.phone.browser.conftest import CHROMIUM, CLOCK_MS, PHONE
from tests.phone.browser.phone_page import Handset
from tests.phone.browser.published import build_busy
from tests.phone.browser.site import open_site
from tests.phone.browser.walk import SCREENS, Walk
from tests.phone.browser.walk_later import LATER, LaterWalk
from tests.phone.browser.walked import build_walked, partner_of
from tests.phone.field import Built
from tests.usecases.bureau import LIBRARY

PICTURES = Path(__file__).parents[3] / "docs" / "pictures" / "phone"
SIZES: tuple[ViewportSize, ...] = (
    {"width": 360, "height": 740},
    {"width": 390, "height": 844},
    {"width": 768, "height": 1024},
)
USUAL = SIZES[1]
THEMES = ("light", "dark")
GAP, AROUND = 16, "#9aa5b1"
COLOURS = 32
NAMES = SCREENS | LATER
PERMISSIONS = ["geolocation", "camera", "microphone"]


WALKS: tuple[tuple[dict[str, str], Callable[..., Built], Callable[..., Walk | LaterWalk]], ...] = (
    (SCREENS, build_walked, lambda _, *given: Walk(*given)),
    (LATER, build_busy, LaterWalk),
)


class AllTaken(Exception):
    """There is nothing left to walk for."""


class Photographer:
    """Takes the pictures of one page."""

    def __init__(self, page: Page, wanted: set[str], large: Path | None) -> None:
        self._page, self._wanted, self._large = page, set(wanted), large

    def at(self, name: str) -> None:
        """
        Take a screen in all sizes and themes.

        Raises:
            AllTaken: It was the last that was wanted.
        """
        if name not in self._wanted:
            return
        self._page.locator(".toast").wait_for(state="detached")
        self._page.evaluate(ANCHOR)
        shots = {}
        for theme in THEMES:
            self._page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]  # one of both
            for size in SIZES:
                self._page.set_viewport_size(size)
                self._page.evaluate(SETTLED)
                shots[theme, size["width"]] = Image.open(io.BytesIO(self._page.screenshot()))
        self._page.emulate_media(color_scheme="light")
        self._page.set_viewport_size(USUAL)
        _sheet(shots).save(PICTURES / f"{name}.webp", lossless=True, quality=80, method=4)
        for (theme, width), shot in shots.items():
            if self._large is not None:
                shot.save(self._large / f"{name}-{width}-{theme}.png")
        self._wanted.remove(name)
        if not self._wanted:
            raise AllTaken


ANCHOR = """() => {
  const sheet = document.querySelector("dialog[open] .body");
  const isMoved = sheet === null ? scrollY > 0 : sheet.scrollTop > 0;
  const middle = document.elementFromPoint(innerWidth / 2, innerHeight / 2);
  const pad = document.querySelector("dialog[open] .pad");
  window.anchor = isMoved ? pad ?? sheet?.querySelector(":focus") ?? middle : null;
}"""
"""Remembers what is looked at where a screen was scrolled: it is looked at in other sizes, too."""
SETTLED = """() => new Promise((settled) => {
  const painted = (then) => requestAnimationFrame(() => requestAnimationFrame(then));
  painted(() => {
    window.anchor?.scrollIntoView({ block: "center" });
    painted(() => setTimeout(settled, 60));
  });
})"""
"""Resolves when what a new size or theme changes was painted, the pages of a document, too."""


def _sheet(shots: dict[tuple[str, int], Image.Image]) -> Image.Image:
    """Put six shots on one sheet, a theme a row."""
    width = sum(size["width"] + GAP for size in SIZES) + GAP
    height = max(size["height"] for size in SIZES)
    sheet = Image.new("RGB", (width, len(THEMES) * (height + GAP) + GAP), AROUND)
    for row, theme in enumerate(THEMES):
        left = GAP
        for size in SIZES:
            sheet.paste(shots[theme, size["width"]], (left, GAP + row * (height + GAP)))
            left += size["width"] + GAP
    return sheet.quantize(COLOURS, dither=Image.Dither.NONE).convert("RGB")


def _letters(folder: Path) -> Path:
    """Make the repository's Chinese letters the system's; return the configuration that says so."""
    font = TTFont(Path(pdf_templates.fonts.__file__).with_name("hei.woff2"))
    font.flavor = None
    font["OS/2"].usWeightClass = 300  # light enough that the browser makes bold ones of it
    font.save(folder / "hei.ttf")
    told = folder / "fonts.conf"
    told.write_text(FONTS.format(folder=folder, family=font["name"].getDebugName(1)), "utf-8")
    return told


FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{folder}</dir>
  <cachedir>{folder}/cache</cachedir>
  <match target="pattern">
    <edit name="family" mode="append" binding="strong"><string>{family}</string></edit>
  </match>
</fontconfig>
"""


def _sights(folder: Path) -> Path:
    """Write what the camera sees: a wall with a cabinet whose door stands open."""
    wide, high = SIGHT
    picture = Image.new("RGB", SIGHT, "#b9b5a6")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, high * 0.8, wide, high), "#6f6a62")
    pen.rectangle((wide * 0.36, high * 0.2, wide * 0.6, high * 0.7), "#4d5a66", "#2c343c", 6)
    pen.polygon(
        [(wide * 0.6, high * 0.2), (wide * 0.72, high * 0.14), (wide * 0.72, high * 0.76),
         (wide * 0.6, high * 0.7)],
        "#7d8b99", "#2c343c",
    )  # fmt: skip
    for row in range(3):
        for column in range(4):
            x, y = wide * (0.39 + 0.05 * column), high * (0.27 + 0.14 * row)
            pen.rectangle((x, y, x + wide * 0.035, y + high * 0.09), "#e9e4d8", "#20262c", 3)
    pen.line([(wide * 0.45, high * 0.7), (wide * 0.43, high * 0.8), (wide * 0.5, high * 0.86)],
             "#b3261e", 8, "curve")  # fmt: skip
    light, *colours = picture.convert("YCbCr").split()
    parts = (light, *(colour.resize((wide // 2, high // 2)) for colour in colours))
    film = folder / "sights.y4m"
    head = f"YUV4MPEG2 W{wide} H{high} F10:1 Ip A1:1 C420jpeg\n".encode()
    film.write_bytes(head + (b"FRAME\n" + b"".join(part.tobytes() for part in parts)) * 2)
    return film


SIGHT = (1280, 720)


def _database(folder: Path) -> Path:
    file = folder / "empty.db"
    engine = open_engine(f"sqlite:///{file}")
    upgrade(engine)
    engine.dispose()
    return file


@contextmanager
def _browser(folder: Path) -> Iterator[Browser]:
    arguments = [
        "--no-sandbox",
        "--enable-blink-features=LangAttributeAwareFormControlUI",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={_sights(folder)}",
    ]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


def take(folder: Path, wanted: set[str], large: Path | None) -> None:
    """Walk, and take pictures of these screens; what that needs lies in an empty folder."""
    os.environ["FONTCONFIG_FILE"] = str(_letters(folder))
    load.packaged = lambda: LIBRARY
    database = _database(folder)
    with _browser(folder) as browser:
        for number, (names, build, walk) in enumerate(WALKS):
            if here := wanted & names.keys():
                place = folder / str(number)
                place.mkdir()
                _walk(place, build(place / "built", database), browser, (here, large), walk)


def _walk(
    folder: Path,
    built: Built,
    browser: Browser,
    wanted: tuple[set[str], Path | None],
    begun: Callable[..., Walk | LaterWalk],
) -> None:
    with (
        open_site(built, folder / "data") as site,
        partner_of(site, folder) as partner,
        browser.new_context(**PHONE, permissions=PERMISSIONS) as context,
    ):
        phone = Handset(context, site.url, CLOCK_MS)
        phone.page.emulate_media(reduced_motion="reduce", color_scheme="light")
        photographer = Photographer(phone.page, *wanted)
        with suppress(AllTaken):
            begun(site, phone, partner, photographer.at).all(folder)


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description="Take pictures of every screen of the phone app.")
    parser.add_argument("--only", nargs="+", choices=NAMES, default=NAMES, metavar="SCREEN")
    parser.add_argument("--large", type=Path, help="folder for the single shots")
    asked = parser.parse_args()
    for folder in filter(None, (PICTURES, asked.large)):
        folder.mkdir(parents=True, exist_ok=True)
    os.environ.update({f"INSPECT_{key.upper()}": value for key, value in BUREAU.items()})
    with TemporaryDirectory(prefix="inspect-pictures-") as name:
        take(Path(name), set(asked.only), asked.large)


if __name__ == "__main__":
    main()
