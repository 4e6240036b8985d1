"""Our own engine: lines, tables and pages by `pdf_templates.setting`, PDF/A-3u with the facts."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.documents_engines.content import (
    CENTRED,
    LEADING,
    PICTURE,
    QR_SIDE,
    ROW,
    SHARES,
    SIZE,
    TITLE,
    CaseFile,
    Notice,
    Section,
    facts,
)
from pdf_templates.file.document import Attachment, Meta
from pdf_templates.file.drawing import write
from pdf_templates.file.outline import Bookmark
from pdf_templates.setting.faces import Style
from pdf_templates.setting.flow import Sheet, flow
from pdf_templates.setting.lines import Span, break_lines, one_rendering
from pdf_templates.setting.page import (
    FORM,
    Mark,
    Modules,
    Page,
    Picture,
    Strip,
    Text,
)
from pdf_templates.setting.tables import Cell, Column, table

ARCHIVE = "PDF/A-3u, JSON attached"
BASE = 14.5
PAPER = replace(FORM, pitches=(LEADING,))  # no pages closed up: the others do not, either
MADE_AT = datetime(2026, 3, 16, tzinfo=UTC)
COLUMNS = [Column(share, "centre" if n in CENTRED else "left") for n, share in enumerate(SHARES)]


class Engine:
    """Sets the documents; `folder` holds the prepared photos."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @one_rendering()
    def notice(self, content: Notice) -> bytes:
        """Return the PDF of a notice."""
        strips = [*_section(content.section), _code(content)]
        pages = _numbered(_flowed(strips))
        return write(pages, _meta(content.section), {}, attachments=[_attached(content)])

    @one_rendering()
    def case_file(self, content: CaseFile) -> bytes:
        """Return the PDF of a case file, with a bookmark for each of its documents."""
        pages: list[Page] = []
        outline = []
        for section in content.sections:
            outline.append(Bookmark(section.title, len(pages) + 1))
            pages += _flowed(_section(section))
        pages += _sheets(content)
        return write(
            _numbered(pages),
            _meta(content.sections[0]),
            {photo.file: (self._folder / photo.file).read_bytes() for photo in content.photos},
            attachments=[_attached(content)],
            outline=outline,
        )


def _meta(section: Section) -> Meta:
    return Meta(f"{section.title} {section.number}", "云湾区应急管理局", section.title, MADE_AT)


def _attached(content: Notice | CaseFile) -> Attachment:
    return Attachment("facts.json", "application/json", "文书内容数据", facts(content))


def _section(section: Section) -> list[Strip]:
    strips = [
        Strip(36, (_centred(section.title, TITLE, 26, "title"),)),
        Strip(LEADING, (_centred(section.number, SIZE, BASE, "body"),)),
    ]
    for paragraph in section.paragraphs:
        strips += _paragraph(paragraph)
    rows = [[Cell(text) for text in row] for row in section.grid.rows]
    return [*strips, *table(COLUMNS, rows, [Cell(text) for text in section.grid.head])]


def _paragraph(text: str) -> Iterator[Strip]:
    for line in break_lines([Span(text)], SIZE, FORM.text_width, first=2 * SIZE):
        yield Strip(LEADING, (Text(FORM.left, BASE, SIZE, line),))


def _code(content: Notice) -> Strip:
    module = QR_SIDE / content.modules
    mark = Modules(FORM.width - FORM.right - QR_SIDE, 10, module, content.bars)
    return Strip(QR_SIDE + 10, (mark,))


def _flowed(strips: Sequence[Strip]) -> list[Page]:
    sheet = Sheet(head=(), again=(), foot=None, below=lambda _number, _total: (), paper=PAPER)
    return flow(sheet, strips, (), blank=lambda _gap, _ends: None)


def _sheets(content: CaseFile) -> Iterator[Page]:
    for n in range(0, len(content.photos), 2):
        marks: list[Mark] = []
        y = FORM.top
        for photo in content.photos[n : n + 2]:
            marks.append(Picture(FORM.left, y, *PICTURE, photo.file))
            y += PICTURE[1]
            for said in photo.caption:
                (line,) = break_lines([Span(said)], SIZE, FORM.text_width)
                marks.append(Text(FORM.left, y + ROW - 4, SIZE, line))
                y += ROW
        yield Page.of(marks)


def _numbered(pages: Sequence[Page]) -> list[Page]:
    return [page.with_mark(_number(n, len(pages))) for n, page in enumerate(pages, 1)]


def _number(number: int, total: int) -> Text:
    (line,) = break_lines([Span(f"共{total}页　第{number}页")], 9, 1e6, justify=False)
    return Text(FORM.width - FORM.right - line.width, FORM.height - 42, 9, line)


def _centred(text: str, size: float, y: float, style: Style) -> Text:
    (line,) = break_lines([Span(text, style)], size, 1e6, justify=False)
    return Text((FORM.width - line.width) / 2, y, size, line)
