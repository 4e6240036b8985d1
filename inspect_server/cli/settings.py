"""config: every key of the configuration, from the program itself, for it travels without docs."""

from dataclasses import Field, fields
from typing import Any

import click

from inspect_server.config import DEFAULT_FILE, FILE_KEY, PREFIX, Settings

EXAMPLE = """\
authority = "云湾区应急管理局"
authority_short = "苏·云"
division = "320799"
government = "云湾区人民政府"
court = "云湾区人民法院"
"""


@click.command("config", epilog="\b\n示例：\n  inspect-server config")
def config_command() -> None:
    """列出全部配置项：名称、含义、默认值和写法。不读取配置，配置有误时也可使用。"""
    click.echo(
        f"写在当前目录的 {DEFAULT_FILE} 中（或由 {FILE_KEY} 指明的文件），"
        f"或设环境变量 {PREFIX}加大写的名称；两处都有时以环境变量为准。"
    )
    for key in fields(Settings):
        click.echo(f"{key.name}{_default(key)}\n    {key.metadata['doc']}")
    click.echo(f"\n{DEFAULT_FILE} 写法举例：\n{EXAMPLE}", nl=False)


def _default(key: Field[Any]) -> str:
    if key.default == ():
        return ""
    text = str(key.default).lower() if isinstance(key.default, bool) else str(key.default)
    return f"（默认 {text}）" if text else ""
