"""Every page of the app, with its words, and a console that has nothing to say."""

import re

import pytest
from playwright.sync_api import expect

from tests.phone.browser.conftest import NewPhone
from tests.phone.browser.phone_page import ENTERPRISE, PATIENCE_MS, Handset
from tests.phone.browser.site import Site

NARROW = {"width": 360, "height": 740}
BREAKS = """() => { window.broken = [];
  document.addEventListener("securitypolicyviolation", (event) =>
    window.broken.push(`${event.violatedDirective} ${event.blockedURI}`)); }"""
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


class Walk:
    """A walk over pages: what each was called, and what was wrong with it."""

    def __init__(self, phone: Handset) -> None:
        self.phone = phone
        self.wide: list[str] = []

    def at(self, heading: str) -> None:
        """Be on the page of this heading: it is the first, and the page is not wider than it."""
        page = self.phone.page
        first = page.get_by_role("heading", level=1)
        expect(first).to_have_text(heading, timeout=PATIENCE_MS)
        if page.evaluate(WIDER) > 0:
            self.wide.append(f"{heading} {page.url}")


@pytest.mark.long
def test_no_page_breaks_the_policy_asks_others_or_is_wider_than_a_small_phone(
    site: Site, new_phone: NewPhone
) -> None:
    phone = new_phone()
    phone.context.add_init_script(f"({BREAKS})()")
    phone.page.set_viewport_size(NARROW)
    walk = Walk(phone)
    phone.enrol("officer0")
    walk.at("任务")
    for group in reversed(phone.page.get_by_role("radio").all()):
        group.check()
        walk.at("任务")
    phone.open_task()
    walk.at("任务详情")
    phone.follow(re.compile(ENTERPRISE))
    walk.at("企业信息")
    phone.see("91320799MA1WAAAA1X")
    phone.page.go_back()
    phone.enter()
    walk.at(ENTERPRISE)
    phone.arrive()
    phone.meet("孙联系", "安全员")
    for step in ("检查表", "问题", "反馈", "签名", "到场"):
        phone.step(step)
        walk.at(ENTERPRISE)
    phone.exchange()
    walk.at("交换记录")
    phone.follow("返回签名")
    phone.follow(re.compile("^查看文书"))
    walk.at("文书")
    phone.see(phone.page.get_by_text(re.compile("第 1 页，共|共 [0-9]+ 页")).first)
    walk.at("文书")
    phone.go_to("同步")
    walk.at("同步")
    phone.go_to("我的")
    walk.at("我的")
    phone.page.reload()
    walk.at("现场检查")
    phone.press("忘记本机密码")
    phone.press("知道了", phone.sheet("忘记本机密码怎么办"))
    phone.press("登记另一个账号")
    walk.at("登记本机")
    phone.press("返回")
    walk.at("现场检查")
    phone.type_pin("135790")
    phone.see(phone.page.get_by_role("alert").filter(has_text="本机密码不正确"))
    phone.unlock()
    walk.at("任务")

    assert walk.wide == []
    assert phone.page.evaluate("window.broken") == []
