"""What answers mean, case by case."""

from datetime import date
from pathlib import Path

import pytest

from forms.evaluate import Evaluation, Fault, Found, Progress, Suggestion, evaluate
from forms.load import packaged
from forms.model import Form
from tests.unit.forms_examples import item, sample

DAY = date(2026, 3, 2)
PASS: dict[str, object] = {"result": "pass", "reason": "", "note": ""}
FAIL: dict[str, object] = {"result": "fail", "reason": "", "note": ""}
RECTIFY = Found(level="general", measure="rectify_within")


def check(
    form: Form,
    answers: dict[str, dict[str, object]],
    photos: dict[str, int] | None = None,
    findings: dict[str, list[Found]] | None = None,
    on: date = DAY,
) -> Evaluation:
    return evaluate(form, answers, on=on, photos=photos or {}, findings=findings or {})


def faults(evaluation: Evaluation) -> list[tuple[str, Fault]]:
    return [(invalid.code, invalid.fault) for invalid in evaluation.invalid]


def only(evaluation: Evaluation) -> Suggestion:
    (suggestion,) = evaluation.suggestions
    return suggestion


def test_unanswered_items_are_missing_in_the_order_of_the_paper(tmp_path: Path) -> None:
    form = sample(tmp_path, item("A03"), item("A02"))

    result = check(form, {"A03": PASS})

    assert result.missing == ("A01", "A02")
    assert not result.is_complete


def test_a_checklist_with_every_item_answered_soundly_is_complete(tmp_path: Path) -> None:
    form = sample(tmp_path, item("A02"), item("A03"), item("A04"))
    answers = {
        "A01": PASS,
        "A02": FAIL,
        "A03": {"result": "not_applicable"},
        "A04": {"result": "not_checked", "reason": "停产检修"},
    }

    result = check(form, answers, photos={"A02": 1}, findings={"A02": [RECTIFY]})

    assert result.is_complete
    assert result.progress == Progress(
        total=4, answered=4, passed=1, failed=1, not_applicable=1, not_checked=1, given=0
    )


@pytest.mark.parametrize("reason", ["", "  ", None])
def test_not_checked_needs_a_reason(tmp_path: Path, reason: str | None) -> None:
    result = check(sample(tmp_path), {"A01": {"result": "not_checked", "reason": reason}})

    assert faults(result) == [("A01", Fault.REASON_MISSING)]
    assert result.invalid[0].message == "未检查的条目应写明原因，请补填。"


VALUE = {"result": "given", "given": "x"}


@pytest.mark.parametrize("answer", [{"result": "ok"}, {}, {"result": 1}, {"result": None}, VALUE])
def test_an_unknown_result_is_invalid_and_not_counted(
    tmp_path: Path, answer: dict[str, object]
) -> None:
    result = check(sample(tmp_path), {"A01": answer})

    assert faults(result) == [("A01", Fault.UNKNOWN_RESULT)]
    assert result.missing == ()
    assert result.progress.answered == 0


def test_an_answer_to_an_item_of_another_version_is_invalid(tmp_path: Path) -> None:
    result = check(sample(tmp_path), {"A01": PASS, "A77": PASS})

    assert faults(result) == [("A77", Fault.UNKNOWN_ITEM)]
    assert result.progress.total == 1


def test_a_failure_needs_a_finding_and_a_photo(tmp_path: Path) -> None:
    result = check(sample(tmp_path), {"A01": FAIL})

    assert faults(result) == [("A01", Fault.FINDING_MISSING), ("A01", Fault.PHOTO_MISSING)]


def test_a_failure_needs_as_many_photos_as_the_item_says(tmp_path: Path) -> None:
    form = sample(tmp_path, item("A02", photos_on_failure="2"))
    answers = {"A01": PASS, "A02": FAIL}

    one = check(form, answers, photos={"A02": 1}, findings={"A02": [RECTIFY]})
    two = check(form, answers, photos={"A02": 2}, findings={"A02": [RECTIFY]})

    assert faults(one) == [("A02", Fault.PHOTO_MISSING)]
    assert one.invalid[0].message == "不符合的条目应拍照取证，请补拍至少2张。"
    assert two.is_complete


def test_an_item_that_passed_needs_no_photo_and_suggests_nothing(tmp_path: Path) -> None:
    result = check(sample(tmp_path), {"A01": PASS})

    assert result.is_complete
    assert result.suggestions == ()


def test_a_failure_suggests_wording_basis_penalty_and_deadline(tmp_path: Path) -> None:
    assert only(check(sample(tmp_path), {"A01": FAIL})) == Suggestion(
        code="A01",
        wording="不符合",
        level="general",
        refer_to="",
        to_confirm=(),
        basis="《示例法》第三十六条",
        device_basis="",
        penalty_basis="《示例法》第九十九条第（二）项",
        to_verify=(),
        measure="rectify_within",
        deadline=10,
        correctable_on_site=False,
    )


def test_a_deadline_may_be_a_law_value_that_the_caller_looks_up(tmp_path: Path) -> None:
    form = sample(tmp_path, item("A02", rectify='"deadline.some_days"'))

    assert only(check(form, {"A02": FAIL})).deadline == "deadline.some_days"


def test_what_can_be_put_right_on_site_is_ordered_at_once(tmp_path: Path) -> None:
    form = sample(tmp_path, item("A02", correctable_on_site="true"))

    assert only(check(form, {"A02": FAIL})).measure == "rectify_now"


@pytest.mark.parametrize("measure", ["rectify_now", "suspend", "withdraw", "stop_use"])
def test_a_major_failure_needs_a_measure_on_site(tmp_path: Path, measure: str) -> None:
    form = sample(tmp_path, item("A02", major='"yes"'))
    answers, photos = {"A01": PASS, "A02": FAIL}, {"A02": 1}
    later = Found(level="major", measure="rectify_within")

    assert faults(check(form, answers, photos, {"A02": [later]})) == [
        ("A02", Fault.MEASURE_MISSING)
    ]
    assert faults(check(form, answers, photos)) == [
        ("A02", Fault.FINDING_MISSING),
        ("A02", Fault.MEASURE_MISSING),
    ]
    assert check(form, answers, photos, {"A02": [Found("major", measure)]}).is_complete


def test_every_major_finding_of_an_item_needs_its_own_measure(tmp_path: Path) -> None:
    form = sample(tmp_path, item("A02", major='"yes"'))
    found = [Found("major", "suspend"), Found("major", "rectify_within")]

    result = check(form, {"A01": PASS, "A02": FAIL}, {"A02": 1}, {"A02": found})

    assert faults(result) == [("A02", Fault.MEASURE_MISSING)]


def test_a_general_finding_beside_a_major_one_may_be_rectified_later(tmp_path: Path) -> None:
    form = sample(tmp_path, item("A02", major='"yes"'))
    found = [Found("major", "suspend"), RECTIFY]

    assert check(form, {"A01": PASS, "A02": FAIL}, {"A02": 1}, {"A02": found}).is_complete


def test_a_major_failure_without_conditions_cannot_be_called_general(tmp_path: Path) -> None:
    form = sample(tmp_path, item("A02", major='"yes"'))
    found = [Found("general", "rectify_now")]

    result = check(form, {"A01": PASS, "A02": FAIL}, {"A02": 1}, {"A02": found})

    assert faults(result) == [("A02", Fault.LEVEL_TOO_LOW)]


def test_a_major_failure_with_a_condition_may_be_called_general(tmp_path: Path) -> None:
    form = sample(tmp_path, item("A02", major='"yes"', major_note='"仅限有毒作业"'))

    result = check(form, {"A01": PASS, "A02": FAIL}, {"A02": 1}, {"A02": [RECTIFY]})

    assert result.is_complete
    assert only(result).level == "major"
    assert only(result).to_confirm == ("仅限有毒作业",)


def test_a_possible_one_is_general_until_the_officer_says_major(tmp_path: Path) -> None:
    form = sample(tmp_path, item("A02", major='"possible"', major_note='"结合情形"'))
    answers, photos = {"A01": PASS, "A02": FAIL}, {"A02": 1}

    general = check(form, answers, photos, {"A02": [RECTIFY]})
    major = check(form, answers, photos, {"A02": [Found("major", "rectify_within")]})

    assert general.is_complete
    assert (only(general).level, only(general).to_confirm) == ("general", ("结合情形",))
    assert faults(major) == [("A02", Fault.MEASURE_MISSING)]


def test_a_citation_out_of_force_on_the_day_is_not_printed(tmp_path: Path) -> None:
    both = (
        '[{ law = "old-law", article = "第五条", verified = true },'
        ' { law = "law", article = "第三十六条", verified = true }]'
    )
    form = sample(tmp_path, item("A02", basis=both))

    before = only(check(form, {"A02": FAIL}, on=date(2026, 6, 30)))
    after = only(check(form, {"A02": FAIL}, on=date(2026, 7, 1)))

    assert before.basis == "《旧规定》（第1号）第五条；《示例法》第三十六条"
    assert after.basis == "《示例法》第三十六条"


def test_an_unverified_citation_gives_way_to_a_verified_one(tmp_path: Path) -> None:
    both = (
        '[{ law = "standard", article = "", verified = false },'
        ' { law = "law", article = "第三十六条", verified = true }]'
    )
    form = sample(tmp_path, item("A02", basis=both, penalties='[{ code = "P2" }, { code = "P1" }]'))

    result = only(check(form, {"A02": FAIL}))

    assert result.basis == "《示例法》第三十六条"
    assert result.penalty_basis == "《示例法》第九十九条"
    assert result.to_verify == ()


def test_where_nothing_is_verified_the_citation_is_named_as_such(tmp_path: Path) -> None:
    standard = '[{ law = "standard", article = "", verified = false }]'
    form = sample(tmp_path, item("A02", basis=standard, penalties='[{ code = "P2" }]'))

    result = only(check(form, {"A02": FAIL}))

    assert result.basis == "《示例标准》（GB 0-2020）"
    assert result.to_verify == ("《示例标准》（GB 0-2020）", "《示例法》")


def test_a_failed_device_cites_the_device_clause_beside_the_basis(tmp_path: Path) -> None:
    form = sample(tmp_path, item("A02", major='"yes"', device_clause="true"))

    result = only(check(form, {"A02": FAIL}))

    assert result.device_basis == "《示例法》第十四条"
    assert "第十四条" not in result.basis


def test_a_possible_device_item_asks_whether_a_listed_device_failed(tmp_path: Path) -> None:
    device = item("A02", major='"possible"', major_note='"结合情形"', device_clause="true")

    result = only(check(sample(tmp_path, device), {"A02": FAIL}))

    assert result.to_confirm[0] == "结合情形"
    assert "失效或者无效的，依据《示例法》第十四条判定为重大事故隐患" in result.to_confirm[1]


def levels(name: str, *failed: str) -> dict[str, str]:
    form = packaged().get(name, 1)
    answers = {item.code: FAIL if item.code in failed else PASS for item in form.items}
    return {suggestion.code: suggestion.level for suggestion in check(form, answers).suggestions}


def test_dust_layers_are_major_only_with_the_cleaning_rules_not_carried_out() -> None:
    assert levels("dust-explosion", "F11") == {"F11": "general"}
    assert levels("dust-explosion", "F11B") == {"F11B": "general"}
    assert levels("dust-explosion", "F11", "F11B") == {"F11": "major", "F11B": "major"}


def test_confined_spaces_are_major_only_without_both_register_and_warning_signs() -> None:
    assert levels("confined-space", "Y01") == {"Y01": "general"}
    assert levels("confined-space", "Y02") == {"Y02": "general"}
    assert levels("confined-space", "Y01", "Y02") == {"Y01": "major", "Y02": "major"}


def test_confined_spaces_are_major_only_where_poisoning_threatens() -> None:
    form = packaged().get("confined-space", 1)
    answers = {item.code: FAIL for item in form.items}
    article_13 = [s for s in check(form, answers).suggestions if "第十三条第（" in s.basis]

    assert [s.code for s in article_13] == ["Y01", "Y02", "Y03", "Y04", "Y05"]
    assert all("硫化氢、一氧化碳等中毒风险" in s.to_confirm[0] for s in article_13)


def test_combined_items_that_do_not_all_fail_ask_for_nothing_to_confirm() -> None:
    form = packaged().get("confined-space", 1)

    assert only(check(form, {"Y01": FAIL})).to_confirm == ()


def test_a_dust_collector_without_explosion_control_is_major_with_its_article() -> None:
    result = only(check(packaged().get("dust-explosion", 1), {"F04": FAIL}))

    assert result.level == "major"
    assert result.basis == (
        "《工贸企业重大事故隐患判定标准》（应急管理部令第10号）第十一条第（三）项；"
        "《工贸企业粉尘防爆安全规定》（应急管理部令第6号）第十七条第一款；"
        "《中华人民共和国安全生产法》第三十六条第一款"
    )
    assert result.penalty_basis == "《中华人民共和国安全生产法》第九十九条第（二）项"
    assert result.device_basis.endswith("第十四条")
