"""QR codes are read back from what a printer prints: dots of 203 dpi, faded, noisy, on A4."""

import io
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256

import pypdfium2
import pytest
import zxingcpp
from PIL import Image, ImageFilter

from pdf_templates.catalogue import MODULES, render
from pdf_templates.errors import FieldTooNarrow
from pdf_templates.examples import example
from pdf_templates.facts import content_sha256, to_json
from pdf_templates.file.document import Meta
from pdf_templates.file.drawing import write
from pdf_templates.setting.page import FORM, MM, REASONED, Modules, Page, Paper
from pdf_templates.setting.qr import DOT, LEAST_DOTS, QUIET, about, in_corner, qr

META = Meta("二维码", "云湾区应急管理局", "二维码", datetime(2026, 3, 16, tzinfo=UTC))
DOC_NO = "（苏·云）应急责改〔2026〕1号"
DIGEST = sha256(b"facts").hexdigest()
SAID = about(DOC_NO, DIGEST)
LEAST_SIDE = 25 * MM
"""In which the code of a document fits at the smallest module."""
READER = {"formats": zxingcpp.BarcodeFormat.QRCode, "try_rotate": False, "try_downscale": False}


def printed(mark: Modules, dpi: int) -> Image.Image:
    """The page as a printer with so many grey dots an inch would show it."""
    content = write([Page.of([mark])], META, {})
    page = pypdfium2.PdfDocument(content)[0]
    return page.render(scale=dpi / 72, grayscale=True).to_pil()


def read(image: Image.Image) -> str:
    (found,) = zxingcpp.read_barcodes(image, **READER)
    return str(found.text)


def noisy(image: Image.Image) -> Image.Image:
    """What a phone makes of it: blurred, grey on grey, and squeezed by JPEG."""
    faded = image.point([90 + value * 110 // 255 for value in range(256)])
    out = io.BytesIO()
    faded.filter(ImageFilter.GaussianBlur(1.0)).save(out, "JPEG", quality=25)
    return Image.open(out)


@pytest.mark.parametrize("dpi", [150, 203])
def test_the_smallest_code_is_read_from_pixels(dpi: int) -> None:
    assert read(printed(qr(SAID, 90.0, 90.0, LEAST_SIDE), dpi)) == SAID


@pytest.mark.parametrize("dpi", [150, 203])
def test_it_is_read_through_blur_fading_and_jpeg(dpi: int) -> None:
    assert read(noisy(printed(qr(SAID, 90.0, 90.0, LEAST_SIDE), dpi))) == SAID


@pytest.mark.parametrize("off", [0.0, 0.13, 0.25, 0.38])
def test_a_receipt_printer_without_greys_prints_it_wherever_it_stands(off: float) -> None:
    """Thermal printers know black and white only, and the code may begin between two dots."""
    page = printed(qr(SAID, 90 * DOT + off, 90 * DOT + off, LEAST_SIDE), 203)

    assert read(page.convert("1", dither=Image.Dither.NONE).convert("L")) == SAID


@pytest.mark.parametrize("kind", [kind for kind in MODULES if "draw" not in kind])
def test_the_first_page_of_every_document_carries_its_number_and_digest(kind: str) -> None:
    facts = to_json(example(kind))
    document = pypdfium2.PdfDocument(render(kind, facts))
    shown = document[0].render(scale=203 / 72, grayscale=True).to_pil()
    document.close()

    if not facts["doc_no"]:
        assert zxingcpp.read_barcodes(shown, **READER) == []
        return
    assert read(shown) == about(facts["doc_no"], content_sha256(facts))


@pytest.mark.parametrize("paper", [FORM, REASONED])
def test_in_the_corner_a_code_keeps_the_white_that_printer_and_reader_need(paper: Paper) -> None:
    usual = in_corner(paper, DOC_NO, DIGEST)
    long = in_corner(paper, DOC_NO * 8, DIGEST)

    for mark in (usual, long):
        high = max(row + rows for _, row, _, rows in mark.bars) * mark.size
        assert mark.size >= 0.4 * MM - 1e-6
        assert mark.y >= 5 * MM
        assert mark.y + high + QUIET * mark.size <= paper.top + 1e-6
        assert mark.x >= paper.left
    assert read(printed(usual, 203)) == SAID
    assert read(printed(long, 203)) in (DIGEST.upper(), about(DOC_NO * 8, DIGEST))


def varied(count: int) -> Iterator[str]:
    rng = random.Random(5)
    yield from ("1", "A" * 200, "应急管理" * 30, "9132" * 20, "喆堃玥珺\U00020000", "a\nb")
    for number in range(count):
        digest = rng.randbytes(32).hex()
        yield about(f"（苏·云）应急检记〔2026〕{number}号", digest)
        yield about("", digest, "https://yj.example.gov.cn/v")


def test_any_text_is_read_with_the_fixed_mask() -> None:
    texts = [*varied(60)]

    assert [read(printed(qr(text, 90, 90, 60 * MM), 150)) for text in texts] == texts


def test_what_it_says_names_document_and_digest_or_the_bureaus_page() -> None:
    assert about(DOC_NO, "ab12") == f"{DOC_NO}\nSHA-256 AB12"
    assert (
        about(DOC_NO, "ab12", "https://yj.example.gov.cn/v") == "https://yj.example.gov.cn/v#AB12"
    )


@pytest.mark.parametrize("side", [25 * MM, 30 * MM, 41.3 * MM])
def test_modules_are_whole_dots_and_leave_the_quiet_zone_white(side: float) -> None:
    mark = qr(SAID, 100.0, 200.0, side)
    count = max(column + wide for column, _, wide, _ in mark.bars)
    left, right = mark.x - 100, 100 + side - (mark.x + count * mark.size)

    assert mark.size / DOT == pytest.approx(round(mark.size / DOT))
    assert mark.size >= LEAST_DOTS * DOT >= 0.4 * MM
    assert left == pytest.approx(right)
    assert left >= QUIET * mark.size - 1e-6


def test_its_bars_cover_the_dark_modules_once_and_are_few() -> None:
    mark = qr(SAID, 0, 0, LEAST_SIDE)
    covered = [
        (column + right, row + down)
        for column, row, wide, high in mark.bars
        for right in range(wide)
        for down in range(high)
    ]
    assert len(covered) == len(set(covered))
    assert len(mark.bars) < len(covered) / 2


@pytest.mark.parametrize("text", [SAID, "应" * 5000])
def test_a_code_that_cannot_be_printed_is_refused(text: str) -> None:
    with pytest.raises(FieldTooNarrow, match="二维码"):
        qr(text, 0, 0, 20 * MM)
