"""The layout checker lets sound pages pass, and names what is wrong with broken ones."""

from collections.abc import Callable

import pytest

from pdf_templates.file.drawing import write
from pdf_templates.setting.lines import Span, break_lines, text_width
from pdf_templates.setting.page import FORM, REASONED, Box, Mark, Picture, Rule, Strokes, Text
from tests.layout.checker import area_of, faults_of
from tests.layout.faults import FaultKind
from tests.layout.specimen import (
    BODY,
    META,
    NOTE,
    PHOTO,
    Break,
    faults_after,
    redrawn,
    sound_pages,
    swap,
    text,
    texts,
)

LEFT, RIGHT = FORM.left, FORM.width - FORM.right
FLOOR = FORM.height - FORM.bottom
BROKEN: dict[str, tuple[FaultKind, Break]] = {}


def broken(kind: FaultKind) -> Callable[[Break], Break]:
    """Name the fault that a change of sound pages must be found to have."""

    def add(change: Break) -> Break:
        BROKEN[change.__name__] = kind, change
        return change

    return add


def body_line(pages: list[list[Mark]], page: int = 0, number: int = 2) -> Text:
    """Return a full line of running text."""
    return [one for one in texts(pages[page]) if one.x == LEFT and len(one.line.text) > 20][number]


def cell(pages: list[list[Mark]], said: str, page: int = 0) -> Text:
    return next(one for one in texts(pages[page]) if one.line.text == said)


def number_of(marks: list[Mark]) -> Text:
    return next(one for one in texts(marks) if one.line.text.startswith("共"))


@broken("text over text")
def a_line_moved_up_onto_the_one_before(pages: list[list[Mark]]) -> None:
    line = body_line(pages)
    swap(pages[0], line, line._replace(y=line.y - 15))


@broken("text over text")
def a_line_printed_twice(pages: list[list[Mark]]) -> None:
    line = body_line(pages)
    pages[0].append(line)


@broken("text over text")
def a_line_printed_twice_a_little_lower(pages: list[list[Mark]]) -> None:
    line = body_line(pages)
    pages[0].append(line._replace(y=line.y + 2))


@broken("text over text")
def two_columns_that_overlap(pages: list[list[Mark]]) -> None:
    line = cell(pages, "2026-04-01")
    swap(pages[0], line, line._replace(x=line.x - 250))


@broken("text over text")
def characters_pushed_together(pages: list[list[Mark]]) -> None:
    line = body_line(pages)
    swap(pages[0], line, redrawn(line, spacing=-4.0))


@broken("text over text")
def lines_set_too_close(pages: list[list[Mark]]) -> None:
    lines = break_lines([Span(BODY, field="正文")], 10.5, RIGHT - LEFT)
    marks = [Text(LEFT, FLOOR - 40 + 8 * n, 10.5, line) for n, line in enumerate(lines[:4])]
    pages[-1][:] = [m for m in pages[-1] if isinstance(m, Rule) or m in texts(pages[-1])[-2:]]
    pages[-1] += [*marks, text(LEFT, 200, NOTE)]


@broken("text over a rule")
def a_cell_whose_text_runs_into_the_next(pages: list[list[Mark]]) -> None:
    line = cell(pages, "未设置锁气卸灰装置")
    swap(pages[0], line, redrawn(line, said="未设置锁气卸灰装置" * 3))


@broken("text over a rule")
def a_cell_whose_text_sits_on_its_upper_rule(pages: list[list[Mark]]) -> None:
    line = cell(pages, "未设置锁气卸灰装置")
    swap(pages[0], line, line._replace(y=line.y - 13))


@broken("text over a rule")
def a_field_whose_line_strikes_it_out(pages: list[list[Mark]]) -> None:
    line = body_line(pages)
    pages[0].append(Rule(line.x, line.y - 4, line.x + 200, line.y - 4))


@broken("text over a rule")
def a_table_shifted_under_its_text(pages: list[list[Mark]]) -> None:
    for mark in [m for m in pages[0] if isinstance(m, Rule) and m.x0 == m.x1]:
        swap(pages[0], mark, mark._replace(x0=mark.x0 + 20, x1=mark.x1 + 20))


@broken("stroke over text")
def a_signature_across_a_line(pages: list[list[Mark]]) -> None:
    line = body_line(pages)
    stroke = tuple((x * 50, 300 + x * 20) for x in range(20))
    pages[0].append(Strokes(line.x + 40, line.y - 18, 84, (stroke,)))


@broken("stroke over text")
def a_box_to_tick_on_top_of_a_word(pages: list[list[Mark]]) -> None:
    line = body_line(pages)
    pages[0].append(Box(line.x + 44, line.y - 8, 8, 8))


@broken("picture over text")
def a_photo_on_top_of_a_line(pages: list[list[Mark]]) -> None:
    line = body_line(pages)
    pages[0].append(Picture(line.x + 40, line.y - 20, 64, 48, PHOTO))


@broken("picture over picture")
def two_photos_on_each_other(pages: list[list[Mark]]) -> None:
    pages[-1] += [Picture(200, FLOOR - 120, 64, 48, PHOTO), Picture(240, FLOOR - 90, 64, 48, PHOTO)]


@broken("cut by the sheet")
def a_line_that_leaves_the_sheet_to_the_right(pages: list[list[Mark]]) -> None:
    line = body_line(pages)
    swap(pages[0], line, line._replace(x=line.x + 120))


@broken("cut by the sheet")
def a_page_number_below_the_sheet(pages: list[list[Mark]]) -> None:
    line = number_of(pages[1])
    swap(pages[1], line, line._replace(y=FORM.height + 3))


@broken("beyond a side margin")
def a_line_set_wider_than_the_type_area(pages: list[list[Mark]]) -> None:
    line = body_line(pages)
    swap(pages[0], line, redrawn(line, spacing=line.line.spacing + 0.6))


@broken("beyond a side margin")
def a_line_that_begins_in_the_left_margin(pages: list[list[Mark]]) -> None:
    line = body_line(pages)
    swap(pages[0], line, line._replace(x=line.x - 12))


@broken("beyond a side margin")
def a_table_that_begins_in_the_left_margin(pages: list[list[Mark]]) -> None:
    for mark in [m for m in pages[0] if isinstance(m, Rule) and m.y0 == m.y1 and m.y0 < FLOOR]:
        swap(pages[0], mark, mark._replace(x0=mark.x0 - 10))


@broken("beyond the top margin")
def a_title_in_the_top_margin(pages: list[list[Mark]]) -> None:
    title = texts(pages[0])[0]
    swap(pages[0], title, title._replace(y=50))


@broken("beyond the bottom margin")
def a_line_below_the_type_area(pages: list[list[Mark]]) -> None:
    pages[0].append(text(LEFT, FLOOR + 13, "未落实上锁等防止未经审批进入的措施"))


@broken("forbidden line start")
def a_line_that_begins_with_a_comma(pages: list[list[Mark]]) -> None:
    line = body_line(pages)
    swap(pages[0], line, redrawn(line, said="，" + line.line.text[1:-1]))


@broken("forbidden line start")
def an_ellipsis_cut_in_two(pages: list[list[Mark]]) -> None:
    one, other = body_line(pages, number=1), body_line(pages, number=2)
    swap(pages[0], one, redrawn(one, said="一" * 39 + "…"))
    swap(pages[0], other, redrawn(other, said="…" + "二" * 30))


@broken("forbidden line end")
def a_line_that_ends_with_an_opening_bracket(pages: list[list[Mark]]) -> None:
    line = body_line(pages)
    swap(pages[0], line, redrawn(line, said="一" * 39 + "《"))


@broken("word broken")
def a_standards_number_cut_in_two(pages: list[list[Mark]]) -> None:
    one, other = body_line(pages, number=1), body_line(pages, number=2)
    swap(pages[0], one, redrawn(one, said="一" * 39 + "155"))
    swap(pages[0], other, redrawn(other, said="77-2018" + "二" * 30))


@broken("word broken")
def a_phone_number_cut_though_its_line_could_do_without_it(pages: list[list[Mark]]) -> None:
    one, other = body_line(pages, number=1), body_line(pages, number=2)
    swap(pages[0], one, redrawn(one, said="一" * 38 + "0518-"))
    swap(pages[0], other, redrawn(other, said="86000000" + "二" * 30))


@broken("unit parted")
def a_number_parted_from_its_unit(pages: list[list[Mark]]) -> None:
    one, other = body_line(pages, number=1), body_line(pages, number=2)
    swap(pages[0], one, redrawn(one, said="一" * 39 + "35"))
    swap(pages[0], other, redrawn(other, said="㎡，" + "二" * 30))


@broken("uneven spacing")
def a_word_that_stands_off_its_line(pages: list[list[Mark]]) -> None:
    line = body_line(pages)
    first, *rest = line.line.parts
    at = text_width(first, line.size) + len(first) * line.line.spacing
    begins = (None, at - 1.2, *[None] * (len(rest) - 1))
    swap(pages[0], line, line._replace(line=line.line._replace(begins=begins)))


@broken("drawn apart")
def a_short_line_drawn_to_the_margin(pages: list[list[Mark]]) -> None:
    line = texts(pages[-1])[-3]
    short = line._replace(x=LEFT, line=text(0, 0, "整改完毕后报告本机关复查").line)
    swap(pages[-1], line, redrawn(short, spacing=9.0))


@broken("no page number")
def a_page_without_its_number(pages: list[list[Mark]]) -> None:
    pages[1].remove(number_of(pages[1]))


@broken("wrong page number")
def a_page_that_repeats_the_number_before(pages: list[list[Mark]]) -> None:
    line = number_of(pages[1])
    said = line.line.text.replace("第2页", "第1页")
    swap(pages[1], line, redrawn(line, said=said))


@broken("wrong page number")
def a_total_that_is_too_high(pages: list[list[Mark]]) -> None:
    for marks in pages:
        line = number_of(marks)
        swap(marks, line, redrawn(line, said=line.line.text.replace("共3", "共4")))


@broken("wrong page number")
def a_page_that_was_left_out(pages: list[list[Mark]]) -> None:
    pages[1].clear()


@broken("empty without a note")
def a_page_that_ends_half_empty(pages: list[list[Mark]]) -> None:
    marks = pages[0]
    marks[:] = [m for m in marks if not (isinstance(m, Text) and 300 < m.y < FLOOR)]
    marks[:] = [m for m in marks if not (isinstance(m, Rule) and 200 < m.y1 < FLOOR)]


@broken("empty without a note")
def a_last_page_without_its_note(pages: list[list[Mark]]) -> None:
    pages[-1].remove(cell(pages, NOTE, -1))


@broken("closing alone")
def a_signature_block_alone_on_its_page(pages: list[list[Mark]]) -> None:
    closing = texts(pages[-1])[-4:]
    note = text(LEFT, FORM.top + 60, NOTE)
    again = texts(pages[-1])[0]
    pages[-1][:] = [again, *closing, note]


@broken("table open")
def a_table_part_that_is_not_closed_where_the_page_ends(pages: list[list[Mark]]) -> None:
    marks = pages[0]
    low = max(m.y1 for m in marks if isinstance(m, Rule) and m.y1 < FLOOR)
    marks[:] = [m for m in marks if not (isinstance(m, Rule) and m.y0 == m.y1 == low)]


@broken("table open")
def a_table_part_without_its_right_side(pages: list[list[Mark]]) -> None:
    for mark in [m for m in pages[1] if isinstance(m, Rule) and m.x0 == m.x1]:
        if abs(mark.x0 - RIGHT) < 1:
            pages[1].remove(mark)


@broken("head not repeated")
def a_table_that_goes_on_without_its_head(pages: list[list[Mark]]) -> None:
    for word in ("序号", "问题", "期限"):
        swap(pages[1], cell(pages, word, 1), text(LEFT + 20, cell(pages, word, 1).y, "见前"))


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_layout_is_named_with_its_fault(name: str) -> None:
    kind, change = BROKEN[name]

    assert kind in {fault.kind for fault in faults_after(change)}


def test_sound_pages_pass() -> None:
    for paper in (FORM, REASONED):
        pages = sound_pages(paper)

        assert len(pages) > 2
        assert faults_of(write(pages, META, {}), [area_of(page) for page in pages], said=BODY) == []
