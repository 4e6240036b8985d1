"""Prepared glyphs: the fonts strung together from them are the fonts that they came from."""

import hashlib
import io
import json
import re
import zlib
from functools import cache
from pathlib import Path
from random import Random

import pytest
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.ttLib import TTFont

from pdf_templates.catalogue import render
from pdf_templates.facts import to_json
from pdf_templates.file.glyphs import MADE_AT, MAGIC, GlyphFile, _column, opened
from pdf_templates.file.outlines import polygons
from pdf_templates.fonts.checksums import path_of, table
from pdf_templates.fonts.prepare import prepared
from pdf_templates.setting.faces import STANDARD
from tests.golden import example_documents as examples
from tests.unit.own_fonts import make_font

FACES = table()["face"]
QUICK = "hei"
"""The smallest face: what takes a second a thousand glyphs is done with it in every run."""
ALL = [QUICK, *(pytest.param(name, marks=pytest.mark.long) for name in FACES if name != QUICK)]
NOT_EMBEDDED = {"OS/2", "cmap", "name", "post"}
"""What a font in a PDF need not have: its codes are glyph numbers."""


@cache
def _source(name: str) -> TTFont:
    return TTFont(io.BytesIO(path_of(FACES[name], "woff2").read_bytes()))


def _strict(raw: bytes) -> TTFont:
    """Open a TrueType file as a strict reader does: every checksum, every table, every glyph."""
    font = TTFont(io.BytesIO(raw), checkChecksums=2)  # 2: raises where one is wrong
    words = [raw[at : at + 4].ljust(4, b"\0") for at in range(0, len(raw), 4)]
    assert sum(int.from_bytes(word, "big") for word in words) % 2**32 == 0xB1B0AFBA
    font.ensureDecompiled()
    count = font["maxp"].numGlyphs
    assert len(font["loca"].locations) == count + 1
    assert list(font["loca"].locations) == sorted(font["loca"].locations)
    assert font["loca"].locations[-1] == len(font.reader["glyf"])
    assert font["hhea"].numberOfHMetrics == len(font["hmtx"].metrics) == count
    assert font["head"].indexToLocFormat == 1
    assert font["head"].created == font["head"].modified == MADE_AT
    assert font["hhea"].advanceWidthMax >= max(width for width, _ in font["hmtx"].metrics.values())
    for name in font.getGlyphOrder():
        glyph = font["glyf"][name]
        glyph.expand(font["glyf"])
        if glyph.numberOfContours:
            assert not glyph.isComposite()
            assert len(glyph.coordinates) <= font["maxp"].maxPoints
            assert glyph.numberOfContours <= font["maxp"].maxContours
            assert font["head"].xMin <= glyph.xMin <= glyph.xMax <= font["head"].xMax
            assert font["head"].yMin <= glyph.yMin <= glyph.yMax <= font["head"].yMax
    return font


def _inflated(glyphs: GlyphFile, points: list[int]) -> TTFont:
    content, size = glyphs.font([0, *map(glyphs.place, points)])
    raw = zlib.decompress(content)
    assert len(raw) == size
    return _strict(raw)


@pytest.fixture(scope="module")
def small_file(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return prepared(make_font(tmp_path_factory.mktemp("small") / "small.ttf", "云湾区"))


@pytest.mark.parametrize("name", ALL)
def test_a_font_has_the_outlines_and_widths_of_its_source(name: str) -> None:
    glyphs = STANDARD.face(name).glyphs
    points = Random(name).sample(list(glyphs.points)[1:], 60)
    made = _inflated(glyphs, points)
    source = _source(name)
    before, names = source.getGlyphSet(), source.getBestCmap()
    after = made.getGlyphSet()
    for number, point in enumerate(points, start=1):
        drawn, wanted = DecomposingRecordingPen(after), DecomposingRecordingPen(before)
        one = made.getGlyphName(number)
        after[one].draw(drawn)
        before[names[point]].draw(wanted)

        assert drawn.value == wanted.value
        assert made["hmtx"][one] == source["hmtx"][names[point]]


@pytest.mark.long
@pytest.mark.parametrize("name", ALL)
def test_the_woff2_source_gives_the_glyphs_that_ship(name: str) -> None:
    again = GlyphFile(prepared(path_of(FACES[name], "woff2")))
    shipped = opened(path_of(FACES[name], "glyphs"))

    assert list(again.points) == [0, *sorted(_source(name).getBestCmap())]
    for place in range(len(shipped.points)):
        assert again.outline(place) == shipped.outline(place)
    same = "sha256"  # of the deflated form
    assert {k: v for k, v in again.about.items() if k != same} == {
        k: v for k, v in shipped.about.items() if k != same
    }
    if "ng" not in zlib.ZLIB_RUNTIME_VERSION:  # zlib-ng deflates to other bytes
        assert again.about == shipped.about
        assert again.sha256 == shipped.sha256


@pytest.mark.parametrize("name", FACES)
def test_a_prepared_file_has_the_hash_that_it_says(name: str) -> None:
    opened(path_of(FACES[name], "glyphs")).check()


def test_a_damaged_or_cut_file_is_found() -> None:
    content = bytearray(path_of(FACES[QUICK], "glyphs").read_bytes())
    content[-1000] ^= 1

    with pytest.raises(ValueError, match="damaged"):
        GlyphFile(bytes(content)).check()
    with pytest.raises(ValueError, match="cut off"):
        GlyphFile(bytes(content[:-1]))


def test_a_file_cut_anywhere_is_refused_when_it_is_opened(small_file: bytes) -> None:
    shipped = path_of(FACES[QUICK], "glyphs").read_bytes()
    chance = Random(2026)
    cuts = [400, 2_000, 50_000, *(chance.randrange(len(shipped)) for _ in range(300))]

    for content in [small_file[:cut] for cut in range(len(small_file))] + [
        shipped[:cut] for cut in cuts
    ]:
        with pytest.raises(ValueError, match="prepared glyphs"):
            GlyphFile(content)


@pytest.mark.parametrize("seed", range(400))
def test_a_damaged_file_is_refused_or_sets_text_and_never_a_crash(
    seed: int, small_file: bytes
) -> None:
    chance, content = Random(seed), bytearray(small_file)
    behind = small_file.index(b"}") + 1  # the description: no hash holds it
    first, last = (0, behind) if seed % 2 else (behind, len(content))
    for _ in range(chance.choice((1, 1, 1, 8))):
        content[chance.randrange(first, last)] ^= chance.randrange(1, 256)

    try:
        glyphs = GlyphFile(bytes(content))
        glyphs.check()
    except ValueError:
        return
    assert bytes(content[behind:]) == small_file[behind:]
    glyphs.font([0, glyphs.place(ord("云"))])
    glyphs.widths([1])


@pytest.mark.parametrize(
    "said",
    [b"[]", b"1", b"{}", b"[" * 99_999, b"\xff", b"", b'{"count": 1e999}', b'{"count": [1]}'],
)
def test_a_description_of_another_kind_is_refused(said: bytes) -> None:
    with pytest.raises(ValueError, match="damaged description"):
        GlyphFile(MAGIC + len(said).to_bytes(4, "little") + said + bytes(900))


@pytest.mark.parametrize(
    ("key", "value"),
    [("em", 0), ("em", "1000"), ("count", 0), ("box", [0, 0, 1]), ("most", [70_000, 1]),
     ("version", "x"), ("name", "A B"), ("sha256", None), ("ascent", 1.5)],
)  # fmt: skip
def test_a_figure_that_no_font_can_have_is_refused(
    key: str, value: object, small_file: bytes
) -> None:
    start, end = small_file.index(b"{"), small_file.index(b"}") + 1
    said = json.dumps(json.loads(small_file[start:end]) | {key: value}).encode()

    with pytest.raises(ValueError, match="damaged description"):
        GlyphFile(MAGIC + len(said).to_bytes(4, "little") + said + small_file[end:])


def test_a_font_of_thousands_of_glyphs_is_sound() -> None:
    glyphs = STANDARD.face("fang").glyphs
    made = _inflated(glyphs, list(glyphs.points)[1:3001])

    assert made["maxp"].numGlyphs == 3001


def test_every_font_in_a_document_opens_in_a_strict_reader() -> None:
    content = render("rectification_order", to_json(examples.ORDER))
    files = re.findall(rb"/FlateDecode /Length1 (\d+) /Length (\d+) >>\nstream\n", content)
    found = re.finditer(rb"/Length1 \d+ /Length \d+ >>\nstream\n", content)

    assert len(files) >= 3
    for (inflated, length), place in zip(files, found, strict=True):
        raw = zlib.decompress(content[place.end() : place.end() + int(length)])
        assert len(raw) == int(inflated)
        assert set(_strict(raw).keys()) - {"GlyphOrder"} == {
            "head", "hhea", "hmtx", "loca", "maxp", "glyf",
        }  # fmt: skip


def test_each_subset_in_a_document_bears_its_own_tag() -> None:
    order = render("rectification_order", to_json(examples.ORDER))
    record = render("inspection_record", to_json(examples.RECORD))
    names = [set(re.findall(rb"/FontName /([A-Z]{6}\+\S+)", one)) for one in (order, record)]

    assert all(len(found) >= 3 for found in names)
    assert not names[0] & names[1]


def test_a_character_stands_where_its_code_point_says() -> None:
    glyphs = STANDARD.face("song").glyphs

    assert glyphs.points[glyphs.place(ord("云"))] == ord("云")
    assert glyphs.place(0) == glyphs.place(0x10FFFF) == glyphs.place(0x3400) == 0


def test_an_outline_as_polygons_has_the_area_of_its_ink_and_turns_its_counters_round() -> None:
    glyphs = STANDARD.face("song").glyphs
    square, ring = (polygons(glyphs.outline(glyphs.place(ord(char)))) for char in "■○")

    assert len(square) == 1
    assert abs(_area(square[0])) == _width(square[0]) ** 2
    assert len(ring) == 2
    assert abs(_area(ring[0])) > abs(_area(ring[1]))
    assert _area(ring[0]) * _area(ring[1]) < 0
    assert polygons(glyphs.outline(glyphs.place(ord(" ")))) == []


def _width(polygon: list[tuple[float, float]]) -> float:
    return max(x for x, _ in polygon) - min(x for x, _ in polygon)


def _area(polygon: list[tuple[float, float]]) -> float:
    pairs = zip(polygon, [*polygon[1:], polygon[0]], strict=True)
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairs) / 2


def test_what_is_no_file_of_glyphs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="prepared glyphs"):
        GlyphFile(b"\0\1\0\0 a TrueType font")
    empty = tmp_path / "empty.glyphs"
    empty.write_bytes(b"")
    with pytest.raises(ValueError, match="prepared glyphs"):
        opened(empty)


def test_without_memory_mapping_the_file_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*args: object, **options: object) -> None:
        raise OSError("no mapping here")

    path = path_of(FACES[QUICK], "glyphs")
    mapped = opened(path).font([0, 5, 9])
    monkeypatch.setattr("pdf_templates.file.glyphs.mmap", refuses)

    assert opened(path).font([0, 5, 9]) == mapped


def test_a_big_endian_machine_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    part = memoryview((0x01020304).to_bytes(4, "little"))

    assert list(_column(part, "I")) == [0x01020304]
    monkeypatch.setattr("sys.byteorder", "big")
    assert list(_column(part, "I")) == [0x04030201]  # as seen here: turned round


def test_nothing_of_a_prepared_font_depends_on_the_day() -> None:
    first, again = (STANDARD.face("song").glyphs.font([0, 5, 9]) for _ in range(2))

    assert hashlib.sha256(first[0]).digest() == hashlib.sha256(again[0]).digest()
