"""What evenings reached: a suite that never comes to a fork says nothing about forks."""

from collections import Counter

from sync.protocol import PushResult

EVERY_RUN_OF = 250
LEAST = {
    "applied": 800,
    "applied:fork": 15,
    "conflict": 100,
    "conflict:fork": 20,
    "held": 40,
    "quarantined:not_assigned": 30,
    "quarantined:reassigned": 80,
    "quarantined:closed": 10,
    "quarantined:revoked": 20,
    "quarantined:wrong_user": 10,
    "quarantined:not_lead": 2,
    "quarantined:unknown_form": 10,
    "quarantined:schema": 40,
    "quarantined:unverified": 15,
    "quarantined:declined": 2,
    "flag:accepted": 15,
    "flag:declined": 15,
    "flag:fork": 80,
    "flag:future_clock": 20,
    "flag:gap": 50,
    "stored:new": 500,
    "stored:duplicate": 150,
    "stored:fork": 25,
    "stored:unverified": 15,
    "stored:refused": 6,
    "restored without an entry": 40,
    "restored without a replica": 15,
    "claimed later": 2,
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


def never_reached(tally: Counter[str]) -> list[str]:
    """Return what did not come at all."""
    return [name for name in LEAST if not tally[name]]
