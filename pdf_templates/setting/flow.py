"""
How content flows from page to page: what surrounds it, where pages end, the closing block's place.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from pdf_templates.errors import BlockTooTall, DocumentTooLong
from pdf_templates.setting.page import FORM, Frame, Mark, Page, Paper, Placed, Strip, moved

NEAR = 0.01
"""Points by which lines may miss the page that they fill: sums of a grid's pitch are not exact."""
MOST_PAGES = 2_000
"""Of one document; a whole case file seldom has three hundred."""


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
    """A page being filled."""

    y: float
    placed: list[Placed] = field(default_factory=list)

    def put(self, strip: Strip) -> None:
        """Place a strip at the next free place."""
        self.placed.append((self.y, strip.marks))
        self.y += strip.height


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
        BlockTooTall: Something that must not be split, such as the head, is taller than a page.
        DocumentTooLong: The body fills more than MOST_PAGES.
    """
    if sum(strip.height for strip in body) > MOST_PAGES * sheet.paper.height:
        raise DocumentTooLong(most=MOST_PAGES)
    if max(_begin(sheet, head).y for head in (sheet.head, sheet.again)) > sheet.floor:
        raise BlockTooTall
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
    page = _begin(sheet, sheet.head)
    pages, frame, loose, begin = [page], None, 0, 0
    while begin < len(body):
        beyond, height = begin + 1, body[begin].height
        while begin >= loose and beyond < len(body) and body[beyond - 1].keep:
            height += body[beyond].height
            beyond += 1
        lowest = sheet.floor - (foot if beyond < len(body) else end) + NEAR
        if page.y + height > lowest:
            cut = frame if frame is body[begin].frame else None
            head = (*sheet.again, *(cut.again if cut else ()))
            if _begin(sheet, head).y + height > lowest:
                if beyond == begin + 1:
                    raise BlockTooTall
                loose = beyond  # they are no longer kept together
                continue
            page = _turned(sheet, page, cut)
            pages.append(page)
        for strip in body[begin:beyond]:
            page.put(strip)
        begin, frame = beyond, body[beyond - 1].frame
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


def _finished(sheet: Sheet, pages: list[_Filling], closed_on: int) -> list[Page]:
    for number, page in enumerate(pages):
        if sheet.foot is not None and number != closed_on:
            page.y = sheet.floor - sheet.foot.height
            page.put(sheet.foot)
        page.placed.append((0.0, sheet.below(number + 1, len(pages))))
    return [Page(tuple(page.placed), sheet.paper) for page in pages]
