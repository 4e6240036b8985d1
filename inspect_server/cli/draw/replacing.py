"""`draw replace`: who went out after the draw, and who comes in."""

from pathlib import Path

import click

from inspect_server.cli.draw.typists import present
from inspect_server.cli.terminal.choosing import Named
from inspect_server.cli.terminal.context import acting, backend
from inspect_server.cli.terminal.stages import say_unapproved
from inspect_server.cli.terminal.telling import next_step
from inspect_server.domain.draw.replacement.requests import GIVEN, OFFICER, REASON_NAMES, Reason
from inspect_server.gateways.keys import LocalKeys
from inspect_server.reads import accounts as account_reads
from inspect_server.reads import draws as draw_reads
from inspect_server.reads import inspections as inspection_reads
from inspect_server.reads import replacements as reads
from inspect_server.usecases.disclosing.identities import open_drawn
from inspect_server.usecases.drawing.afterwards.follow_cases import (
    DRAFT,
    END,
    REASSIGN,
    Followed,
    follow,
    open_steps,
)
from inspect_server.usecases.drawing.afterwards.replace_drawn import (
    Wanted,
    complete_replacement,
    request_replacement,
)
from inspect_server.usecases.drawing.refusals import noting_refusals
from inspect_server.usecases.inspecting.dispatch import DECIDES
from inspect_server.usecases.work import Actor

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
REASONS = Named(GIVEN)
REASON_HELP = f"原因：{REASONS.told()}"
CASE_STEPS = {DRAFT: "编制新的检查方案", END: "终止检查任务", REASSIGN: "改派检查人员"}


@click.group(
    "replace",
    help="替补：登记申请（request）、录入见证方的值完成替补（complete）、查看（list）。",
    epilog="""\b
示例：
  inspect-server draw replace request 2026-01 --reason officer.leave \\
      --enterprise 91320799MA00000001 --officer 32079900001 \\
      --evidence 请假条.pdf --approver lisi --as zhangsan
  inspect-server draw replace complete 2026-01 --witness 见证方的值 --as zhangsan
  inspect-server draw replace list 2026-01
原因会随证书公示；人员请假、患病等都写 officer.leave，具体事由只留在证明材料中。
原抽取结果不改动、不删除；谁来替补由登记申请之后才公开的见证方的值决定。""",
)
def replace_group() -> None:
    """Group the commands."""


@replace_group.command(
    "request",
    help="登记替补申请：谁退出、原因、证明材料和批准人。批准人在提示后输入本人密码。",
    epilog="""\b
示例：
  inspect-server draw replace request 2026-01 --reason officer.recusal \\
      --enterprise 91320799MA00000001 --officer 32079900001 \\
      --evidence 回避申请.pdf --approver lisi --as zhangsan
  inspect-server draw replace request 2026-01 --reason enterprise.closed \\
      --enterprise 91320799MA00000001 --evidence 注销证明.pdf --approver lisi --as zhangsan
批准人不能是申请人，也不能是退出的人员或该检查组的成员。
申请登记后不能修改或撤回；见证方的值未到之前，一直显示为待完成。""",
)
@click.argument("draw_no", metavar="抽取编号")
@click.option("--reason", type=REASONS, required=True, help=REASON_HELP)
@click.option("--enterprise", required=True, metavar="信用代码", help="抽中企业。")
@click.option("--officer", default="", metavar="执法证号", help="退出的人员（替补企业时不填）。")
@click.option("--evidence", type=FILE, required=True, help="证明材料文件。")
@click.option("--approver", required=True, metavar="账号", help="批准人。")
@acting
def request_command(
    draw_no: str,
    reason: str,
    enterprise: str,
    officer: str,
    evidence: Path,
    approver: str,
    actor: Actor,
) -> None:
    """Log a request."""
    held = backend()
    with held.reading() as session:
        draw_id = draw_reads.draw_id_of(session, draw_no)
        officer_id = account_reads.officer_of_certificate(session, officer) if officer else None
    wanted = Wanted(Reason(reason), enterprise.strip(), officer_id)
    content, approving = evidence.read_bytes(), present(held, approver)
    made = noting_refusals(
        held,
        actor,
        draw_id,
        lambda work: request_replacement(work, draw_id, wanted, content, approving),
    )
    click.echo(f"抽取 {draw_no} 第 {made.k} 次替补（{REASON_NAMES[made.reason]}）已登记申请。")
    click.echo(f"申请在抽取日志中的记录：{made.request_leaf}")
    click.echo(f"等待{made.holder}的哈希链第 {made.position} 个值（锚值 {made.anchor[:16]}…）。")
    next_step(
        "印制替补申请单，签名后交见证方",
        f"draw print {draw_no} --what replacement-request --out 替补申请单.pdf --as 账号",
    )
    next_step(
        "见证方核对申请单后，在自己的电脑上为该申请取值",
        f"draw chain next --file 秘密文件 --position {made.position} --for {made.request_leaf}",
    )
    next_step("完成替补", f"draw replace complete {draw_no} --witness 见证方的值 --as 账号")


@replace_group.command(
    "complete",
    help="录入见证方的值，算出替补结果，重新签发证书，并落实到检查任务。中断后可重新运行。",
    epilog="""\b
示例：
  inspect-server draw replace complete 2026-01 --witness 64位十六进制 --as zhangsan
  inspect-server draw replace complete 2026-01 --as zhangsan
不写 --witness 时只继续落实已完成的替补（终止、编制、改派）。""",
)
@click.argument("draw_no", metavar="抽取编号")
@click.option("--witness", default="", metavar="十六进制", help="见证方取出的值。")
@acting
def complete_command(draw_no: str, witness: str, actor: Actor) -> None:
    """Complete a request, and bring the cases in line."""
    held = backend()
    with held.reading() as session:
        draw_id = draw_reads.draw_id_of(session, draw_no)
    if witness:
        signer = LocalKeys(held.settings.data_dir / "keys").receipts()
        made = noting_refusals(
            held, actor, draw_id, lambda work: complete_replacement(work, draw_id, witness, signer)
        )
        with held.reading() as session:
            line = reads.replacements(session, draw_id)[made.k - 1]
        click.echo(
            f"抽取 {draw_no} 第 {made.k} 次替补完成：{line.went_out} 退出，{line.came_in} 替补。"
        )
        click.echo(f"证书已重新签发（第 {made.version} 版），此前各版保留。")
    _tell(follow(held, actor, draw_id))
    with held.reading() as session:
        waiting = inspection_reads.unapproved(session, actor, draw_id, DECIDES)
    say_unapproved(draw_no, waiting)
    next_step("核验替补结果", f"draw verify --no {draw_no}")


@replace_group.command(
    "list",
    help="列出一次抽取的全部替补和作废申请，待完成的也列出。",
    epilog="\b\n示例：\n  inspect-server draw replace list 2026-01",
)
@click.argument("draw_no", metavar="抽取编号")
def list_command(draw_no: str) -> None:
    """List what happened after the draw."""
    with backend().begin(Actor.system("cli")) as work:
        session, draw_id = work.session, draw_reads.draw_id_of(work.session, draw_no)
        open_drawn(work, draw_id, "replacements")
        lines = reads.replacements(session, draw_id)
        voids = reads.voids(session, draw_id)
        left = open_steps(session, draw_id)
    for line in lines:
        # An enterprise that goes out is its own task: it is named once.
        whose = f"{line.enterprise}，" if line.kind == OFFICER else ""
        came_in = (
            f"{line.came_in} 替补" if line.came_in else f"待{line.holder}第 {line.position} 个值"
        )
        click.echo(f"第 {line.k} 次 {line.reason}：{whose}{line.went_out} 退出，{came_in}")
    for void in voids:
        state = "已作废" if void.voided_at else "待见证方签署"
        click.echo(f"作废申请 {void.reason}：{state}（{void.request_leaf}）")
    for step in left:
        click.echo(f"未落实：第 {step.k} 次替补，{CASE_STEPS[step.what]} {step.number}".rstrip())
    if not (lines or voids):
        click.echo(f"抽取 {draw_no} 没有替补，也没有作废申请。")
    if left:
        next_step("继续落实", f"draw replace complete {draw_no} --as 账号")


def _tell(followed: Followed) -> None:
    for step in followed.done:
        click.echo(f"  {CASE_STEPS[step.what]} {step.number}")
    for step, why in followed.refused:
        click.echo(f"  未落实：{CASE_STEPS[step.what]} {step.number}：{why}", err=True)
