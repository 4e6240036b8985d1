"""What evenings reached: a suite that never comes to a fork says nothing about forks."""

from collections import Counter

from sync.protocol import PushResult

EVERY_RUN_OF = 250
"""Evenings."""
FIRST = 20260302
"""The number that they are made from."""
LEAST = {
    "applied": 1300,
    "applied:fork": 30,
    "conflict": 180,
    "conflict:fork": 35,
    "held": 65,
    "quarantined:not_assigned": 28,
    "quarantined:reassigned": 150,
    "quarantined:closed": 30,
    "quarantined:revoked": 27,
    "quarantined:wrong_user": 65,
    "quarantined:not_lead": 3,
    "quarantined:unknown_form": 50,
    "quarantined:schema": 65,
    "quarantined:unverified": 23,
    "quarantined:declined": 2,
    "flag:accepted": 30,
    "flag:declined": 40,
    "flag:fork": 85,
    "flag:future_clock": 20,
    "flag:gap": 75,
    "stored:new": 800,
    "stored:duplicate": 350,
    "stored:fork": 24,
    "stored:unverified": 12,
    "stored:refused": 11,
    "restored without an entry": 65,
    "restored without a replica": 30,
    "claimed later": 6,
}
"""How often each comes at least in 250 evenings: half as often as in the part with the fewest."""


def names_of(effect: str, reason: str, flags: list[str] | tuple[str, ...]) -> list[str]:
    """Return what a verdict counts as."""
    return [f"{effect}:{reason}" if reason else effect, *(f"flag:{flag}" for flag in flags)]


def count_result(tally: Counter[str], result: PushResult) -> None:
    """Count what a phone was told of an entry."""
    tally.update([f"stored:{result.stored}"])
    tally.update(names_of(result.effect, result.reason, result.flags))


def unreached(tally: Counter[str], runs: int) -> dict[str, tuple[int, int]]:
    """Return what came too rarely in so many evenings: how often, and how often it had to."""
    wanted = {name: least * runs // EVERY_RUN_OF for name, least in LEAST.items()}
    return {name: (tally[name], least) for name, least in wanted.items() if tally[name] < least}


def never_reached(tally: Counter[str]) -> list[str]:
    """Return what did not come at all."""
    return [name for name in LEAST if not tally[name]]
