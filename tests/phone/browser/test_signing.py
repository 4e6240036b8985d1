"""Whoever signs is shown what is signed, pictures too, and goes through it before the pad opens."""

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from PIL import Image
from playwright.sync_api import expect
from sqlalchemy import update

from forms import load
from forms.model import Section
from inspect_server.app import make_backend, prepare
from inspect_server.config import Settings
from inspect_server.store.models.identity import User
from inspect_server.usecases.checklists.publish_checklist import publish_checklist
from tests.actors import ALL_ROLES
from tests.conftest import BUREAU, FixedClock
from tests.phone.browser.conftest import NewPhone
from tests.phone.browser.hand import PATIENCE_MS
from tests.phone.browser.published import published
from tests.phone.field import PASSWORD, Built
from tests.usecases.bureau import LIBRARY, open_bureau

MANY = 197
"""With the three of the small checklist they are two hundred."""
LAST = f"Q{MANY:03}"
SHOWN = "img => img.complete && img.naturalWidth > 0"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path) -> Built:
    """A bureau whose one inspection asks two hundred items."""
    folder = tmp_path_factory.mktemp("many") / "data"
    folder.mkdir(mode=0o700)
    shutil.copy(migrated_file, folder / "inspect.db")
    short = published()
    first = short.sections[0].items[0]
    asked = tuple(replace(first, code=f"Q{number:03}") for number in range(1, MANY + 1))
    sections = (Section("二、逐项", asked),)
    long = replace(short, name="long", title="长检查表", sectors=(), sections=sections)
    backend = make_backend(Settings(data_dir=folder, **BUREAU), FixedClock())
    prepare(backend.settings)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(load, "packaged", lambda: LIBRARY)
        bureau = open_bureau(backend)
        with backend.begin(ALL_ROLES) as work:
            publish_checklist(work, long)
            cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
            work.session.execute(update(User).values(password_hash=cheap))
        task = str(bureau.dispatched()[0])
    backend.engine.dispose()
    return Built(folder, bureau, task)


@pytest.fixture
def other_photo(tmp_path: Path) -> Path:
    """A picture that the partner takes."""
    path = tmp_path / "同伴.jpg"
    Image.effect_noise((1200, 900), 90).convert("RGB").save(path, quality=90)
    return path


def test_the_pad_opens_once_all_was_in_sight_with_its_pictures(
    new_phone: NewPhone, photo: Path, other_photo: Path
) -> None:
    lead, member = new_phone(), new_phone()
    lead.enrol("officer0")
    member.enrol("officer1")
    member.begin()
    member.fail("Q001", "除尘器未清灰", "一号除尘器", other_photo)
    member.sync()
    lead.sync()
    lead.begin()
    lead.fail("Q002", "配电箱箱门敞开", "三号车间", photo)
    lead.step("签名")
    lead.press("签名", lead.signer("主办人员"))
    sheet = lead.sheet("主办人员签名")
    confirm = sheet.get_by_role("button", name="确认", exact=True)

    expect(confirm).to_be_disabled(timeout=PATIENCE_MS)
    lead.see(sheet.get_by_text(re.compile(r"请先看完上面的内容（还有 \d+ 处没有看到）")))
    sheet.locator(".body").evaluate("body => body.scrollTo(0, body.scrollHeight)")
    expect(sheet.get_by_role("listitem").filter(has_text="Q001")).not_to_be_in_viewport()
    expect(confirm).to_be_disabled()  # who jumps to the end has seen the end
    lead.press("跳到未看完处", sheet)
    own = sheet.get_by_role("button", name=re.compile("^查看"))
    own.last.scroll_into_view_if_needed()
    expect(own).to_have_count(2)
    lead.see(sheet.locator(".photos img"))
    assert sheet.locator(".photos img").evaluate_all(f"all => all.map({SHOWN})") == [True]
    lead.see(sheet.get_by_text("照片 1 张在对方手机上，本机未显示"))
    sheet.locator(".photos img").locator("xpath=ancestor::button").click()
    viewer = lead.sheet("照片")
    lead.gone(viewer.get_by_role("button", name="撤回"))  # it is looked at, and no more
    lead.page.keyboard.press("Escape")
    lead.gone(viewer)

    lead.press("跳到未看完处", sheet)
    lead.read_through(sheet)
    lead.gone(sheet.get_by_role("button", name="跳到未看完处"))
    lead.draw(sheet)
    lead.press("确认", sheet)
    lead.gone(sheet)
    lead.see(lead.signer("主办人员").get_by_text("已签", exact=True))


def test_who_is_led_from_one_unseen_place_to_the_next_comes_through(new_phone: NewPhone) -> None:
    phone = new_phone()
    phone.enrol("officer0")
    phone.begin()
    phone.step("签名")
    phone.press("签名", phone.signer("被检查单位"))
    sheet = phone.sheet("被检查单位签名")
    led = sheet.get_by_role("button", name="跳到未看完处")
    pad = sheet.locator("[inert]")
    expect(pad).to_have_count(1)
    steps = 0
    while pad.count():
        led.click(timeout=PATIENCE_MS)
        steps += 1
        phone.page.evaluate("new Promise((seen) => requestAnimationFrame(() => seen(0)))")
        phone.page.evaluate("new Promise((seen) => requestAnimationFrame(() => seen(0)))")

    assert steps > 3
    expect(sheet.get_by_text(LAST).first).to_be_in_viewport(timeout=PATIENCE_MS)


def test_to_refuse_asks_for_no_reading(new_phone: NewPhone) -> None:
    phone = new_phone()
    phone.enrol("officer0")
    phone.begin()
    phone.step("签名")
    phone.press("签名", phone.signer("被检查单位"))
    sheet = phone.sheet("被检查单位签名")
    sheet.get_by_role("radio", name="拒绝签名").check()
    phone.fill("拒签原因", "不同意第 2 项", sheet)
    phone.press("确认", sheet)

    phone.gone(sheet)
    phone.see(phone.signer("被检查单位").get_by_text("拒签", exact=True))
