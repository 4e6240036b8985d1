"""
First step of rebuilding the faces: published packages to woff2; for developers.

    python -m pdf_templates.fonts.build FOLDER [FACE ...]

FOLDER holds the unpacked packages named in faces.toml (`npm pack`, `apt-get download` and
`dpkg -x`). Every source is checked against its SHA-256 before use and every result is written back
into faces.toml with its own, so that a rebuild that changes a byte shows in the diff. The second
step is `prepare`, which needs no package. Both need fontTools and brotli (the `dev` extra).
"""

import bz2
import hashlib
import io
import re
import sys
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.ttLib import TTFont

from pdf_templates.fonts.checksums import keep, table
from pdf_templates.fonts.quadratic import to_quadratic
from pdf_templates.fonts.small_figures import add_small_figures

PUNCTUATION = "·—‘’“”…‰′″※、。〃々〈〉《》「」『』【】〔〕〖〗！％（），－．／：；？［］＿～￥"
SYMBOLS = "§°±×÷μΩ·→←↑↓√∞≈≒≠≤≥∠⊥∥∑℃℉№㎡㎥㎜㎝㎞㎏㏑③□■○●◎△▲▽▼◇◆★☆♀♂♦•–²³¹½¼¾"
BESIDE_FIGURES = "⁴−€∓≪≫≡∂∇∅⊗↔↕⇒⇔‑‒ℓ℮™♯✓▶◀▪▫☎㊀〜‼⁇⁉㎍㎖㎗㎘㎐㎑㎒㎓㎩㎪㎫㎾㎿㎸㎶㎀㎂㎃"
"""Signs of the faces that have figures and letters: in FangSong and Kai they come from Song."""
ONLY_IN_KAI = "⌀ϕⁿ‱‴⅓⅔⅛⅜⅝⅞✗☒"


def main(folder: Path, only: Collection[str] = ()) -> None:
    """Check the sources, build every face or only these, note the checksums in faces.toml."""
    sources = {name: _checked(folder, row) for name, row in table()["source"].items()}
    sets = _repertoires(sources["unihan"])
    for name, row in table()["face"].items():
        if not only or name in only:
            keep(name, "woff2", _build(row, sources, sets[row["repertoire"]]))


def _checked(folder: Path, row: Mapping[str, Any]) -> Path:
    path: Path = folder / row["path"]
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != row["sha256"]:
        raise SystemExit(f"{path}: SHA-256 {found}, expected {row['sha256']}")
    return path


def _repertoires(unihan: Path) -> dict[str, set[int]]:
    standard = set(_standard_table(unihan))
    gb2312 = _decodable("gb2312")
    marks = {ord(c) for c in PUNCTUATION + SYMBOLS}
    latin = set(range(0x20, 0x7F)) | set(range(0xA1, 0x100))
    full = standard | gb2312 | marks | latin
    full |= set(range(0x2460, 0x2474)) | set(range(0x2160, 0x216C)) | set(range(0xFF01, 0xFF5F))
    return {
        "full": full | {ord(c) for c in BESIDE_FIGURES},
        "han": {c for c in full if c >= 0x2000} | {ord(c) for c in ONLY_IN_KAI},
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


def _build(row: Mapping[str, Any], sources: Mapping[str, Path], wanted: set[int]) -> bytes:
    options = subset.Options(
        hinting=False,
        layout_features=[],
        glyph_names=False,
        name_IDs=[],
        notdef_outline=True,
        drop_tables=["GSUB", "GPOS", "GDEF", "BASE", "STAT", "VORG", "vhea", "vmtx", "gasp"],
    )
    font = TTFont(sources[row["from"]], recalcTimestamp=False)
    worker = subset.Subsetter(options)
    worker.populate(unicodes=wanted)
    worker.subset(font)
    if "CFF " in font:
        to_quadratic(font)
    if "small_from" in row:
        add_small_figures(font, TTFont(sources[row["small_from"]]))
    _raise(font, row.get("raised", 0))
    _rename(font, row)
    font["post"].formatType = 3.0
    font.flavor = "woff2"
    out = io.BytesIO()
    font.save(out, reorderTables=True)
    return out.getvalue()


def _raise(font: Any, distance: int) -> None:
    """Move every outline up, so that the face stands in line with those it is mixed with."""
    if not distance:
        return
    for name in font.getGlyphOrder():
        if font["glyf"][name].numberOfContours:
            font["glyf"][name].coordinates.translate((0, distance))
            font["glyf"][name].recalcBounds(font["glyf"])


def _rename(font: Any, row: Mapping[str, Any]) -> None:
    """Give the subset a name of its own (reserved names) and keep copyright and licence in it."""
    names = font["name"]
    names.names = []
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
        names.setName(text, number, 3, 1, 0x409)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
