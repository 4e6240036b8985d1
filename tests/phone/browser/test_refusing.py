"""The enterprise refuses to sign: its reason, who witnessed it, and what the papers say of both."""

from pathlib import Path

from playwright.sync_api import Locator

from tests.phone.browser.conftest import NewPhone
from tests.phone.browser.phone_page import Handset
from tests.phone.browser.site import Site

HEAD, WITNESS = "钱大", "何社区"
FOUND = "除尘器泄爆口被杂物堵塞"
REASONS = {"现场检查记录": "不认可检查结论", "责令整改": "要求宽限整改期限"}
REFUSED = {
    "inspection_record": "拒绝在本记录上签名，理由：不认可检查结论。",
    "rectification_order": "拒绝签收本指令书，理由：要求宽限整改期限。",
}


def refuse(phone: Handset, reason: str) -> None:
    """Note that the enterprise does not sign; without a reason that is not taken."""
    phone.press("签名", phone.signer("被检查单位"))
    sheet: Locator = phone.sheet("被检查单位签名")
    phone.choose("签名或者拒签", "拒绝签名")
    phone.press("确认", sheet)
    phone.see(sheet.get_by_text("请填写拒签原因"))
    phone.fill("拒签原因", reason, sheet)
    phone.press("确认", sheet)
    phone.gone(sheet)
    row = phone.signer("被检查单位")
    phone.see(row.get_by_text("拒签", exact=True))
    phone.see(row.get_by_text(reason, exact=True))


def test_a_refusal_is_kept_with_its_reason_and_witness_through_closing_and_printed(
    site: Site, new_phone: NewPhone, photo: Path
) -> None:
    lead, member = new_phone(), new_phone()
    member.enrol("officer1")
    member.begin()
    member.sync()
    lead.enrol("officer0")
    lead.context.set_offline(True)
    lead.begin()
    lead.fail("A1", FOUND, "一号除尘器", photo)
    lead.answer("A2")
    lead.answer("A3")
    lead.meet(HEAD)
    lead.step("签名")
    for paper, reason in REASONS.items():
        if paper != "现场检查记录":
            lead.choose_paper(paper)
        for officer in ("主办人员", "协办人员"):
            lead.sign(officer)
        lead.gone(lead.signer("见证人"))
        refuse(lead, reason)
        lead.sign("见证人", WITNESS)
    lead.step("签名")
    lead.press("结束检查")
    sheet = lead.sheet("结束本次检查？")
    lead.see(sheet.get_by_text("离开现场前请向承办机构报告"))
    lead.press("结束检查", sheet)
    lead.see(lead.page.get_by_text("检查已结束", exact=True).first)
    lead.context.set_offline(False)
    lead.sync()
    member.sync()

    site.has_all(lead, member)
    for phone, group in ((lead, "已完成"), (member, "今日")):
        phone.open_task(group)
        phone.enter()
        phone.step("签名")
        phone.see(phone.signer("被检查单位").get_by_text("拒签", exact=True))
        phone.see(phone.signer("见证人").get_by_text("已签", exact=True))
    papers = site.papers()
    assert set(papers) == {"inspection_record", "rectification_order"}
    for name, refused in REFUSED.items():
        assert refused in papers[name]
        assert f"见证人（签名）：{WITNESS}签名时间：" in papers[name]
    assert "第六十八条将情况记录在案，并向本机关报告" in papers["inspection_record"]
