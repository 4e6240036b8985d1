"""`draw proof`, `draw verify-proof`, `draw audit`: one enterprise's place, and everybody's."""

import json
from pathlib import Path
from shlex import quote

import click

from inspect_server.cli.draw.published import FILE, write
from inspect_server.cli.terminal.context import acting, backend
from inspect_server.cli.terminal.progress import bar
from inspect_server.cli.terminal.telling import next_step
from inspect_server.domain.disclosure import inclusion
from inspect_server.domain.draw.checks.report import Verdict
from inspect_server.reads import draws as reads
from inspect_server.usecases.disclosing.proofs import explain, give_proof
from inspect_server.usecases.drawing.auditing.audit_draw import audit_draw
from inspect_server.usecases.work import Actor

NAMES = {Verdict.RIGHT: "符合", Verdict.WRONG: "不符", Verdict.UNCHECKED: "未查"}
PASSES = 2
"""Every enterprise is placed again, and then compared with the history."""
NOT_TRUE = 1


@click.command(
    "proof",
    help="为一家企业出具包含证明：盐值、清单行和到根哈希的路径（批次公示之后，出具记入全过程记录）。",
    epilog="""\b
示例：
  inspect-server draw proof 2026-01 --uscc 91320706MA1WXXXX0X --out 证明 --as lisi
写出“编号-信用代码.json”和一页中文说明（.txt）。盐值只交给该企业本身。
承诺之前揭示的抽取也须已经公示：从证明可以看出企业是否已被其抽中。""",
)
@click.argument("draw_no", metavar="抽取编号")
@click.option("--uscc", required=True, metavar="统一社会信用代码", help="哪家企业。")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("."),
    help="写到哪个目录（默认当前目录）。",
)
@acting
def proof_command(draw_no: str, uscc: str, out: Path, actor: Actor) -> None:
    """Write the proof of one enterprise with its explanation."""
    held = backend()
    with held.reading() as session:
        draw_id = reads.draw_id_of(session, draw_no)
    with held.begin(actor) as work:
        made = give_proof(work, draw_id, uscc.strip().upper())
    out.mkdir(parents=True, exist_ok=True)
    file = out / f"{draw_no}-{made.proof['record']['uscc']}.json"
    write(file, json.dumps(made.proof, ensure_ascii=False, sort_keys=True))
    write(file.with_suffix(".txt"), made.explanation)
    click.echo(f"包含证明：{file}")
    click.echo(f"说明：{file.with_suffix('.txt')}")
    next_step(
        "把两个文件交给该企业，由其在公示网页的“核对本企业”页面核对；本机关可先自行核对",
        f"draw verify-proof {quote(str(file))}",
    )


@click.command(
    "verify-proof",
    help="核对包含证明。不需要数据库；承诺值请与抽取之前公布的对照。",
    epilog="\b\n示例：\n  inspect-server draw verify-proof 证明/2026-01-91320706MA1WXXXX0X.json",
)
@click.argument("file", type=FILE, metavar="证明文件")
def verify_proof_command(file: Path) -> None:
    """Recompute one proof; a wrong one is an error."""
    with file.open("rb") as opened:
        proved = inclusion.check(inclusion.read(opened.read(inclusion.LARGEST_BYTES + 1)))
    click.echo("结论：证明成立。")
    click.echo(explain(proved), nl=False)


@click.command(
    "audit",
    help="对照名录核查一次抽取：逐家重算单元、概率和排除原因，与当日名录的历史对照，并核验存储的抽取。",
    epilog="""\b
示例：
  inspect-server draw audit 2026-01 --as shenji
凭承诺时留存的名录快照核查，须由监管或审计人员办理；有不符时逐家列出，退出码为 1。
证书、清单、结果和抽取日志一并核验（同 draw verify --no）；其余各案卷另用 record verify。""",
)
@click.argument("draw_no", metavar="抽取编号")
@acting
def audit_command(draw_no: str, actor: Actor) -> None:
    """Check a draw against the registry; exit 1 when anything differs."""
    held = backend()
    with held.reading() as session:
        total = reads.count_enterprises(session)
        with bar(total * PASSES, "逐家核查", unit="家") as advance:
            draw_id = reads.draw_id_of(session, draw_no)
            found = audit_draw(held, session, actor, draw_id, advance)
    for check in found.checks:
        detail = f"（{check.detail}）" if check.detail else ""
        click.echo(f"{NAMES[check.verdict]}　{check.what}{detail}")
    for difference in found.differences:
        click.echo(f"  {difference}")
    if not found.ok:
        told = f"，涉及企业的 {len(found.differences)} 处" if found.differences else ""
        click.echo(f"结论：{len(found.wrong)} 项不符{told}。")
        click.get_current_context().exit(NOT_TRUE)
    click.echo(
        f"结论：{found.enterprises} 家企业的单元、概率和排除原因与规则和名录相符，"
        "存储的抽取与承诺和记录相符。"
    )
    next_step("再核验全过程记录的各案卷", "record verify")
