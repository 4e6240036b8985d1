"""Clause 6.2.11.7: what the text says, for who copies or searches it."""

import re
import unicodedata

import pikepdf

from tests.pdfa.reading import File
from tests.pdfa.reading_fonts import fonts, to_unicode
from tests.pdfa.rules import Said, rule

FORBIDDEN = {"\0", "\ufeff", "\ufffe"}
NO_CHARACTER = re.compile("[\ufdd0-\ufdef\ufffd\uffff]")
MOST_IN_SECTION = 100


def _maps(file: File) -> list[tuple[str, set[int], dict[int, str]]]:
    found = []
    for font in fonts(file):
        held = font.dictionary.get("/ToUnicode")
        try:
            meant = to_unicode(held.read_bytes()) if isinstance(held, pikepdf.Stream) else {}
        except (ValueError, IndexError):
            meant = {}
        found.append((font.where, font.codes, meant))
    return found


@rule("6.2.11.7.2")
def every_code_means_something(file: File) -> Said:
    """Each code that is shown is in the font's ToUnicode."""
    for where, codes, meant in _maps(file):
        lacking = sorted(code for code in codes if not meant.get(code))
        if lacking:
            yield where, f"{len(lacking)} codes mean nothing, the first is {lacking[0]:04X}"


@rule("6.2.11.7.2")
def no_code_means_what_is_no_text(file: File) -> Said:
    """Neither U+0000, U+FEFF, U+FFFE, nor a substitute, a half of a pair or a private character."""
    for where, codes, meant in _maps(file):
        for code in sorted(codes):
            said = meant.get(code, "")
            private = [char for char in said if unicodedata.category(char) in ("Co", "Cs", "Cc")]
            if FORBIDDEN & set(said) or NO_CHARACTER.search(said) or private:
                yield where, f"code {code:04X} means {said!r}"


@rule("6.2.11.7.2")
def maps_are_written_by_the_book(file: File) -> Said:
    """Of Technical Note 5014: a code space, sections of at most 100 rows, counts that are right."""
    for font in fonts(file):
        held = font.dictionary.get("/ToUnicode")
        if not isinstance(held, pikepdf.Stream):
            continue
        cmap = held.read_bytes()
        if b"begincodespacerange" not in cmap or not cmap.rstrip().endswith(b"end"):
            yield font.where, "ToUnicode is not a whole CMap"
        for count, kind, body in re.findall(
            rb"(\d+)\s+begin(bfchar|bfrange)(.*?)end(?:bfchar|bfrange)", cmap, re.DOTALL
        ):
            rows = len(re.findall(rb"<[0-9A-Fa-f\s]*>", body)) // (2 if kind == b"bfchar" else 3)
            if int(count) > MOST_IN_SECTION or (b"[" not in body and rows != int(count)):
                yield font.where, f"a section of {int(count)} rows has {rows}"
