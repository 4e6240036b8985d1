"""What the engine refuses to write, and what conformance changes in a file."""

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pikepdf
import pytest

from pdf_templates.file.conformance import PDFA_1B
from pdf_templates.file.document import Document, Meta, text
from pdf_templates.setting.page import FORM
from tests.pdfa.checker import check
from tests.pdfa.sound import FACTS, META, small

SECONDS = timezone(timedelta(hours=8, minutes=5, seconds=43))
"""The mean time of Shanghai, which was in use until 1901."""


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 3, 2, 14, 20),  # noqa: DTZ001
        datetime(2026, 3, 2, 14, 20, tzinfo=SECONDS),
    ],
)
def test_a_moment_that_a_pdf_cannot_say_is_refused(moment: datetime) -> None:
    with pytest.raises(ValueError, match="offset"):
        Meta("检查记录", "云湾区应急管理局", "检查记录", moment)


@pytest.mark.parametrize("char", ["\0", "\r", "\x1b"])
def test_a_text_that_xml_cannot_say_is_refused(char: str) -> None:
    with pytest.raises(ValueError, match="control character"):
        Meta(f"检查{char}记录", "云湾区应急管理局", "检查记录", datetime(2026, 3, 2, tzinfo=UTC))


def test_a_text_string_reads_back_as_it_was() -> None:
    for said in ("plain", "(both) \\ sides", "two\nlines\r", "云湾区", "赵𫖯", ""):
        with pikepdf.new() as pdf:
            pdf.Root.Said = pikepdf.Object.parse(text(said).encode("ascii"))

            assert str(pdf.Root.Said) == said


def test_a_file_that_may_hold_none_takes_no_other_files() -> None:
    with pytest.raises(ValueError, match="PDF/A-1"):
        Document(META, [FACTS], PDFA_1B)


def test_files_inside_are_found_by_name_in_whatever_order_they_came() -> None:
    names = ("照片.jpg", "b.json", "(a).json", "目录.xml", "a.json")
    document = Document(META, [replace(FACTS, name=name) for name in names])
    document.add_page("0 g", FORM, "<< >>")

    assert check(document.finish()) == []


def test_a_twin_has_the_same_pages_and_no_facts() -> None:
    with (
        pikepdf.open(io.BytesIO(small())) as one,
        pikepdf.open(io.BytesIO(small(PDFA_1B))) as twin,
    ):
        assert [page.Contents.read_bytes() for page in one.pages] == [
            page.Contents.read_bytes() for page in twin.pages
        ]
        assert (one.pdf_version, twin.pdf_version) == ("1.7", "1.4")
        assert "/AF" in one.Root
        assert not {"/AF", "/Names"} & set(twin.Root.keys())


def test_the_same_pages_give_the_same_bytes() -> None:
    assert small() == small()
