"""Fonts of a file: their dictionaries, their programs, and the codes that pages show in them."""

import io
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import pikepdf
from fontTools.ttLib import TTFont, TTLibError

from tests.pdfa.reading import File, place_of
from tests.pdfa.reading_content import drawn

SIMPLE = {"/Type1", "/MMType1", "/TrueType", "/Type3"}


@dataclass
class Font:
    """
    A font that text is shown in.

    Attributes:
        where: What it is called.
        dictionary: Of Type Font, as resources name it.
        codes: That are shown in it; whether any of them can be seen.
    """

    where: str
    dictionary: pikepdf.Object
    codes: set[int] = field(default_factory=set)
    seen: bool = False

    @property
    def kind(self) -> str:
        """Its Subtype."""
        return str(self.dictionary.get("/Subtype"))

    @cached_property
    def descendant(self) -> pikepdf.Object | None:
        """The CID font of a composite font."""
        held = self.dictionary.get("/DescendantFonts")
        alone = isinstance(held, pikepdf.Array) and len(held) == 1
        return held[0] if alone and isinstance(held[0], pikepdf.Dictionary) else None

    @cached_property
    def described(self) -> pikepdf.Object:
        """Its descriptor, or that of its CID font; empty where there is none."""
        owner = self.descendant if self.kind == "/Type0" else self.dictionary
        return (owner or pikepdf.Dictionary()).get("/FontDescriptor", pikepdf.Dictionary())

    @cached_property
    def program(self) -> TTFont | None:
        """Its TrueType program, or None where there is none that can be read."""
        stream = self.described.get("/FontFile2")
        if not isinstance(stream, pikepdf.Stream):
            return None
        try:
            program = TTFont(io.BytesIO(stream.read_bytes()), lazy=True)
            program.getGlyphOrder()
        except (TTLibError, KeyError, ValueError, AssertionError, OverflowError):
            return None
        return program

    def glyph(self, code: int) -> int | None:
        """Return the glyph that a code of a composite font with Identity-H shows."""
        mapped = (self.descendant or pikepdf.Dictionary()).get("/CIDToGIDMap")
        if isinstance(mapped, pikepdf.Stream):
            table = mapped.read_bytes()
            pair = table[2 * code : 2 * code + 2]
            return int.from_bytes(pair, "big") if len(pair) == 2 else None
        return code


def fonts(file: File) -> list[Font]:
    """Return the fonts in which a file shows text; each file is read once."""
    known: list[Font] | None = getattr(file, "_fonts", None)
    if known is None:
        known = _read(file)
        file._fonts = known  # type: ignore[attr-defined]
    return known


def _read(file: File) -> list[Font]:
    found: dict[tuple[int, int], Font] = {}
    said: dict[tuple[int, int], set[bytes]] = defaultdict(set)
    for content in drawn(file):
        for dictionary, string, seen in content.shown:
            number = dictionary.objgen
            font = found.setdefault(number, Font(place_of(dictionary), dictionary))
            font.seen |= seen
            said[number].add(string)
    for number, font in found.items():
        wide = 2 if font.kind == "/Type0" else 1
        font.codes = {code for string in said[number] for code in _codes(string, wide)}
    return list(found.values())


def _codes(string: bytes, wide: int) -> Iterator[int]:
    for at in range(0, len(string), wide):
        yield int.from_bytes(string[at : at + wide], "big")


def stated_widths(held: pikepdf.Object) -> dict[int, float]:
    """
    Return the widths of a CID font's W, by CID.

    Raises:
        ValueError: It is not written as ISO 32000-1, 9.7.4.3 says.
    """
    found: dict[int, float] = {}
    rest = list(held)
    while rest:
        first, second = rest[0], rest[1] if len(rest) > 1 else None
        if isinstance(second, pikepdf.Array):
            found.update({int(first) + n: float(width) for n, width in enumerate(second)})
            rest = rest[2:]
        elif len(rest) > 2 and second is not None:
            found.update(dict.fromkeys(range(int(first), int(second) + 1), float(rest[2])))
            rest = rest[3:]
        else:
            raise ValueError("it ends in the middle")
    return found


SECTION = re.compile(rb"begin(bfchar|bfrange)(.*?)end\1", re.DOTALL)
ITEM = re.compile(rb"<([0-9A-Fa-f\s]*)>|(\[)|(\])")


def to_unicode(cmap: bytes) -> dict[int, str]:
    """
    Return what a ToUnicode CMap says that codes mean.

    Raises:
        ValueError: It is not written as Adobe's Technical Note 5014 says.
    """
    found: dict[int, str] = {}
    for kind, body in SECTION.findall(cmap):
        items = [bytes(m[1] if m[1] is not None else m[0]) for m in ITEM.finditer(body)]
        if kind == b"bfchar":
            if len(items) % 2:
                raise ValueError("a bfchar section has an odd number of strings")
            for code, meant in zip(items[::2], items[1::2], strict=True):
                found[int(code, 16)] = _text(meant)
        else:
            found.update(_ranges(items))
    return found


def _ranges(items: list[bytes]) -> dict[int, str]:
    found: dict[int, str] = {}
    at = 0
    while at < len(items):
        low, high = int(items[at], 16), int(items[at + 1], 16)
        if items[at + 2] == b"[":
            end = items.index(b"]", at)
            found.update({low + n: _text(meant) for n, meant in enumerate(items[at + 3 : end])})
            at = end + 1
        else:
            first = _text(items[at + 2])
            for code in range(low, high + 1):
                found[code] = first[:-1] + chr(ord(first[-1]) + code - low)
            at += 3
    return found


def _text(digits: bytes) -> str:
    return bytes.fromhex(digits.decode("ascii")).decode("utf-16-be")
