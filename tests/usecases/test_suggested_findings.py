"""From answers to findings: wording, level, basis, day; what others enforce is referred."""

from datetime import date, timedelta

from forms.load import packaged
from inspect_server.usecases.inspecting.suggested_findings import suggested_findings

VISIT = date(2026, 11, 23)
FAIL = {"result": "fail", "reason": "", "note": ""}


def test_a_major_failure_asks_for_measures_and_supervision_and_has_its_day() -> None:
    form = packaged().get("ammonia-refrigeration", 1)

    _, (found,) = suggested_findings(form, {"A01": FAIL}, VISIT)

    assert found.suggestion.level == "major"
    assert found.suggestion.is_supervised
    assert found.suggestion.measure == ""
    assert found.period is not None
    assert found.period.last_day > VISIT
    assert found.suggestion.basis.startswith("《工贸企业重大事故隐患判定标准》")


def test_what_others_enforce_has_their_name_and_neither_day_nor_penalty() -> None:
    form = packaged().get("ammonia-refrigeration", 1)

    _, (found,) = suggested_findings(form, {"A07": FAIL}, VISIT)

    assert found.referred_to == "市场监督管理部门"
    assert found.period is None
    assert found.suggestion.penalty_basis == ""


def test_every_failure_of_every_packaged_checklist_can_be_noted_as_suggested() -> None:
    for form in packaged():
        answers = {item.code: FAIL for item in form.judged}
        trades = {"result": "given", "given": ["steel", "nonferrous", "deep_casting", "foundry"]}

        found, findings = suggested_findings(form, {**answers, "M00": trades}, VISIT)

        assert len(findings) == len(form.judged)
        for one in findings:
            assert one.suggestion.wording
            assert one.suggestion.basis
            at_once = one.suggestion.measure == "rectify_now"
            assert (one.period is None) == (at_once or bool(one.referred_to))
            if one.period is not None:
                assert VISIT < one.period.last_day <= VISIT + timedelta(days=90)
        assert found.missing == ()
