"""Killed in the middle: the server during a sync, the browser after a save or while enrolling."""

import hashlib
from pathlib import Path

from playwright.sync_api import Route

from tests.phone.browser.conftest import MortalPhone, NewPhone
from tests.phone.browser.phone_page import PASSWORD
from tests.phone.browser.site import Site

FOUND, HEAD = "未设置警示标志", "钱大"


def test_a_server_killed_in_the_middle_of_a_sync_gets_the_rest_when_it_is_back(
    site: Site, new_phone: NewPhone, photo: Path
) -> None:
    lead, member = new_phone(), new_phone()
    member.enrol("officer1")
    member.begin()
    member.sync()
    lead.enrol("officer0")
    lead.context.set_offline(True)
    lead.begin()
    lead.fail("A1", FOUND, "一号池", photo)
    lead.answer("A2")
    lead.answer("A3")
    lead.sign_papers(HEAD, "责令整改")
    lead.complete()
    with site.dying_once(after=photo.stat().st_size // 2):
        lead.context.set_offline(False)
        lead.go_to("同步")
        lead.press("立即同步")
    site.keeps_its_word(lead, member)
    lead.sync()
    member.sync()

    taken = photo.read_bytes()
    site.has_all(lead, member)
    assert site.backend.blobs.read(hashlib.sha256(taken).hexdigest()) == taken
    for phone, group in ((lead, "已完成"), (member, "今日")):
        phone.shows({"A1": "不符合", "A2": "符合", "A3": "符合"}, group)
        phone.see(phone.card("A1").get_by_text("照片 1").first)
    papers = site.papers()
    assert set(papers) == {"inspection_record", "rectification_order"}
    assert all(FOUND in text and HEAD in text for text in papers.values())


def test_what_was_confirmed_is_there_after_the_browser_was_killed(
    site: Site, mortal_phone: MortalPhone, new_phone: NewPhone, photo: Path
) -> None:
    partner = new_phone()
    partner.enrol("officer1")
    partner.begin()
    partner.sync()
    phone = mortal_phone.handset
    phone.enrol("officer0")
    site.stop()
    phone.begin()
    phone.fail("A1", FOUND, "一号池", photo)
    phone.answer("A2", "符合")
    mortal_phone.kill()
    phone = mortal_phone.handset
    phone.open()
    phone.unlock()
    phone.waits(6)
    phone.shows({"A1": "不符合", "A2": "符合"})
    phone.answer("A3", "不适用")
    phone.sign_papers(HEAD, "责令整改")
    site.start()
    phone.sync()
    partner.sync()

    site.has_all(phone, partner)
    assert len(site.stored()) == 14
    for one in (phone, partner):
        one.shows({"A1": "不符合", "A2": "符合", "A3": "不适用"})
    papers = site.papers()
    assert set(papers) == {"inspection_record", "rectification_order"}
    assert all(FOUND in text and HEAD in text for text in papers.values())


def test_an_enrolment_that_was_killed_says_so_and_is_finished_by_a_login(
    site: Site, mortal_phone: MortalPhone
) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        route.fetch()  # the server knows the phone, and the phone never hears of it
        held.append(route)

    phone = mortal_phone.handset
    phone.context.route("**/sync/v1/replicas", hold)
    phone.begin_enrolling("officer0")
    while not held:
        phone.page.wait_for_timeout(50)
    mortal_phone.kill()
    phone = mortal_phone.handset
    phone.open()
    phone.unlock()
    phone.go_to("同步")
    phone.see("登记没有完成")
    phone.press("重新登录")
    sheet = phone.sheet("重新登录")
    phone.fill("登录密码", PASSWORD, sheet)
    phone.press("重新登录", sheet)
    phone.see("全部送达")
    phone.begin()
    phone.answer("A1")
    phone.sync()

    site.has_all(phone)
