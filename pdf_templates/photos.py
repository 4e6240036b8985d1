"""
Normalised copies of photos, for print and screen: upright, small, and naming their original.

A copy follows from the original's bytes and RECIPE alone, so it can be made again at any time and
is kept nowhere but in the documents that show it (docs/decisions/0027).
"""

import hashlib
import io
import struct
import threading
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PIL import Image, ImageOps
from PIL.JpegImagePlugin import JpegImageFile

RECIPE = "photo/1"
"""
How copies are made. Another result for the same photo is another recipe: it gets a name of its own,
and the templates that show photos another version (a test holds the bytes of this one).
"""
LONG_SIDE = 1000
QUALITY = 80
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")
"""What cameras, scanners and screens write; others, as EPS, would run programs of their own."""
MOST_PIXELS = 120_000_000
"""More than any phone's camera gives; a small file that claims more is an attack on memory."""
MOST_HELD = 26_000_000
"""
Pixels that are in memory at once, at four bytes each and two copies. A JPEG of MOST_PIXELS has
fewer, since it decodes at an eighth of its scale; 14 KB of PNG can claim any number.
"""
MOST_PASSED = 500_000_000
"""Pixels that the scans of a progressive JPEG pass over, one after the other; usual are ten."""

SCAN = b"\xff\xda"

_one_at_a_time = threading.Lock()
"""Large pictures: what one of them takes, several at once must not."""
LARGE = 5_000_000

_UNREADABLE = (
    Image.DecompressionBombError,
    OSError,
    EOFError,
    ValueError,
    TypeError,
    SyntaxError,
    LookupError,
    ArithmeticError,
    struct.error,
    zlib.error,
)
"""What the readers of the formats raise on bytes that are no picture, or a broken one."""


@dataclass(frozen=True)
class _Size:
    """What it takes to decode a picture, in pixels."""

    held: int
    passed: int

    @property
    def is_sound(self) -> bool:
        return self.held <= MOST_HELD and self.passed <= MOST_PASSED


def prepare(content: bytes) -> bytes | None:
    """
    Return the photo as a small JPEG, or None where the bytes are no picture that can be read.

    Nothing of the original's metadata is in it, but a comment: `photo/1 sha256:<of the original>`.
    What takes more memory or time than any camera's picture is none that can be read.
    """
    origin = f"{RECIPE} sha256:{hashlib.sha256(content).hexdigest()}"
    try:
        with _opened(content) as (image, size):
            if not size.is_sound:
                return None
            if size.held <= LARGE:
                return _reduced(image, origin)
            with _one_at_a_time:
                return _reduced(image, origin)
    except _UNREADABLE:
        return None


def effort(content: bytes) -> int:
    """
    Return how much work `prepare` is, in pixels; about 25 ns each, 0 where it refuses at once.

    Those that are decoded count whole, those that a JPEG's scans only pass over a quarter.
    """
    try:
        with _opened(content) as (_, size):
            return size.held + size.passed // 4 if size.is_sound else 0
    except _UNREADABLE:
        return 0


@contextmanager
def _opened(content: bytes) -> Iterator[tuple[Image.Image, _Size]]:
    """Open a picture without decoding it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            yield image, _measured(image, content)


def _measured(image: Image.Image, content: bytes) -> _Size:
    whole = image.width * image.height
    if whole > MOST_PIXELS:
        return _Size(whole, whole)
    scans = _scans(image, content) if isinstance(image, JpegImageFile) else 1
    # A large JPEG decodes at a quarter of its scale, in a tenth of the time.
    image.draft("RGB", (LONG_SIDE, LONG_SIDE))
    held = image.width * image.height
    if scans > 1:
        held = whole  # all coefficients are kept until the last scan
    if image.format == "WEBP":
        held *= 2  # its decoder keeps pictures of its own, for those that move
    return _Size(held, whole * scans)


def _scans(image: JpegImageFile, content: bytes) -> int:
    """Return the scans of a JPEG: one with all its colours, or as many as the file may have."""
    head = _first_scan(content)
    is_alone = head > 0 and content[head + 4 : head + 5] == bytes((image.layers,))
    if is_alone and not image.info.get("progressive"):
        return 1
    return max(2, content.count(SCAN))


def _first_scan(content: bytes) -> int:
    """Return where the first scan of a JPEG begins, behind all segments before it; -1 for none."""
    at = content.find(b"\xff", 2)
    while 0 < at < len(content) - 4:
        kind = content[at + 1]
        if kind == SCAN[1]:
            return at
        if kind == 0xFF:  # padding
            at += 1
        elif kind <= 0x01 or 0xD0 <= kind <= 0xD9:  # marks without content
            at = content.find(b"\xff", at + 2)
        else:
            length = int.from_bytes(content[at + 2 : at + 4], "big")
            at = content.find(b"\xff", at + 2 + max(length, 2))
    return -1


def _reduced(image: Image.Image, origin: str) -> bytes:
    ImageOps.exif_transpose(image, in_place=True)
    upright = image if image.mode == "RGB" else image.convert("RGB")
    upright.thumbnail((LONG_SIDE, LONG_SIDE))
    out = io.BytesIO()
    plain = Image.frombytes("RGB", upright.size, upright.tobytes())  # leaves all metadata behind
    plain.save(out, "JPEG", quality=QUALITY, comment=origin)
    return out.getvalue()
