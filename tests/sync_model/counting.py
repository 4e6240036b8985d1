"""What evenings reached: a suite that never comes to a fork says nothing about forks."""

from collections import Counter

from sync.protocol import PushResult

EVERY_RUN_OF = 250
LEAST = {
    "applied": 800,
    "applied:fork": 20,
    "conflict": 150,
    "conflict:fork": 20,
    "held": 30,
    "quarantined:not_assigned": 60,
    "quarantined:reassigned": 80,
    "quarantined:closed": 60,
    "quarantined:revoked": 40,
    "quarantined:wrong_user": 30,
    "quarantined:not_lead": 8,
    "quarantined:unknown_form": 20,
    "quarantined:schema": 60,
    "quarantined:unverified": 15,
    "flag:accepted": 8,
    "flag:declined": 5,
    "flag:fork": 100,
    "flag:future_clock": 60,
    "stored:new": 600,
    "stored:duplicate": 150,
    "stored:fork": 40,
    "stored:unverified": 15,
    "stored:refused": 3,
    "restored without an entry": 60,
    "restored without a replica": 30,
    "claimed later": 5,
}
"""How often each effect, reason, flag and turn comes at least, in 250 evenings."""


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
