"""Where the tasks of a draw stand when a command finds none to take its step with, or not all."""

from collections.abc import Mapping, Sequence, Sized

import click

from inspect_server.cli.terminal.telling import next_step
from inspect_server.domain.enums import InspectionState
from inspect_server.domain.inspection import STATE_NAMES

NEXT = {
    InspectionState.SCHEME_DRAFT: (
        "由编制人以外的审批人审批方案",
        "dispatch approve --draw {draw} --as 审批人账号",
    ),
    InspectionState.SCHEME_APPROVED: (
        "由承办机构负责人派发任务",
        "dispatch send --draw {draw} --as 账号",
    ),
    InspectionState.DISPATCHED: ("由检查人员到场后在手机上开始检查并同步，再办结", ""),
    InspectionState.UNDER_WAY: (
        "由主办人员办结检查记录",
        "record close --draw {draw} --as 账号",
    ),
    InspectionState.RECORD_CLOSED: (
        "由内勤制作文书",
        "documents issue --draw {draw} --as 账号",
    ),
    InspectionState.DOCUMENTS_ISSUED: ("文书已制作，导出并送达", "documents export --to 目录"),
    InspectionState.ENDED: ("任务均已终止，查看替补情况", "draw replace list {draw}"),
}
"""What comes next for tasks in each state and whose step it is, the earliest first."""


NAMED = 10
"""Of a long list of tasks, how many are named."""


def say_unapproved(draw_no: str, waiting: Sequence[tuple[str, object]]) -> None:
    """
    Name on stderr the schemes of a draw that nobody approved yet: their tasks are not sent.

    Args:
        draw_no: The draw.
        waiting: Number and id of each; with none, nothing is said.
    """
    if not waiting:
        return
    named = "、".join(number for number, _ in waiting[:NAMED])
    more = " 等" if len(waiting) > NAMED else ""
    click.echo(f"有 {len(waiting)} 件检查方案尚未审批，任务没有派发：{named}{more}。", err=True)
    next_step("由编制人以外的人员审批", f"dispatch approve --draw {draw_no} --as 审批人账号")
    next_step("审批后派发到检查组的手机", f"dispatch send --draw {draw_no} --as 账号")


def say_where_it_stands(
    draw_no: str, step: str, theirs: Mapping[InspectionState, Sized], everybody: int
) -> None:
    """
    Say on stderr why a step finds nothing, and what comes next.

    Args:
        draw_no: The draw.
        step: What was attempted, in Chinese, e.g. 办结.
        theirs: The draw's tasks that the account could take it with, by state.
        everybody: How many tasks the draw has for anybody.
    """
    if not everybody:
        click.echo(f"抽取 {draw_no} 没有可{step}的任务：尚未编制检查方案。", err=True)
        next_step("由承办机构负责人编制检查方案", f"dispatch schemes --draw {draw_no} --as 账号")
        return
    if not theirs:
        click.echo(f"抽取 {draw_no} 有 {everybody} 件任务，没有一件由当前账号{step}。", err=True)
        next_step(f"换用有权{step}的账号（--as 账号）")
        return
    shown = "、".join(f"{STATE_NAMES[state]} {len(found)} 件" for state, found in theirs.items())
    click.echo(f"抽取 {draw_no} 没有可{step}的任务，现有：{shown}。", err=True)
    what, command = next(NEXT[state] for state in NEXT if state in theirs)
    next_step(what, command.format(draw=draw_no))
