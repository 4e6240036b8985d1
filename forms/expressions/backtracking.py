"""
Whether a pattern leaves a matcher that backtracks too many ways to try.

Python and JavaScript try the ways of a pattern one after the other, which for some patterns takes
longer than anybody waits. What is looked at is which characters can come after each one: where two
that overlap can, or the end as well as a further one, the matcher may have to come back.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, field
from itertools import pairwise

Ranges = tuple[tuple[int, int], ...]
"""Code points from and to, both included, in order and apart."""

MAX_SUBJECT = 4000
"""Characters of a text that is matched at all."""

MAX_WAYS = 10**9
"""Ways that a pattern may leave, as roughly counted: two open repetitions pass, three do not."""

_END = -1

_WRITTEN_OUT = 32


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
    """A part some times in a row; `most` None: without bound. `offset`: where it is written."""

    part: Part
    least: int
    most: int | None
    offset: int = field(compare=False)


Part = Characters | Row | Branches | Repeated


def doubtful_place(part: Part) -> int | None:
    """
    Return where the pattern leaves too many ways, as an offset into it; None if nowhere.

    A repeated group must leave no doubt, as doubts in it multiply with each round; all others
    multiply once, to at most `MAX_WAYS`.
    """
    places = _Places()
    try:
        whole = places.enter(part)
    except _Doubtful as found:
        return found.offset
    for place in whole.last:
        places.after[place].add(_END)
    return 0 if places.ways(whole.first) > MAX_WAYS else None


class _Doubtful(Exception):
    def __init__(self, offset: int) -> None:
        self.offset = offset


@dataclass(frozen=True)
class _Ends:
    """Places with which a part may begin and end, and whether it may be empty."""

    first: frozenset[int]
    last: frozenset[int]
    empty: bool


class _Places:
    """The places of characters in a pattern, numbered, with those that may come after each."""

    def __init__(self) -> None:
        self.ranges: list[Ranges] = []
        self.after: list[set[int]] = []
        self.rounds: list[int] = []  # how often each can come at most
        self.empty_twice = 0  # parts that can be empty in more than one way

    def doubtful(self, places: Set[int]) -> bool:
        """Tell whether a character may fit two of the places."""
        ranges = sorted(ends for place in places for ends in self.ranges[place])
        return any(high >= low for (_, high), (low, _) in pairwise(ranges))

    def ways(self, first: frozenset[int]) -> int:
        """Tell roughly how many ways there are to be tried, all of them beginning with `first`."""
        # Places with the same choice behind them are those of one loop: that choice counts once.
        rounds = {first: 1}
        for place, after in enumerate(self.after):
            choice = frozenset(after)
            rounds[choice] = max(rounds.get(choice, 1), self.rounds[place])
        ways = 1 << self.empty_twice
        for choice, times in rounds.items():
            places = choice - {_END}
            if self.doubtful(places) or (places and _END in choice):
                ways *= len(choice) * times
        return ways

    def enter(self, part: Part) -> _Ends:
        if isinstance(part, Characters):
            self.ranges.append(part.ranges)
            self.after.append(set())
            self.rounds.append(1)
            here = frozenset({len(self.after) - 1})
            return _Ends(here, here, empty=False)
        if isinstance(part, Row):
            return self._enter_row(part.parts)
        if isinstance(part, Branches):
            ends = [self.enter(inner) for inner in part.parts]
            self.empty_twice += sum(one.empty for one in ends) > 1
            return _Ends(
                frozenset().union(*(one.first for one in ends)),
                frozenset().union(*(one.last for one in ends)),
                any(one.empty for one in ends),
            )
        return self._enter_repeated(part)

    def _enter_row(self, parts: tuple[Part, ...]) -> _Ends:
        row = _Ends(frozenset(), frozenset(), empty=True)
        for part in parts:
            ends = self.enter(part)
            for place in row.last:
                self.after[place] |= ends.first
            row = _Ends(
                row.first | ends.first if row.empty else row.first,
                row.last | ends.last if ends.empty else ends.last,
                row.empty and ends.empty,
            )
        return row

    def _enter_repeated(self, repeated: Repeated) -> _Ends:
        part, least, most = repeated.part, repeated.least, repeated.most
        if isinstance(part, Characters) and 1 < least <= _WRITTEN_OUT:
            rest = None if most is None else most - least + 1
            tail = Repeated(part, 1, rest, repeated.offset)
            return self._enter_row((part,) * (least - 1) + (tail,))
        begin, empty_twice = len(self.after), self.empty_twice
        ends = self.enter(part)
        self.empty_twice += ends.empty
        if most == 1:
            return _Ends(ends.first, ends.last, ends.empty or least == 0)
        again = self._loop(ends)
        for place in range(begin, len(self.after)):
            self.rounds[place] = min(MAX_SUBJECT, self.rounds[place] * (most or MAX_SUBJECT))
        if not isinstance(part, Characters):
            inner = [ends.first, *self.after[begin:]]
            if again or self.empty_twice > empty_twice or any(map(self.doubtful, inner)):
                raise _Doubtful(repeated.offset)
        return _Ends(ends.first, ends.last, ends.empty or least == 0)

    def _loop(self, ends: _Ends) -> bool:
        """Let the end be followed by the beginning; tell whether it was already somewhere."""
        again = any(self.after[place] & ends.first for place in ends.last)
        for place in ends.last:
            self.after[place] |= ends.first
        return again
