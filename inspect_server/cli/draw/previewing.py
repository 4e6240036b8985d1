"""`draw preview`: the pool before anything is committed; and what is asked of the teams."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Any

import click

from inspect_server.cli.terminal.context import acting, backend
from inspect_server.cli.terminal.telling import next_step
from inspect_server.domain.errors import BadInput
from inspect_server.domain.plan import EXCLUSIONS, cell_name, odds
from inspect_server.gateways.lists import write_list
from inspect_server.reads import draws as reads
from inspect_server.reads.accounts import officer_of_certificate
from inspect_server.usecases.disclosing.identities import open_pool, unseen_draws
from inspect_server.usecases.drawing.beforehand.preview import (
    CellPreview,
    preview_draw,
    preview_list,
)
from inspect_server.usecases.drawing.beforehand.sources import public_source
from inspect_server.usecases.drawing.beforehand.staffing import RELAXATIONS, Wanted, wanted
from inspect_server.usecases.work import Actor

PPM = 1_000_000
DAY = click.DateTime(formats=["%Y-%m-%d"])
HEADERS = ("统一社会信用代码", "企业名称", "不入池原因", "原因代码")


def teams_asked(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that say what is asked of the teams; it gets them as `teams`."""

    @click.option(
        "--department",
        "partners",
        multiple=True,
        metavar="名称[=单位]",
        help="联合检查的其他部门（可多个），各派一组；"
        "配置项 partner_departments 未列的，写明单位。",
    )
    @click.option(
        "--experts", type=click.IntRange(0, 5), help="每组另抽专家几名（默认按年度计划的参数）。"
    )
    @click.option(
        "--keep-apart",
        "apart",
        nargs=2,
        multiple=True,
        metavar="执法证号 执法证号",
        help="本次不得同组的两名人员（可多对）；近期同组的已自动避开。",
    )
    @click.option("--strict-specialty", is_flag=True, help="专业不符的人员一律不派，宁可不能抽取。")
    @wraps(command)
    def with_teams(
        *given: Any,
        partners: tuple[str, ...],
        experts: int | None,
        apart: tuple[tuple[str, str], ...],
        strict_specialty: bool,
        **others: Any,
    ) -> None:
        command(*given, teams=_teams(partners, experts, apart, strict_specialty), **others)

    return with_teams


def _teams(
    partners: tuple[str, ...],
    experts: int | None,
    apart: tuple[tuple[str, str], ...],
    strict_specialty: bool,
) -> Wanted:
    held = backend()
    with held.reading() as session:
        pairs = [
            (officer_of_certificate(session, one), officer_of_certificate(session, other))
            for one, other in apart
        ]
    return wanted(
        held.settings.partner_departments,
        partners=partners,
        experts=experts,
        relaxations=() if strict_specialty else RELAXATIONS,
        banned_pairs=pairs,
    )


@click.command(
    "preview",
    help="预览抽取池：各单元家数、概率、预期家数和排除原因。不写入任何数据。",
    epilog="""\b
示例：
  inspect-server draw preview --from 2026-03-09 --to 2026-03-20
  inspect-server draw preview --from 2026-03-09 --to 2026-03-20 --excluded 不入池企业.xlsx
  inspect-server draw preview --from 2026-03-09 --to 2026-03-20 --cell under_way
  inspect-server draw preview --from 2026-03-09 --to 2026-03-20 --department 消防
  inspect-server draw preview --from 2026-03-09 --to 2026-03-20 --public cwl.kl8/2026056
有抽取尚未公示时，企业名单（--excluded、--cell）和能否为每家企业组成检查组，
只给可以查看其抽中企业的账号，并记入审计。
行末为公布和核验用的编码；合并的单元下面列出合并了哪些单元，对外只公布编码所示的内容。""",
)
@click.option("--from", "visit_from", type=DAY, required=True, help="检查时段第一天。")
@click.option("--to", "visit_to", type=DAY, required=True, help="检查时段最后一天。")
@click.option(
    "--excluded",
    "file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="把不入池的企业和原因写入文件（.xlsx 或 .csv）。",
)
@click.option(
    "--cell", "label", default="", metavar="编码", help="列出一个单元（或一种排除原因）的企业。"
)
@click.option(
    "--public",
    multiple=True,
    metavar="名称/期号",
    help="拟用的公开随机值（可多个），查其能否使用。",
)
@click.option("--deadline", type=DAY, help="最迟揭示日（默认检查时段第一天）。")
@teams_asked
@acting
def preview_command(
    visit_from: datetime,
    visit_to: datetime,
    file: Path | None,
    label: str,
    public: tuple[str, ...],
    deadline: datetime | None,
    teams: Wanted,
    actor: Actor,
) -> None:
    """Show what a commit would contain."""
    held = backend()
    if file is not None or label:
        open_pool(held, actor)
    unseen = frozenset() if file or label else unseen_draws(held, actor, "preview")
    named = [public_source(text, "--public") for text in public]
    first, last = visit_from.date(), visit_to.date()
    with held.reading() as session:
        plan_id = reads.plan_in_force(session, visit_from.year)
        excluded = () if file is None else preview_list(session, plan_id, first, last)
        rows = preview_list(session, plan_id, first, last, label) if label else ()
        if file is None and not label:
            found = preview_draw(
                session,
                plan_id,
                first,
                last,
                today=held.today(),
                teams=teams,
                public=named,
                now=held.clock.now(),
                deadline=deadline.date() if deadline else None,
                unseen=unseen,
            )
    if label and not rows:
        raise BadInput(field="--cell", reason=f"没有编码为 {label} 的单元或排除原因")
    if file is not None:
        texts = ((row.uscc, row.name, row.text, row.label) for row in excluded)
        click.echo(f"不入池企业已写入 {file}：{write_list(file, HEADERS, texts)} 家。")
    if label:
        for row in rows:
            click.echo(f"  {row.uscc} {row.name}")
        click.echo(f"{EXCLUSIONS.get(label, cell_name(label))}：{len(rows)} 家。")
    if file is not None or label:
        return
    click.echo(f"{found.batch}：名录 {found.registered} 家，入池 {found.included} 家。")
    for cell in found.cells:
        _show(cell)
    for reason, count in found.excluded:
        click.echo(f"  排除：{EXCLUSIONS.get(reason, reason)} {count} 家  {reason}")
    click.echo(f"预期共抽 {found.expected_ppm / PPM:.2f} 家。以上仅为预览，未写入任何数据。")
    for one in found.uncovered:
        click.echo(f"注意：本轮不能覆盖 {one.uscc} {one.name}：{one.text}。")
    for obstacle in found.obstacles:
        click.echo(f"注意：现在按此时段承诺会被拒绝：{obstacle.rstrip('。')}。")
    if found.sealed:
        click.echo(f"注意：{found.sealed}")
    days = f"--from {first} --to {last}"
    next_step("查看不入池企业名单", f"draw preview {days} --excluded 不入池企业.xlsx")
    if not found.obstacles:
        next_step("在公开随机值开奖之前承诺", f"draw commit {days} --public 名称/期号 --as 账号")


def _show(cell: CellPreview) -> None:
    click.echo(
        f"  {cell.name}：{cell.enterprises} 家，概率 {odds(cell.p_ppm)}，"
        f"预期 {cell.expected_ppm / PPM:.2f} 家  {cell.cell}"
    )
    for part in cell.parts:
        click.echo(f"      含 {cell_name(part.cell)} {part.enterprises} 家  {part.cell}")
