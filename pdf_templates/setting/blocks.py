"""Building blocks of record documents: fields on underlines, paragraphs, heads, signature rows."""

from collections.abc import Sequence
from dataclasses import dataclass

from pdf_templates.setting.faces import Style
from pdf_templates.setting.lines import Line, Span, break_lines, text_width
from pdf_templates.setting.page import (
    FORM,
    HEIGHT,
    LEADING,
    SIDE,
    SIZE,
    TEXT_WIDTH,
    WIDTH,
    Mark,
    Rule,
    Strip,
    Text,
)

BASE = 14.5
"""Baseline below the top of a 21 pt line."""
HEADING = "安全生产行政执法文书"
TWO_EM = 2 * SIZE


@dataclass(frozen=True)
class Cell:
    """One labelled field of a row; `share` is its part of the row's width in per cent."""

    label: str
    value: str
    share: int


def space(points: float) -> Strip:
    """Leave room that may fall away at a page's end only with its neighbours."""
    return Strip(points, (), keep=True)


def heading(title: str, doc_no: str, copy: str = "") -> tuple[Strip, ...]:
    """Return 眉题, double rule, title and 文号, where there is one, of a first page."""
    marks: list[Mark] = [centred(HEADING, 18, 18, "title")]
    if copy:
        marks.append(right_aligned(copy, 9, -14, "song"))
    return (
        Strip(28, tuple(marks)),
        _double_rule(),
        Strip(36, (centred(title, 18, 29, "title"),)),
        *((Strip(30, (centred(doc_no, 15, 20, "body"),)),) if doc_no else ()),
        Strip(8, ()),
    )


def continued(doc_no: str, copy: str = "", label: str = "续页") -> tuple[Strip, ...]:
    """Return what heads each further page: 文号 to the left, 续页 to the right, a double rule."""
    marks = [left_aligned(doc_no, 9, 10, "body"), right_aligned(label, SIZE, 10, "body")]
    if copy:
        marks.append(right_aligned(copy, 9, -14, "song"))
    return Strip(16, tuple(marks)), _double_rule(), Strip(6, ())


def _double_rule() -> Strip:
    left, right = SIDE, WIDTH - SIDE
    return Strip(6, (Rule(left, 1, right, 1, 1.2), Rule(left, 3.4, right, 3.4, 0.5)))


def paragraph(
    spans: Sequence[Span], *, first: float = TWO_EM, rest: float = 0.0, keep: bool = False
) -> list[Strip]:
    """Return a paragraph as one-line strips; its last line never begins a page alone."""
    lines = break_lines(spans, SIZE, TEXT_WIDTH, first=first, rest=rest)
    return strips(lines, keep=keep)


def strips(lines: Sequence[Line], *, keep: bool = False) -> list[Strip]:
    """Return set lines as strips; `keep` ties the last one to what follows."""
    count = len(lines)
    return [
        Strip(
            LEADING,
            (Text(SIDE, BASE, SIZE, line),),
            keep=number == count - 2 or (keep and number == count - 1),
        )
        for number, line in enumerate(lines)
    ]


def field_row(*cells: Cell) -> list[Strip]:
    """
    Return labelled fields side by side on underlines.

    A value that does not fit its share gets full lines of its own, flowing as far as it needs.
    """
    if len(cells) > 1 and not all(_fits(cell) for cell in cells):
        return [strip for cell in cells for strip in field_row(Cell(cell.label, cell.value, 100))]
    if len(cells) == 1:
        label, value = cells[0].label, cells[0].value
        spans = [Span(label + "："), Span(value, line=True, fill=True, field=label)]
        return paragraph(spans, first=0)
    marks, x = [], SIDE
    for number, cell in enumerate(cells):
        width = TEXT_WIDTH * cell.share / 100 - (SIZE / 2 if number < len(cells) - 1 else 0)
        spans = [
            Span(cell.label + "："),
            Span(cell.value, line=True, fill=True, field=cell.label),
        ]
        marks.append(Text(x, BASE, SIZE, break_lines(spans, SIZE, width)[0]))
        x += TEXT_WIDTH * cell.share / 100
    return [Strip(LEADING, tuple(marks))]


def _fits(cell: Cell) -> bool:
    if "\n" in cell.value:
        return False
    needed = text_width(cell.label + "：" + cell.value, SIZE, "body", cell.label)
    return needed <= TEXT_WIDTH * cell.share / 100 - SIZE / 2


def centred(text: str, size: float, y: float, style: Style) -> Text:
    """Return a line in the middle of the sheet."""
    line = _single(text, size, style)
    return Text((WIDTH - line.width) / 2, y, size, line)


def right_aligned(text: str, size: float, y: float, style: Style, right: float = SIDE) -> Text:
    """Return a line that ends at the right margin."""
    line = _single(text, size, style)
    return Text(WIDTH - right - line.width, y, size, line)


def left_aligned(text: str, size: float, y: float, style: Style, x: float = SIDE) -> Text:
    """Return a line that begins at `x`."""
    return Text(x, y, size, _single(text, size, style))


def _single(text: str, size: float, style: Style) -> Line:
    spans = [Span(text, style, field=text[:12])]
    return break_lines(spans, size, 1e6, justify=False)[0]


def blank_below(gap: float, ends: bool) -> Strip | None:
    """Return 以下空白 where at least a line is left below the end of the content, or 转下页."""
    if gap < (1.2 * LEADING if ends else FORM.most_blank):
        return None
    text = "（以下空白）" if ends else "（以下空白，转下页）"
    return Strip(LEADING, (centred(text, SIZE, BASE, "body"),))


def page_numbers(note: str, number: int, total: int) -> tuple[Mark, ...]:
    """Return the bottom margin: a rule, the note on copies, and 共X页第X页."""
    y = HEIGHT - 56
    marks: list[Mark] = [Rule(SIDE, y, WIDTH - SIDE, y, 0.5)]
    if note:
        marks.append(left_aligned(note, 9, y + 14, "song"))
    marks.append(right_aligned(f"共{total}页　第{number}页", 9, y + 14, "song"))
    return tuple(marks)
