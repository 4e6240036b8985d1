"""Killed in the middle: the browser after a save, the server during a sync, an enrolment."""

import hashlib
from pathlib import Path

from playwright.sync_api import Route

from tests.phone.browser.conftest import MortalPhone, NewPhone
from tests.phone.browser.site import Site

FOUND, HEAD = "未设置警示标志", "钱大"
ANSWERS = {"A1": "不符合", "A2": "符合", "A3": "不适用"}


def test_a_visit_outlives_a_killed_browser_and_a_server_killed_in_the_middle_of_its_sync(
    site: Site, mortal_phone: MortalPhone, new_phone: NewPhone, photo: Path
) -> None:
    member = new_phone()
    member.enrol("officer1")
    member.begin()
    member.sync()
    lead = mortal_phone.handset
    lead.enrol("officer0")
    site.stop()
    lead.begin()
    lead.fail("A1", FOUND, "一号池", photo)
    lead.answer("A2", "符合")
    mortal_phone.kill()
    lead = mortal_phone.handset
    lead.open()
    lead.unlock()
    lead.waits(6)
    lead.shows({"A1": "不符合", "A2": "符合"})
    lead.answer("A3", "不适用")
    lead.sign_papers(HEAD, "责令整改")
    lead.complete()
    lead.go_to("同步")
    with site.dying_once(after=photo.stat().st_size // 2):
        lead.press("立即同步")
    site.keeps_its_word(lead, member)
    lead.sync()
    member.sync()

    taken = photo.read_bytes()
    site.has_all(lead, member)
    assert set(site.stored().values()) == {"applied"}
    assert site.backend.blobs.read(hashlib.sha256(taken).hexdigest()) == taken
    for phone, group in ((lead, "已完成"), (member, "今日")):
        phone.shows(ANSWERS, group)
        phone.see(phone.card("A1").get_by_text("照片 1").first)
    papers = site.papers()
    assert set(papers) == {"inspection_record", "rectification_order"}
    assert all(FOUND in text and HEAD in text for text in papers.values())


def test_an_enrolment_that_was_killed_leaves_nothing_and_is_begun_anew(
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
    phone.enrol("officer0")
    phone.begin()
    phone.answer("A1")
    phone.sync()

    site.has_all(phone)
