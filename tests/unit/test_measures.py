"""What a finding is met with: its name, and whether it binds only by a decision of its own."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest

from inspect_server.domain import law
from inspect_server.domain.findings.grading import fault_of_measures
from inspect_server.domain.inspection import ON_SITE
from inspect_server.domain.saying import MEASURE_NAMES, in_words, measure_name, measures_named
from pdf_templates.check import inspection_record
from sync.values import FindingValue
from sync.values.schemas import ORDERED
from tests.unit.test_grading import DAY, FINDING

VECTORS = Path(__file__).parents[1] / "vectors"
CASES: list[dict[str, Any]] = json.loads((VECTORS / "measures.json").read_text(encoding="utf-8"))
SEVERAL: list[dict[str, Any]] = json.loads(
    (VECTORS / "measures_together.json").read_text(encoding="utf-8")
)


def test_the_vectors_have_every_measure_of_both_levels_corrected_and_not() -> None:
    measures = get_args(FindingValue.__annotations__["measure"])

    assert {(one["level"], one["measure"], one["corrected_on_site"]) for one in CASES} == {
        (level, measure, is_corrected)
        for level in ("general", "major")
        for measure in measures
        for is_corrected in (True, False)
    }
    assert set(measures) == set(MEASURE_NAMES) == set(inspection_record.MEASURES)


@pytest.mark.parametrize("case", CASES, ids=lambda one: "-".join(map(str, list(one.values())[:3])))
def test_the_office_has_the_rule_and_the_words_of_the_phone(case: dict[str, Any]) -> None:
    noted = {name: case[name] for name in ("level", "measure", "corrected_on_site")}
    finding = replace(FINDING, **noted)

    assert finding.needs_decision is case["needs_decision"]
    assert measure_name(case["measure"], case["level"]) == case["word"]


def test_a_major_hazard_is_removed_and_a_violation_put_right_in_what_is_told_of_them() -> None:
    value = {"level": "general", "text": "未设置", "measure": "rectify_now"}

    assert "处理措施：责令立即改正" in in_words("finding/x", value)
    assert "处理措施：责令立即排除" in in_words("finding/x", value | {"level": "major"})


@pytest.mark.parametrize("case", SEVERAL, ids=lambda one: one["word"] + "-" + one["level"])
def test_of_several_measures_office_and_phone_say_and_refuse_the_same(case: dict[str, Any]) -> None:
    noted = {name: case[name] for name in ("level", "measure")}
    finding = replace(FINDING, **noted, further_measures=tuple(case["further_measures"]))
    together = law.items("finding.measures_together", DAY)

    assert fault_of_measures(finding, together) == case["fault"]
    assert measures_named(finding.measure, finding.further_measures, finding.level) == case["word"]
    assert finding.needs_decision is case["needs_decision"]
    assert in_words("finding/x", {"text": "未设置", **case}).count(case["word"]) == 1


def test_what_the_law_lets_stand_together_is_what_a_major_hazard_is_met_with_in_its_order() -> None:
    together = law.items("finding.measures_together", DAY)

    assert set(together) == ON_SITE
    assert sorted(together, key=ORDERED.index) == list(together)
    assert set(ORDERED) == set(get_args(FindingValue.__annotations__["measure"])) - {"refer"}
