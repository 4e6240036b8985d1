"""
Tables with rules: columns, a head that comes again on each further page, rows that may be cut.

A short row stays on one page; a long one flows on line by line, its sides ruled all the way.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal, NamedTuple

from pdf_templates.setting.faces import Style
from pdf_templates.setting.lines import Line, Span, break_lines
from pdf_templates.setting.page import FORM, Frame, Link, Mark, Paper, Rule, Strip, Text

Side = Literal["left", "centre", "right"]

THICK, THIN = 0.8, 0.5
MOST_KEPT = 8
"""Lines up to which a row stays whole."""


@dataclass(frozen=True)
class Look:
    """How a table is set: type size, line pitch and the white around a cell's text, in points."""

    size: float = 10.5
    pitch: float = 17.0
    beside: float = 4.0
    above: float = 5.0
    base: float = 12.5  # from a line's top to its baseline
    signing: float = 27.0  # the height of a line to sign


@dataclass(frozen=True)
class Column:
    """A column: its part of the width in per cent, and to which side its cells are set."""

    share: float
    side: Side = "left"


class Cell(NamedTuple):
    """Text in a table; `field` names it in errors."""

    text: str
    style: Style = "body"
    field: str = ""
    side: Side | None = None  # the column's where None


def table(
    columns: Sequence[Column],
    rows: Sequence[Sequence[Cell]],
    head: Sequence[Cell] = (),
    paper: Paper = FORM,
    look: Look | None = None,
    links: Sequence[int] = (),
) -> list[Strip]:
    """
    Return a table as strips.

    Args:
        columns: From left to right; their shares make 100.
        rows: As many cells each as there are columns.
        head: What stands above the columns on every page; none when empty.
        paper: What it is printed on.
        look: How it is set.
        links: The page of the file to which each row leads, from 1; none when empty.
    """
    setter = _Setter(columns, paper, look or Look())
    top = Rule(paper.left, 0, paper.width - paper.right, 0, THICK)
    heading = setter.row([cell._replace(side="centre") for cell in head]) if head else []
    begin = [Strip(0, (top,), keep=True), *(strip._replace(keep=True) for strip in heading)]
    frame = Frame(tuple(begin), (top,))
    set_rows = [setter.row(row) for row in rows]
    for number, page in enumerate(links):
        set_rows[number] = [_leading(strip, paper, page) for strip in set_rows[number]]
    body = [strip for row in set_rows for strip in row]
    return [strip._replace(frame=frame) for strip in (*begin, *body)]


def _leading(strip: Strip, paper: Paper, page: int) -> Strip:
    """Return a row that leads to a page where it is clicked."""
    link = Link(paper.left, 0, paper.text_width, strip.height, page)
    return strip._replace(marks=(*strip.marks, link))


class _Setter:
    """Sets the rows of one table."""

    def __init__(self, columns: Sequence[Column], paper: Paper, look: Look) -> None:
        self._columns, self._look = columns, look
        widths = [paper.text_width * column.share / 100 for column in columns]
        self._widths = widths
        self._edges = [paper.left + x for x in accumulate(widths, initial=0.0)]
        weights = [THICK, *[THIN] * (len(columns) - 1), THICK]
        self._uprights = [*zip(self._edges, weights, strict=True)]
        self._sides_of: dict[float, tuple[Rule, ...]] = {}  # few heights come in one table

    def row(self, cells: Sequence[Cell]) -> list[Strip]:
        """Return one row, with its sides and the rule below it."""
        set_ = [self._set(cell, width) for cell, width in zip(cells, self._widths, strict=True)]
        most = max(map(len, set_))
        if most <= MOST_KEPT:
            return [self._whole(cells, set_, most)]
        return list(self._flowing(cells, set_, most))

    def _set(self, cell: Cell, width: float) -> list[Line]:
        look = self._look
        spans = [Span(cell.text, cell.style, field=cell.field)]
        return break_lines(spans, look.size, width - 2 * look.beside, justify=False)

    def _whole(self, cells: Sequence[Cell], set_: Sequence[Sequence[Line]], most: int) -> Strip:
        """Return a short row; what is shorter than its neighbours stands in the middle."""
        look = self._look
        height = most * look.pitch + 2 * look.above
        marks = self._sides(height)
        for number, lines in enumerate(set_):
            y = look.above + (most - len(lines)) * look.pitch / 2 + look.base
            for line in lines:
                marks.append(self._text(cells, number, line, y))
                y += look.pitch
        marks.append(self._below(height))
        return Strip(height, tuple(marks))

    def _flowing(
        self, cells: Sequence[Cell], set_: Sequence[Sequence[Line]], most: int
    ) -> Iterator[Strip]:
        """Yield a long row line by line; neither its first nor its last line stands alone."""
        look = self._look
        for index in range(most):
            above = look.above if index == 0 else 0.0
            height = above + look.pitch + (look.above if index == most - 1 else 0.0)
            marks = self._sides(height)
            for number, lines in enumerate(set_):
                if index < len(lines):
                    marks.append(self._text(cells, number, lines[index], above + look.base))
            if index == most - 1:
                marks.append(self._below(height))
            yield Strip(height, tuple(marks), keep=index in (0, most - 2))

    def _text(self, cells: Sequence[Cell], number: int, line: Line, y: float) -> Text:
        look = self._look
        spare = self._widths[number] - 2 * look.beside - line.width
        side = cells[number].side or self._columns[number].side
        shift = {"left": 0.0, "centre": spare / 2, "right": spare}[side]
        return Text(self._edges[number] + look.beside + shift, y, look.size, line)

    def _sides(self, height: float) -> list[Mark]:
        if height not in self._sides_of:
            rules = [Rule(x, 0, x, height, weight) for x, weight in self._uprights]
            self._sides_of[height] = tuple(rules)
        return [*self._sides_of[height]]

    def _below(self, height: float) -> Rule:
        return Rule(self._edges[0], height, self._edges[-1], height, THIN)
