"""
Rules that would keep a verifier busy for ever are refused, by both in the same place.

Whether a team exists is a question that banned pairs make exponentially hard, and its certificate
is written by whoever does not want it to be checked.
"""

import copy
import time
from typing import Any

import pytest
from playwright.sync_api import Page

from inspect_server.domain.draw import eligibility
from inspect_server.domain.draw.eligibility import MOST_STAGES, OfficerLine
from inspect_server.domain.draw.teams import TRIES
from tests.verifiers.full_draw import full
from tests.verifiers.redrawn import Draft, redrawn, rooted, signed
from tests.verifiers.three import by_browser, by_package

MADE = full(replaced=False)
SOON = 20.0
"""Seconds. Without a limit the search alone takes minutes, in the browser longer."""
Places = list[list[str]]


def drawn(places: Places, banned: list[tuple[str, str]], loads: dict[str, int]) -> Draft:
    """Return the draw again, with other officers: one list of those who fit for each place."""
    lines = eligibility.lines(
        [
            OfficerLine(officer, (f"r{n}",), (), loads.get(officer, 0))
            for n, place in enumerate(places)
            for officer in place
        ],
        [],
        {(min(pair), max(pair)) for pair in banned},
    )
    files = {**MADE.files, "eligibility.txt": "".join(f"{line}\n" for line in lines)}
    certificate = {**copy.deepcopy(MADE.certificate), "timestamps": []}
    stages = [[f"p/{n}", f"r{n}"] for n in range(len(places))]
    rules = {"dept": "应急", "stages": stages, "specialty": [], "relaxations": ["pair"]}
    body = certificate["commit_body"]
    certificate["commit_body"] = {**body, "rules": {**body["rules"], "teams": [rules]}}
    return redrawn(rooted(Draft(files, certificate)))


def people(sizes: list[int]) -> Places:
    return [[MADE.h(b"%d/%d" % (n, one)).hex() for one in range(m)] for n, m in enumerate(sizes)]


def verdicts(page: Page, draft: Draft) -> tuple[Any, Any]:
    files, started = signed(draft), time.monotonic()
    report, (browser,) = by_package(files), by_browser(page, [files])
    assert time.monotonic() - started < SOON
    assert report is not None
    return report, browser


def test_a_search_without_end_is_cut_off_and_refused(page: Page) -> None:
    """Twelve places, eleven colours, no two of one colour together: 11! ways, and none is right."""
    places = people([MOST_STAGES - 1] * MOST_STAGES)
    banned = [
        (one[colour], other[colour])
        for one in places
        for other in places
        if one is not other
        for colour in range(MOST_STAGES - 1)
    ]
    report, browser = verdicts(page, drawn(places, banned, {}))

    assert not report.ok
    assert any(str(TRIES) in check.detail for check in report.wrong)
    assert {one["what"] for one in browser["checks"] if one["verdict"] == "不符"} >= {"检查人员"}


@pytest.mark.parametrize(("third", "ok"), [(36, True), (37, False)])
def test_both_give_up_after_the_same_tries(third: int, ok: bool, page: Page) -> None:
    """a + ab + abc tries: 20 + 20·27 + 20·27·36 are as many as may be."""
    places = people([20, 27, third, third])
    banned = [(one, other) for one in places[2] for other in places[3]]
    report, browser = verdicts(page, drawn(places, banned, {}))

    assert (20 * (1 + 27 * (1 + third)) <= TRIES) is ok
    assert (report.ok, browser["ok"]) == (ok, ok), (report.wrong, browser["checks"])


def test_loads_far_apart_are_bridged_in_one_step(page: Page) -> None:
    """Raising the cap one by one from the least load to the greatest would take minutes."""
    places = people([3, 3, 1])
    loads = dict.fromkeys([*places[0], *places[1]], 999_999_999)
    report, browser = verdicts(page, drawn(places, [], loads))

    assert (report.ok, browser["ok"]) == (True, True), (report.wrong, browser["checks"])


@pytest.mark.parametrize("part", ["stages", "specialty", "departments"])
def test_more_places_or_departments_than_anybody_sends_are_refused(part: str, page: Page) -> None:
    draft = drawn(people([3, 3]), [], {})
    body = copy.deepcopy(draft.body)
    (team,), many = body["rules"]["teams"], range(MOST_STAGES + 1)
    if part == "stages":
        team["stages"] = [[f"p/{n}", "r0"] for n in many]
    elif part == "specialty":
        team["specialty"] = [f"r{n}" for n in many]
    else:
        body["rules"]["teams"] = [{**team, "dept": f"部门{n}"} for n in many]
    certificate = {**draft.certificate, "commit_body": body}
    report, browser = verdicts(page, redrawn(Draft(draft.files, certificate)))

    assert [check.what for check in report.wrong] == ["证书结构"]
    assert not browser["ok"]
