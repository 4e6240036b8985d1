"""
Prepared glyphs: of each character of a face what a PDF needs, ready to be copied.

A font in a PDF is a zlib stream over a TrueType file, nearly all of which is outlines. Deflating
them is what a document would otherwise spend most of its time on, so `fonts/prepare.py` deflates
every outline once, by itself and up to a byte's end. A document strings those parts together
behind the small tables it writes itself; checksums add up from those of the parts.

The file is little endian: `MAGIC`; the length of the description and the description, JSON, which
has the SHA-256 of all that follows it; then columns of one value a glyph, in the order of
`COLUMNS`; then the deflated outlines. The first glyph is .notdef, whose code point stands as 0; the
others follow by code point.
"""

import hashlib
import json
import re
import sys
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate, chain
from mmap import ACCESS_READ, mmap
from pathlib import Path
from struct import Struct as Layout
from struct import pack
from typing import Any, NamedTuple

MAGIC = b"inspect glyphs 2\n"
COLUMNS = (
    ("points", "I"),
    ("advances", "H"),  # font units
    ("bearings", "h"),  # left side bearing, font units
    ("lengths", "H"),  # of the outline as it stands in `glyf`, a multiple of 4
    ("adlers", "I"),  # Adler-32 of it
    ("sums", "I"),  # of its 32-bit words, modulo 2**32
    ("ends", "I"),  # where its deflated form ends
)
"""Name and type of each column: unsigned and signed, 16 and 32 bits."""
BYTES = sum(array(kind).itemsize for _, kind in COLUMNS)
"""Of one glyph in all columns."""
SIGNED, UNSIGNED = range(-0x8000, 0x8000), range(0x10000)
FIGURES: Mapping[str, tuple[int | None, range]] = {
    "ascent": (None, SIGNED),
    "box": (4, SIGNED),
    "cap_height": (None, SIGNED),
    "count": (None, range(1, sys.maxunicode + 3)),
    "descent": (None, SIGNED),
    "em": (None, range(1, 0x10000)),
    "horizontal": (4, range(-0x8000, 0x10000)),
    "most": (2, UNSIGNED),
}
"""Figures of the description: how many in a list, None for a single one, and what each may be."""
WORDS = {"name": r"[0-9A-Za-z-]+", "sha256": "[0-9a-f]{64}", "version": r"[0-9]{1,4}\.[0-9]{3}"}
"""Its words: how each is written."""
HEAD = Layout(">4s4sIIHHqqhhhhHHhhh")
HHEA = Layout(">4sHHHHHHHHHHHHHHHH")
ALMOST_EMPTY = b"\x03\x00"
"""The last block of a deflate stream, with nothing in it."""
ADLER = 65521
MADE_AT = 3850070400
"""When every font says that it was made: 2026-01-01, in seconds since 1904. No clock is asked."""


class Glyph(NamedTuple):
    """What the columns have of one glyph, and its deflated outline."""

    advance: int
    bearing: int  # as unsigned
    length: int
    adler: int
    sum: int
    outline: bytes


class GlyphFile:
    """The prepared glyphs of one face."""

    def __init__(self, content: bytes | memoryview) -> None:
        """
        Read a file that `fonts/prepare.py` made, nothing of it but the description.

        Raises:
            ValueError: It is none, or a part of one.
        """
        view = memoryview(content)
        if view[: len(MAGIC)] != MAGIC:
            raise ValueError("not a file of prepared glyphs")
        start = len(MAGIC) + 4
        size = int.from_bytes(view[len(MAGIC) : start], "little")
        description = bytes(view[start : start + size])
        self.about = _described(description)
        self.sha256 = hashlib.sha256(description).hexdigest()
        """Tells this file from every other: the description has the hash of the rest."""
        self._rest = view[start + size :]
        self._count, at = int(self.about["count"]), 0
        if len(self._rest) < self._count * BYTES:
            raise ValueError("a file of prepared glyphs that is cut off")
        columns: dict[str, Sequence[int]] = {}
        for name, kind in COLUMNS:
            end = at + self._count * array(kind).itemsize
            columns[name], at = _column(self._rest[at:end], kind), end
        self._columns, self._outlines = columns, self._rest[at:]
        self._places: dict[int, int] = {}  # of the code points that were asked for
        self._met: dict[int, Glyph] = {}  # by place: most texts are of the same few thousand
        self.points = columns["points"]
        self.advances = columns["advances"]
        if len(self._outlines) != columns["ends"][-1]:
            raise ValueError("a file of prepared glyphs that is cut off")

    def check(self) -> None:
        """
        Read all of the file.

        Raises:
            ValueError: It is not what was prepared.
        """
        if hashlib.sha256(self._rest).hexdigest() != self.about["sha256"]:
            raise ValueError("a damaged file of prepared glyphs")

    def place(self, point: int) -> int:
        """Return where the glyph of a code point stands; 0, that of .notdef, where it has none."""
        if (known := self._places.get(point)) is not None:
            return known
        place = bisect_left(self.points, point, 1)
        found = place if place < self._count and self.points[place] == point else 0
        self._places[point] = found
        return found

    def widths(self, places: Iterable[int]) -> str:
        """Return how far glyphs advance, in thousandths of the em, as a PDF lists them."""
        em = int(self.about["em"])
        advances = [self.advances[place] for place in places]
        shown = {advance: f"{advance * 1000 / em:g}" for advance in {*advances}}
        return " ".join(map(shown.__getitem__, advances))

    def outline(self, place: int) -> bytes:
        """Return a glyph as it stands in `glyf`."""
        return zlib.decompressobj(-15).decompress(self._glyph(place).outline)

    def font(self, places: Sequence[int]) -> tuple[bytes, int]:
        """
        Return a TrueType file of these glyphs as a zlib stream, and how long it is inflated.

        Args:
            places: Where they stand, in the order of their glyph numbers; .notdef (0) first.
        """
        met = self._met
        glyphs = [met.get(place) or self._glyph(place) for place in places]
        _, _, lengths, adlers, _, outlines = zip(*glyphs, strict=True)
        front = self._front(glyphs)
        raw = zlib.compressobj(wbits=-15)
        parts = [b"\x78\x9c", raw.compress(front), raw.flush(zlib.Z_FULL_FLUSH), *outlines]
        adler = _joined(zlib.adler32(front), zip(adlers, lengths, strict=True))
        parts += [ALMOST_EMPTY, pack(">I", adler)]
        return b"".join(parts), len(front) + sum(lengths)

    def _glyph(self, place: int) -> Glyph:
        """Read a glyph, and keep it."""
        columns, ends = self._columns, self._columns["ends"]
        found = self._met[place] = Glyph(
            columns["advances"][place],
            columns["bearings"][place] & 0xFFFF,
            columns["lengths"][place],
            columns["adlers"][place],
            columns["sums"][place],
            bytes(self._outlines[ends[place - 1] if place else 0 : ends[place]]),
        )
        return found

    def _front(self, glyphs: Sequence[Glyph]) -> bytes:
        """Return all of the file that stands before the outlines."""
        advances, bearings, lengths, _, sums, _ = zip(*glyphs, strict=True)
        about, count = self.about, len(glyphs)
        metrics = array("H", chain.from_iterable(zip(advances, bearings, strict=True)))
        offsets = array("I", accumulate(lengths, initial=0))
        tables = {
            b"head": _head(about),
            b"hhea": _hhea(about, count),
            b"hmtx": _big_endian(metrics),
            b"loca": _big_endian(offsets),
            b"maxp": pack(">IH13H", 0x00010000, count, *about["most"], 0, 0, 1, *[0] * 8),
        }
        return _assembled(tables, sum(sums) & 0xFFFFFFFF, sum(lengths))


def opened(path: Path) -> GlyphFile:
    """
    Return the prepared glyphs of a file that stays as it is: it is mapped, not read.

    Raises:
        ValueError: It is none.
        OSError: It cannot be opened.
    """
    with path.open("rb") as file:
        try:
            content: bytes | memoryview = memoryview(mmap(file.fileno(), 0, access=ACCESS_READ))
        except (OSError, ValueError):  # a system without mapping; an empty file
            content = file.read()
    return GlyphFile(content)


def _described(content: bytes) -> Mapping[str, Any]:
    """
    Read a description; every value is one that a font can have.

    Raises:
        ValueError: It is none.
    """
    try:
        about: dict[str, Any] = json.loads(content)
        for key, (size, allowed) in FIGURES.items():
            figures = [about[key]] if size is None else about[key]
            if len(figures) != (size or 1) or not all(
                type(figure) is int and figure in allowed for figure in figures
            ):
                raise ValueError(key)
        for key, written in WORDS.items():
            if not re.fullmatch(written, about[key]):
                raise ValueError(key)
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise ValueError("a file of prepared glyphs with a damaged description") from error
    return about


def _column(part: memoryview, kind: str) -> Sequence[int]:
    """Return a column in place, or turned round where the machine is big endian."""
    if sys.byteorder == "little":
        return part.cast(kind)  # type: ignore[call-overload, no-any-return]  # one of COLUMNS
    column = array(kind, part.tobytes())
    column.byteswap()
    return column


def _head(about: Mapping[str, Any]) -> bytes:
    revision = pack(">I", int(float(about["version"]) * 65536))
    box: tuple[int, ...] = tuple(about["box"])
    return HEAD.pack(
        b"\0\1\0\0",
        revision,
        0,  # adjusted in `_assembled`
        0x5F0F3CF5,
        0b1011,
        about["em"],
        MADE_AT,
        MADE_AT,
        *box,
        0,
        6,
        2,
        1,
        0,
    )


def _hhea(about: Mapping[str, Any], count: int) -> bytes:
    vertical = (about["ascent"], about["descent"], 0)
    values = (*vertical, *about["horizontal"], 1, *[0] * 7)  # 1: the caret of an upright face
    return HHEA.pack(b"\0\1\0\0", *(value & 0xFFFF for value in values), count)


def _big_endian(values: "array[int]") -> bytes:
    if sys.byteorder == "little":
        values.byteswap()
    return values.tobytes()


def _assembled(tables: Mapping[bytes, bytes], outlines: int, size: int) -> bytes:
    """
    Return directory and tables of a TrueType file whose `glyf` follows at its end.

    Args:
        tables: All others, by tag in order.
        outlines: The checksum of `glyf`.
        size: Its length.
    """
    count = len(tables) + 1
    at, padded, rows = 12 + 16 * count, [], {}
    for tag, content in tables.items():
        whole = content + bytes(-len(content) % 4)
        rows[tag] = (_sum(whole), at, len(content))
        padded.append(whole)
        at += len(whole)
    rows[b"glyf"] = (outlines, at, size)
    power = 1 << (count.bit_length() - 1)
    search = (count, power * 16, power.bit_length() - 1, (count - power) * 16)
    directory = pack(">I4H", 0x00010000, *search) + b"".join(
        pack(">4s3I", tag, *rows[tag]) for tag in sorted(rows)
    )
    total = _sum(directory) + sum(row[0] for row in rows.values())
    head = rows[b"head"][1] - len(directory)
    front = bytearray(b"".join(padded))
    front[head + 8 : head + 12] = pack(">I", (0xB1B0AFBA - total) & 0xFFFFFFFF)
    return directory + bytes(front)


def _sum(content: bytes) -> int:
    words = array("I")
    words.frombytes(content)
    if sys.byteorder == "little":
        words.byteswap()
    return sum(words) & 0xFFFFFFFF


def _joined(first: int, parts: Iterable[tuple[int, int]]) -> int:
    """Return the Adler-32 (RFC 1950) of a text and its parts, each given by its own and length."""
    low, high = first & 0xFFFF, first >> 16
    for adler, length in parts:
        high += (adler >> 16) + length * (low - 1)
        low += (adler & 0xFFFF) - 1
    return (high % ADLER) << 16 | low % ADLER
