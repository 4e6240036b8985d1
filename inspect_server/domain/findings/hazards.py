"""Which problems found at an enterprise are still open, how each stands, and until when it has."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from inspect_server.domain.inspection import Finding


class HazardState(StrEnum):
    """How an open hazard stands."""

    NOTED = "noted"  # in a closed record; no order that demands it is in force
    ORDERED = "ordered"  # an order in force demands it


@dataclass(frozen=True)
class ClosedCheck:
    """A check whose record is closed, and the order in force after it."""

    number: str
    follows: str  # number of the check that it rechecked; "" for any other check
    checked_on: str  # ISO date, local
    problems: Mapping[int, Finding]  # to be rectified, by their numbers in an order
    deadlines: Mapping[int, str]  # ISO dates that count now; none where it was to be done at once
    order_no: str = ""  # "" while none is in force


@dataclass(frozen=True)
class OpenHazard:
    """One problem that was to be rectified and that no recheck has looked at since."""

    inspection: str  # number of the check that found it
    found_on: str  # ISO date
    level: str  # general | major
    text: str
    place: str
    basis: str
    measure: str
    state: HazardState
    order_no: str  # "" unless ordered
    deadline: str  # ISO date that counts now; "" where it was to be rectified at once
    is_supervised: bool  # a 重大事故隐患, awaiting 挂牌督办


def open_hazards(checks: Sequence[ClosedCheck]) -> tuple[OpenHazard, ...]:
    """
    Return what is left to rectify, in the order of the checks.

    A closed recheck ends what it followed: what it found still there stands in its own record, and
    is open under its number.
    """
    rechecked = {check.follows for check in checks}
    left = (check for check in checks if check.number not in rechecked)
    return tuple(hazard for check in left for hazard in _of(check))


def _of(check: ClosedCheck) -> Iterator[OpenHazard]:
    for number, finding in check.problems.items():
        yield OpenHazard(
            inspection=check.number,
            found_on=check.checked_on,
            level=finding.level,
            text=finding.text,
            place=finding.place,
            basis=finding.basis,
            measure=finding.measure,
            state=HazardState.ORDERED if check.order_no else HazardState.NOTED,
            order_no=check.order_no,
            deadline=check.deadlines.get(number, ""),
            is_supervised=finding.is_supervised,
        )
