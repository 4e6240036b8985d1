"""Which problems found at an enterprise are still open and until when, and which were put right."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from inspect_server.domain.findings.rechecking import (
    NOT_CHECKED,
    RECTIFIED,
    EarlierProblem,
    Rechecked,
    recheck_item,
)
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
    id: str = ""
    ordered_on: str = ""  # ISO date of the order in force, "" while none is
    rechecked: Sequence[Rechecked] = ()  # what it says of the problems of earlier checks

    @property
    def ends_all(self) -> bool:
        """
        Whether it ended the check that it followed without a word of single problems.

        So did every recheck before phones asked for results: such a record has none. One that was
        closed since says how each problem stands that was open then.
        """
        return bool(self.follows) and not self.rechecked


@dataclass(frozen=True)
class OpenHazard:
    """One problem that was to be rectified, and of which no recheck says that it was."""

    inspection: str  # number of the check that found it
    inspection_id: str
    number: int  # in the order, from 1
    found_on: str  # ISO date
    photos: Sequence[str]  # SHA-256 of those taken then
    rechecks: Sequence[str]  # numbers of the rechecks that say something of it, the earliest first
    result: str  # what the last of them says that looked at it, "" while there is none
    rechecked_on: str  # ISO date of that one, else ""
    level: str  # general | major
    text: str
    place: str
    basis: str
    measure: str
    state: HazardState
    order_no: str  # "" unless ordered
    ordered_on: str  # ISO date of the order in force, "" while none is
    deadline: str  # ISO date that counts now; "" where it was to be rectified at once
    is_supervised: bool  # a 重大事故隐患, awaiting 挂牌督办
    further_measures: tuple[str, ...] = ()  # what was ordered beside `measure`


class Rectified(StrEnum):
    """How a hazard was put right."""

    ON_SITE = "on_site"  # during the visit that found it
    RECHECKED = "rechecked"  # a recheck says so, or one without results found its item in order
    NOT_FOUND_AGAIN = "not_found_again"  # a recheck does not list it; nobody said that it is gone


@dataclass(frozen=True)
class RectifiedHazard:
    """One problem that is not open any more."""

    inspection: str  # number of the check that found it
    inspection_id: str
    number: int  # in the order, from 1; 0 on site
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

    A closed recheck ends exactly what it says is rectified. What it found unrectified, in part or
    as a whole, and what it did not look at stays open under the order that demanded it. A recheck
    without any results ended all that it followed (`ClosedCheck.ends_all`); what it found again
    stands in its own record, and is open under its number.
    """
    return tuple(hazard for check in checks for hazard in _of(check, checks))


def rectified_hazards(checks: Sequence[ClosedCheck]) -> tuple[RectifiedHazard, ...]:
    """
    Return what was put right, the newest first, in the order of the checks on each day.

    What a recheck without results found again, by its item or its words, stands in that recheck's
    own record. It says nothing of single problems but by its answers: what it neither passed nor
    listed is told as just that.
    """
    found = [
        hazard
        for check in checks
        for hazard in (*_corrected(check), *_rectified_since(check, checks))
    ]
    return tuple(sorted(found, key=lambda one: one.rectified_on, reverse=True))


def to_recheck(checks: Sequence[ClosedCheck], follows: str) -> tuple[EarlierProblem, ...]:
    """
    Return the problems of which a recheck has to say how they stand, in the order of the papers.

    Args:
        checks: Those of the enterprise that are closed.
        follows: Number of the check that is rechecked, "" of any other check. Where that was a
            recheck, what it left open of a check before it is to be looked at, too.
    """
    left = [one for one in open_hazards(checks) if follows in (one.inspection, *one.rechecks)]
    return tuple(
        EarlierProblem(
            inspection_id=one.inspection_id,
            inspection=one.inspection,
            found_on=one.found_on,
            number=one.number,
            level=one.level,
            text=one.text,
            place=one.place,
            basis=one.basis,
            order_no=one.order_no,
            ordered_on=one.ordered_on,
            deadline=one.deadline,
        )
        for one in sorted(left, key=lambda one: (one.found_on, one.inspection, one.number))
    )


@dataclass(frozen=True)
class _Word:
    """What one recheck says of one problem."""

    recheck: ClosedCheck
    result: str  # "" of a recheck without results, which ends what it follows

    @property
    def ends(self) -> bool:
        return self.result in ("", RECTIFIED)


def _words(check: ClosedCheck, number: int, checks: Sequence[ClosedCheck]) -> list[_Word]:
    """Return what rechecks say of a problem, the earliest first."""
    item = recheck_item(check.id, number)
    return [
        _Word(recheck, result)
        for recheck in sorted(checks, key=lambda one: (one.checked_on, one.number))
        for result in _said(recheck, check, item)
    ]


def _said(recheck: ClosedCheck, check: ClosedCheck, item: str) -> Iterator[str]:
    if recheck.ends_all and recheck.follows == check.number:
        yield ""
    yield from (one.result for one in recheck.rechecked if one.problem.item == item)


def _deciding(words: Sequence[_Word]) -> _Word | None:
    """Return the word that counts: the last of who looked. A recheck without results ended it."""
    whole = next((one for one in words if not one.result), None)
    looked = [one for one in words if one.result != NOT_CHECKED]
    return whole or next(reversed(looked), None)


def _corrected(check: ClosedCheck) -> Iterator[RectifiedHazard]:
    for finding in check.corrected:
        yield _rectified(check, finding, 0, Rectified.ON_SITE, check)


def _rectified_since(
    check: ClosedCheck, checks: Sequence[ClosedCheck]
) -> Iterator[RectifiedHazard]:
    for number, finding in check.problems.items():
        word = _deciding(_words(check, number, checks))
        if word is None or not word.ends:
            continue
        how = Rectified.RECHECKED if word.result else _unsaid(finding, word.recheck)
        if how is not None:
            yield _rectified(check, finding, number, how, word.recheck)


def _unsaid(finding: Finding, recheck: ClosedCheck) -> Rectified | None:
    """Return how a recheck without results ended a problem; None if it found it again."""
    listed = [*recheck.problems.values(), *recheck.corrected]
    items = {one.item for one in listed} - {""}
    if finding.item in items or finding.text.strip() in {one.text.strip() for one in listed}:
        return None
    is_passed = finding.item != "" and finding.item in recheck.passed
    return Rectified.RECHECKED if is_passed else Rectified.NOT_FOUND_AGAIN


def _rectified(
    check: ClosedCheck, finding: Finding, number: int, how: Rectified, found_by: ClosedCheck
) -> RectifiedHazard:
    is_on_site = how is Rectified.ON_SITE
    return RectifiedHazard(
        inspection=check.number,
        inspection_id=check.id,
        number=number,
        found_on=check.checked_on,
        level=finding.level,
        text=finding.text,
        place=finding.place,
        basis=finding.basis,
        order_no="" if is_on_site else check.order_no,
        how=how,
        rectified_on=found_by.checked_on,
        recheck="" if is_on_site else found_by.number,
    )


def _of(check: ClosedCheck, checks: Sequence[ClosedCheck]) -> Iterator[OpenHazard]:
    for number, finding in check.problems.items():
        words = _words(check, number, checks)
        last = _deciding(words)
        if last is not None and last.ends:
            continue
        told = last or next(reversed(words), None)
        yield OpenHazard(
            inspection=check.number,
            inspection_id=check.id,
            number=number,
            found_on=check.checked_on,
            photos=[photo.sha256 for photo in finding.photos],
            rechecks=[word.recheck.number for word in words],
            result=told.result if told else "",
            rechecked_on=told.recheck.checked_on if told else "",
            level=finding.level,
            text=finding.text,
            place=finding.place,
            basis=finding.basis,
            measure=finding.measure,
            state=HazardState.ORDERED if check.order_no else HazardState.NOTED,
            order_no=check.order_no,
            ordered_on=check.ordered_on,
            deadline=check.deadlines.get(number, ""),
            is_supervised=finding.is_supervised,
            further_measures=finding.further_measures,
        )
