"""What authors of the office template are told of how its rows and sheets fit: word by word."""

from pathlib import Path

import pytest

from forms.errors import BadWorkbook
from forms.workbook.template import read_template
from tests.unit.template_samples import (
    CHECK,
    WHOLE,
    Workbook,
    asked,
    check,
    clause,
    law,
)

# What is wrong, the workbook, and every error as its author reads it.
FAULTY: list[tuple[str, Workbook, list[str]]] = [
    (
        "a column of a table that is not there",
        Workbook(items=(check(), asked("S02", "文字", 所属表格="T01"))),
        ["工作表“检查项”第3行“所属表格”列：没有编号为“T01”的表格，请核对编号"],
    ),
    (
        "a column of what is no table",
        Workbook(items=(check(), asked("S02", "文字", 所属表格="S01"))),
        ["工作表“检查项”第3行“所属表格”列：“S01”的类型不是“表格”，请核对编号或改类型"],
    ),
    (
        "a column before its table",
        Workbook(
            items=(
                check(),
                asked("S02", "文字", 所属表格="T01"),
                asked("T01", "表格"),
                asked("S03", "文字", 所属表格="T01"),
            )
        ),
        ["工作表“检查项”第3行“所属表格”列：请将表格“T01”移到它的各列之前"],
    ),
    (
        "a table within itself",
        Workbook(items=(check(), asked("T01", "表格", 所属表格="T01"))),
        ["工作表“检查项”第3行“所属表格”列：不能把条目放在它自己的行内，请写另一个表格的编号"],
    ),
    (
        "a check as a column",
        Workbook(items=(check(), asked("T01", "表格"), check(编号="S02", 所属表格="T01"))),
        ["工作表“检查项”第4行“所属表格”列：能判定不符合的条目不能作表格的列，请清除这一列"],
    ),
    (
        "a level of sections without a name",
        Workbook(items=(check(章节="现场／／通道"),)),
        ["工作表“检查项”第2行“章节”列：“／”的前后都应有章节名称，请补上"],
    ),
    (
        "sections too deep",
        Workbook(
            items=(
                check(
                    章节=(
                        "一／二／三／四／五／六／七／八／九／十／甲／乙／丙／丁／戊／己／"
                        "庚／辛／壬／癸／子"
                    )
                ),
            )
        ),
        ["工作表“检查项”第2行“章节”列：章节和表格的嵌套不能超过20层，请减少层数"],
    ),
    (
        "an unknown column",
        Workbook(items=(check(检查方法说明="看"),)),
        [
            (
                "工作表“检查项”第1行“检查方法说明”列：不认识这一列，是否应为"
                "“检查方法”，不需要的列请删去"
            )
        ],
    ),
    (
        "a column twice",
        Workbook(items=(check(检查内容="是否"),)),
        [("工作表“检查项”第1行“检查内容”列：与“检查项”列重复，请只留一列")],
    ),
    (
        "cells under no header",
        Workbook(items=(check(**{"": "随手记"}),)),
        [("工作表“检查项”第2行“J”列：这一列没有列名，请在第1行补上列名，或清除该列的内容")],
    ),
    (
        "no column of codes",
        Workbook(items=({k: v for k, v in CHECK.items() if k not in ("编号",)},)),
        ["工作表“检查项”第1行：缺少“编号”列，请补上"],
    ),
    (
        "no column of what checks must say",
        Workbook(items=({k: v for k, v in CHECK.items() if k not in ("处罚依据", "核实情况")},)),
        [
            "工作表“检查项”第1行：缺少“处罚依据”列，请补上",
            "工作表“检查项”第1行：缺少“核实情况”列，请补上",
        ],
    ),
    ("no items", Workbook(items=()), ["工作表“检查项”：没有条目，请从第2行起填写"]),
    (
        "no sheet of the whole",
        Workbook(whole=None),
        ["工作表“检查表”：缺少这张工作表，请从空白模板中复制"],
    ),
    (
        "no name, code, version and day",
        Workbook(whole={"适用行业": "粉尘涉爆"}),
        [
            "工作表“检查表”：缺少“代号”一行，请补上",
            "工作表“检查表”：缺少“名称”一行，请补上",
            "工作表“检查表”：缺少“启用日期”一行，请补上",
            "工作表“检查表”：缺少“版本”一行，请补上",
        ],
    ),
    (
        "blank name and day",
        Workbook(whole={**WHOLE, "名称": "", "启用日期": ""}),
        ["工作表“检查表”第2行“内容”列：请填写名称", "工作表“检查表”第5行“内容”列：请填写启用日期"],
    ),
    (
        "a code with capitals",
        Workbook(whole={**WHOLE, "代号": "Passage"}),
        [
            (
                "工作表“检查表”第3行“内容”列：“Passage”不合格式，请用小写字"
                "母、数字和 - _，不超过48个字符"
            )
        ],
    ),
    (
        "a version that is no number",
        Workbook(whole={**WHOLE, "版本": "v2"}),
        ["工作表“检查表”第4行“内容”列：“v2”不合格式，请填写不小于1的整数"],
    ),
    (
        "a day that is none",
        Workbook(whole={**WHOLE, "启用日期": "2027年2月30日"}),
        [("工作表“检查表”第5行“内容”列：“2027年2月30日”不是日期，请写成如 2026-01-01 的形式")],
    ),
    (
        "retired before it begins",
        Workbook(whole={**WHOLE, "停用日期": "2026-12-31"}),
        ["工作表“检查表”第6行“内容”列：停用日期应晚于启用日期，请核对这两个日期"],
    ),
    (
        "an unknown sector",
        Workbook(whole={**WHOLE, "适用行业": "粉尘涉爆、烟花爆竹"}),
        [
            (
                "工作表“检查表”第6行“内容”列：不认识行业“烟花爆竹”，请填写"
                "粉尘涉爆、有限空间、金属冶炼、液氨制冷、危险化学品，不限行业的留"
                "空"
            )
        ],
    ),
    (
        "on request neither yes nor no",
        Workbook(whole={**WHOLE, "是否按需选用": "看情况"}),
        [("工作表“检查表”第6行“内容”列：不认识“看情况”，请填写是、否中的一项")],
    ),
    (
        "an unknown line of the whole",
        Workbook(whole={**WHOLE, "编制人": "张三"}),
        [
            (
                "工作表“检查表”第6行“项目”列：没有“编制人”这一项，可以填写"
                "的有名称、代号、版本、启用日期、停用日期、适用行业、是否按需选用"
                "、代替的检查表、监控报警防护设施失效的判定依据、语言"
            )
        ],
    ),
    (
        "a line of the whole twice",
        Workbook(whole={**WHOLE, "检查表名称": "通道"}),
        ["工作表“检查表”第6行“项目”列：“检查表名称”与第2行重复，请只留一行"],
    ),
    (
        "an unreadable clause about devices",
        Workbook(whole={**WHOLE, "监控报警防护设施失效的判定依据": "10号令第十四条"}),
        [
            (
                "工作表“检查表”第6行“内容”列：“10号令第十四条”不是引用条款"
                "的写法，请写成《法规全称》第…条"
            )
        ],
    ),
    (
        "two clauses about devices",
        Workbook(
            whole={
                **WHOLE,
                "监控报警防护设施失效的判定依据": (
                    "《工贸企业重大事故隐患判定标准》第十四条；第三条"
                ),
            }
        ),
        ["工作表“检查表”第6行“内容”列：只能写一项依据，请删去其余的"],
    ),
    (
        "a law without its days and source",
        Workbook(laws=({"代号": "city-rule", "名称": "某市安全条例"},)),
        [
            "工作表“法规”第2行“施行日期”列：请填写施行日期",
            "工作表“法规”第2行“是否核实”列：请填写是否核实",
            "工作表“法规”第2行“来源”列：请填写来源",
        ],
    ),
    (
        "a law that ends before it begins",
        Workbook(laws=(law(失效日期="2025-01-01"),)),
        ["工作表“法规”第2行“失效日期”列：失效日期应晚于施行日期，请核对这两个日期"],
    ),
    (
        "a law by a code of the program",
        Workbook(laws=(law(代号="work-safety-law"),)),
        [
            (
                "工作表“法规”第2行“代号”列：代号“work-safety-law”在系统中另"
                "有内容，请核对各列，或者换一个代号"
            )
        ],
    ),
    (
        "a law twice",
        Workbook(laws=(law(), law())),
        ["工作表“法规”第3行“代号”列：代号“city-rule”与第2行重复，请换一个代号"],
    ),
    (
        "a code of a law with capitals",
        Workbook(laws=(law(代号="City", 施行日期="2026/1/1"),)),
        ["工作表“法规”第2行“代号”列：“City”不合格式，代号请只用小写字母、数字和 -"],
    ),
    (
        "one title for two laws",
        Workbook(
            laws=(law(代号="city-1"), law(代号="city-2", 施行日期="2026-02-01")),
            items=(check(依据="《某市安全条例》第五条"),),
        ),
        [
            (
                "工作表“检查项”第2行“依据”列：有不止一部《某市安全条例》，请"
                "写明是哪一部：《某市安全条例》〔city-1〕或《某市安全条例》〔city"
                "-2〕"
            )
        ],
    ),
    (
        "a penalty clause of an unknown law",
        Workbook(penalties=(clause(法规="《某市安全条例》", 条款="第五十条"),)),
        [
            (
                "工作表“处罚依据”第2行“法规”列：没有收录《某市安全条例》，请"
                "核对名称，没有写错的请先在“法规”表中补上它的代号、名称、施行日期和来源"
            )
        ],
    ),
    (
        "a penalty clause without amounts and article",
        Workbook(
            penalties=({"代号": "Q1", "法规": "work-safety-law", "是否核实": "是", "来源": "网页"},)
        ),
        [
            "工作表“处罚依据”第2行“是否核实”列：没有写条款的不能填“是”，请补上条款或改为“否”",
            "工作表“处罚依据”第2行“对单位”列：处罚幅度至少要填一栏，请补上",
        ],
    ),
    (
        "a verified penalty clause whose article is none",
        Workbook(penalties=(clause(条款="99条"), clause(代号="Q2", 条款="99条", 是否核实="否"))),
        ["工作表“处罚依据”第2行“条款”列：“99条”不是条款的写法，是否应为“第九十九条”"],
    ),
    (
        "a penalty clause by a wrong code",
        Workbook(penalties=(clause(代号="罚1"),)),
        ["工作表“处罚依据”第2行“代号”列：“罚1”不合格式，代号请用大写字母加数字，如 P99"],
    ),
    (
        "a section that no item is in",
        Workbook(sections=({"章节": "仓库", "显示条件": "1 = 1"},)),
        ["工作表“章节”第2行“章节”列：“检查项”表中没有章节“仓库”，请核对名称"],
    ),
    (
        "a section with a condition that cannot be read",
        Workbook(sections=({"章节": "现场", "显示条件": "${S01"},)),
        [("工作表“章节”第2行“显示条件”列：第1个字符：引用缺少右花括号，请写成 ${名称}")],
    ),
    (
        "a section twice",
        Workbook(sections=({"章节": "现场", "提示": "看"}, {"章节": "现场", "提示": "查"})),
        ["工作表“章节”第3行“章节”列：与第2行重复，请只留一行"],
    ),
    (
        "everything at once",
        Workbook(
            whole={**WHOLE, "版本": "〇"},
            items=(
                check(依据="《某条例》第一条", 处罚依据="P0", 整改期限="不限", 显示条件="${"),
                check(编号="S02", 类型="判段"),
                check(编号="S03", 是否重大隐患="可能"),
            ),
            choices=({"选项表": "工况", "选项": ""},),
            laws=({"代号": "x y", "名称": "甲"},),
        ),
        [
            "工作表“检查表”第4行“内容”列：“〇”不合格式，请填写不小于1的整数",
            (
                "工作表“检查项”第2行“依据”列：没有收录《某条例》，请核对名称，没有写错的"
                "请先在“法规”表中补上它的代号、名称、施行日期和来源"
            ),
            "工作表“检查项”第2行“处罚依据”列：没有收录代号“P0”，请先在“处罚依据”表中补上",
            (
                "工作表“检查项”第2行“整改期限”列：不认识“不限”，请填写1以上的整数（天数），"
                "或者“责令整改默认期限”"
            ),
            "工作表“检查项”第2行“显示条件”列：第1个字符：引用缺少右花括号，请写成 ${名称}",
            "工作表“检查项”第3行“类型”列：不认识“判段”，可以填写的词见“填写说明”",
            (
                "工作表“检查项”第4行“重大隐患情形”列：是否重大隐患为“可能”时应写明需结合什么"
                "情形判断，请补上"
            ),
            "工作表“法规”第2行“代号”列：“x y”不合格式，代号请只用小写字母、数字和 -",
            "工作表“选项”第2行“选项”列：请填写选项",
        ],
    ),
]


@pytest.mark.parametrize(
    ("workbook", "expected"), [case[1:] for case in FAULTY], ids=[case[0] for case in FAULTY]
)
def test_every_error_is_told_by_sheet_row_column_and_sentence(
    workbook: Workbook, expected: list[str]
) -> None:
    assert workbook.told() == expected


def test_the_sound_workbook_that_the_faults_are_put_into_is_read(tmp_path: Path) -> None:
    Workbook().write(tmp_path / "sound.xlsx")

    assert [item.code for item in read_template(tmp_path / "sound.xlsx").form.items] == ["S01"]


def test_a_file_is_told_the_same(tmp_path: Path) -> None:
    _, workbook, expected = FAULTY[-1]
    workbook.write(tmp_path / "faulty.xlsx")

    with pytest.raises(BadWorkbook) as caught:
        read_template(tmp_path / "faulty.xlsx")

    assert [str(problem) for problem in caught.value.problems] == expected
