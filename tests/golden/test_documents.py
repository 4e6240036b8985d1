"""
Golden texts of both documents, read back from the PDF.

After an intended change: `python -m tests.golden.test_documents`, then read the diff.
"""

import hashlib
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from pdf_templates.catalogue import TEMPLATES, render
from pdf_templates.check import inspection_record, rectification_order
from pdf_templates.errors import BadFacts, MissingGlyph, UnknownKind
from pdf_templates.facts import content_sha256, from_json, personal_fields, to_json
from pdf_templates.photos import prepare
from pdf_templates.setting.page import BOTTOM, HEIGHT, SIDE, WIDTH, Strokes, Text
from tests.golden import example_documents as examples

HERE = Path(__file__).parent
EXAMPLES: dict[str, Any] = {
    "inspection_record": examples.RECORD,
    "inspection_record_unusual": examples.unusual(),
    "inspection_record_clean": examples.clean(),
    "rectification_order": examples.ORDER,
    "rectification_order_signed": examples.SIGNED_ORDER,
    "rectification_order_unusual": examples.unusual_order(),
}
"""By the name of the golden text."""


def kind_of(example: str) -> str:
    return next(kind for kind in TEMPLATES if example.startswith(kind))


def pdf_of(example: str, facts: Any, watermark: str = "") -> bytes:
    pictures = {
        photo.sha256: prepare(examples.jpeg(photo.number)) or b""
        for photo in getattr(facts, "photos", ())
        if photo.sha256 != examples.LOST_PHOTO.sha256
    }
    return render(kind_of(example), to_json(facts), pictures, watermark=watermark)


def pages_of(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    texts = [page.get_textpage().get_text_range() for page in document]
    document.close()
    return [re.sub(r"\r\n", "\n", text) for text in texts]


def text_of(pdf: bytes) -> str:
    return "\n\f\n".join(pages_of(pdf)) + "\n"


def joined(pdf: bytes) -> str:
    return re.sub(r"\s", "", text_of(pdf))


@pytest.mark.parametrize("example", EXAMPLES)
def test_a_document_reads_as_it_always_did(example: str) -> None:
    golden = (HERE / f"{example}.txt").read_text("utf-8")

    assert text_of(pdf_of(example, EXAMPLES[example])) == golden


@pytest.mark.parametrize("kind", ["inspection_record", "rectification_order"])
def test_the_same_facts_give_the_same_bytes_in_another_process(kind: str) -> None:
    code = (
        "import hashlib, sys; from tests.golden.test_documents import EXAMPLES, pdf_of;"
        "k = sys.argv[1]; print(hashlib.sha256(pdf_of(k, EXAMPLES[k])).hexdigest())"
    )
    command = [sys.executable, "-c", code, kind]

    other = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    assert hashlib.sha256(pdf_of(kind, EXAMPLES[kind])).hexdigest() == other


@pytest.mark.parametrize("kind", EXAMPLES)
def test_facts_survive_json_and_keep_their_hash(kind: str) -> None:
    plain = to_json(EXAMPLES[kind])

    rebuilt = from_json(TEMPLATES[kind_of(kind)].facts, plain)

    assert rebuilt == EXAMPLES[kind]
    assert content_sha256(to_json(rebuilt)) == content_sha256(plain)


@pytest.mark.parametrize("kind", EXAMPLES)
def test_every_page_says_how_many_there_are_and_which_it_is(kind: str) -> None:
    pages = pages_of(pdf_of(kind, EXAMPLES[kind]))
    copies = 2 if kind_of(kind) == "rectification_order" else 1
    total = len(pages) // copies

    for index, page in enumerate(pages):
        assert f"共{total}页" in page
        assert f"第{index % total + 1}页" in page


@pytest.mark.parametrize("kind", EXAMPLES)
def test_fonts_are_embedded_and_no_outside_font_is_named(kind: str) -> None:
    pdf = pdf_of(kind, EXAMPLES[kind])

    assert b"Helvetica" not in pdf
    assert pdf.count(b"/FontFile2") == pdf.count(b"/Subtype /Type0") > 2


PAGE_TURN = r"检查人员（签名）：被检查单位现场负责人（签名）：共\d+页第\d+页（苏·云）.{0,20}?号续页"
"""What stands between two pages in the middle of a sentence."""


def test_the_record_holds_every_field() -> None:
    text = re.sub(PAGE_TURN, "", joined(pdf_of("inspection_record", examples.RECORD)))
    record = examples.RECORD
    for value in (
        record.doc_no,
        record.enterprise.name,
        record.enterprise.uscc,
        record.enterprise.legal_person,
        record.place,
        "2026年3月2日9时05分至2026年3月2日11时30分",
        *(officer.cert_no for officer in record.officers),
        *(problem.text for problem in record.problems),
        *(problem.basis for problem in record.problems),
        *(photo.sha256 for photo in record.photos),
        *(photo.caption for photo in record.photos),
        "北纬34.612873°，东经119.221450°",
        "签名时间：2026年3月2日11时38分",
        record.record_sha256,
    ):
        assert re.sub(r"\s", "", value) in text


def test_every_problem_says_its_level_and_what_is_at_once_has_no_deadline() -> None:
    major, general, within = examples.PROBLEMS[:3]
    at_once = replace(
        general, corrected_on_site=False, measure="rectify_now", deadline="2026-03-09"
    )
    record = replace(examples.RECORD, problems=(major, at_once, within))

    text = re.sub(PAGE_TURN, "", joined(pdf_of("inspection_record", record)))

    assert "1．〔重大事故隐患〕" in text
    assert "2．〔一般隐患〕" in text
    assert "3．〔一般隐患〕" in text
    assert "处理：责令立即改正。" in text
    assert "2026年3月9日" not in text

    removed = replace(record, problems=(replace(major, measure="rectify_now"), at_once, within))
    text = re.sub(PAGE_TURN, "", joined(pdf_of("inspection_record", removed)))
    assert "处理：责令立即排除（须由本机关另行作出书面决定，本记录不代替该决定）。" in text


def test_the_order_groups_by_deadline_names_major_hazards_and_both_remedies() -> None:
    text = joined(pdf_of("rectification_order", examples.ORDER))

    assert "其中第1项属于重大事故隐患" in text
    assert "对上述第2项问题于2026年3月27日前整改完毕" in text
    assert "对上述第1、3项问题于2026年4月1日前整改完毕" in text
    assert "60日内向云湾区人民政府申请行政复议" in text
    assert "6个月内依法向云湾区人民法院提起行政诉讼" in text
    assert "上级" not in text
    assert "第六十七条" not in text


def test_both_copies_say_the_same() -> None:
    pages = pages_of(pdf_of("rectification_order", examples.ORDER))
    kept, given = pages[: len(pages) // 2], pages[len(pages) // 2 :]

    assert "存档联" in kept[0]
    assert [page.replace("存档联", "") for page in kept] == [
        page.replace("当事人联", "") for page in given
    ]


def test_a_refused_signature_is_stated_with_its_reason() -> None:
    text = joined(pdf_of("inspection_record", examples.crowded()))

    assert "拒绝在本记录上签名，理由：认为第1项问题不属实" in text
    assert "第六十八条" in text
    assert "（拒签）" in text


def test_what_a_signer_had_not_seen_is_printed() -> None:
    text = joined(pdf_of("inspection_record", examples.crowded()))

    assert "沈玥签名时未见：问题第3项、照片4" in text
    assert "沈玥签名后内容有变动" in text


def test_long_content_flows_to_further_pages_with_nothing_lost() -> None:
    record = examples.crowded()
    pages = pages_of(pdf_of("inspection_record", record))
    text = re.sub(r"\s", "", "".join(pages))

    assert len(pages) == 8
    assert all("续页" in page and record.doc_no in page for page in pages[1:])
    assert re.sub(r"\s", "", record.enterprise.name) in text
    assert all(f"{number}．" in text for number in range(1, 19))
    assert all(photo.sha256 in text for photo in record.photos)


def test_the_signature_block_never_stands_alone_on_a_page() -> None:
    for count in range(1, 24):
        demands = tuple(
            replace(examples.ORDER.demands[0], number=number) for number in range(1, count + 1)
        )
        pages = pages_of(pdf_of("rectification_order", replace(examples.ORDER, demands=demands)))
        last = pages[len(pages) // 2 - 1]

        assert "行政诉讼" in last
        assert "执法人员（签名）" in last


def test_an_order_is_signed_by_hand_and_receipted_with_its_time() -> None:
    pages = rectification_order.TEMPLATE.layout(examples.ORDER, set())

    text = joined(pdf_of("rectification_order", examples.ORDER))

    assert text.count("执法人员（签名）：") == 4  # two officers, two copies
    assert "被检查单位负责人（签名）：签收时间：年月日时" in text
    assert "拒签、代收等情况：" in text
    assert "签名时间" not in text
    assert not [mark for page in pages for mark in page.marks if isinstance(mark, Strokes)]


@pytest.mark.parametrize("said", ["", "，积灰严重" * 9, "，积灰严重" * 23])
def test_no_page_of_an_order_but_the_last_ends_half_empty(said: str) -> None:
    for count in range(1, 24):
        demands = tuple(
            replace(examples.ORDER.demands[0], number=number) for number in range(1, count + 1)
        )
        first = replace(demands[0], text=demands[0].text + said)
        order = replace(examples.ORDER, demands=(first, *demands[1:]))
        pages = rectification_order.TEMPLATE.layout(order, set())

        for page in pages[: len(pages) // 2 - 1]:
            lines = [m.y for m in page.marks if isinstance(m, Text) and m.y < HEIGHT - BOTTOM]
            assert HEIGHT - BOTTOM - max(lines) < 60, f"{count} problems"


@pytest.mark.parametrize("measure", ["suspend", "withdraw", "stop_use"])
def test_a_record_names_no_decision_that_was_not_made(measure: str) -> None:
    major = replace(examples.PROBLEMS[0], measure=measure)

    text = joined(pdf_of("inspection_record", replace(examples.RECORD, problems=(major,))))

    assert "须由本机关另行作出书面决定，本记录不代替该决定" in text
    assert "现场处理措施决定书" not in text


def test_empty_fields_are_printed_as_blanks() -> None:
    bare = replace(
        examples.RECORD,
        draw_no="",
        enterprise=replace(examples.ENTERPRISE, legal_person="", position="", phone=""),
        problems=(),
        unchecked=(),
        not_applicable=(),
        settled=(),
        attendants=(),
        notes=(),
        photos=(),
        signatures=(),
    )

    text = joined(pdf_of("inspection_record", bare))

    assert "本次检查未发现问题" in text
    assert "联系电话：" in text


def test_a_photo_that_cannot_be_shown_is_stated_with_its_hash() -> None:
    text = joined(render("inspection_record", to_json(examples.RECORD), {}))

    assert "图像无法显示，原始文件见电子案卷" in text
    assert examples.PHOTOS[0].sha256 in text


def test_a_character_without_a_glyph_stops_the_document_and_names_its_field() -> None:
    bad = replace(examples.PROBLEMS[1], text="未佩戴口罩😷")
    facts = replace(examples.RECORD, problems=(examples.PROBLEMS[0], bad))

    with pytest.raises(MissingGlyph) as caught:
        pdf_of("inspection_record", facts)

    assert "😷" in str(caught.value)
    assert "存在的问题" in str(caught.value)
    assert "第2条" in str(caught.value)


def test_bad_facts_are_refused_by_naming_every_wrong_field() -> None:
    plain = to_json(examples.ORDER)
    del plain["court"]
    plain["demands"][0]["number"] = "一"
    plain["colour"] = "red"

    with pytest.raises(BadFacts) as caught:
        render("rectification_order", plain)

    message = str(caught.value)
    assert "court" in message
    assert "demands[1].number" in message
    assert "colour" in message


def test_an_unknown_kind_or_version_is_refused() -> None:
    with pytest.raises(UnknownKind):
        render("parking_ticket", {})
    with pytest.raises(UnknownKind):
        render("inspection_record", to_json(examples.RECORD), version="1999.1")


def test_a_watermark_stands_on_every_page() -> None:
    pages = pages_of(pdf_of("rectification_order", examples.ORDER, watermark="样张"))

    assert all("样" in page and "张" in page for page in pages)


def test_personal_data_is_marked_in_the_facts() -> None:
    marked = personal_fields(TEMPLATES["inspection_record"].facts)

    assert "enterprise.phone" in marked
    assert "officers.name" in marked
    assert "signatures.strokes" in marked
    assert "enterprise.uscc" not in marked


def test_the_file_carries_title_and_its_own_date() -> None:
    document = pypdfium2.PdfDocument(pdf_of("inspection_record", examples.RECORD))
    meta = document.get_metadata_dict()
    document.close()

    assert meta["Title"] == "现场检查记录 （苏·云）应急检记〔2026〕1号"
    assert meta["CreationDate"] == "D:20260302142000+08'00'"


def test_names_beyond_the_bmp_can_be_copied_from_the_file() -> None:
    named = replace(examples.ENTERPRISE, legal_person="赵𫖯𫍯")

    text = joined(pdf_of("inspection_record", replace(examples.RECORD, enterprise=named)))

    assert "赵𫖯𫍯" in text


def test_many_signers_and_a_long_refusal_flow_on_with_nothing_lost() -> None:
    reason = "对检查结论有异议䶮，" * 200
    signers = tuple(
        replace(examples.signature("witness", f"见证人{n}", "", n), position="居民委员会")
        for n in range(1, 15)
    )
    facts = replace(
        examples.RECORD, signatures=(*examples.SIGNATURES[:2], examples.refused(reason), *signers)
    )

    text = joined(pdf_of("inspection_record", facts))

    assert text.count("䶮") == 200
    assert all(f"见证人{n}居民委员会" in text for n in range(1, 15))


def test_a_long_caption_flows_on_below_its_picture() -> None:
    long = replace(examples.PHOTOS[0], caption="灰斗内积灰䶮。" * 600)
    facts = replace(examples.RECORD, photos=(long, *examples.PHOTOS[1:]))

    text = joined(pdf_of("inspection_record", facts))

    assert text.count("䶮") == 600
    assert examples.PHOTOS[3].sha256 in text


def test_nothing_stands_outside_the_margins_of_the_sheet() -> None:
    for facts in (examples.RECORD, examples.crowded()):
        for page in inspection_record.TEMPLATE.layout(
            facts, {photo.sha256 for photo in facts.photos}
        ):
            for mark in page.marks:
                if isinstance(mark, Text):
                    assert mark.x >= SIDE - 0.01
                    assert mark.x + mark.line.width <= WIDTH - SIDE + 0.01, mark.line.text
                    assert 50 < mark.y < HEIGHT - 36


def test_no_two_lines_of_text_overlap() -> None:
    for facts in (examples.RECORD, examples.crowded()):
        for page in inspection_record.TEMPLATE.layout(
            facts, {photo.sha256 for photo in facts.photos}
        ):
            boxes = [
                (mark.x, mark.y - mark.size * 0.8, mark.x + mark.line.width, mark.y)
                for mark in page.marks
                if isinstance(mark, Text) and mark.line.text.strip()
            ]
            for index, (left, top, right, low) in enumerate(boxes):
                for other in boxes[index + 1 :]:
                    apart = right <= other[0] or other[2] <= left
                    assert apart or low <= other[1] + 0.5 or other[3] <= top + 0.5


if __name__ == "__main__":
    for name, example in EXAMPLES.items():
        (HERE / f"{name}.txt").write_text(text_of(pdf_of(name, example)), "utf-8")
