"""What a user needs for the configuration, the lists and the rates is in the program itself."""

import tomllib
from dataclasses import fields
from pathlib import Path

import pytest
from click.testing import CliRunner

from inspect_server.cli import root
from inspect_server.cli.settings import EXAMPLE
from inspect_server.config import Settings, load
from tests.faces.clerk import add_clerk

SOURCES = Path(__file__).parents[2] / "inspect_server"


def test_every_key_is_listed_with_its_meaning_even_while_the_configuration_is_bad(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("INSPECT_PROT", "1")

    shown = CliRunner().invoke(root, ["config"])

    assert shown.exit_code == 0
    for key in fields(Settings):
        assert f"\n{key.name}" in shown.output
        assert key.metadata["doc"] in shown.output


def test_the_example_of_the_listing_can_be_used(tmp_path: Path) -> None:
    file = tmp_path / "c.toml"
    file.write_text(EXAMPLE, encoding="utf-8")

    assert load({"INSPECT_CONFIG": str(file)}).court == tomllib.loads(EXAMPLE)["court"]


def test_a_bad_key_sends_to_the_listing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INSPECT_PROT", "1")

    assert "inspect-server config" in CliRunner().invoke(root, ["user", "list"]).output


def test_the_command_line_sends_nobody_to_a_document_that_an_installation_does_not_have() -> None:
    spoken = [*SOURCES.glob("cli/**/*.py"), SOURCES / "config.py", *SOURCES.glob("usecases/*.py")]

    sent = [
        (path.name, line)
        for path in spoken
        for line in path.read_text("utf-8").splitlines()
        if "docs/" in line and not line.isascii()
    ]
    assert sent == []


def test_help_of_an_import_names_every_column_by_its_usual_title() -> None:
    page = CliRunner().invoke(root, ["import", "enterprises", "--help"]).output.replace("\n", "")

    assert "必填的有统一社会信用代码、企业名称" in page
    assert "重点企业" in page


def test_init_says_to_add_an_account_only_where_there_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INSPECT_DATA_DIR", str(tmp_path / "data"))
    first = CliRunner().invoke(root, ["init"])
    add_clerk()

    again = CliRunner().invoke(root, ["init"])

    assert "新增账号" in first.output
    assert "新增账号" not in again.output
    assert "inspect-server serve" in again.output
