"""Choosing the enterprises: how many from each cell, and which."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isqrt

from inspect_server.domain.draw.hashes.tagged import SIZE, Hash, tag_prefix
from inspect_server.domain.draw.seed import PPM, rounding_offset

Cell = tuple[str, int]
"""A cell's id and its probability in ppm."""


@dataclass(frozen=True, slots=True)
class Selected:
    """One chosen leaf."""

    cell: str
    commitment: bytes
    ticket: bytes


@dataclass(frozen=True)
class Selection:
    """What one seed chooses from one pool."""

    r: int
    counts: tuple[int, ...]  # per cell, in the declared order
    selected: tuple[Selected, ...]  # cells in the declared order, tickets ascending


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
    chosen: list[Selected] = []
    for (cell, _), count in zip(cells, counts, strict=True):
        if count:
            chosen += _lowest(h, prefix, cell, leaves[cell], count)
    return Selection(r, tuple(counts), tuple(chosen))


def _lowest(
    h: Hash, prefix: bytes, cell: str, leaves: Sequence[bytes], count: int
) -> list[Selected]:
    """Tickets above a bound that few of the lowest can exceed are not even kept."""
    new, bound = h.new, _bound(count, len(leaves))
    # All tickets are equally long, so ticket ‖ c sorts as (ticket, c) does, at a third of the time.
    low = [ticket + c for c in leaves if (ticket := new(prefix + c).digest()) < bound]
    if len(low) < count:  # nearly never; what is chosen does not depend on the bound
        low = [new(prefix + c).digest() + c for c in leaves]
    low.sort()
    return [Selected(cell, both[SIZE:], both[:SIZE]) for both in low[:count]]


def _bound(count: int, size: int) -> bytes:
    """Return what `count` of `size` evenly spread tickets stay under, six deviations allowed."""
    likely = count + 6 * isqrt(count) + 6
    if likely >= size:
        return b"\xff" * (SIZE + 1)  # above every ticket
    return ((likely << 8 * SIZE) // size).to_bytes(SIZE, "big")
