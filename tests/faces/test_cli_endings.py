"""How commands end: the next step, worded alike, and a command that there is."""

import ast
from pathlib import Path

import click
import pytest

import inspect_server.cli as cli
from inspect_server.cli import root
from inspect_server.cli.terminal.telling import next_step

FOLDER = Path(cli.__file__).parent


def _commands() -> list[str]:
    """Return every command that some command names as what follows."""
    found = []
    for module in sorted(FOLDER.rglob("*.py")):
        tree = ast.parse(module.read_text("utf-8"))
        pairs = [call.args for call in _calls(tree)]
        pairs += [node.elts for node in ast.walk(tree) if isinstance(node, ast.Tuple)]
        found += [_text(pair[1]) for pair in pairs if len(pair) == 2 and _text(pair[1])]
    return sorted({text for text in found if text.partition(" ")[0] in cli.COMMANDS})


def _calls(tree: ast.AST) -> list[ast.Call]:
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "next_step"
    ]


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(
            _text(part) if isinstance(part, ast.Constant) else "某" for part in node.values
        )
    return ""


COMMANDS = _commands()


def test_the_commands_that_are_said_to_follow_were_found() -> None:
    assert len(COMMANDS) > 20


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_that_is_said_to_follow_exists_with_its_options(line: str) -> None:
    command: click.Command | None = root
    context = click.Context(root)
    words = line.split()
    while isinstance(command, click.Group):
        command = command.get_command(context, words.pop(0))

    assert command is not None
    known = {flag for option in command.params for flag in option.opts}
    assert {word for word in words if word.startswith("--")} <= known


def test_the_next_step_ends_with_what_to_type_and_keeps_out_of_files(
    capsys: pytest.CaptureFixture[str],
) -> None:
    next_step("导出文书", "documents export --to 目录")
    next_step("打印后送达")
    told = capsys.readouterr()

    assert told.out == ""
    assert told.err.splitlines() == [
        "下一步：导出文书，运行：inspect-server documents export --to 目录",
        "下一步：打印后送达。",
    ]


def test_nobody_words_a_next_step_of_their_own() -> None:
    by_hand = [
        module.name
        for module in FOLDER.rglob("*.py")
        if "下一步" in module.read_text("utf-8") and module.stem not in {"telling", "imports"}
    ]

    assert by_hand == []
