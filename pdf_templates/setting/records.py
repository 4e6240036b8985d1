"""
Stationery of notices, records and forms: 眉题, double rule, title, 文号; 10.5 on 21 pt.

What surrounds their text stands first, by itself: the papers of a draw are put together from it.
"""

from collections.abc import Iterator
from dataclasses import replace

from pdf_templates.setting.faces import Style
from pdf_templates.setting.flow import Sheet
from pdf_templates.setting.lines import Line, Span, break_lines
from pdf_templates.setting.page import (
    FORM,
    HEIGHT,
    LEADING,
    SIDE,
    SIZE,
    TEXT_WIDTH,
    WIDTH,
    Mark,
    Page,
    Paper,
    Rule,
    Strip,
    Text,
)
from pdf_templates.setting.stationery import Content, Heading, Stationery, fitted
from pdf_templates.setting.tables import Look

BASE = 14.5
"""Baseline below the top of a 21 pt line."""
HEADING = "安全生产行政执法文书"
TITLE, LEAST_TITLE, NUMBER, LEAST_NUMBER = 18.0, 15.0, 15.0, 10.5
SMALL, LEAST_SMALL, SMALL_PITCH = 9.0, 7.5, 11.5
"""Type sizes, what a title and a 文号 may shrink to in order to stay on one line; small lines."""
MOST_NOTE, NUMBERS = 3, 10
"""Lines of a note that the bottom margin has room for; characters that 共X页　第X页 may take."""


def space(points: float) -> Strip:
    """Leave room that may fall away at a page's end only with its neighbours."""
    return Strip(points, (), keep=True)


def opening(title: str, doc_no: str, copy: str = "") -> tuple[Strip, ...]:
    """Return 眉题, double rule, title and 文号, where there is one, of a first page."""
    marks: list[Mark] = [centred(HEADING, 18, 18, "title")]
    if copy:
        marks.append(right_aligned(copy, 9, -14, "song"))
    return (
        Strip(28, tuple(marks)),
        _double_rule(),
        *in_the_middle(Span(title, "title", field=title[:12]), (TITLE, LEAST_TITLE), 36, 29),
        *(
            in_the_middle(Span(doc_no, field="文号"), (NUMBER, LEAST_NUMBER), 30, 20)
            if doc_no
            else ()
        ),
        Strip(8, ()),
    )


def in_the_middle(
    span: Span, sizes: tuple[float, float], height: float, y: float
) -> Iterator[Strip]:
    """
    Yield a heading in the middle of the sheet.

    Args:
        span: What it says.
        sizes: Its type size, and down to which it shrinks before it takes more lines.
        height: Of its first line; each other is half as high again as the type.
        y: The baseline of the first line.
    """
    size, lines = fitted(span, sizes[0], TEXT_WIDTH, sizes[1])
    for number, line in enumerate(lines):
        text = Text((WIDTH - line.width) / 2, size if number else y, size, line)
        yield Strip(1.5 * size if number else height, (text,))


def continued(doc_no: str, copy: str = "", label: str = "续页") -> tuple[Strip, ...]:
    """Return what heads each further page: 文号 to the left, 续页 to the right, a double rule."""
    at_right = right_aligned(label, SIZE, 10, "body")
    room = at_right.x - SIDE - SIZE
    size, lines = fitted(Span(doc_no, field=doc_no[:12]), SMALL, room, LEAST_SMALL)
    marks = [Text(SIDE, 10 + n * SMALL_PITCH, size, line) for n, line in enumerate(lines)]
    marks.append(at_right)
    if copy:
        marks.append(right_aligned(copy, 9, -14, "song"))
    height = 16 + (len(lines) - 1) * SMALL_PITCH
    return Strip(height, tuple(marks)), _double_rule(), Strip(6, ())


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
    for line in note_lines(note, SMALL, TEXT_WIDTH) if note else ():
        marks.append(Text(SIDE, y + 14 + SMALL_PITCH * len(marks[1:]), SMALL, line))
    marks.append(right_aligned(f"共{total}页　第{number}页", 9, y + 14, "song"))
    return tuple(marks)


def note_lines(note: str, size: float, width: float, style: Style = "song") -> list[Line]:
    """Return the note on copies beside 共X页　第X页, on as many lines as it needs."""
    spans = [Span(note, style, field="份数说明")]
    return break_lines(spans, size, width - NUMBERS * size, justify=False)


def with_long_note(content: Content, on: Stationery, size: float) -> Content:
    """Return the content, which ends with its note where that is too long for the margin."""
    if not content.note or len(note_lines(content.note, size, on.paper.text_width)) <= MOST_NOTE:
        return content
    said = [strip._replace(keep=False) for strip in on.remark(content.note, "份数说明")]
    return replace(content, body=[*content.body, on.space(0.25), *said], note="")


class Records(Stationery):
    """A4 as bureaus print their forms (reference §5.1)."""

    paper: Paper = FORM
    look = Look()
    base = BASE
    small = 8.0

    def head(self, heading: Heading) -> tuple[Strip, ...]:
        """Return 眉题, double rule, title and 文号."""
        return opening(heading.title, heading.doc_no, heading.copy)

    def again(self, heading: Heading) -> tuple[Strip, ...]:
        """Return 文号 (the title where there is none), 续页 and a double rule."""
        return continued(heading.doc_no or heading.title, heading.copy)

    def sheet(self, heading: Heading, content: Content) -> Sheet:
        """Return the surroundings of a document."""
        return Sheet(
            head=self.head(heading),
            again=self.again(heading),
            foot=content.running,
            below=lambda number, total: page_numbers(content.note, number, total),
            paper=self.paper,
        )

    def pages(self, heading: Heading, content: Content) -> list[Page]:
        """Return the finished pages of one copy."""
        return super().pages(heading, with_long_note(content, self, SMALL))

    def blank(self, gap: float, ends: bool) -> Strip | None:
        """Return （以下空白） where a line or more is left, or （以下空白，转下页）."""
        return blank_below(gap, ends)


class Forms(Records):
    """The same sheet for ruled forms, whose ruled boxes leave no blank to be closed."""

    def __init__(self, look: Look, tighter: "Forms | None" = None) -> None:
        self.look, self.tighter = look, tighter

    def blank(self, gap: float, ends: bool) -> Strip | None:
        """Return nothing: the form's last rule closes it."""
        return None


class Slips(Records):
    """The same sheet for what is written on the spot and signed at once, on one sheet if it can."""

    def __init__(self, leading: float, tighter: "Slips | None" = None) -> None:
        self.paper = replace(FORM, leading=leading, pitches=(leading,))
        self.base = BASE - (FORM.leading - leading) / 2
        self.tighter = tighter


RECORDS = Records()
SLIPS = Slips(FORM.leading, tighter=Slips(18.5, tighter=Slips(16.5)))
"""Lines as in other notices; where that saves a sheet, closer."""
_TIGHTEST = Forms(Look(pitch=14.0, above=2.5, base=10.5, signing=22.0))
_TIGHTER = Forms(Look(pitch=15.5, above=3.5, base=11.5, signing=24.0), tighter=_TIGHTEST)
FORMS = Forms(Look(), tighter=_TIGHTER)
"""Ruled forms; where that saves a page, with less white, which can still be read and signed in."""
