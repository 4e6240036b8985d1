"""
QR codes (ISO/IEC 18004) as vectors, made by pure Python.

The mask is fixed: choosing the best of eight takes three times as long as all the rest, and any
reader takes any of them. Modules are whole dots of a receipt printer, so that none comes out wider
than its neighbour.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import segno
from segno import consts

from pdf_templates.errors import FieldTooNarrow
from pdf_templates.setting.page import MM, Modules, Paper

DOT = MM / 8
"""Of a receipt printer (203 dpi)."""
LEAST_DOTS = 4
"""To a module: 0.5 mm, which a phone reads from faded paper, too."""
FINE = 0.4 * MM
"""A module on A4, which office printers print."""
OWN_MARGIN = 5 * MM
"""What an office printer leaves white at the edge of a sheet."""
QUIET = 4
"""Modules of white on every side (ISO/IEC 18004, 9.1)."""
LEVEL = "M"
"""15 % of the code may be lost; more where that takes no more modules."""
MASK = 2
FIELD = "二维码"
PACKED = re.compile("([0-9A-Z $%*+./:-]{12,})")
"""What takes five and a half bits a character, from where a change of mode pays."""


def about(doc_no: str, content_sha256: str, address: str = "") -> str:
    """
    Return what the code on a document says, so that anybody can compare paper and record.

    Args:
        doc_no: 文号.
        content_sha256: Of the document's facts, in hex.
        address: The page on which the bureau tells about documents; the digest becomes its
            fragment, which never reaches a server. Without one, the code says it in words.
    """
    digest = content_sha256.upper()
    return f"{address}#{digest}" if address else f"{doc_no}\nSHA-256 {digest}"


def qr(text: str, x: float, y: float, side: float) -> Modules:
    """
    Return the code of a text, in the middle of a square from (x, y) whose margin it keeps white.

    Args:
        text: What it says; read as UTF-8.
        x: The left edge of the square, in points.
        y: Its top.
        side: Its width; the modules are as large as it allows.

    Raises:
        FieldTooNarrow: The modules would be smaller than a receipt printer can print.
    """
    matrix = _matrix(text)
    dots = int(side / DOT / (len(matrix) + 2 * QUIET) + 1e-6)
    if dots < LEAST_DOTS:
        raise FieldTooNarrow(field=FIELD)
    module = dots * DOT
    margin = (side - len(matrix) * module) / 2
    return Modules(x + margin, y + margin, module, tuple(_bars(matrix)))


def in_corner(paper: Paper, doc_no: str, content_sha256: str) -> Modules:
    """
    Return the code of a document in the top margin of its first page, at the left of the type area.

    A printer's own margin is kept, and below the code the white that it needs. Of a 文号 that makes
    it too large, the digest is left.
    """
    for text in (about(doc_no, content_sha256), content_sha256.upper()):
        matrix = _matrix(text)
        side = len(matrix) * FINE
        top = paper.top - QUIET * FINE - side
        if top >= OWN_MARGIN:
            return Modules(paper.left, top, FINE, tuple(_bars(matrix)))
    raise FieldTooNarrow(field=FIELD)


def _matrix(text: str) -> Sequence[bytearray]:
    """Return the rows of the smallest code; a dark module is 1."""
    parts: Any = _segments(text)  # which its stub does not know
    try:
        return segno.make(parts, error=LEVEL, mask=MASK, micro=False).matrix
    except segno.DataOverflowError:
        raise FieldTooNarrow(field=FIELD) from None


def _segments(text: str) -> list[tuple[str, int, str]]:
    """Return the text in parts: what is packed, and between it bytes of UTF-8."""
    return [
        (part, consts.MODE_ALPHANUMERIC if number % 2 else consts.MODE_BYTE, "utf-8")
        for number, part in enumerate(PACKED.split(text))
        if part
    ]


def _bars(matrix: Sequence[bytearray]) -> Iterator[tuple[int, int, int, int]]:
    """Yield the dark modules as rectangles: runs of a row, with the same runs below them."""
    open_: dict[tuple[int, int], int] = {}  # left and right of a run: the row where it began
    for row, modules in enumerate([*matrix, bytearray()]):
        runs = [found.span() for found in re.finditer(b"\x01+", modules)]
        for run in [run for run in open_ if run not in runs]:
            top = open_.pop(run)
            yield run[0], top, run[1] - run[0], row - top
        for run in runs:
            open_.setdefault(run, row)
