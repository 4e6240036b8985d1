"""Which days are working days: as published year by year, estimated beyond."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from inspect_server.domain import law

SATURDAY = 5


@dataclass(frozen=True)
class Calendar:
    """
    The State Council's yearly notices (放假安排), and an estimate where none is published.

    Never raises: a deadline that crosses into an unpublished year is counted from weekends and the
    holidays of fixed date, and is marked 暂估 by whoever asks `is_estimated`.

    Law: calendar.fixed_holidays
    """

    published_years: frozenset[int] = frozenset()
    days_off: frozenset[date] = frozenset()  # holidays, weekends included or not
    make_up_days: frozenset[date] = frozenset()  # weekends that are worked (调休)
    _fixed: dict[int, frozenset[date]] = field(default_factory=dict, compare=False, repr=False)

    def is_open(self, day: date) -> bool:
        """Return whether the day is a working day, make-up days included."""
        if day in self.make_up_days:
            return True
        if day in self.days_off or day.weekday() >= SATURDAY:
            return False
        return day.year in self.published_years or day not in self._fixed_of(day.year)

    def is_estimated(self, day: date) -> bool:
        """Return whether the notice for the day's year is not published yet (暂估)."""
        return day.year not in self.published_years

    def working_days(self, first: date, last: date) -> int:
        """Return the number of working days from `first` to `last`, both included."""
        return sum(map(self.is_open, days(first, last)))

    def with_notice(
        self, years: Iterable[int], days_off: Iterable[date], make_up_days: Iterable[date]
    ) -> "Calendar":
        """Return this calendar with newly published years laid over it."""
        new = frozenset(years)
        return Calendar(
            self.published_years | new,
            _outside(self.days_off, new) | frozenset(days_off),
            _outside(self.make_up_days, new) | frozenset(make_up_days),
        )

    def _fixed_of(self, year: int) -> frozenset[date]:
        if year not in self._fixed:
            self._fixed[year] = _fixed_holidays(year)
        return self._fixed[year]


def days(first: date, last: date) -> Iterator[date]:
    """Yield every day from `first` to `last`, both included."""
    for number in range(first.toordinal(), last.toordinal() + 1):
        yield date.fromordinal(number)


def _outside(days: frozenset[date], years: frozenset[int]) -> frozenset[date]:
    return frozenset(day for day in days if day.year not in years)


def _fixed_holidays(year: int) -> frozenset[date]:
    try:
        listed = law.items("calendar.fixed_holidays", date(year, 1, 1))
    except law.NoLawValue:
        return frozenset()  # before the first row only weekends are known
    return frozenset(date.fromisoformat(f"{year:04d}-{month_day}") for month_day in listed)
