"""The main job: two phones and a server, no network from the first tap to the last."""

import hashlib
import re
from pathlib import Path

from playwright.sync_api import expect
from sqlalchemy import select

from inspect_server.domain.inspection import ClosedRecord
from inspect_server.store.models.inspection import Inspection
from tests.phone.browser.conftest import NewPhone
from tests.phone.browser.phone_page import PATIENCE_MS, Handset
from tests.phone.browser.site import Site

FOUND = "除尘器泄爆口被杂物堵塞"
ASKED = "企业对检查情况无异议。"
HEAD = "钱大"
SIGNERS = {"lead": "赵检查", "member": "钱检查", "enterprise": HEAD}


def shows_the_whole_visit(phone: Handset) -> None:
    """The finding with its photo, every answer, and three signatures that still hold."""
    phone.open_task("已完成")
    phone.enter()
    phone.see(phone.page.get_by_role("progressbar", name="检查表"))
    expect(phone.page.get_by_role("progressbar", name="检查表")).to_have_attribute(
        "aria-valuetext", "3 / 3", timeout=PATIENCE_MS
    )
    phone.step("问题")
    phone.see(FOUND)
    phone.see("照片 1")
    phone.step("反馈")
    phone.see(ASKED)
    phone.step("签名")
    for who in ("主办人员", "协办人员", "被检查单位"):
        phone.see(phone.signer(who).get_by_text("已签", exact=True))


def nobody_is_said_to_have_signed_nothing(phone: Handset) -> None:
    """All signed on the partner's phone: this one says that it may be so, and leads there."""
    phone.step("签名")
    phone.press("结束检查")
    sheet = phone.sheet("尚未完成")
    phone.see(sheet.get_by_text("本机没有被检查单位的签名"))
    phone.gone(sheet.get_by_text(re.compile("未签名$")))
    phone.press("交换记录", sheet)
    phone.see(phone.heading("交换记录"))
    phone.page.go_back()


def test_two_phones_without_a_network_and_then_the_office(
    site: Site, new_phone: NewPhone, photo: Path, tmp_path: Path
) -> None:
    lead, member = new_phone(), new_phone()
    lead.enrol("officer0")
    member.enrol("officer1")
    site.stop()
    for phone in (lead, member):
        phone.context.set_offline(True)
        phone.open()
        phone.unlock()
        phone.open_task()
        phone.enter()
        phone.arrive()

    lead.meet(HEAD)
    lead.step("检查表")
    lead.fail("A1", FOUND, "一号除尘器", photo)
    lead.answer("A2")
    lead.note(ASKED)
    member.step("检查表")
    member.answer("A3")
    given = member.hand_over(tmp_path)
    member.refuses_its_own(given)
    lead.take_in(given, "钱检查：2 条")
    lead.gone(lead.page.get_by_text("签名前请处理"))  # all answered, both arrived, no conflict
    lead.sign_all(HEAD)
    lead.choose_paper("责令整改")
    lead.see(FOUND)
    lead.sign_all(HEAD)
    lead.complete()
    nobody_is_said_to_have_signed_nothing(member)
    member.complete()
    before = {row["hash"] for row in lead.held() + member.held()}
    unsent = [row for row in lead.held() + member.held() if row["acked"]]

    site.start()
    for phone in (lead, member):
        phone.context.set_offline(False)
    lead.sync()
    member.sync()
    lead.sync()
    for phone in (lead, member):
        shows_the_whole_visit(phone)

    papers = site.papers()
    with site.backend.reading() as session:
        sealed = session.scalars(select(Inspection.record).where(Inspection.number == "2026-0001"))
        record = ClosedRecord.from_json(sealed.one() or {})

    assert given.name == "2026-0001-钱检查.inspect.gz"
    assert unsent == []
    site.has_all(lead, member)
    assert before == set(site.stored())
    assert set(site.stored().values()) == {"applied"}
    signed = {(one.signer, one.name, one.document) for one in record.signatures}
    assert signed == {
        (signer, name, paper) for signer, name in SIGNERS.items() for paper in ("record", "order")
    }
    assert set(papers) == {"inspection_record", "rectification_order"}
    for text in papers.values():
        assert FOUND in text
        assert all(name in text for name in SIGNERS.values())
    assert ASKED in papers["inspection_record"]
    taken = photo.read_bytes()
    assert site.backend.blobs.read(hashlib.sha256(taken).hexdigest()) == taken
