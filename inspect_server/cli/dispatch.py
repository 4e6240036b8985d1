"""dispatch: from a draw's result to the phones of its teams."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

import click

from inspect_server.cli.terminal.choosing import Named
from inspect_server.cli.terminal.context import acting, backend
from inspect_server.cli.terminal.progress import bar
from inspect_server.cli.terminal.stages import say_unapproved, say_where_it_stands
from inspect_server.cli.terminal.telling import next_step, remind_of_complaints
from inspect_server.domain.assignment import (
    DIRECTED_NAMES,
    REASON_NAMES,
    DirectedReason,
)
from inspect_server.domain.enums import InspectionState
from inspect_server.domain.errors import InspectError
from inspect_server.domain.inspection import STATE_NAMES
from inspect_server.reads import accounts as account_reads
from inspect_server.reads import inspections as reads
from inspect_server.reads.draws import draw_id_of
from inspect_server.usecases.inspecting import dispatch as steps
from inspect_server.usecases.inspecting.direct_check import Directed, direct_check
from inspect_server.usecases.work import Actor, Work


class StepsIncomplete(InspectError):
    """Some of several inspections could not take the step; each reason was shown."""

    code, kind = "dispatch.incomplete", "conflict"
    message = "有 {count} 件未完成，原因见上；请逐件处理后对这些编号重试。"


DAY = click.DateTime(formats=["%Y-%m-%d"])
WHY = Named(DIRECTED_NAMES)
WHY_HELP = f"理由：{WHY.told()}"
REASONS = Named(REASON_NAMES)
REASON_HELP = f"原因：{REASONS.told()}"


asking_for = click.option(
    "--checklist",
    "checklists",
    multiple=True,
    metavar="名称",
    help="另选的检查表，可多份；可以另选的见 inspect-server forms list。",
)


@click.group(
    "dispatch",
    epilog="""\b
示例：
  inspect-server dispatch schemes --draw 2026-01 --as zhangsan
  inspect-server dispatch approve --draw 2026-01 --as lisi
  inspect-server dispatch send --draw 2026-01 --as zhangsan""",
)
def dispatch_command() -> None:
    """检查方案、审批、派发、改派。"""


@dispatch_command.command(
    "directed",
    epilog="""\b
示例：
  inspect-server dispatch directed 91320799MA1WXXXX00 --reason complaint.hazard \\
    --text 反映除尘器长期不清灰 --reference 举报2026-017 --lead 32079900001 \\
    --member 32079900007 --from 2026-03-09 --to 2026-03-13 --as zhangsan
投诉举报、转办交办是否计入年度频次，按检查时段第一天适用的规定。
复查的 --reference 填所复查的检查编号。说明中不写举报人的任何个人信息。""",
)
@click.argument("uscc", metavar="统一社会信用代码")
@click.option("--reason", required=True, type=WHY, help=WHY_HELP)
@click.option("--text", required=True, help="事由说明。")
@click.option("--reference", required=True, metavar="编号", help="举报件、交办件或原检查的编号。")
@click.option("--lead", required=True, metavar="执法证号", help="主办人员。")
@click.option(
    "--member",
    "members",
    required=True,
    multiple=True,
    metavar="执法证号",
    help="协办人员，可多名。",
)
@click.option("--from", "first", type=DAY, required=True, help="检查时段第一天。")
@click.option("--to", "last", type=DAY, required=True, help="检查时段最后一天。")
@asking_for
@acting
def directed_command(
    uscc: str,
    reason: str,
    text: str,
    reference: str,
    lead: str,
    members: tuple[str, ...],
    first: datetime,
    last: datetime,
    checklists: tuple[str, ...],
    actor: Actor,
) -> None:
    """编制双随机之外的检查方案：投诉举报、转办交办、复查；理由写入记录，须由他人审批。"""
    with backend().reading() as session:
        leading, *others = (
            account_reads.officer_of_certificate(session, number) for number in (lead, *members)
        )
    wanted = Directed(
        DirectedReason(reason),
        text,
        reference,
        uscc,
        leading,
        tuple(others),
        first.date(),
        last.date(),
        checklists,
    )
    with backend().begin(actor) as work:
        step = direct_check(work, wanted)
    click.echo(f"已编制检查方案 {step.number}（{DIRECTED_NAMES[wanted.reason]}）。")
    next_step("由编制人以外的人员审批", f"dispatch approve {step.number} --as 审批人账号")


@dispatch_command.command(
    "schemes",
    epilog="\b\n示例：\n  inspect-server dispatch schemes --draw 2026-03 --as zhangsan",
)
@click.option("--draw", "draw_no", required=True, metavar="抽取编号", help="已揭示结果的抽取。")
@asking_for
@acting
def schemes_command(draw_no: str, checklists: tuple[str, ...], actor: Actor) -> None:
    """为一次抽取的每家企业编制检查方案。"""
    with backend().reading() as session:
        draw_id = draw_id_of(session, draw_no)
    with backend().begin(actor) as work:
        made = steps.make_schemes(work, draw_id, checklists)
    click.echo(f"已编制检查方案 {len(made.schemes)} 份：")
    for step in made.schemes:
        click.echo(f"  {step.number}")
    next_step("由编制人以外的人员审批", f"dispatch approve --draw {draw_no} --as 审批人账号")


@dispatch_command.command(
    "approve",
    epilog="""\b
示例：
  inspect-server dispatch approve --draw 2026-03 --as lisi
  inspect-server dispatch approve 2026-0001 2026-0002 --as lisi
""",
)
@click.argument("numbers", nargs=-1, metavar="[检查编号]...")
@click.option("--draw", "draw_no", metavar="抽取编号", help="该次抽取的全部待审批方案。")
@acting
def approve_command(numbers: tuple[str, ...], draw_no: str | None, actor: Actor) -> None:
    """审批检查方案；不能由编制人审批，须用 --as 指明审批人账号。"""
    chosen = _chosen(numbers, draw_no, InspectionState.SCHEME_DRAFT, "审批", actor)
    _each(chosen, "审批方案", steps.approve_scheme, actor)
    if chosen:
        which = f"--draw {draw_no}" if draw_no else " ".join(numbers)
        next_step("派发到检查组的手机", f"dispatch send {which} --as 账号")


@dispatch_command.command(
    "send",
    epilog="""\b
示例：
  inspect-server dispatch send --draw 2026-03 --as zhangsan
  inspect-server dispatch send 2026-0001 --as zhangsan
""",
)
@click.argument("numbers", nargs=-1, metavar="[检查编号]...")
@click.option("--draw", "draw_no", metavar="抽取编号", help="该次抽取的全部已批准方案。")
@acting
def send_command(numbers: tuple[str, ...], draw_no: str | None, actor: Actor) -> None:
    """把已批准的任务派发到检查组的手机。"""
    chosen = _chosen(numbers, draw_no, InspectionState.SCHEME_APPROVED, "派发", actor)
    _each(chosen, "派发任务", steps.dispatch, actor)
    if chosen:
        remind_of_complaints(backend().settings)
        next_step("检查人员在手机上同步任务，到现场检查")
    if chosen and draw_no:
        with backend().reading() as session:
            waiting = reads.unapproved(session, actor, draw_id_of(session, draw_no), steps.DECIDES)
        say_unapproved(draw_no, waiting)


@dispatch_command.command(
    "refresh",
    epilog="""\b
示例：
  inspect-server dispatch refresh 2026-0001 --as zhangsan
  inspect-server dispatch refresh 2026-0001 --checklist general-management --as zhangsan
  inspect-server dispatch refresh 2026-0001 --no-checklist --as zhangsan
不写 --checklist 的，原来另选的检查表仍然保留。
""",
)
@click.argument("number", metavar="检查编号")
@asking_for
@click.option("--no-checklist", "none", is_flag=True, help="不再带另选的检查表。")
@acting
def refresh_command(number: str, checklists: tuple[str, ...], none: bool, actor: Actor) -> None:
    """企业信息补全、另选检查表后重新编制一份未派发的方案；须重新审批。"""
    if none and checklists:
        raise click.UsageError("--checklist 与 --no-checklist 不能同用。")
    asked_for = checklists if checklists or none else None
    with backend().reading() as session:
        inspection_id = reads.id_of(session, number)
    with backend().begin(actor) as work:
        step = steps.refresh_scheme(work, inspection_id, asked_for)
    click.echo(f"{step.number} 已重新编制检查方案：{STATE_NAMES[step.state]}。")
    _say_next(step)


@dispatch_command.command(
    "reassign",
    epilog="""\b
示例：
  inspect-server dispatch reassign 2026-0001 --out 32079900001 --in 32079900007 \\
    --reason leave --as zhangsan
""",
)
@click.argument("number", metavar="检查编号")
@click.option("--out", "cert_out", required=True, metavar="执法证号", help="退出的执法人员。")
@click.option("--in", "cert_in", required=True, metavar="执法证号", help="接替的执法人员。")
@click.option("--reason", required=True, type=REASONS, help=REASON_HELP)
@acting
def reassign_command(number: str, cert_out: str, cert_in: str, reason: str, actor: Actor) -> None:
    """改派一名检查人员；派发前改派须重新审批方案。"""
    with backend().reading() as session:
        inspection_id = reads.id_of(session, number)
        officer_out = account_reads.officer_of_certificate(session, cert_out)
        officer_in = account_reads.officer_of_certificate(session, cert_in)
    with backend().begin(actor) as work:
        step = steps.reassign(work, inspection_id, officer_out, officer_in, reason)
    click.echo(f"{step.number} 已改派：{STATE_NAMES[step.state]}。")
    _say_next(step)


def _say_next(step: steps.Step) -> None:
    if step.state is InspectionState.SCHEME_DRAFT:
        next_step("由编制人以外的人员审批", f"dispatch approve {step.number} --as 审批人账号")
    else:
        next_step("检查组成员在手机上同步任务")


def _chosen(
    numbers: Sequence[str], draw_no: str | None, state: InspectionState, step: str, actor: Actor
) -> list[tuple[str, UUID]]:
    if bool(numbers) == (draw_no is not None):
        raise click.UsageError("请写检查编号，或用 --draw 指明抽取编号，两者取一。")
    with backend().reading() as session:
        if draw_no is None:
            return [(number, reads.id_of(session, number)) for number in numbers]
        draw_id = draw_id_of(session, draw_no)
        theirs = reads.of_draw_by_state(session, actor, draw_id, steps.DECIDES)
        everybody = reads.count_of_draw(session, draw_id)
    found = theirs.get(state, [])
    if not found:
        say_where_it_stands(draw_no, step, theirs, everybody)
    return found


def _each(
    chosen: Sequence[tuple[str, UUID]],
    label: str,
    step: Callable[[Work, UUID], steps.Step],
    actor: Actor,
) -> None:
    """Take one step for each, each in its own transaction: one refusal does not hold the rest."""
    refused: list[str] = []
    with bar(len(chosen), label, unit="件") as advance:
        for number, inspection_id in chosen:
            try:
                with backend().begin(actor) as work:
                    step(work, inspection_id)
            except InspectError as error:
                refused.append(f"  {number}：{error}［{error.code}］")
            advance(1)
    if not chosen:
        return
    click.echo(f"{label}：完成 {len(chosen) - len(refused)} 件，未完成 {len(refused)} 件。")
    for line in refused:
        click.echo(line, err=True)
    if refused:
        raise StepsIncomplete(count=len(refused))
