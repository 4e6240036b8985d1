"""The checklist that an office prints names commands, options and files that exist."""

import re
from pathlib import Path

import click
import pytest

from inspect_server.cli import root
from inspect_server.domain.draw.ceremony.checklist import IF_NOT
from inspect_server.domain.draw.replacement.void import PaperReason
from inspect_server.gateways.chains import authority_file

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
def test_a_command_on_the_checklist_can_be_run_as_it_is_written(text: str) -> None:
    """Its options exist, each has its value, and nothing that the command requires is missing."""
    command, words = found(text.split())
    given, rest, order = command.make_parser(click.Context(command)).parse_args(words)
    said = {
        one.name for one in order if isinstance(given.get(one.name or ""), (str, list, tuple, bool))
    }
    required = {one.name for one in command.params if one.required}

    if not isinstance(command, click.Group):
        assert required <= said
        assert rest == []


def test_the_checklist_says_where_the_bureaus_chain_lies() -> None:
    text = CHECKLIST.read_text("utf-8")
    place = authority_file(Path("数据目录"), 2026).as_posix().replace("2026", "年度")

    assert f"draw chain paper --file {place}`" in text


def test_the_checklist_names_the_whole_ceremony() -> None:
    steps = {" ".join(text.split()[:3]) for text in NAMED}

    assert {"draw chain new", "draw chain paper", "draw chain anchor", "draw chain next"} <= steps
    assert any(text.startswith("draw void") for text in NAMED)
    assert {"draw chain restore", "draw chain notice", "draw chain tool"} <= steps
    assert any(text.startswith("draw preview") for text in NAMED)


def test_the_checklists_say_who_approves_a_void_and_when_paper_stands_for_the_key() -> None:
    text = CHECKLIST.read_text("utf-8")
    part = text[text.index("## 六、作废") : text.index("## 七、")]
    printed = "".join(IF_NOT)

    assert all(f"`{reason.value}`" in part for reason in PaperReason)
    assert all("--" + name in part for name in ("approver", "cosign", "paper-because", "paper "))
    assert "批准人是**另一个人**" in part
    assert "须另一人批准" in printed
    assert "无公钥或经批准不用的，书面签署" in printed
