"""How people fill in the office template: words, days, citations, and rows in any order."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from time import process_time
from typing import Any

import openpyxl
import pytest

from forms.errors import BadWorkbook
from forms.load import packaged_tables
from forms.model import Competence, Form, Item, Kind, Law, Major, Section
from forms.workbook.office.cells import Wrong, day, period, sectors, yes_or_condition
from forms.workbook.office.citing import Citations, penalties, penalties_text
from forms.workbook.office.reading import read
from forms.workbook.template import read_template
from forms.workbook.xlsform import read_xlsform
from tests.unit.template_samples import Workbook, asked, check, law, sheets

WHOLE: Mapping[str, Any] = {
    "名称": "通道检查表",
    "代号": "passage",
    "版本": 1,
    "启用日期": date(2027, 1, 1),
}
CHECK: Mapping[str, Any] = {
    "编号": "S01",
    "检查项": "疏散通道是否畅通。",
    "检查方法": "逐个推门。",
    "依据": "《中华人民共和国安全生产法》第四十二条第二款",
    "处罚依据": "P105",
    "整改期限": 3,
    "问题表述": "疏散通道被占用。",
    "核实情况": "条文已核对",
}
ON = date(2026, 11, 1)
MARCH = datetime(2027, 3, 1)  # noqa: DTZ001 -- days in cells have no zone
Rows = Sequence[Mapping[str, Any]]


def filled(path: Path, items: Rows, whole: Mapping[str, Any] = WHOLE, **sheets: Rows) -> Path:
    """Write a workbook as people's spreadsheets do: numbers as numbers, days as days."""
    book = openpyxl.Workbook()
    del book["Sheet"]
    rows = [("项目", "内容"), *whole.items()]
    for line in rows:
        _sheet(book, "检查表").append(line)
    for name, cells in {"检查项": items, **sheets}.items():
        headers = list(dict.fromkeys(header for row in cells for header in row))
        for line in (headers, *([row.get(header) for header in headers] for row in cells)):
            _sheet(book, name).append(line)
    book.save(path)
    return path


def _sheet(book: Any, name: str) -> Any:
    return book[name] if name in book.sheetnames else book.create_sheet(name)


def the_form(tmp_path: Path, *items: Mapping[str, Any], **sheets: Rows) -> Form:
    return read_template(filled(tmp_path / "filled.xlsx", items, **sheets)).form


def the_item(tmp_path: Path, **cells: Any) -> Item:
    return the_form(tmp_path, {**CHECK, **cells}).items[0]


@pytest.mark.parametrize("word", ["是", "√", "✓", "★", "Y", "yes", True, 1, " 是 "])
def test_yes_is_read_as_people_write_it(tmp_path: Path, word: Any) -> None:
    item = the_item(tmp_path, 是否重大隐患=word, 可当场改正=word if word != "★" else "是")

    assert item.major is Major.YES
    assert item.correctable_on_site


@pytest.mark.parametrize("word", ["否", "×", "—", "－", "x", "无", "NO", False, 0, None])
def test_no_is_read_as_people_write_it(tmp_path: Path, word: Any) -> None:
    item = the_item(tmp_path, 是否重大隐患=word, 可当场改正=word)

    assert item.major is Major.NO
    assert not item.correctable_on_site


@pytest.mark.parametrize("word", ["可能", "☆"])
def test_what_may_be_major_is_read_with_its_circumstances(tmp_path: Path, word: str) -> None:
    item = the_item(tmp_path, 是否重大隐患=word, 重大隐患情形="仅限涉粉作业。")

    assert (item.major, item.major_note) == (Major.POSSIBLE, "仅限涉粉作业。")


@pytest.mark.parametrize("word", ["消防", "消防救援机构"])
def test_what_is_another_authoritys_needs_no_penalty_and_no_period(
    tmp_path: Path, word: str
) -> None:
    item = the_item(tmp_path, 主管部门=word, 处罚依据=None, 整改期限=None)

    assert item.competence is Competence.FIRE
    assert (item.penalties, item.rectify) == ((), 0)


@pytest.mark.parametrize(
    ("text", "rectify"),
    [
        ("15", 15),
        ("１５天", 15),
        ("15 日", 15),
        ("15个自然日", 15),
        ("责令整改默认期限", "deadline.rectification_default_days"),
        ("默认", "deadline.rectification_default_days"),
        ("deadline.recheck_days", "deadline.recheck_days"),
    ],
)
def test_a_period_is_days_or_a_dated_law_value(text: str, rectify: int | str) -> None:
    assert period(text) == rectify


@pytest.mark.parametrize(
    "text", ["2026-11-01", "2026/11/1", "2026.11.01", "2026年11月1日", "2026-11-01 00:00:00"]
)
def test_a_day_is_read_as_people_and_spreadsheets_write_it(text: str) -> None:
    assert day(text) == date(2026, 11, 1)


def test_numbers_and_days_may_be_numbers_and_days_of_the_spreadsheet(tmp_path: Path) -> None:
    whole = {**WHOLE, "版本": 2.0, "启用日期": MARCH, "停用日期": "2027年4月1日"}
    path = filled(tmp_path / "filled.xlsx", [{**CHECK, "不符合时照片(张)": 2}], whole)

    form = read_template(path).form

    assert (form.version, form.effective_from, form.retired_on) == (
        2,
        date(2027, 3, 1),
        date(2027, 4, 1),
    )
    assert (form.items[0].rectify, form.items[0].photos_on_failure) == (3, 2)


def test_a_day_of_the_spreadsheet_is_filled_in_as_a_day(tmp_path: Path) -> None:
    day_asked = {"编号": "D01", "检查项": "下次检查", "类型": "日期", "默认值": MARCH}

    form = the_form(tmp_path, CHECK, day_asked)

    default = form.items[1].default
    assert default is not None
    assert default.text == "2027-03-01"


def test_sectors_are_named_or_tagged() -> None:
    assert sectors("粉尘涉爆、有限空间作业，harbour") == [
        "dust_explosion",
        "confined_space",
        "harbour",
    ]


def test_required_is_yes_no_or_a_condition() -> None:
    given = ["是", "×", "yes", "${S01} = 'fail'", "1"]

    assert [yes_or_condition(text) for text in given] == [
        "true()",
        "false()",
        "yes",
        "${S01} = 'fail'",
        "1",
    ]


def test_the_order_of_columns_does_not_matter(tmp_path: Path) -> None:
    turned = dict(reversed(list(CHECK.items())))

    assert the_form(tmp_path, turned).items == the_form(tmp_path, CHECK).items


def test_blank_rows_are_skipped(tmp_path: Path) -> None:
    blank: Mapping[str, Any] = dict.fromkeys(CHECK)

    form = the_form(tmp_path, CHECK, blank, {**CHECK, "编号": "S02"}, {**blank, "编号": "  "})

    assert [item.code for item in form.items] == ["S01", "S02"]


def test_a_row_without_a_chapter_belongs_to_the_one_above(tmp_path: Path) -> None:
    form = the_form(
        tmp_path,
        {"章节": "现场／通道", **CHECK},
        {**CHECK, "编号": "S02"},
        {"章节": "现场", **CHECK, "编号": "S03"},
    )

    (section,) = form.sections
    passage, last = section.items
    assert isinstance(passage, Section)
    assert [(item.code, around[-1].title) for item, around in form.placed] == [
        ("S01", "通道"),
        ("S02", "通道"),
        ("S03", "现场"),
    ]
    assert isinstance(last, Item)


def test_columns_of_a_table_name_the_table(tmp_path: Path) -> None:
    form = the_form(
        tmp_path,
        {"编号": "T01", "检查项": "作业人员", "类型": "表格"},
        {"编号": "T02", "检查项": "姓名", "类型": "文字", "所属表格": "T01"},
        {"编号": "N01", "检查项": "说明", "类型": "说明"},
        {"编号": "T03", "检查项": "工种", "类型": "文字", "所属表格": "T01", "章节": "资格"},
    )

    table, note = form.items
    name, group = table.columns
    assert (table.kind, note.code) == (Kind.TABLE, "N01")
    assert isinstance(name, Item)
    assert isinstance(group, Section)
    assert (name.code, group.title) == ("T02", "资格")


def test_a_choice_without_a_code_is_called_by_its_text(tmp_path: Path) -> None:
    choices = [
        {"选项表": "工况", "选项": "生产", "行业": "冶金"},
        {"选项": "停产"},
        {"选项表": "是非", "选项代码": "y", "选项": "是"},
    ]
    ask = {"编号": "S02", "检查项": "工况", "类型": "单选", "选项表": "工况"}

    form = the_form(tmp_path, CHECK, ask, 选项=choices)

    assert [
        (one.name, [(choice.name, choice.label, choice.columns) for choice in one.choices])
        for one in form.choice_lists
    ] == [
        ("工况", [("生产", "生产", (("行业", "冶金"),)), ("停产", "停产", ())]),
        ("是非", [("y", "是", ())]),
    ]


def test_a_law_of_the_workbook_may_be_cited(tmp_path: Path) -> None:
    laws = [
        {
            "代号": "city-rule",
            "名称": "某市安全条例",
            "施行日期": date(2026, 1, 1),
            "是否核实": "否",
            "来源": "网页转载",
        }
    ]
    clauses = [
        {
            "代号": "Q1",
            "法规": "某市安全条例",
            "条款": "第五十条",
            "对单位": "处5万元以下罚款",
            "是否核实": "否",
            "来源": "网页转载",
        }
    ]
    cells = {**CHECK, "依据": "《某市安全条例》第五条〔待核〕", "处罚依据": "Q1第（二）项"}

    (item,) = the_form(tmp_path, cells, 法规=laws, 处罚依据=clauses).items

    assert [(basis.printed, basis.verified) for basis in item.basis] == [
        ("《某市安全条例》第五条", False)
    ]
    assert [penalty.printed for penalty in item.penalties] == ["《某市安全条例》第五十条第（二）项"]
    assert not item.verified


def test_what_contradicts_itself_for_certain_is_told_in_a_notice() -> None:
    cited = CHECK["依据"]
    rows = {
        "“依据”没有〔待核〕的条款却视为已核对": check(核实情况="未核对"),
        "“依据”却有〔待核〕，请删去一处": check(依据=f"{cited}〔待核〕"),
        "填了“必填说明”而没有填“必填”": asked("S02", "文字", 必填说明="请填写。"),
    }
    sound = (
        check(),
        check(依据=f"{cited}〔待核〕", 核实情况="未核对"),
        check(依据=f"{cited}；第四十条〔待核〕", 核实情况="第四十条未核对"),
        check(必填说明="请检查。"),
        asked("S02", "文字", 必填="是", 必填说明="请填写。"),
    )

    for reason, row in rows.items():
        (notice,) = notices(row)
        assert notice.startswith("工作表“检查项”第2行：")
        assert reason in notice
    assert [notices(row) for row in sound] == [()] * len(sound)
    used = asked("S02", "单选", 选项表="工况")
    lists = tuple({"选项表": name, "选项": "生产"} for name in ("工况", "工矿"))
    (unused,) = notices(used, choices=lists)
    assert unused.startswith("工作表“选项”第3行：没有条目使用选项表“工矿”")


def notices(*rows: Mapping[str, str], choices: Sequence[Mapping[str, str]] = ()) -> tuple[str, ...]:
    grids = Workbook(items=rows, choices=choices).grids()
    return read(sheets(grids), "", packaged_tables()).notices


def test_brackets_around_the_whole_name_of_a_law_are_no_part_of_it() -> None:
    titles = {
        "《某市安全条例》": "某市安全条例",
        "《关于印发《某市办法》的通知》": "关于印发《某市办法》的通知",
        "《甲办法》和《乙办法》": "《甲办法》和《乙办法》",
        "某市《示例》": "某市《示例》",
    }
    for written, title in titles.items():
        laws = (law(名称=written),)
        cited = check(依据=f"《{title}》第五条")
        imported = read(sheets(Workbook(items=(cited,), laws=laws).grids()), "", packaged_tables())

        assert imported.form.items[0].basis[0].law.title == title


def test_what_an_office_made_itself_is_no_template_and_no_xlsform(tmp_path: Path) -> None:
    own: list[tuple[str, ...]] = [
        ("某局消防检查表",),
        ("序号", "检查内容", "检查依据", "检查结果"),
        ("1", "通道畅通", "消防法", "是"),
    ]
    for lines in (own, own[1:], []):
        path = tmp_path / "own.xlsx"
        book = openpyxl.Workbook()
        for line in lines:
            book.active.append(line)
        book.save(path)

        with pytest.raises(BadWorkbook) as caught:
            read_xlsform(path, effective_from=ON)

        assert [str(problem) for problem in caught.value.problems] == [
            "工作表“Sheet”：不是检查表模板，也不是 XLSForm 工作簿，"
            "请用 inspect-server forms template 取得模板，将内容填入后重试"
        ]


def test_sheets_that_are_no_part_of_the_template_are_named(tmp_path: Path) -> None:
    path = filled(tmp_path / "filled.xlsx", [CHECK], 台账=[{"企业": "甲"}])

    assert read_template(path).notices == ("未读取的工作表：台账",)


def test_two_sheets_of_one_meaning_are_an_error(tmp_path: Path) -> None:
    path = filled(tmp_path / "filled.xlsx", [CHECK], **{"检查 项": [CHECK]})

    with pytest.raises(BadWorkbook) as caught:
        read_template(path)

    assert [str(problem) for problem in caught.value.problems] == [
        "工作表“检查 项”：与工作表“检查项”重复，请只留一张"
    ]


def test_a_workbook_without_items_is_told_so(tmp_path: Path) -> None:
    path = filled(tmp_path / "filled.xlsx", [CHECK])
    book = openpyxl.load_workbook(path)
    del book["检查项"]
    book.save(path)

    with pytest.raises(BadWorkbook, match="工作表“检查项”：缺少这张工作表"):
        read_template(path)


def test_nobody_is_blamed_for_citing_a_row_that_has_a_fault_of_its_own(tmp_path: Path) -> None:
    rows = [
        {"编号": "S02", "检查项": "在岗人数", "类型": "整书", "引用名称": "人数"},
        {**CHECK, "是否重大隐患": "是", "须并存的条目": "S03", "显示条件": "${人数} > 9"},
        {**CHECK, "编号": "S03", "整改期限": "尽快"},
    ]

    with pytest.raises(BadWorkbook) as caught:
        the_form(tmp_path, *rows)

    assert [(problem.row, problem.column) for problem in caught.value.problems] == [
        (2, "类型"),
        (4, "整改期限"),
    ]


# Citations.


def citations(*own: Law) -> Citations:
    return Citations({law.code: law for law in own}, packaged_tables().laws, ON)


def own_law(code: str, title: str, begins: date = date(2020, 1, 1), number: str = "") -> Law:
    return Law(code, title, number, begins, None, verified=True, source="网页")


@pytest.mark.parametrize(
    "text",
    [
        "《中华人民共和国安全生产法》第三十六条第一款；《工贸企业粉尘防爆安全规定》第十五条",
        "《安全生产法》第三十六条第一款\n《工贸企业粉尘防爆安全规定》（应急管理部令第6号）第十五条",
        "《安全生产法》 第三十六条第一款 ; 《工贸企业粉尘防爆安全规定》第十五条；",
    ],
)
def test_several_citations_stand_in_one_cell(text: str) -> None:
    assert [(basis.law.code, basis.article) for basis in citations().bases(text)] == [
        ("work-safety-law", "第三十六条第一款"),
        ("dust-rules", "第十五条"),
    ]


def test_an_article_alone_goes_on_with_the_law_before_it() -> None:
    read = citations().bases("《安全生产法》第三十六条；第四十二条第二款（待核）")

    assert [(basis.law.code, basis.article, basis.verified) for basis in read] == [
        ("work-safety-law", "第三十六条", True),
        ("work-safety-law", "第四十二条第二款", False),
    ]


@pytest.mark.parametrize("mark", ["〔待核〕", " （待核）", "(条号待核)", "[待核实]"])
def test_a_marked_citation_is_not_verified_and_needs_no_article(mark: str) -> None:
    (basis,) = citations().bases(f"《工贸企业粉尘防爆安全规定》{mark}")

    assert (basis.article, basis.verified) == ("", False)


@pytest.mark.parametrize("doubt", ["（未核）", "，存疑", "？", "（待核）第二款"])
def test_no_doubt_in_other_words_passes_for_a_verified_citation(doubt: str) -> None:
    with pytest.raises(Wrong, match="没有核对过的请只在最后加上〔待核〕"):
        citations().bases(f"《安全生产法》第三条{doubt}")


def test_what_is_no_article_does_not_pass_for_a_verified_one() -> None:
    refused = {
        "42条": "是否应为“第四十二条”",
        "第四二条": "是否应为“第四十二条”",
        "四十二条第二款": "是否应为“第四十二条第二款”",
        "第四十二": "是否应为“第四十二条”",
        "第一百〇五条": "是否应为“第一百零五条”",
        "第二款": "请写成如“第四十二条第二款第（一）项”",
        "8.3.4": "引用标准的请先在“法规”表中写明标准号",
        "第四十二条有关规定": "“第四十二条”后面的“有关规定”不是条款",
        "第四十二条等": "“第四十二条”后面的“等”不是条款",
        "第四十二条第（一）款": "“第四十二条”后面的“第（一）款”不是条款",
    }
    for article, reason in refused.items():
        with pytest.raises(Wrong, match=reason):
            citations().bases(f"《安全生产法》{article}")
        if article != "第二款":
            (marked,) = citations().bases(f"《安全生产法》{article}〔待核〕")
            assert not marked.verified
    for beyond in ("等", "的规定", " shall", "和"):
        with pytest.raises(Wrong, match=f"“8.3.4”后面的“{beyond.strip()}”不是条款"):
            citations().bases(f"《粉尘防爆安全规程》8.3.4{beyond}")
    for article in ("附录", "第条", "四十二条", "全文"):
        with pytest.raises(Wrong, match="不是条款的写法"):
            citations().bases(f"《粉尘防爆安全规程》{article}")


def test_articles_and_sections_of_standards_are_written_as_people_write_them() -> None:
    articles = (
        "第四十二条、第四十三条第（一）、（三）项",
        "第三十六条第一款、第二款",
        "第一百三十四条之一第二款第一项第2目",
        "第四十条至第四十二条",
        "第（十一）项",
        "附件2第二部分第（三）项",
        "第三十八条第（一）（二）项",
        "第四十二条，第四十三条",
        "第四十二条以及第四十三条",
        "第四十条—第四十三条或者第五十条",
        "第四十二条、四十三条",
        "附表1",
    )
    sections = (
        *("8.3.4", "第8.3.4条", "第 5.2.1 条", "第5.4.4A条", "5.2.1 a)、b)", "4.3.2 a)～c)"),
        *("附录A", "附录 A", "附录B.1", "附录A.0.1", "A.3.2", "第五条", "第4.3.2条第（1）款"),
        *("表2", "表 3.4.1", "表3.4.1-1", "表5.3.1A", "3.4.1注2", "4.3.2列项a)"),
        *("4.1.1~4.1.5", "4.1.1—4.1.5", "（a）项", "第a项"),
    )
    for title, written in (("安全生产法", articles), ("粉尘防爆安全规程", sections)):
        for article in written:
            (basis,) = citations().bases(f"《{title}》{article}")
            assert (basis.article, basis.verified) == (article, True)


def test_what_is_said_to_be_compared_is_taken_as_it_stands() -> None:
    first, second = citations().bases("《安全生产法》第四十二条等〔已核〕。；第五条〔待核〕")
    (penalty,) = penalties("P105第（二）项规定情形〔已核〕", packaged_tables().penalties)

    assert (first.article, first.verified, second.verified) == ("第四十二条等", True, False)
    assert penalty.clause == "第（二）项规定情形"
    for nothing in ("〔已核〕", "等（已核）"):
        with pytest.raises(Wrong):
            citations().bases(f"《安全生产法》{nothing}")


def test_a_standard_is_known_by_its_number_however_that_is_written() -> None:
    for number in ("GB 50016-2014", "gb 50016-2014", "国家标准GB/T 50016-2014", "ＧＢ 50016"):
        assert citations(own_law("a", "某规范", number=number)).basis("《某规范》8.3.4").verified
    for number in ("", "应急管理部令第6号"):
        with pytest.raises(Wrong, match="不是条款的写法"):
            citations(own_law("a", "某规范", number=number)).basis("《某规范》8.3.4")


def test_nobody_is_blamed_for_citing_a_law_whose_number_was_refused() -> None:
    cited = ("《某规范》8.3.4", "《某规范》第8条", "《某规范》（GB 1）8.3.4")
    rows = tuple(check(编号=f"S{at}", 依据=text) for at, text in enumerate(cited, 1))
    laws = (law(名称="某规范", 文号="GB\n1"),)

    with pytest.raises(BadWorkbook) as caught:
        read(sheets(Workbook(items=rows, laws=laws).grids()), "", packaged_tables())

    assert [(one.sheet, one.column) for one in caught.value.problems] == [("法规", "文号")]


def test_a_law_of_the_workbook_goes_before_one_of_the_program() -> None:
    own = own_law("own-law", "工贸企业粉尘防爆安全规定")

    assert citations(own).basis("《工贸企业粉尘防爆安全规定》第三条").law == own


def test_of_several_texts_of_one_law_the_one_in_force_is_meant() -> None:
    old = Law("a", "某条例", "", date(2010, 1, 1), date(2020, 1, 1), verified=True, source="网页")
    new = own_law("b", "某条例")

    known = citations(old, new)

    assert known.basis("《某条例》第三条").law == new
    assert known.basis("《某条例》〔a〕第三条").law == old


def test_a_law_is_written_by_the_shortest_name_that_means_it() -> None:
    one, other = own_law("a", "某条例", number="令1"), own_law("b", "某条例", number="令2")
    third = own_law("c", "某条例", number="令2")

    assert citations(one).name(one) == "《某条例》"
    assert citations(one, other).name(one) == "《某条例》（令1）"
    assert citations(one, other, third).name(other) == "《某条例》〔b〕"


@pytest.mark.parametrize("text", ["安全生产法", "《安全生产法》", "work-safety-law"])
def test_a_whole_cell_names_a_law_by_title_or_code(text: str) -> None:
    assert citations().law(text).code == "work-safety-law"


def test_an_article_does_not_belong_into_the_cell_of_a_law() -> None:
    with pytest.raises(Wrong, match="条款请写在“条款”列"):
        citations().law("《安全生产法》第三条")


def test_penalty_clauses_stand_in_one_cell() -> None:
    known = packaged_tables().penalties

    read = penalties("P99第（二）、（四）项；P102、P98 第二款；", known)

    assert [(one.code, one.clause) for one in read] == [
        ("P99", "第（二）、（四）项"),
        ("P102", ""),
        ("P98", "第二款"),
    ]
    assert penalties_text(read) == "P99第（二）、（四）项；P102；P98第二款"


def test_behind_a_penalty_stands_its_clause_and_it_stands_there_once() -> None:
    known = packaged_tables().penalties
    refused = {
        "P105（一）": "“（一）”不是，是否应为“P105第（一）项”",
        "P105第一百零六条": "“第一百零六条”不是，请写成如 P99第（二）项",
        "P105;P105。": "“P105”写了两次，请删去一个",
    }
    for text, reason in refused.items():
        with pytest.raises(Wrong, match=reason):
            penalties(text, known)

    assert [one.clause for one in penalties("P105第一款；P105；", known)] == ["第一款", ""]
    several = ("第（一）（二）项", "第（一）项；第（二）项")
    for clause in several:
        assert [one.clause for one in penalties(f"P105{clause}；P102", known)] == [clause, ""]


@pytest.mark.parametrize(
    "cells",
    [
        {"依据": "《安全生产法》第三条" + " " * 30_000 + "x"},
        {"依据": "《" * 30_000},
        {"依据": "《安全生产法》第三条" + "〔条号" * 10_000},
        {"处罚依据": "P1" + "\n" * 30_000 + "x"},
        {"处罚依据": "P" * 30_000},
        {"须并存的条目": "S01、" * 7_000},
        {"章节": "／".join("甲" * 10_000)},
    ],
)
def test_a_cell_full_of_signs_takes_no_time(tmp_path: Path, cells: Mapping[str, str]) -> None:
    path = filled(tmp_path / "filled.xlsx", [{**CHECK, **cells}])
    began = process_time()

    with suppress(BadWorkbook):
        read_template(path)

    assert process_time() - began < 2


def test_a_refusal_shows_the_beginning_of_a_long_cell(tmp_path: Path) -> None:
    path = filled(tmp_path / "filled.xlsx", [{**CHECK, "整改期限": "尽快\n" * 100}])

    with pytest.raises(BadWorkbook) as caught:
        read_template(path)

    (problem,) = caught.value.problems
    assert "尽快 尽快" in problem.reason
    assert len(problem.reason) < 80
