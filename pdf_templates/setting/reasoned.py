"""The stationery of reasoned documents (决定书, 告知书, 移送书): the grid of GB/T 9704-2012."""

from pdf_templates.setting.flow import Sheet
from pdf_templates.setting.page import REASONED, Mark, Page, Paper, Rule, Strip
from pdf_templates.setting.stationery import Content, Heading, Stationery, kept
from pdf_templates.setting.tables import Look

TITLE, NUMBER, SMALL = 22.0, 16.0, 10.5
"""2号, 3号 and 5号."""


class Reasoned(Stationery):
    """A4 with 22 lines of 28 characters of 3号; title in 2号 小标宋; no underlines."""

    paper: Paper = REASONED
    look = Look(size=12.0, pitch=20.0, beside=4.0, above=5.0, base=15.0)
    base = 20.5
    small = SMALL
    is_underlined = False

    def head(self, heading: Heading) -> tuple[Strip, ...]:
        """Return the authority and the title in 2号, and the number below them."""
        marks: list[Mark] = [self.centred(heading.authority, TITLE, 30, "title")]
        if heading.copy:
            marks.append(self.ending(heading.copy, SMALL, -20))
        lead = self.paper.leading
        number = (self.ending(heading.doc_no, NUMBER, self.base, self.em),)
        return (
            Strip(36, tuple(marks)),
            Strip(36, (self.centred(heading.title, TITLE, 28, "title"),)),
            Strip(lead, ()),
            Strip(lead, number if heading.doc_no else ()),
            Strip(lead / 2, ()),
        )

    def again(self, heading: Heading) -> tuple[Strip, ...]:
        """Return 文号, or the title, and which copy it is, in small type in the top margin."""
        marks = [self.beginning(heading.doc_no or heading.title, SMALL, -20)]
        if heading.copy:
            marks.append(self.ending(heading.copy, SMALL, -20))
        return (Strip(0, tuple(marks)),)

    def sheet(self, heading: Heading, content: Content) -> Sheet:
        """Return the surroundings of a document."""
        return Sheet(
            head=self.head(heading),
            again=self.again(heading),
            foot=content.running,
            below=lambda number, total: self._below(content.note, number, total),
            paper=self.paper,
        )

    def blank(self, gap: float, ends: bool) -> Strip | None:
        """Return nothing: name and date follow the text at once and close it."""
        return None

    def pages(self, heading: Heading, content: Content) -> list[Page]:
        """
        Return the pages; name and date come right after the text, not at the page's foot.

        Of the text, no more than its last paragraph's last lines goes to the page with them.
        """
        body = list(content.body)
        if content.closing:
            body = [*body[:-1], *kept(body[-1:]), *content.closing]
        running = Content(body, (), content.note, content.running, content.annexes)
        return super().pages(heading, running)

    def seal(self, authority: str, day: str) -> list[Strip]:
        """
        Return the authority and the date, which ends four characters from the right.

        The seal goes over both, centred on them; two lines above leave room for it.
        """
        paper, size = self.paper, self.paper.size
        date = self.ending(day, size, self.base, 4 * self.em)
        name = self.single(authority, size)
        from_right = paper.width - paper.right - (date.x + date.line.width / 2) - name.width / 2
        return [
            Strip(2 * paper.leading, (), keep=True),
            Strip(
                paper.leading,
                (self.ending(authority, size, self.base, max(0.0, from_right)),),
                keep=True,
            ),
            Strip(paper.leading, (date,)),
        ]

    def _below(self, note: str, number: int, total: int) -> tuple[Mark, ...]:
        """Return the bottom margin: a rule, the note on copies, 共X页第X页."""
        paper = self.paper
        y = paper.height - paper.bottom + 22
        marks: list[Mark] = [Rule(paper.left, y, paper.width - paper.right, y, 0.5)]
        if note:
            marks.append(self.beginning(note, SMALL, y + 15))
        marks.append(self.ending(f"共{total}页　第{number}页", SMALL, y + 15))
        return tuple(marks)


REASONED_SHEET = Reasoned()
