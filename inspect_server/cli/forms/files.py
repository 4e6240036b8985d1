"""`forms check`, `import`, `export`, `template`: checklists in files, without a database."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from shlex import quote
from tempfile import TemporaryDirectory

import click

from forms.body import content_sha256
from forms.comparing.wording import day
from forms.confirming import unconfirmed
from forms.definition.parse import NEWEST_VERSION
from forms.load import LawTables, load, packaged_tables
from forms.model import Form
from forms.workbook.assembling import Said
from forms.writing import definition_text
from inspect_server.cli.forms.assuming import assumed
from inspect_server.cli.forms.counting import counted
from inspect_server.cli.forms.naming import CHECKLIST, CHECKLIST_NAME, FILE
from inspect_server.cli.forms.sources import (
    DEFINITION_ENDING,
    Given,
    given,
    in_workbook,
    is_definition,
    is_workbook,
)
from inspect_server.cli.terminal.chinese import disk_reason, legible
from inspect_server.cli.terminal.choosing import Named
from inspect_server.cli.terminal.telling import next_step, remind
from inspect_server.cli.terminal.whole_files import is_same_file, whole_file
from inspect_server.domain.errors import InspectError

OUTPUT = click.Path(dir_okay=False, path_type=Path)
DAY = click.DateTime(formats=["%Y-%m-%d"])
FORMATS = {"template": "检查表模板", "xlsform": "XLSForm 工作簿"}
WORKBOOK_ENDING = ".xlsx"
SPREADSHEETS = frozenset({WORKBOOK_ENDING, ".xls", ".xlsm", ".xlsb", ".ods", ".et", ".csv"})
"""How files are called that a spreadsheet program opens."""
REPLACE = click.option(
    "--replace", "may_replace", is_flag=True, help="输出文件已存在的，予以替换。"
)


class FileThere(InspectError):
    """A file stands where one is to be written."""

    code, kind = "forms.file_there", "conflict"
    message = "文件 {path} 已存在，没有改动；要替换的请加 --replace，否则请另写一个文件名。"


class FileNotWritten(InspectError):
    """The file cannot be written."""

    code, kind = "forms.file_not_written", "unavailable"
    message = "无法写入 {path}（{reason}），请检查目录、权限和磁盘空间后重试。"


class NotTheSame(InspectError):
    """What was written would not be read back as it is."""

    code, kind = "forms.not_the_same", "broken"
    message = "检查表 {ref} 写成定义文件后内容会改变，没有写出，请将该工作簿交系统维护人员查看。"


class NoWorkbook(InspectError):
    """A definition is to be imported, which it was already."""

    code, kind = "forms.no_workbook", "invalid"
    message = (
        "{file} 已是检查表定义文件，不必导入；检查内容用 inspect-server forms check，"
        "发布用 inspect-server forms publish。"
    )


@click.command(
    "check",
    help="检查一份检查表文件：工作簿（检查表模板、XLSForm）或者定义文件，列出全部错误。",
    epilog="""\b
退出码：
  0  没有错误
  1  有错误，或者文件无法读取
  2  用法有误
示例：
  inspect-server forms check 本局专项检查表.xlsx
  inspect-server forms check 本局专项检查表@1.toml
""",
)
@click.argument("file", metavar="文件", type=FILE)
def check_command(file: Path) -> None:
    """Say what a file is, what is wrong with it, and what is in it."""
    read = given(str(file))
    definition_text(read.form)  # whatever is without error can be imported
    click.echo(f"{legible(file.name)}：{read.origin}，没有错误。")
    remind((*read.notices, *assumed(read), *read.doubts))
    for line in (*_summary(read.form), *_doubtful(read.form)):
        click.echo(legible(line))


@click.command(
    "import",
    help="将工作簿（检查表模板、XLSForm）转为检查表定义文件；有任何错误的，不写出文件。",
    epilog="""\b
示例：
  inspect-server forms import 本局专项检查表.xlsx -o local-checks@1.toml
  inspect-server forms import 本局专项检查表.xlsx -o local-checks@2.toml \\
      --name local-checks --version 2 --from 2027-01-01
""",
)
@click.argument("workbook", metavar="工作簿", type=FILE)
@click.option(
    "-o", "--output", required=True, metavar="定义文件", type=OUTPUT, help="写入哪个文件（.toml）。"
)
@click.option(
    "--name",
    metavar="代号",
    type=CHECKLIST_NAME,
    help="检查表的代号，由小写字母、数字、- 和 _ 组成（默认：工作簿所写，"
    "XLSForm 未写的取自文件名）。",
)
@click.option(
    "--version",
    type=click.IntRange(1, NEWEST_VERSION),
    help="版本号（默认：工作簿所写，XLSForm 未写的为 1）。",
)
@click.option(
    "--from", "first", type=DAY, help="启用日期（默认：工作簿所写，XLSForm 未写的为今日）。"
)
@REPLACE
def import_command(
    workbook: Path,
    output: Path,
    name: str | None,
    version: int | None,
    first: datetime | None,
    may_replace: bool,
) -> None:
    """Turn a workbook into a definition."""
    _refuse_nameless(output)
    _refuse_workbooks_ending(output)
    _refuse_taken(output, workbook, may_replace)
    _refuse_definition(workbook)
    read = in_workbook(workbook, Said(name, version, first.date() if first is not None else None))
    _write(output, _definition(read, workbook, output).encode("utf-8"))
    remind((*read.notices, *assumed(read), *read.doubts))
    source = f"{_set_off(read.origin)} {legible(workbook.name)}"
    click.echo(f"已将{source} 转为定义文件 {legible(str(output))}。")
    for line in _summary(read.form):
        click.echo(legible(line))
    next_step("核对内容后发布", f"forms publish {quote(legible(str(output)))} --as 账号")


@click.command(
    "export",
    help="将检查表转为工作簿：检查表模板（默认）或者 XLSForm。",
    epilog="""\b
示例：
  inspect-server forms export dust-explosion@1 -o 粉尘涉爆.xlsx
  inspect-server forms export local-checks@1.toml -o 手机填报.xlsx --format xlsform

\b
检查表写文件（定义文件、工作簿），或者“名称@版本”。""",
)
@click.argument("definition", metavar="检查表", type=CHECKLIST)
@click.option(
    "-o", "--output", required=True, metavar="工作簿", type=OUTPUT, help="写入哪个文件（.xlsx）。"
)
@click.option(
    "--format", "kind", type=Named(FORMATS), default="template", help="模板，或者 XLSForm。"
)
@REPLACE
def export_command(definition: str, output: Path, kind: str, may_replace: bool) -> None:
    """Write a checklist as a workbook."""
    _refuse_nameless(output)
    _refuse_ending(output)
    _refuse_taken(output, Path(definition), may_replace)
    form = _as_published(given(definition))
    laws = packaged_tables().with_cited(form)  # as published, whatever the program brings by now
    _write_workbook(output, lambda path: _writer(kind)(form, path, laws))
    made = f"{_set_off(FORMATS[kind])} {legible(str(output))}"
    click.echo(f"已将检查表 {form.ref}《{form.title}》写为{made}。")


@click.command(
    "template",
    help="写出空白的检查表模板，供科室填写检查项。",
    epilog="\b\n示例：\n  inspect-server forms template -o 检查表模板.xlsx",
)
@click.option(
    "-o", "--output", required=True, metavar="工作簿", type=OUTPUT, help="写入哪个文件（.xlsx）。"
)
@REPLACE
def template_command(output: Path, may_replace: bool) -> None:
    """Write the blank template."""
    from forms.workbook.template import write_blank_template

    _refuse_nameless(output)
    _refuse_ending(output)
    _refuse_taken(output, None, may_replace)
    _write_workbook(output, write_blank_template)
    click.echo(f"已写出空白检查表模板 {legible(str(output))}。")
    next_step("填写后检查", f"forms check {quote(legible(str(output)))}")


def _as_published(read: Given) -> Form:
    """Return the checklist itself: that the bureau retired a version is no part of its text."""
    return read.form if read.page is None else read.page.form


def _summary(form: Form) -> Iterator[str]:
    """Yield what is in a checklist."""
    yield f"《{form.title}》{form.ref}，自{day(form.effective_from)}起启用"
    yield counted(form)
    yield f"内容哈希 {content_sha256(form)}"


def _doubtful(form: Form) -> Iterator[str]:
    for one in unconfirmed(form):
        yield f"待核　{one.code}　{one.citation}　{one.verification}"


def _definition(read: Given, workbook: Path, output: Path) -> str:
    """Return the text of a definition that was read back and found to be the checklist."""
    form = read.form
    said = [f"由{_set_off(read.origin)}“{workbook.name}”导入。", *read.notices]
    text = definition_text(form, said)
    with TemporaryDirectory() as folder:
        path = Path(folder) / output.name  # so that errors name the file that is meant
        path.write_text(text, encoding="utf-8", newline="")
        if load(path) != form:
            raise NotTheSame(ref=form.ref)
    return text


def _set_off(word: str) -> str:
    """Return a word that follows Chinese, with a blank before it where it begins in Latin."""
    return f" {word}" if word[:1].isascii() else word


def _writer(kind: str) -> Callable[[Form, Path, LawTables], None]:
    if kind == "xlsform":
        from forms.workbook.xlsform import write_xlsform

        return write_xlsform
    from forms.workbook.template import write_template

    return write_template


def _refuse_definition(path: Path) -> None:
    if not is_workbook(path) and is_definition(path):
        raise NoWorkbook(file=path.name)


def _refuse_nameless(output: Path) -> None:
    if not output.name:  # click takes "" for a name, of which no other ending can be suggested
        raise click.UsageError("没有写明输出文件，请用 -o 写一个文件名。")


def _refuse_ending(output: Path) -> None:
    if output.suffix.lower() != WORKBOOK_ENDING:
        raise click.UsageError(
            f"工作簿的文件名应以 {WORKBOOK_ENDING} 结尾，"
            f"请改写为 {output.with_suffix(WORKBOOK_ENDING)}。"
        )


def _refuse_workbooks_ending(output: Path) -> None:
    """Refuse to call a definition what only a spreadsheet program opens, and could not."""
    if output.suffix.lower() in SPREADSHEETS:
        raise click.UsageError(
            f"{output.name} 是工作簿的文件名，定义文件的文件名应以 {DEFINITION_ENDING} 结尾，"
            f"请改写为 {output.with_suffix(DEFINITION_ENDING)}。"
        )


def _refuse_taken(output: Path, source: Path | None, may_replace: bool) -> None:
    if source is not None and is_same_file(output, source):
        raise click.UsageError("输出文件就是所给的文件，请另写一个文件名。")
    if output.exists() and not may_replace:
        raise FileThere(path=output)


def _write_workbook(output: Path, write: Callable[[Path], None]) -> None:
    """Write a workbook elsewhere first: its library knows neither links nor rights nor devices."""
    with TemporaryDirectory() as folder:
        # The library puts files with longer names beside it, and wants names in UTF-8.
        stem = output.stem[:40].encode("utf-8", "replace").decode()
        path = Path(folder) / f"{stem}{WORKBOOK_ENDING}"
        write(path)
        content = path.read_bytes()
    _write(output, content)


def _write(path: Path, content: bytes) -> None:
    try:
        with whole_file(path) as file:
            file.write(content)
    except OSError as error:
        raise FileNotWritten(path=path, reason=disk_reason(error)) from None
