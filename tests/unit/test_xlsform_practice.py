"""What workbooks of offices have in practice: slips, long lists, titles above."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from pyxform.errors import PyXFormError

from forms.errors import BadWorkbook, Problem
from forms.load import LawTables, packaged, packaged_tables
from forms.workbook.xlsform import read_xlsform, write_xlsform
from forms.workbook.xlsforms.grid import Record
from tests.unit.xlsform_samples import Grid, judged, problems, read, survey, tables, write

PLAIN = "type | name | label"
LISTS = "choices\nlist_name | name | label | up\nyn | y | 是 | yes\nyn | n | 否 | no\n"


def faults(path: Path) -> tuple[Problem, ...]:
    """Return all that is wrong with a workbook."""
    with pytest.raises(BadWorkbook) as caught:
        read(path)
    return caught.value.problems


def fault(path: Path) -> Problem:
    """Return the one thing that is wrong with a workbook."""
    (only,) = faults(path)
    return only


UNREAD = {
    "a filter of a question without choices": (
        survey(f"{PLAIN} | choice_filter", "text | a | 甲 | ${a b}"),
        (2, "choice_filter"),
    ),
    "a count of a question": (
        survey(f"{PLAIN} | repeat_count", "text | a | 甲 | ${ a }"),
        (2, "repeat_count"),
    ),
    "a group that is required": (
        survey(
            f"{PLAIN} | required", "begin group | g | 组 | ${a", "text | a | 甲 |", "end group | |"
        ),
        (2, "required"),
    ),
    "a condition of what is left out": (
        survey(f"{PLAIN} | relevant", "text | a | 甲 |", "simserial | s | | ${a b}"),
        (3, "relevant"),
    ),
    "media of a group": (
        survey(
            f"{PLAIN} | media::sound", "begin group | g | 组 | x", "text | a | 甲", "end group | |"
        ),
        (2, "media::sound"),
    ),
    "a trigger of a group": (
        survey(f"{PLAIN} | trigger", "begin group | g | 组 | x", "text | a | 甲", "end group | |"),
        (2, "trigger"),
    ),
}


@pytest.mark.parametrize("name", UNREAD)
def test_a_fault_in_a_cell_that_means_nothing_there_is_told(name: str, tmp_path: Path) -> None:
    text, place = UNREAD[name]
    path = write(tmp_path / "表.xlsx", tables(text))

    assert isinstance(judged(path), PyXFormError)
    assert problems(path) == [("survey", *place)]


def test_a_malformed_reference_is_told_once_by_whoever_knows_its_character(tmp_path: Path) -> None:
    text = survey(f"{PLAIN} | relevant | hint", "text | a | 甲 | 1 = ${b c} | ${b c}")
    told = [(one.column, one.reason) for one in faults(write(tmp_path / "表.xlsx", tables(text)))]

    assert [column for column, _ in told] == ["hint", "relevant"]
    assert told[1][1].startswith("第5个字符：")


@pytest.mark.parametrize("header", ["bind", "body", "control", "instance", "media"])
def test_a_header_that_does_not_say_what_it_holds_is_refused_where_it_is_used(
    header: str, tmp_path: Path
) -> None:
    used = survey(f"{PLAIN} | {header}", "text | a | 甲 | x")
    unused = survey(f"{PLAIN} | {header} | hint", "text | a | 甲 | | 提示")

    assert problems(write(tmp_path / "用.xlsx", tables(used))) == [("survey", 1, header)]
    assert not problems(write(tmp_path / "不用.xlsx", tables(unused)))


def test_a_column_of_choices_may_have_the_name_of_a_part_of_questions(tmp_path: Path) -> None:
    text = LISTS.replace("up", "control") + survey(
        f"{PLAIN} | choice_filter", "select_one yn | a | 甲 | control = 'yes'"
    )
    path = write(tmp_path / "表.xlsx", tables(text))

    assert not isinstance(judged(path), PyXFormError)
    assert not problems(path)


def test_a_choice_that_no_definition_has_is_told_in_its_own_row(tmp_path: Path) -> None:
    text = LISTS + "yn | 是\\n否 | 丙 |\n" + survey(PLAIN, "select_one yn | a | 甲")

    assert problems(write(tmp_path / "表.xlsx", tables(text))) == [("choices", 4, "name")]


def test_a_list_whose_rows_all_lack_a_name_is_told_row_by_row(tmp_path: Path) -> None:
    text = "choices\nlist_name | name | label\nyn | | 是\nyn | | 否\n" + survey(
        PLAIN, "text | a | 甲"
    )
    path = write(tmp_path / "表.xlsx", tables(text))

    assert isinstance(judged(path), PyXFormError)
    assert problems(path) == [("choices", 2, "name"), ("choices", 3, "name")]


def nested(depth: int, what: str = "group") -> Grid:
    """Return a survey of one question in so many groups, in the outermost of which it says what."""
    kinds = [what] + ["group"] * (depth - 1)
    begins = [[f"begin {kind}", f"g{number}", "组"] for number, kind in enumerate(kinds)]
    ends = [[f"end {kind}", "", ""] for kind in reversed(kinds)]
    return [PLAIN.split(" | "), *begins, ["text", "a", "甲"], *ends]


@pytest.mark.parametrize(
    ("depth", "what", "row"),
    [
        (20, "group", 0),
        (21, "group", 22),
        (19, "repeat", 0),
        (20, "repeat", 21),
        (1500, "group", 22),
    ],
)
def test_groups_in_groups_beyond_what_definitions_have_are_told_where_they_begin(
    depth: int, what: str, row: int, tmp_path: Path
) -> None:
    found = problems(write(tmp_path / "表.xlsx", {"survey": nested(depth, what)}))

    assert found == ([("survey", row, "type")] if row else [])


def test_a_choice_is_looked_at_as_often_in_a_long_list_as_in_a_short_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: Counter[int] = Counter()
    text_of = Record.text

    def counted(record: Record, *tokens: str, language: str = "") -> str:
        looked[length] += 1
        return text_of(record, *tokens, language=language)

    monkeypatch.setattr(Record, "text", counted)
    for length in (100, 400):
        rows = [["yn", f"c{number}", "选项"] for number in range(length)]
        sheets = {
            "survey": [PLAIN.split(" | "), ["select_one yn", "a", "甲"]],
            "choices": [["list_name", "name", "label"], *rows],
        }
        read(write(tmp_path / f"{length}.xlsx", sheets))

    assert looked[400] < 4.1 * looked[100]


def test_a_title_in_two_lines_or_with_full_width_blanks_is_one_line(tmp_path: Path) -> None:
    text = (
        survey(PLAIN, "text | a | 甲") + "\nsettings\nform_title | form_id\n粉尘　涉爆\\n检查表 | d"
    )
    form = read(write(tmp_path / "表.xlsx", tables(text))).form

    assert form.title == "粉尘 涉爆 检查表"
    assert ("form_title", "粉尘　涉爆\n检查表") in form.kept


def test_line_breaks_of_other_systems_are_line_breaks(tmp_path: Path) -> None:
    sheets = {"survey": [PLAIN.split(" | "), ["text", "a", "甲\r乙\r\n丙\n丁"]]}
    form = read(write(tmp_path / "表.xlsx", sheets)).form

    assert form.items[0].question == "甲\n乙\n丙\n丁"


SENTENCES = {
    "是": (
        survey(f"{PLAIN} | required", "text | a | 甲 | 是"),
        "“是”请写成 yes",
    ),
    "否": (
        survey(f"{PLAIN} | readonly", "text | a | 甲 | 否"),
        "“否”请写成 no",
    ),
    "a text of a filter without quotes": (
        LISTS + survey(f"{PLAIN} | choice_filter", "select_one yn | a | 甲 | up = yes"),
        "选项表“yn”没有“yes”这一列，若是文字请加引号，写成 'yes'",
    ),
    "a column that is not there": (
        LISTS + survey(f"{PLAIN} | choice_filter", "select_one yn | a | 甲 | town = 'x'"),
        "选项表“yn”没有“town”这一列，请补上这一列或核对列名",
    ),
    "a full-width parenthesis": (
        survey(f"{PLAIN} | relevant", "text | a | 甲 |", "text | b | 乙 | contains（${a}, 'x'）"),
        "第9个字符：“（”是全角符号，请改为半角的 (",
    ),
    "a group that is to be repeated": (
        survey(
            f"{PLAIN} | repeat_count",
            "begin group | g | 组 | 3",
            "text | a | 甲 |",
            "end group | | |",
        ),
        "分组没有重复次数，要重复的请改用 begin_repeat",
    ),
    "a day without quotes": (
        survey(f"{PLAIN} | relevant", "date | a | 甲 |", "text | b | 乙 | ${a} > 2026-01-31"),
        "第8个字符：日期应加引号，请写成 '2026-01-31'",
    ),
    "full-width braces": (
        survey(f"{PLAIN} | relevant", "text | a | 甲 | $｛a｝ = 'x'"),
        "第1个字符：花括号应为半角，请写成 ${名称}",
    ),
    "a dash for nothing": (
        survey(f"{PLAIN} | default", "text | a | 甲 | -"),
        "“-”会被当作算式，文字请去掉 + - * | 和括号，没有内容的请留空",
    ),
    "a sum": (
        survey(f"{PLAIN} | default", "integer | a | 甲 | 1+1"),
        "“1+1”会被当作算式，算式请写成 number(1+1)，文字请去掉 + - * | 和括号",
    ),
    "a name with a blank of no width": (
        survey(PLAIN, "text | 检查项\u200b | 甲"),
        "名称里有换行或者看不见的字符，请删去后重新填写",
    ),
    "a name with a letter that other tools do not know": (
        survey(PLAIN, "text | naÏf | 甲"),
        "“naÏf”不能作名称，请把 Ï 换成别的字母",
    ),
    "a condition where a group ends": (
        survey(
            f"{PLAIN} | relevant",
            "begin group | g | 组",
            "text | a | 甲",
            "end group | | | now() > 3",
        ),
        "写在 end_group 一行不起作用，请移到 begin_group 一行，或者删去",
    ),
    "a calculation where a repeat ends": (
        survey(
            f"{PLAIN} | calculation",
            "begin repeat | g | 组",
            "text | a | 甲",
            "end repeat | | | bad((",
        ),
        "写在 end_repeat 一行不起作用，请移到 begin_repeat 一行，或者删去",
    ),
    "a condition outside the subset on a group that is required": (
        survey(
            f"{PLAIN} | required", "begin group | g | 组 | now()", "text | a | 甲", "end group | |"
        ),
        "第1个字符：不支持函数 now()，当天日期请写 today()",
    ),
    "a title above the headers": (
        "survey\n消防检查表 |\ntype | name | label\ntext | a | 甲",
        "列名应在第1行，现在第2行，请删去上面的各行",
    ),
}


@pytest.mark.parametrize("name", SENTENCES)
def test_a_slip_of_practice_is_told_with_what_to_write(name: str, tmp_path: Path) -> None:
    text, sentence = SENTENCES[name]

    assert fault(write(tmp_path / "表.xlsx", tables(text))).reason == sentence


def test_a_group_that_is_required_is_named_as_left_out(tmp_path: Path) -> None:
    rows = ("begin group | g | 组 | yes", "text | a | 甲 |", "end group | | | no")
    path = write(tmp_path / "表.xlsx", tables(survey(f"{PLAIN} | required", *rows)))

    assert not isinstance(judged(path), PyXFormError)
    assert read(path).notices == ("survey：第2行是分组，它的必填不起作用，未导入",)


@pytest.mark.parametrize(
    "header",
    [
        "relevant::中文",
        "required::English",
        "bind::constraint::中文",
        "calculation::en",
        "choice_filter::en",
        "repeat_count::en",
        "name::中文",
        "type::en",
    ],
)
def test_a_column_that_is_said_once_for_all_languages_is_refused_in_one(
    header: str, tmp_path: Path
) -> None:
    used = survey(f"{PLAIN} | {header}", "text | a | 甲 | 1 = 2")
    unused = survey(f"{PLAIN} | {header} | hint", "text | a | 甲 | | 提示")

    assert problems(write(tmp_path / "用.xlsx", tables(used))) == [("survey", 1, header)]
    assert not problems(write(tmp_path / "不用.xlsx", tables(unused)))


def test_a_language_that_only_messages_have_is_chosen_where_the_settings_name_it(
    tmp_path: Path,
) -> None:
    text = survey(
        f"{PLAIN} | constraint | constraint_message::中文", "integer | a | 甲 | . > 0 | 应大于零"
    )
    settings = "\nsettings\ndefault_language | form_title\n中文 | 标题"
    form = read(write(tmp_path / "表.xlsx", tables(text + settings))).form

    assert form.language == "中文"
    assert [(item.question, item.constraint_message) for item in form.items] == [("甲", "应大于零")]


def test_hints_without_a_language_do_not_decide_in_which_one_is_asked(tmp_path: Path) -> None:
    text = survey("type | name | hint | label::en | label::中文", "text | a | 看 | A | 甲")
    form = read(write(tmp_path / "表.xlsx", tables(text))).form

    assert form.language == "中文"
    assert [(item.question, item.hint) for item in form.items] == [("甲", "看")]


def test_a_language_that_is_not_there_gives_way_to_the_chinese_one(tmp_path: Path) -> None:
    text = survey("type | name | label::English | label::中文 (zh)", "text | a | A | 甲")
    settings = "\nsettings\ndefault_language | form_title\nChinese | 标题"
    form = read(write(tmp_path / "表.xlsx", tables(text + settings))).form

    assert (form.language, form.items[0].question) == ("中文 (zh)", "甲")


def test_a_text_in_the_language_called_default_is_one_without_a_language(tmp_path: Path) -> None:
    text = survey(f"{PLAIN} | required | required_message::default", "text | a | 甲 | yes | 必须填")
    form = read(write(tmp_path / "表.xlsx", tables(text))).form

    assert (form.language, form.items[0].required_message) == ("", "必须填")


def test_a_label_that_only_another_language_has_is_asked_in_that_one(tmp_path: Path) -> None:
    text = survey(
        "type | name | label::中文 | label::English | hint::English",
        "text | a | 甲 | A | look",
        "text | b | | B | look",
    )
    imported = read(write(tmp_path / "表.xlsx", tables(text)))
    first, second = imported.form.items

    assert (first.question, second.question, second.hint) == ("甲", "B", "")
    assert second.kept == (("label::English", "B"), ("hint::English", "look"))
    assert "部分标题只有其他语言的，已采用：English" in imported.notices


LAW_COLUMNS = "代号 | 名称 | 施行日期 | 是否核实 | 来源"
CLAUSE_COLUMNS = "代号 | 法规 | 条款 | 对单位 | 是否核实 | 来源"


def test_laws_and_penalties_are_held_to_the_rules_of_the_template(tmp_path: Path) -> None:
    text = (
        survey(PLAIN, "text | a | 甲")
        + f"\n法规\n{LAW_COLUMNS}\ngb-15577 | 另一规程 | 2026-01-01 | 是 | 网页"
        + f"\n处罚依据\n{CLAUSE_COLUMNS}"
        + "\nQ1 | work-safety-law | | 处5万元以下罚款 | 是 | 网页"
        + "\nP99 | work-safety-law | 第九十九条 | 处50万元以下罚款 | 是 | 网页"
    )

    told = faults(write(tmp_path / "表.xlsx", tables(text)))

    assert [(one.sheet, one.row, one.column) for one in told] == [
        ("处罚依据", 2, "是否核实"),
        ("处罚依据", 3, "代号"),
        ("法规", 2, "代号"),
    ]


def test_a_checklist_is_exported_with_the_laws_of_its_day(tmp_path: Path) -> None:
    form = packaged().get("dust-explosion", 1)
    now = packaged_tables()
    law = next(iter(form.items)).basis[0].law
    changed = LawTables({**now.laws, law.code: replace(law, source="另一来源")}, now.penalties)
    path = tmp_path / "表.xlsx"

    write_xlsform(form, path, changed)

    assert read_xlsform(path, effective_from=form.effective_from, tables=now).form == form
    with pytest.raises(BadWorkbook, match=f"代号“{law.code}”在系统中另有内容"):
        read_xlsform(path, effective_from=form.effective_from, tables=changed)


@pytest.mark.parametrize(
    ("header", "meant"),
    [("relevent", "relevant"), ("Require", "required"), ("constrant", "constraint")],
)
def test_a_header_that_is_nearly_that_of_a_condition_is_told(
    header: str, meant: str, tmp_path: Path
) -> None:
    text = survey(f"{PLAIN} | {header}", "text | a | 甲 | x")

    assert f"是否应为 {meant}，" in fault(write(tmp_path / "表.xlsx", tables(text))).reason


def test_a_header_of_the_author_is_kept(tmp_path: Path) -> None:
    text = survey(f"{PLAIN} | remark | 相关", "text | a | 甲 | x | y")

    assert problems(write(tmp_path / "表.xlsx", tables(text))) == []


def test_a_default_language_that_no_column_has_is_told(tmp_path: Path) -> None:
    sheets = tables("settings\ndefault_language | version\nFrench | 1\n")
    asked = tables(survey("type | name | label::中文 (zh)", "text | a | 甲"))

    notices = read(write(tmp_path / "表.xlsx", {**sheets, **asked})).notices

    assert notices == ("没有默认语言“French”的列，已采用“中文 (zh)”",)
