"""The faces that ship: whole, licensed, embedded, and enough for names as people bear them."""

import hashlib
import io
import tomllib
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

import pdf_templates
from pdf_templates.errors import MissingGlyph
from pdf_templates.file.outlines import polygons
from pdf_templates.fonts import checksums
from pdf_templates.fonts.checksums import path_of, table
from pdf_templates.setting.faces import CHAINS, LATIN_CHAINS, SHIPPED, STANDARD, drawn
from pdf_templates.setting.lines import Span, break_lines

FONTS = Path(pdf_templates.__file__).parent / "fonts"
STANDARD_TABLE = Path(__file__).parents[1] / "vectors" / "standard_characters.txt"
COPYING_SHA256 = "853b586f0d520493390e571431afaf36a5fbb27dcfd239338a7ee9b0505cb004"
RESERVED = ("noto", "source", "lxgw", "霞鹜", "klee", "fandol")
FACES = table()["face"]
NAMES = "喆堃玥珺翀祎赟旻瑄"
FOUND_AT_WORK = (
    "₀₁₂₃₄₅₆₇₈₉₊₋⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ−€£￥≥≤≈≠≪≫±∓℃℉°′″‴ΩμµφΦØ⌀αβγλΔ×÷√∑∅∞→←↑↓↔⇒①⑳Ⅰ㈠№‰‱½⅓⅔¼¾‖‑–—―﹏…"
    "•■□▲△▶◀●○◆★☆※〇✓✗☑☐☒™©®℅㎡㎥㎜㎝㎞㎎㎏㎍㎖㎗㎘㏄㎐㎑㎒㎓㎩㎪㎫㎾㎿㎸㎶㎀㎂㎃，：；！？～（）［］｛｝"
)
"""Signs of findings: concentrations, temperatures, sizes, ticks, items, units."""


def standard_characters() -> str:
    """通用规范汉字表: 8,105 characters."""
    lines = STANDARD_TABLE.read_text("utf-8").splitlines()
    return "".join(line for line in lines if not line.startswith("#"))


@pytest.mark.parametrize("form", ["woff2", "glyphs"])
@pytest.mark.parametrize("name", FACES)
def test_a_font_file_is_the_one_that_was_built(name: str, form: str) -> None:
    row = FACES[name]

    content = path_of(row, form).read_bytes()

    assert len(content) == row[form]["size"]
    assert hashlib.sha256(content).hexdigest() == row[form]["sha256"]


@pytest.mark.parametrize("name", FACES)
def test_a_subset_bears_a_name_of_its_own_and_its_licence(name: str) -> None:
    with TTFont(io.BytesIO(path_of(FACES[name], "woff2").read_bytes()), lazy=True) as font:
        names = [str(font["name"].getDebugName(number)).lower() for number in (1, 4, 6)]
        licence, rights = font["name"].getDebugName(13), font["name"].getDebugName(0)

    assert not [word for word in RESERVED for text in names if word in text]
    assert "License" in licence
    assert rights == FACES[name]["copyright"]


@pytest.mark.parametrize("name", FACES)
def test_what_documents_call_a_face_is_its_own_name(name: str) -> None:
    about = STANDARD.face(name).glyphs.about

    assert about["name"] == FACES[name]["family"].replace(" ", "")


def test_every_face_of_a_chain_ships_and_has_a_licence_text() -> None:
    in_chains = {name for chain in (*CHAINS.values(), *LATIN_CHAINS.values()) for name in chain}
    texts = [*(FONTS / "licences").iterdir(), FONTS / "fandol" / "LICENCE.txt"]
    said = "\n".join(path.read_text("utf-8") for path in texts)

    assert in_chains == set(SHIPPED) == set(FACES)
    assert {name: f"{row['file']}.glyphs" for name, row in FACES.items()} == SHIPPED
    for row in FACES.values():
        assert f'"{row["family"]}"' in said


def test_the_subsets_of_the_five_styles_take_less_than_ten_megabytes() -> None:
    styles = {chain[0] for chain in CHAINS.values()}

    assert len(styles) == 5
    assert sum(FACES[name]["woff2"]["size"] for name in styles) < 10_000_000


def test_no_font_lies_there_that_faces_toml_does_not_name() -> None:
    named = {path_of(row, form) for row in FACES.values() for form in ("woff2", "glyphs")}
    kinds = {".ttf", ".otf", ".ttc", ".woff", ".woff2", ".glyphs"}

    assert {path for path in FONTS.rglob("*") if path.suffix in kinds} == named


def test_the_fandol_font_brings_licence_and_exception_as_its_team_published_them() -> None:
    # CTAN fonts/fandol/COPYING: the GPL, version 3, and below it the font exception.
    text = (FONTS / "fandol" / "COPYING").read_bytes()

    assert hashlib.sha256(text).hexdigest() == COPYING_SHA256
    assert b"if you create a document which uses this font" in text
    assert b"GPL + GPL font exception" in (FONTS / "fandol" / "README").read_bytes()


@pytest.mark.parametrize("style", CHAINS)
def test_the_whole_standard_table_is_covered_in_every_style(style: str) -> None:
    characters = standard_characters()
    beyond = [char for char in characters if ord(char) > 0xFFFF]

    assert len(set(characters)) == 8105
    assert len(beyond) > 150
    assert set(NAMES) <= set(characters)
    known = STANDARD.drawn(style)  # type: ignore[arg-type]  # a key of CHAINS
    assert [char for char in characters if not known[char]] == []


@pytest.mark.parametrize("style", CHAINS)
def test_every_character_of_gb2312_and_gbk_is_covered_in_every_style(style: str) -> None:
    known = STANDARD.drawn(style)  # type: ignore[arg-type]  # a key of CHAINS
    for lead in range(0x81, 0xFE):
        for trail in range(0x40, 0xFF):
            char = bytes([lead, trail]).decode("gbk", "replace")
            if len(char) == 1 and char != "\ufffd" and not 0xE000 <= ord(char) < 0xF900:
                assert known[char]


@pytest.mark.parametrize("style", CHAINS)
def test_signs_of_findings_are_covered_in_every_style(style: str) -> None:
    numbered = "".join(chr(0x2460 + n) + chr(0x2474 + n) + chr(0x2488 + n) for n in range(20))
    roman = "".join(chr(0x2160 + n) for n in range(12)) + "ⅰⅱⅲⅳⅴⅵⅶⅷⅸⅹ"
    full_width = "".join(chr(0xFF01 + n) for n in range(94))
    known = STANDARD.drawn(style)  # type: ignore[arg-type]  # a key of CHAINS

    for char in FOUND_AT_WORK + numbered + roman + full_width + "㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩":
        assert known[char]


def test_subscripts_and_signs_beside_figures_are_of_the_face_of_the_figures() -> None:
    for style, face in (("body", "song"), ("song", "song"), ("title", "song_bold"), ("hei", "hei")):
        known = STANDARD.drawn(style)  # type: ignore[arg-type]  # a key of CHAINS
        assert {known[char][0] for char in "25₂₅²⁵⁰−€㎖"} == {face}


def test_a_subscript_stands_lower_and_is_smaller_than_its_figure() -> None:
    for name in ("song", "song_bold", "hei"):
        glyphs = STANDARD.face(name).glyphs
        low, high, usual = (
            [y for one in polygons(glyphs.outline(glyphs.place(ord(c)))) for _, y in one]
            for c in "₅⁵5"
        )
        assert min(low) < -100 < min(usual)
        assert max(high) > max(usual) > 1.5 * max(low)


def test_hei_and_kai_draw_the_whole_standard_table_by_themselves() -> None:
    for char in standard_characters():
        assert STANDARD.drawn("hei")[char][0] == "hei"
        assert STANDARD.drawn("kai")[char][0] == "kai"


def test_what_fangsong_lacks_is_drawn_by_kai() -> None:
    lacking = [c for c in standard_characters() if STANDARD.drawn("body")[c][0] != "fang"]

    assert {STANDARD.drawn("body")[char][0] for char in lacking} == {"kai"}
    assert len(lacking) == 1467
    assert set(NAMES) <= set(lacking)


def test_fangsong_and_the_kai_that_fills_its_gaps_stand_on_one_line() -> None:
    middles = []
    for name in ("fang", "kai"):
        glyphs = STANDARD.face(name).glyphs
        edges = []
        for char in "国圆固田回目困因园图团同周网用由甲申曲西里量":
            heights = [
                y for one in polygons(glyphs.outline(glyphs.place(ord(char)))) for _, y in one
            ]
            edges.append((max(heights) + min(heights)) / 2)
        middles.append(sum(edges) / len(edges))

    assert abs(middles[0] - middles[1]) < 20  # thousandths of the em


def test_figures_and_letters_of_body_and_kai_come_from_song() -> None:
    for char in "0123456789ABCxyz%(":
        assert drawn("body")[char][0] == drawn("kai")[char][0] == "song"
        assert drawn("hei")[char][0] == "hei"


@pytest.mark.parametrize("style", CHAINS)
def test_a_character_that_no_face_has_is_an_error_in_every_style(style: str) -> None:
    with pytest.raises(MissingGlyph) as caught:
        break_lines([Span("张\U0003134a", style, field="姓名")], 16, 400)  # type: ignore[arg-type]

    assert "姓名" in str(caught.value)
    assert "\U0003134a" in str(caught.value)
    assert "U+3134A" in str(caught.value)


def test_a_rebuilt_face_is_noted_with_its_size_and_hash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = checksums.TABLE.read_text("utf-8")
    (tmp_path / "faces.toml").write_text(before, "utf-8")
    monkeypatch.setattr(checksums, "HERE", tmp_path)
    monkeypatch.setattr(checksums, "TABLE", tmp_path / "faces.toml")

    checksums.keep("kai", "woff2", b"another subset")
    noted = table()["face"]["kai"]["woff2"]
    (again,) = {n: r for n, r in table()["face"].items() if r != FACES[n]}

    assert noted == {"size": 14, "sha256": hashlib.sha256(b"another subset").hexdigest()}
    assert (tmp_path / "kai.woff2").read_bytes() == b"another subset"
    assert again == "kai"
    assert table()["source"] == tomllib.loads(before)["source"]


def test_sources_are_pinned_by_hash() -> None:
    assert all(len(row["sha256"]) == 64 for row in table()["source"].values())
    assert {row["from"] for row in FACES.values()} <= set(table()["source"])
