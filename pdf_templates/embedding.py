"""
One Type0 font a face, with two-byte codes given on first use.

ReportLab's own TrueType fonts split a face into subsets of 256 glyphs and write a wrong ToUnicode
for characters beyond the BMP, so copied names would come out broken.
"""

from struct import pack
from typing import Any

from reportlab.pdfbase import pdfdoc

from pdf_templates.faces import Face

BATCH = 100
"""A ToUnicode section holds at most 100 entries (Adobe Technical Note 5014)."""


class FontInDocument:
    """The characters of one face that one document uses."""

    def __init__(self, face: Face, number: int) -> None:
        self.face = face
        self.name = f"F{number}"
        self._codes: dict[int, int] = {}

    def encode(self, text: str) -> str:
        """Return the hex string that shows this text."""
        codes = self._codes
        return "".join(f"{codes.setdefault(ord(c), len(codes) + 1):04X}" for c in text)

    def add_to(self, document: Any) -> None:
        """Write the font's objects into the document, once all pages are drawn."""
        points = list(self._codes)
        glyphs = list(dict.fromkeys(self.face.glyph(p) for p in points))
        base = f"AAAAA{chr(64 + int(self.name[1:]))}+{self.face.font.name.decode('ascii')}"
        unicode_map = _stream(_to_unicode(points))
        font = pdfdoc.PDFDictionary(
            {
                "Type": pdfdoc.PDFName("Font"),
                "Subtype": pdfdoc.PDFName("Type0"),
                "BaseFont": pdfdoc.PDFName(base),
                "Encoding": pdfdoc.PDFName("Identity-H"),
                "DescendantFonts": pdfdoc.PDFArray([self._descendant(document, base, glyphs)]),
                "ToUnicode": document.Reference(unicode_map, f"{self.name}:unicode"),
            }
        )
        fonts = document.idToObject["BasicFonts"].dict
        if self.name in document.idToObject:
            # The first face takes the place of the Helvetica that every canvas makes as F1.
            document.idToObject[self.name] = font
            fonts[self.name] = pdfdoc.PDFObjectReference(self.name)
            return
        fonts[self.name] = document.Reference(font, self.name)

    def _descendant(self, document: Any, base: str, glyphs: list[int]) -> Any:
        points = list(self._codes)
        widths = [round(float(self.face.widths[p])) for p in points]
        map_ = pack(
            f">{len(points) + 1}H", 0, *(1 + glyphs.index(self.face.glyph(p)) for p in points)
        )
        return pdfdoc.PDFDictionary(
            {
                "Type": pdfdoc.PDFName("Font"),
                "Subtype": pdfdoc.PDFName("CIDFontType2"),
                "BaseFont": pdfdoc.PDFName(base),
                "CIDSystemInfo": pdfdoc.PDFDictionary(
                    {
                        "Registry": pdfdoc.PDFString("Adobe"),
                        "Ordering": pdfdoc.PDFString("Identity"),
                        "Supplement": 0,
                    }
                ),
                "FontDescriptor": document.Reference(
                    self._descriptor(document, base, points), f"{self.name}:descriptor"
                ),
                "DW": 1000,
                "W": pdfdoc.PDFArray([1, pdfdoc.PDFArray(widths)]),
                "CIDToGIDMap": document.Reference(_stream(map_), f"{self.name}:gids"),
            }
        )

    def _descriptor(self, document: Any, base: str, points: list[int]) -> Any:
        font = self.face.font
        file = _stream(self.face.subset(points))
        file.dictionary["Length1"] = len(file.content)
        return pdfdoc.PDFDictionary(
            {
                "Type": pdfdoc.PDFName("FontDescriptor"),
                "FontName": pdfdoc.PDFName(base),
                "Flags": 4,
                "FontBBox": pdfdoc.PDFArray(list(font.bbox)),
                "ItalicAngle": 0,
                "Ascent": font.ascent,
                "Descent": font.descent,
                "CapHeight": font.capHeight,
                "StemV": font.stemV,
                "FontFile2": document.Reference(file, f"{self.name}:file"),
            }
        )


def _stream(content: bytes) -> Any:
    stream = pdfdoc.PDFStream()
    stream.content = content
    stream.filters = [pdfdoc.PDFZCompress]
    return stream


def _to_unicode(points: list[int]) -> bytes:
    rows = [f"<{code:04X}> <{_utf16(point)}>" for code, point in enumerate(points, start=1)]
    sections = []
    for start in range(0, len(rows), BATCH):
        part = rows[start : start + BATCH]
        sections.append("\n".join([f"{len(part)} beginbfchar", *part, "endbfchar"]))
    text = "\n".join(
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
    )
    return text.encode("ascii")


def _utf16(point: int) -> str:
    return chr(point).encode("utf-16-be").hex().upper()
