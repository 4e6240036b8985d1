"""`disclosure`: what is public, what would be, publishing, and corrections."""

from uuid import UUID

import click

from inspect_server.cli.terminal.choosing import Named
from inspect_server.cli.terminal.context import acting, backend
from inspect_server.cli.terminal.telling import next_step
from inspect_server.domain.disclosure import NO_CORRECTION, RESULT_NAMES, STATED, Result
from inspect_server.domain.draw.replacement.requests import REASON_NAMES
from inspect_server.reads import draws as reads
from inspect_server.usecases.disclosing.batches import (
    BatchPreview,
    how_far,
    preview_batch,
    publish_batch,
)
from inspect_server.usecases.disclosing.results import correct_result, state_result
from inspect_server.usecases.work import Actor

STATES = {"committed": "已承诺", "revealed": "已揭示", "void": "已作废"}
REPLACED_FOR = {reason.value: name for reason, name in REASON_NAMES.items()}
STATABLE = Named({one: RESULT_NAMES[one] for one in STATED})
CORRECTABLE = Named({one: RESULT_NAMES[one] for one in Result if one not in NO_CORRECTION})


@click.group(
    "disclosure",
    help="抽查公示（一公开）：列出、预览、公示、更正。",
    epilog="""\b
示例：
  inspect-server disclosure list --as zhangsan
  inspect-server disclosure preview 2026-01 --as zhangsan
  inspect-server disclosure publish 2026-01 --as zhangsan
年度规则、哈希链锚值和承诺值在产生时自动公示；批次在全部检查办结后公示，
承办机构负责人没有办理的，由定时任务在最后一日公示。公示页面在 /disclosure/。""",
)
def disclosure_group() -> None:
    """Group the commands."""


@disclosure_group.command(
    "list",
    help="列出各批次：是否公示、还有几家未办结、最迟何日公示。",
    epilog="\b\n示例：\n  inspect-server disclosure list --as zhangsan",
)
@acting
def list_command(actor: Actor) -> None:
    """List every draw with a result."""
    held = backend()
    with held.reading() as session:
        lines = [line for line in reads.draws(session) if line.state != "committed"]
    if not lines:
        click.echo("尚无已揭示的抽取。")
        return
    with held.begin(actor) as work:
        for line in lines:
            click.echo(_line(how_far(work, line.id)))


@disclosure_group.command(
    "preview",
    help="预览公示内容：结果、文件和期限。不写入任何数据。",
    epilog="\b\n示例：\n  inspect-server disclosure preview 2026-01 --as zhangsan",
)
@click.argument("draw_no", metavar="抽取编号")
@acting
def preview_command(draw_no: str, actor: Actor) -> None:
    """Show what publishing would do."""
    with backend().begin(actor) as work:
        found = preview_batch(work, _id(draw_no))
    click.echo(_line(found))
    for row in found.results:
        day = f"{row.checked_on:%Y-%m-%d}" if row.checked_on else "—"
        reason = f"（{REPLACED_FOR.get(row.reason, row.reason)}）" if row.reason else ""
        click.echo(f"  {row.uscc} {row.name}：{RESULT_NAMES[row.result]}{reason}，{day}")
    for name, size in found.files:
        click.echo(f"  文件 {name}，{size} 字节")
    click.echo("以上仅为预览，未写入任何数据。")
    if found.may_publish:
        next_step("公示", f"disclosure publish {draw_no} --as 账号")


@disclosure_group.command(
    "publish",
    help="公示一个批次：证书、清单、抽中企业身份和检查结果。全部检查办结后方可公示。",
    epilog="""\b
示例：
  inspect-server disclosure publish 2026-01 --as zhangsan
  inspect-server disclosure publish 2026-01 --reason 证书因替补重新签发 --as zhangsan
已公示的批次内容有变化时再次公示属于更正，须写明原因；原公示内容保留。""",
)
@click.argument("draw_no", metavar="抽取编号")
@click.option("--reason", default="", help="再次公示的更正原因，将一并公示。")
@acting
def publish_command(draw_no: str, reason: str, actor: Actor) -> None:
    """Publish one batch."""
    with backend().begin(actor) as work:
        made = publish_batch(work, _id(draw_no), reason)
    click.echo(
        f"抽取 {draw_no} 已公示（第 {made.revision} 次）：结果 {made.results} 家，"
        f"文件 {len(made.files)} 个，最迟公示日 {made.due_on}。"
    )
    if made.late:
        click.echo("已超过最迟公示日，已记入全过程记录。")
    click.echo(f"公示页面：/disclosure/draws/{draw_no}", err=True)


@disclosure_group.command(
    "result",
    help="登记无法检查的企业的结果，随批次一并公示；检查任务随之终止。",
    epilog="""\b
示例：
  inspect-server disclosure result 2026-01 --uscc 91320706MA1WXXXX0X \\
      --result unreachable --reason 两次上门，登记地址无此单位 --as zhangsan
派发因年度频次上限被拒绝的，登记 capped；没有达到上限的不能登记。
现场检查已开始的，由主办人员先办结检查记录；记录没有发现问题的，公示之前可登记不配合检查。
原因将一并公示，不得写入个人信息。""",
)
@click.argument("draw_no", metavar="抽取编号")
@click.option("--uscc", required=True, metavar="统一社会信用代码", help="哪家企业。")
@click.option(
    "--result",
    type=STATABLE,
    required=True,
    help=f"结果：{STATABLE.told()}",
)
@click.option("--reason", required=True, help="原因。")
@acting
def result_command(draw_no: str, uscc: str, result: str, reason: str, actor: Actor) -> None:
    """State a result that no record shows."""
    with backend().begin(actor) as work:
        made = state_result(work, _id(draw_no), uscc.strip().upper(), Result(result), reason)
    click.echo(f"{made.name}（{made.uscc}）已登记：{RESULT_NAMES[made.result]}。")
    next_step("查看本批次能否公示", f"disclosure preview {draw_no} --as 账号")


@disclosure_group.command(
    "correct",
    help="更正已公示的一家企业的结果：新结果和原因与原公示内容并列，原内容不删除。",
    epilog="""\b
示例：
  inspect-server disclosure correct 2026-01 --uscc 91320706MA1WXXXX0X \\
      --result ordered --reason 复核发现遗漏一项问题 --as zhangsan
原因将一并公示，不得写入个人信息。""",
)
@click.argument("draw_no", metavar="抽取编号")
@click.option("--uscc", required=True, metavar="统一社会信用代码", help="哪家企业。")
@click.option(
    "--result",
    type=CORRECTABLE,
    required=True,
    help=f"更正为：{CORRECTABLE.told()}",
)
@click.option("--reason", required=True, help="更正原因。")
@acting
def correct_command(draw_no: str, uscc: str, result: str, reason: str, actor: Actor) -> None:
    """Correct a published result."""
    with backend().begin(actor) as work:
        made = correct_result(work, _id(draw_no), uscc.strip().upper(), Result(result), reason)
    click.echo(
        f"{made.name}（{made.uscc}）已更正为：{RESULT_NAMES[made.result]}"
        f"（第 {made.revision} 次公示）。"
    )


def _id(draw_no: str) -> UUID:
    with backend().reading() as session:
        return reads.draw_id_of(session, draw_no)


def _line(found: BatchPreview) -> str:
    said = f"{found.draw_no} {STATES[found.state]}"
    if found.state != "void":
        said += f"，抽中 {found.selected} 家"
    if found.published_at is not None:
        local = found.published_at.astimezone(backend().settings.zone)
        return f"{said}，{local:%Y-%m-%d} 已公示（第 {found.revision} 次）"
    if found.due is None:
        return f"{said}，还有 {found.open_checks} 家未办结，暂不能公示"
    estimated = "（暂估）" if found.due.is_estimated else ""
    ended = "" if found.state == "void" else "，已全部办结"
    return f"{said}{ended}，最迟 {found.due.last_day} 公示{estimated}"
