"""What a checklist says that can never hold: told to its author, refused nowhere."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.definition import possible
from forms.definition.codes import is_sendable
from forms.definition.doubts import doubts
from forms.definition.tables import Table
from forms.expressions.evaluating import Scope, compile_condition
from forms.expressions.values import Value, to_number
from forms.load import packaged
from forms.model import Choice, ChoiceList, Condition, Form, Item, Kind, Result, Section
from sync.ids import is_item
from tests.unit import varied_forms

GASES = ChoiceList(
    "gases",
    (Choice("o2", "氧气", (("site", "a"),)), Choice("co", "一氧化碳"), Choice("10", "其他")),
)
SUBJECTS = (
    Item("C03", Kind.CHECK, "检查项"),
    Item("G1", Kind.SELECT_ONE, "气体", choices="gases"),
    Item("G2", Kind.SELECT_MULTIPLE, "气体", choices="gases"),
    Item("N1", Kind.INTEGER, "数量", least="0", most="100"),
    Item("N2", Kind.DECIMAL, "长度"),
    Item("D1", Kind.DATE, "日期"),
    Item("T1", Kind.TIME, "时间"),
    Item("M1", Kind.MOMENT, "时刻"),
    Item("K1", Kind.ACKNOWLEDGE, "确认"),
    Item("P1", Kind.PHOTO, "照片"),
    Item("R1", Kind.TABLE, "清单", columns=(Item("R1a", Kind.TEXT, "名称"),)),
    Item("X1", Kind.TEXT, "文字"),
    Item("H1", Kind.HIDDEN, "", default=Condition("x", ("text", "x"))),
    Item("W1", Kind.INTEGER, "合计", calculation=Condition("1", ("number", "1"))),
)
RESULTS = "答案是 pass、fail、not_applicable、not_checked"
CHOSEN = "选项是 o2、co、10"
TAKEN = "值是附件的个数（1以上的整数，没有的写作 ''）"
ROWS = "“R1”是表格，这里比较的是每一行的行号，不是行数"


def condition(text: str, field: str = "relevant") -> Condition:
    table = Table({field: text}, "file", "item")
    read = {"choice_filter": table.filter, "default": table.starting_value}
    found = read.get(field, table.condition)(field)
    assert found is not None
    return found


def form(*members: Item | Section, lists: tuple[ChoiceList, ...] = (GASES,)) -> Form:
    sections = (Section("第一节", members),)
    return Form("x", 1, "x", date(2026, 1, 1), None, (), None, sections, choice_lists=lists)


def told(*members: Item | Section, lists: tuple[ChoiceList, ...] = (GASES,)) -> list[str]:
    return [str(doubt) for doubt in doubts(form(*members, lists=lists))]


def of_relevant(text: str) -> str:
    """Return what is said of an item that is shown under this condition, without its name."""
    last = Item("Z", Kind.NOTE, "说明", relevant=condition(text))
    return "\n".join(told(*SUBJECTS, last)).replace("条目 Z的显示条件：", "")


def test_a_constant_that_is_none_of_the_values_is_told_with_those_that_are() -> None:
    never = {
        "${C03} = '不符合'": f"“C03”的{RESULTS}，不会是“不符合”，请改写为 'fail'",
        "'FAIL' != ${C03}": f"“C03”的{RESULTS}，不会是“FAIL”，请改写为 'fail'",
        "${C03} = 1": f"“C03”的{RESULTS}，不会是1，请改写",
        "selected(${C03}, '合格')": f"“C03”的{RESULTS}，不会是“合格”，请改写",
        "not(if(1 = 1 or ${G1} = 'nh3', true(), ${N1} > 3))": (
            f"“G1”的{CHOSEN}，不会是“nh3”，请改写"
        ),
        "selected(${G2}, '氧气')": f"“G2”的{CHOSEN}，不会是“氧气”，请改写为 'o2'",
        "${G2} = 'o2 nh3'": f"“G2”的{CHOSEN}，不会是“o2 nh3”，请改写",
        "${G1} > 10": f"“G1”的{CHOSEN}，不会大于10，请改写",
        "${C03} > 1": f"“C03”的{RESULTS}，不能与1比较大小，请改写",
        "${N1} = '高'": "“N1”的值是0至100的整数，不会是“高”，请改写",
        "${N1} = -1": "“N1”的值是0至100的整数，不会是-1，请改写",
        "${N1} = 1.5": "“N1”的值是0至100的整数，不会是1.5，请改写",
        "100 < ${N1}": "“N1”的值是0至100的整数，不会大于100，请改写",
        "${D1} = '2026/1/1'": "“D1”的值是 2026-01-01 这样的日期，不会是“2026/1/1”，请改写",
        "${T1} = '8:00'": "“T1”的值是 08:30 这样的时间，不会是“8:00”，请改写",
        "${T1} > 8": "“T1”的值是 08:30 这样的时间，不能与8比较大小，请改写",
        "${K1} = 'yes'": "“K1”的值是 OK，不会是“yes”，请改写",
        "${P1} = 0": f"“P1”的{TAKEN}，不会是0，请改写",
        "${P1} = '有'": f"“P1”的{TAKEN}，不会是“有”，请改写",
        "1 > ${P1}": f"“P1”的{TAKEN}，不会小于1，请改写",
        "${R1} >= 3": f"{ROWS}，请写成 count(${{R1}}) >= 3",
        "${R1} = ''": (
            f"{ROWS}，请改写：有行的写成 count(${{R1}}) > 0，没有行的写成 count(${{R1}}) = 0"
        ),
        "${X1} > '高'": ("“高”不是数值，也不是 2026-01-01 这样的日期，不能比较大小，请改写"),
    }

    assert {text: of_relevant(text) for text in never} == never


def test_what_is_read_otherwise_than_aloud_is_told_with_what_was_meant() -> None:
    whole = "请写成完整的比较"
    two = "请用 and 连接两个比较"
    bare = "没有写与谁比较，始终成立"
    no_size = "的一边是另一个比较，比较的结果不是数值，不能再比较大小"
    told_of = {
        "${C03} = 'fail' or 'pass'": (
            f"or 连接的“pass”{bare}，请写成 ${{C03}} = 'fail' or ${{C03}} = 'pass'"
        ),
        "${C03} != 'fail' and 'pass'": (
            f"and 连接的“pass”{bare}，请写成 ${{C03}} != 'fail' and ${{C03}} != 'pass'"
        ),
        "${N2} = 1 or -2 or 3": (
            f"or 连接的-2、3{bare}，请写成 ${{N2}} = 1 or ${{N2}} = -2 or ${{N2}} = 3"
        ),
        "selected(${G2}, 'o2') or 'co'": (
            f"or 连接的“co”{bare}，请写成 selected(${{G2}}, 'o2') or selected(${{G2}}, 'co')"
        ),
        "'fail' or ${C03} = 'pass'": f"or 连接的“fail”{bare}，{whole}",
        "${C03} = 'fail' and (0 or ${X1} = 'a')": (
            f"or 连接的0没有写与谁比较，始终不成立，{whole}"
        ),
        "0 < ${N2} < 10": f"“<”{no_size}，请写成 0 < ${{N2}} and ${{N2}} < 10",
        "0 < (1 < abs(${N2}))": f"“<”{no_size}，{two}",
        "${C03} = ${G1} = 'fail'": (
            "“=”的一边是另一个比较，只有成立和不成立两种结果，不会是“fail”，"
            "请写成 ${C03} = 'fail' and ${G1} = 'fail'"
        ),
        "'fail'": "整个条件只有“fail”，始终成立，请改写为完整的条件",
        "not(0)": "not() 的条件只有0，始终不成立，请改写为完整的条件",
    }

    assert {text: of_relevant(text) for text in told_of} == told_of
    assert told(Item("Z", Kind.CALCULATE, "", calculation=condition("'x'", "calculation"))) == []


def test_what_may_hold_is_not_told() -> None:
    for text in (
        "${C03} = 'fail' and ${C03} != ''",
        "${G1} = '' or selected(${G2}, ' ') or ${N1} = ''",
        "${G1} = 10 or ${G1} >= 10 or ${G2} = 'co o2' or selected(${G2}, 'co')",
        "${N1} = '5' or ${N1} <= 0 or ${N1} >= 100 or ${N2} = 1.5",
        "${D1} = '2026-01-01' or ${D1} > '2026-01-01' or ${T1} = '08:00' or ${K1} = 'OK'",
        "${X1} = '不符合' or ${H1} = '不符合' or ${W1} = '不符合' or ${W1} > 5",
        "${P1} > 0 or ${P1} = 2 or ${P1} = '' or count(${R1}) = 0 or ${R1} or true()",
        "(${N2} > 3) = true() or (${N2} = 1) = (${X1} = 'a') or ${N2} + 1 < 5",
        "coalesce(${C03}, '无') = '无' or ${C03} = ${X1} or 'a' = 'b' or ${C03} = true()",
    ):
        assert of_relevant(text) == "", text


def test_every_condition_is_looked_at_wherever_it_stands() -> None:
    wrong = condition("${G1} = 'nh3'")
    never = f"“G1”的{CHOSEN}，不会是“nh3”，请改写"
    inner = Item("B", Kind.TEXT, "列", name="cell", constraint=condition("${G1} = 'nh3'"))
    rows = Item("A", Kind.TABLE, "表", columns=(Section("", (inner,), "in", wrong),), count=wrong)
    note = Item(
        "Z",
        Kind.SELECT_ONE,
        "题",
        choices="gases",
        required=wrong,
        read_only=wrong,
        default=condition("if(${G1} = 'nh3', 'o2', 'co')", "default"),
        choice_filter=condition("site = 'b' or name = ${G1} or label = '氧气'", "choice_filter"),
        fails_if=condition(". = 'nh3' or . = 'nh3'"),
        constraint=condition("selected(., 'co')"),
    )

    assert told(SUBJECTS[1], Section("组", (rows, note), relevant=wrong)) == [
        f"章节“组”的显示条件：{never}",
        f"条目 A的表格行数：{never}",
        f"章节“in”的显示条件：{never}",
        f"条目 B的填写要求：{never}",
        f"条目 Z的必填：{never}",
        f"条目 Z的只读：{never}",
        f"条目 Z的默认值：{never}",
        "条目 Z的选项筛选：选项表“gases”中“site”一列的内容是 a，不会是“b”，请改写",
        f"条目 Z的不符合条件：本条目的{CHOSEN}，不会是“nh3”，请改写",
    ]


def test_a_default_that_is_none_of_the_values_is_told() -> None:
    sound = {"C03": "pass", "G1": "o2", "G2": "o2 co", "N1": "5", "D1": "2026-01-01", "X1": "符合"}
    wrong = {"C03": "符合", "G1": "nh3", "G2": "o2 nh3", "N1": "101", "D1": "2026.1.1"}

    def with_defaults(texts: dict[str, str]) -> list[str]:
        every = {code: condition(text, "default") for code, text in texts.items()}
        return told(*(replace(one, default=every.get(one.code)) for one in SUBJECTS[:-2]))

    assert with_defaults(sound) == []
    assert [line[: line.index("：")] for line in with_defaults(wrong)] == [
        f"条目 {code}的默认值" for code in wrong
    ]
    assert with_defaults(wrong)[0].endswith("不会是“符合”，请改写为 pass")


def test_what_judges_a_check_beside_its_answer_is_told() -> None:
    always = condition(". = 'fail'")

    assert told(replace(SUBJECTS[0], fails_if=always, constraint=always)) == [
        "条目 C03的不符合条件：检查项只在答“不符合”时为不符合，这个条件不起作用，请删去，"
        "或者改用单选、数值等类型",
        "条目 C03的填写要求：检查项的答案不按填写要求核对，这个条件不起作用，请删去",
    ]


def test_what_is_required_and_can_never_be_given_is_told() -> None:
    yes, no = condition("true()"), condition("false()")
    needed, locked = (Item("X2", Kind.TEXT, "题", required=one) for one in (yes, no))
    check = Item("C04", Kind.CHECK, "项", read_only=yes)
    rows = Item("A", Kind.TABLE, "表", columns=(replace(needed, read_only=yes),))
    reason = "必填而只读，又没有默认值，谁也填不了，检查不能完成，请删去只读，或者写明默认值"

    assert told(check, rows) == [f"条目 C04的只读：{reason}", f"条目 X2的只读：{reason}"]
    assert (
        told(needed, replace(locked, read_only=yes, code="X3"), replace(check, required=no)) == []
    )
    assert told(replace(needed, read_only=yes, default=condition("无", "default"))) == []
    assert told(replace(needed, read_only=yes, calculation=condition("1 + 1"))) == []
    assert told(SUBJECTS[0], replace(needed, read_only=condition("${C03} = 'pass'"))) == []


def test_a_list_of_check_results_with_other_names_is_told() -> None:
    item = Item("A1", Kind.SELECT_ONE, "题", choices="check_result")
    chinese = ChoiceList("check_result", (Choice("符合", "符合"), Choice("不符合", "不符合")))
    whole = ChoiceList("check_result", tuple(Choice(one, one) for one in Result))
    judged = replace(item, fails_if=condition(". = '不符合'"))

    assert told(item, lists=(chinese,)) == [
        "选项表“check_result”：选项代码不是pass、fail、not_applicable、not_checked这四个，"
        "条目 A1是普通单选，不会不符合；要作检查项的，请改用这四个代码；"
        "不是检查项的，请给选项表改名"
    ]
    assert told(item, lists=(whole,)) == told(judged, lists=(chinese,)) == []


def test_a_code_that_no_phone_can_send_is_told_with_what_codes_are_made_of() -> None:
    columns = (Item("数量", Kind.INTEGER, "数量"),)
    found = list(doubts(form(SUBJECTS[0], Item("叉车01", Kind.TABLE, "叉车", columns=columns))))

    assert [(one.part, one.field, one.spot) for one in found] == [("条目 叉车01", "code", 2)]
    assert found[0].reason == (
        "手机不能按这个编号上报结果，不能发布，请改为以英文字母开头，"
        "由英文字母、数字、点、横线、下划线组成，不超过48个字符的编号"
    )


@given(st.text("aZ09_-.·A叉\n/", max_size=5) | st.integers(47, 50).map("a".__mul__))
def test_phones_carry_the_codes_that_the_protocol_has_words_for(code: str) -> None:
    assert is_sendable(code) == is_item(f"answer/{'x' * 48}/{code}")


def test_nothing_of_the_packaged_checklists_is_doubtful() -> None:
    assert {form.ref: list(doubts(form)) for form in packaged()} == {
        form.ref: [] for form in packaged()
    }


@settings(max_examples=15)
@given(varied_forms.forms())
def test_any_checklist_can_be_doubted(form: Form) -> None:
    for doubt in doubts(form):
        assert str(doubt).startswith(doubt.part)
        assert "请" in doubt.reason


SAMPLES: dict[str, list[Value]] = {
    "C03": [*(one.value for one in Result)],
    "G1": ["o2", "co", "10"],
    "G2": ["o2", "co", "10", "o2 co", "co o2", "10 o2 co"],
    "N1": [float(number) for number in range(101)],
    "D1": ["2026-01-01", "1970-01-11", "1970-01-02"],
    "T1": ["08:00", "23:59"],
    "M1": ["2026-01-01T08:00Z"],
    "K1": ["OK"],
    "P1": [float(number) for number in range(1, 101)],
}
CONSTANTS = ["fail", "FAIL", "o2", "nh3", "o2 co", "o2 o2", " co", "1", "10", "-1", "2026-01-01"]
CONSTANTS += ["08:00", "2026-01-01T08:00Z", "OK", "高", " "]
literals = st.sampled_from([*map(repr, CONSTANTS), "1", "10", "-1", "0", "100", "1.5", "20454"])
comparisons = st.builds(
    lambda name, sign, literal, is_turned: (
        name,
        f"{literal} {sign} ${{{name}}}" if is_turned else f"${{{name}}} {sign} {literal}",
    ),
    st.sampled_from(sorted(SAMPLES)),
    st.sampled_from(["=", "<", "<=", ">", ">="]),
    literals,
    st.booleans(),
) | st.builds(
    lambda name, literal: (name, f"selected(${{{name}}}, {literal})"),
    st.sampled_from(sorted(SAMPLES)),
    literals,
)


@settings(max_examples=300)
@given(comparisons)
def test_what_is_doubted_holds_for_no_value_and_of_a_closed_list_nothing_else(
    drawn: tuple[str, str],
) -> None:
    name, text = drawn
    holds = compile_condition(condition(text).tree)
    values: list[Value] = ["", *SAMPLES[name]]
    ever = any(holds(Scope({name: value})) for value in values)

    if of_relevant(text):
        assert not ever
    elif name in ("C03", "G1", "N1", "K1"):
        assert ever


def test_a_long_list_is_read_once_however_often_it_is_compared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calls: list[object] = []

    def counted(value: Value) -> float:
        calls.append(value)
        return to_number(value)

    monkeypatch.setattr(possible, "to_number", counted)
    many = ChoiceList("many", tuple(Choice(str(number), "项") for number in range(500)))
    form = replace(packaged().get("dust-explosion", 1), choice_lists=(many,))
    names = possible.Answers(form).of(Item("S", Kind.SELECT_ONE, "选", choices="many"))

    assert names is not None
    for number in range(500):
        assert names.can_be(float(number))
        assert names.can_stand(">=", float(number))
    assert not names.can_stand(">", 499.0)
    assert len(calls) < 3 * 500
