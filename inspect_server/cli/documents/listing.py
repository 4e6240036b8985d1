"""`documents list` and `documents export`."""

from pathlib import Path

import click

from inspect_server.cli.terminal.chinese import disk_reason
from inspect_server.cli.terminal.context import acting, backend
from inspect_server.cli.terminal.progress import bar
from inspect_server.cli.terminal.telling import next_step
from inspect_server.cli.terminal.whole_files import whole_file
from inspect_server.domain.errors import InspectError
from inspect_server.reads import documents as reads
from inspect_server.reads import inspections
from inspect_server.usecases.work import Actor


class FolderNotWritable(InspectError):
    """The export cannot be written."""

    code, kind = "document.folder_not_writable", "unavailable"
    message = "无法写入 {path}（{reason}），请检查目录权限和磁盘空间后重试。"


@click.command("list", epilog="\b\n示例：\n  inspect-server documents list 2026-0001")
@click.argument("number", metavar="[检查编号]", required=False)
@acting
def list_command(number: str | None, actor: Actor) -> None:
    """列出文书及其内容摘要；纸质文书的二维码中有文号和同一摘要，可据以核对。"""
    with backend().reading() as session:
        if number is not None:
            inspections.id_of(session, number)  # a number that is not there is said so
        rows = reads.documents(session, actor, inspection_no=number)
    zone = backend().settings.zone
    for row in rows:
        at = row.issued_at.astimezone(zone).strftime("%Y-%m-%d %H:%M")
        state = ("  已签名" if row.signed_at else "") + ("  已作废" if row.voided_at else "")
        click.echo(f"{row.inspection_no}  {at}  {row.title}  {row.doc_no}  {row.enterprise}{state}")
        click.echo(f"    内容摘要 SHA-256：{row.content_sha256}")
    click.echo(f"共 {len(rows)} 份。")
    if not rows:
        next_step("制作已办结检查的文书", "documents issue --as 账号")


@click.command(
    "export",
    epilog="""\b
示例：
  inspect-server documents export --to 文书
  inspect-server documents export 2026-0001 --to 文书 --with-voided
""",
)
@click.argument("number", metavar="[检查编号]", required=False)
@click.option(
    "--to",
    "folder",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    metavar="目录",
    help="写入哪个目录，不存在则建立。",
)
@click.option("--with-voided", is_flag=True, help="连同已作废的文书。")
@acting
def export_command(number: str | None, folder: Path, with_voided: bool, actor: Actor) -> None:
    """将文书导出为 PDF 文件，文件名为文书名称和文号；已签名的导出签名文件。"""
    with backend().reading() as session:
        if number is not None:
            inspections.id_of(session, number)  # a number that is not there is said so
        rows = reads.documents(session, actor, inspection_no=number, with_voided=with_voided)
    if not rows:
        click.echo("没有可导出的文书，未写入任何文件：文书尚未制作，或已全部作废。", err=True)
        next_step("制作文书", "documents issue --as 账号")
        return
    replaced = []
    with bar(len(rows), "导出文书", unit="份") as advance:
        for row in rows:
            content = backend().blobs.read(row.file_sha256)
            if _is_other(folder / row.file_name, content):
                replaced.append(row.file_name)
            write_document(folder, row.file_name, content)
            advance(1)
    click.echo(f"已导出文书 {len(rows)} 份到 {folder}。")
    for name in replaced:
        click.echo(f"  已替换目录中内容不同的同名文件：{name}")
    voided = sum(row.voided_at is not None for row in rows)
    if voided:
        click.echo(
            f"其中已作废 {voided} 份：文件名带“_已作废”，内容是制作时的文件，"
            "页面上没有“作废”字样，仅供存档，不得送达。"
        )
    if voided < len(rows):
        next_step("打印后由检查人员送达当事人" + ("（已作废的除外）" if voided else ""))


def _is_other(path: Path, content: bytes) -> bool:
    """Return whether a file of this name is there and holds something else."""
    return path.is_file() and path.read_bytes() != content


def write_document(folder: Path, name: str, content: bytes) -> None:
    """
    Write one file whole or not at all, making the folder.

    Raises:
        FolderNotWritable: Rights, space, or something else in its place.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with whole_file(folder / name) as target:
            target.write(content)
    except OSError as error:
        raise FolderNotWritable(path=folder, reason=disk_reason(error)) from None
