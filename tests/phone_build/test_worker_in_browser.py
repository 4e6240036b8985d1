"""
The service worker as built, in Chromium: it opens the app with no server at all, keeps nothing that
is not what was built, and lets a new version in when a page says so.

Its files are small ones made here, so that there can be two versions of them.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Thread

import pytest
from flask import Flask, Response, request
from playwright.sync_api import Browser, BrowserContext, Page
from playwright.sync_api import Error as BrowserError
from werkzeug.serving import BaseWSGIServer, make_server

from inspect_server.phone.bundle import KINDS as BUILT_KINDS
from inspect_server.phone.bundle import BuiltFile
from inspect_server.phone.sending import HEADERS, create_phone_blueprint
from tests.phone_build.tools import BUNDLE, KEPT

SHARED = "assets/shared-1.js"
SCRIPT = """
import { shared } from "./shared-1.js";
document.title = "%s " + shared;
window.told = [];
navigator.serviceWorker.addEventListener("message", (event) => window.told.push(event.data));
window.registered = navigator.serviceWorker.register("/phone/sw.js");
"""
KINDS = {"html": "text/html", "js": "text/javascript"}
HOW_MANY = "(await caches.keys()).filter((name) => name !== 'phone').length"


def built(name: str, text: str) -> BuiltFile:
    """A file of a bundle, uncompressed."""
    content = text.encode()
    digest = hashlib.sha256(content).hexdigest()
    return BuiltFile(KINDS[name.rpartition(".")[2]], digest, {"identity": content})


def version(name: str) -> dict[str, BuiltFile]:
    """A whole bundle around the service worker as it was built."""
    script = f"assets/index-{name}.js"
    page = f'<!doctype html><title>-</title><script type="module" src="/phone/{script}"></script>'
    texts = {script: SCRIPT % name, SHARED: "export const shared = 'whole';", "index.html": page}
    files = {path: built(path, text) for path, text in texts.items()}
    kept = json.dumps([[path, file.sha256] for path, file in files.items()])
    worker = KEPT.sub(lambda _: kept, (BUNDLE / "sw.js").read_text("utf-8"))
    return {**files, "sw.js": built("sw.js", worker)}


@dataclass
class Site:
    """A server of one bundle, which can be replaced, damaged and gone."""

    files: dict[str, BuiltFile] = field(default_factory=lambda: version("one"))
    asked: list[str] = field(default_factory=list)
    address: str = ""
    server: BaseWSGIServer | None = None

    def start(self) -> None:
        app = Flask("site", static_folder=None)
        app.register_blueprint(create_phone_blueprint(self.files))
        app.before_request(lambda: self.asked.append(request.path))
        app.add_url_rule("/sync/v1/state", "state", lambda: Response(str(len(self.asked))))
        self.server = make_server("127.0.0.1", 0, app, threaded=True)
        Thread(target=self.server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self.server.server_port}/phone/"

    def stop(self) -> None:
        assert self.server is not None
        self.server.shutdown()
        self.server.server_close()

    def upgrade(self) -> None:
        self.files.clear()
        self.files.update(version("two"))


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    site.start()
    yield site
    site.stop()


@pytest.fixture
def phone(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context()
    context.set_default_timeout(15_000)
    yield context
    context.close()


def opened(phone: BrowserContext, site: Site) -> Page:
    """Open the app in a new tab and wait until its worker is there."""
    page = phone.new_page()
    page.goto(site.address)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    return page


def wait(page: Page, until: str) -> None:
    """Wait for a condition, without code made of text: the page forbids it."""
    page.evaluate(
        f"""new Promise((tell) => {{
            const look = async () => (await ({until})) ? tell(true) : setTimeout(look, 20);
            look();
        }})"""
    )


def wait_for_update(page: Page) -> None:
    page.evaluate("navigator.serviceWorker.ready.then((found) => found.update()).then(() => true)")
    wait(page, "navigator.serviceWorker.ready.then((found) => found.waiting !== null)")


def caches(page: Page) -> dict[str, list[str]]:
    """The paths that are kept, by the names of the caches; the one of the choice aside."""
    found: dict[str, list[str]] = page.evaluate(
        """async () => Object.fromEntries(await Promise.all(
            (await caches.keys()).filter((name) => name !== "phone").map(async (name) => {
                const kept = await (await caches.open(name)).keys();
                return [name, kept.map((one) => new URL(one.url).pathname).sort()];
            })))"""
    )
    return found


def test_without_any_server_the_app_opens_at_every_address_of_its_own(
    phone: BrowserContext, site: Site
) -> None:
    page = opened(phone, site)
    site.stop()
    titles = []
    for address in ("", "?from=home", "no/such/page", "#/tasks"):
        page.goto("about:blank")
        page.goto(f"{site.address}{address}")
        titles.append(page.title())
    site.start()

    assert titles == ["one whole"] * 4
    assert [sorted(kept) for kept in caches(page).values()] == [
        ["/phone/", "/phone/assets/index-one.js", f"/phone/{SHARED}"]
    ]


def test_what_phones_exchange_never_passes_it(phone: BrowserContext, site: Site) -> None:
    page = opened(phone, site)
    page.reload()
    ask = "fetch('/sync/v1/state').then((answer) => answer.text())"
    answers = [page.evaluate(ask), page.evaluate(ask)]
    site.stop()
    with pytest.raises(BrowserError, match="Failed to fetch"):
        page.evaluate(ask)
    with pytest.raises(BrowserError, match="ERR_CONNECTION_REFUSED"):
        page.goto(site.address.replace("/phone/", "/sync/v1/state"))
    site.start()

    assert len(set(answers)) == 2
    assert site.asked.count("/sync/v1/state") == 2


def test_the_print_pack_that_a_page_kept_is_there_without_a_server_and_outlives_versions(
    phone: BrowserContext, site: Site
) -> None:
    page = opened(phone, site)
    ask = "fetch('/phone/pack/worker.js').then((answer) => answer.text())"
    site.upgrade()
    before = page.evaluate(ask)
    page.evaluate(
        """caches.open("print-pack").then((pack) =>
            pack.put("/phone/pack/worker.js", new Response("kept")))"""
    )
    wait_for_update(page)
    page.evaluate(
        "navigator.serviceWorker.ready.then((found) => found.waiting.postMessage('activate'))"
    )
    wait(page, "window.told.includes('activated')")
    anew = page.evaluate(ask.replace("')", "', { cache: 'no-store' })", 1))
    site.stop()
    after = page.evaluate(ask)
    site.start()

    assert "404" in before
    assert "404" in anew
    assert after == "kept"


def test_a_page_from_the_cache_is_held_to_the_same_policy(
    phone: BrowserContext, site: Site
) -> None:
    page = opened(phone, site)
    sent = page.goto(site.address)
    assert sent is not None

    assert sent.from_service_worker
    assert {name: sent.header_value(name.lower()) for name in HEADERS} == HEADERS
    assert sent.header_value("content-type") == BUILT_KINDS[".html"]


def test_a_file_that_is_not_what_was_built_is_not_kept_nor_any_other_with_it(
    phone: BrowserContext, site: Site
) -> None:
    right = site.files[SHARED]
    site.files[SHARED] = built(SHARED, "export const shared = 'damaged';")
    page = phone.new_page()
    page.goto(site.address)
    refused = page.evaluate(
        """async () => {
            const found = await window.registered;
            const worker = found.installing;
            if (worker === null) return "redundant";
            return new Promise((tell) => worker.addEventListener("statechange", () =>
                tell(worker.state)));
        }"""
    )
    without = caches(page)
    site.files[SHARED] = right
    page.evaluate("navigator.serviceWorker.register('/phone/sw.js').then(() => true)")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")

    assert refused == "redundant"
    assert without == {}
    assert len(caches(page)) == 1


def test_a_new_version_comes_when_a_page_says_so_even_if_all_were_closed_before(
    phone: BrowserContext, site: Site
) -> None:
    page = opened(phone, site)
    site.upgrade()
    site.asked.clear()
    wait_for_update(page)
    loaded = set(site.asked)
    page.reload()
    while_waiting = page.title()
    page.close()
    page = opened(phone, site)  # the browser has let the new worker in, which nobody asked to
    wait(page, "navigator.serviceWorker.ready.then((found) => found.waiting === null)")
    page.reload()
    after_closing, kept_both = page.title(), len(caches(page))
    page.evaluate("navigator.serviceWorker.controller.postMessage('activate')")
    wait(page, "window.told.includes('activated')")
    page.evaluate("navigator.serviceWorker.controller.postMessage('tidy')")
    wait(page, f"{HOW_MANY} === 1")
    site.stop()
    page.reload()
    at_last, kept = page.title(), caches(page)
    site.start()

    assert loaded == {"/phone/sw.js", "/phone/", "/phone/assets/index-two.js"}
    assert (while_waiting, after_closing, kept_both) == ("one whole", "one whole", 2)
    assert at_last == "two whole"
    assert [sorted(paths) for paths in kept.values()] == [
        ["/phone/", "/phone/assets/index-two.js", f"/phone/{SHARED}"]
    ]


def test_a_waiting_version_takes_over_in_every_tab_once_it_is_told_to(
    phone: BrowserContext, site: Site
) -> None:
    page, other = opened(phone, site), opened(phone, site)
    site.upgrade()
    wait_for_update(page)
    page.evaluate(
        "navigator.serviceWorker.ready.then((found) => found.waiting.postMessage('activate'))"
    )
    titles, parts = [], []
    for tab in (page, other):
        wait(tab, "window.told.includes('activated')")
        parts.append(tab.evaluate("fetch('assets/index-one.js').then((answer) => answer.status)"))
        tab.reload()
        titles.append(tab.title())
        told_again = tab.evaluate("window.told")
        assert told_again == []

    assert titles == ["two whole", "two whole"]
    assert parts == [200, 200]
    assert len(caches(page)) == 2
