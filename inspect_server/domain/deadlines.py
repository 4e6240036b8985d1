"""Counting legal deadlines: working days, natural days, months. Days are local days."""

from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta
from itertools import count, islice

from inspect_server.domain.calendar import Calendar
from inspect_server.domain.errors import InspectError
from inspect_server.domain.law import Entry


class NotPositive(InspectError):
    """A deadline of no days is a mistake of the caller."""

    code, kind = "deadline.not_positive", "invalid"
    message = "期限 {name} 应为正整数，现为 {value}，请改正后重试。"


class BeyondCalendar(InspectError):
    """The deadline would lie after the last day that a calendar knows."""

    code, kind = "deadline.beyond_calendar", "invalid"
    message = "自 {served} 起算的期限超出 9999 年，无法计算，请核对起算日期后重试。"


class NotADuration(InspectError):
    """The law value is not a number of days or months."""

    code, kind = "deadline.not_a_duration", "broken"
    message = "规则库中 {id} 不是以日或月计算的期限，请核对该条目。"


class DeadlinesPassed(InspectError):
    """An order would demand something by a day that is not after its own."""

    code, kind = "document.deadlines_passed", "conflict"
    message = (
        "指令书中第{problems}项问题的整改期限不晚于制作日期（{on}），企业无法按期整改，未制作文书；"
        "请由主办人员、承办机构负责人或审批人另定期限后制作"
        "（documents issue 检查编号 --deadline 日期）。"
    )


class NewDeadlineRefused(InspectError):
    """The new day for passed deadlines cannot be set."""

    code, kind = "document.new_deadline_refused", "invalid"
    message = "不能另定整改期限：{reason}。"


@dataclass(frozen=True)
class Deadline:
    """The last day to act, and what it rests on."""

    last_day: date
    is_estimated: bool  # 暂估: it needed a year whose holidays are not published
    law: str  # id@from of the row that gave the length


def last_day(served: date, working_days: int, is_open: Callable[[date], bool]) -> date:
    """
    Return the last day to act on a served document.

    Args:
        served: Local day of service; not counted.
        working_days: 1 or more.
        is_open: True on working days, make-up days included.

    Raises:
        NotPositive: `working_days` is below 1.
        BeyondCalendar: There are not that many days before the year 10000.

    Law: deadline.counting
    """
    if working_days < 1:
        raise NotPositive(name="working_days", value=working_days)
    days = (_later(served, n) for n in count(1))
    return next(islice(filter(is_open, days), working_days - 1, None))


def last_natural_day(served: date, natural_days: int) -> date:
    """
    Return the last of so many natural days after the served day, which is not counted.

    Raises:
        NotPositive: `natural_days` is below 1.
        BeyondCalendar: The day lies after the year 9999.

    Law: deadline.counting
    """
    if natural_days < 1:
        raise NotPositive(name="natural_days", value=natural_days)
    return _later(served, natural_days)


def last_day_of_months(served: date, months: int) -> date:
    """
    Return the same day of the month so many months later, else that month's last day.

    Raises:
        NotPositive: `months` is below 1.
        BeyondCalendar: The day lies after the year 9999.

    Law: deadline.months
    """
    if months < 1:
        raise NotPositive(name="months", value=months)
    later = served.month - 1 + months
    year, month = served.year + later // 12, later % 12 + 1
    if year > MAXYEAR:
        raise BeyondCalendar(served=served.isoformat())
    return date(year, month, min(served.day, monthrange(year, month)[1]))


def rolled_over(last: date, is_open: Callable[[date], bool]) -> date:
    """
    Return the day itself if it is open, else the first open day after it.

    Raises:
        BeyondCalendar: There is none before the year 10000.

    Law: deadline.rollover
    """
    while not is_open(last):
        last = _later(last, 1)
    return last


def _later(day: date, days: int) -> date:
    try:
        return day + timedelta(days)
    except OverflowError:
        raise BeyondCalendar(served=day.isoformat()) from None


def deadline_of(entry: Entry, served: date, calendar: Calendar) -> Deadline:
    """
    Return the deadline that a dated law value gives for something served on a day.

    Natural days and months move past a rest day only where the value's source says so
    (`rolls_over`).

    Raises:
        NotADuration: The value is not in working days, natural days or months.
        NotPositive: The value is below 1.
        BeyondCalendar: The last day lies after the year 9999.

    Law: deadline.counting, deadline.rollover, deadline.months
    """
    length = entry.value
    if not isinstance(length, int):
        raise NotADuration(id=entry.id)
    match entry.unit:
        case "working_days":
            last = last_day(served, length, calendar.is_open)
            return Deadline(last, _is_estimated(served, last, calendar), entry.ref)
        case "natural_days":
            last = last_natural_day(served, length)
        case "months":
            last = last_day_of_months(served, length)
        case _:
            raise NotADuration(id=entry.id)
    if not entry.rolls_over:
        return Deadline(last, False, entry.ref)
    moved = rolled_over(last, calendar.is_open)
    return Deadline(moved, calendar.is_estimated(moved), entry.ref)


def _is_estimated(served: date, last: date, calendar: Calendar) -> bool:
    years = range(served.year, last.year + 1)
    return not calendar.published_years.issuperset(years)


def passed(deadlines: Mapping[int, date], on: date) -> list[int]:
    """Return the numbers of the problems whose deadline does not lie after the day `on`."""
    return [number for number, day in sorted(deadlines.items()) if day <= on]


def renewed(deadlines: Mapping[int, date], on: date, new: date | None) -> dict[int, date]:
    """
    Return the new day of each deadline that an order made on `on` can no longer set.

    Args:
        deadlines: By the problem's number in the order; what is ordered at once has none.
        on: The local day of the order; a deadline must lie after it.
        new: The day that the lead, a supervisor or an approver gives for those passed, if
            one was given.

    Raises:
        DeadlinesPassed: Some have passed and no new day was given.
        NewDeadlineRefused: The new day is not after the order's, or no deadline has passed.

    Source: 法释〔2022〕19号 第三条: whether an order's deadline was definite and reasonable.
    """
    late = passed(deadlines, on)
    if new is None and late:
        raise DeadlinesPassed(problems="、".join(map(str, late)), on=on.isoformat())
    if new is None:
        return {}
    if not late:
        raise NewDeadlineRefused(reason="没有已过的整改期限，请不写新期限，直接制作")
    if new <= on:
        said = f"新期限 {new.isoformat()} 应晚于制作日期 {on.isoformat()}，请改写"
        raise NewDeadlineRefused(reason=said)
    return dict.fromkeys(late, new)
