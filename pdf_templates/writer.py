"""Pages to PDF bytes: the same pages always give the same bytes."""

import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from reportlab import rl_config
from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

from pdf_templates.embedding import FontInDocument
from pdf_templates.faces import VECTOR, face
from pdf_templates.page import HEIGHT, WIDTH, Box, Mark, Page, Picture, Rule, Strokes, Text
from pdf_templates.typeset import Span, break_lines

# ASCII85 makes every stream a quarter larger and takes a fifth of the time.
rl_config.useA85 = 0

PEN = 0.9
"""Width of a signature's stroke in points, when its box is 90 points wide."""
WATERMARK_GREY = 0.85


@dataclass(frozen=True)
class Meta:
    """What the file says of itself; the moment comes from the facts, never from a clock."""

    title: str
    author: str
    subject: str
    made_at: datetime


class Output:
    """One document being written."""

    def __init__(self, meta: Meta, pictures: Mapping[str, bytes]) -> None:
        self._buffer = io.BytesIO()
        self._canvas = Canvas(
            self._buffer, pagesize=(WIDTH, HEIGHT), pageCompression=1, invariant=1, lang="zh-CN"
        )
        self._pictures = pictures
        self._fonts: dict[str, FontInDocument] = {}
        self._leave_out_helvetica()
        self._describe(meta)

    def add(self, page: Page, watermark: str = "") -> None:
        """Draw one page."""
        if watermark:
            self._watermark(watermark)
        for mark in page.marks:
            self._draw(mark)
        self._canvas.showPage()

    def finish(self) -> bytes:
        """Write the fonts and return the file."""
        document = self._canvas._doc
        for font in self._fonts.values():
            font.add_to(document)
        self._canvas.save()
        return self._buffer.getvalue()

    def _leave_out_helvetica(self) -> None:
        """Every canvas lists Helvetica unembedded, used or not: no page here may depend on it."""
        self._canvas._preamble = "1 0 0 1 0 0 cm"
        self._canvas._doc.idToObject["BasicFonts"].dict.clear()

    def _describe(self, meta: Meta) -> None:
        canvas = self._canvas
        canvas.setTitle(meta.title)
        canvas.setAuthor(meta.author)
        canvas.setSubject(meta.subject)
        canvas.setCreator("inspect-server")
        canvas.setProducer("inspect-server")
        stamp, at = canvas._doc._timeStamp, meta.made_at
        offset = at.utcoffset()
        minutes = int(offset.total_seconds()) // 60 if offset else 0
        stamp.t, stamp.lt = at.timestamp(), at.timetuple()
        stamp.YMDhms = tuple(stamp.lt)[:6]
        stamp.dhh, stamp.dmm = minutes // 60, minutes % 60

    def _draw(self, mark: Mark) -> None:
        match mark:
            case Text():
                self._text(mark)
            case Rule():
                self._canvas.setLineWidth(mark.weight)
                self._canvas.line(mark.x0, HEIGHT - mark.y0, mark.x1, HEIGHT - mark.y1)
            case Box():
                self._canvas.setLineWidth(mark.weight)
                self._canvas.rect(mark.x, HEIGHT - mark.y - mark.height, mark.width, mark.height)
            case Strokes():
                self._strokes(mark)
            case Picture():
                self._picture(mark)

    def _text(self, mark: Text) -> None:
        line, y = mark.line, HEIGHT - mark.y
        for left, right in line.rules:
            self._canvas.setLineWidth(0.5)
            self._canvas.line(mark.x + left, y - 3.0, mark.x + right, y - 3.0)
        code = [f"BT {mark.grey:g} g {_figure(line.spacing)} Tc"]
        current = ""
        for piece in line.pieces:
            x = mark.x + piece.x
            if piece.face == VECTOR:
                self._tick_box(piece.text, x, y, mark.size)
                continue
            font = self._font(piece.face)
            if font.name != current:
                code.append(f"/{font.name} {_figure(mark.size)} Tf")
                current = font.name
            code.append(f"1 0 0 1 {_figure(x)} {_figure(y)} Tm <{font.encode(piece.text)}> Tj")
        code.append("0 g 0 Tc ET" if mark.grey else "0 Tc ET")
        self._canvas._code.append(" ".join(code))

    def _font(self, name: str) -> FontInDocument:
        if name not in self._fonts:
            self._fonts[name] = FontInDocument(face(name), len(self._fonts) + 1)
        return self._fonts[name]

    def _tick_box(self, char: str, x: float, y: float, size: float) -> None:
        side = size * 0.74
        left, low = x + size * 0.13, y - size * 0.08
        self._canvas.setLineWidth(size * 0.06)
        self._canvas.rect(left, low, side, side)
        if char == "☑":
            self._canvas.setLineWidth(size * 0.09)
            corner = (left + side * 0.42, low + side * 0.18)
            self._canvas.line(left + side * 0.16, low + side * 0.5, *corner)
            self._canvas.line(*corner, left + side * 0.88, low + side * 0.84)

    def _strokes(self, mark: Strokes) -> None:
        scale_x, scale_y = mark.width / 1000, mark.width / 3000
        code = ["q 1 J 1 j", f"{_figure(PEN * max(mark.width / 90, 0.6))} w"]
        for stroke in mark.strokes:
            points = [
                f"{_figure(mark.x + x * scale_x)} {_figure(HEIGHT - mark.y - y * scale_y)}"
                for x, y in (stroke if len(stroke) > 1 else stroke * 2)
            ]
            code.append(f"{points[0]} m " + " ".join(f"{p} l" for p in points[1:]) + " S")
        code.append("Q")
        self._canvas._code.append(" ".join(code))

    def _picture(self, mark: Picture) -> None:
        name = self._image(mark.key)
        image = self._canvas._doc.idToObject[name]
        scale = min(mark.width / image.width, mark.height / image.height)
        width, height = image.width * scale, image.height * scale
        x = mark.x + (mark.width - width) / 2
        y = HEIGHT - mark.y - (mark.height + height) / 2
        matrix = " ".join(_figure(v) for v in (width, 0, 0, height, x, y))
        self._canvas._code.append(f"q {matrix} cm /{name} Do Q")
        self._canvas._currentPageHasImages = 1
        self._canvas._formsinuse.append(mark.key)

    def _image(self, key: str) -> str:
        """Register a JPEG once, as it is: its pixels are neither decoded nor compressed again."""
        document = self._canvas._doc
        name: str = document.getXObjectName(key)
        if name not in document.idToObject:
            image = pdfdoc.PDFImageXObject(key)
            if not image.loadImageFromJPEG(io.BytesIO(self._pictures[key])):
                raise ValueError("not a JPEG file")
            image.name = key
            self._canvas._setXObjects(image)
            document.Reference(image, name)
            document.addForm(key, image)
        return name

    def _watermark(self, text: str) -> None:
        size = 120.0
        line = break_lines([Span(text, "title", field="水印")], size, WIDTH * 2)[0]
        canvas = self._canvas
        canvas.saveState()
        canvas.translate(WIDTH / 2, HEIGHT / 2)
        canvas.rotate(math.degrees(math.atan2(HEIGHT, WIDTH)))
        canvas.translate(-line.width / 2, -HEIGHT - size / 3)
        self._text(Text(0.0, 0.0, size, line, WATERMARK_GREY))
        canvas.restoreState()


def write(
    pages: Sequence[Page], meta: Meta, pictures: Mapping[str, bytes], watermark: str = ""
) -> bytes:
    """
    Return the PDF of these pages.

    Args:
        pages: From `page.flow`, in order.
        meta: Title and so on.
        pictures: JPEG files by the key that the pages use.
        watermark: A word such as 草稿 or 样张 behind every page.
    """
    output = Output(meta, pictures)
    for page in pages:
        output.add(page, watermark)
    return output.finish()


def _figure(value: float) -> str:
    """Write a number in the fewest digits that a printer can tell apart."""
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
