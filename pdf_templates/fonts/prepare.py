"""
Fonts to prepared glyphs, which `pdf_templates.file.glyphs` reads; needs fontTools.

    python -m pdf_templates.fonts.prepare [FACE ...]

This, for developers, is the second step of rebuilding the faces: the woff2 subsets in this folder
to *.glyphs (brotli reads woff2). A bureau prepares a font of its own with `inspect-server
documents font`. The same font gives the same file with the same zlib.
"""

import hashlib
import io
import json
import logging
import re
import sys
import zlib
from array import array
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import Any

from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

from pdf_templates.errors import UnusableFont
from pdf_templates.file.glyphs import COLUMNS, MAGIC, GlyphFile
from pdf_templates.fonts.checksums import keep, path_of, table
from pdf_templates.fonts.quadratic import to_quadratic

NOTDEF = ".notdef"
PERMISSIONS, FORBIDDEN, NO_SUBSET, ONLY_BITMAPS = 0x000E, 0x0002, 0x0100, 0x0200
"""Bits of OS/2.fsType (OpenType 1.9): what its owner lets others embed."""
NAMELESS = "OwnFont"

logging.getLogger("fontTools").addHandler(logging.NullHandler())  # else its remarks go to stderr


def main(only: Collection[str] = ()) -> None:
    """Prepare every face of the package or only these, note the checksums in faces.toml."""
    for name, row in table()["face"].items():
        if not only or name in only:
            keep(name, "glyphs", prepared(path_of(row, "woff2")))


def prepared(path: Path, advance: Callable[[int], object] = lambda _: None) -> bytes:
    """
    Return the prepared glyphs of a font: TTF, OTF, the first of a TTC, or woff2 with brotli.

    Args:
        path: Where it lies.
        advance: Called once a cubic outline that became quadratic, and once a character.

    Raises:
        UnusableFont: It is none, lacks what is needed, or may not be embedded.
        OSError: It cannot be read.
    """
    content = path.read_bytes()
    try:
        with TTFont(io.BytesIO(content), fontNumber=0) as font:
            _check_licence(font, path)
            if "glyf" not in font:
                to_quadratic(font, advance)
            points = sorted((font.getBestCmap() or {}).items())
            if not points:
                raise UnusableFont(file=path.name, reason="字体没有统一码（Unicode）字符映射")
            rows = [_row(font, 0, NOTDEF)]
            for point, name in points:
                rows.append(_row(font, point, name))
                advance(1)
            made = _file(_about(font, len(rows)), rows)
            GlyphFile(made)  # refuses figures that no font can have
            return made
    except UnusableFont:
        raise
    except ImportError as error:
        raise UnusableFont(file=path.name, reason="读取 WOFF2 格式须另装 brotli") from error
    except Exception as error:  # of a damaged font fontTools raises whatever it met on the way
        raise UnusableFont(file=path.name, reason="文件已损坏，或不是轮廓字体") from error


def _check_licence(font: TTFont, path: Path) -> None:
    """Refuse a font whose owner forbids what a document does: embed a subset of its outlines."""
    kind = font["OS/2"].fsType if "OS/2" in font else 0
    if kind & PERMISSIONS == FORBIDDEN:
        raise UnusableFont(file=path.name, reason="字体的授权标志禁止嵌入文件")
    if kind & NO_SUBSET:
        raise UnusableFont(file=path.name, reason="字体的授权标志禁止取部分字形嵌入文件")
    if kind & ONLY_BITMAPS:
        raise UnusableFont(file=path.name, reason="字体的授权标志只许嵌入点阵，不许嵌入轮廓")


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
    for tag in ("maxp", "hhea"):  # a bureau's font may have stale ones
        font[tag].recalc(font)
    head, hhea, maxp = font["head"], font["hhea"], font["maxp"]
    capitals = getattr(font["OS/2"], "sCapHeight", 0) if "OS/2" in font else 0
    return {
        "ascent": hhea.ascent,
        "box": [head.xMin, head.yMin, head.xMax, head.yMax],
        "cap_height": capitals or hhea.ascent,
        "count": count,
        "descent": hhea.descent,
        "em": head.unitsPerEm,
        "horizontal": [
            hhea.advanceWidthMax,
            hhea.minLeftSideBearing,
            hhea.minRightSideBearing,
            hhea.xMaxExtent,
        ],
        "most": [
            max(maxp.maxPoints, maxp.maxCompositePoints),
            max(maxp.maxContours, maxp.maxCompositeContours),
        ],
        "name": _name(font),
        "version": f"{head.fontRevision:.3f}",
    }


def _name(font: TTFont) -> str:
    """Return its PostScript name, of the characters that a name may have in a PDF."""
    plain = re.sub(r"[^0-9A-Za-z-]", "", str(font["name"].getDebugName(6) or ""))
    return plain or NAMELESS


def _file(about: dict[str, Any], rows: Iterable[tuple[tuple[int, ...], bytes]]) -> bytes:
    columns = {name: array(kind) for name, kind in COLUMNS}
    outlines, end = [], 0
    for values, outline in rows:
        end += len(outline)
        for (name, _), value in zip(COLUMNS, (*values, end), strict=True):
            columns[name].append(value)
        outlines.append(outline)
    for column in columns.values():
        if sys.byteorder == "big":
            column.byteswap()
    data = b"".join([*(column.tobytes() for column in columns.values()), *outlines])
    about["sha256"] = hashlib.sha256(data).hexdigest()
    description = json.dumps(about, sort_keys=True, ensure_ascii=False).encode("utf-8")
    return b"".join([MAGIC, len(description).to_bytes(4, "little"), description, data])


if __name__ == "__main__":
    main(sys.argv[1:])
