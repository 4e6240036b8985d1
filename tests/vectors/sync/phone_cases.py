"""What somebody with two phones may replace, written down by hand."""

from dataclasses import dataclass
from typing import Any

from tests.vectors.sync.hand import D01, FAIL, PASS, Replica, op, pair

THIRD = 3


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
    return [_beside(), _given_up(), _gone_on(), _gone_on_after_the_other()]


def _three() -> tuple[Replica, Replica, Replica]:
    lead, member = pair()
    return lead, member, Replica("second", THIRD, member.user)


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
