"""`forms` publish, retire, confirm and list: what an office does with its checklists."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from forms.load import LawTables, load, packaged, packaged_tables
from forms.workbook import template
from forms.workbook.sheets import read_sheets
from inspect_server import app
from inspect_server.cli import root
from inspect_server.cli.forms import files
from inspect_server.cli.forms.assuming import begins_oddly
from inspect_server.domain.enums import Role
from inspect_server.usecases.accounts import add_user
from inspect_server.usecases.work import Backend
from tests.actors import ALL_ROLES
from tests.unit.forms_examples import FORM, LAWS, PENALTIES, item

Run = Callable[..., Result]

KEEPER, REVIEWER = ("--as", "zhangsan"), ("--as", "lisi")
OPEN = "《示例标准》（GB 0-2020）"
BARE = '[{ law = "standard", article = "", verified = false }]'


@pytest.fixture
def run(sqlite_backend: Backend, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `forms` in an office with a supervisor and a legal reviewer."""
    monkeypatch.setattr(app, "make_backend", lambda **_: sqlite_backend)
    with sqlite_backend.begin(ALL_ROLES) as work:
        for login, name, role in (
            ("zhangsan", "张三", Role.SUPERVISOR),
            ("lisi", "李四", Role.LEGAL_REVIEWER),
        ):
            add_user(work, login, name, "一科", [role], "correct horse battery")

    def invoke(*words: str) -> Result:
        result = CliRunner().invoke(root, ["forms", *words])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return invoke


def definition(folder: Path, version: int = 1, title: str = "示例检查表") -> str:
    text = FORM.replace("version = 1", f"version = {version}").replace("示例检查表", title)
    path = folder / f"sample@{version}.toml"
    path.write_text(text + item("A02", basis=BARE) + LAWS + PENALTIES, "utf-8")
    return str(path)


def test_a_definition_is_published_once_and_listed(run: Run, tmp_path: Path) -> None:
    file = definition(tmp_path)

    nobody, made, again = run("publish", file), *(run("publish", file, *KEEPER) for _ in "ab")
    (line,) = [line for line in run("list").stdout.splitlines() if "sample@1" in line]

    assert nobody.exit_code == 1
    assert "--as 账号" in nobody.stderr
    assert made.exit_code == again.exit_code == 0
    assert "forms confirm sample@1" in made.stderr
    assert "提醒：启用日期2026年1月1日已过，发布后即日起使用" in made.stderr
    assert "已发布检查表 sample@1《示例检查表》，2026-01-01 起启用" in made.stdout
    assert "内容相同，没有变化" in again.stdout
    assert line.split("\t")[:5] == ["sample@1", "示例检查表", "2026-01-01 起", "未停用", "2 项"]
    assert "未核对 1 处" in line
    assert "本机关发布" in line
    assert line.split("\t")[-1] in made.stdout


def test_a_first_day_behind_today_or_far_ahead_is_told() -> None:
    form = packaged().get("dust-explosion", 1)
    told = {
        date(2026, 6, 1): ["启用日期2026年6月1日已过，发布后即日起使用"],
        date(2026, 6, 2): [],
        date(2031, 6, 1): [],
        date(2062, 6, 2): ["启用日期2062年6月2日在5年以后，此前不使用"],
    }

    for first, sentences in told.items():
        found = begins_oddly(replace(form, effective_from=first), date(2026, 6, 2))
        assert [one.split("；")[0] for one in found] == sentences


def for_whom(folder: Path, line: str) -> str:
    path = Path(definition(folder))
    text = path.read_text("utf-8").replace('sectors = ["dust_explosion"]', line)
    path.write_text(text, "utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("line", "words", "told"),
    [
        ('sectors = ["dust_explosion"]', (), "下发给粉尘涉爆企业的任务。"),
        ("sectors = []", ("--everyone",), "没有写适用行业：启用后随每家企业的任务下发。"),
        ("sectors = []\non_request = true", (), "按需选用：编制检查方案时指明才下发。"),
    ],
)
def test_whoever_publishes_is_told_for_whom_it_is(
    run: Run, tmp_path: Path, line: str, words: tuple[str, ...], told: str
) -> None:
    made = run("publish", for_whom(tmp_path, line), *words, *KEEPER)

    assert made.exit_code == 0
    assert told in made.stdout


@pytest.mark.parametrize(
    ("line", "words", "code"),
    [
        ("sectors = []", (), "forms.everyone_not_meant"),
        ('sectors = ["dust_explosion"]', ("--everyone",), "forms.not_for_everyone"),
        ("sectors = []\non_request = true", ("--everyone",), "forms.not_for_everyone"),
    ],
)
def test_what_is_for_every_enterprise_is_published_only_where_that_is_meant(
    run: Run, tmp_path: Path, line: str, words: tuple[str, ...], code: str
) -> None:
    refused = run("publish", for_whom(tmp_path, line), *words, *KEEPER)

    assert refused.exit_code == 1
    assert f"［{code}］" in refused.stderr
    assert "sectors" not in refused.stderr
    assert "sample@1" not in run("list").stdout


def test_a_workbook_is_imported_before_it_is_published(run: Run, tmp_path: Path) -> None:
    book = tmp_path / "仓储.xlsx"
    run("template", "-o", str(book))

    refused = run("publish", str(book), *KEEPER)

    assert refused.exit_code == 1
    assert "是工作簿，不能直接发布，请先运行 inspect-server forms import" in refused.stderr


def test_another_content_needs_another_version(run: Run, tmp_path: Path) -> None:
    run("publish", definition(tmp_path), *KEEPER)

    changed = run("publish", definition(tmp_path, title="另一标题"), *KEEPER)
    next_version = run("publish", definition(tmp_path, 2, "另一标题"), *KEEPER)

    assert changed.exit_code == 1
    assert "导入时加 --version 2）后重试。［checklist.version_taken］" in changed.stderr
    assert next_version.exit_code == 0


def test_a_published_version_keeps_its_laws_when_those_of_the_program_change(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is exported as published; that its file says something else now is told as what it is."""
    path = Path(definition(tmp_path))
    run("publish", str(path), *KEEPER)
    law, now = load(path).items[0].basis[0].law, packaged_tables()
    later = LawTables({**now.laws, law.code: replace(law, source="新的来源")}, now.penalties)
    for module in (files, template):
        monkeypatch.setattr(module, "packaged_tables", lambda: later)
    book, text = tmp_path / "示例.xlsx", path.read_text("utf-8")
    path.write_text(text.replace('source = "测试"', 'source = "新的来源"'), "utf-8")

    exported = run("export", "sample@1", "-o", str(book))
    again = run("publish", str(path), *KEEPER)

    assert exported.exit_code == 0, exported.stderr
    laws = read_sheets(book)["法规"]
    assert {row[laws.headers.index("来源")] for row in laws.rows} == {"测试"}
    assert again.exit_code == 1
    assert "只有法规、处罚依据的登记内容不同（" in again.stderr
    assert "［checklist.laws_outdated］" in again.stderr


def test_a_definition_with_a_mistake_is_refused_by_its_place(run: Run, tmp_path: Path) -> None:
    path = Path(definition(tmp_path))
    path.write_text(path.read_text("utf-8").replace('major = "no"', 'major = "maybe"'), "utf-8")

    refused = run("publish", str(path), *KEEPER)

    assert refused.exit_code == 1
    assert "条目 A01，字段 major" in refused.stderr


def test_a_packaged_version_is_retired_and_what_follows_is_said(run: Run, tmp_path: Path) -> None:
    for version in (1, 2):
        run("publish", definition(tmp_path, version), *KEEPER)
    followed = run("retire", "sample@1", "--from", "2026-04-01", *KEEPER)
    alone = run("retire", "dust-explosion@1", "--from", "2026-04-01", *KEEPER)
    again = run("retire", "dust-explosion@1", "--from", "2026-05-01", *KEEPER)
    listed = run("list").stdout

    assert "自 2026-04-01 起停用。\n自该日起使用 sample@2。" in followed.stdout
    assert "自该日起没有可用的《粉尘涉爆专项检查表》" in alone.stderr
    assert (again.exit_code, "已定于 2026-04-01 起停用" in again.stderr) == (1, True)
    assert listed.count("2026-04-01 停用") == 2


def test_what_waits_is_listed_confirmed_and_told_with_who_and_when(
    run: Run, tmp_path: Path
) -> None:
    run("publish", definition(tmp_path), *KEEPER)
    waiting = run("confirm", "sample@1")
    wrong = run("confirm", "sample@1", "A02", "--citation", OPEN, "--source", "公布文本", *KEEPER)
    words = ("confirm", "sample@1", "A02", "--citation", "《示例标准》")
    done = run(*words, "--source", "公布文本", "--article", "第5条", *REVIEWER)
    told = run("confirm", "sample@1", "A02")
    back = run(*words, "--withdraw", "看错", *REVIEWER)
    after = run("confirm", "sample@1").stdout

    assert "各列：条目、类别、尚待核对的、引用、核实情况" in waiting.stderr
    assert waiting.stdout == f"A02\t依据\t条款待补\t{OPEN}\t条文已核对\n"
    assert f"--citation '{OPEN}' --source" in waiting.stderr
    assert wrong.exit_code == 1
    assert done.stdout == f"sample@1 条目 A02：登记已核对 {OPEN}\n"
    assert told.stdout == f"A02\t已核对\t{OPEN}\t李四 2026-03-02 与“公布文本”核对，应为第5条\n"
    assert back.stdout == f"sample@1 条目 A02：撤回核对登记 {OPEN}\n"
    assert "已撤回" in after
    assert "；李四 2026-03-02 撤回（看错）" in after
    assert after.startswith("A02\t依据")


def test_an_item_that_there_is_not_is_told(run: Run) -> None:
    refused = run("confirm", "dust-explosion@1", "C99")

    assert refused.exit_code == 1
    assert "没有找到检查表 dust-explosion@1 的条目 C99" in refused.stderr


UNASKED = """
[[sections.items]]
code = "N1"
kind = "note"
question = "说明"

[[sections.items]]
code = "T1"
kind = "repeat"
question = "清单"
columns = [{ code = "c", kind = "text", question = "名" }, { code = "d", kind = "text" }]

[[sections.items]]
code = "C1"
kind = "calculate"
calculation = "1 + 1"
"""


def test_items_are_counted_in_one_way(run: Run, tmp_path: Path) -> None:
    """What somebody answers: a table once, no notes, nothing that is calculated."""
    path = Path(definition(tmp_path))
    text = path.read_text("utf-8").replace("\n[[laws]]", f"{UNASKED}\n[[laws]]", 1)
    path.write_text(text, "utf-8")
    answers = tmp_path / "answers.json"
    answers.write_text("{}", "utf-8")
    run("publish", str(path), *KEEPER)

    (listed,) = [line for line in run("list").stdout.splitlines() if "sample@1" in line]
    shown = run("show", "sample@1").stdout
    tried = run("try", "sample@1", str(answers)).stdout

    assert "\t3 项\t" in listed
    assert "条目 3 项（可判为不符合的 2 项" in shown
    assert "含表格 1 个" in shown
    assert "应检查 3 项" in tried


def test_what_was_compared_with_a_transcript_is_listed_for_a_comparison(run: Run) -> None:
    whole, one = run("confirm", "dust-explosion@1"), run("confirm", "dust-explosion@1", "F03")

    assert "另有 7 个条目的条文据第三方抄录核对" in whole.stderr
    assert "：F03、F04、F09、" in whole.stderr
    assert "第三方抄录" not in one.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("A02", "--citation", OPEN),
        ("--citation", OPEN, "--source", "公布文本"),
        ("A02", "--source", "公布文本"),
        ("A02", "--citation", OPEN, "--source", "公布文本", "--withdraw", "看错"),
    ],
)
def test_half_a_confirmation_is_refused_as_such(run: Run, words: tuple[str, ...]) -> None:
    refused = run("confirm", "dust-explosion@1", *words, *REVIEWER)

    assert refused.exit_code == 2


@pytest.mark.parametrize("ref", ["dust-explosion", "dust-explosion@0", "粉尘@1", "@1"])
def test_a_version_is_named_by_name_and_number(run: Run, ref: str) -> None:
    refused = run("confirm", ref)

    assert refused.exit_code == 2
    assert "名称@版本" in refused.stderr


def test_every_packaged_version_is_listed(run: Run) -> None:
    listed = run("list").stdout.splitlines()

    assert [line.split("\t")[0] for line in listed] == [form.ref for form in packaged()]
    assert all("随程序提供" in line for line in listed)
