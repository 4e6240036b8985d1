"""
Stationery of portable receipt printers: an 80 mm roll, printed 72 mm wide, one page of any length.

Such a printer has dots of 203 dpi, black or white: text is in Hei, whose strokes all come out, and
no rule is thinner than a dot.
"""

from collections.abc import Sequence
from dataclasses import replace

from pdf_templates.setting.faces import Style
from pdf_templates.setting.flow import Sheet, flow
from pdf_templates.setting.lines import Line, Span, break_lines
from pdf_templates.setting.page import MM, Mark, Page, Paper, Rule, Strip, Text
from pdf_templates.setting.qr import qr
from pdf_templates.setting.stationery import Content, Heading, Stationery, kept
from pdf_templates.setting.tables import Look

HEADING = "安全生产行政执法文书"
HEADING_SIZE, TITLE, SMALL = 9.0, 13.0, 8.0
LONGEST = 14_400.0
"""Points: the tallest page that readers of PDF must take (ISO 32000-1, annex C)."""
SPARE = 0.01
CODE_SIDE = 36 * MM


class Receipt(Stationery):
    """A roll of paper, cut where the document ends."""

    paper: Paper = Paper(
        80 * MM, LONGEST, 4 * MM, 4 * MM, 5 * MM, 10 * MM, 9.5, 14.0, pitches=(14.0,)
    )
    look = Look(size=8.0, pitch=11.5, beside=2.0, above=3.0, base=9.0)
    base = 10.5
    small = SMALL
    is_underlined = False
    has_annexes = False

    def head(self, heading: Heading) -> tuple[Strip, ...]:
        """Return 眉题, a rule, the title, 文号 and which copy it is."""
        return (
            *self._middle(HEADING, HEADING_SIZE, 14),
            self._rule(4, 0.8),
            *self._middle(heading.title, TITLE, 20, "title"),
            *self._middle(heading.doc_no, self.paper.size, self.paper.leading),
            *self._middle(f"（{heading.copy}）" if heading.copy else "", SMALL, 11),
            self._rule(6, 0.5),
        )

    def again(self, heading: Heading) -> tuple[Strip, ...]:
        """Return 文号 and 续页, where a document is longer than a page can be."""
        return (
            *self._middle(f"{heading.doc_no or heading.title}续页", SMALL, 11),
            self._rule(6, 0.5),
        )

    def sheet(self, heading: Heading, content: Content) -> Sheet:
        """Return the surroundings on a page as long as the content, which needs no line to sign."""
        strips = (*self.head(heading), *content.body, *content.closing)
        height = sum(strip.height for strip in strips) + self.paper.top + self.paper.bottom
        paper = replace(self.paper, height=min(height + SPARE, LONGEST))

        def below(number: int, total: int) -> tuple[Mark, ...]:
            said = f"共{total}页　第{number}页"
            return (self.centred(said, SMALL, paper.height - paper.bottom + 12),)

        return Sheet(self.head(heading), self.again(heading), None, below, paper)

    def blank(self, gap: float, ends: bool) -> Strip | None:
        """Return nothing: the paper ends with the content."""
        return None

    def pages(self, heading: Heading, content: Content) -> list[Page]:
        """
        Return one page, or several of what no single page can hold.

        Raises:
            ValueError: The content has annexes, which would be cut at the edge of the paper.
        """
        if content.annexes:
            raise ValueError("a receipt has no annexes")
        note = self.remark(content.note, "份数说明") if content.note else []
        made = replace(content, closing=[*content.closing, self._rule(6, 0.5), *note])
        return flow(self.sheet(heading, made), made.body, made.closing, blank=self.blank)

    def shown(self, spans: Sequence[Span]) -> Sequence[Span]:
        """Return the text in Hei."""
        return [span._replace(style="hei") if span.style != "title" else span for span in spans]

    def seal(self, authority: str, day: str) -> list[Strip]:
        """Return the authority, however long its name, where the seal goes, and the date."""
        names = break_lines([self._hei(authority)], self.paper.size, self.paper.text_width)
        return kept(
            [
                self.space(0.5),
                *(self._line(line, self.paper.size, self.paper.leading, 1.0) for line in names),
                *self._right("（印章）"),
                *self._right(day),
            ]
        )

    def code(self, said: str, digest: str) -> list[Strip]:
        """Return a QR code with what it is for, and the digest that it holds in figures."""
        left = (self.paper.width - CODE_SIDE) / 2
        square = Strip(CODE_SIDE, (qr(said, left, 0.0, CODE_SIDE),), keep=True)
        return [
            square,
            *self._middle("扫码核对文号和内容摘要", SMALL, 12),
            *self.remark(f"内容摘要 SHA-256：{digest}", "内容摘要"),
        ]

    def _hei(self, text: str, style: Style = "hei") -> Span:
        return Span(text, style, field=text[:12])

    def _middle(self, text: str, size: float, pitch: float, style: Style = "hei") -> list[Strip]:
        """Return text in the middle, on as many lines as it needs; nothing where it is empty."""
        if not text:
            return []
        lines = break_lines([self._hei(text, style)], size, self.paper.text_width, justify=False)
        return [self._line(line, size, pitch, 0.5) for line in lines]

    def _right(self, text: str) -> list[Strip]:
        size = self.paper.size
        return [self._line(self.single(text, size), size, self.paper.leading, 1.0)]

    def _line(self, line: Line, size: float, pitch: float, side: float) -> Strip:
        """Return a line with so much of the spare room before it: 0.5 in the middle, 1 right."""
        x = self.paper.left + (self.paper.text_width - line.width) * side
        return Strip(pitch, (Text(x, (pitch + size * 0.76) / 2, size, line),), keep=True)

    def _rule(self, height: float, weight: float) -> Strip:
        y, paper = height / 2, self.paper
        return Strip(
            height, (Rule(paper.left, y, paper.width - paper.right, y, weight),), keep=True
        )


RECEIPT = Receipt()
