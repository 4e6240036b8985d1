"""
Hold a finished PDF against the rules of layout.

    faults = faults_of(pdf, areas_of(pages))
"""

from collections.abc import Sequence

from pdf_templates.setting.page import Page as SetPage
from tests.layout import breaks, collisions, grids, paging
from tests.layout.faults import Fault, Page
from tests.layout.reading import Area, read, words_inside


def area_of(page: SetPage) -> Area:
    """Return the type area of the paper that a page is set on."""
    paper = page.paper
    return Area(paper.left, paper.top, paper.width - paper.right, paper.height - paper.bottom)


def faults_of(
    pdf: bytes,
    areas: Sequence[Area],
    said: str | None = None,
    white: paging.White = paging.USUAL,
) -> list[Fault]:
    """
    Return everything that is wrong with the pages of a file.

    Args:
        pdf: The file.
        areas: The type area of each page.
        said: What the document says, which tells a torn word from two words; the facts that the
            file carries where None.
        white: How much of a page may stay empty.
    """
    sheets = read(pdf)
    assert len(sheets) == len(areas)
    pages = [
        Page(number, sheet, area)
        for number, (sheet, area) in enumerate(zip(sheets, areas, strict=True), 1)
    ]
    words = words_inside(pdf) if said is None else said
    found = [fault for page in pages for fault in _of_page(page, words)]
    found += paging.numbers(pages)
    found += paging.empty_pages(pages, white)
    found += paging.closings(pages)
    found += grids.heads_repeated(pages)
    return found


def _of_page(page: Page, words: str) -> list[Fault]:
    return [
        *collisions.text_over_text(page),
        *collisions.text_over_rules(page),
        *collisions.marks_over_text(page),
        *collisions.cut_text(page),
        *collisions.beyond_margins(page),
        *breaks.forbidden_marks(page),
        *breaks.torn_apart(page, words),
        *breaks.spacing(page),
        *grids.open_tables(page),
    ]
