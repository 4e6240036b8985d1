"""
Which face draws a character: styles with a fallback per character, read without any download.

A set of faces (`Fonts`) is chosen for each document and holds while it is set and drawn. The faces
that ship are one; a bureau may put fonts of its own before them. Sets share what ships and nothing
else, so that two of them in one process never mix.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from pdf_templates.errors import MissingGlyph
from pdf_templates.file.glyphs import GlyphFile, opened

Style = Literal["body", "song", "title", "hei", "kai"]
"""仿宋, 宋体, 小标宋, 黑体 (headings of level one), 楷体 (level two)."""

FOLDER = Path(__file__).parent.parent / "fonts"
SHIPPED: Mapping[str, str] = {
    "fang": "fandol/fangsong.glyphs",
    "kai": "kai.glyphs",
    "hei": "hei.glyphs",
    "song": "song.glyphs",
    "song_bold": "song_bold.glyphs",
    "rare": "song_rare.glyphs",
}
"""The faces of fonts/faces.toml and their files."""
CHAINS: Mapping[Style, tuple[str, ...]] = {
    "body": ("fang", "kai", "song", "rare"),
    "song": ("song", "rare", "kai"),
    "title": ("song_bold", "song", "rare", "kai"),
    "hei": ("hei", "song", "rare", "kai"),
    "kai": ("kai", "song", "rare"),
}
LATIN_CHAINS: Mapping[Style, tuple[str, ...]] = {
    **CHAINS,
    "body": ("song", "rare", "fang", "kai"),
    "kai": ("song", "rare", "kai"),
}
"""Latin letters and figures of body and Kai come from Song: their own do not suit print."""

VECTOR = "vector"
DRAWN = frozenset("☑☐")
"""Characters drawn as lines, which no text face has in a form that an office would print."""

LATIN_END = 0x2000


@dataclass(frozen=True)
class Face:
    """One face and its glyphs."""

    name: str
    glyphs: GlyphFile

    def width(self, point: int) -> float | None:
        """Return how far a code point advances, in thousandths of the em; None: it has it not."""
        if not (place := self.glyphs.place(point)):
            return None
        return self.glyphs.advances[place] * 1000 / int(self.glyphs.about["em"])

    def ink_end(self, point: int) -> float:
        """Return where the ink of a character that it has ends, in thousandths of the em."""
        outline = self.glyphs.outline(self.glyphs.place(point))
        x_max = int.from_bytes(outline[6:8], "big", signed=True)
        return x_max * 1000 / int(self.glyphs.about["em"])


@cache
def _shipped(name: str) -> Face:
    """Open a face on first use; documents of common characters never open the rare one."""
    return Face(name, opened(FOLDER / SHIPPED[name]))


class Fonts:
    """
    A set of faces.

    A face of the bureau's own stands before the shipped one of its style in every chain, and what
    it lacks falls back to that. Its name follows from its content: a line that was set with other
    fonts never finds a face of the same name here.
    """

    def __init__(self, own: Mapping[Style, GlyphFile] | None = None) -> None:
        """Take the bureau's own faces by the style that they stand for."""
        self._own: dict[str, Face] = {}
        self._ink_ends: dict[tuple[str, str], float] = {}
        before: dict[str, str] = {}
        for style, glyphs in (own or {}).items():
            face = Face(f"own-{glyphs.sha256[:16]}", glyphs)
            self._own[face.name] = face
            before[CHAINS[style][0]] = face.name
        self._drawn = {
            style: _Drawn(self, _with(LATIN_CHAINS[style], before), _with(chain, before))
            for style, chain in CHAINS.items()
        }

    def face(self, name: str) -> Face:
        """
        Return a face by its name.

        Raises:
            KeyError: It is of another set.
        """
        return self._own.get(name) or _shipped(name)

    def ink_end(self, name: str, char: str) -> float:
        """Return what `Face.ink_end` does, of a face by its name; asked once for each mark."""
        key = name, char
        if key not in self._ink_ends:
            self._ink_ends[key] = self.face(name).ink_end(ord(char))
        return self._ink_ends[key]

    def drawn(self, style: Style) -> Mapping[str, tuple[str, float]]:
        """
        Return the face that draws each character in a style, and its width in 1/1000 em.

        Looking up one that no face has raises KeyError: `missing` says so to people.
        """
        return self._drawn[style]

    def edition(self) -> str:
        """Return a SHA-256 over all chains and faces: another one, and bytes may differ."""
        chains = {style: [found.latin, found.others] for style, found in self._drawn.items()}
        names = sorted({name for pair in chains.values() for chain in pair for name in chain})
        faces = {name: self.face(name).glyphs.sha256 for name in names}
        said = json.dumps([chains, faces], sort_keys=True)
        return hashlib.sha256(said.encode("ascii")).hexdigest()


class _Drawn(dict[str, tuple[str, float]]):
    """
    Which face draws each character in a style, and how wide; filled as characters come.

    Characters of the same face and width have the same tuple: where a text goes over to another
    one is seen without comparing what is in them.
    """

    def __init__(self, fonts: Fonts, latin: tuple[str, ...], others: tuple[str, ...]) -> None:
        super().__init__()
        self._fonts, self.latin, self.others = fonts, latin, others
        self._kinds: dict[tuple[str, float], tuple[str, float]] = {}

    def __missing__(self, char: str) -> tuple[str, float]:
        """Look a character up; a KeyError says that no face of the chain has it."""
        point = ord(char)
        if char in DRAWN:
            return self._known(char, VECTOR, 1000.0)
        for name in self.latin if point < LATIN_END else self.others:
            width = self._fonts.face(name).width(point)
            if width is not None:
                return self._known(char, name, width)
        raise KeyError(char)

    def _known(self, char: str, name: str, width: float) -> tuple[str, float]:
        found = self[char] = self._kinds.setdefault((name, width), (name, width))
        return found


def _with(chain: tuple[str, ...], before: Mapping[str, str]) -> tuple[str, ...]:
    """Return a chain with the bureau's own faces before those that they stand for."""
    return tuple(
        one for name in chain for one in ((before[name], name) if name in before else (name,))
    )


STANDARD = Fonts()
"""The faces that ship, and no others."""
_in_use: ContextVar[Fonts] = ContextVar("fonts", default=STANDARD)


@contextmanager
def using(fonts: Fonts) -> Iterator[None]:
    """Set and draw with these fonts, in this thread and until the end of the block."""
    token = _in_use.set(fonts)
    try:
        yield
    finally:
        _in_use.reset(token)


def in_use() -> Fonts:
    """Return the fonts that documents are set in here and now."""
    return _in_use.get()


def drawn(style: Style) -> Mapping[str, tuple[str, float]]:
    """Return what `Fonts.drawn` does, of the fonts in use."""
    return _in_use.get().drawn(style)


def face(name: str) -> Face:
    """Return a face of the fonts in use."""
    return _in_use.get().face(name)


def missing(char: str, where: str) -> MissingGlyph:
    """Return the error about a character that no face has, in the field where it stands."""
    return MissingGlyph(char=char, point=f"U+{ord(char):04X}", field=where or "正文")
