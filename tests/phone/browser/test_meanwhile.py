"""What the office does while a phone has no network: another officer, a newer checklist."""

import re
from datetime import date
from uuid import UUID

from inspect_server.domain.assignment import DirectedReason
from inspect_server.usecases.inspecting.direct_check import Directed, direct_check
from inspect_server.usecases.inspecting.dispatch import approve_scheme, dispatch, reassign
from tests.phone.browser.conftest import NewPhone
from tests.phone.browser.phone_page import ENTERPRISE
from tests.phone.browser.site import Site
from tests.usecases.bureau import LAST, USCC
from tests.usecases.checklist_samples import following, publish

TODAY = date(2026, 3, 5)
HEAD = "钱大"
SENT_AGAIN = "第2机械厂.*投诉举报"


def send_again(site: Site) -> None:
    """Send the same officers out once more, with the checklists that are in force today."""
    lead, member, *_ = site.bureau.officers
    wanted = Directed(
        DirectedReason.HAZARD,
        text="反映除尘器长期不清灰",
        reference="举报2026-017",
        uscc=USCC[1],
        lead=lead,
        members=(member,),
        visit_from=TODAY,
        visit_to=LAST,
    )
    with site.backend.begin(site.bureau.author) as work:
        made = direct_check(work, wanted).inspection_id
    with site.backend.begin(site.bureau.approver) as work:
        approve_scheme(work, made)
    with site.backend.begin(site.bureau.author) as work:
        dispatch(work, made)


def test_an_officer_is_replaced_and_a_checklist_renewed_while_the_phones_are_away(
    site: Site, new_phone: NewPhone
) -> None:
    lead, out, joining = new_phone(), new_phone(), new_phone()
    for number, phone in enumerate((lead, out, joining)):
        phone.enrol(f"officer{number}")
    for phone in (lead, out):
        phone.context.set_offline(True)
        phone.begin()
    lead.answer("A1", "不适用")
    out.answer("A2", "不符合")
    _, leaves, comes, *_ = site.bureau.officers
    with site.backend.begin(site.bureau.author) as work:
        reassign(work, UUID(site.task), leaves, comes, "illness")
    publish(site.backend, following(title="测试检查表（新）", effective_from=TODAY))
    send_again(site)
    for phone in (lead, out):
        phone.context.set_offline(False)
    out.go_to("同步")
    out.press("立即同步")
    out.see("任务已改派（2 项）")
    out.see("您填写时或送达前，任务已改派他人，您的这些内容没有计入检查记录。")
    out.see("内容已原样送达服务器并留存，没有丢失，手机上也仍保留。")
    out.press("知道了")
    out.see(out.page.get_by_text("全部送达", exact=True))
    out.go_to("任务")
    out.see(out.page.get_by_role("link", name=re.compile(SENT_AGAIN)))
    out.gone(out.page.get_by_role("link", name=re.compile(ENTERPRISE)))
    lead.sync()
    joining.sync()
    joining.go_to("任务")
    joining.see(joining.page.get_by_role("link", name=re.compile(ENTERPRISE)))
    joining.context.set_offline(True)
    joining.begin()
    joining.answer("A3", "符合")
    joining.context.set_offline(False)
    joining.sync()
    lead.sync()
    for phone in (lead, joining):
        phone.open_task()
        phone.see("第 1 版 · 3 项")
        phone.shows({"A1": "不适用", "A3": "符合"})
        phone.shows_no_answer("A2")
        phone.gone(phone.card("B1"))
    lead.answer("A2", "符合")
    lead.sign_papers(HEAD)
    lead.open_task(which=SENT_AGAIN)
    lead.see("第 2 版 · 4 项")
    lead.enter()
    lead.arrive()
    lead.step("检查表")
    lead.answer("B1", "符合")
    lead.sync()
    out.sync()

    site.has_all(lead, out, joining)
    assert {site.stored()[row["hash"]] for row in out.held()} == {"quarantined"}
    for phone in (lead, joining):
        assert {site.stored()[row["hash"]] for row in phone.held()} == {"applied"}
    out.open_task(which=SENT_AGAIN)
    out.enter()
    out.step("检查表")
    out.shows_answer("B1", "符合")
    out.shows_no_answer("A1")
    papers = site.papers()
    assert set(papers) == {"inspection_record"}
    assert all(name in papers["inspection_record"] for name in ("赵检查", "孙检查", HEAD))
    assert "钱检查" not in papers["inspection_record"]
