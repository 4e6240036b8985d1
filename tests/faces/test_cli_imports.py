"""The commands `import enterprises` and `import officers`."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from inspect_server.app import make_backend
from inspect_server.cli import root
from tests.actors import ALL_ROLES
from tests.faces.clerk import CLERK, add_clerk
from tests.usecases.draw_world import add_officer
from tests.usecases.registry_samples import (
    OFFICER_TITLES,
    TITLES,
    enterprise,
    officer,
    write_csv,
)

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("INSPECT_DATA_DIR", str(tmp_path / "data"))
    runner = CliRunner()

    def invoke(*words: object) -> Result:
        return runner.invoke(root, [str(word) for word in words])

    assert invoke("init").exit_code == 0
    add_clerk()
    return invoke


def test_an_import_says_what_it_did_and_where_the_report_is(run: Run, tmp_path: Path) -> None:
    file = write_csv(tmp_path / "a.csv", [TITLES, enterprise(1), enterprise(2, 风险等级="紫")])

    done = run("import", "enterprises", *CLERK, file, "--report", tmp_path / "r.xlsx")

    assert done.exit_code == 0
    assert "读取企业 2 行 = 新增 1 + 更新 0 + 无变化 0 + 未导入 1。" in done.output
    assert "表头在第 1 行，采用 7 列。" in done.output
    assert f"报告：{tmp_path / 'r.xlsx'}" in done.output
    assert (tmp_path / "r.xlsx").is_file()


def test_an_import_says_the_next_steps_as_commands(run: Run, tmp_path: Path) -> None:
    file = write_csv(tmp_path / "a.csv", [TITLES, enterprise(1), enterprise(2, 风险等级="紫")])

    tried = run("import", "enterprises", *CLERK, file, "--dry-run", "--report", tmp_path / "r.xlsx")
    done = run("import", "enterprises", *CLERK, file)

    assert f"再导入该报告：inspect-server import enterprises {tmp_path / 'r.xlsx'}" in tried.output
    assert f"正式导入：inspect-server import enterprises {file}" in tried.output
    assert "inspect-server import officers" in done.output
    assert "inspect-server plan make --year" in done.output


def test_rows_that_are_no_entries_are_told_apart_from_rejected_ones(
    run: Run, tmp_path: Path
) -> None:
    file = write_csv(tmp_path / "a.csv", [TITLES, enterprise(1), ["合计", "1"], ["制表人：王五"]])

    done = run("import", "enterprises", *CLERK, file)

    assert "读取企业 1 行 = 新增 1 + 更新 0 + 无变化 0 + 未导入 0。" in done.output
    assert "另有 2 行是合计、说明、填表信息等，原样列在报告的“不是名录的行”表中。" in done.output


def test_a_report_that_is_there_already_stays_and_the_new_name_is_said(
    run: Run, tmp_path: Path
) -> None:
    file = write_csv(tmp_path / "a.csv", [TITLES, enterprise(1)])
    report = tmp_path / "退回.xlsx"
    report.write_bytes("别人的文件".encode())

    done = run("import", "enterprises", *CLERK, file, "--report", report)

    assert report.read_bytes() == "别人的文件".encode()
    assert "退回.xlsx 已存在，没有覆盖，报告另存为 退回(2).xlsx" in done.output
    assert (tmp_path / "退回(2).xlsx").is_file()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "缺少参数"),
        (("a.csv", "b.csv"), "多余的参数（b.csv）"),
        (("a.csv", "--report"), "后面要写值"),
        (("a.csv", "--report", "/"), "是目录，请给出文件"),
        (("a.csv", "--dry-run=1"), "后面不带值"),
        (("a.csv", "--fo"), "没有选项"),
    ],
)
def test_a_wrong_option_is_told_in_chinese(run: Run, words: tuple[str, ...], said: str) -> None:
    done = run("import", "enterprises", *CLERK, *words)

    assert done.exit_code == 2
    assert said in done.output
    plain = done.output.replace("inspect-server import enterprises", "").replace("--help", "")
    assert not re.search(r"\b(?:Error|Usage|Missing|Invalid|No such|Option|Got|Try)\b", plain)


def test_a_dry_run_says_so_and_a_later_import_finds_nothing_there(run: Run, tmp_path: Path) -> None:
    file = write_csv(tmp_path / "a.csv", [OFFICER_TITLES, officer(1)])

    tried = run("import", "officers", *CLERK, file, "--dry-run")
    done = run("import", "officers", *CLERK, file)

    assert "试运行完成（未写入数据库）：读取执法人员 1 行 = 新增 1 " in tried.output
    assert "导入完成：读取执法人员 1 行 = 新增 1 " in done.output


def test_a_failure_is_one_sentence_and_a_non_zero_exit(run: Run, tmp_path: Path) -> None:
    done = run("import", "enterprises", *CLERK, tmp_path / "nix.xlsx")

    assert done.exit_code == 1
    assert "找不到文件“nix.xlsx”，请核对路径后重试。" in done.output
    assert "Traceback" not in done.output


def test_a_person_imports_and_anybody_may_try(run: Run, tmp_path: Path) -> None:
    file = write_csv(tmp_path / "a.csv", [TITLES, enterprise(1)])

    tried = run("import", "enterprises", file, "--dry-run")
    done = run("import", "enterprises", file)

    assert tried.exit_code == 0
    assert done.exit_code == 1
    assert "--as 账号" in str(done.exception) + done.output


def test_a_hint_or_a_step_that_does_not_apply_is_not_given(run: Run, tmp_path: Path) -> None:
    bad = tmp_path / "错.csv"
    bad.write_text("企业名称,统一社会信用代码\n甲厂,123\n", "utf-8")
    held = make_backend()
    with held.begin(ALL_ROLES) as work:
        add_officer(work, 1)
    held.engine.dispose()

    said = run("import", "enterprises", str(bad), *CLERK).output

    assert "未导入 1" in said
    assert "新增的企业没有区划" not in said
    assert "导入执法人员名录" not in said
