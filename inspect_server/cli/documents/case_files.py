"""`documents case-file` and `documents ledger`: an inspection's case file, a day's ledger."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO

import click

from inspect_server.cli.terminal.chinese import disk_reason
from inspect_server.cli.terminal.context import acting, backend
from inspect_server.cli.terminal.progress import bar
from inspect_server.cli.terminal.telling import next_step
from inspect_server.cli.terminal.whole_files import whole_file
from inspect_server.domain.errors import InspectError, NotFound
from inspect_server.reads import inspections
from inspect_server.reads.case_files.archive import write_archive
from inspect_server.reads.case_files.compile_case import Compiled, Moment, compile_case
from inspect_server.reads.case_files.day_ledger import day_ledger
from inspect_server.usecases.work import Actor
from pdf_templates import catalogue
from pdf_templates.case_file.binding import bind
from pdf_templates.errors import DocumentError
from pdf_templates.facts import to_json
from pdf_templates.photos import prepare
from pdf_templates.setting.faces import using


class CaseFileNotMade(InspectError):
    """A case file or a ledger cannot be set."""

    code, kind = "case_file.not_made", "invalid"
    message = "未能编制：{reason}"


class CaseFileNotWritten(InspectError):
    """A case file or a ledger cannot be written."""

    code, kind = "case_file.not_written", "unavailable"
    message = "无法写入 {path}（{reason}），请检查目录、权限和磁盘空间后重试。"


@click.command(
    "case-file",
    epilog="""\b
示例：
  inspect-server documents case-file 2026-0001 -o 案卷.pdf --as zhaoban
  inspect-server documents case-file 2026-0001 -o 案卷.zip --as zhaoban
""",
)
@click.argument("number", metavar="检查编号")
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="文件",
    type=click.Path(dir_okay=False, path_type=Path),
    help="写入哪个文件：以 .pdf 结尾，或者以 .zip 结尾，连同文书、照片原件和全过程记录一并打包。",
)
@acting
def case_file_command(number: str, output: Path, actor: Actor) -> None:
    """编制电子案卷：封面、目录、全部文书、执法全过程记录，统一编页。"""
    if output.suffix.lower() not in (".pdf", ".zip"):
        raise click.UsageError("电子案卷的文件名应以 .pdf 或者 .zip 结尾。")
    known = backend()
    moment = Moment(known.clock.now(), known.settings.zone)
    with known.reading() as session, _one_answer(number):
        inspection_id = inspections.id_of(session, number)
        compiled = compile_case(session, actor, inspection_id, known.settings.authority, moment)
        pdf = _bound(compiled)
        made_at = moment.now.astimezone(moment.zone)
        read = known.blobs.read
        if output.suffix.lower() == ".zip":
            count = written(
                output,
                lambda target: write_archive(target, session, compiled, pdf, read, made_at),
            )
        else:
            count = written(output, lambda target: write_pdf(target, pdf))
    click.echo(f"已编制 {number} 的电子案卷，写入 {output}（文件 {count} 个）。")
    next_step("核对后归档，另存于本系统之外")


@click.command(
    "ledger",
    epilog="""\b
示例：
  inspect-server documents ledger -o 台账.pdf --as zhaoban
  inspect-server documents ledger --day 2026-03-02 -o 台账.pdf --as zhaoban
""",
)
@click.option(
    "--day",
    type=click.DateTime(formats=["%Y-%m-%d"]),
    help="哪一天的台账（默认：今天）。",
)
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="PDF文件",
    type=click.Path(dir_okay=False, path_type=Path),
    help="写入哪个文件。",
)
@acting
def ledger_command(day: datetime | None, output: Path, actor: Actor) -> None:
    """制作执法日台账：当日办结的检查、办理的文书，以及可供日后核验的登记总值。"""
    known = backend()
    moment = Moment(known.clock.now(), known.settings.zone)
    wanted = day.date() if day else known.today()
    with known.reading() as session:
        facts = day_ledger(session, actor, wanted, known.settings.authority, moment)
    try:
        with using(known.fonts):
            pdf = catalogue.render("daily_ledger", to_json(facts))
    except DocumentError as error:
        raise CaseFileNotMade(reason=str(error)) from None
    written(output, lambda target: write_pdf(target, pdf))
    click.echo(f"已制作{wanted.isoformat()}的执法日台账，写入 {output}。")
    next_step("打印签名，由本系统以外的人员留存一份")


@contextmanager
def _one_answer(number: str) -> Iterator[None]:
    """Say the same of a number that does not exist and of one that is none of theirs."""
    try:
        yield
    except NotFound:
        raise NotFound(what=f"编号为 {number} 的检查任务") from None
    except DocumentError as error:  # of a version that this program lacks
        raise CaseFileNotMade(reason=str(error)) from None


def written(output: Path, write: Callable[[IO[bytes]], int]) -> int:
    """
    Write a file whole or not at all; return what `write` does.

    Raises:
        CaseFileNotWritten: Rights, space, or something else in its place.
    """
    try:
        with whole_file(output) as target:
            return write(target)
    except OSError as error:
        raise CaseFileNotWritten(path=output, reason=disk_reason(error)) from None


def write_pdf(target: IO[bytes], pdf: bytes) -> int:
    """Write one file; return that it is one."""
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
