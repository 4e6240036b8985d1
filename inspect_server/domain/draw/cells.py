"""
Cells too small to publish: a cell of two would show the credit grade of the one that was drawn.

A cell's id is `level/sector/risk/credit/recency`. A dimension that is given up becomes `*`. The
level and sector are never given up: teams are matched by the sector.
"""

from collections import defaultdict
from collections.abc import Mapping

RECENCY, CREDIT, RISK = 4, 3, 2
MERGE_ORDER = (RECENCY, CREDIT, RISK)
"""The declared order in which dimensions are given up."""

SizedCell = tuple[int, int]
"""p in ppm and the number of leaves."""


def published_labels(cells: Mapping[str, SizedCell], smallest: int) -> dict[str, str]:
    """
    Return the id under which each cell is published.

    Cells of equal p that differ in one dimension only are merged where one of them is small. What
    stays small gets a coarser label with its p in it and so keeps its own odds.

    Args:
        smallest: Cells with fewer leaves are small (law: plan.min_cell_leaves).
    """
    label = {cell: cell for cell in cells}
    for dimension in MERGE_ORDER:
        _merge(label, cells, dimension, smallest)
    sizes = _sizes(label, cells)
    for cell in cells:
        if sizes[label[cell], cells[cell][0]] < smallest:
            label[cell] = _coarse(label[cell], cells[cell][0])
    _tell_apart(label, cells)
    return label


def _merge(
    label: dict[str, str], cells: Mapping[str, SizedCell], dimension: int, smallest: int
) -> None:
    sizes = _sizes(label, cells)
    families: dict[tuple[str, int], set[str]] = defaultdict(set)
    for cell, (p, _) in cells.items():
        families[_without(label[cell], dimension), p].add(label[cell])
    for cell, (p, _) in cells.items():
        family = families[_without(label[cell], dimension), p]
        if len(family) > 1 and any(sizes[member, p] < smallest for member in family):
            label[cell] = _without(label[cell], dimension)


def _tell_apart(label: dict[str, str], cells: Mapping[str, SizedCell]) -> None:
    odds: dict[str, set[int]] = defaultdict(set)
    for cell, (p, _) in cells.items():
        odds[label[cell]].add(p)
    for cell, (p, _) in cells.items():
        if len(odds[label[cell]]) > 1:
            label[cell] = f"{label[cell]}/p{p}"


def _sizes(label: Mapping[str, str], cells: Mapping[str, SizedCell]) -> dict[tuple[str, int], int]:
    sizes: dict[tuple[str, int], int] = defaultdict(int)
    for cell, (p, leaves) in cells.items():
        sizes[label[cell], p] += leaves
    return sizes


def _without(label: str, dimension: int) -> str:
    parts = label.split("/")
    if len(parts) > dimension:
        parts[dimension] = "*"
    return "/".join(parts)


def _coarse(label: str, p_ppm: int) -> str:
    parts = label.split("/")
    return "/".join([*parts[:2], *["*"] * len(parts[2:]), f"p{p_ppm}"])
