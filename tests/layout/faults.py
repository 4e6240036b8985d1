"""A fault of a page, and the page that all checks look at."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from tests.layout.reading import Area, Sheet
from tests.layout.standing import Line, lines_of

FaultKind = Literal[
    "text over text",
    "text over a rule",
    "picture over text",
    "picture over picture",
    "stroke over text",
    "cut by the sheet",
    "beyond a side margin",
    "beyond the top margin",
    "beyond the bottom margin",
    "forbidden line start",
    "forbidden line end",
    "word broken",
    "unit parted",
    "uneven spacing",
    "drawn apart",
    "no page number",
    "wrong page number",
    "empty without a note",
    "closing alone",
    "table open",
    "head not repeated",
]
NUMBER = re.compile(r"共(\d+)页\s*第(\d+)页")


@dataclass(frozen=True)
class Fault:
    """What is wrong on which page, counted from 1."""

    kind: FaultKind
    page: int
    said: str


@dataclass(frozen=True)
class Page:
    """A page as read, with the type area of its paper."""

    place: int
    sheet: Sheet
    area: Area

    @cached_property
    def lines(self) -> list[Line]:
        return lines_of(self.sheet)

    @cached_property
    def number_line(self) -> Line | None:
        """The lowest line that holds a page number."""
        found = [line for line in self.lines if NUMBER.search(line.text)]
        return max(found, key=lambda line: line.baseline, default=None)

    @property
    def number(self) -> tuple[int, int] | None:
        """How many pages there are and which this is, as it says itself."""
        said = NUMBER.search(self.number_line.text) if self.number_line else None
        return (int(said[1]), int(said[2])) if said else None

    @cached_property
    def content(self) -> list[Line]:
        """The lines of the type area, from top to bottom."""
        inside = [x for x in self.lines if x.ink.top > self.area.top - 1 and not self._is_foot(x)]
        return sorted(inside, key=lambda line: (line.baseline, line.left))

    def _is_foot(self, line: Line) -> bool:
        return line.baseline > self.area.bottom

    def fault(self, kind: FaultKind, said: str) -> Fault:
        return Fault(kind, self.place, said)
