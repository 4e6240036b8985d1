"""A bureau's own fonts: prepared or refused, before the shipped ones, and never mixed up."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from random import Random
from threading import Barrier

import pytest
from fontTools.ttLib import TTCollection, TTFont

from pdf_templates.catalogue import render
from pdf_templates.errors import MissingGlyph, UnusableFont
from pdf_templates.facts import to_json
from pdf_templates.file.glyphs import GlyphFile, opened
from pdf_templates.file.outlines import polygons
from pdf_templates.fonts.checksums import path_of, table
from pdf_templates.fonts.prepare import prepared
from pdf_templates.setting.faces import CHAINS, STANDARD, Fonts, drawn, face, in_use, using
from pdf_templates.setting.lines import Span, break_lines
from tests.golden import example_documents as examples
from tests.unit.own_fonts import make_font, own_face

FACTS = to_json(examples.ORDER)
TEXT = "的云湾区企业安全生产"
NOWHERE = "\U0003134a"
"""A character of Extension G, which no shipped face has."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fonts")


@pytest.fixture(scope="module")
def own(folder: Path) -> Fonts:
    return Fonts({"body": own_face(folder, TEXT)})


def set_with(fonts: Fonts) -> bytes:
    with using(fonts):
        return render("rectification_order", FACTS)


@pytest.mark.parametrize("style", CHAINS)
def test_an_own_face_stands_before_the_shipped_one_of_its_style(style: str, folder: Path) -> None:
    fonts = Fonts({style: own_face(folder, TEXT)})  # type: ignore[dict-item]  # a key of CHAINS
    known = fonts.drawn(style)  # type: ignore[arg-type]

    assert {known[char][0][:4] for char in TEXT} == {"own-"}
    assert known["查"] == STANDARD.drawn(style)["查"]  # type: ignore[arg-type]


def test_what_an_own_face_lacks_falls_back_character_by_character(own: Fonts) -> None:
    with using(own):
        (line,) = break_lines([Span("的查的喆A")], 16, 400)

    assert [face[:4] for face in line.faces] == ["own-", "fang", "own-", "kai", "song"]


def test_figures_of_the_body_stay_songs_beside_an_own_fangsong(folder: Path) -> None:
    fonts = Fonts({"body": own_face(folder, "0123456789的")})

    assert {fonts.drawn("body")[char][0] for char in "0123456789"} == {"song"}


def test_a_character_that_only_an_own_face_has_is_printed(folder: Path) -> None:
    with pytest.raises(MissingGlyph):
        break_lines([Span(NOWHERE)], 16, 100)
    with using(Fonts({"song": own_face(folder, NOWHERE, side=650)})):
        assert drawn("body")[NOWHERE][0].startswith("own-")
        assert drawn("song")[NOWHERE][0].startswith("own-")


def test_two_sets_in_one_process_never_mix(folder: Path, own: Fonts) -> None:
    other = Fonts({"body": own_face(folder, TEXT, side=500)})
    wanted = {fonts: set_with(fonts) for fonts in (STANDARD, own, other)}
    jobs = [*wanted] * 6
    gate = Barrier(3)

    def made(fonts: Fonts) -> bytes:
        with using(fonts):
            gate.wait(30)  # all three are in use at once
            return render("rectification_order", FACTS)

    assert len(set(wanted.values())) == 3
    with ThreadPoolExecutor(3) as threads:
        assert [*threads.map(made, jobs)] == [wanted[fonts] for fonts in jobs]
    assert in_use() is STANDARD
    assert set_with(STANDARD) == wanted[STANDARD]


def test_a_line_set_with_other_fonts_finds_no_face(own: Fonts) -> None:
    with using(own):
        (line,) = break_lines([Span("的")], 16, 100)

    with pytest.raises(KeyError):
        face(line.faces[0])


def test_an_error_inside_leaves_the_fonts_as_they_were(own: Fonts) -> None:
    with pytest.raises(MissingGlyph), using(own):
        break_lines([Span(NOWHERE)], 16, 100)

    assert in_use() is STANDARD


def test_the_edition_names_the_set_and_nothing_else(folder: Path) -> None:
    first, again, other = (
        Fonts({"body": own_face(folder, TEXT, side=side)}) for side in (700, 700, 500)
    )
    as_song = Fonts({"song": own_face(folder, TEXT)})

    assert Fonts().edition() == STANDARD.edition()
    assert first.edition() == again.edition()
    assert set_with(first) == set_with(again)
    assert len({one.edition() for one in (STANDARD, first, other, as_song)}) == 4


@pytest.mark.parametrize(
    ("fs_type", "word"),
    [(2, "禁止嵌入"), (0x100, "取部分字形"), (0x104, "取部分字形"), (0x200, "点阵")],
)
def test_a_font_whose_licence_bits_forbid_embedding_is_refused(
    folder: Path, fs_type: int, word: str
) -> None:
    path = make_font(folder / "refused.ttf", "的", fs_type=fs_type)

    with pytest.raises(UnusableFont) as caught:
        prepared(path)

    assert word in str(caught.value)
    assert str(caught.value).startswith("字体文件 refused.ttf 不能用于文书")


@pytest.mark.parametrize("fs_type", [0, 4, 8, 6])
def test_a_font_that_may_be_embedded_is_prepared(folder: Path, fs_type: int) -> None:
    # 6: both bits, as in fonts before version 3 of OS/2: the least restrictive one holds.
    path = make_font(folder / "allowed.ttf", "的", fs_type=fs_type)

    assert GlyphFile(prepared(path)).place(ord("的"))


def test_cubic_outlines_become_quadratic(folder: Path) -> None:
    steps: list[int] = []
    glyphs = GlyphFile(prepared(make_font(folder / "cubic.otf", "的", cubic=True), steps.append))

    (square,) = polygons(glyphs.outline(glyphs.place(ord("的"))))
    assert sorted({*square}) == [(100, 0), (100, 700), (800, 0), (800, 700)]
    assert len(steps) == 3  # .notdef and 的 made quadratic, which takes longest; 的 prepared


def test_of_a_collection_the_first_font_is_prepared(folder: Path) -> None:
    collection = TTCollection()
    for number, text in enumerate(("云", "湾")):
        collection.fonts.append(TTFont(make_font(folder / f"{number}.ttf", text)))
    collection.save(folder / "two.ttc")

    glyphs = GlyphFile(prepared(folder / "two.ttc"))

    assert glyphs.place(ord("云"))
    assert not glyphs.place(ord("湾"))


def test_another_em_is_measured_in_thousandths(folder: Path) -> None:
    content = prepared(make_font(folder / "small.ttf", "的", em=256, side=100))
    fonts = Fonts({"body": GlyphFile(content)})

    assert fonts.drawn("body")["的"][1] == 1000.0


def test_a_document_in_an_own_font_embeds_it(own: Fonts) -> None:
    assert b"+OwnFang " in set_with(own)
    assert b"+OwnFang " not in set_with(STANDARD)


def test_woff2_without_its_decoder_is_refused_with_what_is_lacking(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("fontTools.ttLib.woff2.haveBrotli", False)

    with pytest.raises(UnusableFont, match="WOFF2 格式须另装 brotli"):
        prepared(path_of(table()["face"]["hei"], "woff2"))


def test_preparing_twice_gives_the_same_bytes(folder: Path) -> None:
    path = make_font(folder / "twice.ttf", TEXT)

    assert prepared(path) == prepared(path)


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_font_is_refused_and_never_a_crash(folder: Path, seed: int) -> None:
    chance = Random(seed)
    content = bytearray(make_font(folder / "whole.ttf", TEXT, cubic=seed % 2 == 1).read_bytes())
    if seed % 4 < 2:
        del content[chance.randrange(len(content)) :]
    else:
        for _ in range(30):
            content[chance.randrange(len(content))] = chance.randrange(256)
    path = folder / "damaged.ttf"
    path.write_bytes(content)

    with suppress(UnusableFont):  # some damage does not show
        GlyphFile(prepared(path)).check()


def test_a_shipped_file_is_a_face_like_any_other() -> None:
    row = table()["face"]["hei"]
    fonts = Fonts({"title": opened(path_of(row, "glyphs"))})

    assert fonts.drawn("title")["的"][0].startswith("own-")
