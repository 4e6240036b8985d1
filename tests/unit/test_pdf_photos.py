"""Photos for print: upright, small, without metadata, and never a crash on what is no photo."""

import io
import struct
import zlib

import pytest
from PIL import Image

from pdf_templates.check.photo_sheet import sheets
from pdf_templates.page import Text
from pdf_templates.photos import LONG_SIDE, prepare
from tests.golden.example_documents import PHOTOS


def jpeg(size: tuple[int, int], orientation: int = 1, mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "华为".encode().decode("latin-1")
    Image.new(mode, size).save(out, "JPEG", exif=exif)
    return out.getvalue()


def png(width: int, height: int) -> bytes:
    """A PNG that claims a size without having the pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        crc = zlib.crc32(kind + body)
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", crc)

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b""))


def opened(content: bytes | None) -> Image.Image:
    assert content is not None
    return Image.open(io.BytesIO(content))


def test_a_photo_is_reduced_and_loses_its_metadata() -> None:
    image = opened(prepare(jpeg((4000, 3000))))

    assert image.size == (LONG_SIDE, 750)
    assert image.format == "JPEG"
    assert not image.getexif()


def test_a_photo_taken_upright_stands_upright() -> None:
    assert opened(prepare(jpeg((800, 600), orientation=6))).size == (600, 800)


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_other_colours_become_rgb(mode: str) -> None:
    assert opened(prepare(jpeg((40, 30), mode=mode))).mode == "RGB"


def test_the_same_photo_gives_the_same_bytes() -> None:
    content = jpeg((1200, 900))

    assert prepare(content) == prepare(content)


@pytest.mark.parametrize(
    "content",
    [b"", b"not a picture", jpeg((800, 600))[:900], png(100_000, 100_000), png(20_000, 20_000)],
    ids=["empty", "text", "truncated", "bomb", "large"],
)
def test_what_cannot_be_read_is_none(content: bytes) -> None:
    assert prepare(content) is None


def test_captions_are_set_without_spreading_coordinates_and_hashes_over_the_line() -> None:
    marks = [mark for page in sheets(PHOTOS, ()) for strip in page for mark in strip.marks]
    lines = [mark.line for mark in marks if isinstance(mark, Text)]

    assert any("北纬" in line.text for line in lines)
    assert {line.spacing for line in lines} == {0.0}
