"""import enterprises FILE, import officers FILE."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from inspect_server.cli.terminal.context import acting, backend
from inspect_server.cli.terminal.progress import bar
from inspect_server.domain.registry import enterprises, officers
from inspect_server.domain.registry.headers import Column
from inspect_server.gateways.registry_files.report import ASIDES
from inspect_server.reads import registry as reads
from inspect_server.usecases.registry.import_registry import (
    ImportReport,
    import_enterprises,
    import_officers,
)
from inspect_server.usecases.work import Actor

EPILOG = """\b
示例：
  inspect-server import {name} {file}.xlsx
  inspect-server import {name} {file}.csv --dry-run
  inspect-server import {name} {file}.xlsx --report 未导入.xlsx

可识别的列（常见异名也可，顺序不限）：必填的有{required}；可有的有{optional}。
"""

C = TypeVar("C", bound=Callable[..., Any])
ImportVerb = Callable[..., ImportReport]


@click.group(
    "import",
    epilog="""\b
示例：
  inspect-server import enterprises 企业名录.xlsx
  inspect-server import officers 执法人员.csv --dry-run""",
)
def import_group() -> None:
    """导入企业、执法人员名录（.xlsx 或 .csv）。"""


def _epilog(name: str, file: str, columns: tuple[Column, ...]) -> str:
    """Return the end of a help page, with every column that is looked for by its usual title."""
    titles = [[c.titles[0] for c in columns if c.required is wanted] for wanted in (True, False)]
    return EPILOG.format(
        name=name, file=file, required="、".join(titles[0]), optional="、".join(titles[1])
    )


def _options(command: C) -> C:
    for add in (
        click.option(
            "--report",
            metavar="文件",
            type=click.Path(dir_okay=False, path_type=Path),
            help="未导入行的报告存到哪个 .xlsx（默认：数据目录下 reports/），不覆盖已有文件。",
        ),
        click.option("--dry-run", is_flag=True, help="只检查并生成报告，不写入数据库。"),
        click.argument("file", type=click.Path(path_type=Path), metavar="文件"),
    ):
        command = add(command)
    return command


@import_group.command(
    "enterprises", epilog=_epilog("enterprises", "企业名录", enterprises.columns(str))
)
@_options
@acting
def enterprises_command(file: Path, dry_run: bool, report: Path | None, actor: Actor) -> None:
    """导入企业名录：按统一社会信用代码新增或更新，变化留存历史。"""
    _run(import_enterprises, "企业", file, dry_run, report, actor)


@import_group.command("officers", epilog=_epilog("officers", "执法人员", officers.columns(str)))
@_options
@acting
def officers_command(file: Path, dry_run: bool, report: Path | None, actor: Actor) -> None:
    """导入执法人员名录：按执法证号新增或更新，变化留存历史。"""
    _run(import_officers, "执法人员", file, dry_run, report, actor)


def _run(
    verb: ImportVerb, label: str, file: Path, dry_run: bool, report: Path | None, actor: Actor
) -> None:
    with _Bar(f"读取{label}名录") as progress, backend().begin(actor) as work:
        done = verb(work, file, progress.advance, dry_run=dry_run, report=report)
    _tell(label, done)
    if report is not None and done.report != report:
        click.echo(f"（{report.name} 已存在，没有覆盖，报告另存为 {done.report.name}）")
    _tell_next(done, file)


class _Bar:
    """A bar that appears once the file was opened and its size is known."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._shown: Any = None
        self._advance: Callable[[int], None] | None = None

    def __enter__(self) -> "_Bar":
        return self

    def advance(self, rows: int, expected: int) -> None:
        if self._advance is None:
            self._shown = bar(expected, self._label, unit="行")
            self._advance = self._shown.__enter__()
        self._advance(rows)

    def __exit__(self, *error: Any) -> None:
        if self._shown is not None:
            self._shown.__exit__(*error)


def _tell(label: str, done: ImportReport) -> None:
    start = "试运行完成（未写入数据库）" if done.dry_run else "导入完成"
    click.echo(
        f"{start}：读取{label} {done.rows_read} 行 = 新增 {done.created} + 更新 {done.updated} "
        f"+ 无变化 {done.unchanged} + 未导入 {done.rejected}。"
    )
    if done.asides:
        click.echo(f"另有 {done.asides} 行是合计、说明、填表信息等，原样列在报告的“{ASIDES}”表中。")
    for header in done.headers:
        click.echo(f"{header}。")
    for warning in done.warnings:
        click.echo(f"提示：{warning}。")
    click.echo(f"报告：{done.report}")


def _tell_next(done: ImportReport, file: Path) -> None:
    """Say what comes next, as commands that can be copied."""
    command = f"inspect-server import {done.kind}"
    steps = []
    if done.rejected:
        steps.append(f"在报告中改正未导入的行，再导入该报告：{command} {_quoted(done.report)}")
    if done.dry_run:
        steps.append(f"核对无误后正式导入：{command} {_quoted(file)}")
    elif done.kind == "enterprises" and not _has_officers():
        steps.append("导入执法人员名录：inspect-server import officers 执法人员.xlsx")
    if not done.dry_run:
        year = (backend().clock.now().astimezone(backend().settings.zone)).year
        steps.append(f"两个名录齐备后编制计划：inspect-server plan make --year {year} --as 账号")
    click.echo("下一步：")
    for number, step in enumerate(steps, start=1):
        click.echo(f"  {number}. {step}")


def _has_officers() -> bool:
    with backend().reading() as session:
        return bool(reads.officers(session))


def _quoted(path: Path) -> str:
    text = str(path)
    return f'"{text}"' if any(mark in text for mark in " ()（）&;") else text
