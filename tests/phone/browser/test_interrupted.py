"""Killed in the middle: the server during a sync, the browser after a save."""

import hashlib
from pathlib import Path

from tests.phone.browser.conftest import MortalPhone, NewPhone
from tests.phone.browser.phone_page import Handset
from tests.phone.browser.site import Site


def acknowledged(phone: Handset) -> set[str]:
    return {row["hash"] for row in phone.held() if row["acked"]}


def test_a_server_killed_in_the_middle_of_a_sync_gets_the_rest_when_it_is_back(
    site: Site, new_phone: NewPhone, photo: Path
) -> None:
    phone = new_phone()
    phone.enrol("officer0")
    phone.context.set_offline(True)
    phone.begin()
    phone.fail("A1", "未设置警示标志", "一号池", photo)
    with site.dying_once(after=photo.stat().st_size // 2):
        phone.context.set_offline(False)
        phone.go_to("同步")
        phone.press("立即同步")
    between = acknowledged(phone)
    stored_between = set(site.stored())
    phone.sync()

    taken = photo.read_bytes()
    assert between <= stored_between
    assert acknowledged(phone) == {row["hash"] for row in phone.held()} == set(site.stored())
    assert site.backend.blobs.read(hashlib.sha256(taken).hexdigest()) == taken


def test_what_was_confirmed_is_there_after_the_browser_was_killed(
    site: Site, mortal_phone: MortalPhone
) -> None:
    phone = mortal_phone.handset
    phone.enrol("officer0")
    site.stop()
    phone.begin()
    phone.answer("A1", "不符合")
    phone.answer("A2", "符合")
    mortal_phone.kill()
    phone = mortal_phone.handset
    phone.open()
    phone.unlock()
    phone.waits(3)
    phone.open_task()
    phone.enter()
    phone.step("检查表")
    phone.shows_answer("A1", "不符合")
    phone.shows_answer("A2", "符合")
    phone.answer("A3", "不适用")
    site.start()
    phone.sync()

    assert acknowledged(phone) == set(site.stored())
    assert len(site.stored()) == 4
