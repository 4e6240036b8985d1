"""What is looked at on every screen: width, policy, and what axe-core would change."""

from typing import Any

from playwright.sync_api import ViewportSize

from tests.phone.browser.axe import bring_axe, violations
from tests.phone.browser.phone_page import Handset

NARROW: ViewportSize = {"width": 360, "height": 740}
USUAL: ViewportSize = {"width": 390, "height": 844}
ACROSS: ViewportSize = {"width": 740, "height": 360}
BREAKS = """() => { window.broken = [];
  document.addEventListener("securitypolicyviolation", (event) =>
    window.broken.push(`${event.violatedDirective} ${event.blockedURI}`)); }"""
WIDER = """() => [...document.querySelectorAll("html, dialog[open]")]
  .some((one) => one.scrollWidth > one.clientWidth)"""
PAD = """async () => {
  const painted = () => new Promise((next) => requestAnimationFrame(() => next()));
  await painted(); await painted();
  const pad = document.querySelector("dialog[open] .pad");
  if (pad === null) return null;
  const { width, height } = pad.getBoundingClientRect();
  const { width: around } = pad.parentElement.getBoundingClientRect();
  const box = pad.querySelector("svg").viewBox.baseVal;
  return { width, height, around, stretched: (box.width / box.height) / (width / height) };
}"""
LEAST_HIGH = 150
"""Pixels; a hand needs them."""


class Seen:
    """What was seen on the way, and what was wrong with it."""

    def __init__(self, phone: Handset) -> None:
        phone.page.emulate_media(reduced_motion="reduce", color_scheme="light")
        phone.context.add_init_script(f"({BREAKS})()")
        bring_axe(phone.context)
        self.page = phone.page
        self.names: list[str] = []
        self.faults: list[str] = []

    def at(self, name: str) -> None:
        """Look at a screen: nothing is cut at the side, no policy broken, and all can be read."""
        self.names.append(name)
        found = [f"policy {one}" for one in self.page.evaluate("window.broken.splice(0)")]
        found += violations(self.page)
        self.page.set_viewport_size(NARROW)
        if self.page.evaluate(WIDER):
            found.append("wider than the phone")
        found += self._pad("upright", lambda pad: pad["width"] == pad["around"])
        self.page.set_viewport_size(ACROSS)
        found += self._pad("across", lambda pad: pad["width"] > 2.9 * pad["height"])
        self.page.set_viewport_size(USUAL)
        self.faults += [f"{name}: {one}" for one in found]

    def _pad(self, how: str, is_wide: Any) -> list[str]:
        """Where somebody signs there is room for a hand, and nothing is stretched."""
        pad = self.page.evaluate(PAD)
        if pad is None:
            return []
        fits = is_wide(pad) and pad["height"] >= LEAST_HIGH and abs(pad["stretched"] - 1) < 0.05
        return [] if fits else [f"{how} there is little room for a signature: {pad}"]
