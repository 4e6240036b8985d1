"""Records of evidence are signed on every page, and signed lists leave nothing to be added."""

from dataclasses import replace
from typing import Any

import pytest

from pdf_templates.catalogue import template
from pdf_templates.errors import BadFacts
from pdf_templates.examples import example
from pdf_templates.facts import from_json, to_json
from pdf_templates.parts.people import Attendee
from pdf_templates.setting.page import Strokes, Text
from tests.golden.example_documents import refused
from tests.golden.unusual import UNUSUAL


def pages_of(kind: str, facts: Any) -> list[list[str]]:
    """Return what each page says, line by line."""
    return [
        [mark.line.text for mark in page.marks if isinstance(mark, Text)]
        for page in template(kind).layout(facts, ())
    ]


def test_each_page_of_an_interview_is_signed_by_all_sides() -> None:
    told = example("interview_record")

    *pages, last = pages_of("interview_record", replace(told, exchanges=told.exchanges * 5))

    assert len(pages) >= 3
    for page in pages:
        assert {"本页签名　", "询问人：", "记录人：", "被询问人："} <= set(page)
    assert {"被询问人（签名）：", "询问人（签名）：", "记录人（签名）："} <= set(last)
    assert "本页签名　" not in last


def test_who_refuses_to_sign_an_interview_has_no_place_to_sign() -> None:
    told = example("interview_record")
    refused = replace(
        told, refusal="不同意", present=(Attendee("吴芳", ""),), exchanges=told.exchanges * 5
    )

    pages = pages_of("interview_record", refused)

    assert all("在场人：" in page for page in pages[:-1])
    said = "".join(line for page in pages for line in page)
    assert "被询问人拒绝在本笔录上签名，理由：不同意。" in said
    assert not {"被询问人：", "被询问人（签名）："} & {line for page in pages for line in page}


def test_a_side_that_was_not_at_the_scene_has_no_place_to_sign() -> None:
    told = example("scene_record")
    alone = replace(told, parties=(), invited=(), findings=told.findings * 5)

    *pages, last = pages_of("scene_record", alone)

    assert pages
    for page in (*pages, last):
        assert not {"当事人：", "被邀请人：", "当事人（签名）："} & set(page)


def test_a_cell_of_a_signed_list_that_holds_nothing_is_struck() -> None:
    told = example("preservation_list")
    one = replace(
        told.items[0], specification="", origin="", condition="", price="", note="", quantity="3"
    )

    (page, _) = pages_of("preservation_list", replace(told, items=(one,)))

    assert page.count("／") == 5


@pytest.mark.parametrize(("kind", "number"), [("interview_record", 2), ("scene_record", 1)])
def test_who_signed_on_a_phone_is_drawn_at_the_end_and_on_every_page_before(
    kind: str, number: int
) -> None:
    facts = UNUSUAL[kind][number]

    *pages, last = template(kind).layout(facts, ())

    for page in (*pages, last):
        drawn = [mark.strokes for mark in page.marks if isinstance(mark, Strokes)]
        assert {one.strokes for one in facts.signatures} == set(drawn)
    assert pages


@pytest.mark.parametrize("kind", ["interview_record", "scene_record"])
def test_a_refusal_is_told_once_and_in_words(kind: str) -> None:
    told = example(kind)
    twice = replace(told, signatures=(refused("不同意"),))

    with pytest.raises(BadFacts, match="拒绝签名的"):
        from_json(type(told), to_json(twice))


def test_nobody_both_signs_an_interview_and_refuses_to() -> None:
    told = replace(UNUSUAL["interview_record"][2], refusal="不同意")

    with pytest.raises(BadFacts, match="既签名又拒绝签名"):
        from_json(type(told), to_json(told))
