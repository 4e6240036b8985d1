"""What was put right at an enterprise: during the visit, or as a recheck found it."""

from dataclasses import replace
from typing import Any

from inspect_server.domain.findings.hazards import (
    ClosedCheck,
    Rectified,
    open_hazards,
    rectified_hazards,
)
from inspect_server.domain.inspection import Finding
from tests.unit.test_grading import FINDING


def finding(text: str, item: str = "", level: str = "general") -> Finding:
    return replace(FINDING, text=text, item=item, level=level)


def check(number: str, on: str, *problems: Finding, **values: Any) -> ClosedCheck:
    found = ClosedCheck(
        number=number,
        follows="",
        checked_on=on,
        problems=dict(enumerate(problems, start=1)),
        deadlines={},
    )
    return replace(found, **values)


FIRST = check(
    "1", "2026-03-01", finding("缺标志", "answer/f/A1"), finding("缺台账"), order_no="责改1号"
)
AGAIN = check("2", "2026-04-01", follows="1", passed={"answer/f/A1"})


def test_what_was_corrected_during_the_visit_was_put_right_that_day() -> None:
    visited = check("1", "2026-03-01", corrected=[finding("未戴口罩", level="major")])
    (told,) = rectified_hazards([visited])

    assert (told.text, told.level, told.found_on, told.rectified_on) == (
        "未戴口罩",
        "major",
        "2026-03-01",
        "2026-03-01",
    )
    assert (told.how, told.recheck, told.order_no) == (Rectified.ON_SITE, "", "")


def test_a_recheck_says_what_it_found_in_order_and_what_it_only_did_not_list() -> None:
    told = rectified_hazards([AGAIN, FIRST])

    assert [(one.text, one.how, one.rectified_on, one.recheck, one.order_no) for one in told] == [
        ("缺标志", Rectified.RECHECKED, "2026-04-01", "2", "责改1号"),
        ("缺台账", Rectified.NOT_FOUND_AGAIN, "2026-04-01", "2", "责改1号"),
    ]
    assert open_hazards([AGAIN, FIRST]) == ()


def test_what_a_recheck_found_again_was_not_put_right() -> None:
    same_item = replace(AGAIN, problems={1: finding("仍缺标志", "answer/f/A1")}, passed=())
    same_words = replace(AGAIN, problems={1: finding(" 缺台账 ")})
    during_it = replace(AGAIN, corrected=[finding("缺台账")])

    assert [one.text for one in rectified_hazards([same_item, FIRST])] == ["缺台账"]
    assert [one.text for one in rectified_hazards([same_words, FIRST])] == ["缺标志"]
    told = [(one.text, one.how, one.inspection) for one in rectified_hazards([during_it, FIRST])]
    assert told == [
        ("缺台账", Rectified.ON_SITE, "2"),
        ("缺标志", Rectified.RECHECKED, "1"),
    ]


def test_without_a_recheck_nothing_that_was_ordered_is_put_right() -> None:
    assert rectified_hazards([FIRST]) == ()


def test_of_two_rechecks_the_first_counts_and_the_newest_is_told_first() -> None:
    later = replace(AGAIN, number="3", checked_on="2026-05-01")
    newest = check("4", "2026-06-01", corrected=[finding("积尘")])
    told = rectified_hazards([newest, later, AGAIN, FIRST])

    assert [(one.text, one.recheck) for one in told] == [
        ("积尘", ""),
        ("缺标志", "2"),
        ("缺台账", "2"),
    ]
