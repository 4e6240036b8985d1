"""扫码入企 by the camera: the sheet that the office printed is read at the door, and told of."""

import re
from pathlib import Path

import pypdfium2
from PIL import Image, ImageFilter
from playwright.sync_api import Browser, Page, expect

from inspect_server.domain.enums import Role
from inspect_server.usecases.accounts import add_user
from tests.actors import ALL_ROLES
from tests.phone.browser.conftest import NewCamera, NewPhone
from tests.phone.browser.film import AROUND, in_view, record
from tests.phone.browser.hand import PATIENCE_MS
from tests.phone.browser.phone_page import ENTERPRISE, PASSWORD
from tests.phone.browser.published import OTHER_ENTERPRISE
from tests.phone.browser.site import Site
from tests.phone.browser.test_after_signing import previewed
from tests.usecases.bureau import USCC

TURNED = 4
"""Degrees: nobody holds a phone straight."""


def sign_in(browser: Browser, site: Site) -> Page:
    """The console, as the office that has an account there."""
    with site.backend.begin(ALL_ROLES) as work:
        add_user(work, "office", "周承办", "一科", (Role.OFFICE,), PASSWORD)
    page = browser.new_context(base_url=site.url).new_page()
    page.goto("/login?next=/gate-codes")
    page.get_by_label("账号", exact=True).fill("office")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="入企码")).to_be_visible(timeout=PATIENCE_MS)
    return page


def printed(page: Page) -> list[Image.Image]:
    """The sheets of both enterprises, as a printer gets them: one page each, and no other."""
    page.get_by_label("统一社会信用代码").fill("\n".join(USCC))
    page.get_by_role("button", name="生成").click()
    page.get_by_text("共 2 张").wait_for()
    paper = pypdfium2.PdfDocument(page.pdf(format="A4", print_background=False))
    said = [sheet.get_textpage().get_text_range() for sheet in paper]
    assert len(said) == 2
    assert all(uscc in words for uscc, words in zip(USCC, said, strict=True))
    page.emulate_media(media="print")
    for name in (ENTERPRISE, OTHER_ENTERPRISE):
        expect(page.get_by_text(name, exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="生成")).to_be_hidden()  # nothing around the sheets
    expect(page.get_by_text("退出")).to_be_hidden()
    page.emulate_media(media="screen")
    return [sheet.render(scale=2).to_pil() for sheet in paper]


def at_the_door(sheet: Image.Image) -> Image.Image:
    """The sheet as a camera sees it: not straight, and not sharp."""
    seen = sheet.convert("RGB").rotate(
        TURNED, Image.Resampling.BICUBIC, expand=True, fillcolor=AROUND
    )
    return in_view(seen).filter(ImageFilter.GaussianBlur(1))


def test_the_printed_sheet_is_read_by_the_camera_kept_with_the_arrival_and_told_by_the_office(
    site: Site, chromium: Browser, new_camera: NewCamera, new_phone: NewPhone, tmp_path: Path
) -> None:
    office = sign_in(chromium, site)
    own, other = printed(office)
    film = tmp_path / "door.y4m"
    record(film, [at_the_door(other)])
    phone = new_phone(browser=new_camera(film))
    phone.enrol("officer0")
    phone.context.set_offline(True)
    phone.open_task()
    phone.enter()
    phone.step("到场")
    phone.press("扫码入企")
    phone.see("不是本任务的企业")
    phone.see(f"扫到的是：{OTHER_ENTERPRISE}。")
    record(film, [at_the_door(own)])
    phone.press("重新扫码")
    phone.see(f"与任务一致：{ENTERPRISE}")
    phone.gone(phone.page.get_by_text("不是本任务的企业"))
    phone.arrive()
    phone.see(re.compile("扫描入企码，与任务一致"))
    phone.context.set_offline(False)
    phone.sync()
    office.goto(f"/inspections/{site.task}")
    told = office.get_by_text("扫描本机关的入企码核对，与任务一致")

    expect(told.first).to_be_visible(timeout=PATIENCE_MS)
    assert "赵检查扫描本机关的入企码核对，现场企业与本次检查任务一致" in previewed(site)
    site.has_all(phone)
    office.context.close()
