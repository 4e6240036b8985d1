"""How a command names a checklist: a file, or one version as name@version."""

import re
from pathlib import Path
from typing import Any, NamedTuple

import click

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,47}", re.ASCII)
REF = re.compile(rf"({NAME.pattern})@([1-9][0-9]{{0,8}})", re.ASCII)


class Version(NamedTuple):
    """One version of a checklist."""

    name: str
    number: int


class _FileType(click.Path):
    """A file that is there: a pipe gives its bytes only once, and a device has no end."""

    def __init__(self) -> None:
        super().__init__(exists=True, dir_okay=False, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read the path of a file."""
        path = Path(str(super().convert(value, param, ctx)))
        if not path.is_file():
            self.fail(f"{value} 是设备或者管道，不是文件，请先将内容存为文件。", param, ctx)
        return path


class _VersionType(click.ParamType[Version]):
    name = "名称@版本"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Version:
        """Read name@version."""
        if isinstance(value, Version):
            return value
        found = REF.fullmatch(value)
        if found is None:
            self.fail(f"“{value}”应写作“名称@版本”，如 general-safety@1。", param, ctx)
        return Version(found[1], int(found[2]))


class _NameType(click.ParamType[str]):
    name = "代号"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Read what a checklist is called by programs."""
        if NAME.fullmatch(value) is None:
            self.fail(
                f"代号“{value}”应由小写字母、数字、- 和 _ 组成，以字母或者数字开头，"
                "不超过 48 个字符，如 local-checks。",
                param,
                ctx,
            )
        return str(value)


class _ChecklistType(click.ParamType[str]):
    name = "检查表"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Read a file that is there, or name@version."""
        if not Path(value).is_file() and REF.fullmatch(value) is None:
            self.fail(
                f"没有 {value}：既没有这个文件，也不是“名称@版本”，请核对后重试"
                "（全部版本见 inspect-server forms list）。",
                param,
                ctx,
            )
        return str(value)


FILE = _FileType()
VERSION = _VersionType()
CHECKLIST_NAME = _NameType()
CHECKLIST = _ChecklistType()
