"""Playing many evenings from one number, so that any of them can be played again."""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from random import Random
from types import SimpleNamespace
from unittest.mock import patch
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.sync_model.evening import Evening
from tests.sync_model.opening import Opening
from tests.sync_model.script import Turn
from tests.sync_model.servers import Server

STEPS = 12
PROVIDER = "hypothesis.internal.conjecture.providers.HypothesisProvider"
FOUND_IN_MODULES = f"{PROVIDER}._maybe_draw_constant"
"""Draws constants of whatever modules are loaded: other evenings after other tests."""
QUOTA = 3
"""How much of what no key vouches for is kept, so that an evening can reach the end of it."""


def number(default: int) -> int:
    """Return the seed: of the environment's SYNC_SEED when it is set."""
    return int(os.environ.get("SYNC_SEED", default))


def play(
    server: Callable[[], Server],
    *,
    evenings: int,
    number: int,
    steps: int = STEPS,
    every: int = Evening.every,
    shrink: bool = True,
    kind: type[Evening] = Evening,
) -> Counter[str]:
    """
    Play evenings until one breaks an invariant; return what they reached.

    Args:
        server: Makes the server.
        evenings: How many.
        number: The same gives the same evenings: on the reference journal to the last byte signed.
        steps: In one evening, at most.
        every: Steps between two looks at everything.
        shrink: Whether a failing evening is made as short as possible.
        kind: What may happen in an evening.
    """
    print(f"SYNC_SEED={number}")  # noqa: T201
    tally: Counter[str] = Counter()
    how = settings(
        max_examples=evenings,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        report_multiple_bugs=False,
        phases=(Phase.generate, Phase.shrink) if shrink else (Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    with _opened(server, number) as opening:
        fields = {"opening": opening, "tally": tally, "every": every}
        machine = seed(number)(type("EveningFrom", (kind,), fields))
        run_state_machine_as_test(machine, settings=how)
    return tally


def perform(server: Callable[[], Server], evenings: Iterable[Sequence[Turn]]) -> Counter[str]:
    """Play evenings whose turns are given, with a look at everything after each; as `play`."""
    tally: Counter[str] = Counter()
    with _opened(server, 1) as opening:
        fields = {"opening": opening, "tally": tally, "every": 1}
        for number, turns in enumerate(evenings):
            evening = type("EveningFrom", (Evening,), fields)()
            evening.begin(number)
            for name, given in turns:
                getattr(evening, name)(**given)
                evening.all_that_is_stored_follows_from_what_was_signed()
            evening.teardown()
    return tally


@contextmanager
def _opened(server: Callable[[], Server], number: int) -> Iterator[Opening]:
    dice = Random(f"opening {number}")  # an evening of this number draws something else
    with _without_chance(dice):
        opening = Opening(server(), dice)
        try:
            yield opening
        finally:
            opening.close()


@contextmanager
def _without_chance(dice: Random) -> Iterator[None]:
    """Let keys and ids follow from the dice: hashes, and orders by hash, are the same each time."""
    curve = ec.SECP256R1()

    def any_id() -> UUID:
        return UUID(int=dice.getrandbits(128), version=4)

    with ExitStack() as stack:
        for name, thing in {
            "sync.entries.new_key": lambda: ec.derive_private_key(dice.getrandbits(250), curve),
            "sync.ids.secrets": SimpleNamespace(randbits=dice.getrandbits),
            "sync.memory.uuid4": any_id,  # epochs, which receipts and what was lost name
            "tests.sync_server.uuid4": any_id,
            "tests.sync_server.secrets": SimpleNamespace(
                token_bytes=dice.randbytes, token_hex=lambda count: dice.randbytes(count).hex()
            ),
            "sync.memory.UNVERIFIED_QUOTA": QUOTA,
            "inspect_server.store.journal.journal.UNVERIFIED_ROWS": QUOTA,
            FOUND_IN_MODULES: lambda *_, **__: None,
        }.items():
            stack.enter_context(patch(name, thing))
        yield
