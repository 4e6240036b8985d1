"""What the template's errors advise: the next step, once a fault, and where the fault is."""

from dataclasses import replace

import pytest

from forms.errors import BadWorkbook
from forms.load import packaged_tables
from forms.workbook.office.reading import read
from forms.workbook.parts import ERROR, Unseen
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


def test_the_count_of_a_table_whose_row_is_faulty_is_not_told_besides() -> None:
    for faulty, column in (
        (asked("T03", "表各", 表格行数="3"), "类型"),
        (asked("", "表格", 表格行数="3"), "编号"),
    ):
        (sentence,) = Workbook(items=(check(), faulty)).told()
        assert sentence.startswith(f"工作表“检查项”第3行“{column}”列：")


def test_a_table_that_is_named_otherwise_is_told_by_its_code_and_not_to_lack_columns() -> None:
    place = "工作表“检查项”第4行“所属表格”列："
    named = {
        "名单": f"{place}“名单”是引用名称，这一列写表格的编号，请改为 T03",
        "t03": f"{place}没有编号为“t03”的表格，是否应为“T03”",
        "T3": f"{place}没有编号为“T3”的表格，是否应为“T03”",
    }
    for said, sentence in named.items():
        table = asked("T03", "表格", 引用名称="名单")
        items = (check(), table, asked("N01", "文字", 所属表格=said))

        assert Workbook(items=items).told() == [sentence]


def test_tables_in_tables_by_other_names_are_not_deeper_than_others() -> None:
    chain = [asked("T1", "表格")]
    chain += [asked(f"T{n}", "表格", 所属表格=f"t{n - 1}") for n in range(2, 600)]

    assert any("嵌套不能超过" in one for one in Workbook(items=chain).told())


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
        "工作表“法规”第2行“施行日期”列：“某日”不是日期，请写成如 2026-01-01 的形式",
        f"工作表“选项”第1行：{reason}",
    ]


def test_headers_too_far_below_are_not_looked_for() -> None:
    grids = Workbook().grids()
    far = told({**grids, "检查项": [*TITLE * 11, *grids["检查项"]]})

    assert far[0] == "工作表“检查项”第1行：缺少“依据”列，请补上"


def test_a_template_whose_items_were_renamed_is_still_one_and_says_so() -> None:
    grids = Workbook(choices=({"选项表": "工况", "选项": "生产"},)).grids()
    renamed = {"检查内容" if name == "检查项" else name: grid for name, grid in grids.items()}
    told_to = "如果已改名为“检查内容”，请改回“检查项”，否则请删去该表"

    assert is_template(sheets(renamed))
    assert told(renamed) == [f"工作表“检查项”：缺少这张工作表，{told_to}"]
    assert not is_template(sheets({**renamed, "Survey": [("type", "name")]}))
    assert not is_template(sheets({"检查表": [("type", "name")]}))


def test_a_word_where_a_condition_should_be_is_told_what_a_condition_is() -> None:
    no_condition = "请写成算式，如 ${S02} = 'fail' 或者 ${在岗人数} > 0，始终显示的请留空"
    or_condition = "请填写是、否或者条件，条件如 ${S02} = 'fail'"
    brace = "引用其他检查项请写 ${人数}，文字请加引号"
    for column, cell, expected in (
        ("必填", "选填", f"“选填”不是条件，{or_condition}"),
        ("只读", "必填", f"“必填”不是条件，{or_condition}"),
        ("显示条件", "是", f"“是”不是条件，{no_condition}"),
        ("显示条件", "人数大于0时显示", f"“人数大于0时显示”不是条件，{no_condition}"),
        (
            "填写要求",
            "不为空",
            "“不为空”不是条件，请写成算式，“.”代表本条目的答案，如 . > 9",
        ),
        ("显示条件", "人数 > 0", f"第1个字符：“人数”的写法不对，{brace}"),
        ("显示条件", "N01 > 0", f"第1个字符：“N01”的写法不对，{brace}"),
        (
            "显示条件",
            "${S01} = 不合格",
            "第10个字符：“不合格”不是条目的名称，文字请加引号，写成 '不合格'",
        ),
        ("显示条件", "${N01} > 0", "编号“N01”的引用名称是“人数”，请写 ${人数}"),
    ):
        number = asked("N01", "整数", 引用名称="人数")
        rows = (check(), number, asked("S03", "文字", **{column: cell}))

        assert Workbook(items=rows).told() == [f"工作表“检查项”第4行“{column}”列：{expected}"]


def test_one_cause_is_told_once() -> None:
    number = asked("N01", "整数")
    for formula in ("${N01}×2", "SUM(${N01})"):
        (fault,) = Workbook(items=(check(), number, asked("N02", "计算", 计算=formula))).told()
        assert "计算条目应写明算式" not in fault
    rows = [check(), asked("T01", "表格"), asked("S03", "文字", 所属表格="T01")]
    uncoded = [{key: row[key] for key in row if key != "编号"} for row in rows]

    assert Workbook(items=uncoded).told() == ["工作表“检查项”第1行：缺少“编号”列，请补上"]


def test_a_cell_without_a_text_is_not_told_to_be_blank_as_well() -> None:
    items = (check(), asked("S02", "单选", 选项表="工况"), asked("S03", "计算", 计算="1"))
    sound = sheets(Workbook(items=items).grids())
    sheet = sound["检查项"]
    lost = ((2, "检查方法"), (2, "编号"), (3, "选项表"), (4, "计算"))
    cells = tuple(Unseen(row, sheet.headers.index(header), ERROR) for row, header in lost)
    gone = {(cell.row, cell.position) for cell in cells}
    rows = tuple(
        replace(row, cells={at: row[at] for at in row.cells if (row.number, at) not in gone})
        for row in sheet.rows
    )
    faulty = {**sound, "检查项": replace(sheet, rows=rows, unseen=cells)}

    with pytest.raises(BadWorkbook) as bad:
        read(faulty, "", packaged_tables())

    assert [(one.row, one.column) for one in bad.value.problems] == [
        (2, "编号"),
        (2, "检查方法"),
        (3, "选项表"),
        (4, "计算"),
    ]
    assert {one.reason for one in bad.value.problems} == {ERROR}


def test_renamed_sheets_are_told_once_read_all_the_same_and_unread_ones_are_named() -> None:
    grids = Workbook(
        items=(check(依据="《某市安全条例》第五条〔待核〕"), asked("S02", "单选", 选项表="工况")),
        choices=({"选项表": "工况", "选项": "生产"},),
        laws=(law(),),
    ).grids()
    called = {"选项": "选项表", "法规": "法律法规", "检查项": "检查条目"}
    renamed = {called.get(name, name): lines for name, lines in grids.items()}

    with pytest.raises(BadWorkbook) as bad:
        read(sheets({**renamed, "备忘": [("记事", "")]}), "", packaged_tables())

    assert [str(one) for one in bad.value.problems] == sorted(
        f"工作表“{name}”：缺少这张工作表，如果已改名为“{new}”，请改回“{name}”，否则请删去该表"
        for name, new in called.items()
    )
    assert bad.value.notices == ("未读取的工作表：备忘",)


def test_a_citation_is_read_as_it_is_meant_or_told_how_to_write_it() -> None:
    act = "《中华人民共和国安全生产法》"
    for basis, expected in (
        (f"{act}第四十二条第二款。", []),
        (f"{act}第四十二条。〔待核〕", []),
        (f"{act}第42条", ["条款的数字请写成汉字，“第42”请写成“第四十二”"]),
        (f"{act}第１０５条", ["条款的数字请写成汉字，“第105”请写成“第一百零五”"]),
        (
            f"{act}（2021年修正）第三条",
            [f"{act}后面的“（2021年修正）”不是文号，请删去括号和其中的内容"],
        ),
        (
            "《中华人民共和国安全生产发》第三条",
            [
                f"没有收录《中华人民共和国安全生产发》，请核对名称，是否应为{act}，没有写错的"
                "请先在“法规”表中补上它的代号、名称、施行日期和来源"
            ],
        ),
    ):
        place = "工作表“检查项”第2行“依据”列："

        assert Workbook(items=(check(依据=basis),)).told() == [place + one for one in expected]


def test_a_law_under_two_codes_is_told_with_both_rows() -> None:
    again = law(代号="city-rule-2")
    cited = check(依据="《某市安全条例》第五条〔待核〕")

    assert Workbook(items=(cited,), laws=(law(), again)).told() == [
        "工作表“法规”第3行“名称”列：《某市安全条例》与第2行是同一部法规，请只留一行，"
        "引用时用留下的代号"
    ]


def test_a_title_in_a_row_of_its_own_is_one_error() -> None:
    for column in ("编号", "检查项", "章节"):
        (fault,) = Workbook(items=(check(), {column: "二、设备设施"}, check(编号="S02"))).told()

        assert fault.startswith(f"工作表“检查项”第3行“{column}”列：这一行只填了这一列")


def test_what_may_be_meant_otherwise_is_read_and_said() -> None:
    imported = Workbook(
        items=(
            check(章节="现场/通道"),
            check(编号="S02", 章节="设备／阀门"),
            check(编号="S03", 章节="设备／管道"),
            check(编号="S04", 章节="现场/通道"),
            asked("S05", "整数", 章节="设备／阀门", 最小值="１", 最大值="2.５"),
            asked("S06", "单选", 选项表="工况"),
        ),
        choices=(
            {"选项表": "工况", "选项代码": "on", "选项": "生产"},
            {"选项表": "", "选项代码": "off", "选项": "生产"},
        ),
    )
    read_back = read(sheets(imported.grids()), "", packaged_tables())
    slash = "“现场/通道”按一个章节读入，分为上下级的请改用“／”"
    again = "在上面出现过，读作另一个同名的章节，应为同一章节的请把条目移到一起"

    assert read_back.notices == (
        "工作表“选项”第3行：选项文字“生产”与第2行相同，请核对",
        f"工作表“检查项”第2行：{slash}",
        f"工作表“检查项”第5行：{slash}",
        f"工作表“检查项”第5行：章节“现场/通道”{again}",
        f"工作表“检查项”第6行：章节“设备”{again}",
    )
    number = read_back.form.items[4]
    assert (number.least, number.most) == ("1", "2.5")
