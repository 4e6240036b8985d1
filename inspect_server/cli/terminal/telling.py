"""How a command ends: what was done on stdout, what follows on stderr, worded alike everywhere."""

from collections.abc import Iterable

import click

from inspect_server.cli.terminal.chinese import legible
from inspect_server.config import DEFAULT_FILE, Settings

PROGRAM = "inspect-server"


def next_step(what: str, command: str = "") -> None:
    """
    Say what follows, at the end of a command, as advice: on stderr, so that a file stays clean.

    Args:
        what: What to do, in Chinese, without a full stop.
        command: How, without the program's name; it ends the line, ready to be copied.
    """
    click.echo(
        f"下一步：{what}，运行：{PROGRAM} {command}" if command else f"下一步：{what}。", err=True
    )


def remind_of_complaints(settings: Settings) -> None:
    """Say so where no enterprise is told, on a phone's notice of rights, where to complain."""
    if not settings.desk_complaint_phone:
        remind(
            [
                "没有填写监督投诉电话，手机的告知页不显示此项；"
                f"请在 {DEFAULT_FILE} 中填写 desk_complaint_phone。"
            ]
        )


def remind(notices: Iterable[str]) -> None:
    """Say what its reader should know and what stops nothing, one a line on stderr."""
    for notice in notices:
        click.echo(f"提醒：{legible(notice)}", err=True)
