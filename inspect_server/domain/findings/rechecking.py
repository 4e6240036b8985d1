"""What a recheck (整改复查) says of each problem of an earlier check: its results, one by one."""

from collections.abc import Mapping
from dataclasses import dataclass

RECTIFIED, PARTLY, NOT_RECTIFIED, NOT_CHECKED = (
    "rectified",
    "partly",
    "not_rectified",
    "not_checked",
)
RECHECK_NAMES: Mapping[str, str] = {
    RECTIFIED: "已整改",
    PARTLY: "部分整改",
    NOT_RECTIFIED: "未整改",
    NOT_CHECKED: "未复查",
}
"""What phones say of a problem, by the result in `recheck.set`."""


@dataclass(frozen=True)
class EarlierProblem:
    """A problem that an earlier check found, as the recheck is told of it."""

    inspection_id: str
    inspection: str  # number of the check that found it
    found_on: str  # ISO date
    number: int  # in the order of that check, from 1
    level: str  # general | major
    text: str
    place: str
    basis: str
    order_no: str  # "" while no order in force demands it
    ordered_on: str  # ISO date of that order, "" without
    deadline: str  # ISO date that counts now, "" where it was to be rectified at once

    @property
    def item(self) -> str:
        """The item under which phones say how it stands."""
        return recheck_item(self.inspection_id, self.number)


@dataclass(frozen=True)
class Rechecked:
    """How one problem of an earlier check stands, as settled after the merge."""

    problem: EarlierProblem
    result: str  # a key of RECHECK_NAMES
    note: str
    photos: tuple[str, ...]  # SHA-256 of each, among those of the record
    answered_by: tuple[str, ...]  # officer ids, two when they corroborate each other

    @property
    def is_left(self) -> bool:
        """Whether the problem stays open: it was not found rectified as a whole."""
        return self.result != RECTIFIED

    def is_overdue(self, on: str) -> bool:
        """Whether its day was over `on` a day (ISO date), and it was not rectified (逾期未整改)."""
        is_over = not self.problem.deadline or self.problem.deadline < on
        return is_over and self.result in (PARTLY, NOT_RECTIFIED)


def recheck_item(inspection_id: str, number: int) -> str:
    """Return the item of one problem: the check that found it, and its number in the order."""
    return f"recheck/{inspection_id}/{number}"
