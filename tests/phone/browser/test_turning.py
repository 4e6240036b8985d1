"""Several checklists and several steps: what is counted of which, and where one comes back to."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from forms import load
from tests.phone.browser.conftest import NewPhone
from tests.phone.browser.hand import PATIENCE_MS
from tests.phone.browser.phone_page import Handset
from tests.phone.browser.site import Site
from tests.phone.browser.walked import READINGS, build_walked
from tests.phone.field import Built
from tests.usecases.bureau import LIBRARY

TAP = """(button) => new Promise((counted) => {
  button.click();
  requestAnimationFrame(() => counted([
    document.querySelector("[role=progressbar]").getAttribute("aria-valuetext"),
    document.querySelector(".tabs [aria-current=true] .digits").textContent.trim(),
  ]));
})"""
"""What the counters say in the very frame that shows a tap."""
LAID = """() => document.querySelector(".part.laid") !== null
  && document.querySelector(".part:not(.laid)") === null"""
"""Whether every card of the checklist has its height."""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path) -> Built:
    """A bureau whose inspection asks two checklists."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(load, "packaged", lambda: LIBRARY)
        return build_walked(tmp_path_factory.mktemp("turning") / "data", migrated_file)


def turn_to_readings(phone: Handset) -> None:
    tabs = phone.page.get_by_role("navigation", name="检查表", exact=True)
    tabs.get_by_role("button", name=re.compile(f"^{READINGS}")).click()


def top_of(card: Locator) -> float:
    box = card.bounding_box()
    assert box is not None
    return box["y"]


def test_counters_say_what_they_count_and_change_with_the_tap(
    site: Site, new_phone: NewPhone
) -> None:
    phone = new_phone()
    phone.enrol("officer0")
    phone.begin()
    phone.answer("G01")
    bar = phone.see(phone.page.get_by_role("progressbar", name="全部检查表已填", exact=True))
    expect(bar).to_have_attribute("aria-valuetext", re.compile(r"^1 / \d+$"), timeout=PATIENCE_MS)
    total = int(str(bar.get_attribute("aria-valuetext")).split(" / ")[1])
    phone.see(phone.page.get_by_role("button", name=f"下一个未填（全部检查表还有 {total - 1} 项）"))
    phone.see(phone.page.get_by_role("radio", name="本表"))
    button = phone.answers("G03").get_by_role("button", name="符合", exact=True)
    of_all, of_one = button.evaluate(TAP)

    assert of_all == f"2 / {total}"
    assert re.fullmatch(r"已填 2/\d+", of_one)
    assert int(of_one.split("/")[1]) < total


def test_who_looks_at_another_step_comes_back_to_where_the_checklist_was_left(
    site: Site, new_phone: NewPhone
) -> None:
    phone = new_phone()
    phone.enrol("officer0")
    phone.begin()
    turn_to_readings(phone)
    search = phone.page.get_by_role("searchbox", name="搜索检查项")
    card = phone.see(phone.card("P1"))
    phone.page.wait_for_function(LAID, timeout=PATIENCE_MS)
    card.evaluate("(card) => card.scrollIntoView({block: 'center'})")
    before = top_of(card)
    # No click of a mouse: it would scroll the page first.
    phone.steps().get_by_role("link", name="反馈").dispatch_event("click")
    phone.see(phone.page.get_by_label("反馈内容"))
    phone.step("检查表")
    expect(card).to_be_in_viewport(timeout=PATIENCE_MS)
    phone.page.wait_for_function(LAID, timeout=PATIENCE_MS)
    after = top_of(card)
    search.fill("人员")
    phone.choose("显示哪些检查项", "未填")
    phone.step("反馈")
    phone.step("检查表")
    expect(search).to_have_value("人员", timeout=PATIENCE_MS)
    expect(phone.page.get_by_role("radio", name="未填")).to_be_checked()
    phone.page.reload()
    phone.unlock()
    phone.see(phone.page.get_by_role("radio", name="本表"))

    expect(search).to_have_value("")  # a lock forgets it
    assert after == pytest.approx(before, abs=3)
