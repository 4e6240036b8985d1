"""
Stationery of notices, records and forms: 眉题, double rule, title, 文号; 10.5 on 21 pt.

What surrounds their text stands first, by itself: the papers of a draw are put together from it.
"""

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
    WIDTH,
    Mark,
    Paper,
    Rule,
    Strip,
    Text,
)
from pdf_templates.setting.stationery import Content, Heading, Stationery
from pdf_templates.setting.tables import Look

BASE = 14.5
"""Baseline below the top of a 21 pt line."""
HEADING = "安全生产行政执法文书"


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
