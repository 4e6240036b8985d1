"""`draw void` and `draw chain cosign`: giving a draw up, with the witness's consent."""

from pathlib import Path

import click

from inspect_server.cli.draw.typists import present
from inspect_server.cli.terminal.asking import hidden
from inspect_server.cli.terminal.choosing import Named
from inspect_server.cli.terminal.context import acting, backend
from inspect_server.cli.terminal.telling import next_step
from inspect_server.domain.draw.certificate import key_id
from inspect_server.domain.draw.hashes.tagged import suite
from inspect_server.domain.draw.pool import is_hash
from inspect_server.domain.draw.replacement.void import (
    PAPER_NAMES,
    VOID_NAMES,
    PaperReason,
    VoidReason,
    ends_chain,
    void_message,
)
from inspect_server.domain.errors import BadInput
from inspect_server.gateways import chains
from inspect_server.gateways.keys import LocalKeys
from inspect_server.gateways.signatures import ed25519_holds, ed25519_public, ed25519_signed
from inspect_server.reads import draws as draw_reads
from inspect_server.reads import replacements as reads
from inspect_server.usecases.drawing.afterwards.void_draw import request_void, void_draw
from inspect_server.usecases.drawing.refusals import noting_refusals
from inspect_server.usecases.work import Actor

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
REASONS = Named(VOID_NAMES)
PAPER_REASONS = Named(PAPER_NAMES)
PAPER_HELP = f"公布了公钥仍书面签署的原因：{PAPER_REASONS.told()}"
ENDS_CHAIN = (
    "请批准人注意：作废后见证方的哈希链停用，本链上已有抽取的替补和以后的承诺，"
    "都须待见证方公布新链的锚值。"
)
REASON_HELP = f"理由：{REASONS.told()}"


@click.command(
    "void",
    help="作废一次抽取：先写明理由和证明材料，经另一人批准登记申请，再以见证方的签署完成。作废后仍公开。",
    epilog="""\b
示例：
  inspect-server draw void 2026-01 --reason pool.wrong --evidence 情况说明.pdf \\
      --approver wangwu --as zhangsan
  inspect-server draw void 2026-01 --cosign 128位十六进制 --as zhangsan
  inspect-server draw void 2026-01 --paper 见证方签署件.pdf --as zhangsan
提示后由批准人本人输入密码；批准人不能是申请人，申请人一人不能作废抽取。
见证方在自己的电脑上用 draw chain cosign 签署；没有随锚值公布公钥的，书面签署后扫描。
公布了公钥却不能使用的（如秘密文件遗失），登记申请时加 --paper-because 写明原因，再书面签署；
该原因记入抽取日志和证书，随作废一并公示。
书面签署的，或者理由为 witness.lost 的，见证方的哈希链随作废停用，须由见证方公布新链的锚值后再承诺。
作废不删除任何内容；尚未开始的检查任务随之终止，已开始的照常办结。""",
)
@click.argument("draw_no", metavar="抽取编号")
@click.option("--reason", type=REASONS, help=REASON_HELP)
@click.option("--evidence", type=FILE, help="证明材料文件（登记申请时）。")
@click.option("--approver", default="", metavar="账号", help="批准人（登记申请时）。")
@click.option("--paper-because", type=PAPER_REASONS, help=PAPER_HELP)
@click.option("--cosign", default="", metavar="十六进制", help="见证方的电子签名。")
@click.option("--paper", type=FILE, help="见证方书面签署的扫描件。")
@acting
def void_command(
    draw_no: str,
    reason: str | None,
    evidence: Path | None,
    approver: str,
    paper_because: str | None,
    cosign: str,
    paper: Path | None,
    actor: Actor,
) -> None:
    """Log a request, or complete it."""
    held = backend()
    with held.reading() as session:
        draw_id = draw_reads.draw_id_of(session, draw_no)
    asked = [bool(reason), bool(evidence), bool(approver)]
    if len(set(asked)) > 1 or asked[0] == bool(cosign or paper) or (paper_because and not reason):
        raise BadInput(
            field="作废",
            reason="登记申请应同时写明 --reason、--evidence 和 --approver；"
            "完成作废应写明 --cosign 或 --paper",
        )
    if reason and evidence:
        because = PaperReason(paper_because) if paper_because else None
        _request(draw_no, VoidReason(reason), evidence.read_bytes(), approver, because, actor)
        return
    signer = LocalKeys(held.settings.data_dir / "keys").receipts()
    scan = paper.read_bytes() if paper else b""
    made = noting_refusals(
        held,
        actor,
        draw_id,
        lambda work: void_draw(
            work, draw_id, signer, ed25519_holds, signature_hex=cosign, paper=scan
        ),
    )
    click.echo(f"抽取 {draw_no} 已作废（{VOID_NAMES[made.reason]}），证书已重新签发，仍将公开。")
    if made.ended or made.kept:
        click.echo(f"检查任务终止 {made.ended} 件；已开始的 {made.kept} 件照常办结。")
    if made.ends_chain:
        next_step(
            "由见证方生成新链，再公布其锚值", "draw chain anchor --kind witness --year 年度 …"
        )
    else:
        next_step(
            "需要重新抽取的，重新承诺",
            "draw commit --from 开始日期 --to 结束日期 --public 名称/期号 --as 账号",
        )


def _request(
    draw_no: str,
    reason: VoidReason,
    evidence: bytes,
    approver: str,
    because: PaperReason | None,
    actor: Actor,
) -> None:
    held = backend()
    with held.reading() as session:
        draw_id = draw_reads.draw_id_of(session, draw_no)
        has_key = reads.witness_has_key(session, draw_id)
    if ends_chain(reason, on_paper=because is not None or not has_key):
        click.echo(ENDS_CHAIN)
    approving = present(held, approver)
    made = noting_refusals(
        held,
        actor,
        draw_id,
        lambda work: request_void(
            work, draw_id, reason, evidence, approving, paper_because=because
        ),
    )
    click.echo(f"抽取 {draw_no} 的作废申请已登记（{VOID_NAMES[made.reason]}），请见证方签署：")
    click.echo(f"  抽取编号　{made.draw_no}")
    click.echo(f"  承诺值　　{made.commit}")
    click.echo(f"  理由　　　{VOID_NAMES[made.reason]}（{made.reason.value}）")
    click.echo(f"  申请记录　{made.request_leaf}")
    if made.on_paper:
        why = f"不使用公钥（{PAPER_NAMES[because]}）" if because else "没有公布见证方公钥"
        next_step(
            f"{why}，请见证方就以上内容书面签署，扫描后完成作废",
            f"draw void {made.draw_no} --paper 扫描件 --as 账号",
        )
        return
    next_step(
        "见证方在自己的电脑上签署",
        f"draw chain cosign --file 秘密文件 --no {made.draw_no} --commit {made.commit} "
        f"--reason {made.reason.value} --request {made.request_leaf}",
    )


@click.command(
    "cosign",
    help="见证方签署一次抽取的作废。只读秘密文件，不需要数据库，可离线运行。",
    epilog="""\b
示例：
  inspect-server draw chain cosign --file witness-2026.json --no 2026-01 \\
      --commit 64位十六进制 --reason pool.wrong --request 64位十六进制
签署前请核对作废理由和证明材料；签署后该次抽取不再继续。""",
)
@click.option("--file", "path", type=FILE, required=True, help="秘密文件。")
@click.option("--no", "draw_no", required=True, metavar="抽取编号", help="要作废的抽取。")
@click.option("--commit", required=True, metavar="十六进制", help="该次抽取的承诺值。")
@click.option("--reason", type=REASONS, required=True, help=REASON_HELP)
@click.option("--request", "leaf", required=True, metavar="十六进制", help="申请在日志中的记录。")
def cosign_command(path: Path, draw_no: str, commit: str, reason: str, leaf: str) -> None:
    """Sign with the key in the witness's file."""
    for field, text in (("--commit", commit), ("--request", leaf)):
        if not is_hash(text):
            raise BadInput(field=field, reason="应为 64 位小写十六进制")
    secret = chains.load(path, lambda: hidden("秘密文件的口令"))
    if not secret.signing_key_hex:
        raise BadInput(field=path.name, reason="其中没有签名密钥，请书面签署并交扫描件")
    key = bytes.fromhex(secret.signing_key_hex)
    message = void_message(
        suite(secret.suite),
        draw_no=draw_no,
        commit=commit,
        reason=VoidReason(reason),
        request_leaf=leaf,
    )
    click.echo(ed25519_signed(key, message).hex())
    click.echo(f"公钥编号 {key_id(ed25519_public(key))}", err=True)
    next_step("把签名交给本机关", f"draw void {draw_no} --cosign 该签名 --as 账号")
