"""How severe a finding is, and whether it may stand as noted."""

from dataclasses import replace
from datetime import date

import pytest

from inspect_server.domain.enums import FindingLevel
from inspect_server.domain.findings.grading import FREE, Grade, fault_of
from inspect_server.domain.inspection import Finding

DAY = date(2026, 3, 5)
FINDING = Finding(
    id="finding/1",
    item="answer/f/A1",
    level="general",
    text="未设置警示标志",
    place="一号池",
    basis="第六条",
    penalty_basis="",
    measure="rectify_within",
    deadline="2026-03-05",
    corrected_on_site=False,
    photos=(),
)
STAR = Grade(FindingLevel.MAJOR, is_certain=True, note="原因")


def test_a_deadline_on_the_day_of_the_visit_stands() -> None:
    assert fault_of(FINDING, FREE, DAY) == ""


@pytest.mark.parametrize(
    ("changed", "grade", "fault"),
    [
        ({"deadline": ""}, FREE, "没有整改期限"),
        ({"deadline": "2026-03-04"}, FREE, "早于检查日"),
        ({"text": " "}, FREE, "问题描述"),
        ({"place": ""}, FREE, "部位"),
        ({"basis": ""}, FREE, "依据"),
        ({}, STAR, "不得降为一般"),
        ({"corrected_on_site": True}, STAR, "不得降为一般"),
        ({}, replace(STAR, is_certain=False, note=" "), "写明理由"),
    ],
)
def test_what_cannot_stand_is_named(changed: dict[str, object], grade: Grade, fault: str) -> None:
    assert fault in fault_of(replace(FINDING, **changed), grade, DAY)


def test_a_star_is_lowered_where_a_condition_was_judged_and_the_reason_written() -> None:
    assert fault_of(FINDING, replace(STAR, is_certain=False), DAY) == ""


def test_raising_a_level_needs_no_reason() -> None:
    assert fault_of(replace(FINDING, level="major"), FREE, DAY) == ""


def test_what_was_corrected_on_the_spot_needs_no_deadline() -> None:
    assert fault_of(replace(FINDING, deadline="", corrected_on_site=True), FREE, DAY) == ""
