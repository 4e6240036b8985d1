"""What somebody with two phones may replace, written down by hand."""

from dataclasses import dataclass
from typing import Any

from tests.vectors.sync.hand import D01, FAIL, PASS, Replica, op, pair

THIRD, DESK = 3, 4
REMEMBERED = 16
"""Of how many gapless stretches docs/sync.md says that what is replaced is remembered."""


@dataclass(frozen=True)
class Case:
    """Who said what of one item: heads as operation -> value in force, and what is gone."""

    name: str
    replicas: tuple[Replica, ...]
    heads: dict[str, Any]
    gone: tuple[str, ...]
    conflict: bool


def second_phone_cases() -> list[Case]:
    """A user's phones speak with one voice; none of them ends a disagreement of another."""
    return [
        _beside(),
        _agreeing_beside(),
        _given_up(),
        _gone_on(),
        _gone_on_after_the_other(),
        _two_at_one_desk(),
        _known_at_the_desk(),
        _stretches(REMEMBERED),
        _stretches(REMEMBERED + 1),
    ]


def _three() -> tuple[Replica, Replica, Replica]:
    lead, member = pair()
    return lead, member, Replica("second", THIRD, member.user)


def _two_and_a_desk() -> tuple[Replica, Replica, Replica]:
    lead, member = pair()
    return lead, member, Replica("desk", DESK, lead.user)


def _set(replica: Replica, ms: int, value: Any, *parents: str) -> str:
    return replica.save(ms, op("answer.set", D01, value, *parents)) + "#0"


def _beside() -> Case:
    lead, member, second = _three()
    failed = _set(lead, 0, FAIL)
    passed = _set(member, 1, PASS)
    again = _set(second, 2, PASS, failed)
    return Case(
        "a second phone overrules nobody while its user's value on the first stands beside",
        (lead, member, second),
        {failed: FAIL, passed: PASS, again: PASS},
        (),
        conflict=True,
    )


def _agreeing_beside() -> Case:
    lead, member, second = _three()
    failed = _set(lead, 0, FAIL)
    agreed = _set(member, 1, FAIL)
    passed = _set(second, 2, PASS, failed)
    return Case(
        "the value of the user's first phone stands beside the one it agrees with, too",
        (lead, member, second),
        {failed: FAIL, agreed: FAIL, passed: PASS},
        (),
        conflict=True,
    )


def _given_up() -> Case:
    lead, member, second = _three()
    failed = _set(lead, 0, FAIL)
    passed = _set(member, 1, PASS)
    yielded = _set(second, 2, FAIL, passed)
    return Case(
        "a second phone gives up what its user said on the first",
        (lead, member, second),
        {failed: FAIL, yielded: FAIL},
        (passed,),
        conflict=False,
    )


def _gone_on() -> Case:
    lead, member, second = _three()
    passed = _set(member, 0, PASS)
    failed = _set(lead, 1, FAIL, passed)
    again = _set(second, 2, PASS, failed)
    return Case(
        "a second phone changes what changed its user's value on the first",
        (lead, member, second),
        {again: PASS},
        (passed, failed),
        conflict=False,
    )


def _gone_on_after_the_other() -> Case:
    lead, member, second = _three()
    failed = _set(lead, 0, FAIL)
    passed = _set(second, 1, PASS, failed)
    again = _set(lead, 2, FAIL, passed)
    last = _set(member, 3, PASS, again)
    return Case(
        "what the first phone says after the second is no other voice",
        (lead, member, second),
        {last: PASS},
        (failed, passed, again),
        conflict=False,
    )


def _at_the_desk(desk: Replica, of: Replica, ms: int, value: Any, *parents: str) -> str:
    desk.user = of.user
    return _set(desk, ms, value, *parents)


def _two_at_one_desk() -> Case:
    lead, member, desk = _two_and_a_desk()
    passed = _at_the_desk(desk, member, 0, PASS)
    failed = _at_the_desk(desk, lead, 1, FAIL)
    again = _at_the_desk(desk, lead, 2, FAIL, passed)
    return Case(
        "two people at one desk are two voices",
        (lead, member, desk),
        {passed: PASS, failed: FAIL, again: FAIL},
        (),
        conflict=True,
    )


def _known_at_the_desk() -> Case:
    lead, member, desk = _two_and_a_desk()
    passed = _set(lead, 0, PASS)
    failed = _set(member, 1, FAIL, passed)
    named = _at_the_desk(desk, lead, 2, PASS, failed)
    last = _at_the_desk(desk, member, 3, FAIL)
    return Case(
        "what somebody named at a desk was known there to whoever came after",
        (lead, member, desk),
        {named: PASS, last: FAIL},
        (passed, failed),
        conflict=True,
    )


def _stretches(count: int) -> Case:
    """The lead's operation replaces every second of the member's, so that each is a stretch."""
    lead, member, second = _three()
    entry = member.save(0, *(op("answer.set", D01, PASS) for _ in range(2 * count)))
    said = [f"{entry}#{index}" for index in range(2 * count)]
    every_second, rest = said[1::2], said[0::2]
    passed = _set(lead, 1, PASS, *every_second)
    failed = _set(second, 2, FAIL, passed, *rest)
    all_known = count <= REMEMBERED
    beside = {} if all_known else {passed: PASS}
    return Case(
        f"of what is replaced {count} stretches are {'all' if all_known else 'not all'} remembered",
        (lead, member, second),
        {**beside, failed: FAIL},
        (*said, passed) if all_known else tuple(said),
        conflict=not all_known,
    )
