"""Figures of a pool's cells for whoever must not learn which single enterprise was drawn."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from inspect_server.domain.plan.cells import SECTOR
from inspect_server.domain.plan.words import SECTOR_NAMES, cell_name, in_display

ALL_SECTORS = "各行业"
SUMMED = "sum"
Chosen = TypeVar("Chosen")


@dataclass(frozen=True)
class Figures:
    """One cell, or several small ones that are shown as one row."""

    name: str
    cells: tuple[str, ...]  # ids
    enterprises: int
    p_ppm: int | None  # None of several cells: they differ
    expected_ppm: int  # expected number drawn, in millionths
    drawn: int | None  # None until it is known

    @property
    def code(self) -> str:
        """The cell's id; `sum.<sector>` or `sum` for a row of several."""
        if len(self.cells) == 1:
            return self.cells[0]
        sectors = {_sector(cell) for cell in self.cells}
        return f"{SUMMED}.{sectors.pop()}" if len(sectors) == 1 else SUMMED


def figures(
    cells: Sequence[tuple[str, int]],
    sizes: Mapping[str, int],
    counts: Sequence[int] | None,
    minimum: int,
) -> tuple[Figures, ...]:
    """
    Return rows of which none stands for fewer than `minimum` enterprises, as people read them.

    How many a cell of one enterprise gave names the enterprise, as soon as somebody knows the
    registry. Small cells of one sector are summed up; what is still too small is summed up over all
    sectors, with the smallest other row where that does not suffice.

    Args:
        cells: Id and p in ppm, in the declared order.
        sizes: Enterprises of the pool in each cell.
        counts: How many each gave, None before it is known.
        minimum: The law's smallest cell; 0 to sum nothing up.

    Law: plan.min_cell_leaves
    """
    drawn = counts if counts is not None else [None] * len(cells)
    single = [
        Figures(cell_name(cell), (cell,), size, p, size * p, count)
        for (cell, p), count in zip(cells, drawn, strict=True)
        for size in (sizes.get(cell, 0),)
    ]
    small = [row for row in single if row.enterprises < minimum]
    by_sector = [
        [row for row in small if _sector(row.cells[0]) == sector]
        for sector in dict.fromkeys(_sector(row.cells[0]) for row in small)
    ]
    of_sectors = [_summed(rows) for rows in by_sector]
    shown = [row for row in single if row.enterprises >= minimum]
    shown += [row for row in of_sectors if row.enterprises >= minimum]
    rest = [row for row in of_sectors if row.enterprises < minimum]
    if rest and shown and sum(row.enterprises for row in rest) < minimum:
        rest.append(shown.pop(shown.index(min(shown, key=lambda row: row.enterprises))))
    own = in_display((row for row in shown if len(row.cells) == 1), lambda row: row.code)
    summed = [row for row in shown if len(row.cells) > 1]
    return (*own, *summed, *([_summed(rest)] if rest else ()))


def in_rows(
    chosen: Iterable[Chosen],
    rows: Sequence[Figures],
    cell: Callable[[Chosen], str],
    commitment: Callable[[Chosen], str],
) -> list[tuple[str, Chosen]]:
    """
    Return each chosen enterprise with the name of its row, so ordered that no more is told.

    The certificate's order is that of the cells: within a row of several it would tell them apart.
    """
    place = {id: (number, row) for number, row in enumerate(rows) for id in row.cells}

    def key(one: Chosen) -> tuple[int, str]:
        number, row = place[cell(one)]
        return number, commitment(one) if len(row.cells) > 1 else ""

    return [(place[cell(one)][1].name, one) for one in sorted(chosen, key=key)]


def _summed(rows: Sequence[Figures]) -> Figures:
    """Return several rows as one."""
    if len(rows) == 1:
        return rows[0]
    cells = tuple(cell for row in rows for cell in row.cells)
    sectors = {_sector(cell) for cell in cells}
    where = SECTOR_NAMES.get(sectors.pop(), ALL_SECTORS) if len(sectors) == 1 else ALL_SECTORS
    counts = [row.drawn for row in rows if row.drawn is not None]
    return Figures(
        name=f"{where}·{len(cells)} 个小单元合计",
        cells=cells,
        enterprises=sum(row.enterprises for row in rows),
        p_ppm=None,
        expected_ppm=sum(row.expected_ppm for row in rows),
        drawn=sum(counts) if counts else None,
    )


def _sector(cell: str) -> str:
    """Return the sector of an id, the id itself where it has none (a draw from one's own files)."""
    parts = cell.split(".")
    return parts[SECTOR] if len(parts) > SECTOR else cell
