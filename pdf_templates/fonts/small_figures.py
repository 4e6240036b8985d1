"""Subscripts and superscripts that no source has, made of a bolder cut's figures; developers."""

import unicodedata
from typing import Any

from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen

SMALL = {small: unicodedata.normalize("NFKC", small) for small in "₀₁₂₃₄₅₆₇₈₉₊₋⁰⁵⁶⁷⁸⁹⁺⁻"}
"""Each with the figure or sign that it is made of."""
SCALE, RAISED, LOWERED = 0.6, 0.45, -0.13
"""Its part of the figure's size, and where it stands, in em."""


def add_small_figures(font: Any, bolder: Any) -> None:
    """Add those that a face lacks; made small, a bolder figure is as strong as the face's own."""
    characters, em = font.getBestCmap(), font["head"].unitsPerEm
    for small, figure in SMALL.items():
        if ord(small) not in characters:
            is_raised = unicodedata.decomposition(small).startswith("<super>")
            _add(font, ord(small), bolder, ord(figure), em * (RAISED if is_raised else LOWERED))


def _add(font: Any, point: int, bolder: Any, of: int, rise: float) -> None:
    """Add one glyph to a face, drawn from a figure of a bolder one."""
    name, source = f"small{point:04X}", bolder.getBestCmap()[of]
    drawn, pen = DecomposingRecordingPen(bolder.getGlyphSet()), TTGlyphPen(None)
    bolder.getGlyphSet()[source].draw(drawn)
    drawn.replay(TransformPen(pen, (SCALE, 0, 0, SCALE, 0, rise)))
    font.setGlyphOrder([*font.getGlyphOrder(), name])
    font["glyf"][name] = glyph = pen.glyph(round=round)
    glyph.recalcBounds(font["glyf"])
    font["hmtx"][name] = (round(bolder["hmtx"][source][0] * SCALE), glyph.xMin)
    for table in font["cmap"].tables:
        table.cmap[point] = name
