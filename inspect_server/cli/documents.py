"""documents: issuing, listing, exporting, voiding and checking enforcement documents."""

from pathlib import Path

import click

from inspect_server.cli.terminal.context import acting, backend
from inspect_server.cli.terminal.progress import bar
from inspect_server.domain.errors import InspectError
from inspect_server.reads import documents as reads
from inspect_server.reads import inspections
from inspect_server.usecases.documents.issue_document import issue_documents, void_document
from inspect_server.usecases.documents.verify_documents import verify_documents
from inspect_server.usecases.work import Actor


class DocumentsDamaged(InspectError):
    """Stored documents are not what was recorded."""

    code, kind = "document.damaged", "broken"
    message = "有 {count} 处文书与记录不符，数据已损坏或被改动，请立即停止使用并从备份恢复。"


class FolderNotWritable(InspectError):
    """The export cannot be written."""

    code, kind = "document.folder_not_writable", "unavailable"
    message = "无法写入 {path}（{reason}），请检查目录权限和磁盘空间后重试。"


@click.group(
    "documents",
    epilog="""\b
示例：
  inspect-server documents issue --as bangongshi
  inspect-server documents export --to 文书 --as bangongshi""",
)
def documents_group() -> None:
    """执法文书：制作、列出、导出、作废、核验。"""


@documents_group.command(
    "issue",
    epilog="""\b
示例：
  inspect-server documents issue 2026-0001 --as bangongshi
  inspect-server documents issue
""",
)
@click.argument("number", metavar="[检查编号]", required=False)
@acting
def issue_command(number: str | None, actor: Actor) -> None:
    """制作一次检查的文书；不写编号则制作全部已办结而未制作的。"""
    with backend().reading() as session:
        if number is None:
            targets = reads.waiting(session, actor)
        else:
            targets = [(inspections.id_of(session, number), number)]
    made = 0
    with bar(len(targets), "制作文书", unit="次检查") as advance:
        for inspection_id, _ in targets:
            with backend().begin(actor) as work:
                issued = issue_documents(work, inspection_id)
            for document in issued.documents:
                made += document.created
                state = "" if document.created else "（此前已制作）"
                click.echo(f"{issued.number}  {document.title}  {document.doc_no}{state}")
            advance(1)
    click.echo(f"新制作文书 {made} 份")


@documents_group.command("list", epilog="\b\n示例：\n  inspect-server documents list 2026-0001")
@click.argument("number", metavar="[检查编号]", required=False)
@acting
def list_command(number: str | None, actor: Actor) -> None:
    """列出文书。"""
    with backend().reading() as session:
        rows = reads.documents(session, actor, inspection_no=number)
    zone = backend().settings.zone
    for row in rows:
        at = row.issued_at.astimezone(zone).strftime("%Y-%m-%d %H:%M")
        void = "  已作废" if row.voided_at else ""
        click.echo(f"{row.inspection_no}  {at}  {row.title}  {row.doc_no}  {row.enterprise}{void}")
    click.echo(f"共 {len(rows)} 份")


@documents_group.command(
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
    """将文书导出为 PDF 文件，文件名为文书名称和文号。"""
    with backend().reading() as session:
        rows = reads.documents(session, actor, inspection_no=number, with_voided=with_voided)
    with bar(len(rows), "导出文书", unit="份") as advance:
        for row in rows:
            content = backend().blobs.read(row.pdf_sha256)
            _write(folder, row.file_name, content)
            advance(1)
    click.echo(f"已导出文书 {len(rows)} 份到 {folder}")


@documents_group.command(
    "void",
    epilog="""\b
示例：
  inspect-server documents void '（苏·云）应急责改〔2026〕1号' --reason 整改期限有误 --as fuzeren
""",
)
@click.argument("doc_no", metavar="文号")
@click.option("--reason", required=True, metavar="理由", help="作废理由，记入档案。")
@acting
def void_command(doc_no: str, reason: str, actor: Actor) -> None:
    """作废一份文书；文号不再使用，再次制作时在原号后加“-1”。"""
    with backend().reading() as session:
        row = reads.by_number(session, actor, doc_no)
    with backend().begin(actor) as work:
        voided = void_document(work, row.id, reason)
    click.echo(f"{voided.doc_no} 已作废；如需重新制作：documents issue {row.inspection_no}")


@documents_group.command(
    "check",
    epilog="""\b
示例：
  inspect-server documents check
  inspect-server documents check --again
""",
)
@click.option("--again", is_flag=True, help="另按登记内容重新排版，逐字节比对。")
def check_command(again: bool) -> None:
    """核对全部文书的文件、内容与全过程记录。"""
    with backend().reading() as session, bar(None, "核对文书", unit="份") as advance:
        checked = verify_documents(session, backend().blobs, reproduce=again, advance=advance)
    for fault in checked.faults:
        click.echo(f"{fault.doc_no}  {fault.text}", err=True)
    click.echo(f"核对文书 {checked.documents} 份（其中已作废 {checked.voided} 份）")
    if again:
        click.echo(f"重新排版后逐字节一致 {checked.reproduced} 份，不一致 {checked.differing} 份")
    if checked.faults:
        raise DocumentsDamaged(count=len(checked.faults))


def _write(folder: Path, name: str, content: bytes) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / (name + ".part")
        part.write_bytes(content)
        part.replace(folder / name)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise FolderNotWritable(path=folder, reason=reason) from None
