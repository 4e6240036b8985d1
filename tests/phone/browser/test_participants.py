"""Who took part signs on the phone or refuses; what is being signed outlives the page."""

import re
import time

from playwright.sync_api import expect

from tests.phone.browser.conftest import NewPhone
from tests.phone.browser.hand import PATIENCE_MS
from tests.phone.browser.phone_page import Handset
from tests.phone.browser.site import Site
from tests.phone.browser.test_after_signing import previewed

EXPERT, OPERATOR, HEAD = "孙建国", "马春生", "周大勇"
UNIT = "省安全生产科学研究院"
PUT_ASIDE = """async () => {
  const whole = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  for (const { name } of await indexedDB.databases()) {
    if (!name.startsWith("inspect-phone-")) continue;
    const database = await whole(indexedDB.open(name));
    const keys = await whole(database.transaction("drafts").objectStore("drafts").getAllKeys());
    database.close();
    if (keys.some((key) => key.startsWith("signing:"))) return true;
  }
  return false;
}"""
"""Whether what somebody signs is put aside already."""


def note(phone: Handset, kind: str, name: str, unit: str = "") -> None:
    """Note somebody who takes part; of an expert the unit is asked for."""
    phone.press("登记人员")
    sheet = phone.sheet("登记人员")
    sheet.get_by_label("身份", exact=True).select_option(label=kind)
    phone.fill("姓名", name, sheet)
    if kind == "专家":
        phone.press("保存", sheet)
        phone.see(sheet.get_by_text("请填写专家所在单位"))
        phone.fill("单位", unit, sheet)
    phone.press("保存", sheet)
    phone.gone(sheet)


def stands(phone: Handset, who: str, state: str) -> None:
    """The row of somebody says how they stand to the record."""
    phone.see(phone.signer(who).get_by_text(state, exact=True))


def test_participants_sign_or_refuse_and_a_lost_page_comes_back_with_the_strokes(
    site: Site, new_phone: NewPhone
) -> None:
    phone = new_phone()
    phone.enrol("officer0")
    phone.begin()
    phone.step("到场")
    note(phone, "主要负责人", HEAD)
    note(phone, "岗位操作员工", OPERATOR)
    note(phone, "专家", EXPERT, UNIT)
    stands(phone, EXPERT, "未签")

    phone.step("签名")
    phone.press("签名", phone.signer(f"专家{EXPERT}"))
    phone.draw(phone.sheet(f"专家{EXPERT}签名"))
    while not phone.page.evaluate(PUT_ASIDE):
        time.sleep(0.05)
    phone.page.reload()
    phone.unlock()
    sheet = phone.sheet(f"专家{EXPERT}签名")
    phone.see(sheet.get_by_text("已恢复上次没有保存的内容。"))
    phone.see(sheet.get_by_role("img", name="手写签名：已签"))
    phone.press("确认", sheet)
    phone.gone(sheet)
    stands(phone, f"专家{EXPERT}", "已签")

    phone.press("签名", phone.signer(f"岗位操作员工{OPERATOR}"))
    sheet = phone.sheet(f"岗位操作员工{OPERATOR}签名")
    phone.choose("签名或者拒签", "拒绝签名")
    phone.fill("拒签原因", "不了解情况", sheet)
    phone.press("确认", sheet)
    phone.gone(sheet)
    stands(phone, f"岗位操作员工{OPERATOR}", "拒签")
    phone.see(phone.signer("见证人"))  # a refusal calls for one

    phone.press("签名", phone.signer("被检查单位"))
    sheet = phone.sheet("被检查单位签名")
    expect(sheet.get_by_label("签名人姓名")).to_have_value(HEAD, timeout=PATIENCE_MS)
    phone.draw(sheet)
    phone.press("确认", sheet)
    phone.gone(sheet)
    phone.see(phone.signer(f"主要负责人{HEAD}").get_by_text("已代表被检查单位签名"))

    phone.go_to("任务")
    phone.sync()
    paper = previewed(site)

    phone.open_task()
    phone.enter()
    phone.step("到场")
    stands(phone, HEAD, "已签")
    phone.page.get_by_role("button", name=re.compile(EXPERT)).click()
    sheet = phone.sheet("更正人员")
    phone.fill("姓名", "孙健国", sheet)
    phone.press("保存", sheet)
    phone.gone(sheet)
    stands(phone, "孙健国", "签名已失效")
    phone.step("签名")
    stands(phone, "专家孙健国", "签名已失效")

    phone.go_to("任务")
    phone.sync()
    later = previewed(site)

    assert set(site.stored().values()) == {"applied"}
    for said, expert in ((paper, EXPERT), (later, "孙健国")):
        assert f"参加人员：主要负责人{HEAD}；岗位操作员工{OPERATOR}。" in said
        assert f"专家：{expert}（{UNIT}）。" in said
        assert f"被检查单位现场负责人（签名）：{HEAD}签名时间：" in said
        assert f"专家（签名）：{expert}{UNIT}签名时间：" in said
        assert f"岗位操作员工{OPERATOR}拒绝在本记录上签名，理由：不了解情况。" in said
    assert "签名后内容有变动" not in paper
    for name in (HEAD, OPERATOR, "孙健国"):
        assert f"注：{name}签名后内容有变动" in later
