"""`draw`: preview, commit, reveal, show; files and chains are in the modules beside."""

from datetime import datetime
from pathlib import Path

import click

from inspect_server.cli.draw.chains.commands import chain_group
from inspect_server.cli.draw.files import export_command, verify_command
from inspect_server.cli.draw.offline import compute_command, teams_command
from inspect_server.cli.draw.papers import print_command
from inspect_server.cli.draw.previewing import preview_command, teams_asked
from inspect_server.cli.draw.proofs import audit_command, proof_command, verify_proof_command
from inspect_server.cli.draw.replacing import replace_group
from inspect_server.cli.draw.rolling import dice_command
from inspect_server.cli.draw.stamping import timestamp_command
from inspect_server.cli.draw.typists import named_pairs, typed_in
from inspect_server.cli.draw.voiding import void_command
from inspect_server.cli.terminal.asking import hidden
from inspect_server.cli.terminal.context import acting, backend
from inspect_server.cli.terminal.progress import bar
from inspect_server.cli.terminal.telling import next_step
from inspect_server.domain.draw.ceremony.dice import told
from inspect_server.domain.draw.ceremony.lateness import roll_until
from inspect_server.domain.draw.ceremony.words import stage_name
from inspect_server.domain.draw.entropy import DICE, KIND_NAMES, PUBLISHED, Source, SourceKind
from inspect_server.domain.draw.errors import WitnessValueMissing
from inspect_server.gateways import chains
from inspect_server.gateways.keys import LocalKeys
from inspect_server.reads import draws as reads
from inspect_server.usecases.disclosing.identities import open_drawn
from inspect_server.usecases.drawing.beforehand.sources import public_source
from inspect_server.usecases.drawing.beforehand.staffing import Wanted
from inspect_server.usecases.drawing.commit_draw import commit_draw
from inspect_server.usecases.drawing.refusals import noting_refused_commits
from inspect_server.usecases.drawing.reveal_draw import reveal_and_note
from inspect_server.usecases.work import Actor

PPM = 1_000_000
DAY = click.DateTime(formats=["%Y-%m-%d"])
STATES = {"committed": "已承诺", "revealed": "已揭示", "void": "已作废"}
GRAMMAR = "\n".join(
    f"  {name}  {one.title}：{one.how}" for name, one in PUBLISHED.items() if name != DICE
)
"""How public values are written, by the name that a source declares; dice are typed before."""


@click.group(
    "draw",
    help="双随机抽取（SJC-DRAW/1）：预览、承诺、揭示、查看、验证。",
    epilog="""\b
抽取的步骤和示例：
1. 本机关，年初：生成哈希链，由承办机构负责人公布锚值。
  inspect-server draw chain new --kind authority --year 2026
  inspect-server draw chain anchor --kind authority --year 2026 --as zhangsan
2. 见证方，年初，在自己的电脑上：生成哈希链，只把锚值、长度和公钥交给本机关。
  inspect-server draw chain new --kind witness --year 2026 \\
      --holder 区司法局 --file witness-2026.json
3. 承办机构负责人：公布见证方的锚值。
  inspect-server draw chain anchor --kind witness --year 2026 \\
      --holder 区司法局 --anchor 锚值 --key 公钥 --length 60 --as zhangsan
4. 承办机构负责人：预览抽取池，再在开奖之前承诺，并公布承诺值。
  inspect-server draw preview --from 2026-03-09 --to 2026-03-20
  inspect-server draw commit --from 2026-03-09 --to 2026-03-20 \\
      --public cwl.kl8/2026056 --as zhangsan
   承诺声明了现场掷骰的，开奖之前当众掷出，由两人各自录入：
  inspect-server draw dice 2026-01 --entry lisi 点数 --entry wangwu 点数 --as zhangsan
5. 见证方，开奖之后，在自己的电脑上：凭承诺书取所列序号的值，交给本机关。
  inspect-server draw chain next --file witness-2026.json --position 1 --for 承诺值
6. 承办机构负责人揭示：两人各自录入开奖结果，并各自输入本人密码。
  inspect-server draw reveal 2026-01 --witness 见证方的值 \\
      --entry lisi cwl.kl8/2026056/01,05,… \\
      --entry wangwu cwl.kl8/2026056/01,05,… --as zhangsan
7. 任何人：查看和验证。
  inspect-server draw show 2026-01
  inspect-server draw verify --no 2026-01""",
)
def draw_group() -> None:
    """Group the commands."""


draw_group.add_command(chain_group)
draw_group.add_command(preview_command)
draw_group.add_command(verify_command)
draw_group.add_command(compute_command)
draw_group.add_command(teams_command)
draw_group.add_command(export_command)
draw_group.add_command(print_command)
draw_group.add_command(proof_command)
draw_group.add_command(verify_proof_command)
draw_group.add_command(audit_command)
draw_group.add_command(replace_group)
draw_group.add_command(void_command)
draw_group.add_command(timestamp_command)
draw_group.add_command(dice_command)


@draw_group.command(
    "commit",
    help="发布抽取承诺：固定名录、规则、人员和随机源。此后才揭开随机值。",
    epilog="""\b
示例：
  inspect-server draw commit --from 2026-03-09 --to 2026-03-20 \\
      --public cwl.kl8/2026056 --as zhangsan
公开随机值应选承诺之后才产生的一期：
  cwl.kl8/2026056 福彩快乐8，cwl.ssq/2026024 双色球，sse.000001/2026-03-04 上证指数收盘；
  承诺时已经产生（已开奖、已收盘）的一期会被拒绝。
联合检查：--department 消防 --department 市监=区市监局，各部门人员须已导入并写明所在科室。
另加现场掷骰用 --dice 场次编号（不能代替公开随机值）：公开随机值产生之前当场掷出，
  用 draw dice 由两人各录一次，没有录入的不能揭示。""",
)
@click.option("--from", "visit_from", type=DAY, required=True, help="检查时段第一天。")
@click.option("--to", "visit_to", type=DAY, required=True, help="检查时段最后一天。")
@click.option("--public", "public", multiple=True, metavar="名称/期号", help="公开随机值，可多个。")
@click.option("--dice", default="", metavar="场次", help="另在见证下现场掷骰，写明场次编号。")
@click.option("--no", "draw_no", default="", help="抽取编号（默认顺编）。")
@click.option("--deadline", type=DAY, help="最迟揭示日（默认检查时段第一天）。")
@teams_asked
@acting
def commit_command(
    visit_from: datetime,
    visit_to: datetime,
    public: tuple[str, ...],
    dice: str,
    draw_no: str,
    deadline: datetime | None,
    teams: Wanted,
    actor: Actor,
) -> None:
    """Publish a commit."""
    sources = [public_source(text, "--public") for text in public]
    if dice:
        sources.append(Source(SourceKind.DICE, DICE, dice))
    held = backend()
    days = visit_from.date(), visit_to.date()
    with held.reading() as session:
        plan_id = reads.plan_in_force(session, visit_from.year)
        total = reads.count_enterprises(session)
    with bar(total, "生成抽取池", unit="家") as advance:
        made = noting_refused_commits(
            held,
            actor,
            days,
            lambda work: commit_draw(
                work,
                plan_id,
                *days,
                sources,
                draw_no=draw_no,
                deadline=deadline.date() if deadline else None,
                teams=teams,
                advance=advance,
            ),
        )
    click.echo(f"抽取 {made.draw_no} 已承诺，承诺值：{made.commit}")
    click.echo(f"入池 {made.included} 家，排除 {made.excluded} 家。")
    kept = "、".join(f"{rule} {count} 名" for rule, count in made.absent)
    away = f"，不能派出 {made.officers - made.available} 名（{kept}）" if kept else ""
    click.echo(f"执法人员 {made.officers} 名：检查时段内可派出 {made.available} 名{away}。")
    if len(made.departments) > 1:
        click.echo(f"联合检查，各派一组：{'、'.join(made.departments)}。")
    click.echo(f"请在 {made.deadline} 当日或之前揭示，届时需要：")
    for source in made.sources:
        click.echo(f"  {_short(source)}")
    if dice:
        limit = told(roll_until(made.sources, made.deadline))
        next_step(
            f"在 {limit}（北京时间）之前当场掷骰，由两人录入点数",
            f"draw dice {made.draw_no} --entry 账号甲 点数 --entry 账号乙 点数 --as 账号",
        )
    issue = next(one.issue for one in made.sources if one.kind is SourceKind.WITNESS)
    next_step(
        "印制承诺书并公布承诺值；公开随机值产生后，见证方凭承诺书取值",
        f"draw chain next --file 秘密文件 --position {issue} --for {made.commit}",
    )
    next_step(
        "取得各随机值后揭示",
        f"draw reveal {made.draw_no} --witness 见证方的值 "
        "--entry 账号甲 名称/期号/数值 --entry 账号乙 名称/期号/数值 --as 账号",
    )


@draw_group.command(
    "reveal",
    help="揭示抽取结果：输入各随机源的值，算出唯一结果。同一承诺只能揭示一次。",
    epilog="""\b
示例：
  inspect-server draw reveal 2026-01 --witness 64位十六进制 \\
      --entry lisi cwl.kl8/2026056/01,05,… \\
      --entry wangwu cwl.kl8/2026056/01,05,… --as zhangsan
每个公开随机值由两个账号各录一次，两次一致才会使用；掷骰的点数先用 draw dice 登记。
两名录入人员各自输入本人密码：在提示后输入，由程序调用时按先后从标准输入各读一行。
哈希链文件加密的，先问其口令。
数值一律半角，按下列写法：
"""
    + GRAMMAR,
)
@click.argument("draw_no", metavar="抽取编号")
@click.option("--witness", default="", help="见证方取出的值（十六进制）。")
@click.option("--witness-file", type=click.Path(path_type=Path), help="或者：见证方的秘密文件。")
@click.option("--authority", default="", help="本机关链的值（默认从密钥目录取）。")
@click.option(
    "--entry",
    "entries",
    nargs=2,
    multiple=True,
    metavar="账号 名称/期号/数值",
    help="一个账号录入的一个公开随机值。",
)
@acting
def reveal_command(
    draw_no: str,
    witness: str,
    witness_file: Path | None,
    authority: str,
    entries: tuple[tuple[str, str], ...],
    actor: Actor,
) -> None:
    """Reveal a draw."""
    if not witness and witness_file is None:
        raise WitnessValueMissing
    pairs = named_pairs(entries)
    held = backend()
    with held.reading() as session:
        page = reads.draw_page(session, reads.draw_id_of(session, draw_no))
    position = {source.kind: int(source.issue) for source in page.sources[:2]}
    if not authority:
        own = chains.authority_file(held.settings.data_dir, page.line.visit_from.year)
        opened = chains.load(own, lambda: hidden("本机关哈希链文件的口令"))
        authority = opened.value(position[SourceKind.AUTHORITY]).hex()
    if witness_file is not None:
        witness = chains.show(
            witness_file,
            position[SourceKind.WITNESS],
            held.clock.now(),
            purpose=page.line.commit,
            draw_no=draw_no,
            ask=lambda: hidden("见证方哈希链文件的口令"),
        ).hex()
    typed = typed_in(held, pairs)
    result = reveal_and_note(
        held,
        actor,
        page.line.id,
        authority,
        witness,
        typed,
        LocalKeys(held.settings.data_dir / "keys").receipts(),
    )
    click.echo(f"抽取 {result.draw_no} 已揭示，种子：{result.seed}")
    click.echo(f"取整偏移 {result.r}，抽中 {result.selected} 家，派出 {result.places} 人次。")
    if result.relaxed:
        click.echo(f"其中 {result.relaxed} 家按承诺的顺序放宽了专业要求，已写入证书。")
    click.echo(f"查看：inspect-server draw show {result.draw_no}", err=True)
    click.echo(f"验证：inspect-server draw verify --no {result.draw_no}", err=True)
    next_step("编制检查方案", f"dispatch schemes --draw {result.draw_no} --as 账号")


@draw_group.command(
    "show",
    help="列出全部抽取；给出编号时显示该次抽取的承诺值、随机源和结果。",
    epilog="\b\n示例：\n  inspect-server draw show\n  inspect-server draw show 2026-01",
)
@click.argument("draw_no", required=False, metavar="抽取编号")
def show_command(draw_no: str | None) -> None:
    """Show one draw or all."""
    with backend().begin(Actor.system("cli")) as work:
        if draw_no is None:
            lines = reads.draws(work.session)
            page = None
        else:
            lines, draw_id = (), reads.draw_id_of(work.session, draw_no)
            open_drawn(work, draw_id, "tasks")
            page = reads.draw_page(work.session, draw_id, is_open=True, has_cells=True)
    if page is None:
        for line in lines:
            _show_line(line)
        if not lines:
            click.echo("尚无抽取。")
            next_step("预览抽取池", "draw preview --from 开始日期 --to 结束日期")
        return
    _show_line(page.line)
    click.echo(f"承诺值：{page.line.commit}")
    if page.late:
        click.echo(f"逾期揭示：最迟揭示日为 {page.deadline}。")
    for kind, name, issue in ((one.kind, one.name, one.issue) for one in page.sources):
        rolled = f"：{page.dice or '尚未掷出'}" if kind == SourceKind.DICE else ""
        click.echo(f"  {_short(Source(SourceKind(kind), name, issue))}{rolled}")
    for task in page.tasks:
        click.echo(f"  {task.uscc} {task.name}：{_teams(task)}")


def _teams(task: reads.TeamOfTask) -> str:
    """Return the team, in a joint check each one after its department."""
    said = [
        (dept, "，".join(f"{stage_name(stage)} {who}" for stage, _, who in team))
        for dept, team in task.teams
    ]
    return "；".join(f"{dept}：{team}" if len(said) > 1 else team for dept, team in said)


def _show_line(line: reads.DrawLine) -> None:
    click.echo(
        f"{line.draw_no} {STATES[line.state]} 检查时段 {line.visit_from} 至 {line.visit_to} "
        f"入池 {line.included} 排除 {line.excluded} 抽中 {line.selected}"
    )


def _short(source: Source) -> str:
    if source.kind in (SourceKind.AUTHORITY, SourceKind.WITNESS):
        return f"{KIND_NAMES[source.kind]} 第 {source.issue} 个值（锚值 {source.name[:16]}…）"
    if source.kind is SourceKind.DICE:
        return f"{KIND_NAMES[source.kind]} 场次 {source.issue}"
    return f"{KIND_NAMES[source.kind]} {source.name} 第 {source.issue} 期"
