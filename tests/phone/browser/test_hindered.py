"""What a phone may refuse its officer: room, place, camera, the right time, a second window."""

import hashlib
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from tests.phone.browser.conftest import NewPhone
from tests.phone.browser.phone_page import PATIENCE_MS
from tests.phone.browser.site import Site

pytestmark = pytest.mark.long
TRUSTED_MS = 35_000
"""For up to 30 seconds Chromium trusts what it last knew of the room that is left."""


def test_a_second_tab_reads_and_says_so_until_it_is_told_to_write(
    site: Site, new_phone: NewPhone
) -> None:
    first = new_phone()
    first.enrol("officer0")
    first.begin()
    second = first.tab()
    second.open()
    second.unlock()
    told = second.page.get_by_text("本账号已在另一个窗口打开，本窗口只能查看。")
    second.see(told)
    first.answer("A1", "符合")
    second.open_task()
    second.enter()
    second.step("检查表")
    second.shows_answer("A1", "符合")
    second.see(told)
    locked = second.answers("A2").get_by_role("button", name="符合", exact=True)
    expect(locked).to_be_disabled(timeout=PATIENCE_MS)
    second.press("改在本窗口填写")
    second.gone(told)
    second.answer("A2", "不适用")
    first.see(first.page.get_by_text("本账号已在另一个窗口打开，本窗口只能查看。"))
    second.page.close()
    first.gone(first.page.get_by_text("本账号已在另一个窗口打开，本窗口只能查看。"))
    first.answer("A3", "符合")
    first.sync()

    assert {row["seq"] for row in first.held()} == {1, 2, 3, 4}
    assert set(site.stored().values()) == {"applied"}


def test_a_full_phone_says_so_and_loses_nothing(
    site: Site, new_phone: NewPhone, tmp_path: Path
) -> None:
    large = tmp_path / "大.jpg"
    Image.effect_noise((3000, 2200), 90).convert("RGB").save(large, quality=97)
    phone = new_phone()
    phone.open()
    devices = phone.context.new_cdp_session(phone.page)
    room = {"origin": site.url, "quotaSize": large.stat().st_size}
    devices.send("Storage.overrideQuotaForOrigin", room)
    phone.enrol("officer0")
    phone.context.set_offline(True)
    phone.begin()
    phone.answer("A1", "不符合")
    card = phone.card("A1")
    phone.press("保存并拍照", card)
    camera = phone.sheet("拍照")
    camera.get_by_label("相册", exact=True).set_input_files(large)
    phone.press("保存 1", camera)
    phone.see(camera.get_by_role("alert").filter(has_text="手机存储空间不足"))
    before = phone.held()
    devices.send("Storage.overrideQuotaForOrigin", room | {"quotaSize": 1})
    phone.page.wait_for_timeout(TRUSTED_MS)
    phone.press("保存 1", camera)
    phone.see(camera.get_by_role("alert").filter(has_text="手机存储空间不足"))
    during = phone.held()
    devices.send("Storage.overrideQuotaForOrigin", {"origin": site.url})
    phone.press("保存 1", camera)
    phone.gone(camera)
    phone.see(card.get_by_text("照片 1").first)
    phone.context.set_offline(False)
    phone.sync()

    assert [row["seq"] for row in before] == [row["seq"] for row in during] == [1, 2, 3]
    assert {row["hash"] for row in during} < {row["hash"] for row in phone.held()}
    assert {row["hash"] for row in phone.held()} == set(site.stored())
    taken = large.read_bytes()
    assert site.backend.blobs.read(hashlib.sha256(taken).hexdigest()) == taken


@pytest.mark.parametrize("days_off", [1, -1])
def test_a_phone_whose_clock_is_wrong_by_a_day_delivers_all(
    site: Site, new_phone: NewPhone, photo: Path, days_off: int
) -> None:
    phone = new_phone(days_off=days_off)
    phone.enrol("officer0")
    phone.context.set_offline(True)
    phone.begin()
    phone.answer("A1", "符合")
    phone.answer("A2", "不适用")
    phone.context.set_offline(False)
    phone.go_to("同步")
    phone.press("立即同步")
    phone.see(phone.page.get_by_role("alert").filter(has_text="手机时间不准"))
    phone.see("请在手机的系统设置中打开“自动确定日期和时间”。")
    phone.see("没有待送内容")

    assert {row["hash"] for row in phone.held() if row["acked"]} == set(site.stored())
    assert set(site.stored().values()) == {"applied"}


def test_a_visit_goes_on_without_place_and_camera(
    site: Site, new_phone: NewPhone, with_camera: Browser, photo: Path
) -> None:
    phone = new_phone(browser=with_camera, permissions=())
    phone.enrol("officer0")
    phone.open_task()
    phone.enter()
    phone.press("获取定位")
    phone.see(re.compile("没有定位权限。.*也可以不定位，再点一次登记到场。"))
    phone.arrive(located=False)
    phone.step("检查表")
    phone.answer("A1", "不符合")
    card = phone.card("A1")
    phone.press("保存并拍照", card)
    phone.see(phone.sheet("拍照").get_by_text("没有相机权限"))
    phone.choose_photo(photo, "系统相机")
    phone.see(card.get_by_text("照片 1").first)
    phone.sync()

    assert set(site.stored().values()) == {"applied"}
