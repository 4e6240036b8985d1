"""The commands `import enterprises` and `import officers`."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from inspect_server.cli import root
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
    return invoke


def test_an_import_says_what_it_did_and_where_the_report_is(run: Run, tmp_path: Path) -> None:
    file = write_csv(tmp_path / "a.csv", [TITLES, enterprise(1), enterprise(2, 风险等级="紫")])

    done = run("import", "enterprises", file, "--report", tmp_path / "r.xlsx")

    assert done.exit_code == 0
    assert "已导入：企业 2 行，新增 1，更新 0，无变化 0，未导入 1。" in done.output
    assert (tmp_path / "r.xlsx").is_file()


def test_a_dry_run_says_so_and_a_later_import_finds_nothing_there(run: Run, tmp_path: Path) -> None:
    file = write_csv(tmp_path / "a.csv", [OFFICER_TITLES, officer(1)])

    tried = run("import", "officers", file, "--dry-run")
    done = run("import", "officers", file)

    assert "试运行（未写入数据库）：执法人员 1 行，新增 1" in tried.output
    assert "已导入：执法人员 1 行，新增 1" in done.output


def test_a_failure_is_one_sentence_and_a_non_zero_exit(run: Run, tmp_path: Path) -> None:
    done = run("import", "enterprises", tmp_path / "nix.xlsx")

    assert done.exit_code == 1
    assert "找不到文件“nix.xlsx”，请核对路径后重试。" in done.output
    assert "Traceback" not in done.output
