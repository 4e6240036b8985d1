"""`documents sign` and `documents demo-ca`."""

from pathlib import Path

import click

from inspect_server.cli.terminal.context import acting, backend, clock
from inspect_server.cli.terminal.progress import bar, say
from inspect_server.cli.terminal.telling import next_step
from inspect_server.domain.errors import BadInput, InspectError
from inspect_server.gateways.pdf_signing.demo_ca import LONGEST_BUREAU, make_demo_authority
from inspect_server.reads import documents as reads
from inspect_server.usecases.documents.signing.configured import configured_signer
from inspect_server.usecases.documents.signing.sign_document import sign_document
from inspect_server.usecases.work import Actor, SystemClock

BUREAU = "云湾区应急管理局"
EXPORT = ("导出签名文书", "documents export --to 目录 --as 账号")


class SomeNotSigned(InspectError):
    """Some of several documents got no signature; each reason was shown."""

    code, kind = "document.not_all_signed", "conflict"
    message = "有 {count} 份文书未能签名，原因见上；请逐件处理后重试。"


class DemoFilesThere(InspectError):
    """The folder already holds a demo key."""

    code, kind = "signature.demo_there", "conflict"
    message = "{folder} 中已有演示证书，未作改动；如需重新生成，请另选目录。"


@click.command(
    "sign",
    epilog="""\b
示例：
  inspect-server documents sign '（苏·云）应急责改〔2026〕1号' --as zhaoban
  inspect-server documents sign --all --as zhaoban
""",
)
@click.argument("doc_nos", metavar="[文号]...", nargs=-1)
@click.option("--all", "is_all", is_flag=True, help="全部已制作、未作废、未签名的文书。")
@acting
def sign_command(doc_nos: tuple[str, ...], is_all: bool, actor: Actor) -> None:
    """以配置的证书签署文书；原文件不变，签名文件另存，导出时优先。"""
    if bool(doc_nos) == is_all:
        raise click.UsageError("请写明文号，或写 --all，二者择一。")
    signer = configured_signer(backend().settings)
    with backend().reading() as session:
        named = (
            reads.documents(session, actor, with_voided=False)
            if is_all
            else [reads.by_number(session, actor, doc_no) for doc_no in doc_nos]
        )
    rows = [row for row in named if not (is_all and row.signed_at)]
    made, refused = 0, dict[str, list[str]]()
    with bar(len(rows), "签署文书", unit="份") as advance:
        for row in rows:
            try:
                signed = sign_document(backend(), actor, signer, row.id)
            except InspectError as error:
                if not is_all or error.kind == "forbidden":  # the account may sign none of them
                    raise
                refused.setdefault(f"{error}［{error.code}］", []).append(row.doc_no)
            else:
                made += signed.created
                if signed.created:  # said at once: a full disk may end the command at the next
                    say(f"{row.inspection_no}  {row.title}  {row.doc_no}  已签名")
            advance(1)
    failed = sum(map(len, refused.values()))
    click.echo(f"新签名文书 {made} 份，此前已签名 {len(named) - made - failed} 份。")
    for reason, those in refused.items():
        which = those[0] if len(those) == 1 else f"{those[0]} 等 {len(those)} 份"
        click.echo(f"  {which}：{reason}", err=True)
    if refused:
        raise SomeNotSigned(count=failed)
    next_step(*EXPORT)


@click.command("demo-ca", epilog="\b\n示例：\n  inspect-server documents demo-ca --out 演示证书")
@click.option(
    "--out",
    "folder",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    metavar="目录",
    help="写入哪个目录，不存在则建立；已有的文件不覆盖。",
)
@click.option("--bureau", default=BUREAU, metavar="机关", help=f"证书中的机关名（默认 {BUREAU}）。")
def demo_ca_command(folder: Path, bureau: str) -> None:
    """生成演示用根证书和签名证书：只供试用，不得用于实际执法，没有任何法律效力。"""
    if not 1 <= len(bureau.strip().encode()) <= LONGEST_BUREAU:
        most = LONGEST_BUREAU // len("字".encode())
        raise BadInput(field="机关名", reason=f"应为 1 至 {most} 个汉字，过长的请写简称")
    now = (clock() or SystemClock()).now()
    try:
        made = make_demo_authority(folder, bureau.strip(), now)
    except FileExistsError:
        raise DemoFilesThere(folder=folder) from None
    click.echo("已生成演示用证书。任何人都可以这样生成，故不证明身份，不得用于实际执法。")
    click.echo(f"""\
请把以下内容写入配置文件 inspect-server.toml：
[signature]
key = "{made.key.resolve()}"
passphrase_file = "{made.passphrase.resolve()}"
trust = "{made.root.resolve()}\"""")
    next_step("签署文书", "documents sign --all --as 账号")
