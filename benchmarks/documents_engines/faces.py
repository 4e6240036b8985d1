"""The faces of the package as plain TrueType files, under names that no system font has."""

from pathlib import Path

from fontTools.subset import Subsetter
from fontTools.ttLib import TTFont

import pdf_templates

FONTS = Path(pdf_templates.__file__).parent / "fonts"
NAMES = {"fandol/fangsong": "Bench Fang", "song": "Bench Song", "song_bold": "Bench Title"}
FILES = {"fandol/fangsong": "fang.ttf", "song": "song.ttf", "song_bold": "song_bold.ttf"}
SUFFIXES = (".woff2", ".ttf")
LATIN_END = 0x2000
FAMILY, SUBFAMILY, FULL, POSTSCRIPT = 1, 2, 4, 6


def rebuild(folder: Path) -> None:
    """Write the faces from what the package was built from, and Latin of Song by itself."""
    for stem, family in NAMES.items():
        found = (FONTS / f"{stem}{suffix}" for suffix in SUFFIXES)
        with TTFont(next(path for path in found if path.exists())) as font:
            font.flavor = None
            names = font["name"]
            names.names = []
            said = {
                FAMILY: family,
                SUBFAMILY: "Regular",
                FULL: family,
                POSTSCRIPT: family.replace(" ", ""),
            }
            for number, text in said.items():
                names.setName(text, number, 3, 1, 0x409)
            font["OS/2"].usWeightClass = 400
            font.save(folder / FILES[stem])
    with TTFont(folder / FILES["song"]) as font:
        latin = Subsetter()
        latin.populate(unicodes=[*range(LATIN_END), 0x3000])
        latin.subset(font)
        font.save(folder / "song_latin.ttf")
