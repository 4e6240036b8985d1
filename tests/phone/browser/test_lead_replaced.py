"""The office replaces the lead, whose phone is away with what was not sent: nothing is lost."""

import re
from uuid import UUID

from inspect_server.usecases.inspecting.dispatch import reassign
from inspect_server.usecases.journal.inbox import accept_entry
from tests.phone.browser.conftest import NewPhone
from tests.phone.browser.phone_page import ENTERPRISE, Handset
from tests.phone.browser.site import Site

HEAD = "钱大"
DISPUTED = "两部手机填写不一致"


def replace_lead(site: Site) -> None:
    """The lead falls ill, and another officer has the place."""
    leaves, _, comes, *_ = site.bureau.officers
    with site.backend.begin(site.bureau.author) as work:
        reassign(work, UUID(site.task), leaves, comes, "illness")


def settle(phone: Handset, code: str, value: str, reason: str) -> None:
    """As the lead, choose one of two answers."""
    card = phone.card(code)
    phone.see(card.get_by_text(DISPUTED))
    phone.press("采用", card.locator(".side").filter(has_text=value))
    card.get_by_label("理由").fill(reason)
    phone.press("确认采用", card)
    phone.gone(card.get_by_text(DISPUTED))
    phone.shows_answer(code, value)


def test_both_deliver_the_office_adopts_and_the_new_lead_settles_and_closes(
    site: Site, new_phone: NewPhone
) -> None:
    old, member, new = new_phone(), new_phone(), new_phone()
    for number, phone in enumerate((old, member, new)):
        phone.enrol(f"officer{number}")
    for phone in (old, member):
        phone.context.set_offline(True)
        phone.begin()
    old.answer("A1", "不适用")
    old.answer("A2", "符合")
    member.answer("A1", "符合")
    replace_lead(site)
    for phone in (old, member):
        phone.context.set_offline(False)
    old.go_to("同步")
    old.press("立即同步")
    old.see("任务已改派（3 项）")
    old.see("内容已原样送达服务器并留存，没有丢失，手机上也仍保留。")
    member.sync()
    new.sync()
    new.begin()
    new.shows_answer("A1", "符合")
    new.shows_no_answer("A2")
    set_aside = [row["hash"] for row in sorted(old.held(), key=lambda row: row["seq"])]
    assert {site.stored()[one] for one in set_aside} == {"quarantined"}
    for one in set_aside[1:]:  # what was filled in; who arrived is the team's
        with site.backend.begin(site.bureau.author) as work:
            accept_entry(work, one, "改派前在现场填写，内容属实")
    new.sync()
    new.open_task()
    new.enter()
    new.step("检查表")
    new.shows_answer("A2", "符合")
    settle(new, "A1", "不适用", "现场复核，该项设施已拆除")
    new.answer("A3")
    new.sign_papers(HEAD)
    new.complete()
    new.sync()
    member.sync()
    old.go_to("同步")
    old.press("立即同步")
    old.press("知道了")
    old.see(old.page.get_by_text("全部送达", exact=True))

    site.has_all(old, member, new)
    for phone, group in ((member, "今日"), (new, "已完成")):
        phone.shows({"A1": "不适用", "A2": "符合", "A3": "符合"}, group)
        phone.gone(phone.page.get_by_text(DISPUTED))
    old.go_to("任务")
    old.see(old.page.get_by_role("link", name=re.compile("云湾区第2机械厂")))
    old.gone(old.page.get_by_role("link", name=re.compile(ENTERPRISE)))
    papers = site.papers("officer2")
    assert set(papers) == {"inspection_record"}
    said = papers["inspection_record"]
    assert "执法人员孙检查、钱检查" in said
    assert "赵检查的终端记录为“不适用”，钱检查的终端记录为“符合”；主办人员孙检查确认" in said
    assert HEAD in said
