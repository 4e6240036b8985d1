"""Lines as a reader sees them: runs that follow each other on one baseline, and what is below."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tests.layout.reading import STRAIGHT, Area, Char, Run, Sheet, Stroke, around

SAME = 0.1
WIDEST_GAP = 0.62
"""What may lie between two characters of a line, in em: the most a line is drawn out, and a bit."""
SQUEEZED = 0.55
"""By how much a run may begin within the one before: two marks share the white between them."""
NEXT_LINE = (0.9, 2.8)
"""How far below, in em, the next line of a paragraph stands."""


@dataclass(frozen=True)
class Line:
    """Characters that belong together on one baseline, from left to right."""

    chars: tuple[Char, ...]
    baseline: float
    size: float
    ink: Area

    @property
    def text(self) -> str:
        return "".join(one.char for one in self.chars)

    @property
    def left(self) -> float:
        return self.chars[0].begin

    @property
    def gaps(self) -> list[tuple[str, float]]:
        """
        Each character but the last, and the points between its advance and the next character.

        The reader widens a character to its ink, which says nothing where ink overhangs (f, Y).
        """
        return [
            (one.char, other.begin - one.end)
            for one, other in pairwise(self.chars)
            if one.ink.right < one.end - STRAIGHT
        ]


def lines_of(sheet: Sheet) -> list[Line]:
    """Return the lines of a page, as they are painted; white ones are left out."""
    uprights = [one for one in sheet.rules if one.is_upright]
    groups: list[list[Run]] = []
    for run in sheet.runs:
        if groups and _follows(groups[-1][-1], run, uprights):
            groups[-1].append(run)
        else:
            groups.append([run])
    return [made for group in groups if (made := _line(group)) is not None]


def _follows(one: Run, other: Run, uprights: Sequence[Stroke]) -> bool:
    if abs(one.baseline - other.baseline) > SAME or abs(one.size - other.size) > SAME:
        return False
    begin, end = one.chars[-1].end, other.chars[0].begin
    if not -SQUEEZED * one.size <= end - begin <= WIDEST_GAP * one.size:
        return False
    ink_end = one.chars[-1].ink.right
    return not any(
        min(begin, ink_end) - SAME < rule.area.left < end + SAME
        and rule.area.top < one.baseline < rule.area.bottom
        for rule in uprights
    )


def _line(runs: Sequence[Run]) -> Line | None:
    chars = tuple(char for run in runs for char in run.chars)
    inked = [char.ink for char in chars if char.char.strip()]
    if not inked:
        return None
    return Line(chars, runs[0].baseline, runs[0].size, around(inked))


def continued(lines: Sequence[Line], rules: Sequence[Stroke]) -> list[tuple[Line, Line]]:
    """Return each line with the nearest one below it in the same column and the same type."""
    ordered = sorted(lines, key=lambda line: line.baseline)
    heights = [line.baseline for line in ordered]
    level = [one.area for one in rules if one.is_level]
    found = []
    for line in lines:
        near, far = (line.baseline + line.size * ems for ems in NEXT_LINE)
        below = ordered[bisect_left(heights, near) : bisect_left(heights, far)]
        following = next((one for one in below if _is_under(one, line)), None)
        if following and not _is_parted(line, following, level):
            found.append((line, following))
    return found


def _is_under(one: Line, above: Line) -> bool:
    same_type = abs(one.size - above.size) < SAME
    left, right = max(one.left, above.left), min(one.chars[-1].end, above.chars[-1].end)
    return same_type and right > left


def _is_parted(line: Line, below: Line, level: Sequence[Area]) -> bool:
    """Whether a rule stands between them that is no underline of the upper one."""
    return any(
        line.baseline + 0.4 * line.size < rule.top < below.ink.top + 0.5
        and rule.left < line.ink.right
        and rule.right > line.ink.left
        for rule in level
    )
