"""`draw chain`: making, publishing and using the two hash chains of a year."""

from pathlib import Path

import click

from inspect_server.cli.terminal.context import acting, backend
from inspect_server.cli.terminal.telling import next_step
from inspect_server.domain.errors import BadInput
from inspect_server.gateways import chains
from inspect_server.usecases.bureau import NAMES, BureauNotConfigured
from inspect_server.usecases.drawing.chains import AUTHORITY, WITNESS, publish_anchor
from inspect_server.usecases.work import Actor

KIND = click.Choice([AUTHORITY, WITNESS])
YEAR = click.IntRange(2000, 2200)


@click.group(
    "chain",
    help="哈希链：生成（new）、公布锚值（anchor）、取下一个值（next）。",
    epilog="""\b
示例：
  inspect-server draw chain new --kind authority --year 2026
  inspect-server draw chain anchor --kind authority --year 2026 --as zhangsan""",
)
def chain_group() -> None:
    """Group the commands."""


@chain_group.command(
    "new",
    help="生成一年的哈希链，秘密文件权限 0600，不覆盖已有文件。",
    epilog="""\b
示例：
  inspect-server draw chain new --kind authority --year 2026 --length 60
  inspect-server draw chain new --kind witness --year 2026 --length 60 \\
      --holder 区纪委监委 --file /media/usb/witness-2026.json
见证方应在自己的电脑上生成并离线保管，只把锚值和长度交给本机关。""",
)
@click.option("--kind", type=KIND, required=True, help="authority 本机关，witness 见证方。")
@click.option("--year", type=YEAR, required=True, help="使用年度。")
@click.option("--length", type=click.IntRange(1, 100_000), default=60, help="全年最多抽取次数。")
@click.option("--holder", default="", help="持有单位（本机关默认取配置）。")
@click.option(
    "--suite", type=click.Choice(list(chains.SUITES)), default="sha256", help="哈希套件。"
)
@click.option("--file", "path", type=click.Path(path_type=Path), help="文件位置（见证方必填）。")
def new_command(
    kind: str, year: int, length: int, holder: str, suite: str, path: Path | None
) -> None:
    """Make a chain; only the witness needs no database for it."""
    if kind == WITNESS and (path is None or not holder):
        raise BadInput(field="--file、--holder", reason="见证方的链应写明文件位置和持有单位")
    if path is None:
        settings = backend().settings
        path, holder = chains.authority_file(settings.data_dir, year), settings.authority
        if not holder:
            raise BureauNotConfigured(names=NAMES["authority"], keys="authority")
    made = chains.create(path, kind=kind, holder=holder, year=year, length=length, suite_name=suite)
    click.echo(f"已生成 {year} 年哈希链（{length} 个值），秘密文件：{path}")
    click.echo(f"锚值：{made.anchor_hex}")
    click.echo("秘密文件请另行备份，切勿外传。", err=True)
    if kind == WITNESS:
        next_step("把锚值和长度交给本机关公布，秘密文件离线保管")
    else:
        next_step("公布锚值", f"draw chain anchor --kind authority --year {year} --as 账号")


@chain_group.command(
    "anchor",
    help="公布一年的锚值，记入抽取日志。本机关的锚值取自秘密文件，见证方的按其提供的填写。",
    epilog="""\b
示例：
  inspect-server draw chain anchor --kind authority --year 2026 --as zhangsan
  inspect-server draw chain anchor --kind witness --year 2026 --holder 区纪委监委 \\
      --anchor 64位十六进制 --length 60 --as zhangsan""",
)
@click.option("--kind", type=KIND, required=True, help="authority 本机关，witness 见证方。")
@click.option("--year", type=YEAR, required=True, help="使用年度。")
@click.option("--holder", default="", help="见证方单位。")
@click.option("--anchor", default="", help="见证方提供的锚值。")
@click.option("--length", type=int, default=0, help="见证方提供的链长。")
@click.option(
    "--suite", type=click.Choice(list(chains.SUITES)), default="sha256", help="哈希套件。"
)
@acting
def anchor_command(
    kind: str, year: int, holder: str, anchor: str, length: int, suite: str, actor: Actor
) -> None:
    """Publish an anchor."""
    held = backend()
    if kind == AUTHORITY:
        secret = chains.load(chains.authority_file(held.settings.data_dir, year))
        holder, anchor, length, suite = (
            secret.holder,
            secret.anchor_hex,
            secret.length,
            secret.suite,
        )
    elif not (holder and anchor and length):
        raise BadInput(field="--holder、--anchor、--length", reason="见证方的锚值应全部写明")
    with held.begin(actor) as work:
        made = publish_anchor(
            work,
            kind=kind,
            holder=holder,
            year=year,
            anchor_hex=anchor.strip().lower(),
            length=length,
            suite_name=suite,
        )
    click.echo(f"已公布 {year} 年{holder}锚值 {made.anchor}（共 {made.length} 个值）。")
    next_step(
        "本机关和见证方的锚值都公布后，预览抽取池",
        "draw preview --from 开始日期 --to 结束日期",
    )


@chain_group.command(
    "next",
    help="取承诺所指序号的值，用于揭示。只读秘密文件，不需要数据库，见证方可离线运行。",
    epilog="""\b
示例：
  inspect-server draw chain next --file /media/usb/witness-2026.json --position 3
承诺发布之前不要取值；取错序号会暴露之前的全部值。""",
)
@click.option(
    "--file",
    "path",
    type=click.Path(path_type=Path),
    required=True,
    help="秘密文件。",
)
@click.option("--position", type=click.IntRange(1, 100_000), required=True, help="承诺所列序号。")
def next_command(path: Path, position: int) -> None:
    """Print one value."""
    click.echo(chains.load(path).value(position).hex())
    next_step("承诺发布后才可将该值交给本机关", "draw reveal 抽取编号 --witness 该值")
