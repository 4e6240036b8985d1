"""How severe a finding is, and whether it may stand as noted."""

from dataclasses import replace
from datetime import date

import pytest

from forms.evaluate import ON_SITE_MEASURES
from inspect_server.domain.enums import FindingLevel
from inspect_server.domain.findings.grading import FREE, Grade, fault_of
from inspect_server.domain.inspection import ON_SITE, Finding

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


def test_checklists_and_the_bureau_know_the_same_measures_on_site() -> None:
    assert ON_SITE == ON_SITE_MEASURES


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
        ({"level": "major"}, FREE, "没有现场处理措施"),
        ({"level": "major", "measure": ""}, STAR, "没有现场处理措施"),
        (
            {"level": "major", "measure": "rectify_within", "further_measures": ("suspend",)},
            FREE,
            "没有现场处理措施",
        ),
    ],
)
def test_what_cannot_stand_is_named(changed: dict[str, object], grade: Grade, fault: str) -> None:
    assert fault in fault_of(replace(FINDING, **changed), grade, DAY)


FIRE = Grade(FindingLevel.GENERAL, is_certain=True, note="", refer_to="fire")
REFERRED = replace(FINDING, measure="refer", deadline="")


@pytest.mark.parametrize(
    ("changed", "grade", "fault"),
    [
        ({"measure": "rectify_within"}, FIRE, "改为线索移送"),
        ({"measure": "rectify_now"}, FIRE, "改为线索移送"),
        ({"level": "major"}, FIRE, "改为一般"),
        ({"penalty_basis": "第六十条"}, FIRE, "删去处罚依据"),
        ({"deadline": "2026-03-20"}, FIRE, "删去整改期限"),
        ({"basis": ""}, FIRE, "依据"),
        ({"penalty_basis": "第六十条"}, FREE, "删去处罚依据"),
        ({}, STAR, "不能作线索移送"),
        ({}, replace(FIRE, refer_to=""), "不能作线索移送"),
    ],
)
def test_what_others_enforce_is_only_referred(
    changed: dict[str, object], grade: Grade, fault: str
) -> None:
    assert fault in fault_of(replace(REFERRED, **changed), grade, DAY)


@pytest.mark.parametrize("grade", [FIRE, FREE])
def test_a_referral_needs_neither_deadline_nor_penalty(grade: Grade) -> None:
    assert fault_of(REFERRED, grade, DAY) == ""
    assert fault_of(replace(REFERRED, corrected_on_site=True), grade, DAY) == ""


def test_a_star_is_lowered_where_a_condition_was_judged_and_the_reason_written() -> None:
    assert fault_of(FINDING, replace(STAR, is_certain=False), DAY) == ""


def test_raising_a_level_needs_no_reason() -> None:
    raised = replace(FINDING, level="major", measure="withdraw")

    assert fault_of(raised, FREE, DAY) == ""


def test_what_was_corrected_on_the_spot_needs_no_deadline() -> None:
    assert fault_of(replace(FINDING, deadline="", corrected_on_site=True), FREE, DAY) == ""
