"""
A hand on a phone's pages: what it sees, taps and writes, and what the browser complained of.

Everything is found by what a screen reader would say of it, so that what is asserted is what the
officer reads. Nothing here waits for a fixed time, and nothing fails for being slow.
"""

import re
from copy import copy
from typing import Self

from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Locator,
    Request,
    expect,
)

PATIENCE_MS = 90_000
"""A busy machine is slow and nothing else: no verdict depends on it."""
UNAVOIDABLE = re.compile(
    r"^Failed to load resource: (net::ERR_|the server .* 404 .*/phone/pack/manifest\.json$)"
)
"""What a phone cannot help saying: it has no network, and its server has no print pack."""

MOVED = """((shift) => {
  const Real = Date, now = () => Real.now() + shift;
  globalThis.Date = new Proxy(Real, {
    construct: (real, words) => words.length ? new real(...words) : new real(now()),
    apply: () => new Real(now()).toString(),
    get: (real, name) => name === "now" ? now : Reflect.get(real, name),
  });
})(%d)"""
"""The phone's clock, by so many milliseconds beside the machine's."""


class Hand:
    """What a hand does to the pages of one browser context, whatever they are of."""

    def __init__(self, context: BrowserContext, url: str, clock_ms: float) -> None:
        self.context, self.url = context, url
        self.complaints: list[str] = []
        self.hosts: set[str] = set()
        context.set_default_timeout(PATIENCE_MS)
        context.add_init_script(MOVED % clock_ms)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.on("request", self._requested)
        self.page = context.pages[0] if context.pages else context.new_page()

    def _console(self, said: ConsoleMessage) -> None:
        complaint = f"{said.text} {said.location['url']}"
        if said.type != "verbose" and not UNAVOIDABLE.match(complaint):  # "verbose" is advice
            self.complaints.append(f"{said.type}: {complaint}")

    def _requested(self, request: Request) -> None:
        if not request.url.startswith("blob:"):
            self.hosts.add(request.url.split("/phone/")[0].split("/sync/")[0])

    def check(self) -> None:
        """No page complained, of a policy or otherwise, and nobody else's host was asked."""
        assert not self.complaints, self.complaints
        assert self.hosts <= {self.url}, self.hosts

    # ── what is on the page ──

    def see(self, what: Locator | str | re.Pattern[str]) -> Locator:
        """Wait until it is there."""
        found = what if isinstance(what, Locator) else self.page.get_by_text(what).first
        expect(found).to_be_visible(timeout=PATIENCE_MS)
        return found

    def gone(self, what: Locator) -> None:
        """Wait until it is not there any more."""
        expect(what).to_have_count(0, timeout=PATIENCE_MS)

    def heading(self, name: str) -> Locator:
        """A heading."""
        return self.page.get_by_role("heading", name=name, exact=True)

    def press(self, name: str, within: Locator | None = None) -> None:
        """Tap a button."""
        place = within or self.page
        place.get_by_role("button", name=name, exact=True).click()

    def follow(self, name: str | re.Pattern[str], within: Locator | None = None) -> None:
        """Tap a link."""
        place = within or self.page
        place.get_by_role("link", name=name).click()

    def fill(self, label: str, text: str, within: Locator | None = None) -> None:
        """Write into a field."""
        place = within or self.page
        place.get_by_label(label, exact=True).fill(text)

    def choose(self, group: str, name: str) -> None:
        """Choose one of a few that stand beside another; a count may follow its name."""
        among = self.page.get_by_role("group", name=group, exact=True)
        among.get_by_role("radio", name=re.compile(f"^{name}")).check()

    def sheet(self, title: str) -> Locator:
        """The sheet of this title, once it is there."""
        return self.see(self.page.get_by_role("dialog", name=title, exact=True))

    def read_through(self, sheet: Locator) -> None:
        """Roll through what is signed, as a thumb does, until it may be signed."""
        box = self.see(sheet).bounding_box()
        assert box is not None
        self.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        while sheet.locator("[inert]").count():
            self.page.mouse.wheel(0, box["height"] / 4)

    def tab(self) -> Self:
        """The same phone, in a second tab."""
        other = copy(self)
        other.page = self.context.new_page()
        return other
