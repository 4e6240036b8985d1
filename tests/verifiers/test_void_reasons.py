"""Package and browser know the same reasons of a void, and when each may be given."""

from itertools import product

from playwright.sync_api import Page

from inspect_server.domain.draw.replacement.void import BEFORE_REVEAL_ONLY, VoidReason
from tests.verifiers.full_draw import full, signed, voided
from tests.verifiers.three import by_browser, by_package


def test_every_reason_holds_before_the_reveal_and_only_some_after_it(page: Page) -> None:
    made, cases = full(), list(product(VoidReason, (False, True)))
    files = []
    for reason, revealed in cases:
        given = signed(made, voided(made, revealed, reason=reason))
        files.append(given if revealed else given | {"openings.json": "{}"})
    package = [report is not None and report.ok for report in map(by_package, files)]

    assert package == [not (late and reason in BEFORE_REVEAL_ONLY) for reason, late in cases]
    assert [report["ok"] for report in by_browser(page, files)] == package
