"""How content flows over pages: what stays together, and what is too tall for it."""

import pytest

from pdf_templates.errors import BlockTooTall
from pdf_templates.setting.flow import Sheet, flow
from pdf_templates.setting.forms import Block, Field, form
from pdf_templates.setting.page import FORM, Page, Strip, Text
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


def test_a_head_taller_than_a_page_is_refused() -> None:
    tall = tuple(strips(40, keep=False))
    for head, again in ((tall, ()), ((), tall)):
        with pytest.raises(BlockTooTall):
            flow(
                Sheet(head, again, None, below),
                strips(1, keep=False),
                [],
                blank=lambda *_: None,
            )


def test_a_block_of_a_form_with_a_long_value_flows_with_its_label() -> None:
    block = Block(
        "当事人", ((Field("名称", "恒茂木业", 20, 80),), (Field("地址", "路" * 2000, 20, 80),))
    )

    pages = pages_of(form([block]))

    said = [mark.line.text for page in pages for mark in page.marks if isinstance(mark, Text)]
    assert sum(text.count("路") for text in said) == 2000
    assert said.count("当事人") == 1
    assert len(pages) > 2
