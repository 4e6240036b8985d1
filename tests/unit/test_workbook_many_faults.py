"""Many faults of one workbook: all told at once, none that only follows, in linear time."""

import sys
from pathlib import Path

import pytest

from forms.errors import BadWorkbook
from tests.unit.template_samples import Workbook, asked, check, law
from tests.unit.xlsform_samples import read, survey, tables, write

PLAIN = "type | name | label"


def told(path: Path, *rows: str) -> list[str]:
    """Return every error of an XLSForm as its author reads it."""
    try:
        read(write(path, tables(survey(*rows))))
    except BadWorkbook as bad:
        return [str(problem) for problem in bad.problems]
    return []


def test_what_can_be_judged_by_itself_is_told_at_once() -> None:
    book = Workbook(
        items=(
            check(编号="A1", 处罚依据="P999"),
            check(编号="A2", 是否重大隐患="是", 须并存的条目="D99"),
            check(编号="A3", 是否重大隐患="是", 须并存的条目="A6"),
            check(编号="A4", 依据="《某市安全条例》第一条"),
            asked("B1", "文字", 显示条件="${B2} = '1'", 填写要求="${zz} = 1"),
            asked("B2", "文字", 显示条件="${B1} = '1'"),
            check(编号="A6", 类型="某种"),
            check(编号="N1", 类型="小数", 不符合条件=". > ${yy}", 最小值="9", 最大值="1"),
        ),
        laws=(law(施行日期="2028-01-01"),),
    )
    expected = {
        "第2行“处罚依据”列：没有收录代号“P999”",
        "第3行“须并存的条目”列：“D99”不是本表其他条目的编号",
        "第5行“依据”列：《某市安全条例》在启用日期2027-01-01不适用",
        "第6行“显示条件”列：互相依赖，成了循环：B1、B2",
        "第6行“填写要求”列：没有名为“zz”的条目",
        "第8行“类型”列：",
        "第9行“不符合条件”列：没有名为“yy”的条目",
        "第9行“最大值”列：最大值小于最小值",
    }
    found = [line.removeprefix("工作表“检查项”") for line in book.told()]

    assert {one for one in expected if any(line.startswith(one) for line in found)} == expected
    assert len(found) == len(expected)  # whether A6 can fail, which A3 needs, is not known yet


def test_a_first_day_that_cannot_be_read_lets_no_law_lapse() -> None:
    later = {"名称": "某表", "代号": "some", "版本": "1", "启用日期": "明年"}
    item = check(依据="《某市安全条例》第一条")
    (only,) = Workbook(items=(item,), whole=later, laws=(law(施行日期="2028-01-01"),)).told()

    assert only.startswith("工作表“检查表”")


def test_every_fault_of_one_row_is_told(tmp_path: Path) -> None:
    header = f"{PLAIN} | relevant | constraint | calculation | required"
    row = "integer | a | 甲 | ${zz} = 1 | . > | ${yy} + 1 | ${a} +"
    found = told(tmp_path / "表.xlsx", header, row, "integer | b | 乙 | | | |")

    assert [line[: line.index("列")] for line in found] == [
        f"工作表“survey”第2行“{column}”"
        for column in ("calculation", "constraint", "relevant", "required")
    ]
    for kind in ("select_one nn", "textt", "select_one check_result"):
        found = told(tmp_path / "表.xlsx", header, f"{kind} | a | 甲 | ${{zz}} + | | | 必填")
        columns = {line[: line.index("列")].removeprefix("工作表“survey”第2行") for line in found}
        assert columns == {"“type”", "“relevant”", "“required”"}, found
    (only,) = told(tmp_path / "表.xlsx", header, "calculate | a | | | | 1 + |")
    assert "没有写完" in only  # not that a calculation has to say one


def test_the_work_is_in_proportion_to_the_faults(tmp_path: Path) -> None:
    def calls(rows: list[str]) -> int:
        path = write(tmp_path / "表.xlsx", tables(survey(f"{PLAIN} | relevant", *rows)))
        count = 0

        def note(*_: object) -> None:
            nonlocal count
            count += 1

        sys.setprofile(note)
        try:
            with pytest.raises(BadWorkbook) as refused:
                read(path)
        finally:
            sys.setprofile(None)
        assert len(refused.value.problems) == len(rows) // per_fault
        return count

    def unknown(spot: int) -> tuple[str, ...]:
        return (f"text | a{spot} | 甲 | ${{zz{spot}}} = 1",)

    def circle(spot: int) -> tuple[str, ...]:
        pair = ((f"a{spot}", f"b{spot}"), (f"b{spot}", f"a{spot}"))
        return tuple(f"text | {name} | 甲 | ${{{other}}} = 1" for name, other in pair)

    for rows_of in (unknown, circle):
        per_fault = len(rows_of(0))
        few, many = ([row for spot in range(n) for row in rows_of(spot)] for n in (50, 250))
        assert calls(many) < 6.5 * calls(few), rows_of
