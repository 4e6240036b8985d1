"""Choosing the enterprises: how many from each cell, and which."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import isqrt
from typing import NamedTuple

from inspect_server.domain.draw.hashes.tagged import SIZE, Hash, tag_prefix
from inspect_server.domain.draw.seed import PPM, rounding_offset

Cell = tuple[str, int]
"""A cell's id and its probability in ppm."""


class Selected(NamedTuple):
    """One chosen leaf."""

    cell: str
    commitment: bytes
    ticket: bytes


@dataclass(frozen=True)
class Selection:
    """
    What one seed chooses from one pool.

    Winners are kept as bytes: of a large pool they are many, and most readers want only some part.
    """

    r: int
    cells: tuple[str, ...]  # in the declared order
    winners: tuple[tuple[bytes, ...], ...]  # per cell, ticket ‖ c, ascending

    @property
    def counts(self) -> tuple[int, ...]:
        """How many each cell gives, in the declared order."""
        return tuple(map(len, self.winners))

    @cached_property
    def selected(self) -> tuple[Selected, ...]:
        """All chosen leaves: cells in the declared order, tickets ascending."""
        return tuple(
            Selected(cell, both[SIZE:], both[:SIZE])
            for cell, winners in zip(self.cells, self.winners, strict=True)
            for both in winners
        )


def shares(sizes: Sequence[int], p_ppm: Sequence[int], r: int) -> list[int]:
    """
    Return how many leaves each cell gives: the floor or the ceiling of size × p.

    One offset for all cells (controlled rounding): the running totals are rounded, so the whole
    draw's size is the floor or the ceiling of the whole expectation too.
    """
    if not 0 <= r < PPM:
        raise ValueError("r is out of range")
    counts, total, before = [], 0, 0
    for size, p in zip(sizes, p_ppm, strict=True):
        total += size * p
        upto = (total + r) // PPM
        counts.append(upto - before)
        before = upto
    return counts


def select(
    h: Hash, seed: bytes, cells: Sequence[Cell], leaves: Mapping[str, Sequence[bytes]]
) -> Selection:
    """
    Choose each cell's lowest (ticket, c); ticket = H(H("sjc/ticket/1") ‖ seed ‖ c).

    Args:
        cells: Ids and odds in the declared order.
        leaves: The commitments of each cell, in any order.
    """
    r = rounding_offset(h, seed)
    counts = shares([len(leaves[cell]) for cell, _ in cells], [p for _, p in cells], r)
    prefix = tag_prefix(h, "sjc/ticket/1") + seed
    winners = tuple(
        tuple(_lowest(h, prefix, leaves[cell], count))
        for (cell, _), count in zip(cells, counts, strict=True)
    )
    return Selection(r, tuple(cell for cell, _ in cells), winners)


def _lowest(h: Hash, prefix: bytes, leaves: Sequence[bytes], count: int) -> list[bytes]:
    """Tickets above a bound that few of the lowest can exceed are not even kept."""
    if not count:
        return []
    new, bound = h.new, _bound(count, len(leaves))
    # All tickets are equally long, so ticket ‖ c sorts as (ticket, c) does, at a third of the time.
    low = [ticket + c for c in leaves if (ticket := new(prefix + c).digest()) < bound]
    if len(low) < count:  # nearly never; what is chosen does not depend on the bound
        low = [new(prefix + c).digest() + c for c in leaves]
    low.sort()
    return low[:count]


def _bound(count: int, size: int) -> bytes:
    """Return what `count` of `size` evenly spread tickets stay under, six deviations allowed."""
    likely = count + 6 * isqrt(count) + 6
    if likely >= size:
        return b"\xff" * (SIZE + 1)  # above every ticket
    return ((likely << 8 * SIZE) // size).to_bytes(SIZE, "big")
