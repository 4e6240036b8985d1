"""Which face draws a character: styles with a fallback per character, read without any download."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from pdf_templates.errors import MissingGlyph
from pdf_templates.file.glyphs import GlyphFile

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
    """One face and its glyphs."""

    name: str
    glyphs: GlyphFile

    def has(self, point: int) -> bool:
        """Return whether it draws a code point."""
        return point in self.glyphs.places

    def width(self, point: int) -> float:
        """Return how far a code point advances, in thousandths of the em."""
        advance = self.glyphs.advances[self.glyphs.places[point]]
        return advance * 1000 / int(self.glyphs.about["em"])


@cache
def face(name: str) -> Face:
    """Open a face on first use; documents of common characters never open the rare one."""
    place = table()[name]["file"].replace(".ttf", ".glyphs").split("/")
    content = files("pdf_templates").joinpath("fonts", *place).read_bytes()
    return Face(name, GlyphFile(content))


@cache
def table() -> Mapping[str, Any]:
    """Return the faces of fonts/faces.toml by name."""
    text = files("pdf_templates").joinpath("fonts", "faces.toml").read_text("utf-8")
    faces: Mapping[str, Any] = tomllib.loads(text)["face"]
    return faces


class _Drawn(dict[str, tuple[str, float]]):
    """Which face draws each character in a style, and how wide; filled as characters come."""

    def __init__(self, style: Style) -> None:
        super().__init__()
        self._chains = {True: LATIN_CHAINS[style], False: CHAINS[style]}

    def __missing__(self, char: str) -> tuple[str, float]:
        """Look a character up; a KeyError says that no face of the chain has it."""
        point = ord(char)
        found = (VECTOR, 1000.0) if char in DRAWN else None
        for name in () if found else self._chains[point < LATIN_END]:
            if face(name).has(point):
                found = name, face(name).width(point)
                break
        if found is None:
            raise KeyError(char)
        self[char] = found
        return found


@cache
def drawn(style: Style) -> Mapping[str, tuple[str, float]]:
    """
    Return the face that draws each character in a style, and its width in thousandths of the em.

    Looking up one that no face has raises KeyError: `missing` says so to people.
    """
    return _Drawn(style)


def missing(char: str, where: str) -> MissingGlyph:
    """Return the error about a character that no face has, in the field where it stands."""
    return MissingGlyph(char=char, point=f"U+{ord(char):04X}", field=where or "正文")
