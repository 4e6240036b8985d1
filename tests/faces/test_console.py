"""The supervisors' pages: what they show, to whom, and what typed text may never do."""

import hashlib
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import quote

import pypdfium2
import pytest
from sqlalchemy import select, update

from forms import load
from forms.library import Library
from forms.model import Basis, Section
from inspect_server.app import create_app
from inspect_server.domain import inspection as domain
from inspect_server.domain.enums import Role
from inspect_server.domain.inspection import EndReason
from inspect_server.reads import documents
from inspect_server.reads.paging import Page
from inspect_server.store.models.identity import AuditEvent
from inspect_server.store.models.inspection import Inspection
from inspect_server.store.models.registry import Enterprise
from inspect_server.usecases.inspecting.end_inspection import end_inspection
from tests.actors import ALL_ROLES
from tests.faces.town import Town, send
from tests.usecases.bureau import FORM, Bureau
from tests.usecases.phones import Visit
from tests.usecases.test_documents import picture

HTML = {"Accept": "text/html"}


def test_the_start_page_lists_the_tasks_that_concern_the_account(town: Town) -> None:
    mine = town.sign_in("inspector").get("/").text
    all_of_them = town.sign_in("approver").get("/").text
    none = town.sign_in("system_admin").get("/").text

    assert "2026-0001" in mine
    assert f"/inspections/{town.other.inspection}" not in mine
    assert f"/inspections/{town.other.inspection}" in all_of_them
    assert f"共 {town.total} 项" in all_of_them
    assert "没有与本账号有关的检查任务" in none


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("q=2026-0001", "共 1 项"),
        ("q=2026-00", "共 {total} 项"),
        ("q=nothing", "没有符合条件的检查任务"),
        ("q=%25", "没有符合条件的检查任务"),
        ("q=%00%07", "共 {total} 项"),
        ("state=documents_issued", "共 2 项"),
        ("state=nonsense", "共 {total} 项"),
        ("page=0", "共 {total} 项"),
        ("page=-5", "共 {total} 项"),
        ("page=x", "共 {total} 项"),
        ("page=99999999999999999999", "回到第一页"),
    ],
)
def test_the_start_page_takes_any_question(town: Town, query: str, says: str) -> None:
    answer = town.sign_in("approver").get(f"/?{query}")

    assert answer.status_code == 200
    assert says.format(total=town.total) in answer.text


def test_the_page_of_an_inspection_shows_what_led_to_its_documents(town: Town) -> None:
    text = town.sign_in("supervisor").get(f"/inspections/{town.own.inspection}").text

    for part in (
        "编制检查方案",
        "批准检查方案",
        "派发任务",
        "办结检查记录",
        "制作文书",
        "未设置警示标志",
        "一般隐患",
        "已留存、未采用的手机记录",
        "（手机）",
        "应急检记〔2026〕",
        "应急责改〔2026〕",
    ):
        assert part in text


def test_a_citation_that_nobody_checked_is_marked_beside_its_finding(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    cited = "《有限空间作业安全规定》第六条"
    law = replace(FORM.items[0].basis[0].law, number="")
    item = replace(FORM.items[0], basis=(Basis(law, "第六条", verified=False),))
    form = replace(FORM, sections=(Section("一", (item,)),))
    supervisor, address = town.sign_in("supervisor"), f"/inspections/{town.own.inspection}"

    checked = supervisor.get(address).text
    monkeypatch.setattr(load, "packaged", partial(Library, [form]))
    unchecked = supervisor.get(address).text

    assert "未与原文核对" not in checked
    assert f"未与原文核对：{cited}" in unchecked
    assert "《测试检查表》第 1 版" in checked


def test_the_front_door_leads_to_the_form_whatever_is_accepted(town: Town) -> None:
    visitor = create_app(town.backend).test_client()

    front = visitor.get("/", headers={"Accept": "*/*"})
    inside = visitor.get("/api/v1/session")

    assert (front.status_code, front.location) == (302, "/login?next=/")
    assert inside.status_code == 401


def visit_under_way(town: Town) -> Visit:
    """Both officers of a dispatched task have arrived."""
    inspection = town.fresh.pop()
    team = send(town, inspection)
    bureau = Bureau(town.backend, officers=[officer for officer, _ in team])
    users = {user.officer_id: user.user_id for user in town.accounts.values()}
    bureau.accounts = {officer: users[officer] for officer, _ in team}
    visit = Visit(bureau, inspection, at=town.clock.now())
    visit.start(0, 1)
    return visit


def photo_path(inspection: object, sha256: str) -> str:
    return f"/inspections/{inspection}/photos/{sha256}"


def test_a_visit_under_way_shows_how_far_it_is_by_whom_and_what_has_not_arrived(
    town: Town,
) -> None:
    visit = visit_under_way(town)
    lead = visit.phone(0)
    lead.answer("A1", "fail")
    lead.photograph(finding=lead.find("A1"), content=picture())
    lead.photograph(arrive=False)

    text = town.sign_in("approver").get(f"/inspections/{visit.inspection}").text

    assert "1 / 3 项" in text
    assert "到达现场" in text
    assert "未设置警示标志" in text
    assert "1 张照片未传完" in text
    assert "条未取得回执" in text
    assert "尚未传到" in text
    assert text.count("下载原件") == 1


def test_a_photo_opens_re_encoded_and_saves_as_it_came_and_both_leave_a_trace(town: Town) -> None:
    office = town.sign_in("office")
    address = photo_path(town.own.inspection, town.own.photo)

    shown = office.get(address)
    saved = office.get(address + "?original")

    assert shown.content_type == "image/jpeg"
    assert shown.data.startswith(b"\xff\xd8")
    assert shown.data != saved.data
    assert hashlib.sha256(saved.data).hexdigest() == town.own.photo
    assert saved.content_type == "application/octet-stream"
    assert saved.headers["Content-Disposition"].startswith("attachment;")
    for answer in (shown, saved):
        assert answer.headers["Content-Security-Policy"].endswith("sandbox")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in answer.headers["Cache-Control"]
    with town.backend.reading() as session:
        opened = session.scalars(
            select(AuditEvent).where(
                AuditEvent.action == "photo.open",
                AuditEvent.actor == f"user:{town.accounts['office'].user_id}",
            )
        ).all()
    assert [one.subject for one in opened] == [
        f"inspection:{town.own.inspection}/photo:{town.own.photo}"
    ] * 2


def test_a_photo_of_another_inspection_is_not_found_here(town: Town) -> None:
    office = town.sign_in("office")

    answer = office.get(photo_path(town.own.inspection, town.other.photo))

    assert answer.status_code == 404


def test_plans_draws_and_their_tasks_are_a_click_away(town: Town) -> None:
    approver = town.sign_in("approver")

    plans, plan = approver.get("/plans").text, approver.get(f"/plans/{town.plan_id}").text
    draws, draw = approver.get("/draws").text, approver.get(f"/draws/{town.draw_id}").text

    assert f"/plans/{town.plan_id}" in plans
    assert "个工作日" in plan
    assert f"/draws/{town.draw_id}" in draws
    assert f"/inspections/{town.own.inspection}" in draw
    assert approver.get(f"/plans/{town.draw_id}").status_code == 404


def test_the_menu_offers_nobody_a_page_that_would_refuse(town: Town) -> None:
    for who in ("inspector", "supervisor", "office", "auditor", "system_admin", "audit_admin"):
        client = town.sign_in(who)
        menu = re.findall(r'<a href="(/[a-z]*)"', client.get("/").text.split("</nav>")[0])

        assert menu
        assert [client.get(path).status_code for path in menu] == [200] * len(menu)


def test_a_phone_says_what_of_it_was_kept_and_not_applied(town: Town) -> None:
    text = town.sign_in("supervisor").get("/phones").text

    assert "条留存未采用" in text


def test_what_was_set_aside_stands_on_a_page_beside_what_the_record_says(town: Town) -> None:
    auditor = town.sign_in("auditor")
    text, elsewhere = auditor.get("/inbox").text, town.sign_in("inspector").get("/inbox")

    assert "该记录所写" in text
    assert "现有填写" in text
    assert "记录已办结" in text
    assert elsewhere.status_code == 403


def test_a_finding_that_needs_a_decision_of_its_own_says_so_to_the_office(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, address = town.sign_in("office"), f"/inspections/{town.own.inspection}"
    before = office.get(address).text

    monkeypatch.setattr(domain, "DECIDED_APART", frozenset({"rectify_within"}))
    after = office.get(address).text

    assert "现场处理措施决定书" not in before
    assert "须另作《现场处理措施决定书》" in after
    assert "不由检查记录自动制作" in after


def test_a_disagreement_of_two_phones_stands_on_the_page_with_both_values(town: Town) -> None:
    visit = visit_under_way(town)
    inspection = visit.inspection
    visit.answer_all()
    visit.phone(1).answer("A2", "fail", note="未见标志")

    approver = town.sign_in("approver")
    page = approver.get(f"/inspections/{inspection}").text
    listed = approver.get("/").text

    assert "两部手机填写不一致" in page
    assert "不符合" in page
    assert "未见标志" in page
    assert "分歧 1 项" in listed


def test_a_clock_that_was_ahead_is_said_beside_its_phone_and_no_other(town: Town) -> None:
    visit = visit_under_way(town)
    address = f"/inspections/{visit.inspection}"
    visit.start(0, 1)
    right = town.sign_in("approver").get(address).text
    visit.at = town.clock.now() + timedelta(hours=5, minutes=20)
    visit.phone(1).answer("A2", "pass")
    wrong = town.sign_in("approver").get(address).text

    assert "手机时钟" not in right
    assert wrong.count("手机时钟比服务器至少快 5 小时") == 1


def test_documents_are_listed_and_open_inside_the_browser(town: Town) -> None:
    office = town.sign_in("office")
    listed = office.get("/documents").text
    shown = office.get(f"/documents/{town.own.document}.pdf")
    saved = office.get(f"/documents/{town.own.document}.pdf?download=1")

    assert "现场检查记录" in listed
    assert f"/documents/{town.own.document}.pdf" in listed
    assert shown.content_type == "application/pdf"
    assert shown.data.startswith(b"%PDF-")
    assert shown.headers["Content-Disposition"].startswith("inline;")
    assert saved.headers["Content-Disposition"].startswith("attachment;")
    assert quote("现场检查记录") in saved.headers["Content-Disposition"]
    assert "script-src" not in shown.headers["Content-Security-Policy"]
    assert shown.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_what_is_left_on_site_also_opens_as_a_receipt_printer_prints_it(town: Town) -> None:
    office = town.sign_in("office")
    address = f"/documents/{town.own.document}/receipt.pdf"

    shown = office.get(address)
    sent = office.get(f"/api/v1/documents/{town.own.document}/receipt")

    assert address in office.get("/documents").text
    assert shown.content_type == "application/pdf"
    width, height = pypdfium2.PdfDocument(shown.data)[0].get_size()
    assert width == pytest.approx(80 / 25.4 * 72, abs=0.1)
    assert height > width
    assert sent.data == shown.data
    assert sent.headers["Content-Disposition"].startswith("attachment;")
    for answer in (shown, sent):
        assert quote("_热敏纸.pdf") in answer.headers["Content-Disposition"]


def test_the_list_says_what_is_signed_and_that_a_voided_files_pages_do_not_say_so(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = town.sign_in("office")
    before = office.get("/documents").text
    listing = documents.listing

    def done(*given: Any, **named: Any) -> Page[documents.DocumentRow]:
        page = listing(*given, **named)
        rows = (replace(row, signed_at=row.issued_at, voided_at=row.issued_at) for row in page.rows)
        return replace(page, rows=tuple(rows))

    monkeypatch.setattr(documents, "listing", done)
    after = office.get("/documents").text

    for said in ("（已签名）", "已作废", "页面上没有“作废”字样，仅供存档，不得送达"):
        assert said not in before
        assert said in after


@pytest.mark.parametrize("who", ["inspector", "supervisor", "beside", "system_admin", "nobody"])
def test_a_document_opens_only_for_whom_its_inspection_concerns(town: Town, who: str) -> None:
    wanted = {"system_admin": 403, "nobody": 302}.get(who, 404)

    answer = town.sign_in(who).get(f"/documents/{town.other.document}.pdf", headers=HTML)

    assert answer.status_code == wanted
    assert b"%PDF" not in answer.data


def test_names_from_the_registry_are_text_and_never_markup(town: Town) -> None:
    hostile = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
    with town.backend.begin(ALL_ROLES) as work:
        work.session.execute(
            update(Enterprise).where(Enterprise.id == _enterprise_of(town)).values(name=hostile)
        )
    approver = town.sign_in("approver")

    pages = [
        approver.get(path).text
        for path in (
            "/",
            "/documents",
            f"/inspections/{town.own.inspection}",
            f"/?q={quote(hostile)}",
        )
    ]

    for page in pages:
        assert "<script>" not in page
        assert "<img" not in page
    assert "&lt;script&gt;" in pages[0]


def test_pages_need_no_script_and_no_style_of_their_own(town: Town) -> None:
    approver = town.sign_in("approver")

    inside = [f"/plans/{town.plan_id}", f"/draws/{town.draw_id}", "/plans", "/draws"]
    inside += ["/", "/documents", f"/inspections/{town.own.inspection}", "/login", "/nowhere"]
    for path in inside:
        page = approver.get(path, headers=HTML).text
        assert "<script" not in page
        assert " style=" not in page
        assert " onclick" not in page


def test_a_check_that_ended_before_its_visit_says_why_in_words(town: Town) -> None:
    send(town, town.fresh[0])
    with town.backend.begin(ALL_ROLES) as work:
        end_inspection(work, town.fresh[0], EndReason.STOPPED)

    page = town.sign_in("approver").get(f"/inspections/{town.fresh[0]}").text

    assert "已终止" in page
    assert "企业停产，已替补" in page
    assert "enterprise.stopped" not in page


def test_a_draft_that_ended_says_why_when_and_by_whom(town: Town) -> None:
    author, draft = town.accounts["author"], town.fresh.pop()
    with town.backend.begin(author.actor) as work:
        end_inspection(work, draft, EndReason.MOVED)

    page = town.sign_in("approver").get(f"/inspections/{draft}").text

    assert f"企业迁出，已替补（{author.name} 于 2026-03-10 09:00 办理" in page


def test_moments_are_shown_in_local_time(town: Town) -> None:
    text = town.sign_in("approver").get(f"/inspections/{town.own.inspection}").text

    assert town.clock.now() == datetime(2026, 3, 10, 1, 0, tzinfo=UTC)
    assert "2026-03-10 09:00" in text


def test_a_supervisor_of_the_bureau_sees_every_unit(town: Town) -> None:
    town.add_account("head", Role.SUPERVISOR, unit=town.backend.settings.authority)

    answer = town.sign_in("head").get(f"/inspections/{town.other.inspection}")

    assert answer.status_code == 200


def _enterprise_of(town: Town) -> object:
    with town.backend.reading() as session:
        return session.get_one(Inspection, town.own.inspection).enterprise_id
