"""A photo that waits for a ruling: the supervisor looks at it first, and that leaves a trace."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from werkzeug.serving import make_server

from inspect_server.store.models.identity import AuditEvent
from inspect_server.usecases.journal.inbox import decline_entry, revoke_replica
from sync.entries import make_op
from tests.actors import ALL_ROLES
from tests.faces.test_console import photo_path, visit_under_way
from tests.faces.town import Town

WIDTHS = (390, 1366)


def opened(town: Town, who: str) -> list[str]:
    """Which photos an account opened, by the audit."""
    with town.backend.reading() as session:
        return list(
            session.scalars(
                select(AuditEvent.subject).where(
                    AuditEvent.action == "photo.open",
                    AuditEvent.actor == f"user:{town.accounts[who].user_id}",
                )
            )
        )


def test_the_inbox_leads_to_the_photo_and_opening_it_is_noted(town: Town) -> None:
    supervisor, case = town.sign_in("supervisor"), town.own
    address = photo_path(case.inspection, case.waiting_photo)
    before = opened(town, "supervisor")
    page = supervisor.get("/inbox").text
    shown, saved = supervisor.get(address), supervisor.get(address + "?original")

    assert f'href="{address}"' in page
    assert "现场（" in page
    assert (shown.content_type, saved.content_type) == ("image/jpeg", "application/octet-stream")
    subject = f"inspection:{case.inspection}/photo:{case.waiting_photo}"
    assert opened(town, "supervisor") == [*before, subject, subject]


def test_who_may_not_rule_is_offered_no_photo(town: Town) -> None:
    page = town.sign_in("auditor").get("/inbox").text

    assert town.own.entries["photo"] in page
    assert "查看照片" not in page


def test_a_photo_that_was_declined_can_still_be_looked_at(town: Town) -> None:
    with town.backend.begin(town.accounts["supervisor"].actor) as work:
        decline_entry(work, town.own.entries["photo"], "与现场不符")
    address = photo_path(town.own.inspection, town.own.waiting_photo)

    assert town.sign_in("supervisor").get(address).status_code == 200


def test_a_photo_that_has_not_arrived_is_said_to_be_missing(town: Town) -> None:
    visit = visit_under_way(town)
    with town.backend.begin(ALL_ROLES) as work:
        revoke_replica(work, visit.phone(1).replica, "手机遗失")
    sha256 = visit.phone(1).photograph(arrive=False, effect="quarantined")
    supervisor = town.sign_in("supervisor")
    page = supervisor.get("/inbox").text
    rows = supervisor.get("/api/v1/inbox").get_json()["rows"]
    photos = {one["photo"]: one["photo_arrived"] for row in rows for one in row["operations"]}

    assert "照片尚未传到" in page
    assert sha256 not in page
    assert supervisor.get(photo_path(visit.inspection, sha256)).status_code == 404
    assert (photos[sha256], photos[town.own.waiting_photo]) == (False, True)


def test_a_photo_of_another_inspections_entry_is_not_found_here(town: Town) -> None:
    visit = visit_under_way(town)
    supervisor = town.sign_in("supervisor")

    for sha256 in (town.own.waiting_photo, town.other.waiting_photo):
        assert supervisor.get(photo_path(visit.inspection, sha256)).status_code == 404


def test_a_photo_that_is_one_side_of_a_disagreement_opens(town: Town) -> None:
    visit = visit_under_way(town)
    lead = visit.phone(0)
    sha256 = lead.photograph()
    (photo,) = [op for op in visit.operations() if op.blob == sha256]
    reason = {"reason": "拍错"}
    visit.phone(1).save(make_op("photo.retract", photo.item, reason, []))

    answer = town.sign_in("approver").get(photo_path(visit.inspection, sha256) + "?original")

    assert answer.status_code == 200


@contextmanager
def browser_of(town: Town, chromium: Browser, who: str) -> Iterator[Page]:
    """Open a browser in which an account is signed in; what its console complains of fails."""
    server = make_server("127.0.0.1", 0, town.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    base = f"http://127.0.0.1:{server.server_port}"
    context = chromium.new_context(base_url=base)
    token = town.sign_in(who).client.get_cookie("inspect")
    assert token is not None
    context.add_cookies([{"name": "inspect", "value": token.value, "url": base}])
    page, complaints = context.new_page(), []
    page.on("console", lambda said: complaints.append(said.text))
    try:
        yield page
    finally:
        context.close()
        server.shutdown()
        server.server_close()
        thread.join()
    assert complaints == []


@pytest.mark.parametrize("width", WIDTHS)
def test_the_photo_is_seen_in_a_browser_and_both_sides_fit(
    town: Town, chromium: Browser, width: int
) -> None:
    visit = visit_under_way(town)
    lead = visit.phone(0)
    item = lead.find("A1", text="配电箱未关闭")
    value = {
        "answer_item": "answer/small/A1", "level": "general", "text": "配电箱未关闭",
        "place": "仓库", "basis": "", "penalty_basis": "", "measure": "suspend",
        "deadline": "", "corrected_on_site": False,
    }  # fmt: skip
    lead.save(make_op("finding.amend", item, value))
    with browser_of(town, chromium, "supervisor") as page:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto("/inbox")
        fits = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        inbox_fits = page.evaluate(fits)
        page.get_by_role("link", name="查看照片").first.click()
        pixels = page.locator("img").evaluate("picture => picture.naturalWidth")
        page.goto(f"/inspections/{visit.inspection}")
        expect(page.get_by_role("heading", name="待主办人员确认")).to_be_visible()
        said = page.locator("section", has_text="待主办人员确认").inner_text()
        case_fits = page.evaluate(fits)

    assert (inbox_fits, case_fits) == (True, True)
    assert pixels > 0
    assert "部位：一号池；依据：《有限空间作业安全规定》第六条；处理措施：责令限期整改" in said
    assert "部位：仓库；处理措施：责令暂时停产停业" in said
