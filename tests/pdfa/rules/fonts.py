"""Clause 6.2.11.2 to 6.2.11.6 and 6.2.11.8: fonts and what is shown in them."""

import re
from collections.abc import Iterator

import pikepdf

from tests.pdfa.reading import File
from tests.pdfa.reading_fonts import SIMPLE, Font, fonts, stated_widths
from tests.pdfa.rules import Said, rule

KINDS = SIMPLE | {"/Type0", "/CIDFontType0", "/CIDFontType2"}
PROGRAMS = {
    "/Type1": {"/FontFile", "/FontFile3"}, "/MMType1": {"/FontFile", "/FontFile3"},
    "/TrueType": {"/FontFile2", "/FontFile3"}, "/CIDFontType0": {"/FontFile3"},
    "/CIDFontType2": {"/FontFile2", "/FontFile3"},
}  # fmt: skip
COMPACT = {"/Type1C", "/CIDFontType0C", "/OpenType"}
IDENTITY = {"/Identity-H", "/Identity-V"}
SYMBOLIC, NONSYMBOLIC = 4, 32
TABLES = ("glyf", "head", "hhea", "hmtx", "loca", "maxp")
"""What a TrueType program needs (ISO 32000-1, 9.9); cmap where a simple font looks codes up."""
SUBSET = re.compile(r"/[A-Z]{6}\+.+")
TOLERANCE = 1.0
"""Thousandths of the em that widths may differ by."""
DESCRIBED = ("/FontName", "/Flags", "/FontBBox", "/ItalicAngle", "/Ascent", "/Descent", "/StemV")


@rule("6.2.11.2")
def fonts_are_of_known_kinds(file: File) -> Said:
    """Type, Subtype and BaseFont of every font; simple ones with as many widths as codes."""
    for where, one in file.of_type("/Font"):
        kind = one.get("/Subtype")
        if kind not in KINDS:
            yield where, f"a font of type {kind}"
        if kind != "/Type3" and not isinstance(one.get("/BaseFont"), pikepdf.Name):
            yield where, "a font without a name"
        if kind in SIMPLE:
            first, last = one.get("/FirstChar"), one.get("/LastChar")
            widths = one.get("/Widths", pikepdf.Array())
            if first is None or last is None or len(widths) != last - first + 1:
                yield where, "a font without its widths"
    for font in fonts(file):
        if font.dictionary.get("/Type") != "/Font":
            yield font.where, "text is shown in what is no font"


@rule("6.2.11.2")
def descriptors_are_complete(file: File) -> Said:
    """What ISO 32000-1, Table 122 requires; the name is the font's."""
    for font in fonts(file):
        if font.kind == "/Type3":
            continue
        for key in DESCRIBED:
            if key not in font.described:
                yield font.where, f"the descriptor has no {key[1:]}"
        owner = font.descendant if font.kind == "/Type0" else font.dictionary
        names = {str(one.get("/BaseFont")) for one in (owner, font.dictionary) if one is not None}
        if names != {str(font.described.get("/FontName"))}:
            yield font.where, "font and descriptor have different names"


@rule("6.2.11.2")
def programs_are_of_known_formats(file: File) -> Said:
    """FontFile3 says which format; FontFile2 how long it is, and has the tables that are needed."""
    for font in fonts(file):
        compact, truetype = font.described.get("/FontFile3"), font.described.get("/FontFile2")
        if compact is not None and compact.get("/Subtype") not in COMPACT:
            yield font.where, f"a font program of type {compact.get('/Subtype')}"
        if truetype is None:
            continue
        if truetype.get("/Length1") != len(truetype.read_bytes()):
            yield font.where, "Length1 is not the length of the font program"
        if font.program is None:
            yield font.where, "the font program cannot be read"
            continue
        for table in TABLES:
            if table not in font.program:
                yield font.where, f"the font program has no table {table}"


@rule("6.2.11.3.1")
def composite_fonts_hang_together(file: File) -> Said:
    """One CID font; with another encoding than Identity, of the same character collection."""
    for where, one in file.of_type("/Font"):
        if one.get("/Subtype") != "/Type0":
            continue
        font = Font(where, one)
        if font.descendant is None:
            yield where, "it has not exactly one CID font"
            continue
        system = font.descendant.get("/CIDSystemInfo")
        if system is None or not {"/Registry", "/Ordering", "/Supplement"} <= set(system.keys()):
            yield where, "no complete CIDSystemInfo"
            continue
        encoding = one.get("/Encoding")
        if isinstance(encoding, pikepdf.Stream):
            other = encoding.get("/CIDSystemInfo", pikepdf.Dictionary())
            if any(other.get(key) != system[key] for key in ("/Registry", "/Ordering")):
                yield where, "its encoding is of another character collection"


@rule("6.2.11.3.2")
def cids_lead_to_glyphs(file: File) -> Said:
    """CIDToGIDMap of a CIDFontType2: Identity or a stream."""
    for where, one in file.of_type("/Font"):
        if one.get("/Subtype") != "/CIDFontType2":
            continue
        held = one.get("/CIDToGIDMap")
        if held != "/Identity" and not isinstance(held, pikepdf.Stream):
            yield where, "no CIDToGIDMap"


@rule("6.2.11.3.3")
def encodings_are_here_or_identity(file: File) -> Said:
    """CMaps other than Identity are in the file, and say the same writing mode twice."""
    for where, one in file.of_type("/Font"):
        if one.get("/Subtype") != "/Type0":
            continue
        encoding = one.get("/Encoding")
        if isinstance(encoding, pikepdf.Stream):
            said = re.search(rb"/WMode\s+(\d)", encoding.read_bytes())
            if int(encoding.get("/WMode", 0)) != (int(said[1]) if said else 0):
                yield where, "the CMap's writing modes differ"
        elif encoding not in IDENTITY:
            yield where, f"the encoding {encoding}"


@rule("6.2.11.4.1")
def fonts_are_embedded(file: File) -> Said:
    """The program of each font in which anything can be seen, of the kind that it is."""
    for font in fonts(file):
        if font.kind == "/Type3" or not font.seen:
            continue
        owner = font.descendant if font.kind == "/Type0" else font.dictionary
        kind = str(owner.get("/Subtype")) if owner is not None else ""
        held = PROGRAMS.get(kind, set()) & set(font.described.keys())
        if len(held) != 1:
            yield font.where, f"no program of a {kind[1:]} is embedded"


def _glyphs(file: File) -> Iterator[tuple[Font, int, int]]:
    """Yield font, code and glyph of all that is shown in composite TrueType fonts."""
    for font in fonts(file):
        if font.kind != "/Type0" or font.program is None:
            continue
        for code in sorted(font.codes):
            glyph = font.glyph(code)
            yield font, code, -1 if glyph is None else glyph


@rule("6.2.11.4.1")
def glyphs_are_there(file: File) -> Said:
    """Each that is shown is in the program, and what is no space has an outline."""
    for font, code, glyph in _glyphs(file):
        program = font.program
        assert program is not None
        if not 0 <= glyph < program["maxp"].numGlyphs:
            yield font.where, f"code {code:04X} has no glyph"


@rule("6.2.11.4.2")
def cid_sets_list_all_glyphs(file: File) -> Said:
    """CIDSet, which may be missing, has a bit for each glyph of the program and no others."""
    for font in fonts(file):
        held = font.described.get("/CIDSet")
        if not isinstance(held, pikepdf.Stream) or font.program is None:
            continue
        bits = held.read_bytes()
        listed = {n for n in range(len(bits) * 8) if bits[n // 8] >> (7 - n % 8) & 1}
        if listed != set(range(font.program["maxp"].numGlyphs)):
            yield font.where, "CIDSet does not list the glyphs of the program"


@rule("6.2.11.4.2")
def subsets_are_tagged(file: File) -> Said:
    """The names of subsets begin with six letters, and no two of them are alike."""
    names = [str(font.described.get("/FontName", "/")) for font in fonts(file)]
    for font, name in zip(fonts(file), names, strict=True):
        if font.kind == "/Type0" and not SUBSET.fullmatch(name):
            yield font.where, f"the name {name} is not that of a subset"
        if font.kind != "/Type3" and names.count(name) > 1:
            yield font.where, f"two fonts are called {name}"


@rule("6.2.11.5")
def widths_are_the_programs(file: File) -> Said:
    """W, or DW, says of each glyph that is shown what hmtx says, to a thousandth of the em."""
    stated: dict[str, dict[int, float]] = {}
    for font, code, glyph in _glyphs(file):
        owner, program = font.descendant, font.program
        assert owner is not None
        assert program is not None
        try:
            known = stated.setdefault(font.where, stated_widths(owner.get("/W", [])))
        except ValueError as error:
            yield font.where, f"W cannot be read: {error}"
            continue
        metrics, order = program["hmtx"].metrics, program.getGlyphOrder()
        if not 0 <= glyph < len(order):
            continue
        advance = metrics[order[glyph]][0] * 1000 / program["head"].unitsPerEm
        width = known.get(code, float(owner.get("/DW", 1000)))
        if abs(width - advance) > TOLERANCE:
            yield font.where, f"code {code:04X} is {width:g} wide, its glyph {advance:g}"


@rule("6.2.11.5")
def simple_widths_are_the_programs(file: File) -> Said:
    """Widths of a simple TrueType font, as far as its program's cmap tells which glyph is meant."""
    for font in fonts(file):
        if font.kind != "/TrueType" or font.program is None or "cmap" not in font.program:
            continue
        cmap = next((table.cmap for table in font.program["cmap"].tables), {})
        metrics, em = font.program["hmtx"].metrics, font.program["head"].unitsPerEm
        first, widths = (
            int(font.dictionary.get("/FirstChar", 0)),
            font.dictionary.get("/Widths", []),
        )
        for code in sorted(font.codes):
            name = cmap.get(code, cmap.get(0xF000 + code))
            if name is None or not 0 <= code - first < len(widths):
                continue
            advance = metrics[name][0] * 1000 / em
            if abs(float(widths[code - first]) - advance) > TOLERANCE:
                yield font.where, f"code {code:02X} is not as wide as its glyph"


@rule("6.2.11.6")
def symbolic_or_not(file: File) -> Said:
    """
    Exactly one of both flags; a symbolic TrueType font has no Encoding and one cmap, or (3,0).

    One that is not symbolic has an Encoding of two.
    """
    for font in fonts(file):
        flags = int(font.described.get("/Flags", 0))
        if font.kind != "/Type3" and bool(flags & SYMBOLIC) == bool(flags & NONSYMBOLIC):
            yield font.where, "the font is neither symbolic nor not, or both"
        if font.kind != "/TrueType":
            continue
        encoding = font.dictionary.get("/Encoding")
        if flags & SYMBOLIC and encoding is not None:
            yield font.where, "a symbolic font with an Encoding"
        base = (
            encoding.get("/BaseEncoding") if isinstance(encoding, pikepdf.Dictionary) else encoding
        )
        if not flags & SYMBOLIC and base not in ("/MacRomanEncoding", "/WinAnsiEncoding"):
            yield font.where, f"the encoding {encoding}"
        yield from ((font.where, said) for said in _cmaps(font, bool(flags & SYMBOLIC)))


def _cmaps(font: Font, symbolic: bool) -> Iterator[str]:
    if font.program is None:
        return
    tables = font.program["cmap"].tables if "cmap" in font.program else []
    kinds = [(table.platformID, table.platEncID) for table in tables]
    if symbolic and len(kinds) != 1 and (3, 0) not in kinds:
        yield "a symbolic font with several cmaps"
    if not symbolic and not set(kinds) & {(3, 1), (1, 0)}:
        yield "no cmap to look characters up in"


@rule("6.2.11.8")
def nothing_undefined_is_shown(file: File) -> Said:
    """No code leads to .notdef, in whatever mode."""
    for font, code, glyph in _glyphs(file):
        if glyph == 0:
            yield font.where, f"code {code:04X} shows .notdef"
