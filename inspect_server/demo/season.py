"""
When the season of the demo happens: the spring of 2026, whatever today is.

A check window must not cross a year's end, officers' certificates and public holidays have dates,
so the demo's clocks are shifted. Nothing but the clocks is: every command and the server run as
they always do.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
YEAR = 2026
VISIT_FROM, VISIT_TO = date(2026, 3, 9), date(2026, 3, 31)
VISIT_DAYS = (date(2026, 3, 9), date(2026, 3, 10), date(2026, 3, 11))
SECOND_DAY = date(2026, 3, 12)


def _at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(YEAR, month, day, hour, minute, tzinfo=ZONE)


SET_UP = _at(3, 3, 9)
PLANNED = _at(3, 3, 14)
COMMITTED = _at(3, 4, 9)
REVEALED = _at(3, 5, 9)
DISPATCHED = _at(3, 6, 9)
REASSIGNED = _at(3, 11, 12)
FIRST_SYNC = _at(3, 11, 17, 30)
SECOND_SYNC = _at(3, 12, 17, 30)
CLOSED = _at(3, 13, 9)
ISSUED = _at(3, 13, 14)


@dataclass(frozen=True)
class ShiftedClock:
    """The machine's clock, moved by a constant."""

    shift: timedelta

    def now(self) -> datetime:
        """Return the present moment of the season, in UTC."""
        return datetime.now(UTC) + self.shift


def shift_to(moment: datetime) -> timedelta:
    """Return by how much clocks must be moved for now to be `moment`."""
    return moment - datetime.now(UTC)
