"""Tables as ruled: closed on all sides on every page, and headed again where they go on."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tests.layout.faults import Fault, Page
from tests.layout.reading import Area, around

NEAR = 1.3
"""Points between ends of rules that meet."""
CENTRED = 1.5
"""Points by which a word in the middle of its cell may be off it."""
HEAD_WORD = 14
"""Characters that the name of a column has at most."""


@dataclass(frozen=True)
class Grid:
    """A table on one page: its outline, its upright and level rules."""

    area: Area
    uprights: tuple[Area, ...]
    levels: tuple[Area, ...]

    @property
    def columns(self) -> list[float]:
        return sorted({round(one.left) for one in self.uprights})


def grids_of(page: Page) -> list[Grid]:
    """Return the tables of a page, from top to bottom."""
    uprights = _joined(one.area for one in page.sheet.rules if one.is_upright)
    levels = [one.area for one in page.sheet.rules if one.is_level]
    groups: list[list[Area]] = []
    for area in [*uprights, *levels]:
        meeting = [group for group in groups if any(_meet(area, other) for other in group)]
        groups = [group for group in groups if group not in meeting]
        groups.append([area, *(one for group in meeting for one in group)])
    found = []
    for group in groups:
        up = tuple(one for one in group if one in uprights)
        if len({round(one.left) for one in up}) > 1:
            found.append(Grid(around(group), up, tuple(one for one in group if one not in up)))
    return sorted(found, key=lambda grid: grid.area.top)


def _joined(areas: Iterable[Area]) -> list[Area]:
    """Return upright rules, those that go on below each other as one."""
    found: list[Area] = []
    for area in sorted(areas, key=lambda one: (round(one.left), one.top)):
        last = found[-1] if found else None
        if last and abs(last.left - area.left) < 1 and area.top <= last.bottom + NEAR:
            found[-1] = around([last, area])
        else:
            found.append(area)
    return found


def _meet(one: Area, other: Area) -> bool:
    wide, high = one.shared(other)
    return wide > -NEAR and high > -NEAR


def open_tables(page: Page) -> Iterator[Fault]:
    """A table part that lacks a rule at one of its sides."""
    for grid in grids_of(page):
        area = grid.area
        sides = {
            "left": _covers((u.top, u.bottom) for u in grid.uprights if u.left - area.left < NEAR),
            "right": _covers(
                (u.top, u.bottom) for u in grid.uprights if area.right - u.left < NEAR
            ),
            "top": _covers((r.left, r.right) for r in grid.levels if r.top - area.top < NEAR),
            "bottom": _covers((r.left, r.right) for r in grid.levels if area.bottom - r.top < NEAR),
        }
        for side, covered in sides.items():
            whole = area.height if side in ("left", "right") else area.right - area.left
            if covered < whole - 2 * NEAR:
                yield page.fault("table open", f"{side} of the table at y={area.top:.0f}")


def _covers(stretches: Iterable[tuple[float, float]]) -> float:
    total, reached = 0.0, float("-inf")
    for begin, end in sorted(stretches):
        total += max(0.0, end - max(begin, reached))
        reached = max(reached, end)
    return total


def heads_repeated(pages: Sequence[Page]) -> Iterator[Fault]:
    """A table with a head that goes on overleaf without it."""
    head: list[str] = []
    columns: list[float] = []
    for page in pages:
        grids = grids_of(page)
        if not grids:
            columns = []
            continue
        first = grids[0]
        is_first_thing = not any(
            not line.text.strip().startswith("（续") and _is_between(line.ink, page, first)
            for line in page.content
        )
        goes_on = head and columns and first.columns == columns and is_first_thing
        if goes_on and _first_row(page, first) != head:
            yield page.fault("head not repeated", f"{head}")
        last = grids[-1]
        if last is not first or first.columns != columns:
            row = _first_row(page, last)
            head = row if _is_head(page, last, row) else []
        columns = last.columns if _goes_on(page, last) else []


def _is_between(ink: Area, page: Page, grid: Grid) -> bool:
    """Whether a line stands between what heads the page and its first table."""
    heading = [r.area.top for r in page.sheet.rules if r.is_level and r.area.top < grid.area.top]
    floor = max((y for y in heading if y < page.area.top + 60), default=page.area.top + 40)
    return floor < ink.top and ink.bottom < grid.area.top


def _goes_on(page: Page, grid: Grid) -> bool:
    """Whether nothing of the content stands below the table."""
    return not any(
        line.ink.top > grid.area.bottom and "以下空白" not in line.text for line in page.content
    )


def _first_row(page: Page, grid: Grid) -> list[str]:
    """Return what stands in the cells between the two topmost rules that span the table."""
    tops = sorted(
        {
            round(rule.top, 1)
            for rule in grid.levels
            if rule.right - rule.left > (grid.area.right - grid.area.left) * 0.9
        }
    )
    if len(tops) < 2:
        return []
    return ["".join(words) for words in _cells(page, grid, tops[0], tops[1])]


def _cells(page: Page, grid: Grid, top: float, bottom: float) -> list[list[str]]:
    edges = grid.columns
    cells: list[list[str]] = [[] for _ in edges[1:]]
    for line in page.content:
        if top - 1 < line.ink.top and line.ink.bottom < bottom + 1:
            middle = (line.ink.left + line.ink.right) / 2
            place = sum(edge < middle for edge in edges) - 1
            if 0 <= place < len(cells):
                cells[place].append(line.text.strip())
    return cells


def _is_head(page: Page, grid: Grid, row: list[str]) -> bool:
    """Whether a first row names the columns: short words without figures, each in the middle."""
    if len(row) < 3 or any(not word or len(word) > HEAD_WORD for word in row):
        return False
    if any(char.isdigit() for word in row for char in word):
        return False
    edges = grid.columns
    for line in page.content:
        if line.text.strip() in row and grid.area.top < line.ink.top < grid.area.top + 40:
            middle = (line.left + line.chars[-1].end) / 2
            place = sum(edge < middle for edge in edges) - 1
            if abs((edges[place] + edges[place + 1]) / 2 - middle) > CENTRED:
                return False
    return True
