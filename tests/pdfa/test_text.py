"""What the pages say can be read back: every fact, by two programs, and as its glyphs look."""

import io
import zlib
from pathlib import Path

import pytest
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.ttLib import TTFont

from pdf_templates.fonts.checksums import table
from pdf_templates.setting.faces import face
from tests.pdfa.reading import File
from tests.pdfa.reading_fonts import fonts, to_unicode
from tests.pdfa.reading_text import by_pdfium, by_poppler, found, spoken, told
from tests.pdfa.sound import Example, examples
from tests.pdfa.unprinted import ALL_UNPRINTED


def unread(example: Example, text: str) -> set[str]:
    """Return the fields whose texts are not in a document's text, nor in what names its author."""
    said = text + example.facts.authority
    return {
        field
        for field, value in told(example.facts)
        if not any(found(way, said) for way in spoken(value))
    }


def undeclared(example: Example, text: str) -> set[str]:
    """Return those of them that no row of `unprinted` is about."""
    return {
        field
        for field in unread(example, text)
        if not any(row.covers(example.kind, field) for row in ALL_UNPRINTED)
    }


@pytest.mark.parametrize("example", examples(), ids=lambda one: one.name)
def test_every_fact_is_read_back_by_pdfium(example: Example) -> None:
    assert undeclared(example, by_pdfium(example.document())) == set()


def test_every_fact_is_read_back_by_poppler(tmp_path: Path) -> None:
    lost = {
        one.name: fields
        for one in examples()
        if one.name == one.kind
        if (fields := undeclared(one, by_poppler(one.document(), tmp_path)))
    }

    assert lost == {}


def test_a_fact_that_is_not_printed_is_noticed() -> None:
    one = next(one for one in examples() if one.name == "rectification_order")
    text = by_pdfium(one.document())

    assert "enterprise.name" in unread(one, text.replace("恒茂木业制品", ""))
    assert not found("恒茂木业制品有限公司、云湾区粮库", text)


def test_what_is_declared_unprinted_is_so_in_an_example() -> None:
    """A row that nothing needs any more would hide what gets lost later."""
    missing = {
        (one.kind, field) for one in examples() for field in unread(one, by_pdfium(one.document()))
    }

    stale = [
        (row.fields, kind)
        for row in ALL_UNPRINTED
        for kind in row.kinds or ("",)
        if not any(row.covers(of, field) and kind in ("", of) for of, field in missing)
    ]
    assert stale == []


def test_a_glyph_looks_like_the_character_that_it_is_read_as() -> None:
    one = next(one for one in examples() if one.name == "inspection_record_unusual")
    faces = {face(name).glyphs.about["name"]: face(name) for name in table()["face"]}
    compared = 0
    file = File(one.document())
    for font in fonts(file):
        meant = to_unicode(font.dictionary.ToUnicode.read_bytes())
        glyphs = faces[str(font.dictionary.BaseFont).partition("+")[2]].glyphs
        codes = sorted(font.codes)
        content, _ = glyphs.font([0, *(glyphs.place(ord(meant[code])) for code in codes)])
        expected = TTFont(io.BytesIO(zlib.decompress(content)))
        assert font.program is not None
        for place, code in enumerate(codes, start=1):
            assert _outline(font.program, code) == _outline(expected, place), meant[code]
            compared += 1

    assert compared > 300


def _outline(program: TTFont, glyph: int) -> list[object]:
    glyphs = program.getGlyphSet()
    pen = DecomposingRecordingPen(glyphs)
    glyphs[program.getGlyphOrder()[glyph]].draw(pen)
    return list(pen.value)
