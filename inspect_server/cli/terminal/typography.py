"""Help pages set for Chinese: characters two columns wide, broken anywhere but before a stop."""

import re
import sys
import textwrap
import unicodedata
from collections.abc import Iterator
from typing import Any

import click
import click._textwrap

TYPES: dict[type[click.ParamType[Any]], str] = {
    type(click.STRING): "文字",
    type(click.INT): "整数",
    click.IntRange: "整数",
    type(click.UUID): "编号",
    click.DateTime: "年-月-日",
}
"""What stands for a value where an option says nothing of its own."""

OPTIONS, SUBCOMMAND = "[选项]", "命令 [参数]…"

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_PIECE = re.compile(
    r"[（“《〔［]*(?:[\x21-\x7e]+|[^\x00-\x7f（“《〔［\s])[，。；：、）”》〕］！？…]*|\s+|."
)


class _ChinesePages(click.HelpFormatter):
    """Headings with a Chinese colon."""

    def write_heading(self, heading: str) -> None:
        """Write a heading into the buffer."""
        self.write(f"{'':>{self.current_indent}}{heading}：\n")


def set_for_chinese() -> None:
    """Let click measure and break lines as Chinese is set."""
    # click reads these module-level names whenever it lays out a page, and offers no hook.
    for module in [m for name, m in sys.modules.items() if name.startswith("click.")]:
        if hasattr(module, "term_len"):
            module.term_len = columns  # type: ignore[attr-defined]  # a name of some of them
    click._textwrap.TextWrapper._split = _pieces  # type: ignore[method-assign,assignment]
    click.Context.formatter_class = _ChinesePages
    for kind in TYPES:
        if kind is not click.DateTime:
            kind.name = TYPES[kind]
    click.DateTime.get_metavar = lambda *_, **__: TYPES[click.DateTime]  # type: ignore[method-assign]


def describe_in_chinese(command: click.Command) -> click.Command:
    """Give a command, and all below it, Chinese words for its options and subcommands."""
    for each in _all(command):
        each.options_metavar = OPTIONS
        if each.help and not each.short_help:  # click's own cut counts words, and Chinese has none
            each.short_help = each.help.strip().partition("\n")[0].partition("。")[0] + "。"
        if isinstance(each, click.Group):
            each.subcommand_metavar = SUBCOMMAND
    return command


def columns(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    visible = _ANSI.sub("", text)
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in visible)


def _all(command: click.Command) -> Iterator[click.Command]:
    yield command
    if isinstance(command, click.Group):
        for below in command.commands.values():
            yield from _all(below)


def _pieces(_wrapper: textwrap.TextWrapper, text: str) -> list[str]:
    return _PIECE.findall(text)
