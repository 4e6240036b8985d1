"""What documents ask of any stationery."""

from collections.abc import Iterable, Sequence
from itertools import permutations

import pytest

from pdf_templates.parts.signing import people_sign, received
from pdf_templates.setting.forms import Opinion, Signing
from pdf_templates.setting.lines import Span, break_lines
from pdf_templates.setting.page import Mark, Page, Rule, Strip, Text
from pdf_templates.setting.reasoned import REASONED_SHEET
from pdf_templates.setting.receipt import RECEIPT
from pdf_templates.setting.records import FORMS, RECORDS
from pdf_templates.setting.stationery import Content, Heading, Stationery


@pytest.mark.parametrize("on", [RECORDS, REASONED_SHEET])
@pytest.mark.parametrize("heading", ["一、查明的违法事实", "（一）查明的违法事实"])
def test_headings_stand_in_hei_and_below_that_in_kai_and_stay_with_what_they_head(
    on: Stationery, heading: str
) -> None:
    level = (on.headline, "hei") if heading.startswith("一") else (on.subheadline, "kai")
    strips = level[0](heading)

    faces = {face for mark in texts_of(marks_of(strips)) for face in mark.line.faces}
    assert faces == {level[1]}
    assert all(strip.keep for strip in strips)


def test_the_time_of_receipt_begins_where_the_line_above_it_does_on_narrow_paper() -> None:
    marks = texts_of(marks_of(received(RECEIPT, "被检查单位负责人")))

    assert {mark.x for mark in marks} == {RECEIPT.paper.left}
    assert len(marks) == 3


def test_a_line_to_sign_stays_within_its_opinion_with_the_longest_blank_date() -> None:
    signing = Signing("承办人", "苏07990012")
    strips = FORMS.form([Opinion("承办人意见", "报请审核。", (signing, signing))])

    inner = FORMS.paper.left + FORMS.paper.text_width * 0.16
    label = [
        mark.x
        for strip in strips
        for mark in strip.marks
        if isinstance(mark, Text) and mark.line.text.startswith("承办人（")
    ]
    assert len(label) == 2
    assert min(label) > inner


def test_names_in_a_column_begin_at_its_left_however_short_and_figures_stand_in_the_middle() -> (
    None
):
    strips = RECORDS.table(
        (("文件名称", 80.0), ("页号", 20.0)), [("听证笔录", "7"), ("行政处罚决定书", "12-15")]
    )

    at = {
        mark.line.text: mark.x for strip in strips for mark in strip.marks if isinstance(mark, Text)
    }
    assert at["听证笔录"] == at["行政处罚决定书"]
    assert at["7"] > at["12-15"]


def test_an_amount_stays_with_its_currency() -> None:
    for width in range(60, 200, 3):
        lines = break_lines([Span("合计罚款人民币伍万元整（¥50,000.00）。")], 10.5, width)
        assert not [line.text for line in lines if line.text.endswith("¥")]


def test_a_label_of_many_lines_stays_within_its_row() -> None:
    name = "拟同意的缴款期限和金额"
    strips = FORMS.form([Opinion(name, "第1期。", ())])

    row = max(strips, key=lambda strip: strip.height)
    texts = [mark for mark in row.marks if isinstance(mark, Text)]
    label = [mark for mark in texts if mark.line.text and mark.line.text in name]
    assert len(label) == 3
    assert min(mark.y - mark.size for mark in label) >= 0
    assert max(mark.y for mark in label) <= row.height


@pytest.mark.parametrize("before", range(12, 42))
def test_a_blank_to_be_filled_in_stays_whole_and_on_one_line_with_the_mark_behind_it(
    before: int,
) -> None:
    strips = RECORDS.prose("字" * before + "{姓名}，证件号码为", {"姓名": ""}, first=0)

    lines = [mark.line.text for strip in strips for mark in strip.marks if isinstance(mark, Text)]
    assert any("　　　　，" in line for line in lines)


def said_on(page: Page) -> list[str]:
    return [mark.line.text for mark in page.marks if isinstance(mark, Text)]


@pytest.mark.parametrize("items", range(1, 60))
def test_a_reasoned_document_fills_its_pages_and_takes_one_paragraph_to_name_and_date(
    items: int,
) -> None:
    on, heading = REASONED_SHEET, Heading("某局", "移送书", "（苏·云）应急移〔2026〕1号")
    content = Content(on.items(["询问笔录"] * items, "材料"), on.seal("某局", "2026年4月10日"))

    pages = on.pages(heading, content)

    listed = [sum("．" in line for line in said_on(page)) for page in pages]
    assert listed[-1] >= 1
    assert all(lines >= 17 for lines in listed[:1] if items > 17)
    assert all(lines == 22 for lines in listed[1:-2])
    if len(listed) > 2:
        assert listed[-2] == 22 or (listed[-1] == 1 and listed[-2] >= 18)


def test_further_pages_of_a_reasoned_document_say_of_what_and_which_copy_they_are() -> None:
    on, number = REASONED_SHEET, "（苏·云）应急移〔2026〕1号"
    content = Content(on.items(["询问笔录"] * 40, "材料"), on.seal("某局", "2026年4月10日"))

    first, *further = on.pages(Heading("某局", "移送书", number, "存档联"), content)

    assert said_on(first).count(number) == 1
    assert len(further) == 2
    for page in further:
        assert {number, "存档联"} <= set(said_on(page))


def test_a_record_without_a_number_has_no_empty_line_under_its_title() -> None:
    numbered, without = (
        sum(strip.height for strip in RECORDS.head(Heading("某局", "询问笔录", number)))
        for number in ("（苏·云）应急检记〔2026〕1号", "")
    )

    assert numbered - without == 30


def test_a_column_of_short_cells_is_centred_unless_it_is_told_to_stand_left() -> None:
    def begin(left: tuple[str, ...]) -> float:
        strips = RECORDS.table((("办理人", 50.0), ("单位", 50.0)), [["宋清", "云"]], left=left)
        return min(
            mark.x
            for strip in strips
            for mark in strip.marks
            if isinstance(mark, Text) and mark.line.text == "宋清"
        )

    assert begin(("办理人",)) < begin(()) - 50


def marks_of(strips: Sequence[Strip]) -> list[Mark]:
    return [mark for strip in strips for mark in strip.marks]


def texts_of(marks: Iterable[Mark]) -> list[Text]:
    return [mark for mark in marks if isinstance(mark, Text) and mark.line.text]


def outside(on: Stationery, marks: Iterable[Mark]) -> list[str]:
    """Return the lines that leave the type area at a side."""
    left, right = on.paper.left - 0.01, on.paper.width - on.paper.right + 0.01
    return [
        one.line.text for one in texts_of(marks) if one.x < left or one.x + one.line.width > right
    ]


def beside_each_other(marks: Iterable[Mark]) -> list[tuple[str, str]]:
    """Return the pairs of lines on one baseline with less than a character between them."""
    return [
        (one.line.text, other.line.text)
        for one, other in permutations(texts_of(marks), 2)
        if abs(one.y - other.y) < one.size and one.x <= other.x
        if other.x - one.x - one.line.width < 0.9 * one.size
    ]


@pytest.mark.parametrize("on", [RECORDS, REASONED_SHEET, FORMS])
@pytest.mark.parametrize("count", [1, 20, 21, 24, 25, 39, 60, 90])
def test_names_numbers_and_notes_of_any_length_stay_in_their_places(
    on: Stationery, count: int
) -> None:
    name = ("呼伦贝尔市莫力达瓦达斡尔族自治旗" * 9)[:count]
    heading = Heading(f"{name}局", f"{name}书", f"（{name}）应急移〔2026〕1-12号", "存档联")
    body = on.items(["询问笔录"] * 60, "材料")

    pages = on.pages(heading, Content(body, on.seal(f"{name}局", "2026年4月10日"), name * 2))

    assert len(pages) > 1
    for page in pages:
        assert outside(on, page.marks) == []
        assert beside_each_other(page.marks) == []
    assert "".join(said_on(pages[0])).count(name) >= 2


def head_of(authority: str) -> list[Text]:
    strips = REASONED_SHEET.head(Heading(authority, "行政处罚告知书", ""))
    return [one for strip in strips for one in texts_of(strip.marks)]


def test_a_name_a_little_too_long_is_set_smaller_on_one_line() -> None:
    name, title = head_of("呼伦贝尔市莫力达瓦达斡尔族自治旗应急管理局")

    assert name.line.text.endswith("应急管理局")
    assert 20.5 < name.size < title.size == 22.0


def test_a_longer_name_is_set_in_rows_between_its_words() -> None:
    *name, title = head_of("中国（上海）自由贸易试验区临港新片区管理委员会应急管理局")

    assert [one.line.text for one in name] == [
        "中国（上海）自由贸易试验区",
        "临港新片区管理委员会应急管理局",
    ]
    assert {one.size for one in name} == {title.size}
    middles = {round(one.x + one.line.width / 2, 3) for one in (*name, title)}
    assert len(middles) == 1


@pytest.mark.parametrize("cert_no", ["苏07990012", "苏应急执法证字第320799260015号", "证" * 90])
def test_a_certificate_number_never_takes_the_room_to_sign(cert_no: str) -> None:
    strips = FORMS.form([Opinion("承办人意见", "报请审核。", (Signing("承办人", cert_no),))])

    texts = texts_of(mark for strip in strips for mark in strip.marks)
    inner = FORMS.paper.left + FORMS.paper.text_width * 0.16
    label = next(one for one in texts if one.line.text.startswith("承办人（"))
    after = min(one.x for one in texts if one.y == label.y and one.x > label.x)
    assert outside(FORMS, texts) == []
    assert label.x > inner
    assert after - label.x - label.line.width >= 50
    assert cert_no in "".join(one.line.text for one in texts)


def test_a_note_too_long_for_the_bottom_margin_ends_the_content() -> None:
    note, heading = "一份交云湾区滨海工业园管理委员会留存。" * 12, Heading("某局", "通知书", "")

    (page,) = RECORDS.pages(heading, Content(RECORDS.items(["询问笔录"], "材料"), (), note))

    low = [one for one in texts_of(page.marks) if one.y > RECORDS.paper.height - 72]
    assert [one.line.text for one in low] == ["共1页　第1页"]
    assert note in "".join(said_on(page))


def test_who_signs_beside_a_long_name_signs_below_it() -> None:
    name = "穆罕默德·阿卜杜拉·" * 6

    strips = people_sign(RECORDS, name)

    (strip,) = strips
    texts = texts_of(strip.marks)
    (rule,) = (mark for mark in strip.marks if isinstance(mark, Rule))
    assert len(texts) == 2
    assert outside(RECORDS, texts) == []
    assert max(one.y for one in texts) < rule.y0 < strip.height


def test_an_opinion_that_many_sign_may_go_on_overleaf_between_them() -> None:
    def parts(count: int) -> int:
        signings = (Signing("承办人", "苏07990012"),) * count
        strips = FORMS.form([Opinion("承办人意见", "报请审核。", signings)])
        return sum(not strip.keep for strip in strips)

    assert parts(4) == 1
    assert parts(12) == 12
