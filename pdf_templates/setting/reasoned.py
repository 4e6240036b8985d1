"""The stationery of reasoned documents (决定书, 告知书, 移送书): the grid of GB/T 9704-2012."""

from pdf_templates.setting.flow import Sheet
from pdf_templates.setting.lines import Span
from pdf_templates.setting.page import REASONED, Mark, Page, Paper, Rule, Strip, Text
from pdf_templates.setting.records import note_lines, with_long_note
from pdf_templates.setting.stationery import Content, Heading, Stationery, fitted, kept
from pdf_templates.setting.tables import Look

TITLE, NUMBER, SMALL = 22.0, 16.0, 10.5
"""2号, 3号 and 5号."""
LEAST_TITLE, LEAST_NUMBER, LEAST_SMALL = 18.0, 14.0, 9.0
"""小2号, 4号 and 小5号: down to where they shrink in order to stay on one line."""
PITCH = 14.0
"""From line to line of small type in the margins."""


class Reasoned(Stationery):
    """A4 with 22 lines of 28 characters of 3号; title in 2号 小标宋; no underlines."""

    paper: Paper = REASONED
    look = Look(size=12.0, pitch=20.0, beside=4.0, above=5.0, base=15.0)
    base = 20.5
    small = SMALL
    is_underlined = False

    def head(self, heading: Heading) -> tuple[Strip, ...]:
        """Return the authority and the title in 2号, and the number below them."""
        marks = (self.ending(heading.copy, SMALL, -20),) if heading.copy else ()
        first, *others = self._in_the_middle(heading.authority, 30)
        lead = self.paper.leading
        return (
            first._replace(marks=(*first.marks, *marks)),
            *others,
            *self._in_the_middle(heading.title, 28),
            Strip(lead, ()),
            *self._number(heading.doc_no),
            Strip(lead / 2, ()),
        )

    def _in_the_middle(self, said: str, y: float) -> list[Strip]:
        """Return the authority or the title; a long one smaller, or in rows (GB/T 9704, 7.3.1)."""
        left, room = self.paper.left, self.paper.text_width
        size, lines = fitted(Span(said, "title", field=said[:12]), TITLE, room, LEAST_TITLE)
        return [Strip(36, (Text(left + (room - line.width) / 2, y, size, line),)) for line in lines]

    def _number(self, doc_no: str) -> list[Strip]:
        """Return 文号 one character before the right, or the line that it would stand on."""
        paper = self.paper
        room = paper.text_width - self.em
        size, lines = fitted(Span(doc_no, field="文号"), NUMBER, room, LEAST_NUMBER)
        right = paper.left + room
        return [
            Strip(
                paper.leading, (Text(right - line.width, self.base, size, line),) if doc_no else ()
            )
            for line in lines
        ]

    def again(self, heading: Heading) -> tuple[Strip, ...]:
        """Return 文号, or the title, and which copy it is, in small type in the top margin."""
        copy = self.ending(heading.copy, SMALL, -20)
        said, paper = heading.doc_no or heading.title, self.paper
        room = copy.x - paper.left - 2 * SMALL
        size, lines = fitted(Span(said, field=said[:12]), SMALL, room, LEAST_SMALL)
        marks = [
            Text(paper.left, -20 - above * PITCH, size, line)
            for above, line in enumerate(reversed(lines))
        ]
        return (Strip(0, (*marks, *((copy,) if heading.copy else ()))),)

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
        content = with_long_note(content, self, SMALL)
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
        _, lines = fitted(Span(authority, field=authority[:12]), size, paper.text_width, size)
        widest = max(line.width for line in lines)
        from_right = paper.width - paper.right - (date.x + date.line.width / 2) - widest / 2
        return [
            Strip(2 * paper.leading, (), keep=True),
            *self.name_over(self.base, paper.leading, authority, max(0.0, from_right)),
            Strip(paper.leading, (date,)),
        ]

    def _below(self, note: str, number: int, total: int) -> tuple[Mark, ...]:
        """Return the bottom margin: a rule, the note on copies, 共X页第X页."""
        paper = self.paper
        y = paper.height - paper.bottom + 22
        marks: list[Mark] = [Rule(paper.left, y, paper.width - paper.right, y, 0.5)]
        for line in note_lines(note, SMALL, paper.text_width, "body") if note else ():
            marks.append(Text(paper.left, y + 15 + PITCH * len(marks[1:]), SMALL, line))
        marks.append(self.ending(f"共{total}页　第{number}页", SMALL, y + 15))
        return tuple(marks)


REASONED_SHEET = Reasoned()
