"""A phone whose clock cannot be right says so without a network, before anybody arrives by it."""

import re

from playwright.sync_api import expect

from tests.phone.browser.conftest import DAY_MS, NewPhone
from tests.phone.browser.hand import MOVED, PATIENCE_MS
from tests.phone.browser.site import Site
from tests.phone.browser.test_after_signing import previewed

ASKED = "手机时间没有核对，如何登记到场？"
STATED = "2026-03-05T09:40"


def test_a_phone_a_day_slow_is_told_offline_and_its_arrival_is_put_right_by_a_tap(
    site: Site, new_phone: NewPhone
) -> None:
    phone = new_phone(days_off=-1)
    phone.enrol("officer0")
    phone.context.set_offline(True)
    phone.page.reload()  # another page life: what it knows of the time is what it kept
    phone.unlock()
    phone.open_task()
    phone.enter()
    phone.step("到场")
    told = phone.see(phone.page.get_by_role("alert").filter(has_text="手机时间可能不准"))
    expect(told).to_contain_text(
        re.compile(r"本机时间现为 2026年3月4日.*2026年3月5日.*慢约\s1\s天")
    )
    expect(told).to_contain_text("自动确定日期和时间")

    phone.begin_arriving()
    phone.press("登记到场")
    sheet = phone.sheet(ASKED)
    phone.press("返回调准", sheet)
    phone.gone(sheet)
    phone.gone(phone.heading("已到场"))
    phone.press("登记到场")
    phone.press("登记到场", phone.sheet(ASKED))
    phone.see(sheet.get_by_text("请填写实际到场时间"))
    phone.fill("实际到场时间", STATED, sheet)
    phone.press("登记到场", sheet)
    phone.see(phone.heading("已到场"))

    phone.context.set_offline(False)
    phone.go_to("同步")
    phone.press("立即同步")
    phone.see(phone.page.get_by_role("alert").filter(has_text="手机时间不准"))
    phone.open_task()
    phone.enter()
    phone.step("签名")
    phone.press("登记到场时手机时间不准，到场时间须更正")
    correct = phone.see(phone.page.get_by_role("button", name=re.compile("^更正为 2026年3月5日")))
    correct.click()
    phone.see("本机时间仍然偏慢")  # no correction is later than itself
    noted = previewed(site)

    phone.context.add_init_script(MOVED % DAY_MS)  # somebody puts the date right
    phone.page.reload()
    phone.unlock()
    phone.page.get_by_role("button", name=re.compile("^更正为 2026年3月5日")).click()
    phone.gone(phone.page.get_by_role("alert").filter(has_text="到场时间须更正"))
    phone.sync()
    corrected = previewed(site)

    said = "赵检查登记到场时，手机时间为2026年3月4日"
    for paper in (noted, corrected):
        assert said in paper
        assert "时间未核对；据其填写，实际到场时间为2026年3月5日09:40。" in paper
    assert "检查时间：2026年3月4日" in noted
    assert "检查时间：2026年3月5日" in corrected
    assert set(site.stored().values()) == {"applied"}
    phone.open_task()
    phone.enter()
    phone.step("签名")
    phone.see(phone.signer("主办人员"))
    expect(phone.page.get_by_text("到场时间须更正")).to_have_count(0, timeout=PATIENCE_MS)
