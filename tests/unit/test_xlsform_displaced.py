"""XLSForm workbooks that say something where it has no place: in which words it is told."""

from pathlib import Path

import pytest
from pyxform.errors import PyXFormError

from forms.errors import BadWorkbook
from forms.workbook.sheets import read_sheets
from forms.workbook.template import is_template
from forms.workbook.xlsform import write_xlsform
from tests.unit.xlsform_samples import CHOICES as LISTS
from tests.unit.xlsform_samples import judged, problems, read, survey, tables, write

PLAIN = "type | name | label"


def test_titles_above_the_choices_hide_no_list_and_are_told_once(tmp_path: Path) -> None:
    rows = tables(LISTS + survey(PLAIN, "select_one yn | a | 甲"))
    displaced = {**rows, "choices": [["选项一览"], [], *rows["choices"]]}

    with pytest.raises(BadWorkbook) as caught:
        read(write(tmp_path / "表.xlsx", displaced))

    assert list(map(str, caught.value.problems)) == [
        "工作表“choices”第1行：列名应在第1行，现在第3行，请删去上面的各行"
    ]


def test_what_does_nothing_where_groups_and_repeats_begin_and_end_is_told(tmp_path: Path) -> None:
    idle = "choice_filter | default | required_message | parameters | hint"
    rows = [
        f"{PLAIN} | {idle}",
        "begin group | g | 组 | name = 'y' | 5 | 请填 | rows=2 | 见",
        "begin repeat | r | 表 | name = 'n' | 6 | 请填 | |",
        "text | a | 甲 | | | | |",
        "end repeat | r | 表 | | 7 | | |",
        "end group | g | 组 | x | | | | 见",
    ]
    path = write(tmp_path / "表.xlsx", tables(survey(*rows)))
    got = read(path)
    group = got.form.sections[0]

    assert not isinstance(judged(path), PyXFormError)
    assert got.notices == (
        "保留但不使用的列：survey.choice_filter、survey.default、"
        "survey.required_message、survey.parameters",
        "survey：end 行的 default、choice_filter、hint 不起作用，未导入",
    )
    assert dict(group.kept)["default"] == "5"
    assert dict(group.kept)["required_message"] == "请填"
    assert [(table.default, dict(table.kept)) for table in got.form.items if table.columns] == [
        (None, {"choice_filter": "name = 'n'", "default": "6"})
    ]


def test_a_question_without_a_name_is_told_once_and_not_by_those_who_cite_it(
    tmp_path: Path,
) -> None:
    text = survey(
        f"{PLAIN} | relevant",
        "text | a b | 甲 |",
        "text | b | 乙 | ${a} = 1",
        "text | c | 丙 | ${a} = 2",
    )

    assert problems(write(tmp_path / "表.xlsx", tables(text))) == [("survey", 2, "name")]


def test_renamed_sheets_are_told_once_each_and_unread_ones_are_named(tmp_path: Path) -> None:
    sheets = {
        "问卷": [("type", "name", "label"), ("select_one states", "a", "A")],
        "选项": [("list_name", "name", "label"), ("states", "on", "On")],
        "设置": [("form_id", "版本"), ("passage", "2")],
        "备忘": [("记事", "日期"), ("x", "y")],
    }
    path = write(tmp_path / "renamed.xlsx", sheets)

    with pytest.raises(BadWorkbook) as bad:
        read(path)

    assert not is_template(read_sheets(path))
    assert [str(one) for one in bad.value.problems] == [
        f"工作表“{name}”：缺少这张工作表，如果已改名为“{new}”，请改回 {name}，否则请删去该表"
        for name, new in (("choices", "选项"), ("settings", "设置"), ("survey", "问卷"))
    ]
    assert bad.value.notices == ("未读取的工作表：备忘",)


def test_what_settings_state_is_known_and_an_export_states_it_all(tmp_path: Path) -> None:
    plain = {"survey": [("type", "name", "label"), ("text", "a", "A")]}
    for settings, stated in (
        ([], set()),
        ([("form_id", "version"), ("Passage", "v2")], set()),
        ([("form_id", "启用日期"), ("通道", "2027-03-01")], {"effective_from"}),
        ([("form_id", "version"), ("passage", "2")], {"name", "version"}),
    ):
        path = write(tmp_path / "form.xlsx", {**plain, "settings": settings})
        assert read(path).stated == stated
    exported = tmp_path / "exported.xlsx"
    write_xlsform(read(path).form, exported)

    assert read(exported).stated == {"name", "version", "effective_from"}


def test_words_and_ends_in_the_wrong_place_are_told_with_the_next_step(tmp_path: Path) -> None:
    for rows, expected in (
        (
            ("begin_group | g | 组 |", "text | a | 甲 |"),
            "begin_group 没有对应的 end_group，请在这一组最后一行的下面补上",
        ),
        (
            ("text | a | 甲 |", "end_repeat | | |"),
            "end_repeat 没有对应的 begin_repeat，请在这一组第一行的上面补上，或者删去这一行",
        ),
        (
            ("text | a | 甲 | 人数大于0时显示",),
            "“人数大于0时显示”不是条件，请写成算式，如 ${S02} = 'fail' 或者 ${在岗人数} > 0，"
            "始终显示的请留空",
        ),
    ):
        path = write(tmp_path / "form.xlsx", tables(survey(f"{PLAIN} | relevant", *rows)))
        with pytest.raises(BadWorkbook) as bad:
            read(path)

        assert [one.reason for one in bad.value.problems] == [expected]


def test_a_table_with_a_failure_is_not_told_to_be_none(tmp_path: Path) -> None:
    rows = ("begin_repeat | r | 表 | 1 = 1", "text | a | 甲 |", "end_repeat | | |")
    path = write(tmp_path / "form.xlsx", tables(survey(f"{PLAIN} | 不符合条件", *rows)))
    with pytest.raises(BadWorkbook) as bad:
        read(path)

    assert {one.reason[:5] for one in bad.value.problems} == {"检查项应填"}
