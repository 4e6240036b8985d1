"""What a phone may refuse its officer: room, place, camera, the right time, a second window."""

import hashlib
import re
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.phone.browser.conftest import NewPhone
from tests.phone.browser.phone_page import PATIENCE_MS, Handset
from tests.phone.browser.site import Site

ELSEWHERE = "本账号已在另一个窗口打开，本窗口只能查看。"
FULL = "手机存储空间不足"
FOUND, HEAD = "除尘器泄爆口被杂物堵塞", "钱大"
ALLOWED = 12_000_000
"""Bytes that a small phone keeps; the app itself takes a part of them."""


class Storage:
    """How much a phone's browser lets the app keep."""

    def __init__(self, phone: Handset) -> None:
        self._origin = phone.url
        self._browser = phone.context.new_cdp_session(phone.page)

    def hold(self, size: int | None = None) -> None:
        """Hold so many bytes, or as many as ever."""
        size_said = {} if size is None else {"quotaSize": size}
        self._browser.send("Storage.overrideQuotaForOrigin", {"origin": self._origin, **size_said})


def test_a_phone_without_place_camera_and_room_says_so_and_loses_nothing_in_two_windows(
    site: Site, with_camera: Browser, new_phone: NewPhone, photo: Path
) -> None:
    large = photo.with_name("大.jpg")
    large.write_bytes(photo.read_bytes().ljust(ALLOWED, b"\0"))
    phone, partner = new_phone(browser=with_camera, permissions=()), new_phone()
    phone.open()
    storage = Storage(phone)
    storage.hold(ALLOWED)
    partner.enrol("officer1")
    partner.begin()
    partner.sync()
    phone.enrol("officer0")
    phone.context.set_offline(True)
    phone.open_task()
    phone.enter()
    phone.press("获取定位")
    phone.see(re.compile("没有定位权限。.*也可以不定位，再点一次登记到场。"))
    phone.arrive(located=False)
    phone.step("检查表")
    _finds_no_room(phone, storage, large)
    _is_written_in_another_window(phone)
    phone.sign_papers(HEAD, "责令整改")
    phone.context.set_offline(False)
    phone.sync()
    partner.sync()

    held = sorted(row["seq"] for row in phone.held())
    assert held == list(range(1, len(held) + 1))
    site.has_all(phone, partner)
    assert set(site.stored().values()) == {"applied"}
    taken = large.read_bytes()
    assert site.backend.blobs.read(hashlib.sha256(taken).hexdigest()) == taken
    for one in (phone, partner):
        one.shows({"A1": "不符合", "A2": "符合", "A3": "不适用"})
        one.see(one.card("A1").get_by_text("照片 1").first)
    papers = site.papers()
    assert set(papers) == {"inspection_record", "rectification_order"}
    assert all(FOUND in text and HEAD in text for text in papers.values())


def _finds_no_room(phone: Handset, storage: Storage, large: Path) -> None:
    """A photo and an answer that do not fit are refused, nothing else; later both are saved."""
    phone.answer("A1", "不符合")
    card = phone.card("A1")
    phone.fill("问题描述", FOUND, card)
    phone.fill("部位", "一号除尘器", card)
    phone.press("责令限期整改", card)
    phone.press("保存并拍照", card)
    camera = phone.sheet("拍照")
    phone.see(camera.get_by_text("没有相机权限"))
    camera.get_by_label("系统相机", exact=True).set_input_files(large)
    phone.press("保存 1", camera)
    phone.see(camera.get_by_role("alert").filter(has_text=FULL))
    before = phone.held()
    storage.hold(1)
    phone.press("保存 1", camera)  # for more than what was left Chromium looks how much is, at once
    phone.see(camera.get_by_role("alert").filter(has_text=FULL))
    phone.press("关闭相机", camera)
    phone.press("不保存")
    phone.gone(camera)
    phone.answers("A2").get_by_role("button", name="符合", exact=True).click()
    phone.see(phone.card("A2").get_by_role("alert").filter(has_text=FULL))
    phone.shows_no_answer("A2")
    during = phone.held()
    storage.hold()
    phone.answer("A2", "符合")
    phone.press("拍照", card)
    camera.get_by_label("系统相机", exact=True).set_input_files(large)
    phone.press("保存 1", camera)
    phone.gone(camera)
    phone.see(card.get_by_text("照片 1").first)

    assert [row["seq"] for row in before] == [row["seq"] for row in during] == [1, 2, 3]
    assert {row["hash"] for row in during} < {row["hash"] for row in phone.held()}


def _is_written_in_another_window(phone: Handset) -> None:
    """One window writes at a time: the second only reads, until it is told to write."""
    second = phone.tab()
    second.open()
    second.unlock()
    told = second.page.get_by_text(ELSEWHERE)
    second.see(told)
    second.open_task()
    second.enter()
    second.step("检查表")
    second.shows_answer("A2", "符合")
    second.see(told)
    locked = second.answers("A3").get_by_role("button", name="符合", exact=True)
    expect(locked).to_be_disabled(timeout=PATIENCE_MS)
    second.press("改在本窗口填写")
    second.gone(told)
    second.answer("A3", "符合")
    elsewhere = phone.see(phone.page.get_by_text(ELSEWHERE))
    second.page.close()
    phone.gone(elsewhere)
    phone.shows_answer("A3", "符合")
    phone.answer("A3", "不适用")


def test_phones_whose_clocks_are_wrong_by_a_day_deliver_all(
    site: Site, new_phone: NewPhone, photo: Path
) -> None:
    fast, slow = new_phone(days_off=1), new_phone(days_off=-1)
    for number, phone in enumerate((fast, slow)):
        phone.enrol(f"officer{number}")
        phone.context.set_offline(True)
        phone.begin(timed=False)
    fast.fail("A1", FOUND, "一号除尘器", photo)
    slow.answer("A2", "不适用")
    slow.answer("A3", "符合")
    for phone in (fast, slow):
        phone.context.set_offline(False)
        phone.go_to("同步")
        phone.press("立即同步")
        phone.see(phone.page.get_by_role("alert").filter(has_text="手机时间不准"))
        phone.see("请在手机的系统设置中打开“自动确定日期和时间”。")
        phone.see("没有待送内容")
    fast.press("立即同步")
    fast.shows({"A1": "不符合", "A2": "不适用", "A3": "符合"})
    fast.sign_papers(HEAD, "责令整改")
    for phone in (fast, slow):
        phone.go_to("同步")
        phone.press("立即同步")
        phone.see("没有待送内容")

    site.has_all(fast, slow)
    assert set(site.stored().values()) == {"applied"}
    for phone in (fast, slow):
        phone.shows({"A1": "不符合", "A2": "不适用", "A3": "符合"})
    papers = site.papers()
    assert set(papers) == {"inspection_record", "rectification_order"}
    assert all(FOUND in text and HEAD in text for text in papers.values())
