"""Clause 6.1.8 and 6.1.13: how long, large, deep and many."""

import re

from tests.pdfa.reading import File
from tests.pdfa.rules import Said, rule
from tests.pdfa.rules.syntax import contents
from tests.pdfa.scanning import Token, tokens

INTEGER = re.compile(rb"[+-]?\d+")
REAL = re.compile(rb"[+-]?(\d+\.\d*|\.\d+)")
LARGEST, LEAST = 2**31 - 1, -(2**31)
LARGEST_REAL, NEAREST_TO_ZERO = 3.403e38, 1.175e-38
LONGEST_STRING, LONGEST_NAME = 32767, 127
MOST_OBJECTS = 8388607
SMALLEST_SIDE, LARGEST_SIDE = 3, 14400
BOXES = ("/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox")


def _all_tokens(file: File) -> list[tuple[str, Token]]:
    held = list(file.scan.tokens())
    return held + [(where, token) for where, code in contents(file) for token in tokens(code)]


@rule("6.1.13")
def numbers_are_in_range(file: File) -> Said:
    """Integers of 32 bits; reals as single precision holds them."""
    for where, token in _all_tokens(file):
        if token.kind != "word":
            continue
        if INTEGER.fullmatch(token.said):
            if not LEAST <= int(token.said) <= LARGEST:
                yield where, f"the integer {token.said.decode()} is out of range"
        elif REAL.fullmatch(token.said):
            size = abs(float(token.said))
            if size > LARGEST_REAL or 0 < size < NEAREST_TO_ZERO:
                yield where, "a real number is out of range"


@rule("6.1.13")
def strings_are_not_too_long(file: File) -> Said:
    """32,767 bytes, but for a signature's Contents (which is excepted by its own clause)."""
    for where, token in _all_tokens(file):
        length = len(token.said) - 2
        if token.kind == "hex" and length > 2 * LONGEST_STRING and not _is_signature(file, token):
            yield where, f"a string of {length // 2} bytes"
        if token.kind == "literal" and length > LONGEST_STRING:
            yield where, f"a string of {length} bytes"


def _is_signature(file: File, token: Token) -> bool:
    return file.content[: token.at].rstrip().endswith(b"/Contents")


@rule("6.1.13")
def names_are_not_too_long(file: File) -> Said:
    """127 bytes, escapes taken as what they stand for."""
    for where, token in _all_tokens(file):
        if token.kind == "name" and len(_plain(token.said)) - 1 > LONGEST_NAME:
            yield where, f"a name of {len(_plain(token.said)) - 1} bytes"


def _plain(name: bytes) -> bytes:
    return re.sub(rb"#([0-9A-Fa-f]{2})", lambda found: bytes([int(found[1], 16)]), name)


@rule("6.1.8")
def names_are_utf8(file: File) -> Said:
    """Asked of fonts, colourants and structure types; here of all."""
    for where, token in _all_tokens(file):
        if token.kind != "name":
            continue
        try:
            _plain(token.said).decode("utf-8")
        except UnicodeDecodeError:
            yield where, f"the name {token.said!r} is not UTF-8"


@rule("6.1.13")
def objects_can_be_counted(file: File) -> Said:
    """No object number beyond 8,388,607."""
    for one in file.scan.indirect:
        if one.number > MOST_OBJECTS:
            yield f"{one.number} 0 obj", "its number is too large"


@rule("6.1.13")
def pages_have_a_size_that_can_be_shown(file: File) -> Said:
    """All boundaries between 3 and 14,400 units; the media box there."""
    for where, page in file.pages:
        for name in BOXES:
            box = page.obj.get(name) or (page.get(name) if name == "/MediaBox" else None)
            if box is None:
                if name == "/MediaBox":
                    yield where, "no MediaBox"
                continue
            left, low, right, high = (float(edge) for edge in box)
            for side in (abs(right - left), abs(high - low)):
                if not SMALLEST_SIDE <= side <= LARGEST_SIDE:
                    yield where, f"{name[1:]} is {side:g} units long"
