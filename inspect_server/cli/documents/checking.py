"""`documents check`."""

import click

from inspect_server.cli.terminal.context import backend
from inspect_server.cli.terminal.progress import bar
from inspect_server.config import Settings
from inspect_server.domain.errors import InspectError
from inspect_server.usecases.documents.fonts import KEYS
from inspect_server.usecases.documents.verify_documents import verify_documents

NOT_ALL_COMPARED = 3
"""Exit code, as of `documents verify`: nothing wrong found, something not proven."""


class DocumentsDamaged(InspectError):
    """Stored documents are not what was recorded."""

    code, kind = "document.damaged", "broken"
    message = "有 {count} 处文书与记录不符，数据已损坏或被改动，请立即停止使用并从备份恢复。"


@click.command(
    "check",
    epilog="""\b
退出码：
  0  核验通过
  1  有文书与记录不符
  2  用法有误
  3  未发现改动，但有文书未能重新排版比对（本程序没有其制作时的模板版本）
示例：
  inspect-server documents check
  inspect-server documents check --again
""",
)
@click.option("--again", is_flag=True, help="另按登记内容重新排版，逐字节比对。")
def check_command(again: bool) -> None:
    """核对全部文书的文件、内容与全过程记录。"""
    with backend().reading() as session, bar(None, "核对文书", unit="份") as advance:
        checked = verify_documents(
            session, backend().blobs, reproduce=again, fonts=backend().fonts, advance=advance
        )
    for fault in checked.faults:
        click.echo(f"{fault.doc_no}  {fault.text}", err=True)
    click.echo(f"核对文书 {checked.documents} 份（其中已作废 {checked.voided} 份）。")
    if again:
        click.echo(f"重新排版后逐字节一致 {checked.reproduced} 份，不一致 {checked.differing} 份")
    if checked.differing:
        click.echo(_why_differing(backend().settings))
    for one in checked.not_set_again:
        click.echo(f"未能重新排版：{one.doc_no}  {one.title}，模板版本 {one.version}")
    if checked.faults:
        raise DocumentsDamaged(count=len(checked.faults))
    if lacking := len(checked.not_set_again):
        click.echo(
            f"有 {lacking} 份文书未能重新排版：本程序没有其制作时的模板版本。各文书的文件、内容与"
            f"记录相符，未发现改动，但这 {lacking} 份的页面未与内容比对，请用有该版本的程序再核对。"
        )
        click.get_current_context().exit(NOT_ALL_COMPARED)
    click.echo("核验通过，未发现改动。")


def _why_differing(settings: Settings) -> str:
    """Say what may have changed since, other than a document: no edition is stored with it."""
    said = (
        "不一致的可能由字体、程序库版本不同所致，不等于文书被改动；文件是否改动以登记的哈希为准。"
    )
    own = [f"{key}（{path}）" for key in KEYS.values() if (path := getattr(settings, key))]
    return f"{said}现用本机关自有字体：{'、'.join(own)}。" if own else said
