"""What changed after people signed, or was captured before and not shown, is said openly."""

import re
from uuid import UUID

import pytest
from playwright.sync_api import expect

from inspect_server.domain.closing import SignaturesStale
from inspect_server.usecases.inspecting.close_record import close_record
from inspect_server.usecases.phones.preview_document import preview_document
from inspect_server.usecases.phones.pull_phone import Puller
from sync.previews import PreviewRequest
from tests.phone.browser.conftest import NewPhone
from tests.phone.browser.hand import PATIENCE_MS
from tests.phone.browser.phone_page import Handset
from tests.phone.browser.site import Site, text_of

HEAD = "钱大"
NOTED = "企业已当场清理积尘。"
SIGNERS = ("主办人员", "协办人员", "被检查单位")
STALE = "签名后有改动，须重新签名"


def previewed(site: Site) -> str:
    """The words of the paper as the lead's phone shows it now, unspaced."""
    user = site.bureau.accounts[site.bureau.officers[0]]
    asked = PreviewRequest(site.task, "record", "a4")
    return text_of(preview_document(site.backend, Puller("0" * 64, user), asked).pdf_b64)


def try_to_close(site: Site) -> None:
    with site.backend.begin(site.bureau.inspector(0)) as work:
        close_record(work, UUID(site.task))


def signing(phone: Handset) -> None:
    """Turn to the signatures, from wherever the phone is."""
    phone.open_task()
    phone.enter()
    phone.step("签名")


def stands(phone: Handset, said: str) -> None:
    """Every signature on the page is said to be so."""
    for who in SIGNERS:
        phone.see(phone.signer(who).get_by_text(said, exact=True))


def sign_again(phone: Handset, who: str) -> None:
    phone.press("重新签名", phone.signer(who))
    sheet = phone.sheet(f"{who}签名")
    if who == "被检查单位":
        phone.fill("签名人姓名", HEAD, sheet)
    phone.draw(sheet)
    phone.press("确认", sheet)
    phone.gone(sheet)
    phone.see(phone.signer(who).get_by_text("已签", exact=True))


def test_a_later_change_and_what_was_not_in_view_are_told_until_all_have_signed_again(
    site: Site, new_phone: NewPhone
) -> None:
    lead, member = new_phone(), new_phone()
    lead.enrol("officer0")
    member.enrol("officer1")
    member.begin()
    member.answer("A1")
    member.sync()
    member.open_task()
    member.enter()
    member.context.set_offline(True)
    member.note(NOTED)  # before the others sign, and not on their screen
    lead.sync()
    lead.begin()
    lead.answer("A2")
    lead.answer("A3")
    lead.step("签名")
    lead.sign_all(HEAD)
    stands(lead, "已签")
    lead.step("检查表")
    lead.answer("A3", "不适用")
    lead.step("签名")
    stands(lead, STALE)
    lead.sync()
    member.context.set_offline(False)
    member.sync()
    signing(member)
    stands(member, STALE)
    lead.sync()
    signing(lead)
    for phone in (lead, member):
        for who in SIGNERS:
            phone.press("签名时未见：其他情况 1 项", phone.signer(who))
            listed = phone.sheet("签名时未见的内容")
            expect(listed.get_by_role("listitem")).to_have_text([f"其他情况：{NOTED}"])
            phone.press("关闭", listed)
            phone.gone(listed)
    with pytest.raises(SignaturesStale) as refused:
        try_to_close(site)
    before = previewed(site)
    for who in SIGNERS:
        sign_again(lead, who)
    expect(lead.page.get_by_text(re.compile("签名时未见"))).to_have_count(0, timeout=PATIENCE_MS)
    lead.sync()
    member.sync()
    signing(member)
    stands(member, "已签")
    after = previewed(site)
    papers = site.papers()

    for name in ("赵检查", "钱检查", HEAD):
        assert name in str(refused.value)
        assert f"注：{name}签名时未见：其他情况。" in before
        assert f"注：{name}签名后内容有变动" in before
    assert "签名时未见" not in after
    assert "签名后内容有变动" not in after
    assert NOTED in papers["inspection_record"]
    assert "签名时未见" not in papers["inspection_record"]
    site.has_all(lead, member)
