"""`documents receipt`: an issued document on the paper of portable printers."""

from pathlib import Path

import click

from inspect_server.cli.documents.listing import write_document
from inspect_server.cli.terminal.context import acting, backend
from inspect_server.reads import documents as reads
from inspect_server.usecases.work import Actor


@click.command(
    "receipt",
    epilog="""\b
示例：
  inspect-server documents receipt '（苏·云）应急责改〔2026〕1号' -o 责改.pdf --as zf01
""",
)
@click.argument("doc_no", metavar="文号")
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="PDF文件",
    type=click.Path(dir_okay=False, path_type=Path),
    help="写入哪个文件。",
)
@acting
def receipt_command(doc_no: str, output: Path, actor: Actor) -> None:
    """将在检查现场交付的文书排印在 80 毫米热敏纸上，供便携打印机打印。"""
    with backend().reading() as session:
        row = reads.by_number(session, actor, doc_no)
        file = reads.receipt(session, actor, backend().fonts, row.id)
    write_document(output.parent, output.name, file.content)
    click.echo(f"已将{row.title} {row.doc_no}按热敏纸排印，写入 {output}。")
    if row.voided_at is not None:
        click.echo("该文书已作废，所印带“作废”字样，不得送达。")
