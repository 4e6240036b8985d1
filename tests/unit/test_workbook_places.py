"""Faults of conditions, headers and choices are told at the cell that has to be changed."""

from pathlib import Path

from forms.errors import BadWorkbook
from forms.model import Kind
from forms.workbook.words import ITEM_HEADERS
from tests.unit.template_samples import Workbook, asked, check
from tests.unit.xlsform_samples import CHOICES, read, survey, tables, write

PLAIN = "type | name | label"
ASKED_IF = f"{PLAIN} | relevant"
LISTS = CHOICES + "\n"
END = "end group | | |"
CIRCLE = "互相依赖，成了循环：{}，请改用其他条目"


def told(text: str, path: Path) -> list[tuple[int, str, str]]:
    """Return row, column and sentence of all that is wrong with an XLSForm, [] where it is read."""
    try:
        read(write(path, tables(text)))
    except BadWorkbook as bad:
        return [(one.row, one.column, one.reason) for one in bad.problems]
    return []


def test_a_circle_through_a_condition_is_told_where_that_condition_stands(tmp_path: Path) -> None:
    group, table = "begin group | g | 组 | ${a} = 1", "begin repeat | r | 表 |"
    rows = ("integer | a | 甲 |", END)
    circles = {
        survey(ASKED_IF, group, *rows): [(2, "a")],
        survey(ASKED_IF, "text | b | 乙 |", *(group, "text | c | 丙 |"), *rows): [(3, "a")],
        # What is in a table is known only once it is known whether the table is asked.
        survey(ASKED_IF, group, table, "integer | a | 甲 |", "end repeat | | |", END): [(2, "r")],
        survey(ASKED_IF, f"{table} ${{a}} = 1", "integer | a | 甲 |", "end repeat | | |"): [
            (2, "r")
        ],
        # Two groups of one title: the other one's condition is sound.
        survey(ASKED_IF, group, *rows, "begin group | h | 组 | ${a} = 1", "date | b | 乙", END): [
            (2, "a")
        ],
    }

    for text, places in circles.items():
        expected = [(row, "relevant", CIRCLE.format(name)) for row, name in places]
        assert told(text, tmp_path / "表.xlsx") == expected, text


def test_a_fault_of_a_condition_is_told_at_the_right_one_of_two_groups_with_one_title(
    tmp_path: Path,
) -> None:
    for wrong in ("${b} > 2 +", "${zz} = 1"):
        groups = (f"begin group | g | 组 | {wrong}", "integer | a | 甲 |", END)
        sound = ("begin group | h | 组 | ${a} = 1", "integer | b | 乙 |", END)
        for rows, row in (((*groups, *sound), 2), ((*sound, *groups), 5)):
            faults = told(survey(ASKED_IF, *rows), tmp_path / "表.xlsx")
            assert [fault[:2] for fault in faults] == [(row, "relevant")], rows


def test_a_circle_through_the_condition_of_a_chapter_is_told_in_the_sheet_of_chapters() -> None:
    chapter = {"章节": "现场", "显示条件": "${F01} = 'fail'"}
    workbook = Workbook(items=(check(编号="F01"), asked("F02", "文字")), sections=(chapter,))

    assert workbook.told() == [f"工作表“章节”第2行“显示条件”列：{CIRCLE.format('F01')}"]


def test_choices_that_come_from_a_file_are_refused(tmp_path: Path) -> None:
    for appearance in ("search('x')", "minimal search('x', 'matches', 'y', 'z')", "search ('x')"):
        text = survey(f"{PLAIN} | appearance", f"select_one yn | a | 甲 | {appearance}")
        ((row, column, reason),) = told(LISTS + text, tmp_path / "表.xlsx")
        assert (row, column) == (2, "appearance")
        assert reason.startswith("不支持从外部文件取选项，请删去 search()")
    for kind, appearance in (("select_one yn", "minimal search"), ("text", "search('x')")):
        text = survey(f"{PLAIN} | appearance", f"{kind} | a | 甲 | {appearance}")
        assert told(LISTS + text, tmp_path / "表.xlsx") == []


MEANT = {
    **{ITEM_HEADERS.word(field): field for field in ("relevant", "required", "constraint")},
    **dict.fromkeys(ITEM_HEADERS.words["calculation"], "calculation"),
    ITEM_HEADERS.word("read_only"): "readonly",
    ITEM_HEADERS.word("choice_filter"): "choice_filter",
    ITEM_HEADERS.word("count"): "repeat_count",
    ITEM_HEADERS.word("hint"): "hint",
    ITEM_HEADERS.word("guidance"): "guidance_hint",
    ITEM_HEADERS.word("required_message"): "required_message",
    ITEM_HEADERS.word("constraint_message"): "constraint_message",
    ITEM_HEADERS.word("appearance"): "appearance",
    "relevant 条件": "relevant",
    "Relevant（显示条件）": "relevant",
    "显示条件（选填）": "relevant",
    "*必填": "required",
}


def test_a_header_in_the_words_of_the_template_is_told_with_that_of_xlsform(
    tmp_path: Path,
) -> None:
    for header, meant in MEANT.items():
        text = survey(f"{PLAIN} | {header}", "text | a | 甲 | 1 = 1")
        ((row, column, reason),) = told(text, tmp_path / "表.xlsx")
        assert (row, column) == (1, header)
        assert f"请将列名改为 {meant}，" in reason
    for header in ("检查内容", "类型", "requirements 备注", "必填理由"):
        text = survey(f"{PLAIN} | {header}", "text | a | 甲 | 1 = 1")
        assert told(text, tmp_path / "表.xlsx") == [], header
    assert told(survey(f"{PLAIN} | 显示条件", "text | a | 甲 |"), tmp_path / "表.xlsx") == []


def test_a_name_that_or_other_takes_is_told_once(tmp_path: Path) -> None:
    rows = ("select_one yn or_other | m | 甲", "text | m_other | 乙", "note | n | ${m_other}")
    grouped = ("begin group | g | 组", *rows, "end group | |")
    sentence = "会自动生成名为“m_other”的条目，与第{}行重复，请改名"

    for text, row in ((survey(PLAIN, *rows), 2), (survey(PLAIN, *grouped), 3)):
        found = told(LISTS + text, tmp_path / "表.xlsx")
        assert found == [(row, "name", sentence.format(row + 1))]


def test_what_is_left_out_is_named_with_its_row(tmp_path: Path) -> None:
    rows = ("start-geopoint | s |", "text | a | 甲", "background-audio | b |", "audit | |")
    imported = read(write(tmp_path / "表.xlsx", tables(survey(PLAIN, *rows))))

    assert [item.kind for item in imported.form.items] == [Kind.TEXT]
    assert imported.notices == (
        "survey：第2行是 start-geopoint，未导入",
        "survey：第4行是 background-audio，未导入",
        "survey：第5行是 audit，未导入",
    )


def test_a_slider_that_runs_backwards_keeps_the_steps_that_it_has_from_its_least_value(
    tmp_path: Path,
) -> None:
    sliders = {"start=10 end=0 step=-5": "5", "start=10 end=0 step=-3": "", "end=9 step=2": "2"}

    for parameters, step in sliders.items():
        text = survey(f"{PLAIN} | parameters", f"range | a | 甲 | {parameters}")
        (item,) = read(write(tmp_path / "表.xlsx", tables(text))).form.items
        assert item.step == step, parameters


def test_steps_go_upwards() -> None:
    workbook = Workbook(items=(asked("A01", "小数", 步长="0"),))

    assert workbook.told() == ["工作表“检查项”第2行“步长”列：步长应大于0，请改正"]
