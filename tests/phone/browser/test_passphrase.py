"""A passphrase in place of a PIN: from enrolling to delivery, past a wrong one and a reload."""

import re

from tests.phone.browser.conftest import NewPhone
from tests.phone.browser.phone_page import PASSWORD, Handset
from tests.phone.browser.site import Site

PHRASE, WRONG = "海州 茶壶 石桥 七月 Q", "海州 茶壶 石桥 七月 q"


def enrol(phone: Handset) -> None:
    """Make it the lead's phone; a wrong password, too short a phrase, two that differ are said."""
    phone.open()
    phone.fill("账号", "officer0")
    phone.fill("登录密码", f"{PASSWORD}x")
    phone.press("下一步")
    phone.see(re.compile("账号、密码或动态口令不正确"))  # before a secret is asked for
    phone.see(phone.heading("登记本机"))
    assert "/sync/v1/replicas" in phone.complaints.pop()  # the browser's own word of the 401
    phone.fill("登录密码", PASSWORD)
    phone.press("下一步")
    phone.see(phone.heading("设置本机密码"))
    phone.choose("本机密码的种类", "口令")
    for first, second, told in (
        ("短口令", "短口令", "口令至少 10 个字符"),
        (PHRASE, WRONG, "两次输入不一致，请重新输入"),
    ):
        phone.fill("口令（至少 10 个字符）", first)
        phone.fill("再输入一次", second)
        phone.press("完成登记")
        phone.see(told)
    phone.fill("再输入一次", PHRASE)
    phone.press("完成登记")
    phone.see(phone.heading("登记完成"))
    phone.press("进入任务")
    phone.see(phone.heading("任务"))
    phone.page.evaluate("navigator.serviceWorker.ready.then(() => true)")


def open_by(phone: Handset, phrase: str) -> None:
    """At the door, which asks for words and shows no pad."""
    phone.gone(phone.page.get_by_role("group", name="数字密码"))
    phone.fill("口令", phrase)
    phone.press("解锁")


def test_a_passphrase_opens_the_account_through_a_whole_visit(
    site: Site, new_phone: NewPhone
) -> None:
    lead, member = new_phone(), new_phone()
    member.enrol("officer1")
    member.begin()
    member.sync()
    enrol(lead)
    lead.context.set_offline(True)
    lead.begin()
    lead.answer("A1", "不适用")
    lead.go_to("我的")
    lead.press("立即锁定")
    open_by(lead, WRONG)
    told = lead.see(lead.page.get_by_role("alert").filter(has_text="本机密码不正确"))
    open_by(lead, PHRASE)
    lead.gone(told)
    lead.shows({"A1": "不适用"})
    lead.page.reload()
    open_by(lead, PHRASE)
    lead.shows({"A1": "不适用"})
    lead.answer("A2")
    lead.answer("A3")
    lead.sign_papers("钱大")
    lead.complete()
    lead.context.set_offline(False)
    lead.sync()

    site.has_all(lead, member)
    papers = site.papers()
    assert all(name in papers["inspection_record"] for name in ("赵检查", "钱检查", "钱大"))
