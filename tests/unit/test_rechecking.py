"""A recheck ends exactly what it says is rectified; one without results ended all it followed."""

from dataclasses import replace
from typing import Any

from inspect_server.domain.findings.hazards import (
    ClosedCheck,
    OpenHazard,
    Rectified,
    open_hazards,
    rectified_hazards,
    to_recheck,
)
from inspect_server.domain.findings.rechecking import Rechecked
from tests.unit.test_rectified import check, finding

FIRST = replace(
    check("1", "2026-03-01", finding("缺标志"), finding("缺台账"), finding("积尘")),
    id="one",
    order_no="责改1号",
    ordered_on="2026-03-02",
    deadlines={1: "2026-03-20", 2: "2026-03-20", 3: "2026-03-25"},
)


def recheck(number: str, on: str, follows: str, *said: tuple[ClosedCheck, int, str]) -> ClosedCheck:
    """A closed recheck and what it says: of whose problem, by its number, the result."""
    asked = {one.item: one for of, _, _ in said for one in to_recheck([of], of.number)}
    results = [
        Rechecked(asked[f"recheck/{of.id}/{n}"], result, "", (), ()) for of, n, result in said
    ]
    return check(number, on, follows=follows, rechecked=results, id=f"id{number}")


SECOND = recheck(
    "2",
    "2026-04-01",
    "1",
    (FIRST, 1, "rectified"),
    (FIRST, 2, "not_rectified"),
    (FIRST, 3, "not_checked"),
)


def shown(checks: list[ClosedCheck]) -> list[tuple[Any, ...]]:
    def parts(one: OpenHazard) -> tuple[Any, ...]:
        return one.text, one.order_no, one.deadline, one.result, one.rechecked_on

    return [parts(one) for one in open_hazards(checks)]


def test_what_was_found_rectified_is_ended_and_the_rest_stays_open_under_its_order() -> None:
    (ended,) = rectified_hazards([SECOND, FIRST])

    assert shown([SECOND, FIRST]) == [
        ("缺台账", "责改1号", "2026-03-20", "not_rectified", "2026-04-01"),
        ("积尘", "责改1号", "2026-03-25", "not_checked", "2026-04-01"),
    ]
    assert (ended.text, ended.how, ended.recheck) == ("缺标志", Rectified.RECHECKED, "2")
    assert (ended.rectified_on, ended.inspection_id, ended.number) == ("2026-04-01", "one", 1)


def test_what_was_rectified_in_part_stays_open() -> None:
    partly = recheck("2", "2026-04-01", "1", *((FIRST, n, "partly") for n in (1, 2, 3)))

    assert [one.result for one in open_hazards([partly, FIRST])] == ["partly"] * 3
    assert rectified_hazards([partly, FIRST]) == ()


def test_what_a_recheck_does_not_say_a_word_of_stays_open() -> None:
    silent = replace(SECOND, rechecked=SECOND.rechecked[:1])

    assert [(one.text, one.result) for one in open_hazards([silent, FIRST])] == [
        ("缺台账", ""),
        ("积尘", ""),
    ]


def test_a_recheck_asks_for_what_is_open_of_what_it_follows_and_of_the_check_before_that() -> None:
    found = replace(SECOND, problems={1: finding("缺培训")})
    third = to_recheck([found, FIRST], "2")

    assert [(one.inspection, one.number) for one in to_recheck([FIRST], "1")] == [
        ("1", 1),
        ("1", 2),
        ("1", 3),
    ]
    assert [(one.inspection, one.number, one.item) for one in third] == [
        ("1", 2, "recheck/one/2"),
        ("1", 3, "recheck/one/3"),
        ("2", 1, "recheck/id2/1"),
    ]
    assert to_recheck([FIRST], "") == to_recheck([FIRST], "9") == ()


def test_the_last_word_of_who_looked_counts() -> None:
    again = recheck("3", "2026-05-01", "1", (FIRST, 1, "not_rectified"), (FIRST, 2, "rectified"))
    unseen = recheck("4", "2026-06-01", "1", (FIRST, 1, "not_checked"))
    checks = [unseen, again, SECOND, FIRST]

    assert shown(checks)[0] == ("缺标志", "责改1号", "2026-03-20", "not_rectified", "2026-05-01")
    assert [one.text for one in open_hazards(checks)] == ["缺标志", "积尘"]
    assert [(one.text, one.recheck) for one in rectified_hazards(checks)] == [("缺台账", "3")]


def test_a_recheck_without_results_ended_all_that_it_followed_and_nothing_else() -> None:
    before = check("2", "2026-04-01", follows="1", id="two")
    other = replace(FIRST, number="7", id="seven")

    assert open_hazards([before, FIRST]) == ()
    assert {one.how for one in rectified_hazards([before, FIRST])} == {Rectified.NOT_FOUND_AGAIN}
    assert len(open_hazards([before, other])) == 3


def test_a_result_counts_for_the_very_problem_alone() -> None:
    other = replace(FIRST, number="7", id="seven")

    assert [one.inspection for one in open_hazards([SECOND, other])] == ["7", "7", "7"]


def test_what_was_to_be_rectified_by_a_day_is_overdue_after_it() -> None:
    done, left, unseen = SECOND.rechecked

    assert left.is_overdue("2026-03-21")
    assert not left.is_overdue("2026-03-20")
    assert not done.is_overdue("2026-04-01")
    assert not unseen.is_overdue("2026-04-01")
