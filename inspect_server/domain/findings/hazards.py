"""Which problems found at an enterprise are still open and until when, and which were put right."""

from collections.abc import Collection, Iterator, Mapping, Sequence
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
    corrected: Sequence[Finding] = ()  # put right during the visit
    passed: Collection[str] = ()  # items of its checklists that were found in order


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


class Rectified(StrEnum):
    """How a hazard was put right."""

    ON_SITE = "on_site"  # during the visit that found it
    RECHECKED = "rechecked"  # a recheck found its item in order
    NOT_FOUND_AGAIN = "not_found_again"  # a recheck does not list it; nobody said that it is gone


@dataclass(frozen=True)
class RectifiedHazard:
    """One problem that is not open any more."""

    inspection: str  # number of the check that found it
    found_on: str  # ISO date
    level: str  # general | major
    text: str
    place: str
    basis: str
    order_no: str  # "" unless ordered
    how: Rectified
    rectified_on: str  # ISO date: of the visit, or of the recheck
    recheck: str  # its number, "" on site


def open_hazards(checks: Sequence[ClosedCheck]) -> tuple[OpenHazard, ...]:
    """
    Return what is left to rectify, in the order of the checks.

    A closed recheck ends what it followed: what it found still there stands in its own record, and
    is open under its number.
    """
    rechecked = {check.follows for check in checks}
    left = (check for check in checks if check.number not in rechecked)
    return tuple(hazard for check in left for hazard in _of(check))


def rectified_hazards(checks: Sequence[ClosedCheck]) -> tuple[RectifiedHazard, ...]:
    """
    Return what was put right, the newest first, in the order of the checks on each day.

    What the first recheck found again, by its item or its words, stands in the recheck's own
    record. A recheck says nothing of single problems but by its answers: what it neither passed
    nor listed is told as just that.
    """
    rechecks: dict[str, ClosedCheck] = {}
    for check in sorted(checks, key=lambda one: (one.checked_on, one.number), reverse=True):
        if check.follows:
            rechecks[check.follows] = check  # the earliest stays
    found = [
        hazard
        for check in checks
        for hazard in (*_corrected(check), *_rechecked(check, rechecks.get(check.number)))
    ]
    return tuple(sorted(found, key=lambda one: one.rectified_on, reverse=True))


def _corrected(check: ClosedCheck) -> Iterator[RectifiedHazard]:
    for finding in check.corrected:
        yield _rectified(check, finding, "", Rectified.ON_SITE, check.checked_on, "")


def _rechecked(check: ClosedCheck, recheck: ClosedCheck | None) -> Iterator[RectifiedHazard]:
    if recheck is None:
        return
    listed = [*recheck.problems.values(), *recheck.corrected]
    items = {finding.item for finding in listed} - {""}
    texts = {finding.text.strip() for finding in listed}
    for finding in check.problems.values():
        if finding.item in items or finding.text.strip() in texts:
            continue
        is_passed = finding.item != "" and finding.item in recheck.passed
        how = Rectified.RECHECKED if is_passed else Rectified.NOT_FOUND_AGAIN
        on, number = recheck.checked_on, recheck.number
        yield _rectified(check, finding, check.order_no, how, on, number)


def _rectified(
    check: ClosedCheck, finding: Finding, order_no: str, how: Rectified, on: str, recheck: str
) -> RectifiedHazard:
    return RectifiedHazard(
        inspection=check.number,
        found_on=check.checked_on,
        level=finding.level,
        text=finding.text,
        place=finding.place,
        basis=finding.basis,
        order_no=order_no,
        how=how,
        rectified_on=on,
        recheck=recheck,
    )


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
