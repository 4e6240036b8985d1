"""The built page in Chromium: the app starts under its policy, or the page says why it does not."""

from collections.abc import Iterator
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Route
from werkzeug.serving import make_server

from inspect_server.phone import register_phone
from tests.conftest import INTRANET

NOT_SECURE = "请改用以 https 开头的网址打开"
TOO_OLD = "多半是浏览器版本过低"


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A server of the face alone."""
    app = Flask("face", static_folder=None)
    register_phone(app)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 360, "height": 740}, locale="zh-CN")
    page = context.new_page()
    page.set_default_timeout(15_000)
    yield page
    context.close()


def test_the_app_starts_without_breaking_its_policy_or_asking_another_host(
    page: Page, port: int
) -> None:
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))

    page.goto(f"http://127.0.0.1:{port}/phone/")
    page.locator("#app .opening").wait_for(state="detached")
    kept = page.evaluate(
        """Promise.race([
            navigator.serviceWorker.ready.then((found) => found.active !== null),
            new Promise((tell) => setTimeout(tell, 15_000, false)),
        ])"""
    )

    assert kept
    assert page.locator("body").inner_text().strip()
    assert [line for line in said if not line.startswith(("log:", "info:", "debug:"))] == []
    assert {url.partition("/phone/")[0] for url in asked} == {f"http://127.0.0.1:{port}"}


def test_by_plain_http_it_says_that_https_is_needed_and_starts_nothing(
    page: Page, port: int
) -> None:
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))

    page.goto(f"http://{INTRANET}:{port}/phone/")
    page.get_by_role("alert").wait_for()

    assert page.get_by_text(NOT_SECURE).is_visible()
    assert page.locator("#app").count() == 0
    assert not page.get_by_text(TOO_OLD).is_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert wrong == []


def test_where_the_bureau_has_a_root_the_notice_leads_to_its_steps(page: Page, port: int) -> None:
    address = f"http://{INTRANET}:{port}/phone/"
    link = page.get_by_role("link", name="安装根证书的步骤")
    with page.expect_response("**/phone/trust") as without:
        page.goto(address)
    assert without.value.status == 404
    assert link.count() == 0

    page.route("**/phone/trust", lambda route: route.fulfill(status=200, body="steps"))
    page.goto(address)
    link.wait_for()
    assert link.get_attribute("href") == "/phone/trust"


def test_a_browser_that_cannot_run_it_is_told_which_version_can(page: Page, port: int) -> None:
    def too_new(route: Route) -> None:
        route.fulfill(body="this is no script of an old browser", content_type="text/javascript")

    page.route("**/assets/*.js", too_new)
    page.goto(f"http://127.0.0.1:{port}/phone/")
    told = page.get_by_text(TOO_OLD)

    assert told.evaluate("found => getComputedStyle(found).opacity") == "0"  # not at once
    page.wait_for_timeout(5_200)
    assert told.evaluate("found => getComputedStyle(found).opacity") == "1"
