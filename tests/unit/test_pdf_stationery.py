"""What documents ask of any stationery."""

import pytest

from pdf_templates.setting.page import Text
from pdf_templates.setting.reasoned import REASONED_SHEET
from pdf_templates.setting.records import RECORDS
from pdf_templates.setting.stationery import Stationery


@pytest.mark.parametrize("on", [RECORDS, REASONED_SHEET])
def test_a_headline_stands_in_hei_and_stays_with_what_it_heads(on: Stationery) -> None:
    strips = on.headline("二、查明的违法事实和证据")

    faces = {
        piece.face
        for strip in strips
        for mark in strip.marks
        if isinstance(mark, Text)
        for piece in mark.line.pieces
    }
    assert faces == {"hei"}
    assert all(strip.keep for strip in strips)
