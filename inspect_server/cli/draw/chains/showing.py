"""`draw chain next` and `check`: a value is shown for something, and compared with what it made."""

from datetime import datetime
from pathlib import Path

import click

from inspect_server.cli.terminal.asking import hidden
from inspect_server.cli.terminal.telling import next_step
from inspect_server.domain.draw import certificate as cert
from inspect_server.domain.draw.ceremony.purposes import Named, compared, named_by, purpose_of
from inspect_server.domain.draw.ceremony.skipping import given_up
from inspect_server.domain.draw.checks.report import Verdict
from inspect_server.domain.draw.hashes.tagged import suite
from inspect_server.gateways import chains

FILE = click.Path(path_type=Path)
CERTIFICATE = click.Path(exists=True, dir_okay=False, path_type=Path)
NAMES = {Verdict.RIGHT: "符合", Verdict.WRONG: "不符", Verdict.UNCHECKED: "未查"}


@click.command(
    "next",
    help="为一份承诺或者一次替补申请取所列序号的值，并在秘密文件中记下。不需要数据库，见证方可离线运行。",
    epilog="""\b
示例：
  inspect-server draw chain next --file /media/usb/witness-2026.json --position 3 \\
      --for "9505 cacb 7c71 0ed1 7125 fcc6 cb36 69e8" --draw 2026-03
--for 照本单位手中的纸抄写：揭示时抄承诺书上的承诺值，替补时抄替补申请单上的申请记录；
至少抄完第一行（32 位），不看纸、只凭口头或者电话告知的不取。
一个值只为一份承诺或者一次申请取出，为同一份的可以再取一次，为另一份的不再取。
取错序号会暴露之前的全部值，超出下一个序号的不予取出。其间的抽取已由本单位电子签名作废、
序号须跳过的，用 --skip 给出该次抽取作废后的证书（draw export 目录中的 certificate.json），
几次作废的各给一份。书面签署的作废使这条链停用，不能跳过，也不再取值。
没有写进证书的序号（如作废之前登记的替补申请）凭其申请单逐个取，不交出。""",
)
@click.option("--file", "path", type=FILE, required=True, help="秘密文件。")
@click.option(
    "--position", type=click.IntRange(1, 100_000), required=True, help="承诺书或者申请单所列序号。"
)
@click.option(
    "--for",
    "purpose",
    required=True,
    metavar="十六进制",
    help="为哪一份承诺（承诺值）或者哪一次替补申请（申请记录）取值，照纸面抄写。",
)
@click.option("--draw", "draw_no", default="", help="抽取编号，记入秘密文件备查。")
@click.option(
    "--skip",
    "void",
    type=CERTIFICATE,
    multiple=True,
    help="其间由本单位电子签名作废的抽取的证书，证明其序号可以跳过；可以写多次。",
)
def next_command(
    path: Path, position: int, purpose: str, draw_no: str, void: tuple[Path, ...]
) -> None:
    """Print one value, once the file has noted what for."""
    digits = purpose_of(purpose)
    certificates = {str(one): cert.from_text(one.read_bytes()) for one in void}
    for name, certificate in certificates.items():
        click.echo(given_up(certificate, chains.header(path).anchor_hex, name).told, err=True)
    value = chains.show(
        path,
        position,
        datetime.now().astimezone(),
        purpose=digits,
        draw_no=draw_no,
        void=certificates,
        ask=lambda: hidden("秘密文件的口令"),
    )
    click.echo(value.hex())
    next_step("将该值交给本机关；承诺书、申请单留存，证书签发后用 draw chain check 核对")


@click.command(
    "check",
    help="事后核对：各证书用到的值，是不是为该承诺、该替补申请取出的。有不符的退出码为 1。",
    epilog="""\b
示例：
  inspect-server draw chain check --file witness-2026.json certificate.json
证书取自公示页面或者 draw export 目录，全年的可以一并给出；不需要口令。
取值时没有记下用途的（早先的文件），显示为未查。
凭纸质备份恢复的文件没有取值记录：先凭留存的承诺书、申请单依次重新取值（不交出），再核对。""",
)
@click.option("--file", "path", type=FILE, required=True, help="秘密文件。")
@click.argument("certificates", type=CERTIFICATE, nargs=-1, required=True, metavar="证书…")
def check_command(path: Path, certificates: tuple[Path, ...]) -> None:
    """Compare what the file noted with what certificates name."""
    held = chains.header(path)
    named: list[Named] = []
    for one in certificates:
        told = cert.from_text(one.read_bytes())
        found = named_by(told, suite(held.suite), held.anchor_hex, str(one))
        if not found:
            click.echo(f"未查　{one}：没有用到这条链")
        named += found
    checks = compared(named, held.shown)
    for check in checks:
        click.echo(f"{NAMES[check.verdict]}　{check.what}：{check.detail}")
    if any(check.verdict is Verdict.WRONG for check in checks):
        click.echo("结论：有不符，请不要再为该链取值，并告知监督单位。")
        raise SystemExit(1)
    right = [check for check in checks if check.verdict is Verdict.RIGHT]
    click.echo(f"结论：没有不符，{len(right)} 个值与取值时的承诺、申请一致。")
