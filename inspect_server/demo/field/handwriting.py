"""
Signatures of the demo's people: the strokes of their names, written by a slightly unsteady hand.

A character is drawn large, thinned to lines of one point (Zhang and Suen 1984), and the lines are
followed from end to end; slant, size and tremor differ from person to person.
"""

import math
import random
from functools import cache

from inspect_server.demo.field.lettering import lettering

GRID, EDGE = 56, 4
BOX = 1000
ASPECT = 3
"""Signatures lie in a box of 3 : 1; both axes run to 1000 (docs/sync.md)."""
SHORTEST = 3

Point = tuple[int, int]
Line = list[Point]


def strokes(name: str, hand: str) -> list[list[list[int]]]:
    """
    Return the strokes of a name in a box of 1000 × 1000 units that is shown 3 : 1.

    Args:
        name: What is written.
        hand: Who writes; the same hand writes a name the same way.
    """
    chance = random.Random(f"{hand}/{name}")
    slant, lean = chance.uniform(0.02, 0.2), chance.uniform(-0.04, 0.03)
    height = chance.uniform(0.55, 0.75) * BOX
    step = min(height / ASPECT, 0.9 * BOX / max(len(name), 1))
    across = (BOX - step * len(name)) / 2
    written = []
    for index, char in enumerate(name):
        drop = (BOX - height) / 2 + chance.uniform(-40, 40)
        for line in _lines(char):
            stroke = []
            for x, y in line:
                right = x / GRID + slant * (1 - y / GRID)
                down = y / GRID + lean * (index + x / GRID)
                stroke.append(
                    [
                        _inside(across + (index + right * 0.92) * step + chance.gauss(0, 1.6)),
                        _inside(drop + down * height + chance.gauss(0, 3)),
                    ]
                )
            written.append(stroke)
    return written


def _inside(value: float) -> int:
    return max(0, min(BOX, round(value)))


@cache
def _lines(char: str) -> tuple[Line, ...]:
    """Return the lines of a character on the grid, in the order of writing: top left first."""
    left = _thinned(_ink(char))
    lines: list[Line] = []
    while left:
        line = _followed(left)
        left -= set(line)
        if len(line) >= SHORTEST:
            lines.append(_simpler(line))
    return tuple(sorted(lines, key=lambda line: line[0][1] + line[0][0] / 2))


def _ink(char: str) -> set[Point]:
    pixels = lettering(char, GRID - 2 * EDGE, "body", EDGE).tobytes()
    return {(n % GRID, n // GRID) for n, shade in enumerate(pixels) if shade > 110}


def _thinned(ink: set[Point]) -> set[Point]:
    """Return the skeleton: points go as long as no line breaks or shortens."""
    while True:
        before = len(ink)
        for first in (True, False):
            ink = ink - {point for point in ink if _goes(ink, point, first=first)}
        if len(ink) == before:
            return ink


def _around(x: int, y: int) -> tuple[Point, ...]:
    """Return the neighbours clockwise from above."""
    return (
        (x, y - 1),
        (x + 1, y - 1),
        (x + 1, y),
        (x + 1, y + 1),
        (x, y + 1),
        (x - 1, y + 1),
        (x - 1, y),
        (x - 1, y - 1),
    )


def _goes(ink: set[Point], point: Point, *, first: bool) -> bool:
    near = [neighbour in ink for neighbour in _around(*point)]
    if not 2 <= sum(near) <= 6:
        return False
    if sum(not a and b for a, b in zip(near, near[1:] + near[:1], strict=True)) != 1:
        return False
    up, right, down, left = near[0], near[2], near[4], near[6]
    if first:
        return not (up and right and down) and not (right and down and left)
    return not (up and right and left) and not (up and down and left)


def _followed(points: set[Point]) -> Line:
    """Return one line from an end of the skeleton, or from anywhere on a ring."""

    def degree(point: Point) -> int:
        return sum(neighbour in points for neighbour in _around(*point))

    here = min(points, key=lambda point: (degree(point) != 1, point[1], point[0]))
    line, seen, heading = [here], {here}, 0.0
    while True:
        ahead = [p for p in _around(*here) if p in points and p not in seen]
        if not ahead:
            return line
        was, turn = here, heading
        here = min(ahead, key=lambda p: _bend(was, p, turn) if len(line) > 1 else 0.0)
        back = line[-3] if len(line) > 2 else line[0]
        heading = math.atan2(here[1] - back[1], here[0] - back[0])
        line.append(here)
        seen.add(here)


def _bend(here: Point, ahead: Point, heading: float) -> float:
    turn = math.atan2(ahead[1] - here[1], ahead[0] - here[0]) - heading
    return abs(math.remainder(turn, math.tau))


def _simpler(line: Line) -> Line:
    """Keep every third point and the ends: a hand is smoother than a grid."""
    return [*line[:-1:3], line[-1]]
