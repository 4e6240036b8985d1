"""Which face draws a character: styles with a fallback per character, read without any download."""

import threading
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Literal

from reportlab.pdfbase.ttfonts import TTFontFace

from pdf_templates.errors import MissingGlyph

Style = Literal["body", "song", "title"]

CHAINS: Mapping[Style, tuple[str, ...]] = {
    "body": ("fang", "kai", "song", "rare"),
    "song": ("song", "rare"),
    "title": ("song_bold", "song", "rare"),
}
LATIN_CHAINS: Mapping[Style, tuple[str, ...]] = {**CHAINS, "body": ("song", "fang")}
"""Latin letters and figures of the body come from Song: FangSong's own do not suit print."""

VECTOR = "vector"
DRAWN = frozenset("☑☐")
"""Characters drawn as lines, which no text face has in a form that an office would print."""

LATIN_END = 0x2000


@dataclass(frozen=True)
class Face:
    """One font file. Widths are in thousandths of the em."""

    name: str
    font: Any
    widths: Mapping[int, float]
    lock: threading.Lock = field(default_factory=threading.Lock, compare=False)

    def subset(self, points: list[int]) -> bytes:
        """Return a font file with the glyphs of these code points, in their order from glyph 1."""
        with self.lock:  # the parser keeps a reading position
            content: bytes = self.font.makeSubset(points)
            return content

    def glyph(self, point: int) -> int:
        """Return the glyph's index in this file."""
        index: int = self.font.charToGlyph[point]
        return index


@cache
def face(name: str) -> Face:
    """Open a face on first use; documents of common characters never open the rare one."""
    row = table()[name]
    path = files("pdf_templates").joinpath("fonts", *row["file"].split("/"))
    font = TTFontFace(str(path))
    return Face(name, font, font.charWidths)


@cache
def table() -> Mapping[str, Any]:
    """Return the faces of fonts/faces.toml by name."""
    text = files("pdf_templates").joinpath("fonts", "faces.toml").read_text("utf-8")
    faces: Mapping[str, Any] = tomllib.loads(text)["face"]
    return faces


@lru_cache(maxsize=60_000)
def _found(char: str, style: Style) -> tuple[str, float] | None:
    if char in DRAWN:
        return VECTOR, 1000.0
    point = ord(char)
    chains = LATIN_CHAINS if point < LATIN_END else CHAINS
    for name in chains[style]:
        if point in face(name).widths:
            return name, float(face(name).widths[point])
    return None


def find(char: str, style: Style, where: str) -> tuple[str, float]:
    """
    Return the face that draws a character in a style, and its width in thousandths of the em.

    Args:
        char: One character.
        style: The style of the text around it.
        where: The field it stands in, for the error.

    Raises:
        MissingGlyph: No face of the chain has it.
    """
    found = _found(char, style)
    if found is None:
        raise MissingGlyph(char=char, point=f"U+{ord(char):04X}", field=where or "正文")
    return found
