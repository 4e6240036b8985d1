"""A tap while the phone syncs is no tap into the void: it leads to another sync right after."""

import re

from playwright.sync_api import Route, expect

from tests.phone.browser.conftest import NewPhone
from tests.phone.browser.phone_page import PATIENCE_MS

STATE = re.compile("/sync/v1/state")


def test_a_tap_during_a_sync_is_told_and_followed_by_another_one(new_phone: NewPhone) -> None:
    phone = new_phone()
    phone.enrol("officer0")
    phone.sync()
    asked: list[Route] = []

    def hold_the_first(route: Route) -> None:
        asked.append(route)
        if len(asked) > 1:
            route.continue_()

    phone.page.route(STATE, hold_the_first)
    button = phone.page.get_by_role("button", name="立即同步", exact=True)
    with phone.page.expect_request(STATE):
        button.click()
    expect(button).to_have_attribute("aria-busy", "true", timeout=PATIENCE_MS)
    button.click()
    phone.see("正在同步，结束后再同步一次")
    with phone.page.expect_response(lambda reply: STATE.search(reply.url) and len(asked) == 2):
        asked[0].continue_()

    phone.see(phone.page.get_by_text("全部送达", exact=True))
    expect(button).to_have_attribute("aria-busy", "false", timeout=PATIENCE_MS)
    assert len(asked) == 2
