"""
The page: its measures, what can stand on it, and how content flows from page to page.

Positions are points from the top left corner of the sheet, y downwards; text hangs on its baseline.
Measures: shared practice of two real template sets for record documents (A4, 29.6 mm at the sides,
25.4 mm above and below; 10.5 pt type on 21 pt).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from pdf_templates.errors import BlockTooTall
from pdf_templates.typeset import Line

WIDTH, HEIGHT = 595.28, 841.89
SIDE, TOP, BOTTOM = 84.0, 72.0, 72.0
TEXT_WIDTH = WIDTH - 2 * SIDE
SIZE, LEADING = 10.5, 21.0
MOST_BLANK = 2.2 * LEADING
"""Points that may stay empty at the end of a page that is not the last."""
PITCHES = sorted((18 + step / 2 for step in range(15)), key=lambda pitch: abs(pitch - LEADING))
"""Line pitches to try, the usual one first; the forms in use set the body on 21 to 29 points."""
TALLEST_CLOSING = 0.6 * (HEIGHT - TOP - BOTTOM)


@dataclass(frozen=True)
class Text:
    """One set line; `x` is the left edge of its box, `y` its baseline."""

    x: float
    y: float
    size: float
    line: Line
    grey: float = 0.0


@dataclass(frozen=True)
class Rule:
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


Mark = Text | Rule | Box | Strokes | Picture


@dataclass(frozen=True)
class Strip:
    """A slice of the page over its full width; marks are relative to its top."""

    height: float
    marks: tuple[Mark, ...]
    keep: bool = False  # not the last on a page: stays with the next strip


@dataclass(frozen=True)
class Page:
    """A finished page."""

    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Sheet:
    """
    What surrounds the flowing content.

    Attributes:
        head: Strips on the first page, above the content.
        again: Strips on each further page (续页 and a double rule).
        foot: Strip at the bottom of every page but the closing one (a line to sign), or None.
        below: Draws what stands in the bottom margin, given page number and page total.
    """

    head: tuple[Strip, ...]
    again: tuple[Strip, ...]
    foot: Strip | None
    below: Callable[[int, int], tuple[Mark, ...]]


@dataclass
class _Filling:
    """A page being filled."""

    marks: list[Mark] = field(default_factory=list)
    y: float = TOP

    def put(self, strip: Strip, at: float | None = None) -> None:
        """Place a strip at the next free place, or with its top at `at`."""
        top = self.y if at is None else at
        self.marks.extend(moved(mark, top) for mark in strip.marks)
        self.y = top + strip.height


def moved(mark: Mark, down: float) -> Mark:
    """Return the mark lower on the page by `down` points."""
    if isinstance(mark, Rule):
        return replace(mark, y0=mark.y0 + down, y1=mark.y1 + down)
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
    """
    body, closing = _balanced(body, closing)
    pages = _best(sheet, body, closing)
    floor = HEIGHT - BOTTOM
    foot, end = _foot(sheet), sum(strip.height for strip in closing)
    for page in pages[:-1]:
        _close_gap(page, blank(floor - foot - page.y, False))
    _close_gap(pages[-1], blank(floor - end - pages[-1].y, True))
    pages[-1].y = floor - end
    for strip in closing:
        pages[-1].put(strip)
    closed_on = len(pages) - 1
    for annex in annexes:
        pages.append(_begin(sheet.again))
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
    for pitch in PITCHES:
        pages = _filled(sheet, _pitched(body, pitch), foot, end)
        gap = max((HEIGHT - BOTTOM - foot - page.y for page in pages[:-1]), default=0.0)
        if gap < MOST_BLANK:
            return pages
        tried.append((gap, pages))
    return min(tried, key=lambda one: one[0])[1]


def _pitched(body: Sequence[Strip], pitch: float) -> list[Strip]:
    """Return the content with its lines on another pitch."""
    down = (pitch - LEADING) / 2
    return [
        replace(strip, height=pitch, marks=tuple(moved(mark, down) for mark in strip.marks))
        if strip.height == LEADING
        else strip
        for strip in body
    ]


def _filled(sheet: Sheet, body: Sequence[Strip], foot: float, end: float) -> list[_Filling]:
    """Return the pages that the body takes; the last has room for a closing block `end` high."""
    floor = HEIGHT - BOTTOM
    pages = [_begin(sheet.head)]
    groups = list(_groups(body))
    for index, group in enumerate(groups):
        height = sum(strip.height for strip in group)
        kept_free = end if index == len(groups) - 1 else foot
        if height > floor - kept_free - pages[-1].y:
            pages.append(_begin(sheet.again))
            if height > floor - kept_free - pages[-1].y:
                raise BlockTooTall
        for strip in group:
            pages[-1].put(strip)
    return pages


def _balanced(
    body: Sequence[Strip], closing: Sequence[Strip]
) -> tuple[Sequence[Strip], Sequence[Strip]]:
    """Let the beginning of a closing block that is too tall to stay together flow as content."""
    height, moved_ = sum(strip.height for strip in closing), 0
    while height > TALLEST_CLOSING and moved_ < len(closing) - 1:
        height -= closing[moved_].height
        moved_ += 1
    loose = [replace(strip, keep=False) for strip in closing[:moved_]]
    return [*body, *loose], closing[moved_:]


def _close_gap(page: _Filling, mark: Strip | None) -> None:
    if mark is not None:
        page.put(mark)


def _begin(strips: Iterable[Strip]) -> _Filling:
    page = _Filling()
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
            page.put(sheet.foot, at=HEIGHT - BOTTOM - sheet.foot.height)
        page.marks.extend(sheet.below(number + 1, len(pages)))
    return [Page(tuple(page.marks)) for page in pages]
