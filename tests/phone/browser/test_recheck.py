"""A recheck from the arrival to the paper: what it says of each problem, and what stays open."""

from datetime import date
from uuid import UUID

from playwright.sync_api import Locator
from sqlalchemy import select

from inspect_server.domain.assignment import DirectedReason
from inspect_server.domain.inspection import ClosedRecord
from inspect_server.store.models.inspection import Inspection, IssuedDocument
from inspect_server.store.models.registry import Enterprise
from tests.phone.browser.conftest import NewPhone
from tests.phone.browser.phone_page import Handset
from tests.phone.browser.site import Site, text_of
from tests.usecases.closing_visits import close
from tests.usecases.phones import Visit
from tests.usecases.test_direct_check import direct, send
from tests.usecases.test_documents import issue, picture
from tests.usecases.test_told_of_enterprises import enterprise_of, uncapped

SIGN, DUST = "未设置警示标志", "除尘器积尘未清扫"
FIRST, RECHECK, HEAD = "2026-0001", "2026-0003", "周大勇"


def checked(site: Site) -> Visit:
    """The first check: its record closed, its order about two problems issued."""
    uncapped(site.bureau)
    visit = Visit(site.bureau, UUID(site.task))
    visit.start(0, 1)
    for code, text in (("A1", SIGN), ("A3", DUST)):
        visit.phone(0).answer(code, "fail")
        visit.phone(0).photograph(finding=visit.phone(0).find(code, text=text), content=picture())
    visit.phone(0).answer("A2", "pass")
    visit.sign_all()
    close(visit)
    issue(visit)
    return visit


def rechecked(site: Site, first: Visit) -> Visit:
    """The recheck as it is sent out; the second officer has arrived on a phone of the own."""
    day = first.at.date()
    with site.backend.reading() as session:
        row = session.get_one(Inspection, first.inspection)
        uscc = session.get_one(Enterprise, row.enterprise_id).uscc
    id = direct(
        site.bureau,
        DirectedReason.DEADLINE,
        reference=FIRST,
        uscc=uscc,
        visit_from=day,
        visit_to=date(day.year, day.month, 28),
    )
    send(site.bureau, id)
    visit = Visit(site.bureau, id, first.at)
    visit.start(1)
    for code in ("A1", "A2", "A3"):
        visit.phone(1).answer(code, "pass")
    return visit


def problem(phone: Handset, number: int) -> Locator:
    """The card of one problem."""
    return phone.page.get_by_role("article", name=f"{FIRST} 第 {number} 项")


def choose(phone: Handset, number: int, result: str) -> None:
    """Say with one tap how a problem stands."""
    problem(phone, number).get_by_role("radio", name=result, exact=True).check()


def test_a_recheck_says_how_each_problem_stands_and_ends_no_other(
    site: Site, new_phone: NewPhone
) -> None:
    first = checked(site)
    visit = rechecked(site, first)
    phone = new_phone()
    phone.enrol("officer0")
    phone.begin()
    phone.step("签名")
    phone.see(f"复查 {FIRST} 第 1 项“{SIGN}”：未填结果")
    phone.see(f"复查 {FIRST} 第 2 项“{DUST}”：未填结果")

    phone.step("问题")
    phone.see(problem(phone, 1).get_by_text(SIGN))
    choose(phone, 1, "已整改")
    choose(phone, 2, "未复查")
    phone.press("保存", problem(phone, 2))
    phone.see(problem(phone, 2).get_by_text("请写明未能复查的原因"))
    choose(phone, 2, "部分整改")
    phone.fill("复查说明", "已清扫，除尘器尚未改造", problem(phone, 2))
    phone.press("保存", problem(phone, 2))
    phone.see(problem(phone, 2).get_by_text("部分整改，已清扫，除尘器尚未改造"))

    phone.step("签名")
    phone.gone(phone.page.get_by_text("未填结果"))
    phone.sign_papers(HEAD)
    phone.complete()
    phone.sync()
    site.command("record", "close", RECHECK, "--as", "officer0")
    site.command("documents", "issue", RECHECK, "--as", "officer0")
    with site.backend.reading() as session:
        row = session.scalars(select(Inspection).where(Inspection.number == RECHECK)).one()
        record = ClosedRecord.from_json(row.record or {})
        issued = {
            one.kind: text_of(site.backend.blobs.read(one.pdf_sha256))
            for one in session.scalars(select(IssuedDocument)).all()
            if one.inspection_id == row.id
        }
    told = enterprise_of(site.bureau, visit.inspection)

    assert [(one.problem.number, one.result) for one in record.rechecked] == [
        (1, "rectified"),
        (2, "partly"),
    ]
    assert f"第1项“{SIGN}”（一号池），整改期限2026年3月20日：已整改" in issued["inspection_record"]
    assert "：部分整改，已清扫，除尘器尚未改造" in issued["inspection_record"]
    assert [(one["text"], one["result"]) for one in told["open_hazards"]] == [(DUST, "partly")]
    assert [(one["text"], one["recheck"]) for one in told["rectified_hazards"]] == [(SIGN, RECHECK)]

    phone.sync()
    phone.page.evaluate(f"location.hash = '#/task/{visit.inspection}/visit/findings'")
    phone.see(problem(phone, 1).get_by_text("已整改"))
    phone.see(problem(phone, 2).get_by_text("3月5日复查：部分整改"))
