"""Stationery of notices, records and forms: 眉题, double rule, title, 文号; 10.5 on 21 pt."""

from dataclasses import replace

from pdf_templates.setting import blocks
from pdf_templates.setting.page import FORM, Paper, Sheet, Strip
from pdf_templates.setting.stationery import Content, Heading, Stationery
from pdf_templates.setting.tables import Look


class Records(Stationery):
    """A4 as bureaus print their forms (reference §5.1)."""

    paper: Paper = FORM
    look = Look()
    base = blocks.BASE
    small = 8.0

    def head(self, heading: Heading) -> tuple[Strip, ...]:
        """Return 眉题, double rule, title and 文号."""
        return blocks.heading(heading.title, heading.doc_no, heading.copy)

    def again(self, heading: Heading) -> tuple[Strip, ...]:
        """Return 文号 (the title where there is none), 续页 and a double rule."""
        return blocks.continued(heading.doc_no or heading.title, heading.copy)

    def sheet(self, heading: Heading, content: Content) -> Sheet:
        """Return the surroundings of a document."""
        return Sheet(
            head=self.head(heading),
            again=self.again(heading),
            foot=content.running,
            below=lambda number, total: blocks.page_numbers(content.note, number, total),
            paper=self.paper,
        )

    def blank(self, gap: float, ends: bool) -> Strip | None:
        """Return （以下空白） where a line or more is left, or （以下空白，转下页）."""
        return blocks.blank_below(gap, ends)


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
        self.base = blocks.BASE - (FORM.leading - leading) / 2
        self.tighter = tighter


RECORDS = Records()
SLIPS = Slips(FORM.leading, tighter=Slips(18.5, tighter=Slips(16.5)))
"""Lines as in other notices; where that saves a sheet, closer."""
_TIGHTEST = Forms(Look(pitch=14.0, above=2.5, base=10.5, signing=22.0))
_TIGHTER = Forms(Look(pitch=15.5, above=3.5, base=11.5, signing=24.0), tighter=_TIGHTEST)
FORMS = Forms(Look(), tighter=_TIGHTER)
"""Ruled forms; where that saves a page, with less white, which can still be read and signed in."""
