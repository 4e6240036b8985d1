"""
From which chains a replacement may take its value, and what a level says of one.

Whoever may choose the chain chooses who comes in: a request's leaf can be tried again and again
with a value that is known.
"""

import copy
from collections.abc import Mapping

import pytest
from playwright.sync_api import Page

from inspect_server.domain.draw.entropy import LONGEST_CHAIN
from inspect_server.domain.draw.hashes import chain
from inspect_server.domain.draw.replacement.requests import Reason
from inspect_server.domain.draw.verify import Verdict
from tests.verifiers.forger import forged
from tests.verifiers.full_draw import full
from tests.verifiers.redrawn import Draft, redrawn
from tests.verifiers.redrawn import signed as resigned
from tests.verifiers.three import by_browser, by_package

MADE = full(reasons=[Reason.CLOSED])
OWN, WITNESS = MADE.h(b"own0"), MADE.h(b"other0")
Files = Mapping[str, str]


def replaced_from(secret: bytes, length: int, anchor: int, position: int) -> Files:
    """Replace by a value of any chain, under the anchor that stands at a position of it."""
    draft = Draft(dict(MADE.files), copy.deepcopy(MADE.certificate))
    draft.certificate["timestamps"] = []
    draft.certificate["replacements"][0] |= {
        "source": chain.value_at(MADE.h, secret, length, anchor).hex(),
        "issue": str(position),
        "bytes_hex": chain.value_at(MADE.h, secret, length, anchor + position).hex(),
    }
    found = redrawn(draft)
    assert found.certificate["replacements"], "nobody came in"
    return resigned(found)


def told(page: Page, files: Files) -> tuple[str, int | None]:
    """Return what package and browser say alike of the replacements, and the level."""
    report, (browser,) = by_package(files), by_browser(page, [files])
    assert report is not None
    words = {Verdict.RIGHT: "符合", Verdict.WRONG: "不符", Verdict.UNCHECKED: "未查"}
    ours = {check.what: words[check.verdict] for check in report.checks}
    assert ours == {one["what"]: one["verdict"] for one in browser["checks"]}
    assert report.level == browser["level"]
    return ours["替补"], report.level


OTHERS = {
    "the authority's, the draw's own value": (OWN, 5, 0, 2),
    "the authority's, the next value": (OWN, 5, 0, 3),
    "the authority's, under another anchor": (OWN, 5, 1, 3),
    "the authority's, from behind the drawn value": (OWN, 5, 3, 2),
    "the witness's, the draw's own value": (WITNESS, 30, 1, 2),
    "the witness's, under another anchor": (WITNESS, 30, 9, 2),
}


@pytest.mark.parametrize("name", OTHERS)
def test_a_replacement_by_a_part_of_a_chain_of_the_draw_is_wrong(name: str, page: Page) -> None:
    assert told(page, replaced_from(*OTHERS[name])) == ("不符", None)


def test_a_replacement_by_the_witness_s_next_value_is_right(page: Page) -> None:
    assert told(page, replaced_from(WITNESS, 30, 0, 4)) == ("符合", 2)


def test_a_replacement_by_an_unknown_chain_leaves_the_draw_without_a_level(page: Page) -> None:
    """It may be the witness's next one, published since, or anybody's."""
    assert told(page, replaced_from(MADE.h(b"whose"), 30, 0, 1)) == ("未查", None)


def test_replacements_that_cannot_be_recomputed_leave_the_draw_without_a_level(page: Page) -> None:
    files = dict(replaced_from(WITNESS, 30, 0, 4))
    del files["eligibility.txt"]
    bare = dict(forged(MADE))
    del bare["eligibility.txt"]

    assert told(page, files) == ("未查", None)
    assert told(page, bare) == ("符合", 2)


def test_a_commit_without_a_witness_knows_no_replacement(page: Page) -> None:
    draft = Draft(dict(MADE.files), copy.deepcopy(MADE.certificate))
    draft.certificate["timestamps"] = []
    sources, entropy = draft.body["sources"], draft.certificate["entropy"]
    body = {**draft.body, "sources": [sources[0], *sources[2:]]}
    changed = {"commit_body": body, "entropy": [entropy[0], *entropy[2:]]}
    found = redrawn(Draft(draft.files, {**draft.certificate, **changed}))

    assert found.certificate["replacements"]
    assert told(page, resigned(found)) == ("不符", None)


@pytest.mark.parametrize("steps", [0, 1, LONGEST_CHAIN])
def test_chains_are_one_as_far_as_the_longest_chain_reaches(steps: int) -> None:
    value = bytes(32)
    anchor = chain.value_at(MADE.h, value, steps, 0) if steps else value
    further = MADE.h(anchor)

    assert chain.apart(MADE.h, value, anchor, steps) == steps
    assert chain.apart(MADE.h, anchor, value, steps) == -steps
    assert chain.apart(MADE.h, value, further, steps) is None
