"""Lines of Chinese text: what may begin and end them, what stays whole, how they fill their box."""

import gc
from collections.abc import Callable, Sequence
from threading import Event, Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pdf_templates.errors import FieldTooNarrow, MissingGlyph
from pdf_templates.setting.faces import Fonts, using
from pdf_templates.setting.lines import Line, Span, break_lines, one_rendering, text_width, unbroken
from pdf_templates.setting.page import REASONED
from tests.unit.line_faults import Tally, judge
from tests.unit.varied_text import varied

SIZE = 10.5
PLAIN, GRID = (10.5, 0.0), (REASONED.size, REASONED.tracking)
"""Type size and tracking of records, and of reasoned documents on their grid."""
NARROWEST, WIDEST = 60, 460


def lines_of(text: str, width: float = 427.28, first: float = 21.0) -> list[Line]:
    return break_lines([Span(text, field="测试")], SIZE, width, first=first)


def judged(
    look: tuple[float, float],
    paragraphs: range,
    widths: Sequence[int] = range(NARROWEST, WIDEST + 1),
    breaker: Callable[..., list[Line]] = break_lines,
) -> Tally:
    """Return what is wrong with the lines of varied paragraphs, each of another width."""
    (size, tracking), tally = look, Tally()
    for seed in paragraphs:
        text, width = varied(seed), float(widths[seed * 37 % len(widths)])
        lines = breaker([Span(text, field="测试")], size, width, tracking=tracking)
        judge(text, lines, size, width, tally, tracking)
    return tally


@pytest.mark.parametrize(("look", "most_ragged"), [(PLAIN, 0.025), (GRID, 0.06)])
def test_no_line_of_thousands_has_a_fault_of_any_kind(
    look: tuple[float, float], most_ragged: float
) -> None:
    tally = judged(look, range(900))

    assert tally.lines > 13_000  # more than 33,000 in both
    assert tally.faults == {}
    assert tally.counts["ragged"] < most_ragged * tally.lines


@pytest.mark.parametrize("look", [PLAIN, GRID])
def test_no_line_of_the_width_of_a_page_is_ragged(look: tuple[float, float]) -> None:
    tally = judged(look, range(900, 1300), range(380, WIDEST))

    assert tally.faults == {}
    assert tally.counts["ragged"] == 0
    assert tally.counts["word wider than its line"] == 0


def cut_anywhere(
    spans: Sequence[Span], size: float, width: float, *, tracking: float = 0.0
) -> list[Line]:
    """Set lines of so many characters each, as a breaker does that knows no rule."""
    text, count = spans[0].text, int(width / size)
    parts = [text[start : start + count] for start in range(0, len(text), count)]
    shown = [part.strip(" ") if number else part for number, part in enumerate(parts)]
    return [Line(0.0, (), (), (), (), 0.0, text_width(part, size), part) for part in shown if part]


def test_the_judge_finds_every_kind_of_fault_in_lines_cut_anywhere() -> None:
    tally = judged(PLAIN, range(60), breaker=cut_anywhere)

    assert {
        "forbidden line start",
        "forbidden line end",
        "word broken",
        "unit parted",
        "not justified",
    } <= set(tally.faults)


@pytest.mark.parametrize(
    ("spacing", "width", "fault"), [(7.0, 96, "drawn apart"), (0, 130, "past")]
)
def test_the_judge_finds_lines_drawn_apart_and_lines_past_the_margin(
    spacing: float, width: float, fault: str
) -> None:
    tally = Tally()
    lines = [
        Line(0.0, (), (), (), (), spacing, width, "砂光车间"),
        Line(0.0, (), (), (), (), 0.0, 42, "除尘系统"),
    ]

    judge("砂光车间除尘系统", lines, SIZE, 100.0, tally)

    assert [kind for kind in tally.faults if kind.startswith(fault)]


@pytest.mark.parametrize(
    "whole",
    [
        "0.4 m",
        "1.6 MPa",
        "35 ℃",
        "3600m³/h",
        "8 mg/m³",
        "≤8",
        "±10%",
        "34°36′46″",
        "（GB/T 9704—2012）"[6:-1],
        "〔2026〕",
        "￥50,000.00",
        "——",
        "……",
        "Φ108×4",
    ],
)
def test_what_belongs_together_stays_on_one_line(whole: str) -> None:
    for width in range(80, 460):
        lines = lines_of(("除尘器灰斗" + whole) * 9, width=float(width), first=0)

        assert sum(line.text.count(whole) for line in lines) == 9, width


@pytest.mark.parametrize("number", ["（苏·云）应急责改〔2026〕12号", "应急〔2024〕107-2号"])
def test_year_and_serial_of_a_document_number_stay_on_one_line(number: str) -> None:
    tail = number[number.index("〔") :]
    for width in range(90, 460):
        lines = lines_of(("除尘器灰斗，" + number) * 9, width=float(width), first=0)

        assert sum(line.text.count(tail) for line in lines) == 9, width


@pytest.mark.parametrize(
    ("before", "after", "spacing"),
    [("0518-", "86000000", 0.2), ("2026-", "第1批", 0.5), ("苏", "07990012", 0.5)],
)
def test_a_number_is_cut_at_its_joint_and_only_where_its_line_would_be_drawn_apart(
    before: str, after: str, spacing: float
) -> None:
    for width in range(80, 460):
        lines = lines_of(("除尘器灰斗" + before + after) * 9, width=float(width), first=0)
        for upper in (line.text for line in lines if line.text.endswith(before)):
            left = upper.removesuffix(before)
            assert (width - text_width(left, SIZE)) / (len(left) - 1) > spacing * SIZE, width


def test_a_document_number_is_cut_behind_its_office_before_it_is_cut_elsewhere() -> None:
    number, cut = "（苏·云）应急责改〔2026〕12号", []
    for lead in range(60):
        text = ("责令限期整改违法行为" * 6)[:lead] + number + "已经送达。" * 9
        first = lines_of(text)[0].text
        if number[0] in first and number not in first:
            cut.append(first[first.index(number[0]) :])

    assert {*cut} == {"（苏·云）", "（苏·云）应急责改"}
    assert cut.count("（苏·云）") > len(cut) / 2


def test_a_document_number_wider_than_its_cell_is_cut_at_its_parts() -> None:
    lines = lines_of("（苏·云）应急责改〔2026〕12号", width=80, first=0)

    assert [line.text for line in lines] == ["（苏·云）", "应急责改", "〔2026〕12号"]


def test_a_post_code_stays_with_its_label_where_the_line_is_not_drawn_far_apart() -> None:
    for lead in range(60):
        lines = lines_of("云湾区滨海工业园振兴路" * 6 + "路" * lead + "，邮政编码：222065。")

        assert any("邮政编码：222065" in line.text for line in lines)


def test_an_address_on_the_web_splits_at_its_joints() -> None:
    address = "https://www.yunwan.gov.cn/inspect/verify?case=3f2a9c&lang=zh-CN"
    for width in range(160, 460):
        lines = lines_of("核验网址为" + address, width=float(width), first=0)

        assert all(line.text[-1] in "为-.:/?&=N" for line in lines)


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


def test_a_joined_name_wider_than_its_box_is_cut_between_its_words() -> None:
    lines = lines_of(unbroken("伊本·O'Neill·热孜万古丽"), width=60.0, first=0)

    assert [line.text for line in lines] == ["伊本·", "O'Neill·热孜", "万古丽"]


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


def test_a_mark_whose_ink_is_wide_spares_no_more_than_its_white() -> None:
    wide, narrow = text_width("？）", SIZE), text_width("！）", SIZE)

    assert narrow == pytest.approx(1.5 * SIZE)
    assert 1.6 * SIZE < wide < 1.9 * SIZE


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

    assert {*line.faces} >= {"fang", "kai", "rare"}


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


def test_the_collector_rests_while_any_thread_renders_and_is_left_as_it_was() -> None:
    begun, go_on, seen = Event(), Event(), []

    def render() -> None:
        with one_rendering():
            begun.set()
            go_on.wait(10)
            seen.append(gc.isenabled())

    other = Thread(target=render)
    other.start()
    begun.wait(10)
    with one_rendering():
        assert not gc.isenabled()
    assert not gc.isenabled()  # the other one goes on
    go_on.set()
    other.join()

    assert (seen, gc.isenabled()) == ([False], True)

    gc.disable()
    try:
        with one_rendering():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_what_comes_again_in_one_rendering_is_set_once_and_then_forgotten() -> None:
    with one_rendering():
        first = break_lines([Span("限期整改", field="一")], SIZE, 200)
        again = break_lines([Span("限期整改", field="一")], SIZE, 200)
        again.append(first[0])  # what is handed out is nobody else's
        with using(Fonts()):
            other = break_lines([Span("限期整改", field="一")], SIZE, 200)
        third = break_lines([Span("限期整改", field="一")], SIZE, 200)
    later = break_lines([Span("限期整改", field="一")], SIZE, 200)

    assert again[0] is first[0]
    assert third == first
    assert other[0] is not first[0]
    assert later[0] is not first[0]
