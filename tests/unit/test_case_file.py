"""The electronic case file: everything in it, numbered throughout, found by links and bookmarks."""

import io
import json
import re
from dataclasses import replace

import pikepdf
import pypdfium2
import pytest

from pdf_templates.case_file.binding import CaseFile, Filed, NotForACaseFile, bind
from pdf_templates.catalogue import template
from pdf_templates.examples import example
from pdf_templates.facts import content_sha256, to_json
from pdf_templates.photos import prepare
from tests.golden.example_documents import jpeg


def filed(kind: str, *, voided: bool = False, note: str = "") -> Filed:
    facts = to_json(example(kind))
    version = template(kind).version
    return Filed(kind, version, facts, facts["made_at"][:10], voided=voided, note=note)


FILED = (
    filed("inspection_record"),
    filed("rectification_order", voided=True),
    filed("rectification_order", note="重新制作"),
    filed("reinspection_opinion"),
    filed("process_record"),
)
CASE = CaseFile(
    "2026-0012", "恒茂木业行政检查案卷", "云湾区应急管理局", filed("inspection_cover"), FILED
)
PICTURES = {
    photo.sha256: prepare(jpeg(photo.number)) or b""
    for photo in example("inspection_record").photos
}


def texts(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    found = [page.get_textpage().get_text_range() for page in document]
    document.close()
    return [re.sub(r"\s", "", text) for text in found]


@pytest.fixture(scope="module")
def bound() -> bytes:
    return bind(CASE, PICTURES)


def test_every_page_carries_its_number_in_the_file(bound: bytes) -> None:
    pages = texts(bound)

    for number, text in enumerate(pages, 1):
        assert f"案卷共{len(pages)}页第{number}页" in text


def test_the_contents_name_every_document_with_the_pages_on_which_it_stands(bound: bytes) -> None:
    pages = texts(bound)
    contents = pages[1]

    assert "卷内目录" in contents
    at = 3
    for one in FILED:
        title, doc_no = template(one.kind).title, one.facts["doc_no"]
        assert f"{title}{doc_no}" in contents
        assert title in pages[at - 1]
        assert doc_no in pages[at - 1]
        length = sum(1 for _ in _pages_of(pages, at))
        said = f"{at}" if length == 1 else f"{at}-{at + length - 1}"
        assert f"日{said}" in contents
        at += length
    assert at == len(pages) + 1


def _pages_of(pages: list[str], begin: int) -> list[str]:
    """Return the pages of the document that begins there, by its own 共X页第1页."""
    total = int(re.findall(r"共(\d+)页第1页", pages[begin - 1].replace("案卷共", ""))[-1])
    return pages[begin - 1 : begin - 1 + total]


def test_each_row_of_the_contents_and_each_bookmark_leads_to_its_document(bound: bytes) -> None:
    with pikepdf.open(io.BytesIO(bound)) as pdf:
        numbers = {page.objgen: n for n, page in enumerate(pdf.pages, 1)}
        links = [numbers[link.Dest[0].objgen] for link in pdf.pages[1].Annots]
        with pdf.open_outline() as outline:
            marks = [
                (str(item.title), numbers[item.destination[0].objgen]) for item in outline.root
            ]
            below = [str(item.title) for item in outline.root[2].children]
    pages = texts(bound)

    assert len(links) == len(FILED)
    assert [page for _, page in marks[2:]] == links
    assert [title for title, _ in marks[:2]] == ["行政检查案卷（首页） 2026-0012", "卷内目录"]
    assert below == ["现场照片"]
    for (title, page), one in zip(marks[2:], FILED, strict=True):
        assert title == f"{template(one.kind).title} {one.facts['doc_no']}"
        assert re.sub(r"\s", "", one.facts["doc_no"]) in pages[page - 1]


def test_a_voided_document_is_bound_with_its_mark_and_named_as_voided(bound: bytes) -> None:
    pages = texts(bound)
    voided = [n for n, text in enumerate(pages) if "作废" in text and "责令限期整改指令书" in text]

    assert "已作废" in pages[1]
    assert "重新制作" in pages[1]
    assert len(voided) == 2  # the contents and the one page of the document


def test_only_the_first_copy_is_bound(bound: bytes) -> None:
    assert "存档联" in "".join(texts(bound))
    assert "当事人联" not in "".join(texts(bound))


def test_the_facts_of_all_documents_are_inside(bound: bytes) -> None:
    with pikepdf.open(io.BytesIO(bound)) as pdf:
        inside = json.loads(pdf.attachments["case.json"].get_file().read_bytes())

    assert [one["facts"] for one in inside["documents"]] == [
        one.facts for one in (CASE.cover, *FILED)
    ]
    assert [one["content_sha256"] for one in inside["documents"]] == [
        content_sha256(one.facts) for one in (CASE.cover, *FILED)
    ]


def test_the_same_case_gives_the_same_bytes(bound: bytes) -> None:
    assert bind(CASE, PICTURES) == bound


def test_contents_of_many_documents_run_over_pages_and_still_say_the_right_pages() -> None:
    case = replace(CASE, filed=[filed("reinspection_opinion") for _ in range(60)])

    pages = texts(bind(case))
    listing = [text for text in pages if "文件名称及编号" in text]

    first = 1 + len(listing) + 1
    assert len(listing) > 1
    assert f"日{first}2" in "".join(listing)  # its page, then the number of the next row
    assert len(pages) == first - 1 + 60


def test_a_paper_of_a_draw_is_not_bound() -> None:
    case = replace(CASE, filed=[filed("draw_commitment")])

    with pytest.raises(NotForACaseFile, match="抽取承诺书"):
        bind(case)
