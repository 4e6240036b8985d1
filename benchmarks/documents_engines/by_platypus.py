"""
ReportLab's platypus: paragraphs, tables and frames as its manual shows them.

Its fonts have no fallback, so Latin and figures are tagged with theirs; pages are counted by a
canvas that keeps them until the last one is known.
"""

import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from reportlab import rl_config
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    Image,
    PageBreak,
    PageTemplate,
    Paragraph,
    Table,
    TableStyle,
)

from benchmarks.documents_engines.content import (
    ABOVE,
    CENTRED,
    HEIGHT,
    LEADING,
    PADDING,
    PICTURE,
    QR_SIDE,
    ROW,
    SHARES,
    SIDE,
    SIZE,
    TITLE,
    WIDTH,
    CaseFile,
    Notice,
    Section,
)

ARCHIVE = "none"
LATIN = re.compile("[ -~\u00b7\u3000]+")
TEXT_WIDTH = WIDTH - 2 * SIDE
BODY = ParagraphStyle(
    "body",
    fontName="Fang",
    fontSize=SIZE,
    leading=LEADING,
    firstLineIndent=2 * SIZE,
    wordWrap="CJK",
)
CAPTION = ParagraphStyle("caption", BODY, leading=ROW, firstLineIndent=0)
CELL = ParagraphStyle("cell", BODY, leading=ROW, firstLineIndent=0)
CENTRED_CELL = ParagraphStyle("centred", CELL, alignment=TA_CENTER)
NUMBER = ParagraphStyle("number", BODY, firstLineIndent=0, alignment=TA_CENTER)
FOOT = ParagraphStyle("foot", BODY, fontSize=9, firstLineIndent=0, alignment=TA_RIGHT)
HEADING = ParagraphStyle("heading", NUMBER, fontName="SongBold", fontSize=TITLE, leading=36)
LOOK = TableStyle(
    [
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("GRID", (0, 0), (-1, -1), 0.5, "black"),
        ("LEFTPADDING", (0, 0), (-1, -1), 4),
        ("RIGHTPADDING", (0, 0), (-1, -1), 4),
        ("TOPPADDING", (0, 0), (-1, -1), PADDING),
        ("BOTTOMPADDING", (0, 0), (-1, -1), PADDING),
    ]
)


class Engine:
    """Sets the documents; `folder` holds fonts and prepared photos."""

    def __init__(self, folder: Path) -> None:
        rl_config.useA85 = 0  # as the design's own comparison has it: smaller and faster
        self._folder = folder
        for name, file in (("Fang", "fang"), ("Song", "song"), ("SongBold", "song_bold")):
            pdfmetrics.registerFont(TTFont(name, folder / f"{file}.ttf"))

    def notice(self, content: Notice) -> bytes:
        """Return the PDF of a notice."""
        return _built([*_section(content.section), _Code(content)], content.section)

    def case_file(self, content: CaseFile) -> bytes:
        """Return the PDF of a case file, with a bookmark for each of its documents."""
        story: list[Flowable] = []
        for section in content.sections:
            story += [*_section(section), PageBreak()]
        for number, photo in enumerate(content.photos):
            if number and number % 2 == 0:
                story.append(PageBreak())
            story.append(Image(self._folder / photo.file, *PICTURE, hAlign="LEFT"))
            story += [_paragraph(text, CAPTION) for text in photo.caption]
        return _built(story, content.sections[0])


class _Pages(Canvas):  # type: ignore[misc]  # ReportLab has no types
    """Keeps the pages until their number is known."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._kept: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802 (ReportLab's name)
        self._kept.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        for number, page in enumerate(self._kept, 1):
            self.__dict__.update(page)
            said = _paragraph(f"共{len(self._kept)}页　第{number}页", FOOT)
            said.wrap(TEXT_WIDTH, LEADING)
            said.drawOn(self, SIDE, 36)
            super().showPage()
        super().save()


class _Heading(Paragraph):  # type: ignore[misc]  # ReportLab has no types
    """A title that is in the outline, too."""

    def draw(self) -> None:
        canvas, key = self.canv, f"p{id(self)}"
        canvas.bookmarkPage(key)
        canvas.addOutlineEntry(self.text_of_outline, key, 0)
        super().draw()


class _Code(Flowable):  # type: ignore[misc]  # ReportLab has no types
    """The QR code, at the right."""

    def __init__(self, content: Notice) -> None:
        super().__init__()
        self.width, self.height = TEXT_WIDTH, QR_SIDE + 10
        self._content = content

    def draw(self) -> None:
        module = QR_SIDE / self._content.modules
        self.canv.translate(TEXT_WIDTH - QR_SIDE, QR_SIDE)
        self.canv.scale(module, -module)
        path = self.canv.beginPath()
        for bar in self._content.bars:
            path.rect(*bar)
        self.canv.drawPath(path, stroke=0, fill=1)


def _built(story: Sequence[Flowable], first: Section) -> bytes:
    out = io.BytesIO()
    frame = Frame(SIDE, ABOVE, TEXT_WIDTH, HEIGHT - 2 * ABOVE, 0, 0, 0, 0)
    document = BaseDocTemplate(
        out,
        pagesize=(WIDTH, HEIGHT),
        pageTemplates=[PageTemplate("all", [frame])],
        title=f"{first.title} {first.number}",
        author="云湾区应急管理局",
    )
    document.build(story, canvasmaker=_Pages)
    return out.getvalue()


def _section(section: Section) -> list[Flowable]:
    title = _Heading(section.title, HEADING)
    title.text_of_outline = section.title
    rows = [
        [_paragraph(text, CENTRED_CELL) for text in section.grid.head],
        *(
            [_paragraph(text, CENTRED_CELL if n in CENTRED else CELL) for n, text in enumerate(row)]
            for row in section.grid.rows
        ),
    ]
    widths = [TEXT_WIDTH * share / 100 for share in SHARES]
    return [
        title,
        _paragraph(section.number, NUMBER),
        *(_paragraph(text, BODY) for text in section.paragraphs),
        Table(rows, widths, style=LOOK, repeatRows=1),
    ]


def _paragraph(text: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(LATIN.sub(r'<font name="Song">\g<0></font>', text), style)
