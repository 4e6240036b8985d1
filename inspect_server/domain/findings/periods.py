"""Until when a problem is to be rectified, as a checklist suggests it."""

from dataclasses import dataclass
from datetime import date

from inspect_server.domain.deadlines import NotADuration, last_natural_day
from inspect_server.domain.law import Book


@dataclass(frozen=True)
class Period:
    """
    A suggested period to rectify.

    `law` is the dated row that gave its length (id@from), "" where the checklist says the days
    itself; `is_verified` is false where nobody compared that row with its source.
    """

    last_day: date
    natural_days: int
    law: str
    is_verified: bool


def suggested_period(rectify: int | str, visited_on: date, book: Book) -> Period:
    """
    Return the period that a checklist's item suggests for a problem found on a day.

    Args:
        rectify: Natural days, or the id of a dated law value in natural days.
        visited_on: Local day of the visit; not counted.
        book: The dated values, of which the row in force on that day counts.

    Raises:
        NotADuration: The value is not in natural days.
        NoLawValue: The id is unknown, or its first row begins later.
        NotPositive: There are no days.

    Law: deadline.rectification_default_days
    """
    if isinstance(rectify, int):
        return Period(last_natural_day(visited_on, rectify), rectify, "", is_verified=True)
    entry = book.entry(rectify, visited_on)
    if entry.unit != "natural_days" or not isinstance(entry.value, int):
        raise NotADuration(id=entry.id)
    last = last_natural_day(visited_on, entry.value)
    return Period(last, entry.value, entry.ref, is_verified=entry.verified)
