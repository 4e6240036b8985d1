"""
Read a finished PDF back: what stands where on each page.

The reader is PDFium, which knows nothing of the engine. Positions are points from the top left
corner of the sheet, y downwards, as in `pdf_templates.setting.page`.
"""

import ctypes
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

TEXT, PATH, IMAGE = 1, 2, 3
"""Kinds of page objects."""
WATERMARK_GREY = 150
"""Red, green and blue from which on text is a watermark behind the page, or none of the text."""
STRAIGHT = 0.05
SMALL_BOX = 24.0
"""Points up to which a rectangle is a box to tick."""


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def height(self) -> float:
        return self.bottom - self.top

    def shared(self, other: "Area") -> tuple[float, float]:
        """How wide and how high what both cover is; negative where they are apart."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.bottom, other.bottom) - max(self.top, other.top)
        return wide, high

    def overlaps(self, other: "Area", by: float) -> bool:
        """Whether both cover a place more than `by` points wide and high."""
        wide, high = self.shared(other)
        return wide > by and high > by


def around(areas: list[Area]) -> Area:
    """The smallest area that holds all of these."""
    return Area(
        min(one.left for one in areas),
        min(one.top for one in areas),
        max(one.right for one in areas),
        max(one.bottom for one in areas),
    )


@dataclass(frozen=True, slots=True)
class Char:
    """One character: its ink, and from where to where it advances."""

    char: str
    ink: Area
    begin: float
    end: float


@dataclass(frozen=True, slots=True)
class Run:
    """Characters that were shown at once."""

    chars: tuple[Char, ...]
    baseline: float
    size: float


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight line of ink; upright, level or slanting."""

    area: Area
    weight: float

    @property
    def is_level(self) -> bool:
        return self.area.height < STRAIGHT

    @property
    def is_upright(self) -> bool:
        return self.area.right - self.area.left < STRAIGHT


@dataclass(frozen=True)
class Sheet:
    """
    One page as read.

    Attributes:
        width, height: Of the sheet.
        runs: Text, in the order it is painted.
        rules: Level and upright strokes by themselves.
        boxes: Small empty rectangles (to tick).
        pen: Slanting strokes and handwriting, segment by segment.
        pictures: Images and filled figures.
        doubled: Texts that stand where the same text stands already.
    """

    width: float
    height: float
    runs: list[Run]
    rules: list[Stroke]
    boxes: list[Area]
    pen: list[Area]
    pictures: list[Area]
    doubled: list[str]


def read(pdf: bytes) -> list[Sheet]:
    """Return the pages of a file."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [_read_page(page) for page in document]
    finally:
        document.close()


def words_inside(pdf: bytes) -> str:
    """Return all texts of the facts that the file carries, one a line; empty where it has none."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        count = document.count_attachments()
        files = [bytes(document.get_attachment(n).get_data()) for n in range(count)]
    finally:
        document.close()
    facts = [json.loads(content) for content in files if content[:1] in (b"{", b"[")]
    return "\n".join(text for one in facts for text in _texts(one))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)


def _read_page(page: pypdfium2.PdfPage) -> Sheet:
    width, height = page.get_size()
    sheet = Sheet(width, height, [], [], [], [], [], [])
    chars = _chars_by_object(page.get_textpage(), height)
    for number in range(pdfium.FPDFPage_CountObjects(page)):
        thing = pdfium.FPDFPage_GetObject(page, number)
        kind = pdfium.FPDFPageObj_GetType(thing)
        if kind == TEXT:
            _read_text(thing, chars, height, sheet)
        elif kind == PATH:
            _read_path(thing, height, sheet)
        elif kind == IMAGE:
            sheet.pictures.append(_bounds(thing, height))
    return sheet


def _address(thing: Any) -> int:
    return ctypes.cast(thing, ctypes.c_void_p).value or 0


def _chars_by_object(text: pypdfium2.PdfTextPage, height: float) -> dict[int, list[Char]]:
    """Return the characters of each text object, with their positions."""
    found: dict[int, list[Char]] = {}
    left, right, low, top = (ctypes.c_double() for _ in range(4))
    x, y, loose = ctypes.c_double(), ctypes.c_double(), pdfium.FS_RECTF()
    for index in range(pdfium.FPDFText_CountChars(text)):
        if pdfium.FPDFText_IsGenerated(text, index):
            continue
        pdfium.FPDFText_GetCharBox(text, index, left, right, low, top)
        pdfium.FPDFText_GetCharOrigin(text, index, x, y)
        pdfium.FPDFText_GetLooseCharBox(text, index, loose)
        ink = Area(left.value, height - top.value, right.value, height - low.value)
        char = chr(pdfium.FPDFText_GetUnicode(text, index))
        owner = _address(pdfium.FPDFText_GetTextObject(text, index))
        before = found.setdefault(owner, [])
        if "\udc00" <= char <= "\udfff" and before:  # the second half of a rare character
            before[-1] = replace(before[-1], char=_joined(before[-1].char, char))
        else:
            before.append(Char(char, ink, x.value, loose.right))
    return found


def _joined(high: str, low: str) -> str:
    return (high + low).encode("utf-16", "surrogatepass").decode("utf-16")


def _read_text(thing: Any, chars: dict[int, list[Char]], height: float, sheet: Sheet) -> None:
    matrix, size = pdfium.FS_MATRIX(), ctypes.c_float()
    pdfium.FPDFPageObj_GetMatrix(thing, matrix)
    pdfium.FPDFTextObj_GetFontSize(thing, size)
    if abs(matrix.b) > STRAIGHT or _lightness(thing) > WATERMARK_GREY:
        return
    found = chars.get(_address(thing))
    if not found:
        if _bounds(thing, height).height > STRAIGHT:  # white has no ink
            sheet.doubled.append(f"({matrix.e:.0f}, {height - matrix.f:.0f})")
        return
    sheet.runs.append(Run(tuple(found), height - matrix.f, size.value * matrix.d))


def _lightness(thing: Any) -> int:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    pdfium.FPDFPageObj_GetFillColor(thing, red, green, blue, alpha)
    return min(red.value, green.value, blue.value)


def _read_path(thing: Any, height: float, sheet: Sheet) -> None:
    fill, stroke, width = ctypes.c_int(), ctypes.c_int(), ctypes.c_float()
    pdfium.FPDFPath_GetDrawMode(thing, fill, stroke)
    if fill.value:
        sheet.pictures.append(_bounds(thing, height))
        return
    pdfium.FPDFPageObj_GetStrokeWidth(thing, width)
    points = _points(thing, height)
    segments = [_segment(one, other) for one, other in pairwise(points)]
    strokes = [Stroke(area, width.value) for area in segments]
    straight = all(one.is_level or one.is_upright for one in strokes)
    if straight and len(strokes) == 4 and max(a.right - a.left for a in segments) < SMALL_BOX:
        sheet.boxes.append(around(segments))
    elif straight and len(strokes) in (1, 4):
        sheet.rules.extend(strokes)
    else:
        sheet.pen.extend(segments)


def _points(thing: Any, height: float) -> list[tuple[float, float]]:
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(thing, matrix)
    x, y = ctypes.c_float(), ctypes.c_float()
    points = []
    for number in range(pdfium.FPDFPath_CountSegments(thing)):
        segment = pdfium.FPDFPath_GetPathSegment(thing, number)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        across = matrix.a * x.value + matrix.c * y.value + matrix.e
        up = matrix.b * x.value + matrix.d * y.value + matrix.f
        points.append((across, height - up))
    return points


def _segment(one: tuple[float, float], other: tuple[float, float]) -> Area:
    (x0, y0), (x1, y1) = one, other
    return Area(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def _bounds(thing: Any, height: float) -> Area:
    left, low, right, top = (ctypes.c_float() for _ in range(4))
    pdfium.FPDFPageObj_GetBounds(thing, left, low, right, top)
    return Area(left.value, height - top.value, right.value, height - low.value)
