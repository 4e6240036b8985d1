"""`forms publish` and `forms retire`: which versions there are, and until when."""

from datetime import datetime
from pathlib import Path

import click

from forms.confirming import unconfirmed
from forms.definition.doubts import doubts
from forms.model import Form
from forms.workbook.words import SECTORS
from inspect_server.cli.forms.assuming import begins_oddly
from inspect_server.cli.forms.naming import FILE, VERSION, Version
from inspect_server.cli.forms.sources import in_definition, is_workbook, today
from inspect_server.cli.terminal.context import acting, backend
from inspect_server.cli.terminal.telling import next_step, remind
from inspect_server.domain.errors import InspectError
from inspect_server.usecases.checklists.publish_checklist import publish_checklist
from inspect_server.usecases.checklists.retire_checklist import retire_checklist
from inspect_server.usecases.work import Actor

DAY = click.DateTime(formats=["%Y-%m-%d"])


class NotImported(InspectError):
    """A workbook is to be published; its author has not seen what is read from it."""

    code, kind = "forms.not_imported", "invalid"
    message = (
        "{file} 是工作簿，不能直接发布，请先运行 inspect-server forms import 转为定义文件，"
        "核对内容后发布定义文件。"
    )


class EveryoneNotMeant(InspectError):
    """Nobody said that a checklist is for every enterprise; once published it cannot be undone."""

    code, kind = "forms.everyone_not_meant", "conflict"
    message = (
        "检查表 {ref}《{title}》没有写适用行业，也不是按需选用，发布后将随每家企业的任务下发，"
        "且不得改动，因此没有发布；确需如此的，请加 --everyone，"
        "否则请先写明“适用行业”，或者将“是否按需选用”写为是，从工作簿导入的重新导入后重试。"
    )


class NotForEveryone(InspectError):
    """Somebody says that a checklist is for every enterprise, which says otherwise itself."""

    code, kind = "forms.not_for_everyone", "conflict"
    message = (
        "检查表 {ref}《{title}》写明了适用行业或者按需选用，不会下发给每家企业，因此没有发布；"
        "请去掉 --everyone 后重试，或者改正检查表。"
    )


@click.command(
    "publish",
    help="发布一个检查表版本，永久保存；自启用日期起用于新编制的检查方案。",
    epilog="""\b
示例：
  inspect-server forms publish 本局专项检查表@1.toml --as zhangsan

\b
已发布的版本不得改动：修改内容的，改用下一个版本号另行发布。
已派发的任务仍用原来的版本。同一内容重复发布不产生变化。
没有写适用行业、也不是按需选用的，随每家企业的任务下发，须加 --everyone 确认。""",
)
@click.argument("definition", metavar="定义文件", type=FILE)
@click.option(
    "--everyone",
    "means_everyone",
    is_flag=True,
    help="确认下发给每一家企业（没有写适用行业、也不是按需选用的检查表）。",
)
@acting
def publish_command(definition: Path, means_everyone: bool, actor: Actor) -> None:
    """Store a definition as a version for good."""
    if is_workbook(definition):
        raise NotImported(file=definition.name)
    form = in_definition(definition)
    _refuse_unmeant(form, means_everyone)
    # Before: what is published is never changed.
    remind((*begins_oddly(form, today()), *map(str, doubts(form))))
    with backend().begin(actor) as work:
        made = publish_checklist(work, form)
    if not made.is_new:
        click.echo(f"检查表 {made.ref}《{made.title}》已在库中，内容相同，没有变化。")
        return
    click.echo(
        f"已发布检查表 {made.ref}《{made.title}》，{form.effective_from} 起启用，"
        f"内容哈希 {made.content_sha256}"
    )
    click.echo(_for_whom(form))
    if unconfirmed(form):
        next_step("查看尚未与原文核对的引用", f"forms confirm {made.ref}")


def _for_whom(form: Form) -> str:
    if form.on_request:
        return "按需选用：编制检查方案时指明才下发。"
    if form.sectors:
        names = "、".join(SECTORS.word(tag) for tag in form.sectors)
        return f"下发给{names}企业的任务。"
    return "没有写适用行业：启用后随每家企业的任务下发。"


def _refuse_unmeant(form: Form, means_everyone: bool) -> None:
    """Refuse a checklist whose author and whose publisher differ about for whom it is."""
    is_for_everyone = not (form.sectors or form.on_request)
    if is_for_everyone and not means_everyone:
        raise EveryoneNotMeant(ref=form.ref, title=form.title)
    if means_everyone and not is_for_everyone:
        raise NotForEveryone(ref=form.ref, title=form.title)


@click.command(
    "retire",
    help="停用一个检查表版本：自该日起不再用于新编制的检查方案，已派发的任务不变。",
    epilog="""\b
示例：
  inspect-server forms retire dust-explosion@1 --from 2027-01-01 --as zhangsan

\b
停用日期最早为今日，确定后不得更改。停用的是最新版本的，不会改用以前的版本。""",
)
@click.argument("version", metavar="名称@版本", type=VERSION)
@click.option("--from", "first", type=DAY, required=True, help="不再使用的第一天。")
@acting
def retire_command(version: Version, first: datetime, actor: Actor) -> None:
    """Set the first day on which a version is no longer handed out."""
    with backend().begin(actor) as work:
        made = retire_checklist(work, version.name, version.number, first.date())
    click.echo(f"检查表 {made.ref}《{made.title}》自 {made.retired_on} 起停用。")
    if made.successor:
        click.echo(f"自该日起使用 {made.successor}。")
    else:
        click.echo(f"自该日起没有可用的《{made.title}》，需要继续使用的请发布新的版本。", err=True)
