"""Files whose fonts are broken."""

import io

import pikepdf
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable
from pikepdf import Array, Dictionary, Name, Stream

from tests.pdfa.broken import objects_broken


def _font(pdf: pikepdf.Pdf) -> pikepdf.Object:
    """Return the font in which the page shows its first text."""
    shown = [str(step.operands[0]) for step in pikepdf.parse_content_stream(pdf.pages[0])
             if str(step.operator) == "Tf"]  # fmt: skip
    return pdf.pages[0].obj.Resources.Font[shown[0]]


def _cid(pdf: pikepdf.Pdf) -> pikepdf.Object:
    return _font(pdf).DescendantFonts[0]


def _described(pdf: pikepdf.Pdf) -> pikepdf.Object:
    return _cid(pdf).FontDescriptor


def _shown_too(pdf: pikepdf.Pdf, said: bytes) -> None:
    name = next(k for k, one in pdf.pages[0].obj.Resources.Font.items() if one == _font(pdf))
    code = b"BT %s 9 Tf %s Tj ET" % (name.encode(), said)
    pdf.pages[0].contents_add(Stream(pdf, code), prepend=False)


def _meaning(pdf: pikepdf.Pdf, old: bytes, new: bytes) -> None:
    held = _font(pdf).ToUnicode
    said = held.read_bytes()
    assert old in said, old
    held.write(said.replace(old, new, 1))


def _first_row(pdf: pikepdf.Pdf) -> bytes:
    return next(r for r in _font(pdf).ToUnicode.read_bytes().split(b"\n") if r[:6] == b"<0001>")


@objects_broken("6.2.11.2", "fonts_are_of_known_kinds")
def a_font_of_a_new_kind(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Extra = pdf.make_indirect(
        Dictionary(Type=Name.Font, Subtype=Name.Type9, BaseFont=Name.Nine)
    )


@objects_broken("6.2.11.2", "fonts_are_of_known_kinds")
def a_font_without_a_name(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Extra = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.CIDFontType0))


@objects_broken("6.2.11.2", "descriptors_are_complete")
def a_descriptor_without_flags_of_weight(pdf: pikepdf.Pdf) -> None:
    del _described(pdf)["/StemV"]


@objects_broken("6.2.11.2", "descriptors_are_complete")
def a_descriptor_of_another_name(pdf: pikepdf.Pdf) -> None:
    _described(pdf).FontName = Name("/AAAAAZ+Other")


@objects_broken("6.2.11.2", "programs_are_of_known_formats")
def a_program_that_is_shorter_than_it_says(pdf: pikepdf.Pdf) -> None:
    _described(pdf).FontFile2.Length1 = 99


@objects_broken("6.2.11.2", "programs_are_of_known_formats")
def a_program_that_cannot_be_read(pdf: pikepdf.Pdf) -> None:
    _described(pdf).FontFile2 = pdf.make_indirect(Stream(pdf, b"nothing", Length1=7))


@objects_broken("6.2.11.2", "programs_are_of_known_formats")
def a_program_without_widths(pdf: pikepdf.Pdf) -> None:
    def drop(program: TTFont) -> None:
        del program["hhea"]

    _reprogrammed(pdf, drop)


def _reprogrammed(pdf: pikepdf.Pdf, change) -> None:  # type: ignore[no-untyped-def]
    stream = _described(pdf).FontFile2
    program = TTFont(io.BytesIO(stream.read_bytes()))
    change(program)
    out = io.BytesIO()
    program.save(out)
    stream.write(out.getvalue())
    stream.Length1 = len(out.getvalue())


@objects_broken("6.2.11.3.1", "composite_fonts_hang_together")
def two_cid_fonts(pdf: pikepdf.Pdf) -> None:
    _font(pdf).DescendantFonts.append(_cid(pdf))


@objects_broken("6.2.11.3.1", "composite_fonts_hang_together")
def no_character_collection(pdf: pikepdf.Pdf) -> None:
    del _cid(pdf)["/CIDSystemInfo"]


@objects_broken("6.2.11.3.2", "cids_lead_to_glyphs")
def no_map_to_glyphs(pdf: pikepdf.Pdf) -> None:
    del _cid(pdf)["/CIDToGIDMap"]


@objects_broken("6.2.11.3.3", "encodings_are_here_or_identity")
def an_encoding_that_is_elsewhere(pdf: pikepdf.Pdf) -> None:
    _font(pdf).Encoding = Name("/UniGB-UTF16-H")


@objects_broken("6.2.11.4.1", "fonts_are_embedded")
def a_font_that_is_not_embedded(pdf: pikepdf.Pdf) -> None:
    del _described(pdf)["/FontFile2"]


@objects_broken("6.2.11.4.1", "fonts_are_embedded")
def a_standard_font(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.Resources.Font.H = pdf.make_indirect(
        Dictionary(
            Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, FirstChar=65,
            LastChar=65, Widths=Array([667]), Encoding=Name.WinAnsiEncoding,
        )
    )  # fmt: skip
    pdf.pages[0].contents_add(Stream(pdf, b"BT /H 9 Tf (A) Tj ET"), prepend=False)


@objects_broken("6.2.11.4.1", "glyphs_are_there")
def a_code_beyond_the_last_glyph(pdf: pikepdf.Pdf) -> None:
    _shown_too(pdf, b"<0FFF>")


@objects_broken("6.2.11.4.2", "cid_sets_list_all_glyphs")
def a_cid_set_that_lacks_glyphs(pdf: pikepdf.Pdf) -> None:
    _described(pdf).CIDSet = pdf.make_indirect(Stream(pdf, b"\xc0"))


@objects_broken("6.2.11.4.2", "subsets_are_tagged")
def a_subset_without_a_tag(pdf: pikepdf.Pdf) -> None:
    for one, key in (
        (_font(pdf), "/BaseFont"),
        (_cid(pdf), "/BaseFont"),
        (_described(pdf), "/FontName"),
    ):
        one[key] = Name("/InspectFang")


@objects_broken("6.2.11.5", "widths_are_the_programs")
def a_width_that_is_too_large(pdf: pikepdf.Pdf) -> None:
    _cid(pdf).W[1][0] = 1002


@objects_broken("6.2.11.5", "widths_are_the_programs")
def widths_that_end_in_the_middle(pdf: pikepdf.Pdf) -> None:
    _cid(pdf).W = Array([1, 2])


def _simple(pdf: pikepdf.Pdf, width: int = 1000, flags: int = 4, **entries: pikepdf.Object) -> None:
    """Show one character in a simple TrueType font made of the first font's program."""
    stream = _described(pdf).FontFile2
    program = TTFont(io.BytesIO(stream.read_bytes()))
    table = CmapSubtable.newSubtable(4)
    table.platformID, table.platEncID, table.language = (3, 0, 0) if flags == 4 else (3, 1, 0)
    table.cmap = {0xF041 if flags == 4 else 0x41: program.getGlyphOrder()[1]}
    program["cmap"] = newTable("cmap")
    program["cmap"].tableVersion, program["cmap"].tables = 0, [table]
    out = io.BytesIO()
    program.save(out)
    described = Dictionary(_described(pdf))
    described.FontFile2 = pdf.make_indirect(
        Stream(pdf, out.getvalue(), Length1=len(out.getvalue()))
    )
    described.FontName, described.Flags = Name("/AAAAAS+Simple"), flags
    meant = b"begincodespacerange 1 beginbfchar <41> <4E91> endbfchar end"
    font = Dictionary(
        Type=Name.Font, Subtype=Name.TrueType, BaseFont=Name("/AAAAAS+Simple"), FirstChar=65,
        LastChar=65, Widths=Array([width]), FontDescriptor=pdf.make_indirect(described),
        ToUnicode=pdf.make_indirect(Stream(pdf, meant)), **entries,
    )  # fmt: skip
    pdf.pages[0].obj.Resources.Font.S = pdf.make_indirect(font)
    pdf.pages[0].contents_add(Stream(pdf, b"BT /S 9 Tf (A) Tj ET"), prepend=False)


def a_sound_simple_font(pdf: pikepdf.Pdf) -> None:
    """Break nothing: what the mutations of simple fonts begin with."""
    _simple(pdf)


@objects_broken("6.2.11.5", "simple_widths_are_the_programs")
def a_simple_width_that_is_too_large(pdf: pikepdf.Pdf) -> None:
    _simple(pdf, width=1100)


@objects_broken("6.2.11.6", "symbolic_or_not")
def a_symbolic_font_with_an_encoding(pdf: pikepdf.Pdf) -> None:
    _simple(pdf, Encoding=Name.WinAnsiEncoding)


@objects_broken("6.2.11.6", "symbolic_or_not")
def a_plain_font_without_an_encoding(pdf: pikepdf.Pdf) -> None:
    _simple(pdf, flags=32)


@objects_broken("6.2.11.6", "symbolic_or_not")
def a_font_that_is_both(pdf: pikepdf.Pdf) -> None:
    _described(pdf).Flags = 4 | 32


@objects_broken("6.2.11.7.2", "every_code_means_something")
def no_map_to_unicode(pdf: pikepdf.Pdf) -> None:
    del _font(pdf)["/ToUnicode"]


@objects_broken("6.2.11.7.2", "every_code_means_something")
def a_code_that_means_nothing(pdf: pikepdf.Pdf) -> None:
    row = _first_row(pdf)
    _meaning(pdf, row, row.replace(b"<0001>", b"<7FFF>"))


@objects_broken("6.2.11.7.2", "no_code_means_what_is_no_text")
def a_code_that_means_zero(pdf: pikepdf.Pdf) -> None:
    _meaning(pdf, _first_row(pdf), b"<0001> <0000>")


@objects_broken("6.2.11.7.2", "no_code_means_what_is_no_text")
def a_code_that_means_a_byte_order_mark(pdf: pikepdf.Pdf) -> None:
    _meaning(pdf, _first_row(pdf), b"<0001> <FEFF>")


@objects_broken("6.2.11.7.2", "no_code_means_what_is_no_text")
def a_code_that_means_a_private_character(pdf: pikepdf.Pdf) -> None:
    _meaning(pdf, _first_row(pdf), b"<0001> <E001>")


@objects_broken("6.2.11.7.2", "maps_are_written_by_the_book")
def a_map_with_a_wrong_count(pdf: pikepdf.Pdf) -> None:
    _meaning(pdf, _first_row(pdf) + b"\n", _first_row(pdf) + b"\n<7FFF> <4E91>\n")


@objects_broken("6.2.11.7.2", "maps_are_written_by_the_book")
def a_map_that_does_not_end(pdf: pikepdf.Pdf) -> None:
    _meaning(pdf, b"endcmap", b"")
    held = _font(pdf).ToUnicode
    held.write(held.read_bytes().rpartition(b"end\nend")[0])


@objects_broken("6.2.11.8", "nothing_undefined_is_shown")
def a_glyph_that_is_notdef(pdf: pikepdf.Pdf) -> None:
    _shown_too(pdf, b"<0000>")
    row = _first_row(pdf)
    _meaning(pdf, row, row.replace(b"<0001>", b"<0000>") + b"\n" + row)
