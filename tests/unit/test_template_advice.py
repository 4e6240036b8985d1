"""What the template's errors advise: the next step, once a fault, and where the fault is."""

import pytest

from forms.workbook.template import is_template
from tests.unit.template_samples import Workbook, asked, check, law, sheets, told
from tests.unit.test_template_errors import FAULTY as ROWS
from tests.unit.test_template_sheet_errors import FAULTY as SHEETS

NEXT_STEPS = ("请", "是否应为", "可以填写")


def test_every_sentence_says_what_to_do_next() -> None:
    sentences = [one for _, _, told in (*ROWS, *SHEETS) for one in told]

    assert [one for one in sentences if not any(step in one for step in NEXT_STEPS)] == []


def test_a_comparison_without_its_left_side_is_told_of_the_answer_itself() -> None:
    number = asked("S02", "整数", 填写要求="> 3", 显示条件="> 3")
    missing = "第1个字符：“>”前面缺少值，请补上"

    assert Workbook(items=(check(), number)).told() == [
        f"工作表“检查项”第3行“填写要求”列：{missing}“.”（本条目的答案）、${{名称}}、数字或加引号的文字",
        f"工作表“检查项”第3行“显示条件”列：{missing} ${{名称}}、数字或加引号的文字",
    ]


def test_a_count_of_what_is_no_table_is_told_in_its_column() -> None:
    counted = asked("S02", "文字", 表格行数="3")

    assert Workbook(items=(check(), counted)).told() == [
        "工作表“检查项”第3行“表格行数”列：只有表格才填行数，请清除这一列，或者改类型"
    ]


@pytest.mark.parametrize("code", ["", "3 号", "S01"])
def test_an_item_without_a_code_of_its_own_is_told_once_and_not_by_those_who_cite_it(
    code: str,
) -> None:
    citing = check(编号="S02", 显示条件="${S03} = 'fail'", 是否重大隐患="是", 须并存的条目="S03")
    faults = Workbook(items=(check(), citing, check(编号=code))).told()
    also_citing = check(编号="S04", 显示条件="${S05} = 'fail'")
    more = Workbook(items=(check(), citing, check(编号=code), also_citing)).told()

    assert [fault.partition("：")[0] for fault in faults] == ["工作表“检查项”第4行“编号”列"]
    assert [fault for fault in more if "没有名为“S05”的条目" in fault]


TITLE = [("某局消防检查", "")]


@pytest.mark.parametrize("above", [TITLE, [("", "")], [*TITLE * 9, ("", "")]])
def test_headers_that_are_displaced_are_told_once_a_sheet_and_nothing_else_of_it(
    above: list[tuple[str, ...]],
) -> None:
    sound = Workbook(
        items=(check(), asked("S02", "单选", 选项表="工况"), asked("S03", "文字", 单位="人")),
        choices=({"选项表": "工况", "选项": "生产"},),
        laws=(law(施行日期="某日"),),
    ).grids()
    displaced = {name: [*above, *lines] for name, lines in sound.items() if name != "法规"}
    reason = f"列名应在第1行，现在第{len(above) + 1}行，请删去上面的各行"

    assert told({**sound, **displaced}) == [
        f"工作表“检查表”第1行：{reason}",
        f"工作表“检查项”第1行：{reason}",
        "工作表“法规”第2行“施行日期”列：“某日”不是日期，请写成 2026-01-01",
        f"工作表“选项”第1行：{reason}",
    ]


def test_headers_too_far_below_are_not_looked_for() -> None:
    grids = Workbook().grids()
    far = told({**grids, "检查项": [*TITLE * 11, *grids["检查项"]]})

    assert far[0] == "工作表“检查项”第1行：缺少“依据”列，请补上"


def test_a_template_whose_items_were_renamed_is_still_one_and_says_so() -> None:
    grids = Workbook(choices=({"选项表": "工况", "选项": "生产"},)).grids()
    renamed = {"检查内容" if name == "检查项" else name: grid for name, grid in grids.items()}
    told_to = "如果已改名为“检查内容”，请改回，否则请从空白模板中复制"

    assert is_template(sheets(renamed))
    assert told(renamed) == [f"工作表“检查项”：缺少这张工作表，{told_to}"]
    assert not is_template(sheets({**renamed, "Survey": [("type", "name")]}))
    assert not is_template(sheets({"检查表": [("type", "name")]}))
