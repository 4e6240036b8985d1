"""What changed between two versions of a checklist, and how a person reads it."""

from collections import Counter
from dataclasses import fields, replace
from datetime import date
from itertools import permutations
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from forms.comparing.standing import moved
from forms.diff import WORDS, Action, Change, Part, differences, told
from forms.load import packaged
from forms.model import (
    Basis,
    Choice,
    ChoiceList,
    Competence,
    Condition,
    Form,
    Item,
    Kind,
    Law,
    Major,
    Penalty,
    Section,
)
from tests.unit.forms_examples import item, sample
from tests.unit.varied_forms import forms

DUST = packaged().get("dust-explosion", 1)


def changed(form: Form, code: str, **values: object) -> Form:
    """Return the checklist with other values of one item, wherever it stands."""

    def within(member: Item | Section) -> Item | Section:
        if isinstance(member, Section):
            return replace(member, items=tuple(within(one) for one in member.items))
        member = replace(member, columns=tuple(within(one) for one in member.columns))
        return replace(member, **values) if member.code == code else member  # type: ignore[arg-type]  # by name

    sections = tuple(within(one) for one in form.sections)
    return replace(form, sections=sections)  # type: ignore[arg-type]  # sections stay sections


def lines(before: Form, after: Form) -> list[str]:
    return list(told(differences(before, after)))


def text(code: str, question: str = "问题") -> Item:
    return Item(code=code, kind=Kind.TEXT, question=question)


def form_of(*sections: Section, lists: tuple[ChoiceList, ...] = ()) -> Form:
    start = date(2026, 1, 1)
    return Form("sample", 1, "示例", start, None, (), None, sections, choice_lists=lists)


@given(forms())
@settings(max_examples=40, deadline=None)
def test_a_checklist_is_not_different_from_itself(form: Form) -> None:
    assert differences(form, form) == ()
    assert told(()) == ("内容没有变化。",)


@given(forms(), forms())
@settings(max_examples=30, deadline=None)
def test_whatever_is_different_is_told_by_its_part(before: Form, after: Form) -> None:
    changes, back = differences(before, after), differences(after, before)

    assert bool(changes) == (before != after)
    assert Part.OTHER not in {change.part for change in changes}
    assert all(line.strip() and "\n" not in line for line in told(changes))
    gone = Counter((one.part, one.which) for one in changes if one.action is Action.REMOVED)
    come = Counter((one.part, one.which) for one in back if one.action is Action.ADDED)
    assert gone == come


@given(forms(), forms(), st.data())
@settings(max_examples=40, deadline=None)
def test_one_changed_field_of_one_item_is_the_only_change(
    form: Form, other: Form, data: st.DataObject
) -> None:
    told_elsewhere = {"code", "columns", "basis", "penalties"}
    names = [one.name for one in fields(Item) if one.name not in told_elsewhere]
    one, name = data.draw(st.sampled_from(form.items)), data.draw(st.sampled_from(names))
    value = getattr(data.draw(st.sampled_from(other.items)), name)
    changes = differences(form, changed(form, one.code, **{name: value}))

    said = [(change.part, change.action, change.which, change.field) for change in changes]
    is_same = getattr(one, name) == value
    assert said == ([] if is_same else [(Part.ITEM, Action.CHANGED, one.code, name)])


def test_every_field_has_a_word() -> None:
    kinds = {
        Part.FORM: (Form, {"sections", "choice_lists"}),
        Part.SECTION: (Section, {"items"}),
        Part.ITEM: (Item, {"columns"}),
        Part.CHOICE: (Choice, set()),
        Part.LAW: (Law, set()),
        Part.PENALTY: (Penalty, {"clause"}),  # is the item's own and told there
    }

    for part, (kind, told_elsewhere) in kinds.items():
        assert {one.name for one in fields(kind)} - WORDS[part].keys() == told_elsewhere


def test_a_changed_item_is_told_field_by_field_in_official_words(tmp_path: Path) -> None:
    before = sample(tmp_path, item("A02", major='"yes"', rectify="15"))
    law = before.items[0].basis[0].law
    after = changed(
        replace(before, version=2, effective_from=date(2027, 3, 1), sectors=()),
        "A02",
        major=Major.POSSIBLE,
        major_note="结合规模判断",
        basis=(Basis(law, "第三十六条", True), Basis(law, "第四十一条", False)),
        penalties=(replace(before.items[1].penalties[0], clause=""),),
        rectify="deadline.rectification_default_days",
        competence=Competence.FIRE,
        photos_on_failure=2,
        focus=True,
        hint="第一行\n第二行",
    )

    assert lines(before, after) == [
        "基本信息",
        "  版本：1 → 2",
        "  启用日期：2026年1月1日 → 2027年3月1日",
        "  适用行业：粉尘涉爆 → （无）",
        "条目",
        "  A02〔第一节〕",
        "    依据：《示例法》第三十六条 → 《示例法》第三十六条；《示例法》第四十一条［待核］",
        "    是否重大隐患：是（★） → 可能（☆）",
        "    重大隐患情形：（无） → 结合规模判断",
        "    处罚依据：《示例法》第九十九条第（二）项（P1） → 《示例法》第九十九条（P1）",
        "    整改期限：15天 → 责令整改默认期限",
        "    不符合时照片（张）：1张 → 2张",
        "    主管部门：应急管理部门 → 消防救援机构",
        "    重点事项：否 → 是",
        "    提示：（无） → 第一行 ⏎ 第二行",
    ]


def condition(text: str, tree: str) -> Condition:
    return Condition(text, (tree,))


def test_what_is_required_is_told_as_yes_or_no_and_as_written_where_both_read_alike() -> None:
    old, yes, other, no = (
        form_of(Section("一", (replace(text("A"), required=one),)))
        for one in (
            None,
            condition("true()", "true"),
            condition("yes", "true"),
            condition("false()", "false"),
        )
    )

    assert lines(old, yes)[-1].strip() == "必填：（无） → 是"
    assert lines(yes, no)[-1].strip() == "必填：是 → 否"
    assert lines(yes, other)[-1].strip() == "必填：true() → yes"


def test_long_texts_stand_below_each_other() -> None:
    after = changed(DUST, "F01", finding="甲" * 61)

    assert lines(DUST, after)[2:] == [
        "    问题表述：",
        f"      原：{DUST.items[0].finding}",
        f"      新：{'甲' * 61}",
    ]


def test_new_and_dropped_items_are_told_with_grade_and_question() -> None:
    first, *rest = DUST.sections
    after = replace(DUST, sections=(replace(first, items=(text("F50"), *first.items[1:])), *rest))

    assert lines(DUST, after) == [
        "条目",
        "  新增 F50〔建（构）筑物与作业场所〕：〔文字〕 问题",
        f"  删除 F01〔建（构）筑物与作业场所〕：★ {DUST.items[0].question}",
    ]


def test_an_item_that_went_to_another_section_is_moved_and_others_stay() -> None:
    one, two, *rest = DUST.sections
    *others, last = two.items
    assert isinstance(last, Item)
    sections = (replace(one, items=(last, *one.items)), replace(two, items=tuple(others)))
    behind = others[-1]
    assert isinstance(behind, Item)

    assert lines(DUST, replace(DUST, sections=(*sections, *rest))) == [
        "条目",
        f"  {last.code}〔{one.title}〕",
        f"    移动：“{two.title}”中 {behind.code} 之后 → “{one.title}”中最前",
    ]


def test_the_fewest_members_are_moved() -> None:
    one, *rest = DUST.sections[1:]
    first, *others = one.items
    assert isinstance(first, Item)
    after = replace(DUST, sections=(DUST.sections[0], replace(one, items=(*others, first)), *rest))

    assert [change.which for change in differences(DUST, after)] == [first.code]


def test_any_order_is_explained_by_moving_the_members_that_are_named() -> None:
    for after in permutations(range(5)):
        away = moved(range(5), after)
        stayed = [member for member in after if member not in away]

        assert stayed == sorted(stayed)
        for longer in permutations(range(5), len(stayed) + 1):
            rises = list(longer) == sorted(longer)
            assert not (rises and [member for member in after if member in longer] == [*longer])


def test_a_section_under_another_title_is_renamed_and_its_items_stay() -> None:
    one, two, *rest = DUST.sections
    after = replace(DUST, sections=(two, replace(one, title="厂房"), *rest))

    assert lines(DUST, after) == [
        "章节",
        "  “除尘系统”",
        "    移动：建（构）筑物与作业场所 之后 → 最前",
        "  “建（构）筑物与作业场所”",
        "    名称：建（构）筑物与作业场所 → 厂房",
    ]


def test_sections_come_and_go_and_nest() -> None:
    inner = Section("内", (text("A01"),), name="inner")
    before = form_of(Section("甲", (inner, text("A02"))), Section("乙", (text("A03"),)))
    after = form_of(Section("甲", (text("A02"),)), Section("丙", (inner,), hint="看这里"))

    assert lines(before, after) == [
        "章节",
        "  新增“丙”",
        "  “内”〔丙〕",
        "    移动：“甲”中最前 → “丙”中最前",
        "  删除“乙”",
        "条目",
        "  删除 A03〔乙〕：〔文字〕 问题",
    ]


def test_columns_of_a_table_are_items_too() -> None:
    table = Item(code="T1", kind=Kind.TABLE, question="表", columns=(text("C1"), text("C2")))
    before = form_of(Section("甲", (table,)))
    after = form_of(Section("甲", (replace(table, columns=(text("C2", "另问"),)),)))

    assert lines(before, after) == [
        "条目",
        "  C2〔甲／T1〕",
        "    检查项：问题 → 另问",
        "  删除 C1〔甲／T1〕：〔文字〕 问题",
    ]


def test_choices_are_told_list_by_list() -> None:
    colours = ChoiceList("colour", (Choice("r", "红"), Choice("g", "绿"), Choice("b", "蓝")))
    new = (Choice("b", "蓝色"), Choice("r", "红", (("site", "甲"),)), Choice("y", "黄"))
    sections = (Section("甲", (text("A01"),)),)
    before = form_of(*sections, lists=(colours, ChoiceList("old", (Choice("x", "旧"),))))
    after = form_of(
        *sections,
        lists=(
            ChoiceList("colour", new),
            ChoiceList("new", (Choice("a", "一"), Choice("b", "二"))),
        ),
    )

    assert lines(before, after) == [
        "选项表",
        "  新增“new”：一、二",
        "  删除“old”：旧",
        "选项",
        "  新增选项表“colour”的选项“y”：黄",
        "  删除选项表“colour”的选项“g”：绿",
        "  选项表“colour”的选项",
        "    移动：红、绿、蓝 → 蓝色、红、黄",
        "  选项表“colour”的选项“b”",
        "    选项：蓝 → 蓝色",
        "  选项表“colour”的选项“r”",
        "    筛选用的列：（无） → site＝甲",
    ]


def test_a_law_and_a_penalty_that_read_otherwise_are_told_once(tmp_path: Path) -> None:
    before = sample(tmp_path, item("A02"))
    one = before.items[0]
    law = replace(one.basis[0].law, effective_until=date(2027, 1, 1), verified=False)
    penalty = replace(one.penalties[0], law=law, unit_range="处10万元以下罚款")
    after = before
    for code in ("A01", "A02"):
        basis = tuple(replace(each, law=law) for each in one.basis)
        after = changed(after, code, basis=basis, penalties=(penalty,))
    assert before.device_clause is not None
    after = replace(after, device_clause=replace(before.device_clause, law=law))

    assert lines(before, after) == [
        "法规",
        "  law",
        "    失效日期：（无） → 2027年1月1日",
        "    是否核实：是 → 否",
        "处罚依据",
        "  P1",
        "    对单位：处5万元以下罚款 → 处10万元以下罚款",
    ]


def test_a_difference_between_two_readings_of_one_law_is_not_passed_over(tmp_path: Path) -> None:
    before = sample(tmp_path, item("A02"))
    one = before.items[0]
    basis = (replace(one.basis[0], law=replace(one.basis[0].law, title="另一部法")),)
    after = changed(before, "A01", basis=basis)

    assert differences(before, after) == (Change(Part.OTHER, Action.CHANGED, ""),)
    assert lines(before, after) == ["其他", "  内容有其他变化，请对照两个版本的定义文件。"]
