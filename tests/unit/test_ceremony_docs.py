"""The checklist that an office prints names commands, options and files that exist."""

import re
from pathlib import Path

import click
import pytest

from inspect_server.cli import root
from inspect_server.domain.draw.ceremony.checklist import IF_NOT
from inspect_server.domain.draw.replacement.void import PaperReason

CHECKLIST = Path(__file__).parents[2] / "docs" / "draw-ceremony.zh-CN.md"
NAMED = sorted(set(re.findall(r"`(draw [^`]*)`", CHECKLIST.read_text("utf-8"))))


def found(words: list[str]) -> tuple[click.Command, list[str]]:
    """Return the command that the words name, and what is left of them."""
    command: click.Command = root
    while words and isinstance(command, click.Group):
        named = command.get_command(click.Context(command), words[0])
        assert named is not None, words[0]
        command, words = named, words[1:]
    return command, words


@pytest.mark.parametrize("text", NAMED)
def test_a_command_on_the_checklist_exists_with_its_options(text: str) -> None:
    command, rest = found(text.split())
    options = {name for one in command.params for name in one.opts}

    assert {word for word in rest if word.startswith("--")} <= options


def test_the_checklist_names_the_whole_ceremony() -> None:
    steps = {" ".join(text.split()[:3]) for text in NAMED}

    assert {"draw chain new", "draw chain paper", "draw chain anchor", "draw chain next"} <= steps
    assert any(text.startswith("draw void") for text in NAMED)
    assert {"draw chain restore", "draw chain notice", "draw chain tool", "draw preview"} <= steps


def test_the_checklists_say_who_approves_a_void_and_when_paper_stands_for_the_key() -> None:
    text = CHECKLIST.read_text("utf-8")
    part = text[text.index("## 六、作废") : text.index("## 七、")]
    printed = "".join(IF_NOT)

    assert all(f"`{reason.value}`" in part for reason in PaperReason)
    assert all("--" + name in part for name in ("approver", "cosign", "paper-because", "paper "))
    assert "批准人是**另一个人**" in part
    assert "须另一人批准" in printed
    assert "无公钥或经批准不用的，书面签署" in printed
