"""A joint check: the teams of every department are proved, a partner's as well as our own."""

import copy
import json
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.verifiers.full_draw import full, signed
from tests.verifiers.three import by_browser, by_package, by_single_file

OWN, PARTNER = "应急", "消防"
Files = dict[str, str]


@pytest.fixture(scope="module", params=["sha256", "sm3"])
def joint(request: pytest.FixtureRequest) -> Files:
    made = full(request.param, seed=4)
    return signed(made, made.certificate)


def spoiled(files: Files) -> Iterator[tuple[str, Files]]:
    """Yield certificates in which something of the partner's teams is another."""
    certificate = json.loads(files["certificate.json"])
    rows = [n for n, row in enumerate(certificate["teams"]) if row["dept"] == PARTNER]
    officers = [certificate["teams"][n]["officer"] for n in rows]
    stranger = next(one["officer"] for one in certificate["teams"] if one["dept"] == OWN)

    def changed(what: str, teams: list[dict[str, Any]]) -> tuple[str, Files]:
        text = json.dumps({**certificate, "teams": teams}, ensure_ascii=False)
        return what, {**files, "certificate.json": text}

    teams = certificate["teams"]
    yield changed("no partner at all", [row for row in teams if row["dept"] == OWN])
    yield changed("the partner under our name", [{**row, "dept": OWN} for row in teams])
    for what, officer in (("one of ours", stranger), ("another of theirs", officers[1])):
        one = copy.deepcopy(teams)
        one[rows[0]]["officer"] = officer
        yield changed(f"{what} in a partner's place", one)
    twisted = copy.deepcopy(teams)
    twisted[rows[0]]["officer"], twisted[rows[1]]["officer"] = officers[1], officers[0]
    yield changed("two partner places exchanged", twisted)


def test_all_three_accept_a_joint_certificate(joint: Files, page: Page, single: ModuleType) -> None:
    teams = json.loads(joint["certificate.json"])["teams"]
    report, (browser,) = by_package(joint), by_browser(page, [joint])

    assert {row["dept"] for row in teams} == {OWN, PARTNER}
    assert {row["task"] for row in teams if row["dept"] == PARTNER} == {
        row["task"] for row in teams if row["dept"] == OWN
    }
    assert report is not None
    assert report.ok, report.wrong
    assert browser["ok"], browser["checks"]
    assert by_single_file(single, joint)


def test_a_spoiled_partner_team_is_recomputed_by_two_and_held_by_the_signature_for_the_third(
    joint: Files, page: Page, single: ModuleType
) -> None:
    for what, files in spoiled(joint):
        unsigned = {name: text for name, text in files.items() if name != "keys.json"}
        report, (browser,) = by_package(unsigned), by_browser(page, [unsigned])
        assert report is not None
        assert "检查人员" in {check.what for check in report.wrong}, what
        wrong = {one["what"] for one in browser["checks"] if one["verdict"] == "不符"}
        assert "检查人员" in wrong, what
        assert not by_single_file(single, files), what
