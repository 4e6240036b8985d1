"""
Whether a whole text fits a pattern, in a time that grows with the length of the text alone.

Each place of a character in the pattern is a position, counted repetitions written out. A set of
positions (an integer, a bit each) says how far the text may have come in all ways at once; one
character takes one set to the next. No way is ever tried after another, so no pattern is slow.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from operator import xor

Ranges = tuple[tuple[int, int], ...]
"""Code points from and to, both included, in order and apart."""

MAX_SUBJECT = 20_000
"""Characters of a text that is matched at all; more could take the largest patterns seconds."""

_REMEMBERED = 1000
"""Steps of one pattern that are kept, so that usual answers cost a look-up a character."""

_BEFORE = 1
"""The set of the position before the text."""


@dataclass(frozen=True)
class Characters:
    """One character of a set."""

    ranges: Ranges


@dataclass(frozen=True)
class Row:
    """One part after the other; without parts it matches the empty text."""

    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Branches:
    """Any one of the parts."""

    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Repeated:
    """A part some times in a row; `most` None: without bound."""

    part: Part
    least: int
    most: int | None

    @property
    def copies(self) -> int:
        """How often the part is written out."""
        return self.most or max(self.least, 1)


Part = Characters | Row | Branches | Repeated


def positions_of(part: Part) -> int:
    """Return how many positions a part has, an empty one as one, without writing them out."""
    if isinstance(part, Characters):
        return 1
    if isinstance(part, Repeated):
        return positions_of(part.part) * part.copies
    return sum(map(positions_of, part.parts)) or 1


class Matcher:
    """Tells of texts whether they fit one pattern."""

    def __init__(self, part: Part) -> None:
        positions = _Positions()
        ends = positions.enter(part)
        after = [ends.first, *positions.after[1:]]
        self._last = ends.last | (_BEFORE if ends.empty else 0)
        # Most positions are followed by their neighbour: a shift takes all of those at once.
        self._neighboured = sum(1 << at for at, one in enumerate(after) if one >> at + 1 & 1)
        others = [one & ~(2 << at) for at, one in enumerate(after)]
        self._bytes = len(after) // 8 + 1
        self._unions = [
            (at // 8, _Unions(others[at : at + 8]))
            for at in range(0, len(after), 8)
            if any(others[at : at + 8])
        ]
        self._starts, self._fitting = _by_character(positions.ranges)
        self._steps: dict[tuple[int, str], int] = {}

    def fits(self, text: str) -> bool:
        """Tell whether the whole text fits, which one beyond `MAX_SUBJECT` does not."""
        if len(text) > MAX_SUBJECT:
            return False
        steps, state = self._steps, _BEFORE
        for character in text:
            reached = steps.get((state, character))
            if reached is None:
                reached = self._step(state, character)
                if len(steps) >= _REMEMBERED:
                    steps.clear()
                steps[state, character] = reached
            if not reached:
                return False
            state = reached
        return bool(state & self._last)

    def _step(self, state: int, character: str) -> int:
        after = (state & self._neighboured) << 1
        eights = state.to_bytes(self._bytes, "little")
        for place, unions in self._unions:
            if eight := eights[place]:
                after |= unions[eight]
        return after & self._fitting[bisect_right(self._starts, ord(character)) - 1]


class _Unions(dict[int, int]):
    """What may come after a set of eight neighbouring positions, each worked out when needed."""

    def __init__(self, after: list[int]) -> None:
        super().__init__({0: 0})
        self._after = after

    def __missing__(self, positions: int) -> int:
        first = positions & -positions
        union = self._after[first.bit_length() - 1] | self[positions ^ first]
        self[positions] = union
        return union


@dataclass(frozen=True)
class _Ends:
    """Sets of the positions with which a part may begin and end; whether it may be empty."""

    first: int
    last: int
    empty: bool


class _Positions:
    """The positions of a pattern from 1, each with its characters and what may come after it."""

    def __init__(self) -> None:
        self.ranges: list[Ranges] = [()]
        self.after = [0]

    def enter(self, part: Part) -> _Ends:
        """Take in a part behind those already there."""
        if isinstance(part, Characters):
            here = 1 << len(self.after)
            self.ranges.append(part.ranges)
            self.after.append(0)
            return _Ends(here, here, empty=False)
        if isinstance(part, Row):
            return self._enter_row(part)
        if isinstance(part, Repeated):
            return self._enter_repeated(part)
        first = last = 0
        empty = False
        for ends in map(self.enter, part.parts):
            first, last, empty = first | ends.first, last | ends.last, empty or ends.empty
        return _Ends(first, last, empty)

    def _enter_row(self, row: Row) -> _Ends:
        first, last, empty = 0, 0, True
        for ends in map(self.enter, row.parts):
            self._follow(last, ends.first)
            first = first | ends.first if empty else first
            last = last | ends.last if ends.empty else ends.last
            empty = empty and ends.empty
        return _Ends(first, last, empty)

    def _enter_repeated(self, repeated: Repeated) -> _Ends:
        # Where a copy may be empty, those that are not empty may as well come first: no copy
        # needs to be skipped.
        copies = [self.enter(repeated.part) for _ in range(repeated.copies)]
        least = 0 if copies[0].empty else repeated.least
        last = 0
        for number, ends in enumerate(copies, 1):
            if number > 1:
                self._follow(copies[number - 2].last, ends.first)
            if number >= least:
                last |= ends.last
        if repeated.most is None:
            self._follow(copies[-1].last, copies[-1].first)
        return _Ends(copies[0].first, last, least == 0)

    def _follow(self, positions: int, after: int) -> None:
        for position in _members(positions):
            self.after[position] |= after


def _members(positions: int) -> Iterator[int]:
    while positions:
        first = positions & -positions
        yield first.bit_length() - 1
        positions ^= first


def _by_character(ranges: list[Ranges]) -> tuple[list[int], list[int]]:
    """Return code points in order, and from each on to the next which positions they fit."""
    alike: defaultdict[Ranges, int] = defaultdict(int)
    for position, one in enumerate(ranges):
        alike[one] |= 1 << position
    changes: defaultdict[int, int] = defaultdict(int, {0: 0})
    for one, positions in alike.items():
        for low, high in one:
            changes[low] ^= positions
            changes[high + 1] ^= positions
    starts = sorted(changes)
    return starts, list(accumulate((changes[start] for start in starts), xor))
