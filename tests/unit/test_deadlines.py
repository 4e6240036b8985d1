"""Deadlines as sentences: what the law counts, and what happens past the published years."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspect_server.domain import law
from inspect_server.domain.calendar import Calendar
from inspect_server.domain.deadlines import (
    BeyondCalendar,
    Deadline,
    NotADuration,
    NotPositive,
    deadline_of,
    last_day,
    last_day_of_months,
    last_natural_day,
    rolled_over,
)
from inspect_server.gateways.calendar import BadCalendarFile, load_calendar, published

TODAY = date(2026, 3, 2)
CALENDAR = published()


def due(id: str, served: date) -> Deadline:
    return deadline_of(law.entry(id, served), served, CALENDAR)


def test_a_hearing_asked_for_within_five_working_days_skips_the_weekend() -> None:
    assert due("deadline.hearing_request_working_days", date(2026, 3, 2)).last_day == date(
        2026, 3, 9
    )


def test_the_day_of_service_is_not_counted() -> None:
    assert last_day(date(2026, 3, 2), 1, CALENDAR.is_open) == date(2026, 3, 3)


def test_a_make_up_saturday_counts_as_a_working_day() -> None:
    assert CALENDAR.is_open(date(2026, 10, 10))
    assert last_day(date(2026, 10, 9), 1, CALENDAR.is_open) == date(2026, 10, 10)


def test_spring_festival_is_jumped() -> None:
    assert last_day(date(2026, 2, 13), 3, CALENDAR.is_open) == date(2026, 2, 25)


def test_a_deadline_across_1_january_2027_is_counted_and_marked_as_an_estimate() -> None:
    found = due("disclosure.draw_result_working_days", date(2026, 12, 21))

    assert found.last_day == date(2027, 1, 19)  # 1 January is a holiday every year
    assert found.is_estimated


def test_a_deadline_within_the_published_years_is_no_estimate() -> None:
    assert not due("disclosure.draw_result_working_days", date(2026, 12, 2)).is_estimated


def test_ninety_days_of_a_case_do_not_move_off_a_rest_day() -> None:
    found = due("deadline.case_days", date(2026, 3, 9))

    assert found.last_day == date(2026, 6, 7)
    assert found.last_day.weekday() == 6


def test_sixty_days_to_ask_for_reconsideration_end_after_the_rest_day() -> None:
    found = due("remedy.reconsideration_days", date(2026, 3, 3))  # ends on Saturday 2 May, 劳动节

    assert found.last_day == date(2026, 5, 6)


def test_six_months_to_sue_end_on_the_same_day_of_the_month() -> None:
    assert due("remedy.litigation_months", date(2026, 3, 2)).last_day == date(2026, 9, 2)


def test_months_without_that_day_end_on_their_last_day() -> None:
    assert last_day_of_months(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert last_day_of_months(date(2023, 12, 31), 2) == date(2024, 2, 29)


def test_a_deadline_of_no_days_is_refused() -> None:
    with pytest.raises(NotPositive, match="working_days"):
        last_day(TODAY, 0, CALENDAR.is_open)
    with pytest.raises(NotPositive, match="natural_days"):
        last_natural_day(TODAY, 0)
    with pytest.raises(NotPositive, match="months"):
        last_day_of_months(TODAY, 0)


@pytest.mark.parametrize(
    "count",
    [
        lambda: last_day(date(9999, 12, 20), 15, CALENDAR.is_open),
        lambda: last_natural_day(date(9999, 12, 31), 1),
        lambda: last_natural_day(TODAY, 10**12),
        lambda: last_day_of_months(date(9999, 12, 31), 1),
        lambda: rolled_over(date(9999, 12, 31), lambda _: False),
    ],
)
def test_a_deadline_beyond_the_last_year_is_refused_and_never_earlier_than_service(
    count: Callable[[], date],
) -> None:
    with pytest.raises(BeyondCalendar, match="超出 9999 年"):
        count()


def test_a_value_that_is_no_length_of_time_is_refused() -> None:
    with pytest.raises(NotADuration, match="officers"):
        due("team.min_officers", TODAY)
    with pytest.raises(NotADuration, match="copies_note"):
        due("document.copies_note", TODAY)


@settings(max_examples=150, deadline=None)
@given(st.dates(date(2003, 6, 1), date(2040, 1, 1)), st.integers(1, 40))
def test_exactly_the_asked_working_days_lie_after_service_and_the_last_one_is_open(
    served: date, working_days: int
) -> None:
    last = last_day(served, working_days, CALENDAR.is_open)

    assert CALENDAR.is_open(last)
    assert CALENDAR.working_days(served + timedelta(1), last) == working_days


@settings(max_examples=100, deadline=None)
@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.sampled_from(sorted(law.book().ids)))
def test_no_duration_ever_fails_to_count(served: date, id: str) -> None:
    try:
        found = deadline_of(law.entry(id, served), served, CALENDAR)
    except (NotADuration, law.NoLawValue):
        return

    assert found.last_day > served


def test_without_any_notice_weekends_and_fixed_holidays_rest() -> None:
    bare = Calendar()

    assert not bare.is_open(date(2028, 5, 2))  # since 2025 劳动节 has two days
    assert bare.is_open(date(2024, 5, 2))
    assert not bare.is_open(date(2028, 10, 3))
    assert not bare.is_open(date(2028, 10, 7))  # a Saturday
    assert bare.is_open(date(2028, 10, 9))
    assert bare.is_estimated(date(2028, 10, 9))


def test_a_notice_that_the_office_enters_replaces_the_estimate(tmp_path: Path) -> None:
    (tmp_path / "calendar.toml").write_text(
        "years = [2027]\ndays_off = [2027-02-08]\nmake_up_days = [2027-01-02]\n", "utf-8"
    )
    calendar = load_calendar(tmp_path)

    assert not calendar.is_estimated(date(2027, 2, 8))
    assert not calendar.is_open(date(2027, 2, 8))
    assert calendar.is_open(date(2027, 1, 2))
    assert calendar.is_open(date(2026, 10, 10))


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("years = [2027", "无法读取"),
        ("years = [2027]\nholidays = []", "holidays"),
        ("days_off = [2027-01-01]", "years"),
        ("years = [2027]\ndays_off = [2028-01-01]", "2028-01-01"),
        ('years = [2027]\ndays_off = ["2027-01-01"]', "不是日期"),
    ],
)
def test_an_unusable_notice_is_refused_by_name(tmp_path: Path, content: str, named: str) -> None:
    (tmp_path / "calendar.toml").write_text(content, "utf-8")

    with pytest.raises(BadCalendarFile, match=named):
        load_calendar(tmp_path)
