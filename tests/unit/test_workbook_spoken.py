"""A word without quotes that people read of an answer is told with the code that is meant."""

from pathlib import Path

import pytest

from forms.errors import BadWorkbook
from tests.unit.template_samples import Workbook, asked, check
from tests.unit.xlsform_samples import CHOICES, read, survey, tables, write

MEANT = "第{at}个字符：“{word}”是{called}的答案显示的文字，条件中请写代码 '{code}'"


def test_of_the_template_the_code_of_the_answer_is_told() -> None:
    told = {
        "${C01} = 不符合": MEANT.format(at=10, word="不符合", called="“C01”", code="fail"),
        "不适用 != ${C01}": MEANT.format(
            at=1, word="不适用", called="“C01”", code="not_applicable"
        ),
        "${D01}=电": MEANT.format(at=8, word="电", called="“D01”", code="elec"),
        "${D01} = 油": "第10个字符：“油”不是条目的名称，文字请加引号，写成 '油'",  # is its code
        "${X01} = 不符合": "第10个字符：“不符合”不是条目的名称，文字请加引号，写成 '不符合'",
    }
    for condition, reason in told.items():
        book = Workbook(
            items=(
                check(编号="C01"),
                asked("D01", "单选", 选项表="动力"),
                asked("X01", "文字"),
                asked("T01", "文字", 显示条件=condition),
            ),
            choices=({"选项表": "动力", "代码": "elec", "选项": "电"}, {"选项": "油"}),
        )
        assert book.told() == [f"工作表“检查项”第5行“显示条件”列：{reason}"]


def test_of_an_xlsform_the_code_of_the_answer_is_told(tmp_path: Path) -> None:
    rows = survey(
        "type | name | label | relevant | constraint",
        "select_one yn | a | 甲 | | . != 否",
        "select_multiple yn | b | 乙 | selected(${a}, 是) |",
    )
    with pytest.raises(BadWorkbook) as refused:
        read(write(tmp_path / "表.xlsx", tables(CHOICES + "\n" + rows)))

    assert [(one.row, one.column, one.reason) for one in refused.value.problems] == [
        (2, "constraint", MEANT.format(at=6, word="否", called="本条目", code="n")),
        (3, "relevant", MEANT.format(at=16, word="是", called="“a”", code="y")),
    ]
