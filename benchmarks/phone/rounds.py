"""One round of what is measured: of the app, and of the page without a framework."""

from collections.abc import Mapping
from statistics import median

from playwright.sync_api import Browser

from benchmarks.phone.handset import PHONE, Handset
from benchmarks.sync_world import PASSWORD

PIN = "258369"
USABLE, UNLOCK, TASK = "form input, .keys button", ".keys .button.main", ".task-card"
"""What shows that the app can be used; the key that opens the account; one task of the list."""
STEP, ITEM, PASS = "nav a[href$='/visit/checklist']", "article.ask", "article.ask [value=pass]"
ON_A_SCREEN, TAPS = 4, 8
SETTLE_MS = 1000
"""What a page does by itself after it was opened is over by then."""
DERIVE = """async () => {
  const raw = new TextEncoder().encode("258369");
  const key = await crypto.subtle.importKey("raw", raw, "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: new Uint8Array(16), iterations: 600_000 };
  const began = performance.now();
  await crypto.subtle.deriveBits(how, key, 256);
  return performance.now() - began;
}"""

Figures = dict[str, float]


def app_round(browser: Browser, url: str, login: str, tasks: Mapping[int, str]) -> Figures:
    """Measure the app in a browser that has nothing yet, with a task of each length."""
    with browser.new_context(**PHONE) as context:
        phone = Handset(context, USABLE)
        phone.slow(network=True)
        found = {"cold_ms": phone.opened(url)}
        phone.quick()
        _enrol(phone, login)
        found["pin_ms"] = median(phone.page.evaluate(DERIVE) for _ in range(3))
        phone.forget_files()
        phone.slow(network=True)
        found["cold_list_ms"] = phone.opened(url) + _unlocked(phone, found["pin_ms"])
        phone.quick()
        _have_files(phone)
        phone.cut_off()
        for length, task in tasks.items():
            phone.page.evaluate("location.hash = '#/tasks'")
            phone.slow()
            found["offline_list_ms"] = phone.reloaded() + _unlocked(phone, found["pin_ms"])
            _walk_to(phone, task)
            found |= _opened(phone, STEP, length)
            if length == min(tasks):
                found["tap_ms"] = _answered(phone)
            phone.quick()
    return found


def plain_round(browser: Browser, url: str, lengths: tuple[int, ...]) -> Figures:
    """Measure the page without a framework in a browser that has nothing yet."""
    found: Figures = {}
    with browser.new_context(**PHONE) as context:
        phone = Handset(context, "main button")
        for length in lengths:
            phone.slow(network=True)
            opened = phone.opened(url)
            found.setdefault("cold_ms", opened)
            phone.page.wait_for_load_state("networkidle")
            phone.page.wait_for_timeout(SETTLE_MS)
            found |= _opened(phone, f"#open-{length}", length)
            if length == min(lengths):
                found["tap_ms"] = _answered(phone)
    return found


def _enrol(phone: Handset, login: str) -> None:
    page = phone.page
    page.get_by_label("账号", exact=True).fill(login)
    page.get_by_label("登录密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="下一步", exact=True).click()
    page.get_by_label("数字密码（至少 6 位）", exact=True).fill(PIN)
    page.get_by_label("再输入一次", exact=True).fill(PIN)
    page.get_by_role("button", name="完成登记", exact=True).click()
    page.get_by_role("button", name="进入任务", exact=True).click()
    page.locator(TASK).first.wait_for()
    _have_files(phone)


def _have_files(phone: Handset) -> None:
    phone.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    phone.page.wait_for_timeout(SETTLE_MS)


def _unlocked(phone: Handset, pin_ms: float) -> float:
    """Type the PIN; return the milliseconds from 解锁 to the list, without what the PIN costs."""
    pad = phone.page.locator(".keys")
    for digit in PIN:
        pad.get_by_role("button", name=digit, exact=True).tap()
    (shown,) = phone.tapped(UNLOCK, TASK, 1)
    return shown - pin_ms


def _walk_to(phone: Handset, task: str) -> None:
    """Turn to the visit, where its people are, and let that come to rest."""
    phone.page.evaluate("hash => { location.hash = hash; }", f"#/task/{task}/visit/arrive")
    phone.page.locator(STEP).wait_for()
    phone.page.wait_for_timeout(SETTLE_MS)


def _opened(phone: Handset, button: str, length: int) -> Figures:
    screen, whole = phone.tapped(button, ITEM, ON_A_SCREEN, length)
    phone.page.wait_for_timeout(SETTLE_MS)
    return {
        f"screen_{length}_ms": screen,
        f"open_{length}_ms": whole,
        f"heap_{length}_mb": phone.heap_mb(),
    }


def _answered(phone: Handset) -> float:
    """Answer some items; return the milliseconds from a tap until it showed."""
    taken = []
    for n in range(TAPS):
        (shown,) = phone.tapped(f"{PASS}[aria-pressed=false]", f"{PASS}[aria-pressed=true]", n + 1)
        taken.append(shown)
        phone.page.wait_for_timeout(SETTLE_MS / 4)
    return median(taken)
