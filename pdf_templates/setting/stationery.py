"""
Stationery: a paper with the habits of setting on it, which documents are written on.

A document says what it says (`prose`, `fields`, `items`, `table`, `form`, `ticks`, `seal`); how
that looks on A4 forms, on the grid of reasoned documents or on a receipt roll is the stationery's.
"""

import math
import re
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pdf_templates.setting import forms, tables
from pdf_templates.setting.faces import Style
from pdf_templates.setting.flow import Sheet, flow
from pdf_templates.setting.lines import Line, Span, break_lines, text_width, unbroken
from pdf_templates.setting.page import Page, Paper, Strip, Text
from pdf_templates.wording import STOPS, rows_of, unended

BLANK = unbroken("　　　　")
"""What stands where a blank is left to be filled in by hand; it stays whole."""
_BLANKS = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True)
class Cell:
    """One labelled field of a row; `share` is its part of the row's width in per cent."""

    label: str
    value: str
    share: float = 100.0


@dataclass(frozen=True)
class Content:
    """
    What a document says, set on its stationery.

    Attributes:
        body: In order; it may run over pages.
        closing: Signatures and seal; stays together, never alone on a page.
        note: At the foot of each page, such as how many copies there are.
        running: A line to sign at the foot of every page but the closing one, or None.
        annexes: Pages that follow, each fitting one page.
    """

    body: Sequence[Strip]
    closing: Sequence[Strip] = ()
    note: str = ""
    running: Strip | None = None
    annexes: Sequence[Sequence[Strip]] = ()


@dataclass(frozen=True)
class Heading:
    """What heads a document: who issues it, what it is called, its 文号 or "", which copy it is."""

    authority: str
    title: str
    doc_no: str
    copy: str = ""


class Stationery(ABC):
    """
    A paper and how it is set.

    Attributes:
        paper: The sheet and its type area.
        look: How tables and forms are set on it.
        base: Points from a line's top to its baseline.
        small: Type size of remarks, in points.
        is_underlined: Whether what fills a blank stands on a line.
        tighter: The same with less white, taken where that saves a page; None where none is.
        has_annexes: Whether sheets can follow the content, such as photos.
    """

    paper: Paper
    look: tables.Look
    base: float
    small: float
    is_underlined: bool = True
    tighter: "Stationery | None" = None
    has_annexes: bool = True

    # -- what surrounds the content ---------------------------------------------------------------

    @abstractmethod
    def head(self, heading: Heading) -> tuple[Strip, ...]:
        """Return what stands above the content on the first page."""

    @abstractmethod
    def again(self, heading: Heading) -> tuple[Strip, ...]:
        """Return what heads each further page."""

    @abstractmethod
    def sheet(self, heading: Heading, content: Content) -> Sheet:
        """Return the surroundings of a document."""

    @abstractmethod
    def blank(self, gap: float, ends: bool) -> Strip | None:
        """Return what closes so many points of room: 以下空白 where it ends, 转下页, or None."""

    def pages(self, heading: Heading, content: Content) -> list[Page]:
        """Return the finished pages of one copy."""
        return flow(
            self.sheet(heading, content),
            content.body,
            content.closing,
            blank=self.blank,
            annexes=content.annexes,
        )

    # -- text -------------------------------------------------------------------------------------

    def shown(self, spans: Sequence[Span]) -> Sequence[Span]:
        """Return text in the styles that this paper has for those that are asked for."""
        return spans

    @property
    def em(self) -> float:
        """The width of a character on this paper, in points."""
        return self.paper.size + self.paper.tracking

    def spans(self, template: str, blanks: Mapping[str, str] | None = None) -> list[Span]:
        """
        Return text whose {blanks} are filled in and underlined; their names name them in errors.

        What fills one before a mark keeps no mark of its own.

        Raises:
            KeyError: A blank of the template is not given.
        """
        parts = _BLANKS.split(template)
        spans = [Span(parts[0])]
        for name, said in zip(parts[1::2], parts[2::2], strict=True):
            value = (blanks or {})[name]
            is_within = said.startswith(tuple(STOPS))
            spans.append(self._filled(name, unended(value) if is_within else value))
            spans.append(Span(said))
        return [span for span in spans if span.text]

    def _filled(self, name: str, value: str) -> Span:
        return Span(value or BLANK, line=self.is_underlined or not value, field=name)

    def prose(
        self,
        template: str,
        blanks: Mapping[str, str] | None = None,
        *,
        first: float = 2.0,
        keep: bool = False,
    ) -> list[Strip]:
        """
        Return a paragraph.

        Args:
            template: Its wording, with {blanks}.
            blanks: What fills them, by the field's Chinese name; "" leaves room to write.
            first: Indent of the first line, in characters.
            keep: Whether its last line stays with what follows.
        """
        return self.paragraph(self.spans(template, blanks), first=first, keep=keep)

    def said(self, text: str, field: str, *, first: float = 2.0, keep: bool = False) -> list[Strip]:
        """Return a fact as a paragraph of its own; nothing where it is empty."""
        return self.paragraph([Span(text, field=field)], first=first, keep=keep) if text else []

    def headline(self, text: str) -> list[Strip]:
        """Return a heading within the text, in Hei, that stays with what it heads."""
        return kept(self.paragraph([Span(text, "hei")]))

    def subheadline(self, text: str) -> list[Strip]:
        """Return a heading of level two, （一）, in Kai, that stays with what it heads."""
        return kept(self.paragraph([Span(text, "kai")]))

    def items(self, texts: Iterable[str], field: str) -> list[Strip]:
        """Return numbered paragraphs: 1． 2． …"""
        rows: list[Strip] = []
        for number, text in enumerate(texts, 1):
            rows += self.said(f"{number}．{text}", f"{field}第{number}项")
        return rows

    def paragraph(
        self, spans: Sequence[Span], *, first: float = 2.0, rest: float = 0.0, keep: bool = False
    ) -> list[Strip]:
        """Return a paragraph as one-line strips; its last line never begins a page alone."""
        paper = self.paper
        lines = break_lines(
            self.shown(spans),
            paper.size,
            paper.text_width,
            first=first * self.em,
            rest=rest * self.em,
            tracking=paper.tracking,
        )
        count = len(lines)
        return [
            Strip(
                paper.leading,
                (Text(paper.left, self.base, paper.size, line),),
                keep=number == count - 2 or (keep and number == count - 1),
            )
            for number, line in enumerate(lines)
        ]

    def remark(self, text: str, field: str) -> list[Strip]:
        """Return a remark in small type that stays with its neighbours."""
        return [
            Strip(
                self.small * 1.4,
                (Text(self.paper.left, self.small, self.small, line),),
                keep=True,
            )
            for line in self.fine_print(text, field, self.paper.text_width)
        ]

    def fine_print(
        self, text: str, field: str, width: float, *, justify: bool = True
    ) -> list[Line]:
        """Return lines of small type within `width`."""
        spans = self.shown([Span(text, "song", field=field)])
        return break_lines(spans, self.small, width, justify=justify)

    def ticks(self, choices: Iterable[tuple[str, bool]], lead: str = "") -> list[Strip]:
        """Return choices with ☑ or ☐ before each, on one line where they fit."""
        said = "　".join(f"{'☑' if chosen else '☐'}{text}" for text, chosen in choices)
        return self.said(lead + said, lead.rstrip("：") or "勾选项")

    def space(self, lines: float) -> Strip:
        """Leave so many lines of room that fall away only with their neighbours."""
        return Strip(lines * self.paper.leading, (), keep=True)

    # -- fields, tables, forms --------------------------------------------------------------------

    def fields(self, *cells: Cell) -> list[Strip]:
        """
        Return labelled fields side by side on underlines.

        A value that does not fit its share gets full lines of its own, as many as it needs.
        """
        if len(cells) > 1 and not all(map(self._fits, cells)):
            return [strip for cell in cells for strip in self.fields(replace(cell, share=100.0))]
        if len(cells) == 1:
            return self.paragraph(self._labelled(cells[0]), first=0)
        paper, marks, x = self.paper, list[Text](), self.paper.left
        for number, cell in enumerate(cells, 1):
            whole = paper.text_width * cell.share / 100
            width = whole - (paper.size / 2 if number < len(cells) else 0)
            line = break_lines(self.shown(self._labelled(cell)), paper.size, width)[0]
            marks.append(Text(x, self.base, paper.size, line))
            x += whole
        return [Strip(paper.leading, tuple(marks))]

    def _labelled(self, cell: Cell) -> list[Span]:
        ruled = self.is_underlined or not cell.value
        value = Span(cell.value, line=ruled, fill=ruled, field=cell.label)
        return [Span(cell.label + "："), value]

    def _fits(self, cell: Cell) -> bool:
        paper = self.paper
        if "\n" in cell.value:
            return False
        (shown,) = self.shown([Span(f"{cell.label}：{cell.value}")])
        needed = text_width(shown.text, paper.size, shown.style, cell.label)
        return needed <= paper.text_width * cell.share / 100 - paper.size / 2

    def table(
        self,
        columns: Sequence[tuple[str, float]],
        rows: Iterable[Sequence[str]],
        *,
        least: int = 0,
        links: Sequence[int] = (),
        look: tables.Look | None = None,
        left: Collection[str] = (),
    ) -> list[Strip]:
        """
        Return a ruled table whose head comes again on each further page.

        Args:
            columns: Name and part of the width in per cent; one that holds only figures, dates and
                single words is set in the middle.
            rows: As many texts each as there are columns.
            least: Rows that there are at least; what is missing is left empty.
            links: The page of the file to which each row leads, from 1; none when empty.
            look: How it is set where not as the stationery's other tables.
            left: Names of columns that are set to the left though all their cells be short.
        """
        names = [name for name, _ in columns]
        given = [list(row) for row in rows]
        given += [[""] * len(names)] * (least - len(given))
        middle = [
            name not in left and all(_is_short(row[place]) for row in given)
            for place, name in enumerate(names)
        ]
        ruled = tables.table(
            [
                tables.Column(share, "centre" if short else "left")
                for (_, share), short in zip(columns, middle, strict=True)
            ],
            [
                [tables.Cell(text, field=name) for name, text in zip(names, row, strict=True)]
                for row in given
            ],
            [tables.Cell(name, field="表头") for name in names],
            self.paper,
            look or self.look,
            links,
        )
        return [self.space(0.25), *ruled, self.space(0.25)]

    def form(self, rows: Sequence[forms.Row], label_share: float = 16.0) -> list[Strip]:
        """Return a ruled form: fields, blocks of fields, opinions with who signs them."""
        look = replace(self.look, pitch=self.look.pitch + 1)
        return forms.form(rows, label_share, self.paper, look)

    # -- seal and single lines --------------------------------------------------------------------

    def seal(self, authority: str, day: str) -> list[Strip]:
        """Return name, seal position and date; the seal itself is put on later, never drawn."""
        four, size = 4 * self.paper.size, self.paper.size
        lead = self.paper.leading
        return [
            *self.name_over(self.base + 3.5, lead + 3, authority, four / 2),
            Strip(lead - 2, (self.ending("（印章）", size, self.base - 1.5, four),), keep=True),
            Strip(lead, (self.ending(day, size, self.base - 0.5, four / 2),)),
        ]

    def name_over(self, y: float, height: float, name: str, before: float) -> list[Strip]:
        """Return a name that ends so many points before the right; a long one in even rows."""
        paper = self.paper
        span = Span(name, field=name[:12])
        _, lines = fitted(span, paper.size, paper.text_width - before, paper.size)
        widest = max(line.width for line in lines)
        left = paper.width - paper.right - before - widest
        return [
            Strip(
                height if number == 0 else paper.leading,
                (Text(left + (widest - line.width) / 2, y, paper.size, line),),
                keep=True,
            )
            for number, line in enumerate(lines)
        ]

    def single(self, text: str, size: float, style: Style = "body") -> Line:
        """Return text as one line, however long."""
        spans = self.shown([Span(text, style, field=text[:12])])
        return break_lines(spans, size, 1e6, justify=False)[0]

    def beginning(self, text: str, size: float, y: float, style: Style = "body") -> Text:
        """Return a line that begins at the left of the type area."""
        return Text(self.paper.left, y, size, self.single(text, size, style))

    def centred(self, text: str, size: float, y: float, style: Style = "body") -> Text:
        """Return a line in the middle of the type area."""
        line, paper = self.single(text, size, style), self.paper
        return Text(paper.left + (paper.text_width - line.width) / 2, y, size, line)

    def ending(
        self, text: str, size: float, y: float, before: float = 0.0, style: Style = "body"
    ) -> Text:
        """Return a line that ends so many points before the right of the type area."""
        line, paper = self.single(text, size, style), self.paper
        return Text(paper.width - paper.right - before - line.width, y, size, line)


def fitted(span: Span, size: float, room: float, least: float) -> tuple[float, list[Line]]:
    """
    Return the type size and the lines of what stands on one line where it can, as an office does.

    It is set smaller, down to `least`; what is longer keeps its size, on rows as long as each
    other that are cut between words.
    """
    lines = break_lines([span], size, 1e6, justify=False)
    widest = max(line.width for line in lines)
    if widest <= room:
        return size, lines
    smaller = int(10 * size * room / widest) / 10
    if smaller >= least:
        return smaller, break_lines([span], smaller, 1e6, justify=False)
    rows = math.ceil(widest / room)
    for count in (rows, rows + 1):
        parts = [span._replace(text=row) for row in rows_of(span.text, count)]
        lines = [one for part in parts for one in break_lines([part], size, 1e6, justify=False)]
        if max(line.width for line in lines) <= room:
            return size, lines
    return size, break_lines([span], size, room, justify=False)


def kept(strips: Sequence[Strip]) -> list[Strip]:
    """Return the strips so that no page break falls within or after them."""
    return [strip._replace(keep=True) for strip in strips]


def _is_short(text: str) -> bool:
    """Whether a cell holds a figure, a date or a word."""
    return len(text) <= 4 or not re.search("[\u4e00-\u9fff]", text)
