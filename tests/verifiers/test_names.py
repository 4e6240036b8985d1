"""Names hold what people see, by ranges that no edition of Unicode moves, in all verifiers."""

from types import ModuleType

import pytest
from playwright.sync_api import Page

from inspect_server.domain.draw.commit import checked_body
from inspect_server.domain.draw.errors import BadCommit
from tests.verifiers.forger import Body, forged
from tests.verifiers.full_draw import full, voided
from tests.verifiers.redrawn import Draft, redrawn, signed
from tests.verifiers.three import by_browser, by_package, by_single_file

MADE = full(replaced=False)
UNSEEN = "\u3164\u115f\u2800\ufe0f\u034f\u200b\u00ad\u3000\u00a0\u0000\n\t\ue000\U000e0041"
NEWER = "\U0002ebf0\U00031350"
"""Ideographs of Unicode 15 and 15.1: which Python knows them depends on its age."""
ELSEWHERE = "é\u0430\uff9e\u0378\U0002fa20\U0002fffe\U000323b0Ⅰ"
"""Letters of other scripts, unassigned ones, and what stands next to the ranges."""
IN_ALL = ("authority", "draw_no")
"""What the single file looks at: by these it knows whose draws it lays side by side."""


def named(part: str, char: str) -> dict[str, str]:
    if part == "dept":  # of a draw void before its reveal: no team is computed from it
        draft = Draft(dict(MADE.files), voided(MADE, revealed=False))
        first, *others = draft.body["rules"]["teams"]
        teams = [{**first, "dept": f"应急{char}科"}, *others]
        body = {**draft.body, "rules": {**draft.body["rules"], "teams": teams}}
        return signed(redrawn(Draft(draft.files, {**draft.certificate, "commit_body": body})))

    def edit(body: Body) -> None:
        match part:
            case "plan":
                body["rules"]["plan"] += f"{char}案"
            case "law":
                body["rules"]["law"][0] += f"{char}条"
            case _:
                body[part] += f"{char}号"

    return forged(MADE, edit)


def said(page: Page, single: ModuleType, files: dict[str, str]) -> tuple[bool, bool, bool]:
    report, (browser,) = by_package(files), by_browser(page, [files])
    return report is not None and report.ok, browser["ok"], by_single_file(single, files)


@pytest.mark.parametrize("part", ["authority", "draw_no", "plan", "law", "dept"])
def test_a_character_that_names_are_not_written_with_is_refused(
    part: str, page: Page, single: ModuleType
) -> None:
    for char in UNSEEN + ELSEWHERE:
        found = said(page, single, named(part, char))
        assert found[:2] == (False, False), f"U+{ord(char):04X} in {part}"
        assert part not in IN_ALL or not found[2], f"U+{ord(char):04X} in {part}"


@pytest.mark.parametrize("part", ["authority", "draw_no", "dept"])
def test_an_ideograph_of_any_edition_is_a_letter(part: str, page: Page, single: ModuleType) -> None:
    for char in NEWER + "〇㐀龯鿿〔〕-Z9":
        assert said(page, single, named(part, char)) == (True, True, True), f"U+{ord(char):04X}"


def test_names_take_the_signs_of_officials(page: Page, single: ModuleType) -> None:
    for char in "、。〈〉《》「」【】（）：；，·—…“”‘’Ａ９ /@+.":
        signed_so = named("authority", char)
        assert said(page, single, signed_so) == (True, True, True), char
        number = said(page, single, named("draw_no", char))
        assert number == (False, False, False), char


def test_the_commit_names_the_character() -> None:
    for part, name in (("authority", "机关名称"), ("draw_no", "抽取编号")):
        data = {**MADE.body.data, part: "云湾\u3164区"}
        with pytest.raises(BadCommit, match=rf"{name}.*不能有字符“\u3164”（U\+3164）"):
            checked_body(data)
