"""The 执法日台账: the total comes before what it is for, and no page ends in a sentence of it."""

import re
from dataclasses import replace

import pypdfium2
import pytest

from pdf_templates.catalogue import render
from pdf_templates.examples import example
from pdf_templates.facts import to_json

EXAMPLE = example("daily_ledger")


def pages_of(**changed: object) -> list[str]:
    document = pypdfium2.PdfDocument(render("daily_ledger", to_json(replace(EXAMPLE, **changed))))
    texts = [re.sub(r"\s", "", page.get_textpage().get_text_range()) for page in document]
    document.close()
    return texts


@pytest.mark.parametrize("steps", range(6, 12))
def test_no_page_of_a_ledger_ends_in_a_sentence_about_the_total(steps: int) -> None:
    pages = pages_of(papers=(EXAMPLE.papers * 3)[:steps], made_at="2026-03-04T08:40:00+08:00")

    total = [text for text in pages if "三、全过程记录" in text]
    assert len(total) == 1
    assert EXAMPLE.total in total[0]
    for text in pages:
        before, mark, _ = text.partition("（以下空白，转下页）")
        assert not mark or not re.search("三、全过程记录.*[^。]$", before)


def test_the_total_stands_before_the_command_that_compares_it() -> None:
    (text,) = pages_of()

    assert text.index(EXAMPLE.total) < text.index("inspect-serverrecordverify--expect")
    assert "--expect。" not in text


def test_only_the_ledger_of_a_past_day_says_that_its_total_is_of_another_day() -> None:
    (past,) = pages_of(papers=(), made_at="2026-03-04T08:40:00+08:00")

    assert "2026年3月4日补制，上列总值为补制时的登记总值，不是当日的登记总值。" in past
    assert "补制" not in pages_of()[0]
