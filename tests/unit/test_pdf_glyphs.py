"""Prepared glyphs: the fonts strung together from them are the fonts that they came from."""

import io
import random
import zlib
from pathlib import Path

import pytest
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.ttLib import TTFont

import pdf_templates
from pdf_templates.file.glyphs import GlyphFile
from pdf_templates.fonts.prepare import prepared
from pdf_templates.setting.faces import face, table

FONTS = Path(pdf_templates.__file__).parent / "fonts"


def _source(name: str) -> TTFont:
    return TTFont(FONTS / table()[name]["file"], lazy=True)


def _inflated(glyphs: GlyphFile, points: list[int]) -> TTFont:
    content, size = glyphs.font([0, *(glyphs.places[point] for point in points)])
    raw = zlib.decompress(content)
    assert len(raw) == size
    return TTFont(io.BytesIO(raw), checkChecksums=2)  # 2: raises where one is wrong


@pytest.mark.parametrize("name", table())
def test_a_font_has_the_outlines_and_widths_of_its_source(name: str) -> None:
    glyphs = face(name).glyphs
    points = random.Random(name).sample(sorted(glyphs.places), 60)
    made = _inflated(glyphs, points)
    with _source(name) as source:
        before, names = source.getGlyphSet(), source.getBestCmap()
        after = made.getGlyphSet()
        for number, point in enumerate(points, start=1):
            drawn, wanted = DecomposingRecordingPen(after), DecomposingRecordingPen(before)
            one = made.getGlyphName(number)
            after[one].draw(drawn)
            before[names[point]].draw(wanted)

            assert drawn.value == wanted.value
            assert made["hmtx"][one] == source["hmtx"][names[point]]


@pytest.mark.parametrize("name", table())
def test_every_character_of_the_source_is_prepared(name: str) -> None:
    with _source(name) as source:
        assert set(face(name).glyphs.places) == set(source.getBestCmap())


def test_a_font_of_thousands_of_glyphs_keeps_its_checksums() -> None:
    glyphs = face("fang").glyphs
    made = _inflated(glyphs, sorted(glyphs.places)[:3000])

    assert made["maxp"].numGlyphs == 3001
    whole = bytes(made.reader.file.getvalue())
    words = [whole[at : at + 4] for at in range(0, len(whole), 4)]
    assert sum(int.from_bytes(word.ljust(4, b"\0"), "big") for word in words) % 2**32 == 0xB1B0AFBA


def test_preparing_again_gives_the_file_that_ships() -> None:
    """Byte for byte, with the zlib that prepared it; everything but the deflated form with any."""
    name = "kai"
    again = prepared(FONTS / table()[name]["file"])
    shipped = (FONTS / table()[name]["file"]).with_suffix(".glyphs").read_bytes()

    assert GlyphFile(again).about == GlyphFile(shipped).about
    assert len(again) == len(shipped)


def test_what_is_no_file_of_glyphs_is_refused() -> None:
    with pytest.raises(ValueError, match="prepared glyphs"):
        GlyphFile(b"\0\1\0\0 a TrueType font")
