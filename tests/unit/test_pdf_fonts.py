"""The faces that ship: whole, licensed, embedded, and enough for names as people bear them."""

import hashlib
import tomllib
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

import pdf_templates
from pdf_templates.setting.faces import CHAINS, drawn, table

FONTS = Path(pdf_templates.__file__).parent / "fonts"
COPYING_SHA256 = "853b586f0d520493390e571431afaf36a5fbb27dcfd239338a7ee9b0505cb004"
RESERVED = ("noto", "source", "lxgw", "霞鹜", "klee", "fandol")


@pytest.mark.parametrize("name", table())
def test_a_font_file_is_the_one_that_was_built(name: str) -> None:
    row = table()[name]

    content = (FONTS / row["file"]).read_bytes()

    assert len(content) == row["size"]
    assert hashlib.sha256(content).hexdigest() == row["sha256"]


@pytest.mark.parametrize("name", table())
def test_a_subset_bears_a_name_of_its_own_and_its_licence(name: str) -> None:
    with TTFont(FONTS / table()[name]["file"], lazy=True) as font:
        names = [str(font["name"].getDebugName(number)).lower() for number in (1, 4, 6)]
        licence = font["name"].getDebugName(13)

    assert not [word for word in RESERVED for text in names if word in text]
    assert "License" in licence


def test_every_face_of_a_chain_ships_and_has_a_licence_text() -> None:
    shipped = set(table())

    assert {name for chain in CHAINS.values() for name in chain} <= shipped
    assert {path.name for path in (FONTS / "licences").iterdir()} >= {
        "OFL-kai.txt",
        "OFL-song.txt",
    }


def test_the_fandol_font_brings_licence_and_exception_as_its_team_published_them() -> None:
    # CTAN fonts/fandol/COPYING: the GPL, version 3, and below it the font exception.
    text = (FONTS / "fandol" / "COPYING").read_bytes()

    assert hashlib.sha256(text).hexdigest() == COPYING_SHA256
    assert b"if you create a document which uses this font" in text
    assert b"GPL + GPL font exception" in (FONTS / "fandol" / "README").read_bytes()


def test_gb2312_is_covered_in_every_style() -> None:
    level_one_and_two = [
        bytes([lead, trail]).decode("gb2312")
        for lead in range(0xB0, 0xF8)
        for trail in range(0xA1, 0xFF)
        if not (lead == 0xD7 and trail > 0xF9)
    ]

    assert len(level_one_and_two) == 6763
    for char in level_one_and_two:
        for style in CHAINS:
            assert drawn(style)[char]


def test_characters_beyond_the_bmp_of_the_standard_table_are_covered() -> None:
    # 𫖯 𫍯 𫄨 𬬻 𬭊 𫟼: of level three of 通用规范汉字表, as they stand in personal names.
    for char in "𫖯𫍯𫄨𬬻𬭊𫟼":
        name, width = drawn("body")[char]

        assert (name, width) == ("kai", 1000.0)


def test_sources_are_pinned_by_hash() -> None:
    sources = tomllib.loads((FONTS / "faces.toml").read_text("utf-8"))["source"]

    assert all(len(row["sha256"]) == 64 for row in sources.values())
