"""The check of one case, or of the whole record."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from inspect_server.domain.record import BROKEN
from inspect_server.reads.record_checks import (
    cases,
    demands,
    law,
    published,
    rows,
    sealed,
    totals,
)
from inspect_server.reads.record_checks.events import EVENTS
from inspect_server.reads.record_checks.replay import Event, Facts, replay

PUBLISHED = "disclosure"
"""The case of everything that was published."""
WHOLE = "全库"
"""What faults that belong to no case are listed under."""


@dataclass(frozen=True)
class CaseCheck:
    """One case after recomputing: how many events, and what is wrong."""

    case: str
    events: int
    faults: tuple[str, ...]


def count_cases(session: Session) -> int:
    """Return how many cases the record has."""
    return len(cases.names(session))


def not_checked(session: Session) -> list[str]:
    """Return what stands in the record as an earlier version wrote it, without what is compared."""
    return published.not_checked(cases.load(session, PUBLISHED).events)


def check_cases(
    session: Session, case: str = "", advance: Callable[[int], None] = lambda _: None
) -> tuple[CaseCheck, ...]:
    """
    Recompute every case, or one, and compare the rows with what its events leave behind.

    Faults that belong to no case come last, under `WHOLE`; only a check of every case finds them.
    Whatever is stored, garbage included, the answer is a list of faults.

    Args:
        session: Reading.
        case: Only this one, when given.
        advance: Called with 1 after each case.
    """
    found = _Faults()
    facts = Facts()
    loaded: list[cases.Case] = []
    for name in [one for one in cases.names(session) if not case or one == case]:
        one = cases.load(session, name)
        found.add(name, one.faults)
        _replayed(found, facts, one)
        found.guarded(name, partial(sealed.faults, session, one.events))
        loaded.append(one)
        advance(1)
    found.guarded(case or WHOLE, lambda: rows.compare(session, facts, whole=not case))
    if not case:
        by = _by_type(loaded)
        found.guarded(WHOLE, lambda: demands.unmet(session, by))
        found.guarded(WHOLE, lambda: law.faults(by))
        public = [event for one in loaded if one.name == PUBLISHED for event in one.events]
        found.guarded(WHOLE, lambda: published.faults(session, public))
        found.guarded(WHOLE, lambda: totals.faults(session))
    checks = [CaseCheck(one.name, one.count, found.of(one.name)) for one in loaded]
    if left := found.of(WHOLE):
        checks.append(CaseCheck(WHOLE, 0, left))
    return tuple(checks)


def _replayed(found: "_Faults", facts: Facts, one: cases.Case) -> None:
    for event in one.events:
        try:
            replay(facts, iter([event]), EVENTS)
        except BROKEN:
            found.add(one.name, [f"第 {event.seq} 条：内容不全"])


def _by_type(loaded: Sequence[cases.Case]) -> dict[str, list[Event]]:
    by: dict[str, list[Event]] = defaultdict(list)
    for event in chain.from_iterable(one.events for one in loaded):
        by[event.type].append(event)
    return dict(by)


class _Faults:
    """Faults by case, in the order in which they were found."""

    def __init__(self) -> None:
        self._by_case: dict[str, list[str]] = defaultdict(list)

    def of(self, case: str) -> tuple[str, ...]:
        return tuple(self._by_case.get(case, ()))

    def add(self, case: str, faults: Iterable[str]) -> None:
        self._by_case[case or WHOLE] += faults

    def guarded(self, case: str, check: Callable[[], Iterable[str | rows.Found]]) -> None:
        """Run one check; what it cannot read is a fault, and keeps no other check from running."""
        try:
            for fault in check():
                where, text = (case, fault) if isinstance(fault, str) else fault
                self.add(where, [text])
        except (*BROKEN, DBAPIError) as error:
            self.add(case, [f"数据不可读，核验未能完成（{type(error).__name__}）"])
