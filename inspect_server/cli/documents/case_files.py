"""`documents case-file`: the electronic case file of an inspection, as PDF or as an archive."""

from pathlib import Path
from typing import IO

import click

from inspect_server.cli.terminal.chinese import disk_reason
from inspect_server.cli.terminal.context import acting, backend
from inspect_server.cli.terminal.progress import bar
from inspect_server.cli.terminal.telling import next_step
from inspect_server.domain.errors import InspectError
from inspect_server.reads import inspections
from inspect_server.reads.case_files.archive import write_archive
from inspect_server.reads.case_files.compile_case import Compiled, Moment, compile_case
from inspect_server.usecases.work import Actor
from pdf_templates.case_file.binding import bind
from pdf_templates.errors import DocumentError
from pdf_templates.photos import prepare
from pdf_templates.setting.faces import using


class CaseFileNotMade(InspectError):
    """The case file cannot be set."""

    code, kind = "case_file.not_made", "invalid"
    message = "案卷未能编制：{reason}"


class CaseFileNotWritten(InspectError):
    """The case file cannot be written."""

    code, kind = "case_file.not_written", "unavailable"
    message = "无法写入 {path}（{reason}），请检查目录、权限和磁盘空间后重试。"


@click.command(
    "case-file",
    epilog="""\b
示例：
  inspect-server documents case-file 2026-0001 -o 案卷.pdf --as bangongshi
  inspect-server documents case-file 2026-0001 -o 案卷.zip --as bangongshi
""",
)
@click.argument("number", metavar="检查编号")
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="文件",
    type=click.Path(dir_okay=False, path_type=Path),
    help="写入哪个文件；以 .zip 结尾的，连同文书、照片原件和全过程记录一并打包。",
)
@acting
def case_file_command(number: str, output: Path, actor: Actor) -> None:
    """编制电子案卷：封面、目录、全部文书、执法全过程记录，统一编页。"""
    known = backend()
    moment = Moment(known.clock.now(), known.settings.zone)
    with known.reading() as session:
        inspection_id = inspections.id_of(session, number)
        compiled = compile_case(session, actor, inspection_id, known.settings.authority, moment)
        pdf = _bound(compiled)
        made_at = moment.now.astimezone(moment.zone)
        part = output.with_name(output.name + ".part")
        try:
            with part.open("wb") as target:
                if output.suffix.lower() == ".zip":
                    read = known.blobs.read
                    count = write_archive(target, session, compiled, pdf, read, made_at)
                else:
                    count = _write_pdf(target, pdf)
            part.replace(output)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise CaseFileNotWritten(path=output, reason=disk_reason(error)) from None
        except InspectError:
            part.unlink(missing_ok=True)
            raise
    click.echo(f"已编制 {number} 的电子案卷，写入 {output}（文件 {count} 个）。")
    next_step("核对后归档，另存于本系统之外")


def _write_pdf(target: IO[bytes], pdf: bytes) -> int:
    target.write(pdf)
    return 1


def _bound(compiled: Compiled) -> bytes:
    """Return the bound PDF, its photos made ready for print."""
    shown = {}
    with bar(len(compiled.photos), "处理照片", unit="张") as advance:
        for sha256 in compiled.photos:
            if (copy := prepare(backend().blobs.read(sha256))) is not None:
                shown[sha256] = copy
            advance(1)
    try:
        with using(backend().fonts):
            return bind(compiled.case, shown)
    except DocumentError as error:
        raise CaseFileNotMade(reason=str(error)) from None
