"""How content flows over pages: what stays together, and what is too tall for it."""

import pytest

from pdf_templates.errors import BlockTooTall
from pdf_templates.setting.page import FORM, Page, Sheet, Strip, Text, flow
from tests.layout.specimen import below, line_of

LINE = line_of("砂光车间")


def strips(count: int, height: float = 21.0, *, keep: bool) -> list[Strip]:
    return [Strip(height, (Text(FORM.left, 14, 10.5, LINE),), keep=keep) for _ in range(count)]


def pages_of(body: list[Strip]) -> list[Page]:
    sheet = Sheet((), (), None, below)
    return flow(sheet, body, strips(1, keep=False), blank=lambda gap, ends: None)


def count_on(page: Page) -> int:
    return sum(isinstance(mark, Text) and mark.line is LINE for mark in page.marks)


def test_what_stays_together_begins_a_page_together() -> None:
    first, second = pages_of([*strips(25, keep=False), *strips(20, keep=True)])

    assert (count_on(first), count_on(second)) == (25, 21)


def test_what_should_stay_together_but_is_taller_than_a_page_flows_like_content() -> None:
    pages = pages_of([*strips(3, keep=False), *strips(70, keep=True)])

    assert sum(map(count_on, pages)) == 74
    assert count_on(pages[0]) > 30


def test_one_piece_taller_than_a_page_is_refused() -> None:
    with pytest.raises(BlockTooTall):
        pages_of(strips(1, 900.0, keep=False))
