"""`plan`: make, show and approve the year's 监督检查计划."""

from pathlib import Path
from uuid import UUID

import click

from inspect_server.cli.terminal.context import acting, backend
from inspect_server.cli.terminal.progress import bar
from inspect_server.cli.terminal.telling import next_step
from inspect_server.domain.errors import BadInput, InspectError, NotFound
from inspect_server.domain.plan import odds
from inspect_server.reads import plan as reads
from inspect_server.usecases.disclosing.identities import unseen_draws
from inspect_server.usecases.make_plan import STATES, approve_plan, make_plan
from inspect_server.usecases.work import Actor

PPM = 1_000_000
PREVIEW = ("预览一批的抽取池", "draw preview --from 开始日期 --to 结束日期")


class NoPlan(InspectError):
    """There is nothing to show for a year."""

    code, kind = "plan.none", "missing"
    message = (
        "{year} 年还没有检查计划，请先编制（inspect-server plan make --year {year} --as 账号）。"
    )


class NoDraft(InspectError):
    """There is nothing to approve for a year."""

    code, kind = "plan.no_draft", "missing"
    message = (
        "没有找到 {year} 年待审批的检查计划草稿，"
        "请先编制计划（inspect-server plan make --year {year} --as 账号）。"
    )


@click.group(
    "plan",
    help="年度监督检查计划：编制、查看、审批。",
    epilog="""\b
示例：
  inspect-server plan make --year 2026 --as zhangsan
  inspect-server plan approve --year 2026 --as lisi""",
)
def plan_group() -> None:
    """Group the commands."""


@plan_group.command(
    "make",
    help="按企业名录、执法人员和抽查率编制年度计划（草稿，须由他人审批）。",
    epilog="""\b
示例：
  inspect-server plan make --year 2026 --as zhangsan
  inspect-server plan make --year 2026 --rates 本局抽查率.toml

\b
抽查率文件（TOML）只写要改的取值，其余照旧，例如重点企业每年检查一轮：
  [plan.key_checks_per_year]
  title = "重点企业一年几轮"
  unit = "checks"
  [[plan.key_checks_per_year.rows]]
  from = 2026-01-01
  value = 1
  source = "本局 2026 年通知"
  verified = true""",
)
@click.option("--year", type=click.IntRange(2000, 2200), required=True, help="计划年度。")
@click.option(
    "--rates",
    "rates_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="本机关自定抽查率（TOML），覆盖默认取值。",
)
@acting
def make_command(year: int, rates_file: Path | None, actor: Actor) -> None:
    """Make a draft and show its figures."""
    rates = None if rates_file is None else _text_of(rates_file)
    held = backend()
    with held.reading() as session:
        total = reads.count_enterprises(session)
    with bar(total, "统计企业", unit="家") as advance, held.begin(actor) as work:
        made = make_plan(work, year, rates, advance)
    click.echo(f"已编制 {year} 年检查计划草稿，编号 {made.id}。")
    _show(made.id)


@plan_group.command(
    "show",
    help="查看计划：能力测算、抽取单元与概率。",
    epilog="""\b
示例：
  inspect-server plan show --year 2026
  inspect-server plan show --id 3f2a1c5e-8d4b-4c6f-9a7e-1b2c3d4e5f60""",
)
@click.option("--year", type=click.IntRange(2000, 2200), help="计划年度（默认今年）。")
@click.option("--id", "plan_id", type=click.UUID, help="计划编号。")
def show_command(year: int | None, plan_id: UUID | None) -> None:
    """Show one plan, by default the year's plan in force or its newest draft."""
    held = backend()
    if plan_id is None:
        year = year or _this_year()
        with held.reading() as session:
            page = reads.current(session, year)
        if page is None:
            raise NoPlan(year=year)
        plan_id = page.line.id
    _show(plan_id)


@plan_group.command(
    "approve",
    help="审批计划草稿。审批人不得是编制人；批准后同年旧计划自动失效。",
    epilog="""\b
示例：
  inspect-server plan approve --year 2026 --as lisi
  inspect-server plan approve --id 3f2a1c5e-8d4b-4c6f-9a7e-1b2c3d4e5f60 --as lisi""",
)
@click.option("--year", type=click.IntRange(2000, 2200), help="审批该年度最新的草稿（默认今年）。")
@click.option("--id", "plan_id", type=click.UUID, help="审批指定编号的草稿。")
@acting
def approve_command(year: int | None, plan_id: UUID | None, actor: Actor) -> None:
    """Approve a draft, by default the newest of this year."""
    held = backend()
    if plan_id is None:
        year = year or _this_year()
        with held.reading() as session:
            plan_id = reads.newest_draft(session, year)
        if plan_id is None:
            raise NoDraft(year=year)
    with held.begin(actor) as work:
        approved = approve_plan(work, plan_id)
    click.echo(f"已批准 {approved.year} 年检查计划 {approved.id}。")
    if approved.superseded:
        click.echo(f"原计划 {'、'.join(map(str, approved.superseded))} 已失效。")
    next_step(*PREVIEW)


def _this_year() -> int:
    held = backend()
    return held.clock.now().astimezone(held.settings.zone).year


def _text_of(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise BadInput(field="抽查率文件", reason=f"{path} 不是 UTF-8 文本或无法读取") from None


def _show(plan_id: UUID) -> None:
    held = backend()
    unseen = unseen_draws(held, Actor.system("cli"), "coverage")
    with held.reading() as session:
        page = reads.plan_page(session, plan_id)
        if page is None:
            raise NotFound(what="检查计划")
        coverage = reads.key_coverage(session, page.plan, held.today(), unseen)
    plan, rules = page.plan, page.plan.rules
    click.echo(f"{page.line.year} 年检查计划 {page.line.id}（{STATES[page.line.state]}）")
    click.echo(
        f"名录库 {plan.enterprises} 家，其中重点企业 {plan.key_enterprises} 家；"
        f"一年 {rules.batches} 批，重点企业每年 {rules.key_rounds} 轮全覆盖。"
    )
    click.echo(
        f"需检查 {plan.visits} 次：重点企业 {plan.key_visits} 次，"
        f"双随机约 {plan.random_visits} 次。"
    )
    click.echo(page.capacity_text)
    for reason, count in page.excluded:
        click.echo(f"不纳入：{reason} {count} 家。")
    if coverage.enterprises:
        _show_coverage(coverage)
    click.echo("抽取单元（层级·行业·风险·信用·上次检查），行末为核验用的编码：")
    click.echo(f"{'企业数':>6} {'每批概率':>8} {'期望次数':>8}  单元")
    for cell in page.cells:
        visits = _decimal(cell.visits_ppm, 1)
        click.echo(
            f"{cell.enterprises:>8} {odds(cell.p_ppm):>11} {visits:>11}  {cell.name}  {cell.label}"
        )
    if page.line.is_draft:
        next_step("由编制人以外的审批人审批", f"plan approve --id {plan_id} --as 审批人账号")
    elif page.line.is_in_force:
        next_step(*PREVIEW)


def _show_coverage(coverage: reads.Coverage) -> None:
    click.echo(
        f"重点企业本轮（{coverage.round_from} 起，截至 {coverage.on}）应覆盖 "
        f"{coverage.enterprises} 家：已检查 {coverage.covered} 家，已抽中未办结 "
        f"{coverage.under_way} 家，待抽取 {coverage.due} 家，"
        f"不能覆盖 {len(coverage.uncovered)} 家。"
    )
    for one in coverage.uncovered:
        click.echo(f"  不能覆盖：{one.uscc} {one.name}：{one.reason}。")


def _decimal(ppm: int, places: int) -> str:
    """Return millionths as a decimal, rounded half up: integers only, like the plan itself."""
    scaled = (ppm * 10**places * 2 + PPM) // (2 * PPM)
    whole, part = divmod(scaled, 10**places)
    return f"{whole}.{part:0{places}d}"
