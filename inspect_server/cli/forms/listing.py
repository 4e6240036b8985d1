"""`forms list`: every version of every checklist."""

import click

from inspect_server.cli.forms.sources import NO_DATABASE
from inspect_server.cli.terminal.context import backend
from inspect_server.cli.terminal.telling import next_step
from inspect_server.domain.errors import InspectError
from inspect_server.reads import checklists as reads

HASH_SHOWN = 12


@click.command(
    "list",
    help="列出检查表的全部版本：名称、标题、启用和停用日期、条目、未核对的引用。",
    epilog="""\b
示例：
  inspect-server forms list

\b
各列：名称@版本、标题、启用日期、停用日期、需要填写的条目数、重大事故隐患条目（★）、
重点事项条目、尚未核对和发布后登记核对的引用、来源、内容哈希的开头。
没有初始化数据库的，只列出随程序提供的检查表。
“另选”的不随行业自动选用，编制检查方案时用 --checklist 指明。""",
)
def list_command() -> None:
    """List every version, the packaged ones and those of the bureau."""
    rows = _rows()
    for row in rows:
        click.echo("\t".join(_cells(row)))
    click.echo(f"共 {len(rows)} 个版本。", err=True)
    doubtful = next((row for row in rows if row.unconfirmed), None)
    if doubtful is not None:
        next_step("查看尚未与原文核对的引用", f"forms confirm {doubtful.ref}")


def _rows() -> tuple[reads.VersionRow, ...]:
    """Return all versions; the packaged ones alone where no database was set up yet."""
    try:
        with backend().reading() as session:
            return reads.versions(session)
    except InspectError as error:
        if error.code != NO_DATABASE:
            raise
    click.echo("提醒：数据库尚未初始化，只列出随程序提供的检查表。", err=True)
    return reads.packaged_versions()


def _cells(row: reads.VersionRow) -> tuple[str, ...]:
    return (
        row.ref,
        row.title,
        f"{row.effective_from} 起",
        f"{row.retired_on} 停用" if row.retired_on else "未停用",
        f"{row.items} 项",
        f"★ {row.major}",
        f"重点 {row.focus}",
        f"未核对 {row.unconfirmed} 处",
        f"已登记核对 {row.confirmed} 处",
        ("本机关发布" if row.is_own else "随程序提供") + ("，另选" if row.on_request else ""),
        row.content_sha256[:HASH_SHOWN],
    )
