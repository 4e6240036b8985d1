"""Photos for print: upright, small, without metadata, and never a crash on what is no photo."""

import io
import os
import struct
import subprocess
import sys
import threading
import zlib
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

from pdf_templates import photos
from pdf_templates.check.photo_sheet import CAPTION, sheets
from pdf_templates.examples.check.visit import PHOTOS
from pdf_templates.photos import LONG_SIDE, RECIPE, effort, prepare
from pdf_templates.setting.page import BOTTOM, HEIGHT, TOP, Text


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


def test_a_copy_names_its_recipe_and_its_original_and_nothing_else() -> None:
    content = jpeg((1200, 900))
    copy = opened(prepare(content))

    assert copy.info["comment"].decode() == f"photo/1 sha256:{sha256(content).hexdigest()}"
    assert set(copy.info) <= {"comment", "jfif", "jfif_version", "jfif_unit", "jfif_density"}


def drawn(kind: str, **options: Any) -> bytes:
    """A picture with edges and gradients, in which every step of the recipe shows."""
    image = Image.linear_gradient("L").resize((1600, 1200)).convert("RGB")
    draw = ImageDraw.Draw(image)
    for step in range(0, 1600, 40):
        draw.line([(step, 0), (1600 - step, 1200)], fill=(step % 256, 200, 90), width=3)
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def turned() -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = 6
    return exif


# The SHA-256 of the copies that this recipe gives, by the original's kind.
COPIES = {
    "PNG": "2967ebda3420068c71540702fe4d92f06862116644aba43c1cfb0ab7de41ff33",
    "JPEG": "2a6c0a78d4e4a58ddc92b574db4619318484ec22b0d6032e470577e36d60f24d",
    "WEBP": "0343686c5a8aeea4f813c988388b804d124d4ad50ec9b1ea17094f6e8e098653",
}


@pytest.mark.parametrize("kind", COPIES)
def test_the_recipe_gives_these_very_bytes(kind: str) -> None:
    """Where this fails (a new library), give the recipe a new name and its templates a version."""
    options = {"lossless": True} if kind == "WEBP" else {}
    exif = {} if kind == "PNG" else {"exif": turned()}
    copy = prepare(drawn(kind, **options, **exif))

    assert copy is not None
    assert (RECIPE, sha256(copy).hexdigest()) == ("photo/1", COPIES[kind])


def test_another_process_makes_the_same_copy(tmp_path: Path) -> None:
    content = drawn("JPEG")
    (tmp_path / "photo.jpg").write_bytes(content)
    program = (
        "import sys, hashlib, pathlib\nfrom pdf_templates.photos import prepare\n"
        "copy = prepare(pathlib.Path(sys.argv[1]).read_bytes())\n"
        "print(hashlib.sha256(copy).hexdigest())"
    )
    said = subprocess.run(
        [sys.executable, "-c", program, tmp_path / "photo.jpg"],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONHASHSEED": "7", "TZ": "Asia/Shanghai"},
    )

    assert said.stdout.strip() == sha256(prepare(content) or b"").hexdigest()
    assert (tmp_path / "photo.jpg").read_bytes() == content


@pytest.mark.parametrize(
    "content",
    [b"", b"not a picture", jpeg((800, 600))[:900], png(100_000, 100_000), png(20_000, 20_000)],
    ids=["empty", "text", "truncated", "bomb", "large"],
)
def test_what_cannot_be_read_is_none(content: bytes) -> None:
    assert prepare(content) is None


def flat(kind: str, size: tuple[int, int], mode: str = "L", **options: Any) -> bytes:
    """A picture of one colour: few bytes, whatever its size."""
    out = io.BytesIO()
    Image.new(mode, size).save(out, kind, **options)
    return out.getvalue()


def of_many_scans(side: int, count: int) -> bytes:
    """A progressive JPEG whose last scan comes again and again, in a few bytes each."""
    content = flat("JPEG", (side, side), progressive=True)
    last = content.rindex(b"\xff\xda")
    return content[:-2] + content[last:-2] * count + content[-2:]


Make = Callable[[], bytes]
"""A picture that is made when its test begins: many are large, and each worker collects all."""


@pytest.mark.parametrize(
    "make",
    [
        partial(flat, "PNG", (10_900, 10_900), "1"),
        partial(flat, "GIF", (5200, 5200), "P"),
        partial(flat, "BMP", (5200, 5200), "1"),
        partial(flat, "WEBP", (4000, 3600), "RGB", quality=0, method=0),
        partial(flat, "JPEG", (5200, 5200), progressive=True),
        partial(flat, "JPEG", (60_000, 500)),
        partial(of_many_scans, 1000, 600),
        partial(flat, "PPM", (40, 30)),
    ],
    ids=["1 bit", "gif", "bmp", "webp", "progressive", "too thin to skip", "scans", "no camera's"],
)
def test_what_takes_more_than_any_cameras_picture_is_none_and_no_effort(make: Make) -> None:
    content = make()

    assert prepare(content) is None
    assert effort(content) == 0


def as_mpo(size: tuple[int, int]) -> bytes:
    """Two pictures in one file, as phones with two lenses write them."""
    out, image = io.BytesIO(), Image.new("L", size)
    image.save(out, "MPO", save_all=True, append_images=[image])
    return out.getvalue()


@pytest.mark.parametrize(
    "make",
    [
        partial(flat, "JPEG", (10_400, 7800)),
        partial(as_mpo, (10_400, 7800)),
        partial(flat, "JPEG", (4000, 3000), progressive=True),
        partial(flat, "PNG", (5000, 5000), "P"),
        partial(flat, "WEBP", (4096, 3072), "RGB", quality=0, method=0),
    ],
    ids=["81 megapixels", "two of them", "progressive", "png", "webp"],
)
def test_what_phones_give_is_set(make: Make) -> None:
    content = make()

    assert prepare(content) is not None
    assert 0 < effort(content) < 35_000_000


def test_of_large_pictures_one_is_decoded_at_a_time() -> None:
    large, done = flat("PNG", (2400, 2400)), threading.Event()
    waiting = threading.Thread(target=lambda: (prepare(large), done.set()))

    with photos._one_at_a_time:
        waiting.start()
        early = done.wait(0.5)
        small = prepare(jpeg((800, 600)))
    waiting.join(20)

    assert (early, done.is_set()) == (False, True)
    assert small is not None


def test_captions_are_set_without_spreading_coordinates_and_hashes_over_the_line() -> None:
    marks = [mark for page in sheets(PHOTOS, ()) for strip in page for mark in strip.marks]
    lines = [mark.line for mark in marks if isinstance(mark, Text)]

    assert any("北纬" in line.text for line in lines)
    assert {line.spacing for line in lines} == {0.0}


@pytest.mark.parametrize("part", ["caption", "problem", "device", "datum"])
@pytest.mark.parametrize("length", [119, 121, 1000, 9000])
def test_whatever_is_said_of_a_photo_flows_over_as_many_sheets_as_it_needs(
    part: str, length: int
) -> None:
    told = ("砂光车间除尘器灰斗未设锁气卸灰装置" * length)[:length]
    photo = replace(PHOTOS[0], **{part: told})

    pages = sheets([photo, *PHOTOS[1:]], ())

    said = "".join(
        mark.line.text
        for page in pages
        for strip in page
        for mark in strip.marks
        if isinstance(mark, Text) and mark.size == CAPTION
    )
    assert told in said
    assert all(sum(strip.height for strip in page) < HEIGHT - TOP - BOTTOM for page in pages)
