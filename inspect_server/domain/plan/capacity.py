"""How many checks the officers can carry."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from inspect_server.domain.calendar import Calendar, days
from inspect_server.domain.plan.rules import PERMILLE, Rules


@dataclass(frozen=True)
class OfficerFacts:
    """One holder of a 执法证, as far as capacity goes; both ends of every span are included."""

    id: str
    cert_valid_from: date
    cert_valid_to: date
    active: bool
    leave: Sequence[tuple[date, date]] = ()


@dataclass(frozen=True)
class Capacity:
    """The arithmetic of what can be carried, every factor kept so that a page can show it."""

    first_day: str  # ISO; the plan's first day or 1 January
    last_day: str
    is_estimated: bool  # 暂估: the year's holidays are not published
    working_days: int
    officers: int  # with a 执法证 valid on at least one of these days
    officer_days: int  # working days within validity, less leave
    share_permille: int
    team_officers: int
    half_days_per_visit: int
    visits: int

    def to_json(self) -> dict[str, Any]:
        """Return plain values."""
        return asdict(self)


def capacity_of(
    first: date, last: date, officers: Iterable[OfficerFacts], calendar: Calendar, rules: Rules
) -> Capacity:
    """
    Return how many checks the officers can do from `first` to `last`.

    Visits = officer days × share ÷ (officers in a team × days per visit), rounded down. Leave is
    what is on record, at least the flat allowance in proportion to the span.

    Law: capacity.share_permille, capacity.leave_working_days, capacity.half_days_per_visit
    Law: team.min_officers
    """
    open_days = frozenset(filter(calendar.is_open, days(first, last)))
    whole_year = calendar.working_days(date(first.year, 1, 1), date(first.year, 12, 31))
    allowance = -(-rules.leave_working_days * len(open_days) // max(whole_year, 1))
    available = [_days_of(officer, open_days, allowance) for officer in officers]
    officer_days = sum(sent for _, sent in available)
    return Capacity(
        first_day=first.isoformat(),
        last_day=last.isoformat(),
        is_estimated=calendar.is_estimated(first),
        working_days=len(open_days),
        officers=sum(is_valid for is_valid, _ in available),
        officer_days=officer_days,
        share_permille=rules.share_permille,
        team_officers=rules.team_officers,
        half_days_per_visit=rules.half_days_per_visit,
        visits=officer_days
        * 2
        * rules.share_permille
        // (PERMILLE * rules.team_officers * rules.half_days_per_visit),
    )


def _days_of(officer: OfficerFacts, open_days: frozenset[date], allowance: int) -> tuple[bool, int]:
    if not officer.active:
        return False, 0
    valid = {day for day in open_days if officer.cert_valid_from <= day <= officer.cert_valid_to}
    away = {day for day in valid if any(begin <= day <= end for begin, end in officer.leave)}
    if not valid:
        return False, 0
    return True, max(0, len(valid) - max(len(away), allowance))
