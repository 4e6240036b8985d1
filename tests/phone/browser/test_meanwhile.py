"""What the office does while a phone has no network: another officer, a newer checklist."""

import re
from uuid import UUID

import pytest

from inspect_server.usecases.inspecting.dispatch import reassign
from tests.phone.browser.conftest import NewPhone
from tests.phone.browser.phone_page import ENTERPRISE
from tests.phone.browser.site import Site
from tests.usecases.checklist_samples import following, publish

pytestmark = pytest.mark.long


def test_who_was_taken_off_meanwhile_is_told_in_plain_words_and_nothing_is_lost(
    site: Site, new_phone: NewPhone
) -> None:
    phone = new_phone()
    phone.enrol("officer1")
    phone.context.set_offline(True)
    phone.begin()
    phone.answer("A1", "不符合")
    _, out, joining, *_ = site.bureau.officers
    with site.backend.begin(site.bureau.author) as work:
        reassign(work, UUID(site.task), out, joining, "illness")
    phone.context.set_offline(False)
    phone.go_to("同步")
    phone.press("立即同步")
    phone.see("任务已改派（2 项）")
    phone.see("您填写时或送达前，任务已改派他人，您的这些内容没有计入检查记录。")
    phone.see("内容已原样送达服务器并留存，没有丢失，手机上也仍保留。")
    phone.press("知道了")
    phone.see(phone.page.get_by_text("全部送达", exact=True))
    phone.go_to("任务")
    phone.see(phone.page.get_by_role("link", name=re.compile("云湾区第2机械厂")))
    phone.gone(phone.page.get_by_role("link", name=re.compile(ENTERPRISE)))

    assert set(site.stored().values()) == {"quarantined"}
    assert {row["hash"] for row in phone.held()} == set(site.stored())


def test_a_task_keeps_the_version_of_its_checklist(site: Site, new_phone: NewPhone) -> None:
    phone = new_phone()
    phone.enrol("officer0")
    phone.context.set_offline(True)
    phone.begin()
    phone.answer("A1", "符合")
    publish(site.backend, following(title="测试检查表（新）"))
    phone.context.set_offline(False)
    phone.sync()
    phone.open_task()
    phone.see("第 1 版 · 3 项")
    phone.enter()
    phone.step("检查表")
    phone.shows_answer("A1", "符合")
    phone.answer("A2", "符合")
    phone.answer("A3", "符合")
    phone.gone(phone.card("B1"))
    phone.sync()

    assert set(site.stored().values()) == {"applied"}
    assert len(site.stored()) == 4
