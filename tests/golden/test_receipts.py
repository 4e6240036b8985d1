"""
The documents left on site, on the paper of portable printers: golden texts, widths, the QR code.

After an intended change: `python -m tests.golden.test_receipts`, then read the diff.
"""

import re
import sys
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from pdf_templates.catalogue import MODULES, render_receipt, template
from pdf_templates.errors import NotOnReceipt
from pdf_templates.examples import example
from pdf_templates.facts import content_sha256, from_json, to_json
from pdf_templates.setting.page import MM, Modules, Page, Rule, Strokes, Text
from pdf_templates.setting.qr import about
from pdf_templates.setting.receipt import LONGEST, RECEIPT
from pdf_templates.setting.stationery import Cell, Content, Heading
from tests.golden.example_documents import SIGNED_ORDER, crowded, unusual
from tests.golden.test_documents import joined, text_of
from tests.golden.test_every_kind import HERE, NAMES, facts_of
from tests.layout.checker import area_of, faults_of
from tests.layout.generated import facts_of as any_facts

LEFT_ON_SITE = [
    "inspection_record",
    "measures_decision",
    "rectification_order",
    "reinspection_opinion",
    "spot_penalty_organisation",
    "spot_penalty_person",
]
DPI = 203
HALF_A_DOT = 72 / DPI / 2


def with_kind(name: str) -> tuple[str, Any]:
    told = {
        "inspection_record_crowded": crowded(),
        "inspection_record_unusual": unusual(),
        "rectification_order_signed": SIGNED_ORDER,
    }
    if name in told:
        return name.rpartition("_")[0], told[name]
    return facts_of(name)


EXAMPLES = [
    *(name for name in NAMES if re.sub(r"_\d+$", "", name) in LEFT_ON_SITE),
    "inspection_record_crowded",
    "inspection_record_unusual",
    "rectification_order_signed",
]


def pdf_of(name: str) -> bytes:
    kind, facts = with_kind(name)
    return render_receipt(kind, to_json(facts))


def pages_of(name: str) -> list[Page]:
    kind, facts = with_kind(name)
    layout = template(kind).receipt
    assert layout is not None
    return layout(facts, ())


def golden(name: str) -> Path:
    return HERE / "receipts" / f"{name}.txt"


def printed(pdf: bytes) -> Image.Image:
    """The page in black and white dots, as such a printer makes them."""
    page = pypdfium2.PdfDocument(pdf)[0]
    grey = page.render(scale=DPI / 72, grayscale=True).to_pil()
    return grey.point([0 if value < 128 else 255 for value in range(256)]).convert("L")


def edges(mark: Any) -> tuple[float, float]:
    """Return where a mark begins and ends."""
    if isinstance(mark, Rule):
        return mark.x0, mark.x1
    if isinstance(mark, Text):
        return mark.x, mark.x + mark.line.width
    if isinstance(mark, Modules):
        widest = max(column + width for column, _, width, _ in mark.bars)
        return mark.x, mark.x + widest * mark.size
    return mark.x, mark.x + mark.width


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_receipt_reads_as_it_always_did(name: str) -> None:
    assert text_of(pdf_of(name)) == golden(name).read_text("utf-8")


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_receipt_is_one_page_80_mm_wide_and_as_long_as_its_content(name: str) -> None:
    (page,) = pages_of(name)

    lowest = max(mark.y for mark in page.marks if isinstance(mark, Text))
    assert page.paper.width == pytest.approx(80 * MM)
    assert 0 < page.paper.height - lowest <= page.paper.bottom
    assert "共1页　第1页" in text_of(pdf_of(name))


@pytest.mark.parametrize("name", EXAMPLES)
def test_nothing_on_a_receipt_is_outside_the_72_mm_that_are_printed(name: str) -> None:
    outside = [
        mark
        for page in pages_of(name)
        for mark in page.marks
        if min(edges(mark)) < 4 * MM - 0.01 or max(edges(mark)) > 76 * MM + 0.01
    ]

    assert outside == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_pixels_stay_within_the_72_mm_too(name: str) -> None:
    image = printed(pdf_of(name))

    left, _, right, _ = image.point([255 - value for value in range(256)]).getbbox() or (0,) * 4
    assert left >= (4 * MM - HALF_A_DOT) * DPI / 72 - 1
    assert right <= (76 * MM + HALF_A_DOT) * DPI / 72 + 1


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("kind", LEFT_ON_SITE)
def test_a_receipt_of_any_facts_has_no_fault_of_layout(kind: str, seed: int) -> None:
    form = template(kind)
    plain = any_facts(form.facts, to_json(example(kind)), Random(seed))
    assert form.receipt is not None

    pages = form.receipt(from_json(form.facts, plain), ())

    assert faults_of(render_receipt(kind, plain), [area_of(page) for page in pages]) == []


@pytest.mark.parametrize("kind", LEFT_ON_SITE)
def test_the_code_is_read_from_black_and_white_dots_and_names_the_content(kind: str) -> None:
    facts = example(kind)

    (code,) = zxingcpp.read_barcodes(printed(pdf_of(kind)), formats=zxingcpp.BarcodeFormat.QRCode)

    assert code.text == about(facts.doc_no, content_sha256(to_json(facts)))


def test_signatures_from_phones_are_drawn() -> None:
    drawn = [
        mark
        for page in pages_of("rectification_order_signed")
        for mark in page.marks
        if isinstance(mark, Strokes)
    ]

    assert len(drawn) == len(SIGNED_ORDER.signatures)


def test_photos_are_left_out_and_their_number_is_said() -> None:
    said = joined(pdf_of("inspection_record"))

    assert "现场拍摄照片4张，未在本联印出，附于本机关存档的检查记录之后。" in said
    assert "附后。" not in said
    assert "拍摄设备" not in said


def test_text_is_in_hei_whose_strokes_all_come_out() -> None:
    faces = {
        face
        for page in pages_of("spot_penalty_person")
        for mark in page.marks
        if isinstance(mark, Text)
        for face in mark.line.faces
    }

    assert faces <= {"hei", "song_bold", "vector"}


def test_only_the_documents_left_on_site_have_a_receipt() -> None:
    assert sorted(k for k in MODULES if template(k).receipt is not None) == LEFT_ON_SITE
    with pytest.raises(NotOnReceipt, match="立案审批表"):
        render_receipt("case_filing_approval", to_json(example("case_filing_approval")))


def test_long_names_and_numbers_wrap_in_the_heading_and_at_the_seal() -> None:
    order = replace(
        example("rectification_order"),
        doc_no="（苏·连云港经济技术开发区）应急责改〔2026〕1024-12号",
        authority="连云港经济技术开发区应急管理局安全生产行政执法监察大队",
    )
    layout = template("rectification_order").receipt
    assert layout is not None
    (page,) = layout(order, ())

    assert all(
        4 * MM - 0.01 <= min(edges(m)) <= max(edges(m)) <= 76 * MM + 0.01 for m in page.marks
    )
    said = joined(render_receipt("rectification_order", to_json(order)))
    assert order.doc_no in said
    assert order.authority in said


@pytest.mark.parametrize("parts", range(1, 12))
def test_a_field_beside_others_loses_nothing_that_is_wider_in_hei(parts: int) -> None:
    name = "·".join("阿卜杜热合曼克里木江买提"[:parts])
    strips = RECEIPT.fields(Cell("姓名", name, 60), Cell("年龄", "46", 40))

    texts = [mark.line.text for strip in strips for mark in strip.marks if isinstance(mark, Text)]
    assert name in "".join(texts)


def test_what_no_page_can_hold_goes_on_on_the_next() -> None:
    body = [row for n in range(1200) for row in RECEIPT.said(f"第{n}项", "问题")]
    pages = RECEIPT.pages(Heading("局", "文书", "1号", ""), Content(body))

    assert [page.paper.height for page in pages] == [LONGEST] * 2


def test_annexes_are_refused() -> None:
    with pytest.raises(ValueError, match="annexes"):
        RECEIPT.pages(Heading("局", "文书", "1号", ""), Content([], annexes=[[]]))


if __name__ == "__main__":
    for name in sys.argv[1:] or EXAMPLES:
        golden(name).write_text(text_of(pdf_of(name)), "utf-8")
