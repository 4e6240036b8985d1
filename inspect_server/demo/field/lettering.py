"""Text as a picture, drawn from the glyphs that documents are set in: the demo needs no font."""

from PIL import Image, ImageChops, ImageDraw

from pdf_templates.file.outlines import polygons
from pdf_templates.setting.faces import STANDARD, Style

FINER = 8
"""How many times finer than the picture letters are drawn, so that their edges are smooth."""
ABOVE = 0.88
"""Part of the em square of an ideograph that stands above the baseline."""
OUTSIDE = 128
"""What stands for a winding of nothing: contours to the left count up from it, others down."""


def lettering(text: str, size: int, style: Style, edge: int) -> Image.Image:
    """
    Return a line of text, light on dark (L).

    Args:
        text: What is written.
        size: Of the em square, which is the picture's height, in pixels.
        style: As in documents, digits of the body from Song.
        edge: What the picture has around the squares, in pixels.

    Raises:
        KeyError: No face has a character.
    """
    fine, at = size * FINER, 0.0
    contours = []
    for char in text:
        name, width = STANDARD.drawn(style)[char]
        glyphs = STANDARD.face(name).glyphs
        scale = fine / int(glyphs.about["em"])
        left, base = edge * FINER + at, edge * FINER + fine * ABOVE
        for polygon in polygons(glyphs.outline(glyphs.place(ord(char)))):
            contours.append([(left + x * scale, base - y * scale) for x, y in polygon])
        at += width * fine / 1000
    return _filled(contours, round(at / FINER) + 2 * edge, size + 2 * edge)


def _filled(contours: list[list[tuple[float, float]]], width: int, height: int) -> Image.Image:
    """Fill by the nonzero rule."""
    winding = Image.new("L", (width * FINER, height * FINER), OUTSIDE)
    for contour in contours:
        left, top = (int(min(axis)) for axis in zip(*contour, strict=True))
        right, low = (int(max(axis)) + 2 for axis in zip(*contour, strict=True))
        ink = Image.new("L", (right - left, low - top), 0)
        ImageDraw.Draw(ink).polygon([(x - left, y - top) for x, y in contour], fill=1)
        turn = ImageChops.add if _is_left_handed(contour) else ImageChops.subtract
        winding.paste(turn(winding.crop((left, top, right, low)), ink), (left, top))
    full = winding.point([0 if level == OUTSIDE else 255 for level in range(256)])
    return full.resize((width, height), Image.Resampling.BOX)


def _is_left_handed(contour: list[tuple[float, float]]) -> bool:
    pairs = zip(contour, [*contour[1:], contour[0]], strict=True)
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairs) > 0
