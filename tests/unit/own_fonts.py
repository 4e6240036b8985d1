"""Small fonts as a bureau might have them, made for tests: squares for glyphs."""

from pathlib import Path
from typing import Any

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.ttGlyphPen import TTGlyphPen

from pdf_templates.file.glyphs import GlyphFile
from pdf_templates.fonts.prepare import prepared


def make_font(
    path: Path, text: str, *, side: int = 700, fs_type: int = 0, cubic: bool = False, em: int = 1000
) -> Path:
    """
    Write a font whose glyphs are squares.

    Args:
        path: Where to.
        text: The characters that it has.
        side: Of the square, in font units.
        fs_type: OS/2.fsType.
        cubic: CFF outlines instead of TrueType's.
        em: Units of the em, which is every glyph's width.
    """
    names = [".notdef", *(f"u{ord(char):05X}" for char in text)]
    builder = FontBuilder(em, isTTF=not cubic)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord(char): f"u{ord(char):05X}" for char in text})
    if cubic:
        square: Any = T2CharStringPen(em, None)
        _draw(square, side)
        shape = square.getCharString()
        builder.setupCFF("OwnFang", {}, dict.fromkeys(names, shape), {})
    else:
        builder.setupGlyf({name: _square(side) for name in names})
    builder.setupHorizontalMetrics(dict.fromkeys(names, (em, 100)))
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupNameTable({"familyName": "本局仿宋", "styleName": "Regular", "psName": "OwnFang"})
    builder.setupOS2(fsType=fs_type)
    builder.setupPost()
    builder.save(path)
    return path


def own_face(folder: Path, text: str, *, side: int = 700) -> GlyphFile:
    """Return such a font, prepared."""
    return GlyphFile(prepared(make_font(folder / f"own-{side}.ttf", text, side=side)))


def _square(side: int) -> Any:
    pen = TTGlyphPen(None)
    _draw(pen, side)
    return pen.glyph()


def _draw(pen: Any, side: int) -> None:
    pen.moveTo((100, 0))
    for point in ((100, side), (100 + side, side), (100 + side, 0)):
        pen.lineTo(point)
    pen.closePath()
