"""
The page: its measures, what can stand on it, and how content flows from page to page.

Positions are points from the top left corner of the sheet, y downwards; text hangs on its baseline.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from pdf_templates.errors import BlockTooTall, DocumentTooLong
from pdf_templates.setting.lines import Line

MM = 72 / 25.4
"""Points of a millimetre."""
NEAR = 0.01
"""Points by which lines may miss the page that they fill: sums of a grid's pitch are not exact."""
MOST_PAGES = 2_000
"""Of one document; a whole case file seldom has three hundred."""


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

    @property
    def text_width(self) -> float:
        """The width of the type area."""
        return self.width - self.left - self.right

    @property
    def most_blank(self) -> float:
        """Points that may stay empty at the end of a page that is not the last."""
        return 2.2 * self.leading

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
REASONED = Paper(
    *A4, 28 * MM, 26 * MM, 37 * MM, 35 * MM, 16.0, _GRID, (_GRID,), tracking=156 * MM / 28 - 16.0
)
"""
Reasoned documents: the type area and grid of GB/T 9704-2012, 156 × 225 mm at 37 mm from the top
and 28 mm from the left, 22 lines of 28 characters of 3号 type.
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
    grey: float = 0.0


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


@dataclass(frozen=True)
class Page:
    """A finished page; `behind` is a word such as 作废 behind what stands on it."""

    marks: tuple[Mark, ...]
    paper: Paper = FORM
    behind: str = ""


@dataclass(frozen=True)
class Sheet:
    """
    What surrounds the flowing content.

    Attributes:
        head: Strips on the first page, above the content.
        again: Strips on each further page (续页 and a double rule).
        foot: Strip at the bottom of every page but the closing one (a line to sign), or None.
        below: Draws what stands in the bottom margin, given page number and page total.
        paper: What it is printed on.
    """

    head: tuple[Strip, ...]
    again: tuple[Strip, ...]
    foot: Strip | None
    below: Callable[[int, int], tuple[Mark, ...]]
    paper: Paper = FORM

    @property
    def floor(self) -> float:
        """Where the type area ends."""
        return self.paper.height - self.paper.bottom


@dataclass
class _Filling:
    """A page being filled; its marks are moved to their places at last, when all is tried."""

    y: float
    placed: list[tuple[float, tuple[Mark, ...]]] = field(default_factory=list)

    def put(self, strip: Strip, at: float | None = None) -> None:
        """Place a strip at the next free place, or with its top at `at`."""
        top = self.y if at is None else at
        self.placed.append((top, strip.marks))
        self.y = top + strip.height

    def marks(self) -> tuple[Mark, ...]:
        """Return all marks where they stand."""
        return tuple([moved(mark, top) for top, marks in self.placed for mark in marks])


def moved(mark: Mark, down: float) -> Mark:
    """Return the mark lower on the page by `down` points; texts and rules, which are many, fast."""
    if isinstance(mark, Text):
        return Text(mark.x, mark.y + down, mark.size, mark.line, mark.grey)
    if isinstance(mark, Rule):
        return Rule(mark.x0, mark.y0 + down, mark.x1, mark.y1 + down, mark.weight)
    return replace(mark, y=mark.y + down)


def flow(
    sheet: Sheet,
    body: Sequence[Strip],
    closing: Sequence[Strip],
    *,
    blank: Callable[[float, bool], Strip | None],
    annexes: Sequence[Sequence[Strip]] = (),
) -> list[Page]:
    """
    Fill pages with the body, set the closing block at the foot of the last one, add the annexes.

    Where the body ends so that the closing block just misses the page, a page would stay empty for
    a quarter of its height: there all lines move closer or apart a little, as an office does.

    Args:
        sheet: The surroundings.
        body: The content in order.
        closing: The signature block; never alone on a page, and split only where it takes more
            than most of a page (many signers, a long refusal).
        blank: Makes the strip that closes a gap of so many points, or None where none is due;
            told whether the content ends there (以下空白) or goes on overleaf (转下页).
        annexes: Pages that follow (photo sheets), each already fitting one page.

    Raises:
        BlockTooTall: Something that must not be split is taller than a page.
        DocumentTooLong: The body fills more than MOST_PAGES.
    """
    if sum(strip.height for strip in body) > MOST_PAGES * sheet.paper.height:
        raise DocumentTooLong(most=MOST_PAGES)
    body, closing = _balanced(body, closing, sheet.paper.tallest_closing)
    pages = _best(sheet, body, closing)
    floor = sheet.floor
    foot, end = _foot(sheet), sum(strip.height for strip in closing)
    for page in pages[:-1]:
        _close_gap(page, blank(floor - foot - page.y, False))
    _close_gap(pages[-1], blank(floor - end - pages[-1].y, True))
    pages[-1].y = floor - end
    for strip in closing:
        pages[-1].put(strip)
    closed_on = len(pages) - 1
    for annex in annexes:
        pages.append(_begin(sheet, sheet.again))
        for strip in annex:
            pages[-1].put(strip)
    if annexes:
        _close_gap(pages[-1], blank(floor - foot - pages[-1].y, True))
    return _finished(sheet, pages, closed_on)


def _foot(sheet: Sheet) -> float:
    return sheet.foot.height if sheet.foot else 0.0


def _best(sheet: Sheet, body: Sequence[Strip], closing: Sequence[Strip]) -> list[_Filling]:
    """Return the pages at the pitch next to the usual one that leaves no page half empty."""
    end, foot = sum(strip.height for strip in closing), _foot(sheet)
    tried = []
    for pitch in sheet.paper.pitches:
        pages = _filled(sheet, _pitched(body, pitch, sheet.paper.leading), foot, end)
        gap = max((sheet.floor - foot - page.y for page in pages[:-1]), default=0.0)
        if gap < sheet.paper.most_blank:
            return pages
        tried.append((gap, pages))
    return min(tried, key=lambda one: one[0])[1]


def _pitched(body: Sequence[Strip], pitch: float, usual: float) -> Sequence[Strip]:
    """Return the content with its lines, but for those of tables, on another pitch."""
    if pitch == usual:
        return body
    down = (pitch - usual) / 2
    return [
        strip._replace(height=pitch, marks=tuple(moved(mark, down) for mark in strip.marks))
        if strip.height == usual and strip.frame is None
        else strip
        for strip in body
    ]


def _filled(sheet: Sheet, body: Sequence[Strip], foot: float, end: float) -> list[_Filling]:
    """Return the pages that the body takes; the last has room for a closing block `end` high."""
    pages = [_begin(sheet, sheet.head)]
    groups = list(_groups(body))
    frame: Frame | None = None
    for index, group in enumerate(groups):
        height = sum(strip.height for strip in group)
        room = sheet.floor - (end if index == len(groups) - 1 else foot)
        if height > room - pages[-1].y + NEAR:
            cut = frame if frame is group[0].frame else None
            head = (*sheet.again, *(cut.again if cut else ()))
            if height > room - _begin(sheet, head).y + NEAR:
                if len(group) == 1:
                    raise BlockTooTall
                groups[index + 1 : index + 1] = [[strip] for strip in group]  # no longer together
                continue
            pages.append(_turned(sheet, pages[-1], cut))
        for strip in group:
            pages[-1].put(strip)
        frame = group[-1].frame
    return pages


def _turned(sheet: Sheet, full: _Filling, cut: Frame | None) -> _Filling:
    """Return the next page; a table that is cut is closed on the full one and headed again."""
    if cut is None:
        return _begin(sheet, sheet.again)
    full.placed.append((full.y, cut.end))
    return _begin(sheet, (*sheet.again, *cut.again))


def _balanced(
    body: Sequence[Strip], closing: Sequence[Strip], tallest: float
) -> tuple[Sequence[Strip], Sequence[Strip]]:
    """Let the beginning of a closing block that is too tall to stay together flow as content."""
    height, moved_ = sum(strip.height for strip in closing), 0
    while height > tallest and moved_ < len(closing) - 1:
        height -= closing[moved_].height
        moved_ += 1
    loose = [strip._replace(keep=False) for strip in closing[:moved_]]
    return [*body, *loose], closing[moved_:]


def _close_gap(page: _Filling, mark: Strip | None) -> None:
    if mark is not None:
        page.put(mark)


def _begin(sheet: Sheet, strips: Iterable[Strip]) -> _Filling:
    page = _Filling(sheet.paper.top)
    for strip in strips:
        page.put(strip)
    return page


def _groups(strips: Sequence[Strip]) -> Iterable[list[Strip]]:
    group: list[Strip] = []
    for strip in strips:
        group.append(strip)
        if not strip.keep:
            yield group
            group = []
    if group:
        yield group


def _finished(sheet: Sheet, pages: list[_Filling], closed_on: int) -> list[Page]:
    for number, page in enumerate(pages):
        if sheet.foot is not None and number != closed_on:
            page.put(sheet.foot, at=sheet.floor - sheet.foot.height)
        page.placed.append((0.0, sheet.below(number + 1, len(pages))))
    return [Page(page.marks(), sheet.paper) for page in pages]
