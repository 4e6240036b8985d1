"""Dates, counts and lists as an office writes them."""

import pytest

from pdf_templates.wording import in_chinese


@pytest.mark.parametrize(
    ("number", "said"),
    [(1, "一"), (9, "九"), (10, "十"), (12, "十二"), (20, "二十"), (35, "三十五"), (99, "九十九")],
)
def test_headings_are_numbered_in_chinese(number: int, said: str) -> None:
    assert in_chinese(number) == said
