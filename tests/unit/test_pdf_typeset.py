"""Lines of Chinese text: what may begin and end them, what stays whole, how they fill their box."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pdf_templates.errors import FieldTooNarrow, MissingGlyph
from pdf_templates.setting.lines import (
    NO_END,
    NO_START,
    Line,
    Span,
    break_lines,
    text_width,
    unbroken,
)

SIZE = 10.5
PARTS = [
    "砂光车间干式除尘系统未设置锁气卸灰装置，",
    "《工贸企业重大事故隐患判定标准》（应急管理部令第10号）第十一条；",
    "依据“双随机、一公开”要求——检查人员（两名）出示证件……",
    "灰斗内积灰约 0.4 m，粉尘浓度 12.5%、温度 35℃，面积 1200㎡。",
    "统一社会信用代码91320799MA1WXY7K2F，电话0518-86000000。",
    "GB 15577-2018《粉尘防爆安全规程》第8.2条【强制】：",
    "见照片1、2；“未见锁气卸灰装置”（含2#除尘器）！",
    "是否落实？已落实；责任人：王某、李某……",
    "LXGW WenKai and other Latin words run on, too. ",
    "e5a5555d73bc0e1568d65563abf327bd6c0b9b9dc3336e86e0b17e865e9ee6d2 ",
]


def lines_of(text: str, width: float = 427.28, first: float = 21.0) -> list[Line]:
    return break_lines([Span(text, field="测试")], SIZE, width, first=first)


def varied(seed: int) -> str:
    rng = random.Random(seed)
    return "".join(rng.choice(PARTS) for _ in range(rng.randint(3, 14)))


def test_no_line_of_thousands_begins_or_ends_with_a_forbidden_mark() -> None:
    count, starts, ends = 0, [], []
    for seed in range(900):
        set_ = lines_of(varied(seed), width=110 + seed % 330)
        count += len(set_)
        starts += [line.text for line in set_[1:] if line.text[0] in NO_START]
        ends += [line.text for line in set_[:-1] if line.text[-1] in NO_END]

    assert count > 9000
    assert starts == []
    assert ends == []


def test_no_line_leaves_its_box_and_all_but_the_last_fill_it() -> None:
    over, short, count = [], 0, 0
    for seed in range(300):
        set_ = lines_of(varied(seed), first=0)
        over += [line.text for line in set_ if line.width > 427.28 + 0.01]
        short += sum(line.width < 427.28 - 0.01 for line in set_[:-1])
        count += len(set_)

    assert over == []
    assert short == 0, f"{short} of {count} lines are not justified"


def test_words_figures_and_their_units_stay_whole() -> None:
    broken = []
    for width in range(300, 430, 3):
        text = "。".join(
            f"第{n}台除尘器灰斗内积灰约 0.4 m，粉尘占 12.5%，不符合 GB 15577-2018 的要求"
            for n in range(20)
        )
        for line in lines_of(text, width=float(width), first=0)[:-1]:
            if line.text[-1] in "0123456789.-" and line.text.endswith(("0.", "12.", "15577-")):
                broken.append(line.text)
            if line.text.endswith(("0.4", "GB")):
                broken.append(line.text)

    assert broken == []


def test_a_long_hash_splits_rather_than_leaving_a_hole() -> None:
    sha256 = "e5a5555d73bc0e1568d65563abf327bd6c0b9b9dc3336e86e0b17e865e9ee6d2"

    lines = lines_of("SHA-256 为 " + sha256, width=200, first=0)

    assert "".join(line.text for line in lines).replace(" ", "").endswith(sha256)
    assert all(line.spacing < 0.15 * SIZE for line in lines)


def test_joined_text_is_not_broken() -> None:
    number = "苏07990012"
    for width in range(100, 300, 7):
        text = "证件号码为" * 3 + unbroken(number) + "、" + unbroken("苏07990031") + "。"
        lines = lines_of(text, width=float(width), first=0)

        assert any(number in line.text for line in lines)


def test_nothing_is_lost_but_spaces_at_line_ends() -> None:
    for seed in range(100):
        text = varied(seed)

        shown = "".join(line.text for line in lines_of(text, width=150))

        assert shown.replace(" ", "") == text.replace(" ", "")


def test_a_closing_mark_at_the_line_end_takes_half_its_width() -> None:
    text = "一二三四五六七八九十，一二三四五六七八九十"

    lines = lines_of(text, width=10.5 * SIZE, first=0)

    assert lines[0].text == "一二三四五六七八九十，"
    assert lines[0].width == pytest.approx(10.5 * SIZE)


def test_two_marks_in_a_row_leave_no_hole() -> None:
    assert text_width("（一）、（二）", SIZE) == pytest.approx((7 - 2 * 0.5) * SIZE)


def test_a_field_is_underlined_to_the_end_of_its_line() -> None:
    spans = [Span("地址："), Span("振兴路", line=True, fill=True, field="地址")]

    (line,) = break_lines(spans, SIZE, 200)

    assert line.rules == ((pytest.approx(3 * SIZE), 200),)


def test_an_empty_field_is_a_blank_to_write_on() -> None:
    spans = [Span("职务："), Span("", line=True, fill=True, field="职务")]

    (line,) = break_lines(spans, SIZE, 200)

    assert line.rules == ((pytest.approx(3 * SIZE), 200),)


def test_rare_name_characters_are_drawn_by_another_face() -> None:
    (line,) = break_lines([Span("赵喆堃玥珺翀祎赟旻瑄㛃國", field="姓名")], SIZE, 400)

    assert {piece.face for piece in line.pieces} >= {"fang", "kai", "rare"}


def test_a_missing_glyph_names_character_and_field() -> None:
    with pytest.raises(MissingGlyph) as caught:
        break_lines([Span("积灰😀严重", field="第3项问题")], SIZE, 400)

    assert "😀" in str(caught.value)
    assert "第3项问题" in str(caught.value)


def test_a_box_narrower_than_a_character_is_refused() -> None:
    with pytest.raises(FieldTooNarrow):
        break_lines([Span("除尘", field="部位")], SIZE, 5)


@settings(max_examples=60, deadline=None)
@given(
    st.text(alphabet="尘（）《》，。“”…—0123456789.%AaWx /-，；\n 喆", max_size=120),
    st.floats(min_value=40, max_value=430),
)
def test_any_text_is_set_completely_and_inside_its_box(text: str, width: float) -> None:
    lines = lines_of(text, width=width, first=0)

    squeezed = "".join(text.split())
    assert "".join("".join(line.text.split()) for line in lines) == squeezed
    assert all(line.width <= width + 0.01 for line in lines)
