"""`forms confirm`: what nobody compared with the text yet, and saying that somebody did."""

import click

from forms.confirming import transcribed
from inspect_server.cli.forms.naming import VERSION, Version
from inspect_server.cli.terminal.chinese import legible
from inspect_server.cli.terminal.context import acting, backend
from inspect_server.cli.terminal.telling import next_step
from inspect_server.domain.errors import NotFound
from inspect_server.reads import checklists as reads
from inspect_server.usecases.checklists.confirm_citation import (
    Comparison,
    confirm_citation,
    withdraw_confirmation,
)
from inspect_server.usecases.work import Actor


@click.command(
    "confirm",
    help="登记检查表的依据、罚则已与原文核对；不写条目的，列出尚未核对的。",
    epilog="""\b
示例：
  inspect-server forms confirm dust-explosion@1
  inspect-server forms confirm dust-explosion@1 F04 \\
      --citation '《工贸企业粉尘防爆安全规定》第十五条' \\
      --source '国家法律法规数据库 2026-03-02 下载的文本' --as lisi
  inspect-server forms confirm dust-explosion@1 F04 \\
      --citation '《工贸企业粉尘防爆安全规定》第十五条' --withdraw 条款号看错 --as lisi

\b
引用照列出的写，文号可以省略；只写法规的，表示其名称、文号和日期已核对。
引用尚缺条款的，用 --article 写明。检查表本身不变，核对登记存放在旁边。""",
)
@click.argument("version", metavar="名称@版本", type=VERSION)
@click.argument("code", metavar="[条目]", required=False)
@click.option("--citation", metavar="引用", help="所核对的依据、罚则或者法规。")
@click.option("--source", metavar="文本", help="与什么文本核对。")
@click.option("--article", metavar="条款", default="", help="原来没有写明的条款，如 第三条。")
@click.option("--withdraw", "reason", metavar="理由", help="撤回核对登记，写明理由。")
@acting
def confirm_command(
    version: Version,
    code: str | None,
    citation: str | None,
    source: str | None,
    article: str,
    reason: str | None,
    actor: Actor,
) -> None:
    """List, confirm or withdraw."""
    if citation is None and not (source or article or reason):
        _list(version, code)
        return
    if code is None or citation is None:
        raise click.UsageError("登记和撤回都应写明条目和 --citation；都不写的，列出未核对的。")
    if (source is None) == (reason is None):
        raise click.UsageError("登记用 --source 写明与什么文本核对，撤回用 --withdraw 写明理由。")
    with backend().begin(actor) as work:
        if reason is not None:
            done = withdraw_confirmation(work, version.name, version.number, code, citation, reason)
        else:
            done = confirm_citation(
                work,
                Comparison(version.name, version.number, code, citation, source or "", article),
            )
    what = "登记已核对" if reason is None else "撤回核对登记"
    click.echo(f"{done.ref} 条目 {done.code}：{what} {done.citation}")
    click.echo(f"该版本还有 {done.left} 处引用未核对。", err=True)


def _list(version: Version, code: str | None) -> None:
    """List what is open and what was confirmed, of one item or of all."""
    with backend().reading() as session:
        page = reads.one(session, version.name, version.number)
    if code is not None and code not in {item.code for item in page.form.items}:
        raise NotFound(what=f"检查表 {page.row.ref} 的条目 {code}")
    waiting = [one for one in page.unconfirmed if code in (None, one.code)]
    if waiting:
        click.echo("未核对的，各列：条目、类别、尚待核对的、引用、核实情况", err=True)
    for one in waiting:
        kind = "罚则" if one.is_penalty else "依据"
        what = (
            "法规名称、文号和日期" if one.only_law else "条款待补" if one.lacks_article else "全部"
        )
        click.echo("\t".join((one.code, kind, what, one.citation, one.verification or "—")))
    for row in (one for one in page.confirmations if code in (None, one.code)):
        click.echo("\t".join(map(legible, _said(row))))
    click.echo(
        f"{page.row.ref}《{page.row.title}》：未核对的引用 {len(page.unconfirmed)} 处，"
        f"发布后登记核对的 {page.row.confirmed} 处。",
        err=True,
    )
    if code is None and (copied := transcribed(page.form)):
        shown = "、".join(copied)
        click.echo(
            f"另有 {len(copied)} 个条目的条文据第三方抄录核对，"
            f"启用前请与官方公布的文本再比对一次：{shown}",
            err=True,
        )
    if waiting:
        first = waiting[0]
        article = " --article 条款" if first.lacks_article else ""
        next_step(
            "与原文核对后登记",
            f"forms confirm {page.row.ref} {first.code} --citation '{first.citation}'"
            f" --source 核对所用的文本{article} --as 账号",
        )


def _said(row: reads.ConfirmationRow) -> tuple[str, ...]:
    zone = backend().settings.zone
    said = f"{row.by} {row.at.astimezone(zone):%Y-%m-%d} 与“{row.source}”核对"
    if row.article:
        said += f"，应为{row.article}"
    if row.withdrawn_at is not None:
        day = f"{row.withdrawn_at.astimezone(zone):%Y-%m-%d}"
        said += f"；{row.withdrawn_by} {day} 撤回（{row.reason}）"
    return row.code, "已撤回" if row.withdrawn_at else "已核对", row.citation, said
