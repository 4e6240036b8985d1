"""
Rebuild the font files from their published packages; for developers, needs fontTools.

    python -m pdf_templates.fonts.build FOLDER

FOLDER holds the unpacked packages named in faces.toml (`npm pack`, `apt-get download` and
`dpkg -x`). Every source is checked against its SHA-256 before use and every result is written back
into faces.toml with its own, so that a rebuild that changes a byte shows in the diff.
"""

import bz2
import hashlib
import re
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable

HERE = Path(__file__).parent
PUNCTUATION = "·—‘’“”…‰′″※、。〃々〈〉《》「」『』【】〔〕〖〗！％（），－．／：；？［］＿～￥"
SYMBOLS = "§°±×÷μΩ·→←↑↓√∞≈≠≤≥∠⊥∥∑℃℉№㎡㎥㎜㎝㎞㎏㏑③□■○●◎△▲▽▼◇◆★☆♀♂♦•–²³¹⁰½¼¾"
MAXIMA = (
    "maxZones",
    "maxTwilightPoints",
    "maxStorage",
    "maxFunctionDefs",
    "maxInstructionDefs",
    "maxStackElements",
    "maxSizeOfInstructions",
    "maxComponentElements",
    "maxPoints",
    "maxContours",
    "maxCompositePoints",
    "maxCompositeContours",
    "maxComponentDepth",
)
MAX_ERROR = 0.8
"""How far, in thousandths of the em, a quadratic outline may leave its cubic original."""


def main(folder: Path) -> None:
    """Check the sources, build every face, rewrite faces.toml."""
    text = (HERE / "faces.toml").read_text("utf-8")
    table = tomllib.loads(text)
    sources = {name: _checked(folder, row) for name, row in table["source"].items()}
    sets = _repertoires(sources["unihan"], sources["fang"])
    for name, row in table["face"].items():
        content = _build(sources[row["from"]], sets[row["repertoire"]], row)
        (HERE / row["file"]).write_bytes(content)
        text = _recorded(text, name, content)
    (HERE / "faces.toml").write_text(text, "utf-8")


def _checked(folder: Path, row: dict[str, Any]) -> Path:
    path: Path = folder / row["path"]
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != row["sha256"]:
        raise SystemExit(f"{path}: SHA-256 {found}, expected {row['sha256']}")
    return path


def _repertoires(unihan: Path, fang: Path) -> dict[str, set[int]]:
    standard = set(_standard_table(unihan))
    gb2312 = _decodable("gb2312")
    marks = {ord(c) for c in PUNCTUATION + SYMBOLS}
    latin = set(range(0x20, 0x7F)) | set(range(0xA1, 0x100))
    full = standard | gb2312 | marks | latin
    full |= set(range(0x2460, 0x2474)) | set(range(0x2160, 0x216C)) | set(range(0xFF01, 0xFF5F))
    drawn = set(TTFont(fang, lazy=True).getBestCmap())
    return {
        "full": full,
        "han": {c for c in full if c >= 0x2000},
        "gaps": {c for c in full if c >= 0x2E80} - drawn,
        "rare": _decodable("gbk") - full,
    }


def _standard_table(unihan: Path) -> Iterable[int]:
    """Yield 通用规范汉字表 (8,105 characters), which Unihan carries as kTGH."""
    for line in bz2.decompress(unihan.read_bytes()).decode("utf-8").splitlines():
        if found := re.match(r"U\+([0-9A-F]+)\tkTGH\t", line):
            yield int(found[1], 16)


def _decodable(codec: str) -> set[int]:
    found: set[int] = set()
    for lead in range(0x81, 0xFF):
        for trail in range(0x40, 0xFF):
            try:
                text = bytes([lead, trail]).decode(codec)
            except UnicodeDecodeError:
                continue
            found.update(ord(c) for c in text if not 0xE000 <= ord(c) < 0xF900)
    return found


def _build(path: Path, wanted: set[int], row: dict[str, Any]) -> bytes:
    options = subset.Options(
        hinting=False,
        layout_features=[],
        glyph_names=False,
        name_IDs=[],
        notdef_outline=True,
        drop_tables=["GSUB", "GPOS", "GDEF", "BASE", "STAT", "VORG", "vhea", "vmtx", "gasp"],
    )
    font = TTFont(path, recalcTimestamp=False)
    worker = subset.Subsetter(options)
    worker.populate(unicodes=wanted)
    worker.subset(font)
    if "CFF " in font:
        _to_quadratic(font)
    _rename(font, row)
    font["post"].formatType = 3.0
    out: Path = HERE / (row["file"] + ".part")
    font.save(out, reorderTables=True)
    content: bytes = out.read_bytes()
    out.unlink()
    return content


def _to_quadratic(font: Any) -> None:
    """Turn CFF outlines into TrueType ones, which is what ReportLab can embed."""
    order, glyphs, drawn = font.getGlyphOrder(), font.getGlyphSet(), {}
    for name in order:
        pen = TTGlyphPen(None)
        glyphs[name].draw(Cu2QuPen(pen, MAX_ERROR, reverse_direction=True))
        drawn[name] = pen.glyph()
    del font["CFF "]
    font["loca"] = newTable("loca")
    font["glyf"] = glyf = newTable("glyf")
    glyf.glyphOrder, glyf.glyphs = order, drawn
    for name in order:
        glyf[name].recalcBounds(glyf)
        font["hmtx"][name] = (font["hmtx"][name][0], getattr(glyf[name], "xMin", 0))
    font["maxp"].tableVersion = 0x00010000
    for field in MAXIMA:
        setattr(font["maxp"], field, 1 if field == "maxZones" else 0)
    font.sfntVersion = "\000\001\000\000"


def _rename(font: Any, row: dict[str, Any]) -> None:
    """Give the subset a name of its own (reserved names) and keep copyright and licence in it."""
    table = font["name"]
    table.names = []
    texts = {
        0: row["copyright"],
        1: row["family"],
        2: "Regular",
        3: f"{row['family']} {row['version']}",
        4: row["family"],
        5: f"Version {row['version']}",
        6: row["family"].replace(" ", ""),
        10: row["changes"],
        13: row["licence"],
    }
    for number, text in texts.items():
        table.setName(text, number, 3, 1, 0x409)


def _recorded(text: str, name: str, content: bytes) -> str:
    head, section, rest = text.partition(f"[face.{name}]\n")
    body, mark, tail = rest.partition("\n[")
    sha256 = hashlib.sha256(content).hexdigest()
    body = re.sub(r'sha256 = "[^"]*"', f'sha256 = "{sha256}"', body)
    body = re.sub(r"size = \d+", f"size = {len(content)}", body)
    return head + section + body + mark + tail


if __name__ == "__main__":
    main(Path(sys.argv[1]))
