"""Cells: enterprises of equal standing share one published probability."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple, TypeAlias

LEVEL, SECTOR, RISK, CREDIT, RECENCY = range(5)
MERGE_ORDER = (RECENCY, CREDIT, RISK, LEVEL)
"""The dimension given up first comes first; the sector never, for teams are chosen by it."""
ANY = "any"
KEY = "key"

Group: TypeAlias = tuple[tuple[str, ...], int]
"""The parts of a label, and the p that all its cells share."""


class Part(NamedTuple):
    """One cell that is published under a coarser label, with how many enterprises it has."""

    cell: str
    enterprises: int


@dataclass(frozen=True)
class Cell:
    """
    Level × sector × risk × credit × recency.

    The id is ASCII, e.g. `county.dust_explosion.red.B.never`; key enterprises of one sector share
    `county.dust_explosion.any.any.key`.
    """

    id: str
    enterprises: int
    p_ppm: int  # odds in one batch, on the first day of the plan
    visits_ppm: int  # expected checks in what is left of the year, in millionths
    smallest_cap: int  # checks a year, of the enterprise in it that may be checked least

    @property
    def sector(self) -> str:
        """The sector that decided the rate; teams are chosen by it."""
        return self.id.split(".")[SECTOR]

    def to_json(self) -> dict[str, Any]:
        """Return plain values."""
        return asdict(self)


def cell_id(level: str, sector: str, risk: str, credit: str, recency: str) -> str:
    """Return the ASCII id of one cell."""
    return f"{level}.{sector}.{risk}.{credit}.{recency}"


def key_cell_id(level: str, sector: str) -> str:
    """Return the id of the key enterprises of one level and sector; they all have the same odds."""
    return cell_id(level, sector, ANY, ANY, KEY)


def is_key_cell(id: str) -> bool:
    """Return whether the id names key enterprises."""
    return id.endswith(f".{KEY}")


def published_labels(cells: Mapping[str, tuple[int, int]], minimum: int) -> dict[str, str]:
    """
    Return under which label each cell of a pool is published: its own id, or a coarser one.

    Args:
        cells: Cell id to (p_ppm, leaves in this pool).
        minimum: A group of fewer leaves could give away a credit grade.

    Dimension by dimension in MERGE_ORDER, a group that is too small joins the groups of equal p
    that differ only in that dimension. A coarser label ends in its p, so that every label keeps
    exactly one p. A group whose sector and p nobody else has stays small under the coarsest label
    of its sector. Key enterprises merge with each other as long as that suffices, and their label
    still says `key`.

    Source: SJC-DRAW/1, Pool.
    """
    group_of: dict[str, Group] = {id: (tuple(id.split(".")), p) for id, (p, _) in cells.items()}
    for dimension in MERGE_ORDER:
        sizes = _sizes(group_of, cells)
        small = {_coarser(group, dimension) for group, size in sizes.items() if size < minimum}
        for id, group in group_of.items():
            if (coarser := _coarser(group, dimension)) in small:
                group_of[id] = coarser
    _fill_the_rest(group_of, cells, minimum, KEY)
    _fill_the_rest(group_of, cells, minimum, ANY)
    return {id: _label(id, *group) for id, group in group_of.items()}


def merged_parts(
    labels: Mapping[str, str], enterprises: Mapping[str, int]
) -> dict[str, tuple[Part, ...]]:
    """
    Return what went into each label that is none of its cells' own ids, sorted by label and id.

    Args:
        labels: Cell id to its published label.
        enterprises: Cell id to how many are in it.
    """
    found: dict[str, list[Part]] = {}
    for id in sorted(labels):
        if labels[id] != id:
            found.setdefault(labels[id], []).append(Part(id, enterprises[id]))
    return {label: tuple(found[label]) for label in sorted(found)}


def _sizes(group_of: Mapping[str, Group], cells: Mapping[str, tuple[int, int]]) -> Counter[Group]:
    sizes: Counter[Group] = Counter()
    for id, group in group_of.items():
        sizes[group] += cells[id][1]
    return sizes


def _fill_the_rest(
    group_of: dict[str, Group],
    cells: Mapping[str, tuple[int, int]],
    minimum: int,
    recency: str,
) -> None:
    """
    Let a rest that is still too small take in the smallest group of its sector and p, if any.

    A rest of key enterprises takes in key enterprises first; only without them it gives up `key`.
    """
    sizes = _sizes(group_of, cells)
    for rest in [group for group in sizes if sizes[group] < minimum]:
        parts, p = rest
        if parts != _coarsest(parts[SECTOR], recency):
            continue
        others = [group for group in sizes if _alike(group, rest) and group != rest]
        if not others:
            continue
        same = [group for group in others if recency == ANY or _is_key(group)]
        taken = min(same or others, key=lambda group: (sizes[group], group))
        label = rest if same else (_coarsest(parts[SECTOR], ANY), p)
        group_of.update({id: label for id, group in group_of.items() if group in (rest, taken)})


def _coarsest(sector: str, recency: str) -> tuple[str, ...]:
    return ANY, sector, ANY, ANY, recency


def _alike(one: Group, other: Group) -> bool:
    return one[1] == other[1] and one[0][SECTOR] == other[0][SECTOR]


def _is_key(group: Group) -> bool:
    return group[0][RECENCY] == KEY


def _coarser(group: Group, dimension: int) -> Group:
    parts, p = group
    if dimension == RECENCY and _is_key(group):
        return group
    return (*parts[:dimension], ANY, *parts[dimension + 1 :]), p


def _label(id: str, parts: tuple[str, ...], p: int) -> str:
    own = ".".join(parts)
    return own if own == id else f"{own}.p{p}"
