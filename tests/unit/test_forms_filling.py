"""What follows from answers: what is asked, calculated, missing and wrong, whatever their order."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forms.errors import BadDefinition
from forms.evaluate import Fault, Found, evaluate
from forms.evaluation.filling import Filling, State
from forms.evaluation.judging import MOST_ROWS, Entry
from forms.model import Form
from sync.values import given as given_values
from tests.unit.forms_examples import item, sample

TODAY = "2026-11-23"
PASS = {"result": "pass", "reason": "", "note": ""}
FAIL = {"result": "fail", "reason": "", "note": ""}


def asked(code: str, kind: str, **fields: str) -> str:
    """Return the TOML of an item that is no check; values are strings but for a list or table."""
    lines = {"code": code, "kind": kind, "question": f"{code}？"} | fields
    quoted = {name: value if value[0] in "[{" else f'"{value}"' for name, value in lines.items()}
    body = "\n".join(f"{name} = {value}" for name, value in quoted.items())
    return f"\n[[sections.items]]\n{body}\n"


CHOICES = """
[[choice_lists]]
name = "gas"
choices = [
    { name = "o2", label = "氧" },
    { name = "co", label = "一氧化碳", columns = [["toxic", "yes"]] },
    { name = "h2s", label = "硫化氢", columns = [["toxic", "yes"]] },
]
"""


def form_of(folder: Path, *items: str) -> Form:
    return sample(folder, *items, CHOICES)


def value(given: Any) -> dict[str, Any]:
    return {"result": "given", "reason": "", "note": "", "given": given}


def filled(form: Form, **answers: dict[str, Any]) -> State:
    filling = Filling(form, TODAY)
    for code, answer in answers.items():
        filling.answer(code, answer)
    return filling.state()


def test_who_gives_a_blank_has_not_answered(tmp_path: Path) -> None:
    needed = {"required": "true()"}
    columns = '[{ code = "T1", kind = "text", question = "名称" }]'
    form = form_of(
        tmp_path,
        asked("A", "text", **needed),
        asked("B", "decimal", **needed),
        asked("C", "select_multiple", choices="gas", **needed),
        asked("T", "repeat", columns=columns, **needed),
    )
    every = ("A", "B", "C", "T")

    for blank in ("", " \u3000\n", None, []):
        answers = {"A01": PASS} | {code: value([] if code == "T" else blank) for code in every}
        assert filled(form, **answers).missing == every, blank
        found = evaluate(form, answers, on=date(2026, 11, 23), photos={}, findings={})
        assert (found.progress.answered, found.progress.given) == (1, 0)
    not_asked = {"result": "not_applicable", "reason": "", "note": ""}
    for said in (
        dict.fromkeys(every, not_asked),
        {"A": value("无"), "B": value("x"), "C": value(["o2"]), "T": value("x")},
    ):
        assert filled(form, A01=PASS, **said).missing == ()


def refusal(folder: Path, *items: str) -> tuple[str, str]:
    with pytest.raises(BadDefinition) as caught:
        form_of(folder, *items)
    return caught.value.facts["field"], caught.value.facts["reason"]


def test_an_item_is_asked_only_while_its_condition_holds(tmp_path: Path) -> None:
    form = form_of(tmp_path, asked("B01", "text", relevant="${A01} = 'fail'"))

    assert filled(form).visible == ("A01",)
    assert filled(form, A01=FAIL).visible == ("A01", "B01")
    assert filled(form, A01=PASS).visible == ("A01",)


def test_the_answer_to_an_item_that_is_not_asked_counts_as_blank(tmp_path: Path) -> None:
    form = form_of(
        tmp_path,
        asked("B01", "text", relevant="${A01} = 'fail'"),
        asked("B02", "text", relevant="${B01} != ''"),
    )

    assert filled(form, A01=FAIL, B01=value("x")).visible == ("A01", "B01", "B02")
    assert filled(form, A01=PASS, B01=value("x")).visible == ("A01",)


def test_a_condition_may_look_at_what_stands_further_down(tmp_path: Path) -> None:
    form = form_of(
        tmp_path,
        asked("B01", "text", relevant="${B02} > 3"),
        asked("B02", "integer"),
    )

    assert filled(form, B02=value("4")).visible == ("A01", "B01", "B02")


def test_a_section_and_all_within_it_is_asked_only_while_its_condition_holds(
    tmp_path: Path,
) -> None:
    section = '\n[[sections]]\ntitle = "有毒气体"\nrelevant = "${B01} = \'co\'"\n'
    form = form_of(
        tmp_path, asked("B01", "select_one", choices="gas"), section, item("C01"), item("C02")
    )

    assert filled(form, B01=value("o2")).visible == ("A01", "B01")
    assert filled(form, B01=value("co")).missing == ("A01", "C01", "C02")


def test_a_calculated_value_follows_from_answers_and_from_other_calculated_ones(
    tmp_path: Path,
) -> None:
    form = form_of(
        tmp_path,
        asked("B01", "decimal"),
        asked("B02", "calculate", calculation="${B01} * 2"),
        asked("B03", "calculate", calculation="if(${B02} > 10, '高', '低')"),
    )

    assert filled(form, B01=value("5.5")).calculated == {"B02": "11", "B03": "高"}
    assert filled(form).calculated == {"B02": "", "B03": "低"}


def test_conditions_that_need_each_other_are_refused(tmp_path: Path) -> None:
    field, reason = refusal(
        tmp_path,
        asked("B01", "text", relevant="${B02} = ''"),
        asked("B02", "text", relevant="${B01} = ''"),
    )

    assert field == "relevant"
    assert reason == "互相依赖，成了循环：B01、B02，请改用其他条目"


@pytest.mark.parametrize(
    ("fields", "field", "reason"),
    [
        ({"relevant": "${B09} = ''"}, "relevant", "没有名为“B09”的条目，请核对 ${…} 内的名称"),
        ({"relevant": ". = ''"}, "relevant", "此处不能用“.”指本条目自己的值，请改用其他条目的值"),
        ({"unit": "℃"}, "unit", "只有数值条目才有单位和范围"),
        ({"choices": "gas"}, "choices", "只有选择题才有选项"),
        ({"finding": "问题"}, "finding", "只有检查项或者写明 fails_if 的条目才有这个字段"),
    ],
)
def test_fields_that_do_not_fit_the_item_are_refused(
    tmp_path: Path, fields: dict[str, str], field: str, reason: str
) -> None:
    assert refusal(tmp_path, asked("B01", "text", **fields)) == (field, reason)


def test_a_bad_expression_is_refused_with_its_character(tmp_path: Path) -> None:
    field, reason = refusal(tmp_path, asked("B01", "text", relevant="${A01} = now()"))

    assert (field, reason[:7]) == ("relevant", "第10个字符：")


def test_a_column_that_a_list_does_not_have_is_refused(tmp_path: Path) -> None:
    one = asked("B01", "select_one", choices="gas", choice_filter="colour = 'red'")

    assert refusal(tmp_path, one) == ("choice_filter", "选项表“gas”没有“colour”这一列")


def test_only_choices_that_pass_the_filter_are_offered_and_accepted(tmp_path: Path) -> None:
    form = form_of(
        tmp_path,
        asked("B01", "text"),
        asked("B02", "select_one", choices="gas", choice_filter="${B01} = '' or toxic = ${B01}"),
    )
    filling = Filling(form, TODAY)
    everything = [choice.name for choice in filling.entry("B02").choices]
    filling.answer("B01", value("yes"))
    filling.answer("B02", value("o2"))

    assert everything == ["o2", "co", "h2s"]
    assert [choice.name for choice in filling.entry("B02").choices] == ["co", "h2s"]
    assert [one.reason for one in filling.state().wrong] == ["没有“o2”这个选项"]


@pytest.mark.parametrize(
    ("fields", "given", "reason"),
    [
        ({"kind": "integer"}, "1.5", "应为整数"),
        ({"kind": "integer"}, 1, "应为整数"),
        ({"kind": "decimal"}, "1e3", "应为数值"),
        ({"kind": "decimal", "least": "0", "most": "20.90", "unit": "%"}, "21", "应在0至20.9%之间"),
        ({"kind": "decimal", "least": "100", "unit": "℃"}, "99.9", "应不小于100℃"),
        ({"kind": "decimal", "most": "24"}, "25", "应不大于24"),
        ({"kind": "date"}, "2026-02-30", "应为 YYYY-MM-DD 的日期"),
        ({"kind": "time"}, "24:00", "应为 HH:MM 的时间"),
        ({"kind": "dateTime"}, "2026-11-23T09:00:00", "应为带时区的日期时间"),
        ({"kind": "geopoint"}, {"latitude": "91", "longitude": "0"}, "经纬度超出范围"),
        ({"kind": "signature"}, {"name": "张三", "strokes": []}, "应为手写签名"),
        ({"kind": "select_one", "choices": "gas"}, "n2", "没有“n2”这个选项"),
        ({"kind": "select_multiple", "choices": "gas"}, ["o2", "o2"], "有重复的选项"),
        ({"kind": "select_multiple", "choices": "gas"}, ["o2", "n2"], "没有“n2”这个选项"),
        ({"kind": "acknowledge"}, "yes", "应为“OK”"),
        ({"kind": "date", "constraint": ". <= today()"}, "2026-11-24", "不符合填写要求"),
        (
            {
                "kind": "text",
                "constraint": "regex(., '[A-Z]{2}')",
                "constraint_message": "两个字母",
            },
            "a",
            "两个字母",
        ),
    ],
)
def test_a_value_that_cannot_stand_says_what_would(
    tmp_path: Path, fields: dict[str, str], given: Any, reason: str
) -> None:
    form = form_of(tmp_path, asked("B01", **fields))

    wrong = filled(form, B01=value(given)).wrong

    assert [(one.code, one.row, one.reason) for one in wrong] == [("B01", 0, reason)]


def test_a_value_that_cannot_stand_is_not_held_against_an_item_that_is_not_asked(
    tmp_path: Path,
) -> None:
    form = form_of(tmp_path, asked("B01", "integer", relevant="${A01} = 'fail'"))

    assert filled(form, A01=PASS, B01=value("x")).wrong == ()


def test_a_required_value_is_missing_until_given_or_said_why_not(tmp_path: Path) -> None:
    form = form_of(tmp_path, asked("B01", "text", required="${A01} = 'pass'"))
    not_checked = {"result": "not_checked", "reason": "停产", "note": ""}

    assert filled(form, A01=PASS).missing == ("B01",)
    assert filled(form, A01=FAIL).missing == ()
    assert filled(form, A01=PASS, B01=value("x")).missing == ()
    assert filled(form, A01=PASS, B01=not_checked).missing == ()


def test_photos_are_the_answer_to_an_item_that_asks_for_one(tmp_path: Path) -> None:
    form = form_of(
        tmp_path, asked("B01", "image", required="yes"), asked("B02", "text", relevant="${B01} > 1")
    )
    filling = Filling(form, TODAY)
    filling.answer("A01", PASS)
    before = filling.state()
    filling.attach("B01", 2)

    assert before.missing == ("B01",)
    assert filling.state().missing == ()
    assert "B02" in filling.state().visible


def test_photos_and_answers_count_the_same_in_any_order(tmp_path: Path) -> None:
    form = form_of(tmp_path, asked("B01", "image", required="yes"))
    not_applicable = {"result": "not_applicable", "reason": "", "note": ""}
    one, other, none = (Filling(form, TODAY) for _ in range(3))
    one.attach("B01", 2)
    one.answer("B01", not_applicable)
    other.answer("B01", not_applicable)
    other.attach("B01", 2)
    none.answer("B01", not_applicable)
    none.attach("B01", 0)

    assert one.worked().own == other.worked().own == ["", "2"]
    assert one.state() == other.state()
    assert none.state().missing == ("A01",)


def test_a_text_is_no_photo(tmp_path: Path) -> None:
    form = form_of(tmp_path, asked("B01", "image", required="yes"))
    state = filled(form, A01=PASS, B01=value("x"))

    assert state.missing == ("B01",)
    assert [(one.code, one.reason) for one in state.wrong] == [
        ("B01", "应以照片、录音等附件作答，不能填写")
    ]


@pytest.mark.parametrize(
    "answer", [value("2000-01-01"), {"result": "not_applicable", "reason": "", "note": ""}]
)
def test_the_day_of_the_visit_is_answered_by_nobody(tmp_path: Path, answer: dict[str, Any]) -> None:
    form = form_of(tmp_path, asked("B01", "today"))
    filling = Filling(form, TODAY)
    filling.answer("B01", answer)
    refused = filling.state().wrong
    kept = filling.worked().own
    filling.answer("B01", None)

    assert [one.reason for one in refused] == ["不由人填写"]
    assert kept == filling.worked().own == ["", TODAY]
    assert filling.state().wrong == ()


@pytest.mark.parametrize("result", [[], {}, 5, None, True])
def test_a_result_of_another_type_is_told_and_no_crash(tmp_path: Path, result: object) -> None:
    form = form_of(tmp_path, asked("B01", "text"))

    found = evaluate(
        form,
        {"A01": {"result": result}, "B01": {"result": result}},
        on=date(2026, 11, 23),
        photos={},
        findings={},
    )

    assert [(one.code, one.fault) for one in found.invalid] == [
        ("A01", Fault.UNKNOWN_RESULT),
        ("B01", Fault.VALUE_MISSING),
    ]


def test_progress_counts_what_was_taken_and_not_what_is_calculated(tmp_path: Path) -> None:
    form = form_of(
        tmp_path,
        asked("B01", "image"),
        asked("B02", "decimal"),
        asked("B03", "decimal", calculation="${B02} * 2"),
    )

    found = evaluate(
        form,
        {"A01": PASS, "B02": value("3")},
        on=date(2026, 11, 23),
        photos={"B01": 1},
        findings={},
    )

    assert (found.progress.total, found.progress.answered, found.progress.given) == (3, 3, 2)


TABLE = """
[[sections.items]]
code = "T01"
kind = "repeat"
question = "检测点"
columns = [
    { code = "T02", kind = "text", question = "位置", required = "true()" },
    { code = "T03", kind = "decimal", question = "浓度", constraint = ". >= 0" },
    { code = "T04", kind = "text", question = "原因", relevant = "${T03} > 20", required = "yes" },
    { code = "T05", kind = "calculate", calculation = "position(..) * 10" },
]
"""


def test_each_row_of_a_table_has_its_own_conditions_and_is_a_list_outside(tmp_path: Path) -> None:
    form = form_of(
        tmp_path,
        TABLE,
        asked("B01", "calculate", calculation="sum(${T03})"),
        asked("B02", "calculate", calculation="count(${T01})"),
        asked("B03", "calculate", calculation="max(${T05})"),
    )
    rows = [{"T02": "坑底", "T03": "5.5"}, {"T02": "井口", "T03": "25", "T04": "未通风"}]

    state = filled(form, A01=PASS, T01=value(rows))

    assert state.wrong == ()
    assert state.calculated == {"B01": "30.5", "B02": "2", "B03": "20"}


def test_rows_are_as_many_as_their_count_says(tmp_path: Path) -> None:
    counted = TABLE.replace("columns", 'count = "${N01}"\ncolumns')
    form = form_of(tmp_path, counted, asked("N01", "text"))
    row = {"T02": "坑底"}

    def told(count: str, *rows: dict[str, str]) -> list[str]:
        state = filled(form, A01=PASS, N01=value(count), T01=value(list(rows)))
        return [*state.missing, *(one.reason for one in state.wrong)]

    for count, rows, expected in (
        ("2", (row, row), []),
        ("2", (row,), ["应为2行，现为1行"]),
        ("0", (row,), ["应为0行，现为1行"]),
        ("2", (), ["T01"]),
        ("0", (), []),
        ("201", (row,), ["应为200行，现为1行"]),
        *((none, rows, []) for none in ("", "许多", "-1", "1.5") for rows in ((), (row,))),
    ):
        assert told(count, *rows) == expected, count
    assert MOST_ROWS == given_values.MOST  # what no phone can send is asked of nobody


def test_a_value_stands_on_a_step_from_the_least(tmp_path: Path) -> None:
    form = form_of(tmp_path, asked("B01", "range", least="0.1", step="0.1", unit="℃"))

    for slid, stands in (("0.1", True), ("0.3", True), ("12345678.7", True), ("0.25", False)):
        wrong = [one.reason for one in filled(form, B01=value(slid)).wrong]
        assert wrong == ([] if stands else ["应为从0.1起每隔0.1℃的数"]), slid


def test_entering_is_locked_and_prefilled_and_no_answer_is_wrong_by_it(tmp_path: Path) -> None:
    fields = {"read_only": "${A01} = 'pass'", "default": "concat('甲', 1)", "required": "yes"}
    locked = TABLE.replace('"位置",', '"位置", read_only = "position(..) > 1", default = "坑底",')
    form = form_of(tmp_path, asked("B01", "text", **fields), locked)
    filling = Filling(form, TODAY)
    before = filling.entry("B01")
    filling.answer("B01", value("乙"))
    filling.answer("A01", PASS)
    filling.answer("T01", value([{"T02": "井口"}, {"T02": "井口"}]))

    assert before == Entry(read_only=False, prefilled="甲1", rows=None, choices=())
    assert filling.entry("B01") == replace(before, read_only=True)
    assert [filling.entry("T02", row).read_only for row in (1, 2)] == [False, True]
    assert filling.entry("T02", 1).prefilled == "坑底"
    assert (filling.state().missing, filling.state().wrong) == ((), ())
    for code, rows in (("Z99", ()), ("T02", ()), ("T02", (0,)), ("T02", (3,)), ("B01", (1,))):
        with pytest.raises(LookupError):
            filling.entry(code, *rows)


def test_what_is_wrong_in_a_row_names_the_row(tmp_path: Path) -> None:
    form = form_of(tmp_path, TABLE)
    rows = [{"T02": "坑底", "T03": "-1"}, {"T03": "25"}, {"T02": "井口", "T09": "x"}]

    wrong = filled(form, A01=PASS, T01=value(rows)).wrong

    assert [(one.row, one.reason) for one in wrong] == [
        (1, "“浓度”不符合填写要求"),
        (2, "“位置”未填写"),
        (2, "“原因”未填写"),
        (3, "没有“T09”这一列"),
    ]


def test_checks_cannot_stand_in_the_rows_of_a_table(tmp_path: Path) -> None:
    check = item("C01").replace("[[sections.items]]", "[[sections.items.columns]]")
    table = '\n[[sections.items]]\ncode = "T01"\nkind = "repeat"\nquestion = "表"\n'

    assert refusal(tmp_path, table + check) == ("columns", "检查项“C01”不能放在表格的行内")


MEASURED = item(
    "B01",
    kind='"decimal"',
    question='"氨气浓度（毫克每立方米）"',
    fails_if='". > 20"',
    finding='"作业场所氨气浓度超标。"',
)


def test_a_measured_value_that_fails_becomes_a_finding(tmp_path: Path) -> None:
    form = form_of(tmp_path, MEASURED)

    found = evaluate(
        form,
        {"A01": PASS, "B01": value("35")},
        on=date(2026, 11, 23),
        photos={"B01": 1},
        findings={"B01": [Found("general", "rectify_within")]},
    )

    assert [(one.code, one.wording) for one in found.suggestions] == [
        ("B01", "作业场所氨气浓度超标。")
    ]
    assert found.is_complete
    assert filled(form, A01=PASS, B01=value("20")).failed == ()


FOREIGN = item("B01", competence='"market_supervision"', finding='"压力容器未登记。"', major='"no"')


def foreign(folder: Path) -> Form:
    cut = "\n".join(
        line for line in FOREIGN.splitlines() if not line.startswith(("penalties", "rectify"))
    )
    return form_of(folder, cut)


def test_what_others_enforce_is_referred_and_neither_penalised_nor_rectified(
    tmp_path: Path,
) -> None:
    found = evaluate(
        foreign(tmp_path), {"A01": PASS, "B01": FAIL}, on=date(2026, 11, 23), photos={}, findings={}
    )

    (referral,) = found.suggestions
    assert (referral.refer_to, referral.measure) == ("market_supervision", "refer")
    assert (referral.penalty_basis, referral.deadline, referral.is_supervised) == ("", 0, False)


def test_a_finding_about_what_others_enforce_that_is_not_referred_cannot_stand(
    tmp_path: Path,
) -> None:
    found = evaluate(
        foreign(tmp_path),
        {"A01": PASS, "B01": FAIL},
        on=date(2026, 11, 23),
        photos={"B01": 1},
        findings={"B01": [Found("general", "rectify_within")]},
    )

    (fault,) = found.invalid
    assert fault.fault is Fault.NOT_REFERRED
    assert fault.message == "该问题不属于应急管理部门查处，请改为线索移送（市场监督管理部门）。"


@pytest.mark.parametrize("field", ["penalties", "rectify"])
def test_what_others_enforce_can_have_neither_penalty_nor_period_here(
    tmp_path: Path, field: str
) -> None:
    cut = "\n".join(
        line
        for line in FOREIGN.splitlines()
        if not line.startswith({"penalties", "rectify"}.difference({field}).pop())
    )

    assert refusal(tmp_path, cut)[0] == field


def test_every_major_hazard_of_the_bureau_is_supervised(tmp_path: Path) -> None:
    form = form_of(tmp_path, item("B01", major='"yes"'))

    found = evaluate(
        form, {"A01": FAIL, "B01": FAIL}, on=date(2026, 11, 23), photos={}, findings={}
    )

    assert [(one.code, one.is_supervised) for one in found.suggestions] == [
        ("A01", False),
        ("B01", True),
    ]


MIXED = (
    asked("B01", "decimal", relevant="${A01} != 'pass'", constraint=". < 90"),
    asked("B02", "select_multiple", choices="gas", required="${B01} > 20"),
    item("C01", major='"yes"', major_needs='["C02"]', relevant='''"selected(${B02}, 'co')"'''),
    item("C02", major='"yes"', major_needs='["C01"]'),
    asked("B03", "calculate", calculation="count-selected(${B02}) + coalesce(${B01}, 0)"),
    asked("B04", "text", relevant="${B03} > 2 and ${C02} = 'fail'"),
    TABLE,
    asked("B05", "text", required="sum(${T03}) > 10"),
)
checks = st.sampled_from([PASS, FAIL, {"result": "not_applicable", "reason": "", "note": ""}])
numbers = st.integers(0, 100).map(str)
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "A01": checks,
        "B01": numbers.map(value),
        "B02": st.lists(st.sampled_from(["o2", "co", "h2s"]), unique=True).map(value),
        "C01": checks,
        "C02": checks,
        "B04": st.text(max_size=3).map(value),
        "T01": st.lists(
            st.fixed_dictionaries({}, optional={"T02": st.just("x"), "T03": numbers}), max_size=3
        ).map(value),
        "B05": st.just(value("x")),
    },
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ANSWERS, ANSWERS, st.randoms(use_true_random=False))
def test_any_order_of_answers_ends_in_the_same_items_and_findings(
    tmp_path: Path, first: dict[str, Any], last: dict[str, Any], rng: Any
) -> None:
    form = form_of(tmp_path, *MIXED)
    final = {**first, **last}
    one, other = Filling(form, TODAY), Filling(form, TODAY)
    for code, answer in [*first.items(), *last.items()]:
        one.answer(code, answer)
        one.state()  # looking at it in between changes nothing
    codes = list(final)
    rng.shuffle(codes)
    for code in codes:
        other.answer(code, final[code])

    assert one.state() == other.state()

    def meaning(order: list[str]) -> object:
        return evaluate(
            form,
            {code: final[code] for code in order},
            on=date(2026, 11, 23),
            photos={},
            findings={},
        )

    assert meaning(codes) == meaning(sorted(codes))


@given(ANSWERS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_taking_every_answer_back_leaves_the_blank_checklist(
    tmp_path: Path, answers: dict[str, Any]
) -> None:
    form = form_of(tmp_path, *MIXED)
    filling = Filling(form, TODAY)
    for code, answer in answers.items():
        filling.answer(code, answer)
    for code in answers:
        filling.answer(code, None)

    assert filling.state() == Filling(form, TODAY).state()
