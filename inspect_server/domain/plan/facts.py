"""What a plan needs to know of one enterprise."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class EnterpriseFacts:
    """
    One enterprise as the plan and the draw see it on one day.

    `checks_this_year` counts what counts toward the annual cap; `last_checked_on` is the last
    check of any year that was one of the plan's (`domain.assignment.PLANNED_SOURCES`).
    `is_under_way`: drawn already, or in another check of the plan, and not closed yet.
    `recusal`: why the bureau as a whole may not check it (本机关回避), "" when it may.
    """

    id: str
    uscc: str
    division: str | None  # GB/T 2260 code
    sectors: Sequence[str]  # values of domain.enums.Sector
    risk: str
    credit: str
    standardisation: str
    is_key: bool
    status: str
    checks_this_year: int = 0
    last_checked_on: date | None = None
    is_under_way: bool = False
    recusal: str = ""


def level_of(division: str | None) -> str:
    """
    Return the GB/T 2260 level of a division code: province, city, county, or unlocated.

    A longer code (乡镇、街道) belongs to the county of its first six digits.
    """
    if division is None or len(division) < 6:
        return "unlocated"
    if division[2:6] == "0000":
        return "province"
    return "city" if division[4:6] == "00" else "county"
