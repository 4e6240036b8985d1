"""What other tools accept and this one does not have: refused in words, or named as not in use."""

from pathlib import Path

import pytest
from pyxform.xls2xform import ConvertResult

from forms.errors import BadWorkbook
from forms.model import Competence, Kind, Major
from forms.workbook.xlsforms.reading.settings import slug, version_in
from tests.unit.xlsform_samples import CHOICES, judged, read, survey, tables, write
from tests.unit.xlsform_workbooks import WORKBOOKS

PLAIN = "type | name | label"
LISTS = CHOICES + "\n"
RESULTS = """choices
list_name | name | label
check_result | pass | 符合
check_result | fail | 不符合
check_result | not_applicable | 不适用
check_result | not_checked | 未检查
"""
CHECK = "type | name | label | 检查方法 | 依据 | 处罚依据 | 整改期限 | 问题表述 | 核实情况"
SOUND = "select_one check_result | S1 | 问 | 看 | 《安全生产法》第三十五条 | P99 | 3 | 缺 | 已核对"


def one(header: str, cell: str, kind: str = "text") -> str:
    """Return a survey whose one question, in row 2, has this cell in a further column."""
    return survey(f"type | name | label | {header}", f"{kind} | a | 甲 | {cell}")


OUTSIDE = {
    survey(PLAIN, "geotrace | a | 甲"): (
        "第2行“type”列：不支持轨迹和区域，请改用 geopoint 记录位置"
    ),
    survey(PLAIN, "geoshape | a | 甲"): (
        "第2行“type”列：不支持轨迹和区域，请改用 geopoint 记录位置"
    ),
    LISTS + survey(PLAIN, "rank abc | a | 甲"): (
        "第2行“type”列：不支持排序题，请改用 select_one 或 select_multiple"
    ),
    survey(
        PLAIN, "osm | a | 甲"
    ): "第2行“type”列：不支持 OpenStreetMap 题，请改用 geopoint 记录位置",
    survey(PLAIN, "text | b | 乙", "csv-external | a |"): (
        "第3行“type”列：不支持外部数据文件，请把选项写在 choices 表中，"
        "用 select_one 或 select_multiple"
    ),
    survey(PLAIN, "select_one_from_file towns.csv | a | 甲"): (
        "第2行“type”列：不支持外部选项文件，请把选项写在 choices 表中，"
        "用 select_one 或 select_multiple"
    ),
    survey(PLAIN, "text | b | 乙", "select_one towns.csv | a | 甲"): (
        "第3行“type”列：不支持外部选项文件，请把选项写在 choices 表中"
    ),
    survey(
        PLAIN,
        "begin repeat | r | 表",
        "text | b | 乙",
        "end repeat | |",
        "select_one ${b} | a | 甲",
    ): ("第5行“type”列：不支持以其他题目的答案作选项，请把选项写在 choices 表中"),
    LISTS + survey(PLAIN, "begin loop over yn | a | 甲", "text | b | 乙", "end loop | |"): (
        "第2行“type”列：不支持 loop，请改用 begin_repeat 或逐题写出"
    ),
    survey("type | name | label | trigger", "text | b | 乙 |", "text | a | 甲 | ${b}"): (
        "第3行“trigger”列：不支持 trigger，请删去，用 calculation 随时计算"
    ),
    one("default", "1 + 1", "integer"): (
        "第2行“default”列：“1 + 1”会被当作算式，算式请写成 number(1 + 1)，文字请去掉 + - * | 和括号"
    ),
    survey(
        "type | name | label | readonly",
        "begin group | g | 组 | yes",
        "text | a | 甲 |",
        "end group | | |",
    ): ("第2行“readonly”列：分组不能有这一列的内容，请写到各题"),
    survey(PLAIN, "text | x:y | 甲"): (
        "第2行“name”列：“x:y”不能作名称，请以字母、汉字或下划线开头，只用字母、汉字、数字和 . - _"
    ),
    one("relevant", "${last-saved#a} = 1"): (
        "第2行“relevant”列：第1个字符：不支持上次填写的值（last-saved），"
        "请引用本表的检查项，写成 ${名称}"
    ),
    one("hint", "${last-saved#a}"): (
        "第2行“hint”列：不支持上次填写的值（last-saved），请引用本表的条目，写成 ${名称}"
    ),
    one("bind::type", "int"): (
        "第2行“bind::type”列：这一列会改变题目的类型，请删去，类型写在 type 列"
    ),
    one("relevant", "../a = 1"): (
        "第2行“relevant”列：第1个字符：不支持上级路径“..”，引用其他检查项请写 ${名称}，"
        "行号请写 position(..)"
    ),
    one("constraint", ". > 1 and now() > 2"): (
        "第2行“constraint”列：第11个字符：不支持函数 now()，当天日期请写 today()"
    ),
    one("parameters", "tick_interval=2", "range"): (
        "第2行“parameters”列：这种题没有参数“tick_interval”，可以用的是 start、end、step"
    ),
    one("parameters", "end=1e40", "range"): (
        "第2行“parameters”列：参数 end 的数字不能超过 30 个字符，请改短"
    ),
    one("parameters", "app=org.example.app", "image"): (
        "第2行“parameters”列：这种题没有参数“app”，可以用的是 max-pixels"
    ),
    survey("type | name | caption | label", "text | a | 甲 | 乙"): (
        "第1行“label”列：与“caption”列重复，请只留一列"
    ),
    survey(PLAIN, "text | a | 甲") + "\nsettings\nflat | form_title\nyes | 标题": (
        "第2行“flat”列：不支持 flat，请删去"
    ),
    LISTS
    + survey(PLAIN, "select_one yn | a | 甲")
    + "\nsettings\nadd_none_option | version\nyes | 1": (
        "第2行“add_none_option”列：不支持 add_none_option，请把“无”写进选项表"
    ),
    LISTS.replace("abc | c", "abc | a")
    + survey(PLAIN, "select_one abc | a | 甲")
    + "\nsettings\nallow_choice_duplicates | version\nyes | 1": (
        "第6行“name”列：选项“a”与第4行重复，请改名（不支持 allow_choice_duplicates）"
    ),
    survey(PLAIN): "没有题目，请从第2行起填写",
}


@pytest.mark.parametrize("text", OUTSIDE)
def test_what_is_outside_the_subset_is_refused_in_words(text: str, tmp_path: Path) -> None:
    path = write(tmp_path / "表.xlsx", tables(text))
    with pytest.raises(BadWorkbook) as caught:
        read(path)

    assert isinstance(judged(path), ConvertResult), "pyxform refuses it: it belongs elsewhere"
    assert [str(one).partition("”")[2].removeprefix("：") for one in caught.value.problems] == [
        OUTSIDE[text]
    ]


NOTICES = {
    "one text": (),
    "metadata that is left out": (
        "survey：第2行是 audit，未导入",
        "survey：第3行是 simserial，未导入",
        "survey：第4行是 subscriberid，未导入",
    ),
    "an empty group": ("survey：第3行的组里没有题目，未导入",),
    "comments between rows": ("survey：第3行没有类型和名称，未导入",),
    "disabled rows": ("survey：第3行标为停用，未导入",),
    "two languages": (
        "保留但不使用的列：survey.label::English (en)、survey.hint::English (en)、"
        "choices.label::English (en)",
    ),
    "settings": (
        "保留但不使用的列：settings.style、settings.submission_url、settings.instance_name",
    ),
    "unused sheets": ("未导入的工作表：entities",),
    "sliders": ("保留但不使用的列：survey.parameters",),
}


@pytest.mark.parametrize("name", NOTICES)
def test_what_is_not_in_use_is_named(name: str, tmp_path: Path) -> None:
    path = write(tmp_path / "表.xlsx", tables(WORKBOOKS[name]))

    assert read(path).notices == NOTICES[name]


def test_what_is_not_in_use_is_kept_word_by_word(tmp_path: Path) -> None:
    form = read(write(tmp_path / "表.xlsx", tables(WORKBOOKS["two languages"]))).form

    assert form.language == "中文 (zh)"
    assert form.items[0].kept == (("label::English (en)", "A"), ("hint::English (en)", "hint"))
    assert form.sections[1].kept == (("label::English (en)", "Group"),)
    assert form.choice_lists[0].choices[1].kept == (("label::English (en)", "No"),)


LANGUAGES = [
    ("label | label::English", "", ""),
    ("label::English | label::中文", "", "中文"),
    ("label::English | label::Chinese (zh)", "", "Chinese (zh)"),
    ("label::fr | label::en", "", "fr"),
    ("label::fr | label::en", "en", "en"),
    ("label | label::en", "en", "en"),
    ("label | label::en", "fr", ""),
]


@pytest.mark.parametrize(("headers", "default", "chosen"), LANGUAGES)
def test_one_language_is_chosen(headers: str, default: str, chosen: str, tmp_path: Path) -> None:
    text = survey(f"type | name | {headers}", "text | a | 一 | 二")
    if default:
        text += f"\nsettings\ndefault_language | form_title\n{default} | 标题"

    assert read(write(tmp_path / "表.xlsx", tables(text))).form.language == chosen


@pytest.mark.parametrize(
    ("form_id", "name"),
    [
        ("Fire Check 2026", "fire-check-2026"),
        ("a_b-c", "a_b-c"),
        ("消防", "checklist"),
        ("-- ", "checklist"),
        ("x" * 60, "x" * 48),
    ],
)
def test_a_name_comes_from_the_form_id(form_id: str, name: str) -> None:
    assert slug(form_id) == name


@pytest.mark.parametrize(
    ("text", "version"),
    [("3", 3), ("2026112301", 1), ("v2", 1), ("0", 1), ("", 1), ("999999999", 999_999_999)],
)
def test_a_version_comes_from_a_whole_number(text: str, version: int) -> None:
    assert version_in(text) == version


def test_settings_say_what_the_checklist_is(tmp_path: Path) -> None:
    text = survey(PLAIN, "text | a | 甲") + (
        "\nsettings\nform_title | form_id | version | 代号 | 启用日期 | 停用日期 | 适用行业"
        " | 是否按需选用\n标题 | Big ID | 2026a | own-name | 2027/2/1"
        " | 2028-01-01 | 粉尘涉爆、port | 是"
    )
    form = read(write(tmp_path / "表.xlsx", tables(text))).form

    assert (form.title, form.name, form.version) == ("标题", "own-name", 1)
    assert (str(form.effective_from), str(form.retired_on)) == ("2027-02-01", "2028-01-01")
    assert (form.sectors, form.on_request) == (("dust_explosion", "port"), True)
    assert form.kept == (("form_id", "Big ID"), ("version", "2026a"))


def test_without_settings_the_file_names_the_checklist(tmp_path: Path) -> None:
    form = read(write(tmp_path / "monthly check.xlsx", tables(survey(PLAIN, "text | a | 甲")))).form

    assert (form.title, form.name, form.version) == ("monthly check", "monthly-check", 1)


def test_a_check_item_has_what_the_bureaus_columns_say(tmp_path: Path) -> None:
    text = RESULTS + survey(
        f"{CHECK} | 是否重大隐患 | 重大隐患情形 | 主管部门 | 重点事项",
        f"{SOUND} | 可能 | 有人时 | 本部门 | 是",
        f"{SOUND} | 否 | | 消防 |".replace("S1", "S2").replace("P99 | 3", "|"),
    )
    form = read(write(tmp_path / "表.xlsx", tables(text))).form
    own, fire = form.items

    assert (own.kind, own.major, own.major_note, own.focus) == (
        Kind.CHECK,
        Major.POSSIBLE,
        "有人时",
        True,
    )
    assert (own.penalties[0].code, own.rectify) == ("P99", 3)
    assert (fire.competence, fire.penalties, fire.rectify) == (Competence.FIRE, (), 0)
    assert form.choice_lists == ()


def test_what_a_check_item_lacks_is_told_column_by_column(tmp_path: Path) -> None:
    text = RESULTS + survey(
        CHECK,
        "select_one check_result | S1 | 问 | | 《没有的法》第一条 | Q1 | 三 | 缺 | 已核对",
        SOUND.replace("S1", "S2"),
    )
    with pytest.raises(BadWorkbook) as caught:
        read(write(tmp_path / "表.xlsx", tables(text)))

    assert [(one.row, one.column, one.reason) for one in caught.value.problems] == [
        (
            2,
            "依据",
            "没有收录《没有的法》，请核对名称，没有写错的请先在“法规”表中补上它的代号、名称、施行日期和来源",
        ),
        (2, "处罚依据", "没有收录代号“Q1”，请先在“处罚依据”表中补上"),
        (2, "整改期限", "不认识“三”，请填写1以上的整数（天数），或者“责令整改默认期限”"),
        (2, "检查方法", "检查项应填写检查方法"),
    ]


def test_a_check_item_stands_in_no_repeat(tmp_path: Path) -> None:
    text = RESULTS + survey(
        CHECK, "begin repeat | r | 表" + " |" * 6, SOUND, "end repeat | |" + " |" * 6
    )
    with pytest.raises(BadWorkbook, match="第3行“type”列：检查项不能放在重复组内"):
        read(write(tmp_path / "表.xlsx", tables(text)))


def test_the_bureaus_columns_are_for_items_that_can_fail(tmp_path: Path) -> None:
    with pytest.raises(
        BadWorkbook, match="“检查方法”列：只有“检查”类型或写明“不符合条件”的条目才填这一列"
    ):
        read(write(tmp_path / "表.xlsx", tables(one("检查方法", "看"))))


def test_a_question_that_says_what_its_failure_means_is_told_what_makes_a_check(
    tmp_path: Path,
) -> None:
    def told(list_name: str) -> list[str]:
        row = SOUND.replace("check_result", list_name)
        lists = RESULTS.replace("| fail", "| 不符合").replace("check_result", list_name)
        text = lists + survey(CHECK, row, row.replace("S1", "S2").replace("P99", "P999"))
        with pytest.raises(BadWorkbook) as caught:
            read(write(tmp_path / "表.xlsx", tables(text)))
        return [str(problem) for problem in caught.value.problems]

    lists, penalty = told("check_result")  # the rows are read as check items all the same
    assert lists == (
        "工作表“choices”第2行“name”列：选项代码不是pass、fail、not_applicable、not_checked这四个，"
        "条目 S1、S2是普通单选，不会不符合；要作检查项的，请改用这四个代码；"
        "不是检查项的，请给选项表改名"
    )
    assert penalty.startswith("工作表“survey”第3行“处罚依据”列：没有收录代号“P999”")
    of_type, *_, in_row = told("answers")
    assert of_type == (
        "工作表“survey”第2行“type”列：这一题不是检查项，却填了检查项的列（检查方法、依据、处罚依据、"
        "整改期限、问题表述、核实情况）；要作检查项的，请写 select_one check_result，"
        "或者填写“不符合条件”；不是检查项的，请清除这些列"
    )
    assert in_row.startswith("工作表“survey”第3行“处罚依据”列：没有收录代号“P999”")


def test_a_workbook_brings_its_own_laws_and_clauses(tmp_path: Path) -> None:
    text = RESULTS + survey(
        CHECK, SOUND.replace("《安全生产法》", "《市条例》").replace("P99", "Q1")
    )
    text += (
        "\n法规\n代号 | 名称 | 施行日期 | 是否核实 | 来源\ncity | 市条例 | 2020-01-01 | 否 | 网页"
        "\n处罚依据\n代号 | 法规 | 条款 | 对单位 | 是否核实 | 来源"
        "\nQ1 | 市条例 | 第九条 | 处一万元以下罚款 | 否 | 网页"
    )
    form = read(write(tmp_path / "表.xlsx", tables(text))).form
    item = form.items[0]

    assert item.basis[0].printed == "《市条例》第三十五条"
    assert (item.penalties[0].code, item.penalties[0].law.code) == ("Q1", "city")


def test_faults_of_a_workbooks_own_laws_are_told(tmp_path: Path) -> None:
    text = survey(PLAIN, "text | a | 甲") + (
        "\n法规\n代号 | 名称 | 施行日期 | 是否核实 | 来源 | 页码"
        "\ncity | 市条例 | 昨天 | 否 | 网页 | 3\ntown | 镇条例 | 2020-01-01 | 否 | |"
        "\n处罚依据\n代号 | 法规 | 条款 | 对单位 | 是否核实 | 来源"
        "\nQ1 | 省条例 | 第九条 | 罚 | 否 | 网页"
    )
    with pytest.raises(BadWorkbook) as caught:
        read(write(tmp_path / "表.xlsx", tables(text)))

    assert [(one.sheet, one.row, one.column) for one in caught.value.problems] == [
        ("处罚依据", 2, "法规"),
        ("法规", 1, "页码"),
        ("法规", 2, "施行日期"),
        ("法规", 3, "来源"),
    ]


def test_names_that_repeat_in_groups_get_codes_apart(tmp_path: Path) -> None:
    form = read(write(tmp_path / "表.xlsx", tables(WORKBOOKS["names that repeat in groups"]))).form

    assert [(item.code, item.name) for item in form.items] == [
        ("g·a", "a"),
        ("h·a", "a"),
        ("a", ""),
    ]


def test_a_code_may_be_given_beside_the_name(tmp_path: Path) -> None:
    item = read(write(tmp_path / "表.xlsx", tables(one("编号", "F01")))).form.items[0]

    assert (item.code, item.name, item.cited_as) == ("F01", "a", "a")


def test_a_code_given_twice_is_refused(tmp_path: Path) -> None:
    text = survey(f"{PLAIN} | 编号", "text | a | 甲 | F01", "text | b | 乙 | F01")
    with pytest.raises(BadWorkbook, match="第3行“编号”列：编号重复"):
        read(write(tmp_path / "表.xlsx", tables(text)))
