"""Links, bookmarks and page labels lead to the pages that they name."""

import io
from datetime import UTC, datetime

import pikepdf
import pytest

from pdf_templates.file.document import Meta
from pdf_templates.file.drawing import write
from pdf_templates.file.outline import Bookmark, Label
from pdf_templates.setting.page import FORM, REASONED, Link, Page, Paper
from pdf_templates.setting.records import left_aligned

META = Meta("电子案卷", "云湾区应急管理局", "电子案卷", datetime(2026, 3, 16, tzinfo=UTC))


def page(said: str, *links: Link, paper: Paper = FORM) -> Page:
    return Page.of((left_aligned(said, 10.5, 100, "body"), *links), paper)


def written(
    pages: list[Page], outline: tuple[Bookmark, ...] = (), labels: tuple[Label, ...] = ()
) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(write(pages, META, {}, outline=outline, labels=labels)))


def number_of(pdf: pikepdf.Pdf, destination: pikepdf.Object) -> int:
    return [one.objgen for one in pdf.pages].index(destination[0].objgen) + 1


def test_a_link_leads_to_a_page_that_comes_later_and_keeps_the_zoom() -> None:
    contents = page("目录", Link(84.0, 90.0, 427.0, 21.0, 3))
    pdf = written([contents, page("一"), page("二", paper=REASONED)])
    (link,) = pdf.pages[0].Annots

    assert number_of(pdf, link.Dest) == 3
    assert [str(link.Dest[1]), float(link.Dest[3]), link.Dest[4]] == ["/XYZ", 841.89, None]
    high = FORM.height - 90
    assert [*map(float, link.Rect)] == pytest.approx([84, high - 21, 511, high], abs=0.01)


def test_a_link_has_what_pdf_a_asks_of_an_annotation() -> None:
    pdf = written([page("目录", Link(84.0, 90.0, 427.0, 21.0, 1))])
    (link,) = pdf.pages[0].Annots

    assert (str(link.Subtype), int(link.F), [*map(int, link.Border)]) == ("/Link", 4, [0, 0, 0])
    assert pdf.pages[0].Annots[0].is_indirect


def test_the_outline_names_every_bookmark_at_its_page() -> None:
    below = (Bookmark("第一张", 2), Bookmark("（续）", 3))
    outline = (Bookmark("封面", 1), Bookmark("现场照片", 2, below), Bookmark("备考表", 3))
    pdf = written([page("一"), page("二"), page("三")], outline)

    with pdf.open_outline() as found:
        shown = [
            (item.title, number_of(pdf, item.destination), item.is_closed, len(item.children))
            for item in found.root
        ]
        inner = [(item.title, number_of(pdf, item.destination)) for item in found.root[1].children]
    assert shown == [("封面", 1, False, 0), ("现场照片", 2, True, 2), ("备考表", 3, False, 0)]
    assert inner == [("第一张", 2), ("（续）", 3)]
    assert str(pdf.Root.PageMode) == "/UseOutlines"


def test_labels_call_the_pages_what_is_printed_on_them() -> None:
    labels = (Label(2, "目录", None), Label(1, "封面", None), Label(3), Label(5, "附-", 7))
    pdf = written([page("一") for _ in range(5)], labels=labels)

    assert [one.label for one in pdf.pages] == ["封面", "目录", "1", "2", "附-7"]


def test_a_file_without_ways_has_none() -> None:
    pdf = written([page("一")])

    assert not {"/Outlines", "/PageMode", "/PageLabels"} & set(pdf.Root.keys())
    assert "/Annots" not in pdf.pages[0]


@pytest.mark.parametrize("number", [0, 2])
def test_a_page_that_there_is_not_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="no page"):
        written([page("一", Link(0, 0, 9, 9, number))])
    with pytest.raises(ValueError, match="no page"):
        written([page("一")], (Bookmark("二", number),))


def test_labels_that_leave_the_first_page_out_are_refused() -> None:
    with pytest.raises(ValueError, match="no label"):
        written([page("一"), page("二")], labels=(Label(2),))
