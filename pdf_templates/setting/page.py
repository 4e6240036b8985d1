"""
The page: its measures, and what can stand on it.

Positions are points from the top left corner of the sheet, y downwards; text hangs on its baseline.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from pdf_templates.setting.lines import Line

MM = 72 / 25.4
"""Points of a millimetre."""


@dataclass(frozen=True)
class Paper:
    """
    A kind of paper and the type area on it, in points.

    Attributes:
        width, height: Of the sheet.
        left, right, top, bottom: Margins.
        size: Of the body's type.
        leading: From line to line.
        pitches: Line pitches to try when pages would end half empty, the usual one first.
        tracking: Between characters, so that they stand on the paper's grid.
        blank_lines: What may stay empty at the end of a page that is not the last.
    """

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    size: float
    leading: float
    pitches: tuple[float, ...]
    tracking: float = 0.0
    blank_lines: float = 2.2

    @property
    def text_width(self) -> float:
        """The width of the type area."""
        return self.width - self.left - self.right

    @property
    def most_blank(self) -> float:
        """Points that may stay empty at the end of a page that is not the last."""
        return self.blank_lines * self.leading

    @property
    def tallest_closing(self) -> float:
        """Points beyond which a closing block flows like content."""
        return 0.6 * (self.height - self.top - self.bottom)


A4 = (210 * MM, 297 * MM)
_FORM_PITCHES = sorted((18 + step / 2 for step in range(15)), key=lambda pitch: abs(pitch - 21.0))

FORM = Paper(595.28, 841.89, 84.0, 84.0, 72.0, 72.0, 10.5, 21.0, tuple(_FORM_PITCHES))
"""
Forms and records: shared practice of two real template sets (A4, 29.6 mm at the sides, 25.4 mm
above and below; 10.5 pt type on 21 pt, in use set on 21 to 29).
"""
_GRID = 225 * MM / 22
_GRIDS = tuple(225 * MM / lines for lines in (22, 23, 21, 24, 20))
REASONED = Paper(
    *A4,
    28 * MM,
    26 * MM,
    37 * MM,
    35 * MM,
    16.0,
    _GRID,
    _GRIDS,
    tracking=156 * MM / 28 - 16.0,
    blank_lines=7.0,
)
"""
Reasoned documents: the type area and grid of GB/T 9704-2012, 156 × 225 mm at 37 mm from the top
and 28 mm from the left, 22 lines of 28 characters of 3号 type; other pitches where signature, seal
and date would not fit the rest of a page (7.3.5.5). Seven lines are what goes with those three.
"""
WIDTH, HEIGHT = FORM.width, FORM.height
SIDE, TOP, BOTTOM = FORM.left, FORM.top, FORM.bottom
TEXT_WIDTH, SIZE, LEADING = FORM.text_width, FORM.size, FORM.leading


class Text(NamedTuple):
    """One set line; `x` is the left edge of its box, `y` its baseline."""

    x: float
    y: float
    size: float
    line: Line


class Rule(NamedTuple):
    """A straight stroke."""

    x0: float
    y0: float
    x1: float
    y1: float
    weight: float = 0.5


@dataclass(frozen=True)
class Box:
    """An empty rectangle."""

    x: float
    y: float
    width: float
    height: float
    weight: float = 0.5


@dataclass(frozen=True)
class Strokes:
    """A handwritten signature: points 0..1000 of a box 3 wide and 1 high, drawn as lines."""

    x: float
    y: float
    width: float
    strokes: tuple[tuple[tuple[int, int], ...], ...]


@dataclass(frozen=True)
class Picture:
    """A photo by its key, fitted into a box without distortion."""

    x: float
    y: float
    width: float
    height: float
    key: str


@dataclass(frozen=True)
class Modules:
    """
    A QR code with its top left module at (x, y); the white around it is kept by who places it.

    Attributes:
        size: The side of a module, in points.
        bars: Its dark rectangles, in modules: column, row, width, height.
    """

    x: float
    y: float
    size: float
    bars: tuple[tuple[int, int, int, int], ...]


@dataclass(frozen=True)
class Link:
    """A box that leads to another page of the file, which is numbered from 1."""

    x: float
    y: float
    width: float
    height: float
    page: int


Mark = Text | Rule | Box | Strokes | Picture | Modules | Link


class Strip(NamedTuple):
    """A slice of the page over its full width; marks are relative to its top."""

    height: float
    marks: tuple[Mark, ...]
    keep: bool = False  # not the last on a page: stays with the next strip
    frame: "Frame | None" = None  # the table that it is a part of


@dataclass(frozen=True, eq=False)
class Frame:
    """
    A table, which may be cut where a page ends.

    Attributes:
        again: What heads its part on each further page.
        end: What closes its part on a page where it goes on overleaf, relative to its last line.
    """

    again: tuple[Strip, ...] = ()
    end: tuple[Mark, ...] = ()


Placed = tuple[float, tuple[Mark, ...]]
"""Marks, and how far down the page what they are relative to begins."""


@dataclass(frozen=True)
class Page:
    """
    A finished page.

    Attributes:
        placed: What stands on it. It is moved to its place as it is drawn and not before: a long
            file has a hundred thousand marks.
        paper: What it is printed on.
        behind: A word such as 作废 behind what stands on it.
    """

    placed: tuple[Placed, ...]
    paper: Paper = FORM
    behind: str = ""

    @classmethod
    def of(cls, marks: Sequence[Mark], paper: Paper = FORM, behind: str = "") -> "Page":
        """Return a page of marks that stand at their places already."""
        return cls(((0.0, tuple(marks)),), paper, behind)

    @property
    def marks(self) -> tuple[Mark, ...]:
        """All marks where they stand on the page."""
        return tuple([moved(mark, down) for down, marks in self.placed for mark in marks])

    def with_mark(self, mark: Mark) -> "Page":
        """Return the page with one more mark, where it stands on the page."""
        return replace(self, placed=(*self.placed, (0.0, (mark,))))


def moved(mark: Mark, down: float) -> Mark:
    """Return the mark lower on the page by `down` points; texts and rules, which are many, fast."""
    if isinstance(mark, Text):
        return Text(mark.x, mark.y + down, mark.size, mark.line)
    if isinstance(mark, Rule):
        return Rule(mark.x0, mark.y0 + down, mark.x1, mark.y1 + down, mark.weight)
    return replace(mark, y=mark.y + down)
