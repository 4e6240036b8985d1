"""Cubic outlines (CFF, in OTF files) as quadratic ones, which is what `glyf` holds."""

from collections.abc import Callable
from typing import Any

from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import newTable

MAX_ERROR = 0.8
"""How far, in thousandths of the em, a quadratic outline may leave its cubic original."""
MAXIMA = (
    "maxZones",
    "maxTwilightPoints",
    "maxStorage",
    "maxFunctionDefs",
    "maxInstructionDefs",
    "maxStackElements",
    "maxSizeOfInstructions",
    "maxComponentElements",
    "maxPoints",
    "maxContours",
    "maxCompositePoints",
    "maxCompositeContours",
    "maxComponentDepth",
)


def to_quadratic(font: Any, advance: Callable[[int], object] = lambda _: None) -> None:
    """
    Give a font with CFF outlines (version 1 or 2) TrueType ones instead.

    Args:
        font: fontTools' TTFont.
        advance: Called once an outline.
    """
    order, glyphs, drawn = font.getGlyphOrder(), font.getGlyphSet(), {}
    error = MAX_ERROR * font["head"].unitsPerEm / 1000
    for name in order:
        pen = TTGlyphPen(None)
        glyphs[name].draw(Cu2QuPen(pen, error, reverse_direction=True))
        drawn[name] = pen.glyph()
        advance(1)
    for tag in ("CFF ", "CFF2"):
        if tag in font:
            del font[tag]
    font["loca"] = newTable("loca")
    font["glyf"] = glyf = newTable("glyf")
    glyf.glyphOrder, glyf.glyphs = order, drawn
    for name in order:
        glyf[name].recalcBounds(glyf)
        font["hmtx"][name] = (font["hmtx"][name][0], getattr(glyf[name], "xMin", 0))
    font["maxp"].tableVersion = 0x00010000
    for field in MAXIMA:
        setattr(font["maxp"], field, 1 if field == "maxZones" else 0)
    font["maxp"].recalc(font)
    font.sfntVersion = "\000\001\000\000"
