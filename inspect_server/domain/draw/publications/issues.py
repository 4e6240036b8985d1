"""
The issues of the public values: how each is written, and when its value is certainly fixed.

A draw may only name an issue whose value nobody knows at the commit. The day of a close stands in
its issue. A lottery numbers its issues through the year, one on each of its days, and pauses for
some days over 春节 and 国庆; so the number leaves open on which of a few days an issue is drawn.
What is certain is refused: by the day on which it is drawn after the longest pauses, it is known.
A longer pause than any so far can only refuse an issue that is still to come.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from typing import Protocol

CHINA = timezone(timedelta(hours=8))
"""The clock by which exchange and lotteries go, wherever the server stands."""
MONDAY, TUESDAY, THURSDAY, SATURDAY, SUNDAY = 0, 1, 3, 5, 6


class Issues(Protocol):
    """How a publication names its issues."""

    @property
    def how(self) -> str:
        """How an issue is written, in words."""

    def fits(self, issue: str) -> bool:
        """Whether there can be an issue of this name."""

    def is_fixed(self, issue: str, at: datetime) -> bool:
        """Whether the value of an issue that fits was certainly fixed at that moment."""


@dataclass(frozen=True)
class Closes:
    """One value at the end of each trading day, named by the day: 2026-03-04."""

    at: time
    how: str = "交易日，如 2026-03-04（周六、周日不开市）"

    def fits(self, issue: str) -> bool:
        """Whether it is a day of the calendar from Monday to Friday."""
        day = _day(issue)
        return day is not None and day.weekday() < SATURDAY

    def is_fixed(self, issue: str, at: datetime) -> bool:
        """Whether trading had closed."""
        day = _day(issue)
        return day is not None and at >= datetime.combine(day, self.at, CHINA)


@dataclass(frozen=True)
class Drawings:
    """
    Issues numbered through the year: 2026060 is the sixtieth of 2026.

    Attributes:
        weekdays: On which one is drawn, Monday is 0.
        at_most: How many a year can have.
        missed: How many of its days a year's pauses take away at most.
    """

    weekdays: frozenset[int]
    at_most: int
    missed: int
    how: str = "年份四位和期号三位，如 2026060"

    def fits(self, issue: str) -> bool:
        """Whether the year can have an issue of that number."""
        return bool(_NUMBERED.fullmatch(issue)) and 1 <= int(issue[4:]) <= self.at_most

    def is_fixed(self, issue: str, at: datetime) -> bool:
        """Whether the last day on which it can have been drawn was over."""
        year, number, today = int(issue[:4]), int(issue[4:]), at.astimezone(CHINA).date()
        if today.year != year:
            return today.year > year
        return self._days_before(today) - self.missed >= number

    def _days_before(self, today: date) -> int:
        gone = (today - date(today.year, 1, 1)).days
        first = date(today.year, 1, 1).weekday()
        return sum((first + n) % 7 in self.weekdays for n in range(gone))


_NUMBERED = re.compile(r"20[0-9]{5}")
_DATED = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}")
EVERY_DAY = frozenset(range(7))

ISSUES: Mapping[str, Issues] = {
    "cwl.kl8": Drawings(EVERY_DAY, at_most=366, missed=14),
    "cwl.ssq": Drawings(frozenset({TUESDAY, THURSDAY, SUNDAY}), at_most=160, missed=7),
    "sse.000001": Closes(time(15, 0)),
}
"""
Name -> its issues. The lotteries' days are those of their rules of play; the pauses those of the
yearly notices since 2020 (ten days over 春节, four over 国庆), which nobody here has verified yet.
"""


def _day(issue: str) -> date | None:
    if not _DATED.fullmatch(issue):
        return None
    try:
        return date.fromisoformat(issue)
    except ValueError:
        return None
