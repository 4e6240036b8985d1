"""
The issues of the public values: how each is written, and from when its value may be known.

A draw may only name an issue whose value nobody can know at the commit. The day of a close stands
in its issue. A lottery numbers its issues through the year, one on each of its days, but for the
days on which the market is closed by a published notice. Number N is thus never drawn before the
N-th of those days, and from then on it may be known. A closure of which no notice is on file is
not counted: it can only make an issue look known that is still to come, never the other way.

Nor does a reveal take a value before it can exist. Here no closure counts at all, not even one of
which a notice is on file: whatever the market did, what was really drawn is never refused.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from functools import cache
from typing import Protocol

from inspect_server.domain import law

CHINA = timezone(timedelta(hours=8))
"""The clock by which exchange and lotteries go, wherever the server stands."""
Spans = tuple[tuple[date, date], ...]
"""First and last days."""
MONDAY, TUESDAY, THURSDAY, SATURDAY, SUNDAY = 0, 1, 3, 5, 6


class Issues(Protocol):
    """How a publication names its issues."""

    @property
    def how(self) -> str:
        """How an issue is written, in words."""

    def fits(self, issue: str) -> bool:
        """Whether there can be an issue of this name."""

    def known_from(self, issue: str) -> datetime:
        """Return the moment from which the value of an issue that fits may be known."""

    def earliest(self, issue: str) -> datetime:
        """Return the moment before which no value of an issue that fits can have existed."""

    def next_after(self, at: datetime) -> str:
        """Return the first issue whose value cannot exist yet."""


@dataclass(frozen=True)
class Closes:
    """One value at the end of each trading day, named by the day: 2026-03-04."""

    at: time
    how: str = "交易日，如 2026-03-04（周六、周日不开市）"

    def fits(self, issue: str) -> bool:
        """Whether it is a day of the calendar from Monday to Friday."""
        day = _day(issue)
        return day is not None and day.weekday() < SATURDAY

    def known_from(self, issue: str) -> datetime:
        """Return the close of the day."""
        return datetime.combine(date.fromisoformat(issue), self.at, CHINA)

    def earliest(self, issue: str) -> datetime:
        """Return the same: nothing moves the close of a day."""
        return self.known_from(issue)

    def next_after(self, at: datetime) -> str:
        """Return the day of the next close; a holiday has none, so look at the calendar too."""
        day = at.astimezone(CHINA).date()
        while not self.fits(day.isoformat()) or at >= self.known_from(day.isoformat()):
            day += timedelta(1)
        return day.isoformat()


@dataclass(frozen=True)
class Drawings:
    """
    Issues numbered through the year: 2026060 is the sixtieth of 2026.

    Attributes:
        weekdays: On which one is drawn, Monday is 0.
        at_most: How many a year can have.
        drawn_from: No drawing of a day is earlier than this.

    Law: draw.lottery_closed
    """

    weekdays: frozenset[int]
    at_most: int
    drawn_from: time
    how: str = "年份四位和期号三位，如 2026060"

    def fits(self, issue: str) -> bool:
        """Whether the year can have an issue of that number."""
        return bool(_NUMBERED.fullmatch(issue)) and 1 <= int(issue[4:]) <= self.at_most

    def known_from(self, issue: str) -> datetime:
        """Return the evening of the N-th day of drawing on which the market is open."""
        return self._evening(issue, _closures(int(issue[:4])))

    def earliest(self, issue: str) -> datetime:
        """Return the evening of the N-th day of drawing, as if the market never closed."""
        return self._evening(issue, ())

    def next_after(self, at: datetime) -> str:
        """Return the number after the last that can have been drawn, in this year or the next."""
        local = at.astimezone(CHINA)
        number = self._drawn(local) + 1
        if number > self._drawn(datetime.combine(date(local.year, 12, 31), time.max, CHINA)):
            return f"{local.year + 1}001"
        return f"{local.year}{number:03d}"

    def _evening(self, issue: str, closed: Spans) -> datetime:
        """
        Return the evening of the N-th day of drawing outside of the closures.

        A number that the year has no day for cannot be drawn in it: not before the next year.
        """
        year, number = int(issue[:4]), int(issue[4:])
        days = _days(self.weekdays, year, closed)
        if number > len(days):
            return datetime(year + 1, 1, 1, tzinfo=CHINA)
        return datetime.combine(days[number - 1], self.drawn_from, CHINA)

    def _drawn(self, local: datetime) -> int:
        """Return how many of the year can have been drawn at a moment in China."""
        today = local.date()
        until = today if local.time() >= self.drawn_from else today - timedelta(1)
        return sum(day <= until for day in _days(self.weekdays, local.year, _closures(local.year)))


@cache
def _days(weekdays: frozenset[int], year: int, closed: Spans) -> tuple[date, ...]:
    """Return the days of drawing of a year outside of the closures."""
    whole = (date(year, 1, 1) + timedelta(n) for n in range(366))
    return tuple(
        day
        for day in whole
        if day.year == year
        and day.weekday() in weekdays
        and not any(first <= day <= last for first, last in closed)
    )


@cache
def _closures(year: int) -> Spans:
    """Return the closures of the market that a notice on file declares for a year."""
    spans = (one.split("/") for one in law.items("draw.lottery_closed", date(year, 1, 1)))
    return tuple((date.fromisoformat(first), date.fromisoformat(last)) for first, last in spans)


_NUMBERED = re.compile(r"20[0-9]{5}")
_DATED = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}")
EVERY_DAY = frozenset(range(7))

BEFORE_ANY_DRAWING = time(21, 0)
"""Both lotteries are drawn after a quarter past nine in the evening."""

ISSUES: Mapping[str, Issues] = {
    "cwl.kl8": Drawings(EVERY_DAY, 366, BEFORE_ANY_DRAWING),
    "cwl.ssq": Drawings(frozenset({TUESDAY, THURSDAY, SUNDAY}), 160, BEFORE_ANY_DRAWING),
    "sse.000001": Closes(time(15, 0)),
}
"""Name -> its issues. The lotteries' days are those of their rules of play."""


def _day(issue: str) -> date | None:
    if not _DATED.fullmatch(issue):
        return None
    try:
        return date.fromisoformat(issue)
    except ValueError:
        return None
