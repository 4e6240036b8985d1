"""
Ruled forms (审批表, 呈批表): fields side by side, blocks of them under one label, opinions.

Every row is as high as what is written in it; a long value flows to the next page between its
lines, its sides ruled all the way.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pdf_templates.setting.lines import Line, Span, break_lines
from pdf_templates.setting.page import FORM, Frame, Mark, Paper, Rule, Strip, Strokes, Text, moved
from pdf_templates.setting.tables import MOST_KEPT, THICK, THIN, Look

Ink = tuple[tuple[tuple[int, int], ...], ...]
"""Handwriting: strokes of points 0 … 1000 in a box three times as wide as high."""

INK_WIDTH, LEAST_INK = 75.0, 50.0
MOST_SIGNING = 4
"""Up to so many who sign an opinion sign it on one page."""
LEAST_TO_WRITE, LEAST_SAID = 3, 2
"""Lines of room in an opinion that will be written by hand, and in one that is printed."""


@dataclass(frozen=True)
class Field:
    """A label and its value; the shares are per cent of what is right of the block's label."""

    label: str
    value: str
    label_share: float
    value_share: float


@dataclass(frozen=True)
class Signing:
    """Where somebody signs an opinion: capacity, certificate, date as printed, handwriting."""

    label: str
    cert_no: str = ""
    day: str = "　　年　　月　　日"
    ink: Ink = ()


@dataclass(frozen=True)
class Opinion:
    """A label, what was decided, and who signs for it."""

    label: str
    text: str
    signings: tuple[Signing, ...]


@dataclass(frozen=True)
class Block:
    """Rows of fields under one label, such as 当事人基本情况."""

    label: str
    rows: tuple[tuple[Field, ...], ...]


Row = tuple[Field, ...] | Opinion | Block


def form(
    rows: Sequence[Row], label_share: float = 16.0, paper: Paper = FORM, look: Look | None = None
) -> list[Strip]:
    """
    Return a ruled form as strips.

    Args:
        rows: From top to bottom.
        label_share: The part of the width, in per cent, of the labels of blocks and opinions.
        paper: What it is printed on.
        look: How it is set.
    """
    setter = _Setter(paper, look or Look(pitch=18.0), label_share)
    top = Rule(paper.left, 0, paper.width - paper.right, 0, THICK)
    begin = Strip(0, (top,), keep=True)
    frame = Frame((begin,), (top,))
    strips = [begin, *(strip for row in rows for strip in setter.row(row))]
    closed = strips[-1]._replace(marks=(*strips[-1].marks, _thick(top, strips[-1].height)))
    return [strip._replace(frame=frame) for strip in (*strips[:-1], closed)]


def _thick(top: Rule, height: float) -> Rule:
    return top._replace(y0=height, y1=height)


@dataclass(frozen=True)
class _Part:
    """Set lines in a box of the row: where it begins, how wide it is, whether in the middle."""

    x: float
    width: float
    lines: list[Line]
    is_label: bool


class _Setter:
    """Sets the rows of one form."""

    def __init__(self, paper: Paper, look: Look, label_share: float) -> None:
        self._look = look
        self._left, self._right = paper.left, paper.width - paper.right
        self._inner = self._left + paper.text_width * label_share / 100

    def row(self, row: Row) -> list[Strip]:
        """Return one row with its sides and the rule below it."""
        if isinstance(row, Opinion):
            return self._opinion(row)
        if isinstance(row, Block):
            return self._block(row)
        return self._fields(row, self._left)

    def _fields(self, fields: Sequence[Field], left: float) -> list[Strip]:
        parts = self._parts(fields, left)
        most = max(len(part.lines) for part in parts)
        edges = [left, *(part.x for part in parts[1:])]
        if most <= MOST_KEPT:
            return [self._kept(parts, most, edges)]
        return list(self._flowing(parts, most, edges))

    def _parts(self, fields: Sequence[Field], left: float) -> list[_Part]:
        parts, x, whole = [], left, self._right - left
        for one in fields:
            for text, share, is_label in (
                (one.label, one.label_share, True),
                (one.value, one.value_share, False),
            ):
                width = whole * share / 100
                parts.append(
                    self._label(x, width, text)
                    if is_label
                    else _Part(x, width, self._set(text, width, one.label), is_label=False)
                )
                x += width
        return parts

    def _set(self, text: str, width: float, field: str, first: float = 0.0) -> list[Line]:
        look = self._look
        room = width - 2 * look.beside
        return break_lines([Span(text, field=field)], look.size, room, first=first, justify=False)

    def _label(self, x: float, width: float, text: str) -> _Part:
        """Return a label; one of several lines has them as long as each other."""
        lines = self._set(text, width, text)
        if len(lines) > 1:
            look = self._look
            each = math.ceil(len(text) / len(lines) / 2) * 2  # most words have two characters
            even = each * look.size + 2 * look.beside
            again = self._set(text, min(even + 0.1, width), text)
            lines = again if len(again) == len(lines) else lines
        return _Part(x, width, lines, is_label=True)

    def _kept(self, parts: Sequence[_Part], most: int, edges: Sequence[float]) -> Strip:
        look = self._look
        height = most * look.pitch + 2 * look.above
        marks = self._sides(edges, height)
        for part in parts:
            marks += self._middle(part, height)
        marks.append(Rule(edges[0], height, self._right, height, THIN))
        return Strip(height, tuple(marks))

    def _middle(self, part: _Part, height: float, top: float = 0.0) -> list[Text]:
        """Return a part's lines in the middle of its height; a label also of its width."""
        look = self._look
        y = top + (height - len(part.lines) * look.pitch) / 2 + look.base + 1
        found = []
        for line in part.lines:
            spare = (part.width - 2 * look.beside - line.width) / 2 if part.is_label else 0.0
            found.append(Text(part.x + look.beside + spare, y, look.size, line))
            y += look.pitch
        return found

    def _flowing(
        self, parts: Sequence[_Part], most: int, edges: Sequence[float]
    ) -> Iterator[Strip]:
        look = self._look
        for index in range(most):
            above = look.above if index == 0 else 0.0
            height = above + look.pitch + (look.above if index == most - 1 else 0.0)
            marks = self._sides(edges, height)
            for part in parts:
                if index < len(part.lines):
                    one = replace(part, lines=[part.lines[index]])
                    marks += self._middle(one, look.pitch, above)
            if index == most - 1:
                marks.append(Rule(edges[0], height, self._right, height, THIN))
            yield Strip(height, tuple(marks), keep=index in (0, most - 2))

    def _block(self, block: Block) -> list[Strip]:
        """Return rows side by side with the label that stands for all of them."""
        strips = [strip for row in block.rows for strip in self._fields(row, self._inner)]
        label = self._label(self._left, self._inner - self._left, block.label)
        if len(strips) > len(block.rows):
            return self._flowing_block(strips, label)
        marks: list[Mark] = []
        y = 0.0
        for strip in strips:
            marks += [moved(mark, y) for mark in strip.marks]
            y += strip.height
        marks += [*self._sides([self._left], y), *self._middle(label, y)]
        marks.append(Rule(self._left, y, self._right, y, THIN))
        return [Strip(y, tuple(marks))]

    def _flowing_block(self, strips: Sequence[Strip], label: _Part) -> list[Strip]:
        """Return a block with a long value, strip by strip, its label going down from the top."""
        pitch, found = self._look.pitch, list[Strip]()
        for number, strip in enumerate(strips):
            marks = [*strip.marks, *self._sides([self._left], strip.height)]
            said = replace(label, lines=label.lines[number : number + 1])
            marks += self._middle(said, pitch, min(self._look.above, strip.height - pitch))
            keep = strip.keep or number < len(label.lines) - 1
            found.append(strip._replace(marks=tuple(marks), keep=keep))
        last = found[-1]
        rule = Rule(self._left, last.height, self._right, last.height, THIN)
        return [*found[:-1], last._replace(marks=(*last.marks, rule))]

    def _opinion(self, opinion: Opinion) -> list[Strip]:
        """Return what was decided, flowing as far as it needs, and below it who signs."""
        look = self._look
        label = self._label(self._left, self._inner - self._left, opinion.label)
        inner = self._right - self._inner
        said = self._set(opinion.text, inner, opinion.label, 2 * look.size)
        least = LEAST_SAID if opinion.text else LEAST_TO_WRITE
        said += [_EMPTY] * (max(least, len(label.lines)) - len(said))
        signings = [self._signing(one) for one in opinion.signings]
        below = sum(strip.height for strip in signings) + look.above
        edges = [self._left, self._inner]
        if len(said) <= MOST_KEPT and len(signings) <= MOST_SIGNING:
            height = look.above + len(said) * look.pitch + below
            marks = [*self._sides(edges, height), *self._middle(label, height)]
            y = look.above
            for line in said:
                marks.append(Text(self._inner + look.beside, y + look.base, look.size, line))
                y += look.pitch
            for strip in signings:
                marks += [moved(mark, y) for mark in strip.marks]
                y += strip.height
            marks.append(Rule(self._left, height, self._right, height, THIN))
            return [Strip(height, tuple(marks))]
        body = _Part(self._inner, inner, said, is_label=False)
        flowing = list(self._flowing([label, body], len(said), edges))
        flowing[-1] = flowing[-1]._replace(marks=flowing[-1].marks[:-1], keep=True)
        parted = len(signings) - 1 if len(signings) > MOST_SIGNING else 0
        last = [
            strip._replace(
                marks=(*strip.marks, *self._sides(edges, strip.height)), keep=number >= parted
            )
            for number, strip in enumerate(signings)
        ]
        rule = Rule(self._left, look.above, self._right, look.above, THIN)
        end = Strip(look.above, (*self._sides(edges, look.above), rule))
        return [*flowing, *last, end]

    def _signing(self, one: Signing) -> Strip:
        """Return the line to sign; a number too long to stand on it, below it."""
        look = self._look
        label, cert = f"{one.label}（签名）：", f"　证号：{one.cert_no}" if one.cert_no else ""
        set_label, set_tail = (
            break_lines([Span(text, field=one.label)], look.size, 1e6, justify=False)[0]
            for text in (label, f"{cert}　{one.day}")
        )
        right = self._right - look.beside
        inner = right - self._inner - look.beside
        if cert and set_label.width + LEAST_INK + 4 + set_tail.width > inner:
            number = self._set(f"证号：{one.cert_no}", right - self._inner, one.label)
            return self._with_number(self._signing(replace(one, cert_no="")), number)
        tail_at = right - set_tail.width
        room = inner - set_tail.width - set_label.width - 4
        ink_at = tail_at - max(min(INK_WIDTH, room), LEAST_INK) - 4
        label_at = ink_at - set_label.width
        base = look.signing - 6
        marks: list[Mark] = [
            Text(label_at, base, look.size, set_label),
            Text(tail_at, base, look.size, set_tail),
        ]
        if one.ink:
            marks.append(Strokes(ink_at + 2, 0, tail_at - ink_at - 4, one.ink))
        return Strip(look.signing, tuple(marks))

    def _with_number(self, signed: Strip, number: Sequence[Line]) -> Strip:
        """Return a line to sign with the lines of a certificate's number below it, at the right."""
        look, right = self._look, self._right - self._look.beside
        marks = [
            Text(
                right - line.width, signed.height + below * look.pitch + look.base, look.size, line
            )
            for below, line in enumerate(number)
        ]
        return Strip(signed.height + len(number) * look.pitch, (*signed.marks, *marks))

    def _sides(self, edges: Sequence[float], height: float) -> list[Mark]:
        outer = {self._left, self._right}
        return [Rule(x, 0, x, height, THICK if x in outer else THIN) for x in (*edges, self._right)]


_EMPTY = Line(0.0, (), (), (), (), 0.0, 0.0, "")
