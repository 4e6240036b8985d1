"""`draw chain`: making, publishing, using and restoring the two hash chains of a year."""

import sys
from pathlib import Path

import click

from inspect_server.cli.draw.chains.showing import check_command, next_command
from inspect_server.cli.draw.voiding import cosign_command
from inspect_server.cli.terminal.asking import hidden
from inspect_server.cli.terminal.context import acting, backend
from inspect_server.cli.terminal.telling import next_step
from inspect_server.domain.draw.ceremony.custody import (
    CHAIN,
    SIGNING,
    BadPaperLine,
    PaperOfAnother,
    line_names,
    paper_line,
    paper_lines,
)
from inspect_server.domain.draw.ceremony.holders import unit_name
from inspect_server.domain.errors import BadInput
from inspect_server.gateways import chains
from inspect_server.gateways.signatures import ed25519_public
from inspect_server.usecases.bureau import NAMES, BureauNotConfigured
from inspect_server.usecases.drawing.chains import AUTHORITY, KINDS, WITNESS, publish_anchor
from inspect_server.usecases.work import Actor

KIND = click.Choice([AUTHORITY, WITNESS])
YEAR = click.IntRange(2000, 2200)
FILE = click.Path(path_type=Path)
SUITE = click.Choice(list(chains.SUITES))
LEAST_ANCHOR = 16
"""Hex digits of an anchor that a paper copy is compared with."""
PAPER_HEAD = "哈希链纸质备份（秘密，密封保管；每行末四位为该行校验）"

NO_KEY = (
    "注意：没有写明见证方公钥（--key），此后不能补公布；"
    "用到该链的抽取需要作废时，只能由见证方书面签署（draw void --paper）。"
)


@click.group(
    "chain",
    help="哈希链：生成（new）、公布锚值（anchor）、取值（next）、事后核对（check）、"
    "签署作废（cosign）、纸质备份（paper）、恢复（restore）。",
    epilog="""\b
示例：
  inspect-server draw chain new --kind authority --year 2026
  inspect-server draw chain anchor --kind authority --year 2026 --as zhangsan""",
)
def chain_group() -> None:
    """Group the commands."""


chain_group.add_command(next_command)
chain_group.add_command(check_command)
chain_group.add_command(cosign_command)


@chain_group.command(
    "new",
    help="生成一年的哈希链，秘密文件权限 0600，不覆盖已有文件。",
    epilog="""\b
示例：
  inspect-server draw chain new --kind authority --year 2026 --length 60
  inspect-server draw chain new --kind witness --year 2026 --length 60 \\
      --holder 区纪委监委 --file /media/usb/witness-2026.json --encrypt
见证方应在自己的电脑上生成并离线保管，只把锚值、长度和公钥交给本机关。
加 --encrypt 的在提示后设置口令（由程序调用时从标准输入读一行）。""",
)
@click.option("--kind", type=KIND, required=True, help="authority 本机关，witness 见证方。")
@click.option("--year", type=YEAR, required=True, help="使用年度。")
@click.option("--length", type=click.IntRange(1, 100_000), default=60, help="全年最多抽取次数。")
@click.option("--holder", default="", help="持有单位（本机关默认取配置）。")
@click.option("--suite", type=SUITE, default="sha256", help="哈希套件。")
@click.option("--file", "path", type=FILE, help="文件位置（见证方必填）。")
@click.option("--encrypt", is_flag=True, help="用口令加密秘密文件，取值时须输入口令。")
def new_command(
    kind: str, year: int, length: int, holder: str, suite: str, path: Path | None, encrypt: bool
) -> None:
    """Make a chain; only the witness needs no database for it."""
    path, holder = _where(kind, year, holder, path)
    passphrase = hidden("设置口令（至少 12 个字符）", twice=True) if encrypt else ""
    if encrypt and not passphrase:
        raise BadInput(field="口令", reason="加密时不能为空")
    made = chains.create(
        path,
        kind=kind,
        holder=holder,
        year=year,
        length=length,
        suite_name=suite,
        passphrase=passphrase,
    )
    click.echo(f"已生成 {year} 年哈希链（{length} 个值），秘密文件：{path}")
    click.echo(f"锚值：{made.anchor_hex}")
    key = ed25519_public(bytes.fromhex(made.signing_key_hex)).hex() if made.signing_key_hex else ""
    if key:
        click.echo(f"公钥：{key}")
    click.echo("秘密文件切勿外传；请用 draw chain paper 抄印纸质备份并密封保管。", err=True)
    if kind == WITNESS:
        next_step(
            "秘密文件离线保管，把锚值、长度和公钥交给本机关，由承办机构负责人公布",
            f"draw chain anchor --kind witness --year {year} --length {length} "
            f"--holder {holder} --suite {suite} --anchor {made.anchor_hex} --key {key} --as 账号",
        )
    else:
        next_step("公布锚值", f"draw chain anchor --kind authority --year {year} --as 账号")


def _where(kind: str, year: int, holder: str, path: Path | None) -> tuple[Path, str]:
    """Return the file of a chain and who holds it."""
    if kind == WITNESS and (path is None or not holder):
        raise BadInput(field="--file、--holder", reason="见证方的链应写明文件位置和持有单位")
    holder = unit_name(holder) if holder else ""
    if path is not None and holder:
        return path, holder
    settings = backend().settings
    if not (holder or settings.authority):
        raise BureauNotConfigured(names=NAMES["authority"], keys="authority")
    return path or chains.authority_file(settings.data_dir, year), holder or settings.authority


@chain_group.command(
    "anchor",
    help="公布一年的锚值，记入抽取日志。本机关的锚值取自秘密文件，见证方的按其提供的填写。",
    epilog="""\b
示例：
  inspect-server draw chain anchor --kind authority --year 2026 --as zhangsan
  inspect-server draw chain anchor --kind witness --year 2026 --holder 区纪委监委 \\
      --anchor 64位十六进制 --length 60 --key 64位十六进制 --as zhangsan
见证方的公钥用于签署作废，只能随锚值一并公布；不公布公钥的，作废时书面签署。""",
)
@click.option("--kind", type=KIND, required=True, help="authority 本机关，witness 见证方。")
@click.option("--year", type=YEAR, required=True, help="使用年度。")
@click.option("--holder", default="", help="见证方单位名称，随锚值对外公布，不能含个人姓名、电话。")
@click.option("--anchor", default="", help="见证方提供的锚值。")
@click.option("--length", type=int, default=0, help="见证方提供的链长。")
@click.option("--key", default="", metavar="十六进制", help="见证方提供的公钥。")
@click.option("--suite", type=SUITE, default="sha256", help="哈希套件。")
@acting
def anchor_command(
    kind: str, year: int, holder: str, anchor: str, length: int, key: str, suite: str, actor: Actor
) -> None:
    """Publish an anchor."""
    held = backend()
    if kind == AUTHORITY:
        own = chains.header(chains.authority_file(held.settings.data_dir, year))
        holder, anchor, length, suite = own.holder, own.anchor_hex, own.length, own.suite
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
            public_key_hex=key.strip().lower(),
        )
    click.echo(f"已公布 {year} 年{holder}锚值 {made.anchor}（共 {made.length} 个值）。")
    if kind == WITNESS and not key:
        click.echo(NO_KEY, err=True)
    next_step(
        "本机关和见证方的锚值都公布后，预览抽取池",
        "draw preview --from 开始日期 --to 结束日期",
    )


@chain_group.command(
    "paper",
    help="打印秘密文件的纸质备份：每行带校验，可凭纸张恢复。请直接打印或抄写，不要存盘。",
    epilog="""\b
示例：
  inspect-server draw chain paper --file /media/usb/witness-2026.json""",
)
@click.option("--file", "path", type=FILE, required=True, help="秘密文件。")
def paper_command(path: Path) -> None:
    """Print the secrets so that they can be typed back."""
    secret = chains.load(path, lambda: hidden("秘密文件的口令"))
    click.echo(PAPER_HEAD)
    click.echo(
        f"种类 {KINDS[secret.kind]}　年度 {secret.year}　链长 {secret.length}　套件 {secret.suite}"
    )
    click.echo(f"持有单位 {secret.holder}")
    click.echo(f"锚值 {_grouped(secret.anchor_hex)}")
    for label, text in ((CHAIN, secret.secret_hex), (SIGNING, secret.signing_key_hex)):
        for line in paper_lines(label, bytes.fromhex(text)) if text else ():
            click.echo(f"  {line}")
    next_step("纸张装入信封密封，与秘密文件分开保管")


@chain_group.command(
    "restore",
    help="凭纸质备份恢复秘密文件。逐行输入，每行当即核对；最后核对锚值，不覆盖已有文件。",
    epilog="""\b
示例：
  inspect-server draw chain restore --kind witness --year 2026 --length 60 \\
      --holder 区纪委监委 --file /media/usb/witness-2026.json --anchor 5f70bf18a0860070
年度、链长、套件和锚值照纸上填写。S 行没有的，在 S1 处只输入一个减号（-）。
恢复的文件没有取值记录：凭留存的承诺书、替补申请单依次重新取值（不交出），记录随之补齐。""",
)
@click.option("--kind", type=KIND, required=True, help="authority 本机关，witness 见证方。")
@click.option("--year", type=YEAR, required=True, help="使用年度。")
@click.option("--length", type=click.IntRange(1, 100_000), required=True, help="纸上的链长。")
@click.option("--holder", default="", help="持有单位（本机关默认取配置）。")
@click.option("--suite", type=SUITE, default="sha256", help="哈希套件。")
@click.option("--file", "path", type=FILE, help="文件位置（见证方必填）。")
@click.option("--anchor", required=True, help="纸上的锚值，至少前 16 位。")
@click.option("--encrypt", is_flag=True, help="用口令加密秘密文件。")
def restore_command(
    kind: str,
    year: int,
    length: int,
    holder: str,
    suite: str,
    path: Path | None,
    anchor: str,
    encrypt: bool,
) -> None:
    """Write a chain's file from paper, when it is the chain of that anchor."""
    path, holder = _where(kind, year, holder, path)
    expected = "".join(anchor.split()).lower()
    if len(expected) < LEAST_ANCHOR:
        raise BadInput(field="--anchor", reason=f"应为锚值的前 {LEAST_ANCHOR} 位或更多")
    secret = _typed(CHAIN)
    signing = _typed(SIGNING) if kind == WITNESS else ""
    made = chains.ChainSecret(kind, holder, year, suite, length, secret, signing)
    if not made.anchor_hex.startswith(expected):
        raise PaperOfAnother(found=made.anchor_hex[:LEAST_ANCHOR], expected=expected[:LEAST_ANCHOR])
    passphrase = hidden("设置口令（至少 12 个字符）", twice=True) if encrypt else ""
    chains.write_new(path, made, passphrase)
    click.echo(f"已恢复 {year} 年哈希链（{length} 个值），秘密文件：{path}")
    click.echo(f"锚值：{made.anchor_hex}")
    next_step("与已公布的锚值逐字核对，一致方可使用")


def _typed(label: str) -> str:
    """Return the hex of one secret, typed line by line; a terminal asks again for a wrong line."""
    parts = []
    for name in line_names(label):
        text = _line(name)
        if label == SIGNING and name.endswith("1") and text.strip() in {"-", "－"}:
            return ""
        parts.append(_checked(text, name))
    return b"".join(parts).hex()


def _checked(text: str, name: str) -> bytes:
    while True:
        try:
            return paper_line(text, name)
        except BadPaperLine as wrong:
            if not sys.stdin.isatty():
                raise
            click.echo(str(wrong), err=True)
            text = _line(name)


def _line(name: str) -> str:
    if sys.stdin.isatty():
        typed: str = click.prompt(f"{name} 行", prompt_suffix="：")
        return typed
    return sys.stdin.readline().rstrip("\r\n")


def _grouped(text: str) -> str:
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))
