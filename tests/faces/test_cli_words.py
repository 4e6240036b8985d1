"""Click's own words in Chinese: the whole catalogue, and every way of typing a command wrongly."""

import ast
import re
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from inspect_server.cli import root
from inspect_server.cli.terminal.words import WORDS
from inspect_server.domain.assignment import ReassignReason
from inspect_server.domain.enums import Role

FOR_PROGRAMMERS = {
    "Arguments take exactly one parameter declaration, got {length}: {decls}.",
    "Boolean option {decl!r} cannot use the same flag for true/false.",
    "Could not determine name for option with declarations {decls!r}",
    "Invalid start character for option ({option})",
    "Name '{name}' defined twice",
    "No options defined but a name was passed ({name}). Did you mean to declare an argument"
    " instead? Did you mean to pass '--{name}'?",
    "Unknown color {colour!r}",
    "Unknown standard stream '{name}'",
}
"""What click says to whoever declares a command wrongly, at import."""

LOOKED_UP = {"_": 1, "ngettext": 2}


def catalogue() -> set[str]:
    """Return every text that the installed click looks up."""
    found = {"required"}  # the one that click looks up by a variable
    for module in Path(click.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                texts = node.args[: LOOKED_UP.get(node.func.id, 0)]
                found |= {ast.literal_eval(one) for one in texts if isinstance(one, ast.Constant)}
    return found


def test_everything_that_click_may_say_has_chinese_words_and_nothing_else_has() -> None:
    said = catalogue() - FOR_PROGRAMMERS

    assert sorted(said - set(WORDS)) == []
    assert sorted(set(WORDS) - said) == []


@pytest.mark.parametrize("english", WORDS)
def test_chinese_words_fill_in_the_same_values(english: str) -> None:
    fields = re.compile(r"{(\w+)[^}]*}")

    chinese = WORDS[english]
    if english not in {  # the format of a date is said by an example
        "{value!r} does not match the format {format}.",
        "{value!r} does not match the formats {formats}.",
        "DeprecationWarning: The {param_type} {name!r} is deprecated.{extra_message}",
    }:
        assert sorted(fields.findall(chinese)) == sorted(fields.findall(english))
    assert set(fields.findall(chinese)) <= set(fields.findall(english))


WRONG = [
    ("no-such-command",),
    ("plann",),
    ("user", "addd"),
    ("user", "add"),
    ("user", "add", "li"),
    ("user", "add", "li", "--name"),
    ("user", "add", "li", "--name", "李"),
    ("user", "add", "li", "--name", "李", "--role", "king"),
    ("user", "list", "--all"),
    ("user", "list", "extra"),
    ("user", "list", "extra", "more"),
    ("plan", "make"),
    ("plan", "make", "--year", "this"),
    ("plan", "make", "--year", "1900"),
    ("plan", "make", "--yeer", "2026"),
    ("plan", "make", "--year", "2026", "--rates", "nowhere.toml"),
    ("plan", "make", "--year", "2026", "--rates", "."),
    ("plan", "show", "--id", "12"),
    ("draw", "preview", "--from", "2026-02-30", "--to", "2026-03-01"),
    ("draw", "chain", "new", "--kind", "witness", "--year", "2026", "--length", "0"),
    ("draw", "chain", "next", "--file", "x.json"),
    ("draw", "reveal", "2026-01", "--entry", "li"),
    ("draw", "verify", "nowhere.json"),
    ("documents", "export"),
    ("documents", "export", "--to", "file.txt"),
    ("documents", "issue", "1", "2"),
    ("journal", "restored", "--yes=1"),
    ("dispatch", "reassign", "1", "--out", "1", "--in", "2", "--reason", "tired"),
    ("dispatch", "send"),
    ("dispatch", "send", "1", "--draw", "1"),
    ("serve", "--port", "66000"),
    ("demo", "--folder", "file.txt"),
]


@pytest.mark.parametrize("words", WRONG, ids=" ".join)
def test_a_command_typed_wrongly_is_answered_in_chinese_only(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file.txt").write_text("x")
    done = CliRunner().invoke(root, list(words), prog_name="inspect-server")

    assert done.exit_code == 2
    assert _english(done.stderr, words) == []
    assert re.search(r"错误：.*。|用法：", done.stderr)


def _english(text: str, typed: tuple[str, ...]) -> list[str]:
    """Return the English words of a text besides quotes, options, commands and what was typed."""
    known = set("_".join(Role).split("_"))  # what one types is shown as it is typed
    known |= {word for code in ReassignReason for word in re.findall(r"[a-z]+", code)}
    known |= {name for word in typed for name in re.findall(r"[A-Za-z]+", word)}
    plain = re.sub(r"'[^']*'|--?[a-z-]+|inspect-server[ a-z]*|［[a-z_.]+］", "", text)
    return [word for word in re.findall(r"[A-Za-z]{2,}", plain) if word not in known]


def test_a_password_typed_differently_is_asked_again_in_chinese() -> None:
    @click.command()
    def ask() -> None:
        click.prompt("密码", hide_input=True, confirmation_prompt=True)

    done = CliRunner().invoke(ask, [], input="one\ntwo\none\none\n")

    assert "请再输入一次" in done.output
    assert "两次输入不一致，请重新输入。" in done.output
    assert _english(done.output, ("one",)) == []


@pytest.mark.parametrize("typed", ["", "n\n"])
def test_whoever_does_not_confirm_is_told_that_nothing_was_done(
    typed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INSPECT_DATA_DIR", str(tmp_path / "data"))
    done = CliRunner().invoke(root, ["journal", "restored"], input=typed)

    assert done.exit_code == 1
    assert "已中止，未完成的操作没有写入数据库。" in done.output
    assert not (tmp_path / "data").exists()


def test_an_answer_that_is_neither_yes_nor_no_is_asked_again() -> None:
    done = CliRunner().invoke(root, ["journal", "restored"], input="也许\nn\n")

    assert "请输入 y（是）或 n（否）。" in done.output


def test_a_choice_that_is_left_out_names_the_choices() -> None:
    done = CliRunner().invoke(root, ["draw", "chain", "new", "--year", "2026"])

    assert "缺少选项 '--kind'，请补上后重试。可选：" in done.output
    assert "authority" in done.output


def test_click_is_spoken_to_in_its_own_modules_only() -> None:
    assert sys.modules["gettext"].gettext("Missing option") == "Missing option"
