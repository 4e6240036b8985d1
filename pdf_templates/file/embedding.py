"""
One Type0 font a face, with two-byte codes given on first use.

ReportLab's own TrueType fonts split a face into subsets of 256 glyphs, compress each again, and
write a wrong ToUnicode for characters beyond the BMP, so copied names would come out broken.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from pdf_templates.file.document import Document, Stream, Written, deflated
from pdf_templates.setting.faces import Face

BATCH = 100
"""A ToUnicode section holds at most 100 entries (Adobe Technical Note 5014)."""
SYMBOLIC = 4


class _Codes(dict[int, str]):
    """The code in hex of each code point, given on first use."""

    def __missing__(self, point: int) -> str:
        code = self[point] = f"{len(self) + 1:04X}"
        return code


class _Shown(dict[str, str]):
    """The operator that shows each text; figures and the heads of tables come again and again."""

    def __init__(self, codes: _Codes) -> None:
        super().__init__()
        self._codes = codes

    def __missing__(self, said: str) -> str:
        found = self[said] = f"<{said.translate(self._codes)}>Tj"
        return found


class FontInDocument:
    """The characters of one face that one document uses."""

    def __init__(self, face: Face, number: int) -> None:
        self.face = face
        self.name = f"F{number}"
        self.codes = _Codes()
        self.shown = _Shown(self.codes)

    def add_to(self, document: Document) -> str:
        """Add the font's objects once all pages are drawn; return how others point to it."""
        points = [*self.codes]
        glyphs = self.face.glyphs
        about = glyphs.about
        base = f"{_tag(points)}+{about['name']}"
        places = [*map(glyphs.place, points)]
        content, inflated = glyphs.font([0, *places])
        file = document.add(Stream(content, f"/Filter /FlateDecode /Length1 {inflated}"))
        listed = self._cid_set(document) if document.conformance.cid_sets else ""
        box = " ".join(str(_thousandths(edge, about)) for edge in about["box"])
        descriptor = document.add(
            Written(
                f"<< /Type /FontDescriptor /FontName /{base} /Flags {SYMBOLIC} /FontBBox [{box}]"
                f" /ItalicAngle 0 /Ascent {_thousandths(about['ascent'], about)}"
                f" /Descent {_thousandths(about['descent'], about)}"
                f" /CapHeight {_thousandths(about['cap_height'], about)}"
                f" /StemV 80 /FontFile2 {file}{listed} >>"
            )
        )
        meant = document.add(deflated(_to_unicode(points)))
        return document.add(
            Written(
                f"<< /Type /Font /Subtype /Type0 /BaseFont /{base} /Encoding /Identity-H"
                f" /DescendantFonts [<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{base}"
                " /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>"
                f" /FontDescriptor {descriptor} /DW 1000 /W [1 [{glyphs.widths(places)}]]"
                f" /CIDToGIDMap /Identity >>] /ToUnicode {meant} >>"
            )
        )

    def _cid_set(self, document: Document) -> str:
        """Return the descriptor's entry that lists all glyphs of the subset, one bit each."""
        count = len(self.codes) + 1
        bits = (1 << count) - 1 << -count % 8
        return f" /CIDSet {document.add(deflated(bits.to_bytes((count + 7) // 8, 'big')))}"


def _tag(points: Sequence[int]) -> str:
    """Return the six letters that mark a subset: other characters, or another order, others."""
    number = int.from_bytes(hashlib.sha256(repr(points).encode("ascii")).digest()[:8], "big")
    return "".join(chr(65 + number // 26**power % 26) for power in range(6))


def _thousandths(value: int, about: Mapping[str, Any]) -> int:
    return round(value * 1000 / int(about["em"]))


def _to_unicode(points: list[int]) -> bytes:
    rows = [f"<{code:04X}> <{_utf16(point)}>" for code, point in enumerate(points, start=1)]
    sections = []
    for start in range(0, len(rows), BATCH):
        part = rows[start : start + BATCH]
        sections.append("\n".join([f"{len(part)} beginbfchar", *part, "endbfchar"]))
    return "\n".join(
        [
            "/CIDInit /ProcSet findresource begin",
            "12 dict begin",
            "begincmap",
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
            "/CMapName /Adobe-Identity-UCS def",
            "/CMapType 2 def",
            "1 begincodespacerange",
            "<0000> <FFFF>",
            "endcodespacerange",
            *sections,
            "endcmap",
            "CMapName currentdict /CMap defineresource pop",
            "end",
            "end",
        ]
    ).encode("ascii")


def _utf16(point: int) -> str:
    return f"{point:04X}" if point < 0x10000 else chr(point).encode("utf-16-be").hex().upper()
