"""
Lines of Chinese text: 避头尾, unbreakable words and figures, justified by character spacing.

Widths are points. A line is a list of pieces at absolute positions, so that a face change, a
compressed punctuation mark or an underlined field need nothing from the drawing side.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pdf_templates.errors import FieldTooNarrow
from pdf_templates.faces import VECTOR, Style, find

NO_START = frozenset("，。、；：？！．》〉」』】〕〗）’”…—·％‰℃%,.;:?!)]}～")
"""避头: what a line may not begin with."""
NO_END = frozenset("《〈「『【〔〖（‘“([{￥№§")
"""避尾: what a line may not end with."""
CLOSING = frozenset("，。、；：？！．》〉」』】〕〗）’”")
OPENING = frozenset("《〈「『【〔〖（‘“")
UNITS = frozenset("％‰℃°㎡㎥㎜㎝㎞㎏㏑′″²³")
PAIRS = frozenset(("——", "……"))
INVISIBLE = re.compile("[\u200b-\u200f\ufeff\ufe00-\ufe0f\u202a-\u202e\x00-\x08\x0b-\x1f\x7f]")

JOINER = "\u2060"
"""Not drawn; the line does not break where it stands (`unbroken`)."""
LONG_RUN = 12
"""From this length on a run with figures (a code, a hash) may split."""
LOOSE = 0.1
"""Spacing in em above which a long run is split rather than the line drawn apart."""
LOOSER = 0.3
"""The same for `0.4 m`, which stays together longer than a hash does."""
LOOSEST = 0.5
"""Spacing in em above which a line is left ragged."""
HALF = 500.0


@dataclass(frozen=True)
class Span:
    """A stretch of text in one style; `field` names it in errors, `line` underlines it."""

    text: str
    style: Style = "body"
    line: bool = False
    fill: bool = False  # the underline goes on to the end of its line
    field: str = ""


@dataclass(frozen=True)
class Piece:
    """Characters of one face, drawn from `x` with the line's spacing."""

    x: float
    face: str
    text: str


@dataclass(frozen=True)
class Line:
    """One line as it will be drawn; `width` is what its ink takes, `text` what it says."""

    pieces: tuple[Piece, ...]
    rules: tuple[tuple[float, float], ...]
    spacing: float
    width: float
    text: str


@dataclass(frozen=True)
class _Glyph:
    char: str
    face: str
    advance: float  # thousandths of the em, after compression
    full: float
    span: int
    glued: bool  # no break after it, whatever follows


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

    Raises:
        MissingGlyph: No face has a character.
        FieldTooNarrow: A character is wider than the box.
    """
    lines: list[Line] = []
    for part in _paragraphs(spans):
        glyphs = _glyphs(part)
        splits = _soft_breaks(glyphs)
        start, indent = 0, first
        while True:
            end = _line_end(glyphs, splits, start, (width - indent) * 1000 / size, part)
            last = end >= len(glyphs)
            shown = glyphs[start : _trimmed(glyphs, start, end)]
            lines.append(_line(shown, part, size, width, indent, justify and not last, last))
            start, indent = _skip_spaces(glyphs, end), rest
            if start >= len(glyphs):
                break
    return lines


def text_width(text: str, size: float, style: Style = "body", where: str = "") -> float:
    """Return the natural width of a text on one line, in points."""
    return sum(g.advance for g in _glyphs([Span(text, style, field=where)])) * size / 1000


def _paragraphs(spans: Sequence[Span]) -> list[list[Span]]:
    parts: list[list[Span]] = [[]]
    for span in spans:
        clean = INVISIBLE.sub("", span.text.replace("\r\n", "\n").replace("\r", "\n"))
        clean = clean.replace("\t", " ").replace("\u00a0", " ").strip("\n")
        for number, text in enumerate(clean.split("\n")):
            if number:
                parts.append([])
            parts[-1].append(Span(text, span.style, span.line, span.fill, span.field))
    return parts


def _glyphs(spans: Sequence[Span]) -> list[_Glyph]:
    marked = [(char, number) for number, span in enumerate(spans) for char in span.text]
    flat = [part for part in marked if part[0] != JOINER]
    glued = _glued(marked)
    found = [find(char, spans[number].style, spans[number].field) for char, number in flat]
    glyphs = []
    for index, (char, number) in enumerate(flat):
        name, full = found[index]
        after = flat[index + 1][0] if index + 1 < len(flat) else ""
        tight = full > HALF and _touching(char, after)
        advance = full - HALF if tight else full
        glyphs.append(_Glyph(char, name, advance, full, number, index in glued))
    return glyphs


def _glued(marked: list[tuple[str, int]]) -> set[int]:
    """Return the indices, joiners not counted, of the characters that a joiner follows."""
    found, index = set(), -1
    for char, _ in marked:
        if char == JOINER:
            found.add(index)
        else:
            index += 1
    return found


def _touching(char: str, after: str) -> bool:
    """Whether two marks in a row would leave a hole of half an em between their inks."""
    if char in CLOSING:
        return after in CLOSING or after in OPENING
    return char in OPENING and after in OPENING


def may_break(before: str, after: str) -> bool:
    """Return whether a line may end between these two characters."""
    if after in NO_START or before in NO_END or after == " ":
        return False
    if before == " ":
        return True
    if before + after in PAIRS or (before.isdigit() and after in UNITS):
        return False
    return not (_wordy(before) and _wordy(after))


def _measure(glyphs: list[_Glyph], index: int) -> bool:
    """Return whether this is the space within `0.4 m` or `GB 15577`, which stay together."""
    if glyphs[index].char != " " or not 0 < index < len(glyphs) - 1:
        return False
    before, after = glyphs[index - 1].char, glyphs[index + 1].char
    return (before.isdigit() or after.isdigit()) and _wordy(before) and _wordy(after)


def _wordy(char: str) -> bool:
    return "!" <= char <= "~" or "\u00c0" <= char <= "\u024f"


def _line_end(
    glyphs: list[_Glyph], splits: set[int], start: int, room: float, spans: Sequence[Span]
) -> int:
    """Return the index after the last glyph of the line from `start`; room in 1/1000 em."""
    used, fits, hard, soft, measure = 0.0, start, start, start, start
    for index in range(start, len(glyphs)):
        glyph = glyphs[index]
        if glyph.char != " " and used + _ending(glyph) > room:
            break
        used += glyph.advance
        if used - glyph.advance + _ending(glyph) <= room:
            fits = index + 1
        if index + 1 == len(glyphs):
            hard = index + 1
        elif index in splits:
            soft = index + 1
        elif _measure(glyphs, index):
            measure = index + 1
        elif not glyph.glued and may_break(glyph.char, glyphs[index + 1].char):
            hard = index + 1
    if hard >= len(glyphs):
        return hard
    if fits == start:
        raise FieldTooNarrow(field=spans[glyphs[start].span].field if glyphs else "正文")
    loose = _looseness(glyphs, start, hard, room) if hard > start else LOOSEST
    best = max(hard, soft) if loose > LOOSE else hard
    best = max(best, measure) if loose > LOOSER else best
    return best if best > start else _forced(glyphs, start, fits)


def _ending(glyph: _Glyph) -> float:
    """A closing mark at the end of a line takes half its width: the other half is white."""
    return glyph.full - HALF if glyph.char in CLOSING and glyph.full > HALF else glyph.advance


def _soft_breaks(glyphs: list[_Glyph]) -> set[int]:
    """Return where a long code or hash may split: the characters that would end a line."""
    found: set[int] = set()
    start = 0
    while start < len(glyphs):
        end = start
        while end < len(glyphs) and _wordy(glyphs[end].char):
            end += 1
        run = glyphs[start:end]
        if len(run) >= LONG_RUN and any(g.char.isdigit() for g in run):
            found.update(
                index
                for index in range(start + 1, end - 2)
                if glyphs[index + 1].char not in NO_START and glyphs[index].char not in NO_END
            )
        start = max(end, start + 1)
    return found


def _looseness(glyphs: list[_Glyph], start: int, end: int, room: float) -> float:
    """Return the spacing in em that would draw this line out to its box."""
    shown = glyphs[start : _trimmed(glyphs, start, end)]
    slack = room - sum(g.advance for g in shown)
    return slack / 1000 / max(len(shown) - 1, 1)


def _forced(glyphs: list[_Glyph], start: int, fits: int) -> int:
    """Split a word that is wider than the line, still keeping 避头尾 where any split can."""
    for end in range(fits, start, -1):
        if glyphs[end].char not in NO_START and glyphs[end - 1].char not in NO_END:
            return end
    return fits


def _trimmed(glyphs: list[_Glyph], start: int, end: int) -> int:
    while end > start and glyphs[end - 1].char == " " and end < len(glyphs):
        end -= 1
    return end


def _skip_spaces(glyphs: list[_Glyph], index: int) -> int:
    while index < len(glyphs) and glyphs[index].char == " ":
        index += 1
    return index


def _line(
    glyphs: list[_Glyph],
    spans: Sequence[Span],
    size: float,
    width: float,
    indent: float,
    justify: bool,
    last: bool,
) -> Line:
    em = size / 1000
    natural = sum(g.advance for g in glyphs) * em
    if glyphs and (not last or natural > width - indent):
        natural += (_ending(glyphs[-1]) - glyphs[-1].advance) * em
    spacing = 0.0
    if justify and len(glyphs) > 1:
        spacing = (width - indent - natural) / (len(glyphs) - 1)
        spacing = spacing if spacing <= LOOSEST * size else 0.0
    pieces: list[Piece] = []
    rules: list[list[float]] = []
    x, closed = indent, True
    for index, glyph in enumerate(glyphs):
        if closed or pieces[-1].face != glyph.face or glyph.face == VECTOR:
            pieces.append(Piece(x, glyph.face, glyph.char))
        else:
            pieces[-1] = Piece(pieces[-1].x, glyph.face, pieces[-1].text + glyph.char)
        step = glyph.advance * em + (spacing if index + 1 < len(glyphs) else 0.0)
        if spans[glyph.span].line:
            if rules and abs(rules[-1][1] - x) < 0.01:
                rules[-1][1] = x + step
            else:
                rules.append([x, x + step])
        x += step
        closed = glyph.advance != glyph.full
    _extend(rules, glyphs, spans, x, width, last)
    return Line(
        tuple(pieces),
        tuple((a, min(b, width)) for a, b in rules),
        spacing,
        natural + spacing * max(len(glyphs) - 1, 0),
        "".join(g.char for g in glyphs),
    )


def _extend(
    rules: list[list[float]],
    glyphs: list[_Glyph],
    spans: Sequence[Span],
    x: float,
    width: float,
    last: bool,
) -> None:
    """Draw the underline of a field on to the end of the line where it is asked for or goes on."""
    final = spans[-1] if last or not glyphs else spans[glyphs[-1].span]
    if not final.line or (last and not final.fill):
        return
    if rules and abs(rules[-1][1] - x) < 0.01:
        rules[-1][1] = max(width, rules[-1][1])
    elif x < width:
        rules.append([x, width])
