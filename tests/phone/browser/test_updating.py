"""A new version of the app: between visits, whole, and never at the cost of what was filled in."""

from pathlib import Path

import pytest

from tests.phone.browser.conftest import NewPhone
from tests.phone.browser.editions import next_edition, version_of
from tests.phone.browser.hand import PATIENCE_MS
from tests.phone.browser.phone_page import Handset
from tests.phone.browser.site import BUNDLE, Site

LOOK = """async () => {
  const found = await navigator.serviceWorker.ready;
  const settled = new Promise((tell) => found.addEventListener("updatefound", () => {
    const worker = found.installing;
    worker.addEventListener("statechange", () => tell(worker.state));
  }, { once: true }));
  await found.update();
  return settled;
}"""
"""Look for a new version, as the app does every hour; return what became of it."""
VERSIONS = "caches.keys().then((names) => names.filter((name) => name !== 'phone').length)"


@pytest.fixture
def following(tmp_path: Path) -> Path:
    """The next version of the app."""
    return next_edition(BUNDLE, tmp_path / "next")


def publish(site: Site, bundle: Path) -> None:
    """Put another version of the app on the server."""
    site.stop()
    site.bundle = bundle
    site.start()


def shows_version(phone: Handset, bundle: Path) -> None:
    """Read on the page about this phone which version it is."""
    phone.go_to("我的")
    phone.see(phone.page.get_by_text(version_of(bundle)))


def until(phone: Handset, condition: str) -> None:
    """Wait for a condition of the page, whose policy forbids code made of text."""
    came = phone.page.evaluate(f"""new Promise((tell) => {{
      const last = performance.now() + {PATIENCE_MS};
      const look = async () => {{
        if (await ({condition})) tell(true);
        else if (performance.now() > last) tell(false);
        else setTimeout(look, 20);
      }};
      void look();
    }})""")
    assert came, condition


def lock(phone: Handset) -> None:
    """Lock the phone, which lets the version in that waits."""
    phone.go_to("我的")
    with phone.page.expect_event("load", timeout=PATIENCE_MS):
        phone.press("立即锁定")


def test_a_new_version_waits_for_the_end_of_the_visit_and_delivers_what_the_old_one_saved(
    site: Site, new_phone: NewPhone, following: Path
) -> None:
    phone = new_phone()
    phone.enrol("officer0")
    phone.page.route("**/sync/v1/**", lambda route: route.abort())  # the outbox stays full
    phone.begin()
    publish(site, following)
    phone.page.evaluate("window.sameAsBefore = true")
    came = phone.page.evaluate(LOOK)
    phone.answer("A1", "符合")
    phone.go_to("我的")
    phone.see("检查进行中，结束检查后更新。")
    stayed = phone.page.evaluate("window.sameAsBefore")
    phone.page.reload()
    phone.unlock()
    shows_version(phone, BUNDLE)
    phone.shows({"A1": "符合"})
    phone.answer("A2", "不适用")
    phone.complete()
    phone.waits(4)
    by_the_old_one = {row["hash"] for row in phone.held()}
    lock(phone)
    phone.unlock()
    shows_version(phone, following)
    phone.shows({"A1": "符合", "A2": "不适用"}, "已完成")
    phone.page.unroute("**/sync/v1/**")
    phone.sync()

    assert (came, stayed) == ("installed", True)
    assert len(by_the_old_one) == 4
    site.has_all(phone)
    assert site.stored() == dict.fromkeys(by_the_old_one, "applied")


def test_a_version_with_a_damaged_file_is_never_taken(
    site: Site, new_phone: NewPhone, following: Path
) -> None:
    phone = new_phone()
    phone.enrol("officer0")
    (style, *_) = sorted((following / "assets").glob("index-*.css"))
    right = style.read_bytes()
    style.write_bytes(right + b"/* damaged */")
    publish(site, following)
    refused = phone.page.evaluate(LOOK)
    phone.page.reload()
    phone.unlock()
    shows_version(phone, BUNDLE)
    kept = phone.page.evaluate(VERSIONS)
    complaints = list(phone.complaints)
    phone.complaints.clear()
    style.write_bytes(right)
    publish(site, following)
    taken = phone.page.evaluate(LOOK)
    lock(phone)
    phone.unlock()
    shows_version(phone, following)
    phone.begin()
    phone.sync()

    assert (refused, kept, taken) == ("redundant", 1, "installed")
    assert [one for one in complaints if "is not what was built" not in one] == []
    site.has_all(phone)


def test_a_window_that_is_at_work_goes_on_when_another_one_is_updated(
    site: Site, new_phone: NewPhone, following: Path
) -> None:
    first = new_phone()
    first.enrol("officer0")
    second = first.tab()
    second.open()
    second.unlock()
    publish(site, following)
    first.page.evaluate(LOOK)
    first.go_to("我的")
    first.press("立即更新")
    first.see(first.page.get_by_role("group", name="数字密码"))
    tools = second.context.new_cdp_session(second.page)
    tools.send("Network.clearBrowserCache")  # which the browser may do at any time
    second.begin()  # of the version before, and on pages that it has not opened yet
    second.answer("A2", "符合")
    second.fail("A3", "未设置警示标志", "一号池")
    second.note("企业对检查情况无异议。")
    second.complete()
    second.sync()
    shows_version(second, BUNDLE)
    lock(second)
    until(second, f"{VERSIONS}.then((count) => count === 1)")
    second.unlock()
    shows_version(second, following)

    site.has_all(second)
    assert list(site.stored().values()) == ["applied"] * 6
