"""
Golden texts of the draw's papers, read back from the PDF.

After an intended change: `python -m tests.golden.test_draw_papers`, then read the diff.
"""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from inspect_server.domain.draw.ceremony.words import BRINGS
from inspect_server.domain.draw.entropy import SourceKind
from pdf_templates.catalogue import TEMPLATES, render
from pdf_templates.draw.commitment import Source
from pdf_templates.draw.result import Counted, layout
from pdf_templates.errors import MissingGlyph
from pdf_templates.examples import draw as examples
from pdf_templates.facts import from_json, personal_fields, to_json
from pdf_templates.setting.page import HEIGHT, SIDE, WIDTH, Text
from tests.golden.test_documents import joined, pages_of, text_of

HERE = Path(__file__).parent


def kind_of(name: str) -> str:
    return name.removesuffix("_internal")


def pdf_of(name: str, facts: Any) -> bytes:
    return render(kind_of(name), to_json(facts))


@pytest.mark.parametrize("name", examples.EXAMPLES)
def test_a_paper_reads_as_it_always_did(name: str) -> None:
    golden = (HERE / f"{name}.txt").read_text("utf-8")

    assert text_of(pdf_of(name, examples.EXAMPLES[name])) == golden


@pytest.mark.parametrize("name", examples.EXAMPLES)
def test_facts_survive_json_and_give_the_same_bytes(name: str) -> None:
    facts = examples.EXAMPLES[name]
    rebuilt = from_json(TEMPLATES[kind_of(name)].facts, to_json(facts))

    assert rebuilt == facts
    assert pdf_of(name, rebuilt) == pdf_of(name, facts)


def test_a_digest_is_printed_in_groups_that_can_be_read_aloud() -> None:
    page = pages_of(pdf_of("draw_commitment", examples.COMMITMENT))[0]
    commit = examples.COMMITMENT.commit

    assert joined(pdf_of("draw_commitment", examples.COMMITMENT)).count(commit) == 1
    for at in range(0, 64, 4):
        assert re.search(rf"(^|\s){commit[at : at + 4]}(\s|$)", page)


def test_the_commitment_of_an_ordinary_draw_is_one_page_that_people_sign() -> None:
    (page,) = pages_of(pdf_of("draw_commitment", examples.COMMITMENT))

    assert page.count("签名") == len(examples.COMMITMENT.signers)


def test_dice_leave_the_commitment_on_one_page() -> None:
    dice = Source(
        "现场掷骰",
        "场次 2026-03",
        f"{BRINGS[SourceKind.DICE]}；须在 2026-03-07 21:00（北京时间）之前录入",
    )
    facts = replace(examples.COMMITMENT, sources=(*examples.COMMITMENT.sources, dice))

    assert len(pages_of(pdf_of("draw_commitment", facts))) == 1


@pytest.mark.parametrize("internal", [False, True])
def test_a_result_of_few_enterprises_lists_the_cells_that_drew_on_three_pages(
    internal: bool,
) -> None:
    facts = examples.result(internal=internal, count=16)
    some = [Counted(f"县级·粉尘涉爆·红·B级·第{n}类", 1, 40, 62500, int(n < 14)) for n in range(89)]
    facts = replace(facts, counted=tuple(some))
    first, *further = pages_of(pdf_of("draw_result", facts))
    whole = "".join([first, *further])

    assert len(further) == 2
    assert facts.commit in re.sub(r"\s", "", first)
    assert "抽中16家，派出32人次" in first
    assert "第13类" in whole
    assert "第14类" not in whole
    assert "其余75个单元应抽0家" in whole
    assert facts.certificate_sha256 in re.sub(r"\s", "", further[-1])
    assert further[-1].count("签名") == len(facts.signers)


def test_a_reveal_after_its_deadline_is_printed_as_late() -> None:
    facts = examples.result(internal=False)
    said = "逾期：本次抽取应在2026年3月9日前（含当日）揭示。"

    assert said in joined(pdf_of("draw_result", replace(facts, late=True)))
    assert "逾期" not in joined(pdf_of("draw_result", facts))


def test_whoever_signs_on_a_further_page_sees_the_commit_there() -> None:
    facts = examples.result(internal=False, count=70)
    long = replace(examples.COMMITMENT, rules=examples.COMMITMENT.rules * 6)
    papers = (pdf_of("draw_commitment", long), pdf_of("draw_result", facts))

    for pdf, commit in zip(papers, (examples.COMMITMENT.commit, facts.commit), strict=True):
        further = pages_of(pdf)[1:]
        assert further
        assert all(f"承诺值{commit}" in re.sub(r"\s", "", page) for page in further)


def test_what_a_witness_takes_away_says_nothing_of_when_the_checks_are() -> None:
    commitment = joined(pdf_of("draw_commitment", examples.COMMITMENT))
    outside = joined(pdf_of("draw_result", examples.result(internal=False)))
    inside = joined(pdf_of("draw_result", examples.result(internal=True)))

    assert "/disclosure/rules/2026" in commitment
    assert "2026年3月20日" in inside
    for text in (commitment, outside):
        assert "检查时段：" not in text
        assert "2026年3月20日" not in text


def test_the_witness_s_copy_has_neither_names_nor_codes() -> None:
    text = joined(pdf_of("draw_result", examples.result(internal=False)))
    inside = joined(pdf_of("draw_result", examples.result(internal=True)))
    secret = ("恒茂木业", "91320799MA1WXY", "苏07990012", "陆文博")

    assert not [word for word in secret if word in text]
    assert all(word in inside for word in secret)
    assert "见证联" in text
    assert "内部留存联" in inside


def test_every_selected_enterprise_is_on_both_copies_by_its_commitment() -> None:
    for internal in (False, True):
        facts = examples.result(internal=internal, count=70)
        pages = pages_of(pdf_of("draw_result", facts))
        text = re.sub(r"\s", "", "".join(pages))

        assert len(pages) > 3
        assert all("续页" in page and "2026-03" in page for page in pages[1:])
        assert all(one.commitment[:16] in text for one in facts.chosen)


def test_a_draw_that_was_never_revealed_says_so_and_shows_no_result() -> None:
    facts = replace(
        examples.result(internal=False, remarks=("本次抽取已作废。",)),
        revealed_at="",
        revealed_by="",
        entered=(),
        seed="",
        counted=(),
        chosen=(),
        certificate_sha256="",
    )
    text = joined(pdf_of("draw_result", facts))

    assert "揭示时间：未揭示" in text
    assert "说明：本次抽取已作废。" in text
    assert "种子" not in text


def test_a_character_without_a_glyph_stops_the_paper_and_names_the_enterprise() -> None:
    facts = examples.result(internal=True)
    bad = replace(facts.chosen[1], name="恒茂😷公司")

    with pytest.raises(MissingGlyph) as caught:
        pdf_of("draw_result", replace(facts, chosen=(facts.chosen[0], bad)))

    assert "第2家" in str(caught.value)


@pytest.mark.parametrize("count", [0, 1, 3, 4, 5, 8, 9, 30])
def test_nothing_stands_outside_the_margins_and_signatures_are_never_alone(count: int) -> None:
    long = replace(
        examples.chosen(1, internal=True), name="云湾区" + "恒茂木业制品" * 12 + "有限公司"
    )
    facts = examples.result(internal=True, count=count)
    pages = layout(replace(facts, chosen=(*facts.chosen, long)), set())

    for page in pages:
        texts = [mark for mark in page.marks if isinstance(mark, Text)]
        for mark in texts:
            assert mark.x >= SIDE - 0.01
            assert mark.x + mark.line.width <= WIDTH - SIDE + 0.01, mark.line.text
            assert 50 < mark.y < HEIGHT - 36
    assert "证书" in "".join(m.line.text for m in pages[-1].marks if isinstance(m, Text))


def test_names_are_marked_as_personal() -> None:
    marked = personal_fields(TEMPLATES["draw_result"].facts)

    assert "chosen.team.name" in marked
    assert "chosen.team.cert_no" in marked
    assert "chosen.uscc" not in marked


if __name__ == "__main__":
    for name, example in examples.EXAMPLES.items():
        (HERE / f"{name}.txt").write_text(text_of(pdf_of(name, example)), "utf-8")


def test_a_row_of_any_length_and_a_long_heading_flow() -> None:
    told = examples.EXAMPLES["draw_result_internal"]
    named = replace(told.chosen[0], name="云湾区恒茂木业制品有限公司第一分厂" * 60)
    listed = examples.EXAMPLES["draw_checklist"]
    part = replace(listed.parts[0], title="抽取之前，监督人员到场以后逐项核对" * 12)

    rows = text_of(pdf_of("draw_result_internal", replace(told, chosen=(named, *told.chosen[1:]))))
    heads = text_of(pdf_of("draw_checklist", replace(listed, parts=(part, *listed.parts[1:]))))

    assert rows.count("一分厂") >= 55
    assert heads.replace("\n", "").count("监督人员到场以后逐项核对") == 12
