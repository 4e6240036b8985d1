"""
Lines of Chinese text: 避头尾, unbreakable words and figures, justified by character spacing.

Widths are points. A line says which of its pieces do not begin where the one before ends, so that
a face change, a compressed punctuation mark or an underlined field need nothing from the drawing
side.
"""

import gc
from bisect import bisect_right
from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from math import inf
from threading import Lock
from typing import NamedTuple

from pdf_templates.errors import FieldTooNarrow
from pdf_templates.setting.faces import Style, in_use
from pdf_templates.setting.measured import (
    JOINER,
    NO_END,
    NO_START,
    Measured,
    Span,
    paragraphs,
)

__all__ = [
    "NO_END",
    "NO_START",
    "Line",
    "Span",
    "break_lines",
    "one_rendering",
    "text_width",
    "unbroken",
]

LOOSE = 0.1
"""Spacing in em above which a long code is split at a joint, a hash anywhere, 文号 at （苏·云）."""
LOOSER = 0.2
"""The same for `GB 15577` and 〔2026〕1号, which stay with what is before them longer."""
LOOSEST = 0.5
"""Spacing in em above which a code is split anywhere, and a line left ragged."""
NEEDS = (LOOSE, LOOSER, LOOSEST, inf)
TINY = 1e-6
NEAR = 0.01


class Line(NamedTuple):
    """
    One line as it will be drawn, in pieces of one face each.

    Pieces are no objects of their own: a long file has a hundred thousand.

    Attributes:
        indent: Where the first begins, in points.
        faces: Of the pieces.
        parts: What each of them says.
        begins: Where a piece begins that stands by itself; None, or nothing at all for a line
            without such pieces, where the one before ends.
        rules: Strokes under it, from one x to another.
        spacing: Between characters, in points.
        width: What its ink takes.
        text: What it says.
    """

    indent: float
    faces: tuple[str, ...]
    parts: tuple[str, ...]
    begins: tuple[float | None, ...]
    rules: tuple[tuple[float, float], ...]
    spacing: float
    width: float
    text: str


class _Box(NamedTuple):
    """Where lines go: type size and width in points."""

    size: float
    width: float
    justify: bool
    tracking: float


def unbroken(text: str) -> str:
    """Return the text so that it stays on one line: a number with Chinese letters, a short name."""
    return JOINER.join(text)


def break_lines(
    spans: Sequence[Span],
    size: float,
    width: float,
    *,
    first: float = 0.0,
    rest: float = 0.0,
    justify: bool = True,
    tracking: float = 0.0,
) -> list[Line]:
    """
    Set a paragraph (line feeds start new ones) into lines.

    Args:
        spans: The text, in order.
        size: Type size in points.
        width: Of the box, in points.
        first: Indent of the first line, in points.
        rest: Indent of the other lines.
        justify: Whether all lines but a paragraph's last are spaced to the full width.
        tracking: Added to every advance, in points: what makes characters stand on a grid.

    Raises:
        MissingGlyph: No face has a character.
        FieldTooNarrow: A character is wider than the box.
    """
    met = _met.get()
    if met is None:
        return _set(spans, _Box(size, width, justify, tracking), first, rest)
    asked = (in_use(), size, width, first, rest, justify, tracking, *spans)
    if (lines := met.get(asked)) is None:
        box = _Box(size, width, justify, tracking)
        lines = met[asked] = _set(spans, box, first, rest)
    return [*lines]


@contextmanager
def one_rendering() -> Iterator[None]:
    """
    Set a paragraph that comes again until the end of the block only once.

    So do heads of tables, labels, fixed wording and what is tried on tighter stationery. It is
    forgotten with the document that it stands in: paragraphs have people's names in them.
    """
    token = _met.set({})
    try:
        with _uncollected():
            yield
    finally:
        _met.reset(token)


@contextmanager
def _uncollected() -> Iterator[None]:
    """
    Keep Python's cycle collector from a rendering's objects.

    They are a hundred thousand, none in a cycle, and all live until the end: the collector would
    go through them again and again to free nothing. It rests while any thread is rendering.
    """
    with _pauses.lock:
        if _pauses.count == 0:
            _pauses.was_enabled = gc.isenabled()
            gc.disable()
        _pauses.count += 1
    try:
        yield
    finally:
        with _pauses.lock:
            _pauses.count -= 1
            if _pauses.count == 0 and _pauses.was_enabled:
                gc.enable()


class _Pauses:
    """How many renderings the collector waits for, and whether it works at all."""

    def __init__(self) -> None:
        self.lock, self.count, self.was_enabled = Lock(), 0, True


_pauses = _Pauses()
_met: ContextVar[dict[Hashable, list[Line]] | None] = ContextVar("lines set", default=None)


def _set(spans: Sequence[Span], box: _Box, first: float, rest: float) -> list[Line]:
    lines: list[Line] = []
    for part in paragraphs(spans):
        whole = Measured(part, box.tracking * 1000 / box.size)
        start, indent = 0, first
        while True:
            end = _line_end(whole, start, (box.width - indent) * 1000 / box.size)
            lines.append(_line(whole, start, end, indent, box))
            start, indent = _skip_spaces(whole.text, end), rest
            if start >= len(whole.text):
                break
    return lines


def text_width(text: str, size: float, style: Style = "body", where: str = "") -> float:
    """Return the natural width of a text on one line, in points."""
    return Measured([Span(text, style, field=where)]).totals[-1] * size / 1000


def _line_end(whole: Measured, start: int, room: float) -> int:
    """Return where the line from `start` ends; room in 1/1000 em."""
    limit, fits = _reach(whole, start, room)
    if limit == len(whole.text):
        return limit
    if fits == start:
        raise FieldTooNarrow(field=whole.owner(start).field)
    best = whole.last_break(start, limit)
    if whole.at_need:
        for most, place in zip(NEEDS, whole.last_at_need(start, limit), strict=True):
            if place > best and (best == start or _looseness(whole, start, best, room) > most):
                best = place
    return best if best > start else _forced(whole, start, fits)


def _reach(whole: Measured, start: int, room: float) -> tuple[int, int]:
    """Return how far a line from `start` could go with spaces that hang over it, and without."""
    base, text, count = whole.totals[start], whole.text, len(whole.text)
    index = fits = bisect_right(whole.totals, base + room + TINY, start) - 1
    while index < count:
        if text[index] != " ":
            if whole.totals[index] - base + whole.ending(index) > room + TINY:
                break
            fits = index + 1
        index += 1
    return index, fits


def _looseness(whole: Measured, start: int, end: int, room: float) -> float:
    """Return the spacing in em that would draw this line out to its box."""
    end = _trimmed(whole.text, start, end)
    natural = whole.width(start, end) - whole.advances[end - 1] + whole.ending(end - 1)
    return (room - natural) / 1000 / max(end - start - 1, 1)


def _forced(whole: Measured, start: int, fits: int) -> int:
    """
    Split what is wider than the line, still keeping 避头尾 where any split can.

    A long name that should stay together is cut between its words.
    """
    text = whole.text
    for end in range(fits, start, -1):
        if whole.has_a_joint(end):
            return end
    for end in range(fits, start, -1):
        if text[end] not in NO_START and text[end - 1] not in NO_END:
            return end
    return fits


def _trimmed(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1] == " " and end < len(text):
        end -= 1
    return end


def _skip_spaces(text: str, index: int) -> int:
    while index < len(text) and text[index] == " ":
        index += 1
    return index


def _line(whole: Measured, start: int, end: int, indent: float, box: _Box) -> Line:
    text, totals = whole.text, whole.totals
    last = end >= len(text)
    end = _trimmed(text, start, end)
    em, gaps, room = box.size / 1000, max(end - start - 1, 0), box.width - indent
    natural = (totals[end] - totals[start]) * em
    if end > start and (not last or natural > room + TINY):
        natural += (whole.ending(end - 1) - whole.advances[end - 1]) * em
    spacing = (room - natural) / gaps if gaps and box.justify and not last else 0.0
    spacing = spacing if spacing <= LOOSEST * box.size else 0.0
    origin = indent - totals[start] * em - spacing * start  # where the paragraph would begin
    places, faces, parts = whole.pieces(start, end)
    return Line(
        indent,
        faces,
        parts,
        _begins(whole, places, origin, em, spacing) if whole.placed else (),
        _rules(whole, (start, end), origin, spacing, box) if whole.is_underlined else (),
        spacing + box.tracking,
        natural + spacing * gaps,
        text[start:end],
    )


def _rules(
    whole: Measured, part: tuple[int, int], origin: float, spacing: float, box: _Box
) -> tuple[tuple[float, float], ...]:
    """Return where rules go under a line, `part` of the paragraph, from one x to another."""
    start, end = part

    def left(index: int) -> float:
        """Where a character begins, and at the line's end where the line does."""
        gaps = min(index, max(end - 1, start))
        return origin + whole.totals[index] * box.size / 1000 + spacing * gaps

    rules = [(left(a), left(b)) for a, b in _underlined(whole, start, end)]
    last = end >= len(whole.text)
    final = whole.owners[-1][1] if last or start == end else whole.owner(end - 1)
    if final.line and (final.fill or not last):
        _draw_on(rules, left(end), box.width)
    return tuple((a, min(b, box.width)) for a, b in rules)


def _underlined(whole: Measured, start: int, end: int) -> list[tuple[int, int]]:
    """Return the stretches of a line that stand on a rule, those side by side as one."""
    found: list[tuple[int, int]] = []
    begin = 0
    for stop, span in whole.owners:
        a, b = max(begin, start), min(stop, end)
        if span.line and a < b:
            joins = found and found[-1][1] == a
            found[-1:] = [(found[-1][0], b)] if joins else [*found[-1:], (a, b)]
        begin = stop
    return found


def _draw_on(rules: list[tuple[float, float]], x: float, width: float) -> None:
    """Let the rule under a field go on from `x` to the end of its line."""
    if rules and abs(rules[-1][1] - x) < NEAR:
        rules[-1] = rules[-1][0], max(width, x)
    elif x < width:
        rules.append((x, width))


def _begins(
    whole: Measured, places: Sequence[int], origin: float, em: float, spacing: float
) -> tuple[float | None, ...]:
    """Return where pieces begin that do not follow on the one before."""
    return tuple(
        origin + whole.totals[place] * em + spacing * place if place in whole.placed else None
        for place in places
    )
