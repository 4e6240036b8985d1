"""What of a workbook can never hold is told by sheet, row and column, as errors are."""

from pathlib import Path

from forms.workbook.template import read_template
from tests.unit.template_samples import Workbook, asked, check
from tests.unit.xlsform_samples import read, survey, tables, write

NEVER = "“C01”的答案是 pass、fail、not_applicable、not_checked，不会是“不符合”，请改写为 'fail'"


def test_of_the_template_a_doubt_stands_where_it_was_written(tmp_path: Path) -> None:
    wrong = "${C01} = '不符合'"
    book = Workbook(
        items=(
            check(编号="C01", 章节="一"),
            asked("N01", "单选", 章节="一", 选项表="check_result"),
            asked("N02", "文字", 章节="二／甲", 必填=wrong),
            asked("N03", "文字", 章节="三／甲", 显示条件="${C01} = 'fail'"),
        ),
        choices=({"选项表": "check_result", "选项": "符合"},),
        sections=(
            {"章节": "二／甲", "显示条件": "${C01} = 'fail'"},
            {"章节": "三／甲", "显示条件": wrong},
        ),
    )
    book.write(tmp_path / "模板.xlsx")
    found = [str(doubt) for doubt in read_template(tmp_path / "模板.xlsx").doubts]

    assert found[:2] == [
        f"工作表“检查项”第4行“必填”列：{NEVER}",
        f"工作表“章节”第3行“显示条件”列：{NEVER}",
    ]
    assert found[2].startswith("工作表“选项”第2行：选项代码不是")
    assert len(found) == 3


def test_of_an_xlsform_a_doubt_stands_where_it_was_written(tmp_path: Path) -> None:
    rows = survey(
        "type | name | label | relevance | read_only | default",
        "select_one yn or_other | c | 题 | | ${c} = 'y' or ${c} = 'other' | x",
        "begin group | g | 组 | ${c} = 'n' | |",
        "begin repeat | r | 表 | ${c} = 'q' | |",
        "integer | n | 数 | | ${n} = 'q' |",
        "end repeat | | | | |",
        "end group | | | | |",
        "begin group | h | 组 | ${c} = 'q' | |",
        "text | t | 文 | | |",
        "end group | | | | |",
    )
    lists = "\nchoices\nlist_name | name | label\nyn | y | 是\nyn | n | 否\n"
    found = read(write(tmp_path / "form.xlsx", tables(rows + lists))).doubts

    assert [(one.sheet, one.row, one.column) for one in found] == [
        ("survey", 2, "default"),
        ("survey", 4, "relevance"),
        ("survey", 5, "read_only"),
        ("survey", 8, "relevance"),
    ]
