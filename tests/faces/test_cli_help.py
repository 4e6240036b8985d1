"""Every page of help: Chinese throughout, with examples, its columns aligned."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from inspect_server.cli import root
from inspect_server.cli.terminal.typography import columns


def _paths(command: click.Command, context: click.Context) -> Iterator[tuple[str, ...]]:
    yield ()
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            inner = click.Context(below, info_name=name, parent=context)
            for path in _paths(below, inner):
                yield (name, *path)


PATHS = list(_paths(root, click.Context(root)))


FILES = (
    "本局抽查率.toml", "certificate.json", "pool.txt", "excluded.txt", "eligibility.txt",
    "openings.json", "keys.json", "POOL.jsonl", "RULES.json", "企业名录.xlsx",
    "2026-01.tsr", "root.pem", "TEAMS.json", "请假条.pdf", "回避申请.pdf", "情况说明.pdf",
    "注销证明.pdf", "见证方签署件.pdf", "本局专项检查表@1.toml",
    "本局专项检查表.xlsx", "粉尘涉爆.xlsx", "local-checks@1.toml", "local-checks@2.toml",
    "答案.json", "现场检查.inspect-export",
    "证明/2026-01-91320706MA1WXXXX0X.json", "witness-2026.json",
)  # fmt: skip
"""What the examples speak of."""


def _help(path: tuple[str, ...]) -> str:
    shown = CliRunner().invoke(root, [*path, "--help"], prog_name="inspect-server")

    short = CliRunner().invoke(root, [*path, "-h"], prog_name="inspect-server")

    assert shown.exit_code == 0
    assert short.output == shown.output
    return shown.output


@pytest.mark.parametrize("path", PATHS, ids=" ".join)
def test_every_page_of_help_is_chinese_with_an_example_that_exists(path: tuple[str, ...]) -> None:
    text = _help(path)

    examples = re.findall(r"inspect-server((?: [a-z][a-z-]*)+)", text.partition("示例：")[2])
    assert examples
    assert all(_exists(example.split()) for example in examples)
    assert re.findall("Show |TEXT|INTEGER|UUID|OPTIONS|COMMAND|ARGS|Usage|required", text) == []


def _examples(path: tuple[str, ...]) -> list[list[str]]:
    """Return the examples of a page as the words that a shell would pass on."""
    text = _help(path).partition("示例：")[2].replace("\\\n", " ")
    lines = re.findall(r"^\s+(?:INSPECT_\S+ )?inspect-server (.*)$", text, re.MULTILINE)
    return [shlex.split(line.partition(" <")[0], comments=True) for line in lines]


@pytest.mark.parametrize("path", PATHS, ids=" ".join)
def test_every_example_is_accepted_as_it_stands(
    path: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for number in ("2026-01", "2026-02"):
        (tmp_path / "公示" / number).mkdir(parents=True)
    for name in FILES:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    examples = _examples(path)

    assert examples
    for words in examples:
        _parse(words)


def _parse(words: list[str]) -> None:
    """Let click check names, options, choices, dates and files, and run nothing."""
    command: click.Command = root
    # A command remembers the help option of the first context that it sees.
    context = click.Context(root, **root.context_settings)
    while isinstance(command, click.Group):
        name = words.pop(0)
        below = command.get_command(context, name)
        assert below is not None
        command, context = below, click.Context(below, info_name=name, parent=context)
    command.make_context(context.info_name, words, parent=context.parent)


def _exists(words: list[str]) -> bool:
    command: click.Command | None = root
    context = click.Context(root)
    for word in words:
        if not isinstance(command, click.Group):
            return True  # the rest are values
        command = command.get_command(context, word)
    return command is not None and not isinstance(command, click.Group)


@pytest.mark.parametrize("path", PATHS, ids=" ".join)
def test_no_line_of_help_begins_with_a_stop_or_is_wider_than_the_page(
    path: tuple[str, ...],
) -> None:
    page, _, _ = _help(path).partition("示例：")
    lines = [line for line in page.splitlines() if "[" not in line]

    assert [line for line in lines if columns(line) > 80] == []
    assert [line for line in lines if line.lstrip()[:1] in set("，。；：、）”")] == []


def test_columns_of_help_are_aligned_by_width() -> None:
    lines = [line for line in _help(("import", "enterprises")).splitlines() if " -" in line[:5]]
    texts = [columns(line[: re.search(r"\s{2,}[^ -]", line).end() - 1]) for line in lines[:2]]  # type: ignore[union-attr]  # both lines have a text

    assert texts[0] == texts[1]


def test_a_list_of_commands_says_of_each_one_whole_sentence() -> None:
    listed = CliRunner().invoke(root, ["draw", "--help"]).output.partition("命令：")[2]

    assert "..." not in listed.partition("示例")[0]
    assert re.search(r"^  chain +哈希链", listed, re.MULTILINE)
    assert "全面核验。" in listed
