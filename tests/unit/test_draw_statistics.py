"""
Over many seeds everybody is drawn as often as published, and equals are treated alike.

The seeds are fixed, so a test gives the same answer every time. At 4.5 deviations a right draw
would fail about one in 150,000 such comparisons; here are some hundreds.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from math import sqrt

import pytest

from inspect_server.domain.draw import selection, teams
from inspect_server.domain.draw.hashes.tagged import suite

H = suite("sha256")
PPM = 1_000_000
LIMIT = 4.5
FEW = 4_000
MANY = 60_000
CELLS = [
    ("rare", 1_000, 15),
    ("never", 0, 4),
    ("common", 50_000, 17),
    ("alone", 333_333, 1),
    ("risky", 300_000, 11),
    ("always", PPM, 3),
    ("nobody", 500_000, 0),
    ("nearly", 910_000, 7),
]
seeds = pytest.mark.parametrize("runs", [FEW, pytest.param(MANY, marks=pytest.mark.long)])


def seeds_of(runs: int) -> Iterator[bytes]:
    return (H(n.to_bytes(4, "big")) for n in range(runs))


def deviation(hits: int, odds: Sequence[float]) -> float:
    """How many standard deviations lie between the hits and independent trials of these odds."""
    spread = sqrt(sum(p * (1 - p) for p in odds))
    return 0.0 if spread == 0 == hits - sum(odds) else (hits - sum(odds)) / spread


@seeds
def test_each_enterprise_is_drawn_as_often_as_published(runs: int) -> None:
    odds = [(cell, p) for cell, p, _ in CELLS]
    leaves = {cell: [H(f"{cell}/{n}".encode()) for n in range(size)] for cell, _, size in CELLS}
    hits = Counter[bytes]()
    whole = sum(p * size for _, p, size in CELLS)
    for seed in seeds_of(runs):
        found = selection.select(H, seed, odds, leaves)
        for (_, p, size), count in zip(CELLS, found.counts, strict=True):
            assert size * p // PPM <= count <= -(-size * p // PPM)
        assert whole // PPM <= sum(found.counts) <= -(-whole // PPM)
        hits.update(one.commitment for one in found.selected)

    for cell, p, _ in CELLS:
        for leaf in leaves[cell]:
            if p in (0, PPM):
                assert hits[leaf] == runs * p // PPM
            else:
                assert abs(deviation(hits[leaf], [p / PPM] * runs)) < LIMIT


def drawn_by_tickets(seed: bytes, leaves: Sequence[bytes], count: int) -> set[bytes]:
    found = selection.select(H, seed, [("A", count * PPM // len(leaves))], {"A": leaves})
    return {one.commitment for one in found.selected}


def drawn_by_stride(seed: bytes, leaves: Sequence[bytes], count: int) -> set[bytes]:
    """One random offset and a fixed stride, as systems do that ask to be believed."""
    stride = len(leaves) // count
    return set(leaves[seed[0] % stride :: stride])


def worst_pair(draw: Callable[..., set[bytes]], runs: int) -> float:
    """The greatest deviation among all pairs of twelve leaves, of which three are drawn."""
    leaves = [H(bytes([n])) for n in range(12)]
    pairs = Counter[tuple[bytes, bytes]]()
    for seed in seeds_of(runs):
        chosen = draw(seed, leaves, 3)
        assert len(chosen) == 3
        pairs.update(combinations(sorted(chosen), 2))
    together = 3 * 2 / (12 * 11)
    every = combinations(sorted(leaves), 2)
    return max(abs(deviation(pairs[pair], [together] * runs)) for pair in every)


@seeds
def test_any_two_enterprises_are_drawn_together_as_often_as_any_other_two(runs: int) -> None:
    assert worst_pair(drawn_by_tickets, runs) < LIMIT
    assert worst_pair(drawn_by_stride, FEW) > 10 * LIMIT  # right odds for each, three outcomes


@seeds
def test_equal_officers_and_equal_tasks_are_exchangeable(runs: int) -> None:
    """
    Two kinds of officers: five equal leads, and three who carry more and may only be members.

    Whoever is equal has every place of every task, and every colleague, equally often.
    """
    asked = teams.Problem(
        dept="应急",
        tasks=tuple(H(b"task%d" % n) for n in range(3)),
        stages=(teams.Stage("lead/0", "lead"), teams.Stage("member/0", "member")),
        officers=tuple(H(b"officer%d" % n) for n in range(8)),
        loads=(0,) * 5 + (1,) * 3,
        eligible={"lead": (0b11111,) * 3, "member": (0b11111111,) * 3},
        banned=(0,) * 8,
    )
    kind = [0] * 5 + [1] * 3
    places, colleagues = Counter[tuple[int, int, int]](), Counter[tuple[int, int]]()
    for seed in seeds_of(runs):
        found = teams.draw_teams(H, seed, asked)
        assert found is not None
        assert max(found.load) == 2  # three places of three leads, two idle leads, one place more
        for task, team in enumerate(found.teams):
            places.update((stage, task, officer) for stage, officer in enumerate(team))
            colleagues[tuple(sorted(team))] += 1

    for stage in range(2):
        for of_kind in range(2):
            equal = [
                places[stage, task, o] for task in range(3) for o in range(8) if kind[o] == of_kind
            ]
            assert worst_of(equal, runs) < LIMIT
    for kinds in ((0, 0), (0, 1)):
        two = [
            pair for pair in combinations(range(8), 2) if (kind[pair[0]], kind[pair[1]]) == kinds
        ]
        assert worst_of([colleagues[pair] for pair in two], 3 * runs) < LIMIT
    assert not any(colleagues[pair] for pair in combinations(range(5, 8), 2))


def worst_of(counts: Sequence[int], trials: int) -> float:
    """The greatest deviation of any count from their mean, each count a number out of `trials`."""
    mean = sum(counts) / len(counts)
    spread = sqrt(mean * (1 - mean / trials)) or 1.0
    return max(abs(count - mean) / spread for count in counts)
