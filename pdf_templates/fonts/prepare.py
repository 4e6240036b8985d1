"""
Prepare the glyphs of a face for documents; for developers and bureaus, needs fontTools.

    python -m pdf_templates.fonts.prepare FONT.ttf FONT.glyphs

The same font gives the same file with the same zlib. `pdf_templates.file.glyphs` reads it.
"""

import json
import sys
import zlib
from array import array
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

from pdf_templates.file.glyphs import COLUMNS, MAGIC

NOTDEF = ".notdef"


def prepared(path: Path) -> bytes:
    """
    Return the prepared glyphs of a TrueType font.

    Raises:
        ValueError: Its outlines are not TrueType's, or one is too long.
    """
    with TTFont(path) as font:
        if "glyf" not in font:
            raise ValueError(f"{path}: no TrueType outlines")
        points = sorted(font.getBestCmap().items())
        rows = [_row(font, 0, NOTDEF), *(_row(font, point, name) for point, name in points)]
        return _file(_about(font, len(rows)), rows)


def _row(font: TTFont, point: int, name: str) -> tuple[tuple[int, ...], bytes]:
    """Return a glyph's columns but the last, and its deflated outline."""
    outline = _outline(font, name)
    if len(outline) > 0xFFFF:
        raise ValueError(f"U+{point:04X}: an outline of {len(outline)} bytes")
    words = array("I")
    words.frombytes(outline)
    if sys.byteorder == "little":
        words.byteswap()
    advance, bearing = font["hmtx"][name]
    columns = (
        point,
        advance,
        bearing,
        len(outline),
        zlib.adler32(outline),
        sum(words) & 0xFFFFFFFF,
    )
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15, 9)
    return columns, deflate.compress(outline) + deflate.flush(zlib.Z_FULL_FLUSH)


def _outline(font: TTFont, name: str) -> bytes:
    """Return a glyph's bytes in `glyf`, without instructions and composed of no other glyph."""
    glyph = font["glyf"][name]
    if glyph.isComposite():
        pen, drawn = TTGlyphPen(None), DecomposingRecordingPen(font.getGlyphSet())
        font.getGlyphSet()[name].draw(drawn)
        drawn.replay(pen)
        glyph = pen.glyph()
    if hasattr(glyph, "program"):
        glyph.program.fromBytecode(b"")
    content: bytes = glyph.compile(font["glyf"])
    return content + bytes(-len(content) % 4)


def _about(font: TTFont, count: int) -> dict[str, Any]:
    head, hhea, maxp, names = font["head"], font["hhea"], font["maxp"], font["name"]
    return {
        "ascent": hhea.ascent,
        "box": [head.xMin, head.yMin, head.xMax, head.yMax],
        "cap_height": getattr(font["OS/2"], "sCapHeight", 0) or hhea.ascent,
        "count": count,
        "descent": hhea.descent,
        "em": head.unitsPerEm,
        "most": [maxp.maxPoints, maxp.maxContours],
        "name": str(names.getDebugName(6)),
        "version": f"{head.fontRevision:.3f}",
    }


def _file(about: dict[str, Any], rows: Iterable[tuple[tuple[int, ...], bytes]]) -> bytes:
    columns = {name: array(kind) for name, kind in COLUMNS}
    outlines, end = [], 0
    for values, outline in rows:
        end += len(outline)
        for (name, _), value in zip(COLUMNS, (*values, end), strict=True):
            columns[name].append(value)
        outlines.append(outline)
    description = json.dumps(about, sort_keys=True, ensure_ascii=False).encode("utf-8")
    parts = [MAGIC, len(description).to_bytes(4, "little"), description]
    for column in columns.values():
        if sys.byteorder == "big":
            column.byteswap()
        parts.append(column.tobytes())
    return b"".join([*parts, *outlines])


if __name__ == "__main__":
    Path(sys.argv[2]).write_bytes(prepared(Path(sys.argv[1])))
