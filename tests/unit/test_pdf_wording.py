"""Dates, counts and lists as an office writes them."""

import pytest

from pdf_templates.wording import ended, in_chinese, rows_of, unended


@pytest.mark.parametrize(
    ("number", "said"),
    [(1, "一"), (9, "九"), (10, "十"), (12, "十二"), (20, "二十"), (35, "三十五"), (99, "九十九")],
)
def test_headings_are_numbered_in_chinese(number: int, said: str) -> None:
    assert in_chinese(number) == said


def test_a_list_of_a_hundred_is_numbered_too() -> None:
    assert in_chinese(100) == "100"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("已整改", "已整改。"),
        ("已整改。", "已整改。"),
        ("已整改；", "已整改；"),
        ("见下：", "见下。"),
        ("他说“修好了。”", "他说“修好了。”"),
        ("称“修好了”", "称“修好了”。"),
        ("", ""),
    ],
)
def test_a_fact_ends_as_a_sentence_does(given: str, said: str) -> None:
    assert ended(given) == said


def test_what_stands_within_a_sentence_loses_the_marks_at_its_end() -> None:
    assert unended("采取紧急措施。") == "采取紧急措施"
    assert unended("是否如实？；") == "是否如实"
    assert unended("（见附件）") == "（见附件）"
    assert unended("等等……") == "等等……"


@pytest.mark.parametrize(
    ("rows", "count"),
    [
        ("中国（上海）自由贸易试验区|临港新片区管理委员会应急管理局", 2),
        ("江苏省连云港市徐圩新区|管理委员会应急管理局", 2),
        ("新疆生产建设兵团第十二师|安全生产监督管理局", 2),
        ("云湾市市场监督管理和|综合行政执法局", 2),
        ("新疆维吾尔自治区|巴音郭楞蒙古自治州|和静县应急管理局", 3),
        ("SIEMENS", 2),
        ("", 2),
    ],
)
def test_a_name_is_cut_into_even_rows_between_its_words(rows: str, count: int) -> None:
    assert rows_of(rows.replace("|", ""), count) == rows.split("|")


def test_a_name_of_any_length_is_cut_at_once() -> None:
    """Each row looks only at the places near its end."""
    name = "云湾区应急管理局" * 12_500

    rows = rows_of(name, 5_000)

    assert "".join(rows) == name
    assert {len(row) for row in rows} <= set(range(16, 25))
