"""A suggested period to rectify is of the day of the visit, by the row in force on it."""

from datetime import date

import pytest

from inspect_server.domain import law
from inspect_server.domain.deadlines import NotADuration, NotPositive
from inspect_server.domain.findings.periods import Period, suggested_period
from inspect_server.domain.law import NoLawValue

VISIT = date(2026, 11, 23)


def test_days_of_the_checklist_are_natural_days_after_the_visit() -> None:
    assert suggested_period(15, VISIT, law.book()) == Period(date(2026, 12, 8), 15, "", True)


def test_a_dated_value_gives_its_days_and_says_which_row_and_whether_it_was_compared() -> None:
    default = suggested_period("deadline.rectification_default_days", VISIT, law.book())
    entry = law.entry("deadline.rectification_default_days", VISIT)

    assert default.natural_days == entry.value
    assert default.last_day == date(2026, 12, 23)
    assert (default.law, default.is_verified) == (entry.ref, False)


def test_a_value_that_had_not_begun_gives_no_period() -> None:
    with pytest.raises(NoLawValue):
        suggested_period("deadline.rectification_default_days", date(2020, 1, 1), law.book())


@pytest.mark.parametrize("id", ["deadline.penalty_service_working_days", "deadline.counting"])
def test_a_value_in_anything_but_natural_days_is_refused(id: str) -> None:
    with pytest.raises(NotADuration):
        suggested_period(id, VISIT, law.book())


def test_no_days_are_no_period() -> None:
    with pytest.raises(NotPositive):
        suggested_period(0, VISIT, law.book())
