"""`inspect-server forms check|import|export|template|show|diff`: checklists in files."""

import json
import os
import shlex
import stat
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from click.testing import CliRunner, Result

from forms.body import content_sha256
from forms.load import DEFINITIONS, load, packaged, packaged_tables
from forms.model import Form
from forms.showing import shown
from forms.workbook.office.guide import example
from forms.workbook.template import write_template
from forms.writing import CodeTaken
from inspect_server.app import make_backend
from inspect_server.cli import root
from inspect_server.cli.forms import files
from inspect_server.cli.forms.commands import forms_group
from inspect_server.domain.enums import Role
from inspect_server.usecases.accounts import add_user
from tests.actors import ALL_ROLES

DUST = packaged().get("dust-explosion", 1)


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a database: nothing here needs one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("INSPECT_DATA_DIR", str(tmp_path / "none"))


def run(*words: object) -> Result:
    return CliRunner().invoke(root, ["forms", *map(str, words)])


def workbook(path: Path, **sheets: list[list[Any]]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return path


SURVEY = [
    ["type", "name", "label", "relevant", "label::English (en)"],
    ["select_one yes_no", "has_dust", "有无粉尘", "", "Any dust?"],
    ["begin_repeat", "filters", "除尘器", "${has_dust} = 'yes'", "Filters"],
    ["integer", "age", "使用年限", "", "Age"],
    ["end_repeat", "", "", "", ""],
]
CHOICES = [
    ["list_name", "name", "label", "label::English (en)"],
    ["yes_no", "yes", "有", "Yes"],
    ["yes_no", "no", "无", "No"],
]


@pytest.fixture
def xlsform(tmp_path: Path) -> Path:
    settings = [["form_title", "form_id", "version"], ["填报表", "dust-form", "3"]]
    return workbook(tmp_path / "填报表.xlsx", survey=SURVEY, choices=CHOICES, settings=settings)


def faulty(path: Path) -> Path:
    rows = [
        ["type", "name", "label"],
        ["text", "a", "甲"],
        ["text", "a", "乙"],
        ["wrong", "c", "丙"],
    ]
    return workbook(path, survey=rows)


def test_a_file_that_is_neither_workbook_nor_definition_is_told_as_such(tmp_path: Path) -> None:
    for name, content in {
        "检查表.csv": "编号,检查项\nA01,是否\n".encode("gbk"),
        "空白.xlsx": b"",
        "说明.txt": "检查项：是否".encode(),
        "网页.xls": b'\xef\xbb\xbf \n<html><meta\nname="Generator" content="x">',
        "表格.xls": '<table><tr><td\n title="编号">A01'.encode("gbk"),
        "单个网页.xls": b'MIME-Version: 1.0\n\n<meta\nname=3D"Generator">',
    }.items():
        (tmp_path / name).write_bytes(content)
        done = run("check", name)

        assert done.exit_code == 1
        assert f"{name} 不是工作簿，也不是检查表定义文件；请用 Excel" in done.stderr


GUIDE = Path(__file__).parents[2] / "docs" / "forms.zh-CN.md"


def test_the_guide_for_offices_names_commands_and_options_that_there_are() -> None:
    lines = [line for line in GUIDE.read_text("utf-8").splitlines() if "inspect-server" in line]

    assert len(lines) > 8
    for line in lines:
        _, group, name, *words = shlex.split(line)
        assert group == "forms"
        known = {option for one in forms_group.commands[name].params for option in one.opts}
        assert {word for word in words if word.startswith("-")} <= known


def test_a_blank_template_is_written_and_is_without_error(tmp_path: Path) -> None:
    made = run("template", "-o", "模板.xlsx")
    checked = run("check", "模板.xlsx")

    assert made.exit_code == checked.exit_code == 0
    assert "下一步：填写后检查" in made.stderr
    assert checked.stdout.startswith("模板.xlsx：检查表模板，没有错误。\n")
    assert {path.name for path in tmp_path.iterdir()} == {"模板.xlsx"}


@pytest.mark.parametrize("kind", ["template", "xlsform", "XLSForm 工作簿"])
def test_a_checklist_comes_back_from_a_workbook_as_it_was(kind: str, tmp_path: Path) -> None:
    exported = run("export", "dust-explosion@1", "-o", "粉尘.xlsx", "--format", kind)
    imported = run("import", "粉尘.xlsx", "-o", "dust.toml")
    compared = run("diff", "dust-explosion@1", "dust.toml")

    assert exported.exit_code == imported.exit_code == compared.exit_code == 0
    assert load(tmp_path / "dust.toml") == DUST
    assert content_sha256(DUST) in imported.stdout
    assert compared.stdout == "dust-explosion@1 → dust-explosion@1\n内容没有变化。\n"


def test_the_file_made_of_a_workbook_says_from_where_it_is(xlsform: Path, tmp_path: Path) -> None:
    done = run("import", xlsform, "-o", "form.toml")

    assert done.exit_code == 0
    lines = (tmp_path / "form.toml").read_text("utf-8").splitlines()
    assert lines[0] == "# 由 XLSForm 工作簿“填报表.xlsx”导入。"
    assert any(line.startswith("# 保留但不使用的列：") for line in lines)
    assert "提醒：保留但不使用的列：" in done.stderr
    assert "下一步：核对内容后发布，运行：inspect-server forms publish form.toml" in done.stderr


def test_name_version_and_first_day_may_be_given(xlsform: Path, tmp_path: Path) -> None:
    words = ("--name", "local", "--version", "7", "--from", "2027-03-01")
    done = run("import", xlsform, "-o", "local@7.toml", *words)

    assert done.exit_code == 0
    form = load(tmp_path / "local@7.toml")
    assert (form.ref, form.effective_from.isoformat()) == ("local@7", "2027-03-01")
    assert "《填报表》local@7，自2027年3月1日起启用" in done.stdout


def test_a_name_that_cannot_be_is_told_and_nothing_is_written(
    xlsform: Path, tmp_path: Path
) -> None:
    done = run("import", xlsform, "-o", "form.toml", "--name", "仓储")

    assert done.exit_code == 2
    assert "代号“仓储”应由小写字母、数字、- 和 _ 组成" in done.stderr
    assert not (tmp_path / "form.toml").exists()


def reminders(done: Result) -> list[str]:
    lines = [line for line in done.stderr.splitlines() if line.startswith("提醒：")]
    return [line for line in lines if "保留但不使用的列" not in line]


def test_what_an_import_takes_for_granted_is_said(xlsform: Path) -> None:
    checked, imported = run("check", xlsform), run("import", xlsform, "-o", "form.toml")
    words = ("--name", "local", "--version", "7", "--from", "2027-03-01")
    given = run("import", xlsform, "-o", "local.toml", *words)

    first, everyone = reminders(checked)
    assert reminders(imported) == reminders(checked)
    assert first.startswith("提醒：启用日期为")
    assert first.endswith("（工作簿没有写明，取为今日）；要另定的，导入时加 --from。")
    assert "发布时须加 --everyone 确认" in everyone
    assert reminders(given) == [everyone]


def test_settings_that_could_not_be_taken_over_are_named(tmp_path: Path) -> None:
    settings = [["form_id", "version"], ["储罐", "2027010101"]]
    book = workbook(tmp_path / "储罐.xlsx", survey=SURVEY, choices=CHOICES, settings=settings)
    name, version, *_ = reminders(run("check", book))

    assert name.startswith("提醒：代号为 checklist（由工作簿所写“储罐”转换）")
    assert "版本为 1（工作簿所写“2027010101”不是 1 至 999999999 的整数，没有采用）" in version


def test_a_definition_is_not_imported(tmp_path: Path) -> None:
    done = run("import", DEFINITIONS / "dust-explosion@1.toml", "-o", "new.toml")

    assert done.exit_code == 1
    assert "dust-explosion@1.toml 已是检查表定义文件，不必导入" in done.stderr


def test_every_error_of_a_workbook_is_told_by_sheet_and_row(tmp_path: Path) -> None:
    bad = faulty(tmp_path / "bad.xlsx")
    checked, imported = run("check", bad), run("import", bad, "-o", "bad.toml")

    for done in (checked, imported):
        assert done.exit_code == 1
        *problems, last = done.stderr.splitlines()
        assert [line.partition("列：")[0] for line in problems] == [
            "工作表“survey”第3行“name”",
            "工作表“survey”第4行“type”",
        ]
        assert last == (
            "错误：工作簿 bad.xlsx 有 2 处错误，见上，请改正后重试。［forms.workbook_faulty］"
        )
        assert done.stdout == ""
    assert {path.name for path in tmp_path.iterdir()} == {"bad.xlsx"}


def test_a_definition_is_checked_too() -> None:
    done = run("check", DEFINITIONS / "dust-explosion@1.toml")

    assert done.exit_code == 0
    head, counted, *rest = done.stdout.splitlines()[1:]
    assert head == "《粉尘涉爆专项检查表》dust-explosion@1，自2026年1月1日起启用"
    assert counted.startswith("章节 5 个，条目 22 项（可判为不符合的 22 项，其中★ 12 项、☆ 4 项）")
    assert counted.endswith("表格 0 个；待核的依据、罚则 8 处")
    assert rest[0] == f"内容哈希 {content_sha256(DUST)}"
    assert rest[1].startswith("待核　F01　《粉尘防爆安全规程》（GB 15577-2018）　")


def test_what_is_neither_a_workbook_nor_a_definition_is_told(tmp_path: Path) -> None:
    (tmp_path / "text.toml").write_text("不是定义", "utf-8")
    (tmp_path / "cut.xlsx").write_bytes(b"PK\x03\x04 cut short")

    definition, cut = run("check", "text.toml"), run("check", "cut.xlsx")
    assert definition.exit_code == cut.exit_code == 1
    assert "text.toml 无法读取（TOML 格式有误，在第1行第1个字符附近）" in definition.stderr
    assert "工作簿 cut.xlsx 无法读取" in cut.stderr


def test_what_cannot_be_imported_is_not_without_error(
    xlsform: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(form: Form, *_: object) -> str:
        raise CodeTaken(ref=form.ref, taken="law", noun="法规")

    monkeypatch.setattr(files, "definition_text", refuse)
    checked, imported = run("check", xlsform), run("import", xlsform, "-o", "form.toml")

    assert checked.exit_code == imported.exit_code == 1
    assert checked.stdout == ""
    assert "请为其另取一个代号" in checked.stderr
    assert not Path("form.toml").exists()


def test_no_file_that_stands_there_is_replaced_unasked(xlsform: Path, tmp_path: Path) -> None:
    there = tmp_path / "there.toml"
    there.write_text("mine", "utf-8")
    book = tmp_path / "there.xlsx"
    book.write_bytes(b"mine")
    refused = (
        run("import", xlsform, "-o", there),
        run("export", "dust-explosion@1", "-o", book),
        run("template", "-o", book),
    )

    for done in refused:
        assert done.exit_code == 1
        assert "已存在，没有改动" in done.stderr
    assert (there.read_text("utf-8"), book.read_bytes()) == ("mine", b"mine")
    assert run("import", xlsform, "-o", there, "--replace").exit_code == 0
    assert run("template", "-o", book, "--replace").exit_code == 0
    assert load(there).title == "填报表"
    assert book.read_bytes().startswith(b"PK")


def test_no_file_is_written_over_its_own_source(xlsform: Path, tmp_path: Path) -> None:
    before = xlsform.read_bytes()
    (tmp_path / "link.toml").symlink_to(xlsform)
    onto = run("import", xlsform, "-o", xlsform, "--replace")
    through = run("import", xlsform, "-o", "link.toml", "--replace")
    back = run("export", xlsform, "-o", xlsform, "--replace")

    assert onto.exit_code == through.exit_code == back.exit_code == 2
    assert xlsform.read_bytes() == before


def test_a_device_and_a_folder_that_lacks_are_refused(xlsform: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.xlsx")
    pipe = run("template", "-o", "pipe.xlsx", "--replace")
    away = run("import", xlsform, "-o", "no/where.toml")
    nameless = [
        run("import", xlsform, "-o", "", "--replace"),
        run("export", xlsform, "-o", ""),
        run("template", "-o", ""),
    ]

    assert pipe.exit_code == away.exit_code == 1
    assert "无法写入 pipe.xlsx（是设备或管道，不是文件）" in pipe.stderr
    assert stat.S_ISFIFO((tmp_path / "pipe.xlsx").stat().st_mode)
    assert "无法写入 no/where.toml（路径不存在）" in away.stderr
    assert [one.exit_code for one in nameless] == [2, 2, 2]
    assert all("没有写明输出文件，请用 -o 写一个文件名。" in one.stderr for one in nameless)
    for name in ("pipe.xlsx", "/dev/null"):  # neither may be opened: a pipe waits for a writer
        read = [run("check", name), run("import", name, "-o", "a.toml"), run("publish", name)]
        assert [done.exit_code for done in read] == [2, 2, 2]
        assert all(f"{name} 是设备或者管道，不是文件，请先" in done.stderr for done in read)


def test_a_name_that_takes_all_the_room_of_a_name_is_written(tmp_path: Path) -> None:
    name = "表" * 83 + ".xlsx"
    foreign = os.fsdecode("旧".encode("gbk")) + ".xlsx"  # as an old archive brings them along
    done = [
        run("export", "dust-explosion@1", "-o", name),
        run("template", "-o", "甲" + name[2:]),
        run("template", "-o", foreign),
    ]

    assert [one.exit_code for one in done] == [0, 0, 0]
    assert (tmp_path / foreign).read_bytes().startswith(b"PK")
    assert (tmp_path / name).read_bytes().startswith(b"PK")


def test_a_workbook_under_another_ending_is_not_written() -> None:
    done = run("export", "dust-explosion@1", "-o", "粉尘.ods")

    assert done.exit_code == 2
    assert "应以 .xlsx 结尾，请改写为 粉尘.xlsx。" in done.stderr


def test_a_definition_is_read_whatever_it_is_called_and_not_written_as_a_workbook(
    xlsform: Path, tmp_path: Path
) -> None:
    text = (DEFINITIONS / "dust-explosion@1.toml").read_text("utf-8")
    Path("dust.xlsx").write_text(text, "utf-8")
    Path("broken.csv").write_text(text + "[", "utf-8")
    written = run("import", xlsform, "-o", "new.xlsx")

    assert (written.exit_code, Path("new.xlsx").exists()) == (2, False)
    assert "请改写为 new.toml。" in written.stderr
    assert run("check", "dust.xlsx").stdout.startswith("dust.xlsx：检查表定义文件，没有错误。")
    assert "dust.xlsx 已是检查表定义文件" in run("import", "dust.xlsx", "-o", "a.toml").stderr
    assert "broken.csv 无法读取（TOML 格式有误" in run("check", "broken.csv").stderr


def test_what_is_given_with_an_import_fills_the_blanks_of_a_template(tmp_path: Path) -> None:
    """And goes before what stands there, the law of the first day included."""
    blank = example(packaged_tables())
    write_template(blank, tmp_path / "full.xlsx")
    rows = [["项目", "内容"], ["名称", "表"], ["代号", "本局 表"], ["版本", ""]]
    items = [["编号", "章节", "检查项", "类型"], ["A1", "一", "甲", "文本"]]
    workbook(tmp_path / "blank.xlsx", 检查表=rows, 检查项=items)
    words = ("--name", "local", "--version", "7", "--from", "2027-03-01")
    refused = run("import", "blank.xlsx", "-o", "no.toml", *words[:4])

    assert "启用日期" in refused.stderr
    assert "有 1 处错误" in refused.stderr
    for name in ("full", "blank"):
        assert run("import", f"{name}.xlsx", "-o", f"{name}.toml", *words).exit_code == 0
        form = load(tmp_path / f"{name}.toml")
        assert (form.ref, form.effective_from.isoformat()) == ("local@7", "2027-03-01")


@pytest.mark.parametrize(
    ("said", "words", "code"),
    [
        ("nowhere.toml", "既没有这个文件，也不是“名称@版本”", 2),
        ("dust-explosion@99", "没有检查表 dust-explosion@99", 1),
    ],
)
def test_a_checklist_that_is_not_there_is_told(said: str, words: str, code: int) -> None:
    commands = (
        ("show", said),
        ("diff", "dust-explosion@1", said),
        ("export", said, "-o", "a.xlsx"),
    )
    for done in (run(*command) for command in commands):
        assert done.exit_code == code
        assert words in done.stderr
    assert run("check", "nowhere.toml").exit_code == 2


def test_all_errors_of_a_definition_are_told_at_once(tmp_path: Path) -> None:
    text = (DEFINITIONS / "dust-explosion@1.toml").read_text("utf-8")
    text = text.replace("version = 1", "version = 0", 1).replace('code = "F02"', 'code = "F01"', 1)
    (tmp_path / "bad.toml").write_text(text, "utf-8")
    checked, shown_ = run("check", "bad.toml"), run("show", "bad.toml")

    assert checked.exit_code == shown_.exit_code == 1
    assert checked.stdout == ""
    assert checked.stderr.splitlines() == [
        "检查表，字段 version：应为1至999999999的整数",
        "条目 F01，字段 code：编号重复",
        "错误：检查表文件 bad.toml 有 2 处错误，见上，请改正后重试。［forms.definition_faulty］",
    ]


def test_the_packaged_checklists_are_listed_without_a_database() -> None:
    done = run("list")

    assert done.exit_code == 0
    assert [line.split("\t")[0] for line in done.stdout.splitlines()] == [
        form.ref for form in packaged()
    ]
    assert "提醒：数据库尚未初始化，只列出随程序提供的检查表。" in done.stderr


def test_a_version_of_the_bureaus_needs_a_database_and_that_is_said() -> None:
    done = run("show", "warehouse@1")

    assert done.exit_code == 1
    assert "没有检查表 warehouse@1：它不是随程序提供的，数据库也尚未初始化" in done.stderr


def test_a_checklist_is_shown_with_grade_basis_and_what_is_to_be_verified() -> None:
    done = run("show", "dust-explosion@1")

    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert lines[0] == "粉尘涉爆专项检查表（dust-explosion@1）"
    assert "建（构）筑物与作业场所" in lines
    assert f"  F01 ★ {DUST.items[0].question}" in lines
    assert "《粉尘防爆安全规程》（GB 15577-2018）［待核］" in done.stdout
    assert "条目 22 项（可判为不符合的 22 项，其中★ 12 项、☆ 4 项）" in lines[-1]


def test_a_workbook_is_shown_without_importing_it(xlsform: Path) -> None:
    done = run("show", xlsform)

    assert done.exit_code == 0
    assert "has_dust 〔单选〕 有无粉尘" in done.stdout.splitlines()
    assert "    选项：yes 有、no 无" in done.stdout
    assert "显示条件：${has_dust} = 'yes'" in done.stdout
    assert "提醒：" in done.stderr


def test_what_is_required_is_shown_as_offices_say_it(tmp_path: Path) -> None:
    rows = [["type", "name", "label", "required"], ["text", "a", "甲", "yes"]]
    done = run("show", workbook(tmp_path / "a.xlsx", survey=rows))

    assert "    必填：是" in done.stdout.splitlines()


def test_json_of_a_checklist_is_plain_and_not_escaped(xlsform: Path) -> None:
    done = run("show", "dust-explosion@1", "--json")
    book = json.loads(run("show", xlsform, "--json").stdout)

    assert json.loads(done.stdout) == shown(DUST)
    assert '"title": "粉尘涉爆专项检查表"' in done.stdout
    rows = [(row["name"], row["type"], row["path"], row["label"]) for row in book["items"]]
    assert rows == [
        ("has_dust", "select_one", [], "有无粉尘"),
        ("age", "integer", ["filters"], "使用年限"),
    ]
    assert book["items"][0]["choices"] == [
        {"name": "yes", "label": "有"},
        {"name": "no", "label": "无"},
    ]
    (table,) = book["repeats"]
    assert (table["name"], table["relevant"]) == ("filters", "${has_dust} = 'yes'")


def test_two_checklists_are_compared_in_words_and_in_json(xlsform: Path) -> None:
    run("import", xlsform, "-o", "new.toml", "--version", "4", "--from", "2027-01-01")
    run("import", xlsform, "-o", "old.toml", "--from", "2026-01-01")
    words, plain = (
        run("diff", "old.toml", "new.toml"),
        run("diff", "old.toml", "new.toml", "--json"),
    )

    assert words.exit_code == plain.exit_code == 0
    assert words.stdout.splitlines() == [
        "dust-form@3 → dust-form@4",
        "基本信息",
        "  版本：3 → 4",
        "  启用日期：2026年1月1日 → 2027年1月1日",
    ]
    assert words.stderr == "共 2 处变化。\n"
    assert json.loads(plain.stdout)[0] == {
        "part": "form",
        "action": "changed",
        "which": "",
        "place": "",
        "field": "version",
        "old": "3",
        "new": "4",
        "field_name": "版本",
    }
    assert run("diff", "old.toml", "old.toml", "--json").stdout == "[]\n"


def test_a_bad_configuration_hides_no_packaged_checklist(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INSPECT_PORT", "很多")
    done = run("show", "dust-explosion@1")

    assert done.exit_code == 0
    assert "提醒：未能读取本机关的停用和核对登记：" in done.stderr


def test_what_controls_a_terminal_is_shown_as_an_escape(tmp_path: Path) -> None:
    text = (DEFINITIONS / "dust-explosion@1.toml").read_text("utf-8")
    kept = text.replace("version = 1", 'version = 2\nkept = [["x", "\\u001b[31m"]]', 1)
    (tmp_path / "new.toml").write_text(kept, "utf-8")
    done = run("diff", "dust-explosion@1", "new.toml")

    assert done.exit_code == 0
    assert "x＝\\x1b[31m" in done.stdout


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database with a supervisor and a legal reviewer."""
    monkeypatch.setenv("INSPECT_DATA_DIR", str(tmp_path / "data"))
    assert CliRunner().invoke(root, ["init"]).exit_code == 0
    backend = make_backend()
    with backend.begin(ALL_ROLES) as work:
        for login, role in (("zhangsan", Role.SUPERVISOR), ("lisi", Role.LEGAL_REVIEWER)):
            add_user(work, login, f"姓名{login}", "一科", [role], "correct horse battery 7")
    backend.engine.dispose()


@pytest.mark.usefixtures("office")
def test_what_was_confirmed_is_shown_with_who_did_and_no_longer_marked() -> None:
    said = "《工贸企业粉尘防爆安全规定》（应急管理部令第6号）第十五条"
    before = run("show", "dust-explosion@1")
    words = ("--citation", said, "--source", "官网文本", "--as", "lisi")
    confirmed = run("confirm", "dust-explosion@1", "F04", *words)
    after = run("show", "dust-explosion@1")

    assert before.exit_code == confirmed.exit_code == after.exit_code == 0
    assert f"{said}［待核］" in before.stdout
    assert f"{said}［待核］" not in after.stdout
    assert f"    核对登记：{said}，姓名lisi 20" in after.stdout
    assert "与“官网文本”核对" in after.stdout
    assert "待核的依据、罚则 8 处" in before.stdout
    assert "待核的依据、罚则 7 处" in after.stdout
    assert f"内容哈希：{content_sha256(DUST)}" in after.stdout


@pytest.mark.usefixtures("office")
def test_a_workbook_goes_into_the_library_and_comes_back(tmp_path: Path) -> None:
    run("export", "dust-explosion@1", "-o", "粉尘.xlsx")
    words = ("--name", "local-dust", "--version", "1", "--from", "2099-01-01")
    imported = run("import", "粉尘.xlsx", "-o", "local.toml", *words)
    published = run("publish", "local.toml", "--as", "zhangsan")
    run("retire", "local-dust@1", "--from", "2099-06-01", "--as", "zhangsan")
    compared = run("diff", "local.toml", "local-dust@1")

    assert imported.exit_code == published.exit_code == compared.exit_code == 0
    assert compared.stdout.splitlines()[1:] == [
        "基本信息",
        "  停用日期：（无） → 2099年6月1日",
    ]
    assert "停用日期：2099年6月1日" in run("show", "local-dust@1").stdout
    assert run("show", "local-dust@2").exit_code == 1


@pytest.mark.usefixtures("office")
@pytest.mark.parametrize("kind", ["template", "xlsform"])
def test_a_version_that_never_began_is_exported_as_it_was_published(
    kind: str, tmp_path: Path
) -> None:
    run("export", "dust-explosion@1", "-o", "粉尘.xlsx")
    words = ("--name", "local-dust", "--version", "1", "--from", "2099-06-01")
    run("import", "粉尘.xlsx", "-o", "local.toml", *words)
    run("publish", "local.toml", "--as", "zhangsan")
    retired = run("retire", "local-dust@1", "--from", "2099-01-01", "--as", "zhangsan")
    exported = run("export", "local-dust@1", "-o", "back.xlsx", "--format", kind)
    run("import", "back.xlsx", "-o", "back.toml")

    assert retired.exit_code == exported.exit_code == 0
    assert load(tmp_path / "back.toml") == load(tmp_path / "local.toml")
