"""A document is known again by setting its facts: kind, version, 作废, photos, signature."""

import hashlib
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from inspect_server.reads.case_files.rendered import COVERS, NotBound, Rendered, recognised, to_bind
from pdf_templates.case_file.binding import bind
from pdf_templates.catalogue import MODULES, render, render_receipt, template
from pdf_templates.check import reinspection_opinion
from pdf_templates.examples import example
from pdf_templates.facts import canonical_json, to_json
from pdf_templates.photos import prepare
from pdf_templates.setting.faces import STANDARD
from tests.golden.example_documents import jpeg
from tests.usecases.test_template_versions import carries, forgotten

__all__ = ["forgotten"]

KIND = "reinspection_opinion"


def inside(kind: str) -> str:
    return canonical_json(to_json(example(kind))).decode()


def read(kind: str, content: bytes, facts: str = "") -> Rendered:
    return recognised(Path(f"{kind}.pdf"), content, facts or inside(kind), STANDARD)


def photographed() -> tuple[dict[str, Any], dict[str, bytes]]:
    """Return facts of a record whose photos are there, and their print copies."""
    told = example("inspection_record")
    taken = {photo.number: jpeg(photo.number) for photo in told.photos}
    photos = tuple(
        replace(photo, sha256=hashlib.sha256(taken[photo.number]).hexdigest())
        for photo in told.photos
    )
    shown = {photo.sha256: prepare(taken[photo.number]) or b"" for photo in photos}
    return to_json(replace(told, photos=photos)), shown


@pytest.mark.parametrize("kind", MODULES)
def test_a_document_of_every_kind_is_known_again(kind: str) -> None:
    found = read(kind, render(kind, to_json(example(kind))))

    assert (found.filed.kind, found.filed.version) == (kind, template(kind).version)
    assert found.filed.facts == to_json(example(kind))
    assert not found.filed.voided
    assert not found.is_signed


def test_photos_are_taken_from_the_file() -> None:
    facts, shown = photographed()
    content = render("inspection_record", facts, shown)
    found = read("inspection_record", content, canonical_json(facts).decode())

    assert found.pictures == shown
    for copy in found.pictures.values():
        Image.open(io.BytesIO(copy)).verify()


def test_a_voided_document_stays_voided_and_other_prints_are_refused() -> None:
    facts = to_json(example(KIND))

    assert read(KIND, render(KIND, facts, watermark="作废")).filed.voided
    for word, said in (("样张", "是样张"), ("草稿", "是草稿")):
        with pytest.raises(NotBound, match=f"{said}，请不加水印重新排印"):
            read(KIND, render(KIND, facts, watermark=word))
    with pytest.raises(NotBound, match="是热敏纸版"):
        read(KIND, render_receipt(KIND, facts))


def test_pages_that_do_not_say_what_the_facts_do_are_refused() -> None:
    other = to_json(replace(example(KIND), doc_no="（苏·云）应急复查〔2026〕9号"))
    pages = render(KIND, other)

    with pytest.raises(NotBound, match="页面与所附内容数据不符"):
        read(KIND, pages)
    with pytest.raises(NotBound, match="不是本系统排印的文书"):
        read(KIND, pages, '{"doc_no": "甲1号"}')
    with pytest.raises(NotBound, match="不是本系统排印的文书"):
        read(KIND, pages, "[" * 100_000)


def test_what_an_earlier_version_set_is_bound_by_it(
    monkeypatch: pytest.MonkeyPatch, forgotten: None
) -> None:
    old = reinspection_opinion.TEMPLATE
    facts = to_json(example(KIND))
    pages = render(KIND, facts)
    other = replace(old.layout, title="复查意见单")  # type: ignore[type-var]  # a Composed
    carries(monkeypatch, reinspection_opinion, replace(old, version="2099.1", layout=other), old)

    assert read(KIND, pages).filed.version == old.version
    assert read(KIND, render(KIND, facts)).filed.version == "2099.1"


def given(*kinds: str) -> list[Rendered]:
    return [read(kind, render(kind, to_json(example(kind)))) for kind in kinds]


def test_both_covers_head_a_case_file() -> None:
    titles = []
    for cover in COVERS:
        papers = given(cover, KIND)
        case = to_bind(papers[0], papers[1:])
        assert bind(case).startswith(b"%PDF")
        titles.append((case.case_no, case.title))

    assert titles == [
        (example("case_cover").doc_no, example("case_cover").case_name),
        (example("inspection_cover").doc_no, f"{example('inspection_cover').unit}行政检查案卷"),
    ]


def test_no_cover_two_covers_contents_and_doubles_are_refused() -> None:
    cover, notice, contents = given("case_cover", KIND, "case_contents")
    twin = replace(notice, path=Path("副本.pdf"))
    other = replace(
        twin, filed=replace(twin.filed, facts={**twin.filed.facts, "authority": "某局"})
    )

    for papers, said in (
        ([notice, notice], "第一个文件应是"),
        ([cover, notice, cover], "封面只能有一份"),
        ([cover, contents], "卷内目录由本命令编制"),
        ([cover, notice, twin], f"副本.pdf 不能编入案卷：与 {KIND}.pdf 是同一份文书"),
        ([cover, notice, other], "内容却不同"),
    ):
        with pytest.raises(NotBound, match=said):
            to_bind(papers[0], papers[1:])
