"""A phone that stints: its system promises to keep nothing, and its network costs by the byte."""

import hashlib
from pathlib import Path

from tests.phone.browser.conftest import NewPhone
from tests.phone.browser.phone_page import PIN
from tests.phone.browser.site import Site

UNPROMISED = """(() => {
  globalThis.agrees = false;
  const answer = async () => globalThis.agrees;
  const said = { persist: { value: answer }, persisted: { value: answer } };
  Object.defineProperties(navigator.storage, said);
})()"""
"""A system that promises to keep nothing, until it agrees."""
COSTLY = """(() => {
  const network = Object.assign(new EventTarget(), { type: "cellular", saveData: true });
  Object.defineProperty(navigator, "connection", { value: network });
})()"""
"""A browser that tells of mobile data, and that its user saves them."""
TURN = """([type, saveData]) => {
  Object.assign(navigator.connection, { type, saveData });
  navigator.connection.dispatchEvent(new Event("change"));
}"""
WIFI, MOBILE = ("wifi", False), ("cellular", False)
FOUND = "除尘器泄爆口被杂物堵塞"
WAITING = "照片、录像正在等待 Wi-Fi"


def test_a_system_that_promises_nothing_is_told_of_and_work_goes_on(
    site: Site, new_phone: NewPhone
) -> None:
    phone = new_phone()
    phone.context.add_init_script(UNPROMISED)
    phone.begin_enrolling("officer0")
    phone.choose_pin(PIN)
    phone.see(phone.heading("登记完成"))
    phone.see("系统没有同意长期保存：存储空间紧张时，系统可能清理本机数据，请每天检查后及时同步。")
    phone.press("进入任务")
    phone.see(phone.heading("任务"))
    phone.begin()
    phone.answer("A1")
    phone.go_to("我的")
    phone.see("系统未同意")
    phone.see("系统未同意时，存储空间紧张会清理本机数据。请把本程序添加到主屏幕后再申请。")
    phone.press("申请长期保存")
    phone.see("系统仍未同意，请每天检查后及时同步")
    phone.see("系统未同意")
    phone.sync()
    site.has_all(phone)
    phone.go_to("我的")
    phone.page.evaluate("agrees = true")
    phone.press("申请长期保存")
    phone.see("系统已同意")
    phone.gone(phone.page.get_by_role("button", name="申请长期保存"))


def is_stored(site: Site, photo: Path) -> bool:
    """Whether the server has a photo's file."""
    return site.backend.blobs.has(hashlib.sha256(photo.read_bytes()).hexdigest())


def test_on_mobile_data_what_was_filled_in_goes_and_photos_wait_for_wifi_or_a_word(
    site: Site, new_phone: NewPhone, photo: Path
) -> None:
    phone = new_phone()
    phone.context.add_init_script(COSTLY)
    phone.enrol("officer0")
    phone.go_to("同步")
    phone.page.get_by_role("switch", name="仅 Wi-Fi 传照片、录像").check()
    phone.begin()
    phone.fail("A1", FOUND, "一号除尘器", photo)
    phone.go_to("我的")
    phone.press("立即锁定")
    phone.unlock()  # what was set is kept
    phone.go_to("同步")
    phone.press("立即同步")
    phone.see(WAITING)
    phone.see("照片、录像等连上 Wi-Fi 后上传")
    phone.see(phone.page.get_by_text("待送 1 张照片", exact=True))
    phone.waits(1)
    before = phone.held()
    assert [row for row in before if not row["acked"]] == []
    assert {row["hash"] for row in before} == set(site.stored())
    assert not is_stored(site, photo)

    phone.page.evaluate(TURN, WIFI)
    phone.see(phone.page.get_by_text("全部送达", exact=True))
    phone.gone(phone.page.get_by_text(WAITING))
    assert is_stored(site, photo)

    phone.page.evaluate(TURN, MOBILE)
    second = photo.with_name("第二张.jpg")
    second.write_bytes(photo.read_bytes() + b"\0")
    phone.open_task()
    phone.enter()
    phone.step("检查表")
    phone.press("拍照", phone.card("A1").locator(".finding"))
    phone.choose_photo(second)
    phone.go_to("同步")
    phone.press("立即同步")
    phone.see(WAITING)
    assert not is_stored(site, second)
    phone.press("现在就传")
    phone.see(phone.page.get_by_text("全部送达", exact=True))
    assert is_stored(site, second)
    site.has_all(phone)
