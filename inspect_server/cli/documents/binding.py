"""`documents bind`: a case file from documents that were set by `documents render`."""

from pathlib import Path

import click

from inspect_server import config
from inspect_server.cli.documents.case_files import CaseFileNotMade, write_pdf, written
from inspect_server.cli.documents.verdicts import UNREADABLE
from inspect_server.cli.documents.verifying import FileNotReadable
from inspect_server.cli.terminal.chinese import disk_reason
from inspect_server.cli.terminal.progress import bar
from inspect_server.cli.terminal.telling import next_step
from inspect_server.cli.terminal.whole_files import is_same_file
from inspect_server.gateways.pdf_verifying.findings import Findings, Unreadable
from inspect_server.gateways.pdf_verifying.guarding import examine
from inspect_server.reads.case_files.archive import write_bound
from inspect_server.reads.case_files.rendered import (
    NotBound,
    Rendered,
    pictures_of,
    recognised,
    to_bind,
)
from inspect_server.usecases.documents.fonts import bureau_fonts
from pdf_templates.case_file.binding import bind
from pdf_templates.errors import DocumentError
from pdf_templates.setting.faces import Fonts, using


@click.command(
    "bind",
    epilog="""\b
示例：
  inspect-server documents bind 封面.pdf 立案.pdf 告知书.pdf 决定书.pdf -o 案卷.pdf
  inspect-server documents bind 封面.pdf 立案.pdf 告知书.pdf 决定书.pdf -o 案卷.zip
""",
)
@click.argument("cover", metavar="封面", type=click.Path(path_type=Path))
@click.argument(
    "files", metavar="文书...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="文件",
    type=click.Path(dir_okay=False, path_type=Path),
    help="写入哪个文件：以 .pdf 结尾，或者以 .zip 结尾，连同各份文书一并打包。",
)
def bind_command(cover: Path, files: tuple[Path, ...], output: Path) -> None:
    """
    将 documents render 排印的封面和文书合订为电子案卷：编制目录，统一编页，按所写的先后。

    封面是《安全生产违法案件案卷（首页）》或《行政检查案卷（首页）》。有改动的不编入；不登记。
    """
    if output.suffix.lower() not in (".pdf", ".zip"):
        raise click.UsageError("电子案卷的文件名应以 .pdf 或者 .zip 结尾。")
    paths = [cover, *files]
    if any(is_same_file(path, output) for path in paths):
        raise click.UsageError("输出文件就是其中一份文书，请另写一个文件名。")
    fonts = bureau_fonts(config.load())
    with bar(len(paths), "核对文书", unit="份") as advance:
        given = []
        for path in paths:
            given.append(_read(path, fonts))
            advance(1)
    case = to_bind(given[0], given[1:])
    _remind(given)
    try:
        with using(fonts):
            pdf = bind(case, pictures_of(given))
    except DocumentError as error:
        raise CaseFileNotMade(reason=str(error)) from None
    if output.suffix.lower() == ".zip":
        count = written(output, lambda target: write_bound(target, case, pdf, given))
    else:
        count = written(output, lambda target: write_pdf(target, pdf))
    click.echo(f"已将 {len(files)} 份文书编为 {case.title}，写入 {output}（文件 {count} 个）。")
    next_step("核对后归档，另附照片原件")


def _read(path: Path, fonts: Fonts) -> Rendered:
    """Return one document, looked at in a process of its own before anything of it is used."""
    try:
        findings = examine(path, [])
        if reason := _refused(findings):
            raise NotBound(name=path.name, reason=reason)
        content = path.read_bytes()
    except OSError as error:
        raise FileNotReadable(path=path, reason=disk_reason(error)) from None
    return recognised(path, content, findings.facts, fonts)


def _refused(findings: Findings) -> str:
    """Return why a file is not bound whatever its pages show; "" for nothing."""
    if findings.unreadable:
        return UNREADABLE[Unreadable(findings.unreadable)].rstrip("。")
    if findings.case:
        return "是编好的电子案卷，不是单份文书"
    if findings.altered or findings.facts_changed or findings.facts_damaged:
        return "文件在排印之后已被改动"
    if any(not one.intact for one in findings.signatures if one.is_checked):
        return "签名不成立，文件已被改动"
    return ""


def _remind(given: list[Rendered]) -> None:
    own = given[0].filed.facts["authority"]
    for one in given[1:]:
        other = one.filed.facts["authority"]
        if other != own:
            click.echo(f"提醒：{one.path.name} 的机关是{other}，与封面不同，请核对。", err=True)
