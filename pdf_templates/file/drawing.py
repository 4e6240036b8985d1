"""Pages to PDF bytes: the same pages always give the same bytes (with the same zlib)."""

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import repeat
from struct import unpack
from typing import Any

from pdf_templates.file.conformance import PDFA_3U, Conformance
from pdf_templates.file.document import Attachment, Document, Meta, Stream, name_entries
from pdf_templates.file.embedding import FontInDocument
from pdf_templates.file.outline import Bookmark, Label, Ways
from pdf_templates.setting.faces import VECTOR, face
from pdf_templates.setting.lines import Span, break_lines
from pdf_templates.setting.page import (
    FORM,
    Box,
    Link,
    Mark,
    Modules,
    Page,
    Picture,
    Rule,
    Strokes,
    Text,
)

PEN = 0.9
"""Width of a signature's stroke in points, when its box is 90 points wide."""
WATERMARK_GREY = 0.85
WATERMARK_SIZE = 120.0
TOUCHING = 0.01
"""Points within which one upright goes on where another ends."""
UNDERLINE = 3.0
"""Points from the baseline down to the line under a field."""
NOWHERE = repeat(None)
"""Of a line none of whose pieces stands by itself: where each begins."""
COLOUR_SPACES = {1: "/DeviceGray", 3: "/DeviceRGB"}
FRAMES = frozenset({0xC0, 0xC1, 0xC2})
"""JPEG markers of a frame that every viewer decodes: baseline, extended, progressive."""


class _Hundredths(dict[float, str]):
    """Places in points as the file says them; nearly all come again, on other lines and pages."""

    def __missing__(self, value: float) -> str:
        shown = self[value] = f"{value:.2f}"
        return shown


class Output:
    """One document being drawn."""

    def __init__(
        self,
        meta: Meta,
        pictures: Mapping[str, bytes],
        attachments: Sequence[Attachment] = (),
        conformance: Conformance = PDFA_3U,
    ) -> None:
        self._document = Document(meta, attachments, conformance)
        self._pictures = pictures
        self._fonts: dict[str, FontInDocument] = {}
        self._images: dict[str, tuple[str, int, int]] = {}  # by key: name, width, height
        self._pointers: dict[str, str] = {}  # of the images, by name
        self._resources = self._document.reserve()
        self._ways = Ways(self._document)
        self._means: Mapping[type[Mark], Callable[[Any, float], None]] = {
            Text: self._text,
            Rule: self._rule,
            Box: self._box,
            Strokes: self._strokes,
            Picture: self._picture,
            Modules: self._modules,
            Link: self._link,
        }
        self._links: list[str] = []  # of the page that is being drawn
        self._code: list[str] = []
        self._weight = 0.0  # of the last line of the page
        self._types: defaultdict[float, dict[str, tuple[str, Mapping[str, str]]]]
        self._types = defaultdict(dict)  # by size and face
        self._chosen = ""  # operator of its last face and size
        self._spacing = 0.0  # of its last text
        self._shown = _Hundredths()
        self._uprights: dict[tuple[float, float], tuple[float, float]] = {}
        self._width, self._height = FORM.width, FORM.height

    def add(self, page: Page, watermark: str = "") -> None:
        """Draw one page."""
        self._code, self._links = [], []
        self._weight, self._chosen, self._spacing = 0.0, "", 0.0
        self._uprights = {}
        self._width, self._height = page.paper.width, page.paper.height
        if watermark:
            self._watermark(watermark)
        for down, marks in page.placed:
            for mark in marks:
                self._means[type(mark)](mark, down)
        for (x, weight), (top, bottom) in self._uprights.items():
            self._upright(x, weight, top, bottom)
        code = "\n".join(self._code)
        added = self._document.add_page(code, page.paper, self._resources, self._links)
        self._ways.note(added, self._height)

    def finish(self, outline: Sequence[Bookmark] = (), labels: Sequence[Label] = ()) -> bytes:
        """Write fonts and outline and return the file."""
        fonts = {font.name: font.add_to(self._document) for font in self._fonts.values()}
        shown = f"/Font << {name_entries(fonts)} >> /XObject << {name_entries(self._pointers)} >>"
        self._document.put(self._resources, f"<< {shown} >>")
        return self._document.finish(self._ways.finish(outline, labels))

    def _rule(self, mark: Rule, down: float) -> None:
        x0, y0, x1, y1, weight = mark
        y0, y1 = y0 + down, y1 + down
        if x0 != x1:
            self._line(weight, x0, self._height - y0, x1, self._height - y1)
            return
        top, bottom = self._uprights.get((x0, weight), (y0, y0))
        if abs(bottom - y0) > TOUCHING:
            self._upright(x0, weight, top, bottom)
            top = y0
        self._uprights[x0, weight] = top, y1

    def _upright(self, x: float, weight: float, top: float, bottom: float) -> None:
        """Draw an upright of a table as one stroke, however many rows it passes."""
        self._line(weight, x, self._height - top, x, self._height - bottom)

    def _box(self, mark: Box, down: float) -> None:
        low = self._height - (mark.y + down) - mark.height
        self._rectangle(mark.weight, mark.x, low, mark.width, mark.height)

    def _link(self, mark: Link, down: float) -> None:
        self._links.append(self._ways.link(replace(mark, y=mark.y + down), self._height))

    def _line(self, weight: float, x0: float, y0: float, x1: float, y1: float) -> None:
        self._weigh(weight)
        shown = self._shown
        self._code.append(f"{shown[x0]} {shown[y0]} m {shown[x1]} {shown[y1]} l S")

    def _rectangle(self, weight: float, x: float, y: float, width: float, height: float) -> None:
        self._weigh(weight)
        self._code.append(f"{x:.2f} {y:.2f} {width:.2f} {height:.2f} re S")

    def _weigh(self, weight: float) -> None:
        """Say how wide the next lines are, where that is not what it was."""
        if weight != self._weight:
            self._weight = weight
            self._code.append(f"{weight:g} w")

    def _text(self, mark: Text, down: float = 0.0) -> None:
        x, y, size, line = mark
        y = self._height - (y + down)
        indent, faces, parts, begins, rules, spacing, _, _ = line
        for left, right in rules:
            self._line(0.5, x + left, y - UNDERLINE, x + right, y - UNDERLINE)
        put, shown = self._code.append, self._shown
        at = x + indent
        put(f"BT\n{shown[at]} {shown[y]} Td")
        if spacing != self._spacing:
            self._spacing = spacing
            put(f"{spacing:.4f} Tc")
        types, ticks = self._types[size], []
        for name, said, begin in zip(faces, parts, begins or NOWHERE, strict=False):
            if begin is not None:
                put(f"{shown[x + begin - at]} 0 Td")  # counted from the last of them
                at = x + begin
            if name == VECTOR:
                ticks.append((said, at))
                continue
            chosen, operators = types.get(name) or self._type(name, size)
            if chosen is not self._chosen:
                self._chosen = chosen
                put(chosen)
            put(operators[said])
        put("ET")
        for said, at in ticks:
            self._tick_box(said, at, y, size)

    def _type(self, name: str, size: float) -> tuple[str, Mapping[str, str]]:
        """Return the operator that chooses a face in a size, and those that show texts in it."""
        if name not in self._fonts:
            self._fonts[name] = FontInDocument(face(name), len(self._fonts) + 1)
        font = self._fonts[name]
        found = self._types[size][name] = f"/{font.name} {size:g} Tf", font.shown
        return found

    def _tick_box(self, char: str, x: float, y: float, size: float) -> None:
        side = size * 0.74
        left, low = x + size * 0.13, y - size * 0.08
        self._rectangle(size * 0.06, left, low, side, side)
        if char == "☑":
            corner = (left + side * 0.42, low + side * 0.18)
            self._line(size * 0.09, left + side * 0.16, low + side * 0.5, *corner)
            self._line(size * 0.09, *corner, left + side * 0.88, low + side * 0.84)

    def _strokes(self, mark: Strokes, down: float) -> None:
        top = self._height - (mark.y + down)
        scale_x, scale_y = mark.width / 1000, mark.width / 3000
        code = ["q 1 J 1 j", f"{_figure(PEN * max(mark.width / 90, 0.6))} w"]
        for stroke in filter(None, mark.strokes):  # one that was never drawn has no points
            points = [
                f"{_figure(mark.x + x * scale_x)} {_figure(top - y * scale_y)}"
                for x, y in (stroke if len(stroke) > 1 else stroke * 2)
            ]
            code.append(f"{points[0]} m " + " ".join(f"{p} l" for p in points[1:]) + " S")
        code.append("Q")
        self._code.append(" ".join(code))

    def _modules(self, mark: Modules, down: float) -> None:
        """Fill the dark modules as one path: bars that touch leave no line between them."""
        side = f"{mark.size:.4f}".rstrip("0").rstrip(".")
        matrix = (
            f"{side} 0 0 -{side} {_figure(mark.x)} {_figure(self._height - (mark.y + down))} cm"
        )
        bars = " ".join(f"{x} {y} {wide} {high} re" for x, y, wide, high in mark.bars)
        self._code.append(f"q {matrix} {bars} f Q")

    def _picture(self, mark: Picture, down: float) -> None:
        name, pixels_wide, pixels_high = self._image(mark.key)
        scale = min(mark.width / pixels_wide, mark.height / pixels_high)
        width, height = pixels_wide * scale, pixels_high * scale
        x = mark.x + (mark.width - width) / 2
        y = self._height - (mark.y + down) - (mark.height + height) / 2
        matrix = " ".join(map(_figure, (width, 0, 0, height, x, y)))
        self._code.append(f"q {matrix} cm /{name} Do Q")

    def _image(self, key: str) -> tuple[str, int, int]:
        """Add a JPEG once, as it is: its pixels are neither decoded nor compressed again."""
        if key not in self._images:
            content, name = self._pictures[key], f"I{len(self._images) + 1}"
            width, height, components = jpeg_frame(content)
            entries = (
                f"/Type /XObject /Subtype /Image /Width {width} /Height {height}"
                f" /BitsPerComponent 8 /ColorSpace {COLOUR_SPACES[components]} /Filter /DCTDecode"
            )
            self._pointers[name] = self._document.add(Stream(content, entries))
            self._images[key] = name, width, height
        return self._images[key]

    def _watermark(self, said: str) -> None:
        size = WATERMARK_SIZE
        line = break_lines([Span(said, "title", field="水印")], size, self._width * 2)[0]
        turn = math.atan2(self._height, self._width)
        right, up = math.cos(turn), math.sin(turn)
        middle = self._width / 2, self._height / 2
        matrix = " ".join(map(_figure, (right, up, -up, right, *middle)))
        self._code.append(f"q {WATERMARK_GREY:g} g {matrix} cm")
        self._text(Text(-line.width / 2, self._height + size / 3, size, line))
        self._code.append("Q")
        self._chosen, self._spacing = "", 0.0  # Q has forgotten them


def write(
    pages: Sequence[Page],
    meta: Meta,
    pictures: Mapping[str, bytes],
    watermark: str = "",
    attachments: Sequence[Attachment] = (),
    outline: Sequence[Bookmark] = (),
    labels: Sequence[Label] = (),
    conformance: Conformance = PDFA_3U,
) -> bytes:
    """
    Return the PDF of these pages.

    Args:
        pages: From `flow.flow`, in order.
        meta: Title and so on.
        pictures: JPEG files by the key that the pages use.
        watermark: A word such as 草稿 or 样张 behind every page.
        attachments: Files inside the file.
        outline: Bookmarks, in order.
        labels: What the pages are called where that is not their number in the file.
        conformance: What the file is.

    Raises:
        ValueError: A link, a bookmark or a label names a page that there is not.
    """
    output = Output(meta, pictures, attachments, conformance)
    for page in pages:
        output.add(page, page.behind or watermark)
    return output.finish(outline, labels)


def jpeg_frame(content: bytes) -> tuple[int, int, int]:
    """
    Return width, height and number of components of a JPEG.

    Raises:
        ValueError: It is none, or of a kind that a document cannot show.
    """
    at = 2
    while content[:2] == b"\xff\xd8" and at + 9 < len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker in FRAMES:
            height, width, components = unpack(">HHB", content[at + 5 : at + 10])
            if components in COLOUR_SPACES:
                return width, height, components
            break
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    raise ValueError("not a JPEG file that a document can show")


def _figure(value: float) -> str:
    """Write a number in the fewest digits that a printer can tell apart."""
    shown = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if shown in ("-0", "") else shown
