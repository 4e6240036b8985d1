"""What authors of the office template are told of its rows of items: every error, word by word."""

import pytest

from tests.unit.template_samples import Workbook, asked, check

# What is wrong, the workbook, and every error as its author reads it.
FAULTY: list[tuple[str, Workbook, list[str]]] = [
    (
        "an item without a code",
        Workbook(items=(check(编号=""),)),
        ["工作表“检查项”第2行“编号”列：请填写编号"],
    ),
    (
        "a code that begins with a digit",
        Workbook(items=(check(编号="1"),)),
        [
            (
                "工作表“检查项”第2行“编号”列：“1”不合格式，请以英文字母开头，"
                "只用英文字母、数字和 . - _"
            )
        ],
    ),
    (
        "a code twice",
        Workbook(items=(check(), check(), check(编号="S02"), check(编号="S01"))),
        [
            "工作表“检查项”第3行“编号”列：编号“S01”与第2行重复，请换一个编号",
            "工作表“检查项”第5行“编号”列：编号“S01”与第2行重复，请换一个编号",
        ],
    ),
    (
        "a check without its question",
        Workbook(items=(check(检查项=""),)),
        ["工作表“检查项”第2行“检查项”列：请填写检查项"],
    ),
    (
        "a check without anything else",
        Workbook(
            items=(check(检查方法="", 依据="", 处罚依据="", 整改期限="", 问题表述="", 核实情况=""),)
        ),
        [
            "工作表“检查项”第2行“检查方法”列：请填写检查方法",
            "工作表“检查项”第2行“依据”列：请填写依据",
            "工作表“检查项”第2行“处罚依据”列：请填写处罚依据",
            "工作表“检查项”第2行“整改期限”列：请填写整改期限",
            "工作表“检查项”第2行“问题表述”列：请填写问题表述",
            "工作表“检查项”第2行“核实情况”列：请填写核实情况",
        ],
    ),
    (
        "an unknown kind",
        Workbook(items=(check(类型="检察"),)),
        ["工作表“检查项”第2行“类型”列：不认识“检察”，是否应为“检查”"],
    ),
    (
        "a question of two lines",
        Workbook(items=(check(检查项="是否\n畅通。"),)),
        ["工作表“检查项”第2行“检查项”列：不能有换行、全角空格或控制字符，请删去"],
    ),
    (
        "a wide blank in a finding",
        Workbook(items=(check(问题表述="通道　被占用。"),)),
        ["工作表“检查项”第2行“问题表述”列：不能有换行、全角空格或控制字符，请删去"],
    ),
    (
        "an unknown grade",
        Workbook(items=(check(是否重大隐患="很大"),)),
        [("工作表“检查项”第2行“是否重大隐患”列：不认识“很大”，请填写是、可能、否中的一项")],
    ),
    (
        "a possible grade without its circumstances",
        Workbook(items=(check(是否重大隐患="可能"),)),
        [
            (
                "工作表“检查项”第2行“重大隐患情形”列：是否重大隐患为“可能”时应写明需结合什么"
                "情形判断，请补上"
            )
        ],
    ),
    (
        "circumstances of no grade",
        Workbook(items=(check(重大隐患情形="仅限涉粉作业。"),)),
        [
            (
                "工作表“检查项”第2行“重大隐患情形”列：是否重大隐患为“否”的条目不写判定条件，"
                "请清除这一列，或者改填“是”“可能”"
            )
        ],
    ),
    (
        "a partner that is not there",
        Workbook(items=(check(是否重大隐患="★", 须并存的条目="S09"),)),
        ["工作表“检查项”第2行“须并存的条目”列：“S09”不是本表其他条目的编号，请核对编号"],
    ),
    (
        "a partner of an item that is not major",
        Workbook(items=(check(须并存的条目="S02"), check(编号="S02"))),
        [
            (
                "工作表“检查项”第2行“须并存的条目”列：只有是否重大隐患为“是”的条目才能写并存"
                "条件，请清除这一列，或者改填“是”"
            )
        ],
    ),
    (
        "a partner twice",
        Workbook(items=(check(是否重大隐患="是", 须并存的条目="S02、S02"), check(编号="S02"))),
        ["工作表“检查项”第2行“须并存的条目”列：有重复的编号，请删去一个"],
    ),
    (
        "devices without the clause about them",
        Workbook(items=(check(是否重大隐患="是", 监控报警防护="是"),)),
        [
            (
                "工作表“检查项”第2行“监控报警防护”列：请先在工作表“检查表”（XLSForm 为 settings）"
                "中填写“监控报警防护设施失效的判定依据”，本表没有这一项"
            )
        ],
    ),
    (
        "devices neither yes nor no",
        Workbook(items=(check(监控报警防护="部分"),)),
        [("工作表“检查项”第2行“监控报警防护”列：不认识“部分”，请填写是、否中的一项")],
    ),
    (
        "a law that is not listed",
        Workbook(items=(check(依据="《某市安全条例》第五条"),)),
        [
            (
                "工作表“检查项”第2行“依据”列：没有收录《某市安全条例》，请核对名称，没有写错的请先"
                "在“法规”表中补上它的代号、名称、施行日期和来源"
            )
        ],
    ),
    (
        "a basis that is no citation",
        Workbook(items=(check(依据="安全生产法第三十六条"),)),
        [
            (
                "工作表“检查项”第2行“依据”列：“安全生产法第三十六条”不是引"
                "用条款的写法，请写成《法规全称》第…条"
            )
        ],
    ),
    (
        "a basis without an article",
        Workbook(items=(check(依据="《中华人民共和国安全生产法》"),)),
        [
            (
                "工作表“检查项”第2行“依据”列：“《中华人民共和国安全生产法》"
                "”没有写条款，请补上条款，或者在后面加上〔待核〕"
            )
        ],
    ),
    (
        "two laws in one citation",
        Workbook(
            items=(
                check(依据="《中华人民共和国安全生产法》第三条，《中华人民共和国消防法》第二条"),
            )
        ),
        [
            (
                "工作表“检查项”第2行“依据”列：“第三条，《中华人民共和国消防"
                "法》第二条”里还有一部法规，多项依据请分行写，或者用“；”隔开"
            )
        ],
    ),
    (
        "a law by a wrong number",
        Workbook(
            items=(check(依据="《工贸企业重大事故隐患判定标准》（应急管理部令第9号）第三条"),)
        ),
        [
            (
                "工作表“检查项”第2行“依据”列：《工贸企业重大事故隐患判定标准"
                "》的文号不是“应急管理部令第9号”，“法规”表中为“应急管理部令第10号”，请核对文号"
            )
        ],
    ),
    (
        "a penalty clause that is not listed",
        Workbook(items=(check(处罚依据="P99第（二）项；P999"),)),
        [("工作表“检查项”第2行“处罚依据”列：没有收录代号“P999”，请先在“处罚依据”表中补上")],
    ),
    (
        "a penalty that is no clause",
        Workbook(items=(check(处罚依据="罚款五万元"),)),
        [
            (
                "工作表“检查项”第2行“处罚依据”列：“罚款五万元”不是处罚依据"
                "的写法，请写“处罚依据”表中的代号，如 P99第（二）项，多项用“；”隔开"
            )
        ],
    ),
    (
        "a period in words",
        Workbook(items=(check(整改期限="尽快"),)),
        [
            (
                "工作表“检查项”第2行“整改期限”列：不认识“尽快”，请填写1以上的整数（天数），"
                "或者“责令整改默认期限”"
            )
        ],
    ),
    (
        "a period of no days",
        Workbook(items=(check(整改期限="0"),)),
        [
            (
                "工作表“检查项”第2行“整改期限”列：不认识“0”，请填写1以上的整数（天数），"
                "或者“责令整改默认期限”"
            )
        ],
    ),
    (
        "photos in words",
        Workbook(items=(check(不符合时照片="若干"),)),
        ["工作表“检查项”第2行“不符合时照片”列：“若干”不合格式，请填写不小于1的整数"],
    ),
    (
        "an unknown authority",
        Workbook(items=(check(主管部门="街道"),)),
        [
            (
                "工作表“检查项”第2行“主管部门”列：不认识“街道”，请填写本部"
                "门、市场监管（特种设备）、消防、公安、生态环境、卫生健康、住房城"
                "乡建设、其他部门中的一项"
            )
        ],
    ),
    (
        "a penalty of what is another authority's",
        Workbook(items=(check(主管部门="消防"),)),
        [
            (
                "工作表“检查项”第2行“处罚依据”列：不属于本部门职责的条目只移送线索，不填这一"
                "列，请清除"
            ),
            (
                "工作表“检查项”第2行“整改期限”列：不属于本部门职责的条目只移送线索，不填这一"
                "列，请清除"
            ),
        ],
    ),
    (
        "a penalty of an item that cannot fail",
        Workbook(items=(check(类型="文字"),)),
        [
            (
                "工作表“检查项”第2行“检查方法”列：只有“检查”类型或写明“不符合条件”的条目才填"
                "这一列，请清除"
            ),
            (
                "工作表“检查项”第2行“依据”列：只有“检查”类型或写明“不符合条件”的条目才填这一"
                "列，请清除"
            ),
            (
                "工作表“检查项”第2行“处罚依据”列：只有“检查”类型或写明“不符合条件”的条目才填"
                "这一列，请清除"
            ),
            (
                "工作表“检查项”第2行“整改期限”列：只有“检查”类型或写明“不符合条件”的条目才填"
                "这一列，请清除"
            ),
            (
                "工作表“检查项”第2行“问题表述”列：只有“检查”类型或写明“不符合条件”的条目才填"
                "这一列，请清除"
            ),
            (
                "工作表“检查项”第2行“核实情况”列：只有“检查”类型或写明“不符合条件”的条目才填"
                "这一列，请清除"
            ),
        ],
    ),
    (
        "a condition that cannot be read",
        Workbook(items=(check(显示条件="S02 = 'pass'"), check(编号="S02"))),
        [
            (
                "工作表“检查项”第2行“显示条件”列：第1个字符：“S02”的写法不"
                "对，引用其他检查项请写 ${S02}，文字请加引号"
            )
        ],
    ),
    (
        "two conditions that cannot be read",
        Workbook(items=(check(显示条件="${S02", 必填="如果需要"),)),
        [
            ("工作表“检查项”第2行“显示条件”列：第1个字符：引用缺少右花括号，请写成 ${名称}"),
            (
                "工作表“检查项”第2行“必填”列：“如果需要”不是条件，请填写是、否或者条件，"
                "条件如 ${S02} = 'fail'"
            ),
        ],
    ),
    (
        "a condition about an unknown item",
        Workbook(items=(check(显示条件="${S07} = 'fail'"),)),
        [("工作表“检查项”第2行“显示条件”列：没有名为“S07”的条目，请核对 ${…} 内的名称")],
    ),
    (
        "a condition about itself",
        Workbook(items=(check(显示条件=". = 'fail'"),)),
        [("工作表“检查项”第2行“显示条件”列：此处不能用“.”指本条目自己的值，请改用其他条目的值")],
    ),
    (
        "conditions in a circle",
        Workbook(
            items=(check(显示条件="${S02} = 'fail'"), check(编号="S02", 显示条件="${S01} = 'fail'"))
        ),
        [("工作表“检查项”第2行“显示条件”列：互相依赖，成了循环：S01、S02，请改用其他条目")],
    ),
    (
        "a choice without its list",
        Workbook(items=(check(), asked("S02", "单选"))),
        ["工作表“检查项”第3行“选项表”列：选择题应写明选项表，请填写"],
    ),
    (
        "a list that is not there",
        Workbook(items=(check(), asked("S02", "单选", 选项表="工况"))),
        ["工作表“检查项”第3行“选项表”列：没有名为“工况”的选项表，请补上选项或核对名称"],
    ),
    (
        "a list for a text",
        Workbook(
            items=(check(), asked("S02", "文字", 选项表="工况")),
            choices=({"选项表": "工况", "选项": "生产"},),
        ),
        ["工作表“检查项”第3行“选项表”列：只有选择题才有选项，请清除这一列，或者改类型"],
    ),
    (
        "a filter by an unknown column",
        Workbook(
            items=(check(), asked("S02", "单选", 选项表="工况", 选项筛选="行业 = 'x'")),
            choices=({"选项表": "工况", "选项": "生产"},),
        ),
        [("工作表“检查项”第3行“选项筛选”列：选项表“工况”没有“行业”这一列，请补上这一列或核对列名")],
    ),
    (
        "a choice twice",
        Workbook(choices=({"选项表": "工况", "选项": "生产"}, {"选项": "停产"}, {"选项": "生产"})),
        ["工作表“选项”第4行“选项”列：选项“生产”与第2行重复，请删去一行"],
    ),
    (
        "a choice without a list",
        Workbook(choices=({"选项表": "", "选项": "生产"},)),
        ["工作表“选项”第2行“选项表”列：请填写选项表的名称"],
    ),
    (
        "a choice without a text",
        Workbook(choices=({"选项表": "工况", "选项代码": "on", "选项": ""},)),
        ["工作表“选项”第2行“选项”列：请填写选项"],
    ),
    (
        "a multiple choice with a blank in a code",
        Workbook(
            items=(check(), asked("S02", "多选", 选项表="工况")),
            choices=({"选项表": "工况", "选项": "部分 停产"},),
        ),
        ["工作表“检查项”第3行“选项表”列：多选的选项名“部分 停产”不能有空格，请删去空格"],
    ),
    (
        "bounds the wrong way round",
        Workbook(items=(check(), asked("S02", "整数", 最小值="9", 最大值="1"))),
        ["工作表“检查项”第3行“最大值”列：最大值小于最小值，请核对这两列"],
    ),
    (
        "a bound that is no number",
        Workbook(items=(check(), asked("S02", "整数", 最小值="约9"))),
        [("工作表“检查项”第3行“最小值”列：“约9”不合格式，请写成 9 或 9.5 这样的数字")],
    ),
    (
        "a unit of a text",
        Workbook(items=(check(), asked("S02", "文字", 单位="人"))),
        ["工作表“检查项”第3行“单位”列：只有数值条目才有单位和范围，请清除这一列，或者改类型"],
    ),
    (
        "a calculation without a formula",
        Workbook(items=(check(), asked("S02", "计算"))),
        ["工作表“检查项”第3行“计算”列：计算条目应写明算式，请填写"],
    ),
    (
        "a table without columns",
        Workbook(items=(check(), asked("T01", "表格"))),
        [("工作表“检查项”第3行：表格至少要有一列，作列的条目请在“所属表格”中写明这个编号")],
    ),
]


@pytest.mark.parametrize(
    ("workbook", "expected"), [case[1:] for case in FAULTY], ids=[case[0] for case in FAULTY]
)
def test_every_error_is_told_by_sheet_row_column_and_sentence(
    workbook: Workbook, expected: list[str]
) -> None:
    assert workbook.told() == expected
