"""What axe-core says of a page."""

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.phone_build.tools import MODULES

AXE = MODULES / "axe-core" / "axe.min.js"
needs_axe = pytest.mark.skipif(
    not AXE.is_file(), reason="axe-core is not installed: `make test` fetches it from npm"
)
RUN = """async (rules) => {
  const moving = document.getAnimations().filter((one) => one.effect?.getTiming().iterations === 1);
  await Promise.allSettled(moving.map((one) => one.finished));
  const only = rules.length > 0 ? { runOnly: rules } : {};
  const found = await axe.run(document, { ...only, resultTypes: ["violations"], preload: false });
  return found.violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) =>
    `${id}: ${target.join(" ")} ${failureSummary}`));
}"""
OF_COLOURS = ["color-contrast"]
"""The rules whose outcome another theme changes."""


def bring_axe(context: BrowserContext) -> None:
    """Have axe-core in every page that is loaded from now on."""
    context.add_init_script(path=AXE)


def violations(page: Page) -> list[str]:
    """Return what breaks a rule in the light theme, and in the dark one."""
    found: list[str] = page.evaluate(RUN, [])
    page.emulate_media(color_scheme="dark")
    found += [f"dark {one}" for one in page.evaluate(RUN, OF_COLOURS)]
    page.emulate_media(color_scheme="light")
    return found
