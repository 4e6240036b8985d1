"""Who took part signs on the phone or refuses; what is written there outlives page and slips."""

import re

from playwright.sync_api import Locator, expect

from tests.phone.browser.conftest import NewPhone
from tests.phone.browser.hand import PATIENCE_MS
from tests.phone.browser.phone_page import Handset
from tests.phone.browser.site import Site
from tests.phone.browser.test_after_signing import previewed

LAMP = """() => {
  globalThis.lamp = { lit: 0, at: [] };
  const request = async () => {
    lamp.lit += 1;
    lamp.at.push(location.hash);
    const held = { released: false };
    held.release = async () => {
      lamp.lit -= held.released ? 0 : 1;
      held.released = true;
    };
    return held;
  };
  Object.defineProperty(navigator, "wakeLock", { value: { request } });
}"""
"""A screen that counts who keeps it on, and notes for which pages."""
EXPERT, OPERATOR, HEAD = "孙建国", "马春生", "周大勇"
UNIT = "省安全生产科学研究院"


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
    phone.put_aside("signing:")
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


def test_no_slip_loses_a_signature_or_a_form_and_the_screen_stays_on_in_other_hands(
    new_phone: NewPhone,
) -> None:
    phone = new_phone()
    phone.enrol("officer0")
    phone.page.evaluate(LAMP)
    phone.begin()
    assert "notice" in "".join(phone.page.evaluate("lamp.at"))
    is_lit(phone, 0)

    phone.step("到场")
    phone.press("登记人员")
    sheet = phone.sheet("登记人员")
    phone.page.keyboard.press("Escape")
    phone.gone(sheet)  # nothing is written: nothing is asked
    phone.press("登记人员")
    phone.fill("姓名", HEAD, phone.sheet("登记人员"))
    slips(phone, sheet)
    expect(sheet.get_by_label("姓名", exact=True)).to_have_value(HEAD)
    phone.press("保存", sheet)
    phone.gone(sheet)
    phone.page.get_by_role("button", name=re.compile(f"^{HEAD}")).click()
    sheet = phone.sheet("更正人员")
    sheet.get_by_label("职务").fill("厂长")
    phone.press("撤回登记", sheet)
    phone.press("取消", phone.sheet(f"撤回{HEAD}的登记？"))
    expect(sheet.get_by_label("职务")).to_have_value("厂长")
    phone.press("保存", sheet)
    phone.gone(sheet)

    phone.press("登记记录中断")
    sheet = phone.sheet("登记记录中断")
    phone.fill("中断原因", "更换电池", sheet)
    slips(phone, sheet)
    phone.press("取消", sheet)
    phone.press("放弃", phone.sheet(ASKED))
    phone.gone(sheet)
    phone.press("登记记录中断")
    expect(sheet.get_by_label("中断原因")).to_have_value("")
    phone.press("取消", sheet)
    phone.gone(sheet)

    phone.step("签名")
    phone.press("签名", phone.signer("主办人员"))
    sheet = phone.sheet("主办人员签名")
    is_lit(phone, 1)
    phone.draw(sheet)
    slips(phone, sheet)
    phone.see(sheet.get_by_role("img", name="手写签名：已签"))
    phone.press("确认", sheet)
    phone.gone(sheet)
    stands(phone, "主办人员", "已签")
    is_lit(phone, 0)


ASKED = "放弃已写的内容？"
DRAWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
"""Whatever was pressed is on the screen."""


def slips(phone: Handset, sheet: Locator) -> None:
    """Every way by which a sheet closes, and the browser's own: each asks, and nothing is lost."""
    phone.page.keyboard.press("Escape")
    stay(phone)
    phone.page.mouse.click(195, 2)
    stay(phone)
    phone.press("关闭", sheet)
    stay(phone)
    phone.press("取消", sheet)
    phone.page.keyboard.press("Escape")  # the question itself: back to what is written
    phone.gone(phone.page.get_by_role("dialog", name=ASKED, exact=True))
    sheet.evaluate("dialog => dialog.close()")  # as a browser does at the second way back
    stay(phone)
    for _ in range(3):
        phone.page.keyboard.press("Escape")
    phone.page.evaluate(DRAWN)
    asked = phone.page.get_by_role("dialog", name=ASKED, exact=True)
    phone.see(sheet)
    if asked.is_visible():
        stay(phone)


def stay(phone: Handset) -> None:
    phone.press("继续填写", phone.sheet(ASKED))
    phone.gone(phone.page.get_by_role("dialog", name=ASKED, exact=True))


def is_lit(phone: Handset, count: int) -> None:
    """So many parts of the app keep the screen on, once those that left have let it go."""
    phone.page.wait_for_function("count => lamp.lit === count", arg=count, timeout=PATIENCE_MS)


def test_what_a_form_lacks_is_led_to_and_its_item_stays_in_sight(new_phone: NewPhone) -> None:
    phone = new_phone()
    phone.enrol("officer0")
    phone.begin()
    phone.answer("A1", "不符合")
    card = phone.card("A1")
    words = card.get_by_label("问题描述", exact=True)
    words.fill("")
    phone.press("保存问题", card)

    expect(words).to_be_focused(timeout=PATIENCE_MS)
    phone.see(card.get_by_text("请填写问题描述。"))
    words.fill("未设置警示标志")
    phone.press("保存问题", card)
    phone.see(card.get_by_role("button", name="修改", exact=True))
    expect(card).to_be_in_viewport()
