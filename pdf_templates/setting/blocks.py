"""What surrounds the text of records: heads, further pages, single lines, the bottom margin."""

from pdf_templates.setting.faces import Style
from pdf_templates.setting.lines import Line, Span, break_lines
from pdf_templates.setting.page import (
    FORM,
    HEIGHT,
    LEADING,
    SIDE,
    SIZE,
    WIDTH,
    Mark,
    Rule,
    Strip,
    Text,
)

BASE = 14.5
"""Baseline below the top of a 21 pt line."""
HEADING = "安全生产行政执法文书"


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
