"""Judge the lines of a paragraph by `tests.layout.standard`, and count what had no better way."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from pdf_templates.setting.lines import Line, text_width
from tests.layout.standard import CLOSERS, RAGGED, STOPS, faults_in, last_resorts, long_codes

FILLED = 0.01
SPLIT_FROM = 0.1
"""Em that a line must at least be drawn out for a long code to be cut (the design)."""
ROUNDING = 0.02
MARKS_SPARE = 0.5
"""Em by which a closing mark at a line's end is narrower than its advance."""


@dataclass
class Tally:
    """
    What was found in many lines.

    Attributes:
        lines: How many there were.
        faults: Lines that break a rule though they had another way, with what they say.
        counts: Things that are allowed, and how often they came.
    """

    lines: int = 0
    faults: dict[str, list[str]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)

    def blame(self, fault: str, said: str) -> None:
        """Note a fault."""
        self.faults.setdefault(fault, []).append(said)


def judge(
    text: str, lines: Sequence[Line], size: float, width: float, tally: Tally, tracking: float = 0.0
) -> None:
    """Add the lines of one paragraph (no line feeds, no indent) to a tally."""
    paragraph = _Paragraph(text, size, tracking)
    start = 0
    for line in lines:
        tally.lines += 1
        assert text.startswith(line.text, start), (text[start : start + 20], line.text)
        end = start + len(line.text)
        following = _skip_spaces(text, end)
        is_last = following >= len(text)
        if line.width > width + FILLED:
            tally.blame("past the margin", line.text)
        if not is_last:
            paragraph.judge_break(start, following, width, tally)
            paragraph.judge_fill(start, end, line, width, tally)
        start = following
    assert start >= len(text)


def _skip_spaces(text: str, place: int) -> int:
    while place < len(text) and text[place] == " ":
        place += 1
    return place


class _Paragraph:
    def __init__(self, text: str, size: float, tracking: float) -> None:
        self._text, self._size, self._tracking = text, size, tracking
        self._faults = faults_in(text)
        self._long = long_codes(text)
        self._last_resorts = last_resorts(text)
        spaces = {place for place in range(1, len(text)) if text[place] == " "}
        self._legal = [p for p in range(1, len(text)) if p not in self._faults and p not in spaces]

    def judge_break(self, start: int, place: int, width: float, tally: Tally) -> None:
        """Note a break at a place where none must be, if the line had any other."""
        fault = self._faults.get(place)
        if fault is None:
            return
        best = self._last_legal(start, place)
        spare = self._last_resorts.get(place)
        if spare and (best is None or self._drawn_out(start, best, width) > spare - ROUNDING):
            tally.counts["number cut late"] += 1
        elif place in self._long and (best is None or self._is_loose(start, best, width)):
            tally.counts["long code cut"] += 1
        elif best is None:
            tally.counts["word wider than its line"] += 1
        else:
            tally.blame(fault, f"{self._text[start:place]} / {self._text[place : place + 8]}")

    def _is_loose(self, start: int, end: int, width: float) -> bool:
        return self._drawn_out(start, end, width) > SPLIT_FROM - ROUNDING

    def judge_fill(self, start: int, end: int, line: Line, width: float, tally: Tally) -> None:
        """Note a line that neither fills its box nor would be drawn too far apart."""
        spacing = (line.spacing - self._tracking) / self._size
        if spacing > RAGGED + ROUNDING:
            tally.blame("drawn apart", line.text)
        if line.width >= width - FILLED:
            return
        if self._drawn_out(start, end, width) < RAGGED - ROUNDING:
            tally.blame("not justified", line.text)
        else:
            tally.counts["ragged"] += 1

    def _last_legal(self, start: int, before: int) -> int | None:
        place = self._legal[index - 1] if (index := bisect_right(self._legal, before)) else 0
        return place if place > start else None

    def _drawn_out(self, start: int, end: int, width: float) -> float:
        """Return the spacing in em that would draw this stretch out to the width."""
        text = self._text[start:end].rstrip(" ")
        if len(text) < 2:
            return RAGGED
        natural = _width(text, self._size) + len(text) * self._tracking
        if text[-1] in STOPS + CLOSERS:
            natural -= MARKS_SPARE * self._size
        return (width - natural) / (len(text) - 1) / self._size


@cache
def _width(text: str, size: float) -> float:
    return text_width(text, size)
