"""Pages of a document: numbered, none nearly empty without a note, no closing block alone."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tests.layout.faults import Fault, Page
from tests.layout.grids import grids_of
from tests.layout.reading import Area

NOTE = "以下空白"
CLOSING = re.compile(r"（签名）|（印章）|（盖章）|签[名收字]：|^\d{4}年\d+月\d+日$|年　*月　*日$")
"""What a line of a closing block says."""


class White(NamedTuple):
    """
    The part of a page that may stay white without a note.

    Attributes:
        most: Of the 22 lines of reasoned documents the four of name and date, the two last ones of
            the text that go with them, and one that no more fits.
        below_table: Where a row of a table or of photos, which is not cut, follows overleaf.
    """

    most: float = 7 / 22
    below_table: float = 0.5


USUAL = White()
UNUSUAL = White(9 / 22, 0.55)
"""Where an authority's name of any length takes two lines more, and rows of any length follow."""
LOW_CLOSING = 0.5
"""The part of a page that a closing block takes at most, unless it flows like content."""


def numbers(pages: Sequence[Page]) -> Iterator[Fault]:
    """Every page says 共X页第X页, from 1 to the last page of its copy."""
    expected, total = 1, 0
    for page in pages:
        if page.number is None:
            yield page.fault("no page number", "")
            expected += 1
            continue
        said_total, said = page.number
        if said == 1 and expected > total:
            expected, total = 1, said_total
        if (said, said_total) != (expected, total):
            yield page.fault("wrong page number", f"共{said_total}页第{said}页")
        expected = said + 1
    if total and expected != total + 1:
        yield pages[-1].fault("wrong page number", f"the last page is {expected - 1} of {total}")


def empty_pages(pages: Sequence[Page], white: White = USUAL) -> Iterator[Fault]:
    """A page with a wide white stretch and no word that it is meant."""
    for page in pages:
        if any(NOTE in line.text for line in page.lines):
            continue
        things = _things(page)
        below = page.area.bottom - max((thing.bottom for thing in things), default=page.area.top)
        is_whole = _ends_with_table(page) or page.sheet.pictures
        allowed = (white.below_table if is_whole else white.most) * page.area.height
        gap = _widest_gap(things, page.area.top)
        if gap > allowed or (below > allowed and not _ends_document(page)):
            yield page.fault("empty without a note", f"{max(gap, below):.0f} points are white")


def _ends_document(page: Page) -> bool:
    """Whether it is the last page, or the last before an annex: it ends with a closing block."""
    is_last = page.number is not None and page.number[0] == page.number[1]
    return is_last or any(CLOSING.search(line.text.strip()) for line in page.content[-3:])


def _ends_with_table(page: Page) -> bool:
    grids = grids_of(page)
    lowest = max((line.ink.bottom for line in page.content), default=0.0)
    return bool(grids) and grids[-1].area.bottom > lowest


def _things(page: Page) -> list[Area]:
    """Return everything of the type area, from top to bottom."""
    rules = [one.area for one in page.sheet.rules if one.area.top < page.area.bottom]
    inks = [line.ink for line in page.content]
    things = [*inks, *rules, *page.sheet.pictures, *page.sheet.pen]
    return sorted(things, key=lambda area: area.top)


def _widest_gap(things: Sequence[Area], top: float) -> float:
    """Return the highest white stretch above or between things."""
    reached, widest = top, 0.0
    for area in things:
        widest = max(widest, area.top - reached)
        reached = max(reached, area.bottom)
    return widest


def closings(pages: Sequence[Page]) -> Iterator[Fault]:
    """The last page of a copy holds more than signatures, seal and date."""
    for page in pages:
        if page.number is None or page.number[0] != page.number[1] or page.number[1] == 1:
            continue
        if _ends_with_table(page):
            continue  # a form: who signs stands in its rows
        lines = [line for line in page.content if not _heads(line.text) and NOTE not in line.text]
        said = [line for line in lines if line.ink.top > page.area.top + 20]
        if not said:
            continue
        height = said[-1].baseline - said[0].ink.top
        if height < LOW_CLOSING * page.area.height and _is_closing([x.text for x in said]):
            yield page.fault("closing alone", said[0].text)


def _heads(text: str) -> bool:
    return "续页" in text


def _is_closing(texts: Sequence[str]) -> bool:
    """Whether the first of these lines begins a closing block and the last ones are of it."""
    return bool(CLOSING.search(texts[0].strip()))
