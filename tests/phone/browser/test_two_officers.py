"""Two officers on one phone: each has the own tasks, records, secret and delivery."""

import re
from uuid import UUID

from playwright.sync_api import expect
from sqlalchemy import select

from inspect_server.store.models.inspection import Inspection
from inspect_server.usecases.inspecting.dispatch import reassign
from tests.phone.browser.conftest import NewPhone
from tests.phone.browser.hand import MOVED
from tests.phone.browser.phone_page import ENTERPRISE, PASSWORD, PIN, Handset
from tests.phone.browser.published import OTHER_ENTERPRISE
from tests.phone.browser.site import Site

OTHER_PIN = "808152"
FREE_TRIES = 5
MINUTE_MS = 60_000


def hand_over(site: Site) -> None:
    """Give the second inspection to the third officer, who then has no other one."""
    lead, _, joining, *_ = site.bureau.officers
    with site.backend.reading() as session:
        other = session.scalars(select(Inspection.id).where(Inspection.id != UUID(site.task))).one()
    with site.backend.begin(site.bureau.author) as work:
        reassign(work, other, lead, joining, "illness")


def lock(phone: Handset) -> None:
    phone.go_to("我的")
    phone.press("立即锁定")


def unlock(phone: Handset, login: str, pin: str) -> None:
    """Choose an account on the locked phone, and open it."""
    phone.page.get_by_role("button", name=re.compile(login)).click()
    phone.gone(phone.type_pin(pin))


def sees_only(phone: Handset, enterprise: str, other: str) -> None:
    """One officer's task is on the list, and the other one's is not."""
    phone.go_to("任务")
    phone.see(phone.page.get_by_role("link", name=re.compile(enterprise)))
    phone.gone(phone.page.get_by_role("link", name=re.compile(other)))


def held_by(phone: Handset) -> dict[str, set[str]]:
    """The hashes on the phone, by the replica that wrote them."""
    found: dict[str, set[str]] = {}
    for row in phone.held():
        found.setdefault(row["replica"], set()).add(row["hash"])
    return found


def test_neither_sees_or_delivers_what_is_the_others_and_each_has_an_own_secret(
    site: Site, new_phone: NewPhone
) -> None:
    hand_over(site)
    phone = new_phone()
    phone.enrol("officer0")
    sees_only(phone, ENTERPRISE, OTHER_ENTERPRISE)
    phone.context.set_offline(True)
    phone.begin()
    phone.answer("A1", "不符合")
    phone.waits(2)
    first = {row["hash"] for row in phone.held()}
    lock(phone)
    phone.context.set_offline(False)
    phone.register("officer2", OTHER_PIN)
    sees_only(phone, OTHER_ENTERPRISE, ENTERPRISE)
    phone.open_task(which=OTHER_ENTERPRISE)
    phone.enter()
    phone.arrive("二号车间")
    phone.step("检查表")
    phone.shows_no_answer("A1")
    phone.answer("A1", "符合")
    phone.sync()
    second = {row["hash"] for row in phone.held()} - first
    between = site.stored()
    lock(phone)
    phone.page.get_by_role("button", name=re.compile("officer2")).click()
    for _ in range(FREE_TRIES):
        phone.type_pin(PIN)
        phone.see(phone.page.get_by_role("alert").or_(phone.page.get_by_text("请等待")).first)
    phone.see(re.compile("输错次数过多，请等待 30 秒后再试"))
    phone.press("换一个账号")
    phone.context.set_offline(True)
    unlock(phone, "officer0", PIN)
    sees_only(phone, ENTERPRISE, OTHER_ENTERPRISE)
    phone.waits(2)
    phone.go_to("我的")
    phone.page.get_by_role("button", name=re.compile("^退出登录")).click()
    refused = phone.sheet("现在不能退出登录")
    phone.see(refused.get_by_text("还有 2 条记录没有取得服务器回执"))
    phone.press("关闭", refused.get_by_role("contentinfo"))
    phone.see(phone.page.get_by_text("测试手机", exact=True))  # as the first of them called it
    phone.context.set_offline(False)
    phone.sync()
    site.has_all(phone)
    phone.go_to("我的")
    phone.page.get_by_role("button", name=re.compile("^退出登录")).click()
    phone.press("退出登录", phone.sheet("退出登录并清除数据？"))
    phone.see(phone.heading("请选择账号"))
    left = held_by(phone)
    phone.context.add_init_script(MOVED % MINUTE_MS)  # a minute later, on top of the other days
    phone.page.reload()
    phone.gone(phone.type_pin(OTHER_PIN))
    sees_only(phone, OTHER_ENTERPRISE, ENTERPRISE)
    phone.open_task(which=OTHER_ENTERPRISE)
    phone.enter()
    phone.step("检查表")
    phone.shows_answer("A1", "符合")
    phone.answer("A2", "不适用")
    phone.sync()

    assert set(between) == second
    assert len(first) == len(second) == 2
    assert list(left.values()) == [second]
    site.keeps_its_word(phone)
    assert set(site.stored()) == first | {row["hash"] for row in phone.held()}
    assert set(site.stored().values()) == {"applied"}


def test_who_enrols_again_is_led_back_to_the_account_that_is_there(
    site: Site, new_phone: NewPhone
) -> None:
    phone = new_phone()
    phone.enrol("officer0")
    lock(phone)
    phone.press("登记另一个账号")
    phone.fill("账号", " Officer0 ")
    phone.fill("登录密码", PASSWORD)
    phone.press("下一步")
    told = phone.see(phone.page.get_by_role("alert"))
    phone.see(told.get_by_text("本机已经登记账号 officer0"))
    phone.press("返回解锁", told)
    phone.gone(phone.type_pin(PIN))
    phone.see(phone.page.get_by_role("link", name=re.compile(ENTERPRISE)))
    lock(phone)
    phone.press("登记另一个账号")
    phone.fill("账号", "officer0")
    phone.fill("登录密码", PASSWORD)
    phone.press("下一步")
    phone.press("再登记一次")  # its secret was forgotten
    phone.set_secret(OTHER_PIN)
    lock(phone)

    rows = phone.page.get_by_role("button", name=re.compile("officer0"))
    expect(rows).to_have_count(2)
    assert len(set(rows.all_inner_texts())) == 2
    for row in rows.all():
        expect(row).to_contain_text(re.compile("登记，手机编号 [0-9a-f]{16}"))
