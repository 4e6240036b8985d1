"""A visit of forty problems and three hundred photos on one phone: all opens, and all arrives."""

import hashlib
import time
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, expect

from tests.phone.browser.conftest import NewPhone
from tests.phone.browser.phone_page import PATIENCE_MS, Handset
from tests.phone.browser.site import Site

FINDINGS, PHOTOS = 40, 300
LONG_MS = 10 * PATIENCE_MS
"""For what is done three hundred times."""
MOST_GROWTH = 600
"""
MiB that the page's process may hold more than when the visit began, whatever was opened since.

Measured: 290 once all is written, opened, scrolled and read, 440 once it is delivered, of which
some 230 are bodies that a browser keeps for whoever watches its network, as tests do: without, 400
pictures shown and 400 uploads leave nothing behind. With originals in the camera's strip it was 740
already when all was written: half a gigabyte of them lay decoded, until the page was idle.
"""


class Watch:
    """How long each step took, and how much memory the page's process then held."""

    def __init__(self, phone: Handset, chromium: Browser) -> None:
        self._page = phone.context.new_cdp_session(phone.page)
        self._browser = chromium.new_browser_cdp_session()
        self._last = time.monotonic()
        self.steps: list[str] = []
        self.held: list[int] = []
        self.done("begun")

    def done(self, what: str) -> None:
        """Note a step that has just ended."""
        seconds = time.monotonic() - self._last
        self._page.send("HeapProfiler.collectGarbage")
        self.held.append(self._resident_mib())
        self.steps.append(f"{what}: {seconds:.1f} s, {self.held[-1]} MiB")
        self._last = time.monotonic()

    @property
    def growth(self) -> int:
        """MiB that it ever held more than at the beginning."""
        return max(self.held) - self.held[0]

    def _resident_mib(self) -> int:
        """Of the largest page: every other one of the browser is an empty one of its own."""
        processes = self._browser.send("SystemInfo.getProcessInfo")["processInfo"]
        pages = [
            Path(f"/proc/{one['id']}/status") for one in processes if one["type"] == "renderer"
        ]
        told = [line for page in pages for line in page.read_text().splitlines()]
        return max(int(line.split()[1]) for line in told if line.startswith("VmRSS:")) // 1024


def pictures(folder: Path) -> list[list[Path]]:
    """Three hundred files, no two alike, shared out over the problems."""
    base = folder / "现场.jpg"
    Image.effect_noise((1200, 900), 60).convert("RGB").save(base, quality=40)
    files = [folder / f"{number:03}.jpg" for number in range(PHOTOS)]
    for number, file in enumerate(files):
        file.write_bytes(base.read_bytes() + number.to_bytes(2, "big"))
    return [files[at::FINDINGS] for at in range(FINDINGS)]


def add(phone: Handset, number: int, photos: list[Path]) -> None:
    """Note a problem beside the checklist, with its photos."""
    phone.press("添加检查表以外的问题")
    phone.fill("问题描述", f"第 {number} 处配电箱箱门未关闭")
    phone.fill("部位", f"{number} 号车间")
    phone.press("保存并拍照")
    camera = phone.sheet("拍照")
    camera.get_by_label("相册", exact=True).set_input_files(photos)
    phone.press(f"保存 {len(photos)}", camera)
    expect(camera).to_have_count(0, timeout=LONG_MS)


def roll_to(phone: Handset, card: Locator) -> None:
    """Roll on until the first picture of a card shows, as a thumb does."""
    picture = card.locator("img").first
    while not picture.is_visible():  # what comes into sight above it pushes it on
        phone.page.mouse.wheel(0, 600)
    picture.scroll_into_view_if_needed()


@pytest.mark.timeout(3600)
def test_forty_problems_with_three_hundred_photos_open_scroll_sign_and_arrive(
    site: Site,
    new_phone: NewPhone,
    chromium: Browser,
    tmp_path: Path,
) -> None:
    shares = pictures(tmp_path)
    phone = new_phone()
    phone.enrol("officer0")
    phone.context.set_offline(True)
    phone.begin()
    phone.step("问题")
    watch = Watch(phone, chromium)
    for number, photos in enumerate(shares, start=1):
        add(phone, number, photos)
    phone.waits(1 + FINDINGS + PHOTOS * 2)
    watch.done("written")
    phone.step("到场")
    phone.step("问题")
    cards = phone.page.locator(".finding")
    expect(cards).to_have_count(FINDINGS, timeout=LONG_MS)
    watch.done("opened")
    roll_to(phone, cards.last)
    watch.done("rolled to the last")
    phone.step("签名")
    phone.press("签名", phone.signer("主办人员"))
    sheet = phone.sheet("主办人员签名")
    phone.see(sheet.get_by_text(f"第 {FINDINGS} 处配电箱箱门未关闭"))
    watch.done("signing opened")
    phone.read_through(sheet)
    watch.done("read through")
    phone.page.reload()
    phone.unlock()
    watch.done("unlocked again")
    phone.context.set_offline(False)
    phone.go_to("同步")
    phone.press("立即同步")
    expect(phone.page.get_by_text("全部送达", exact=True)).to_be_visible(timeout=LONG_MS)
    watch.done("delivered")

    site.has_all(phone)
    taken = [hashlib.sha256(file.read_bytes()).hexdigest() for share in shares for file in share]
    assert len(set(taken)) == PHOTOS
    assert [name for name in taken if not site.backend.blobs.has(name)] == []
    assert watch.growth < MOST_GROWTH, watch.steps
