"""`draw print`, `draw chain notice`, `draw chain tool`: what is handed out on paper or a stick."""

import hashlib
from pathlib import Path

import click

from inspect_server.cli.draw.chains.commands import YEAR, chain_group
from inspect_server.cli.terminal.context import acting, backend
from inspect_server.cli.terminal.telling import next_step
from inspect_server.domain.errors import BadInput
from inspect_server.reads import draws as reads
from inspect_server.usecases.drawing.ceremony.printing import IssuedPaper
from inspect_server.usecases.drawing.papers import (
    WITNESS_TOOL,
    Paper,
    print_anchors,
    print_paper,
    shipped,
)
from inspect_server.usecases.work import Actor

WHAT = click.Choice([paper.value for paper in Paper])
OUT = click.Path(path_type=Path)


@click.command(
    "print",
    help="印制抽取承诺书、结果表、工作清单、替补申请单（PDF），并在抽取日志中记下文件哈希。不覆盖已有文件。",
    epilog="""\b
示例：
  inspect-server draw print 2026-01 --what commitment --out 承诺书.pdf --as zhangsan
  inspect-server draw print 2026-01 --what result --out 结果表.pdf --as zhangsan
commitment 抽取承诺书；result 抽取结果表见证联，不列企业名称，供见证人签字；
result-internal 内部留存联，列企业名称、代码和检查人员，批次公开之前不得外传；
checklist 本次抽取的现场工作清单；
replacement-request 替补申请单，印最近登记的一次申请，不列企业和人员名称，见证方凭此取值。""",
)
@click.argument("draw_no", metavar="抽取编号")
@click.option("--what", type=WHAT, required=True, help="印制哪一种。")
@click.option("--out", type=OUT, required=True, help="PDF 文件位置。")
@acting
def print_command(draw_no: str, what: str, out: Path, actor: Actor) -> None:
    """Print one paper of a draw."""
    held = backend()
    _refuse_to_overwrite(out)
    with held.reading() as session:
        draw_id = reads.draw_id_of(session, draw_no)
    with held.begin(actor) as work:
        made = print_paper(work, draw_id, Paper(what))
        _write(out, made)
    if what == Paper.COMMITMENT:
        next_step("当众宣读承诺值，承办机构负责人和见证人签名")
    elif what == Paper.RESULT:
        next_step("与投影逐项核对后，承办机构负责人和见证人签名")
    elif what == Paper.CHECKLIST:
        next_step("现场工作人员各执一份，逐项办理并签名")
    elif what == Paper.REQUEST:
        next_step("申请人、批准人签名后交见证方，见证方凭此取值并留存")
    else:
        next_step("归入抽取档案保管，批次公开之前不得外传")


@chain_group.command(
    "notice",
    help="印制一年的哈希链锚值公告（PDF），并在抽取日志中记下文件哈希。不覆盖已有文件。",
    epilog="""\b
示例：
  inspect-server draw chain notice --year 2026 --out 锚值公告.pdf --as zhangsan""",
)
@click.option("--year", type=YEAR, required=True, help="使用年度。")
@click.option("--out", type=OUT, required=True, help="PDF 文件位置。")
@acting
def notice_command(year: int, out: Path, actor: Actor) -> None:
    """Print the notice of a year's anchors."""
    _refuse_to_overwrite(out)
    with backend().begin(actor) as work:
        made = print_anchors(work, year)
        _write(out, made)
    next_step("张贴公告，并送见证方和监督单位各一份留存")


@chain_group.command(
    "tool",
    help="取出见证方工具（单个 Python 文件，不需要安装其他软件），不覆盖已有文件。",
    epilog="""\b
示例：
  inspect-server draw chain tool --out witness_chain.py""",
)
@click.option("--out", type=OUT, required=True, help="文件位置。")
def tool_command(out: Path) -> None:
    """Hand out the witness's own tool."""
    _refuse_to_overwrite(out)
    content = shipped(WITNESS_TOOL)
    with out.open("xb") as file:
        file.write(content)
    click.echo(f"已取出：{out}（SHA-256 {hashlib.sha256(content).hexdigest()}）")
    next_step("连同锚值公告交见证方，见证方核对 SHA-256 后使用")


def _refuse_to_overwrite(out: Path) -> None:
    if out.exists():
        raise BadInput(field="--out", reason=f"{out.name} 已存在，请另写文件名")


def _write(out: Path, made: IssuedPaper) -> None:
    """Write the file while the note of it can still be taken back."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with out.open("xb") as file:
        file.write(made.pdf)
    click.echo(f"已印制：{out}（SHA-256 {made.sha256}）")
