"""`inspect-server forms`: conditions that never hold are told wherever a checklist is looked at."""

from pathlib import Path

import pytest
import xlsxwriter
from click.testing import CliRunner, Result

from inspect_server import app
from inspect_server.cli import root
from inspect_server.domain.enums import Role
from inspect_server.usecases.accounts import add_user
from inspect_server.usecases.work import Backend
from tests.actors import ALL_ROLES

SURVEY = [
    ["type", "name", "label", "relevant", "constraint"],
    ["select_one yes_no", "has_dust", "有无粉尘", "", ""],
    ["text", "what", "何种粉尘", "${has_dust} = '有'", "string-length(.) > 1"],
]
CHOICES = [["list_name", "name", "label"], ["yes_no", "yes", "有"], ["yes_no", "no", "无"]]
NEVER = "“has_dust”的选项是 yes、no，不会是“有”，请改写为 'yes'\n"
IN_THE_WORKBOOK = f"提醒：工作表“survey”第3行“relevant”列：{NEVER}"
OF_THE_CHECKLIST = f"提醒：条目 what的显示条件：{NEVER}"


@pytest.fixture
def backend(sqlite_backend: Backend, monkeypatch: pytest.MonkeyPatch) -> Backend:
    """An office with a supervisor."""
    monkeypatch.setattr(app, "make_backend", lambda **_: sqlite_backend)
    with sqlite_backend.begin(ALL_ROLES) as work:
        add_user(work, "zhangsan", "张三", "一科", [Role.SUPERVISOR], "correct horse battery")
    return sqlite_backend


def run(*words: object) -> Result:
    return CliRunner().invoke(root, ["forms", *map(str, words)])


def test_a_condition_that_never_holds_is_told_and_stops_nothing(
    backend: Backend, tmp_path: Path
) -> None:
    book = tmp_path / "粉尘.xlsx"
    with xlsxwriter.Workbook(book) as written:
        for name, rows in {"survey": SURVEY, "choices": CHOICES}.items():
            sheet = written.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    made = tmp_path / "dust@1.toml"
    told = [
        run("check", book),
        run("import", book, "-o", made, "--name", "dust", "--from", "2026-01-01"),
        run("check", made),
        run("show", made, "--json"),
        run("publish", made, "--everyone", "--as", "zhangsan"),
        run("show", "dust@1"),
    ]

    assert [done.exit_code for done in told] == [0] * len(told)
    assert all(done.stderr.count(IN_THE_WORKBOOK) == 1 for done in told[:2])
    assert all(done.stderr.count(OF_THE_CHECKLIST) == 1 for done in told[2:])
    assert not any("不会是" in done.stdout for done in told)
    assert "不会是" not in made.read_text("utf-8")
