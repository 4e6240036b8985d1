"""What a command on checklists is given: a definition, a workbook, or the name of a version."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path

import click
from sqlalchemy.exc import DBAPIError

from forms.checking import faults
from forms.definition.doubts import doubts
from forms.errors import BadDefinition, BadWorkbook, FormNotFound, Problem
from forms.load import load, packaged
from forms.model import Form
from forms.workbook.assembling import UNSAID, Said
from inspect_server.cli.forms.naming import REF
from inspect_server.cli.terminal.chinese import database_sentence, legible
from inspect_server.cli.terminal.context import backend, clock
from inspect_server.cli.terminal.telling import remind
from inspect_server.config import BadConfiguration, Settings
from inspect_server.domain.errors import InspectError
from inspect_server.reads import checklists as reads
from inspect_server.usecases.work import SystemClock

WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How files of .xlsx, .ods and .xls begin, whatever they are called."""

DEFINITION_ENDING = ".toml"
_DEFINES = re.compile(rb"^[ \t]*[\"']?(?:name|version|title|sections)[\"']?[ \t]*=", re.MULTILINE)
"""A line of TOML that a definition has, and no table of an office."""

_MARKED_UP = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<|MIME-Version:)")
"""How pages of the web begin, which office systems call .xls: their attributes look like TOML."""

NO_DATABASE = "store.not_initialised"


class WorkbookFaulty(InspectError):
    """A workbook has authoring errors; all were told before."""

    code, kind = "forms.workbook_faulty", "invalid"
    message = "工作簿 {file} 有 {count} 处错误，见上，请改正后重试。"


class NeitherKind(InspectError):
    """A file is neither a workbook nor a definition, by what it holds."""

    code, kind = "forms.neither_kind", "invalid"
    message = (
        "{file} 不是工作簿，也不是检查表定义文件；请用 Excel 或者 WPS 打开后另存为 .xlsx 文件，"
        "不能另存的，请将内容填入检查表模板（inspect-server forms template）后重试。"
    )


class NotPackaged(InspectError):
    """A version does not come with the program, and there is no database that could have it."""

    code, kind = "forms.not_found", "missing"
    message = (
        "没有检查表 {ref}：它不是随程序提供的，数据库也尚未初始化；请核对名称和版本，"
        "本局发布的检查表在运行 inspect-server init 并发布后才能查到。"
    )


class DefinitionFaulty(InspectError):
    """A definition has several authoring errors; all were told before."""

    code, kind = "forms.definition_faulty", "invalid"
    message = "检查表文件 {file} 有 {count} 处错误，见上，请改正后重试。"


class Origin(StrEnum):
    """What kind of thing a checklist was read from."""

    TEMPLATE = "检查表模板"
    XLSFORM = "XLSForm 工作簿"
    DEFINITION = "检查表定义文件"
    VERSION = "检查表版本"


@dataclass(frozen=True)
class Given:
    """
    A checklist and what it was read from.

    `notices` say in Chinese what of a workbook is not in use, `doubts` what of the checklist can
    never hold, in workbooks by sheet, row and column. `page` is what the bureau's database
    holds of a version: None for files, and where there is no database. `stated` are those of
    `name`, `version` and `effective_from` that an XLSForm or the command says as they stand.
    """

    form: Form
    origin: Origin
    notices: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    page: reads.VersionPage | None = None
    stated: frozenset[str] = frozenset()


def given(said: str) -> Given:
    """
    Return the checklist that a file or the name of a version stands for.

    Args:
        said: As `CHECKLIST` reads it.

    Raises:
        FormError: The file is not usable, or there is no such version.
        NeitherKind: It holds neither a workbook nor a definition.
        DefinitionFaulty, WorkbookFaulty: It has authoring errors; each was said on stderr.
    """
    path = Path(said)
    if not path.is_file():
        return _version(said)
    if is_workbook(path):
        return in_workbook(path)
    return _unplaced(in_definition(path), Origin.DEFINITION)


def is_workbook(path: Path) -> bool:
    """Return whether a file looks like a workbook: by what it begins with, not by its name."""
    with path.open("rb") as file:
        return file.read(4) in WORKBOOKS


def is_definition(path: Path) -> bool:
    """Return whether a file is meant as a definition: by its ending, or by what it says."""
    if path.suffix.lower() == DEFINITION_ENDING:
        return True
    content = path.read_bytes()
    return _MARKED_UP.match(content) is None and _DEFINES.search(content) is not None


def in_definition(path: Path) -> Form:
    """
    Return the checklist of a definition file.

    Raises:
        BadDefinition: It has one authoring error.
        DefinitionFaulty: It has several; each was said on stderr.
        UnreadableDefinition: The file is not TOML.
        NeitherKind: It is not even meant as a definition.
    """
    if not is_definition(path):
        raise NeitherKind(file=path.name)
    try:
        return load(path)
    except BadDefinition:
        errors = faults(path)
        if len(errors) < 2:
            raise
    for error in errors:
        click.echo(legible("{item}，字段 {field}：{reason}".format(**error.facts)), err=True)
    raise DefinitionFaulty(file=path.name, count=len(errors))


def in_workbook(path: Path, said: Said = UNSAID) -> Given:
    """
    Return the checklist of a template or an XLSForm.

    Args:
        path: The workbook.
        said: What goes before it, or stands for what it leaves blank.

    Raises:
        UnreadableWorkbook: The file is no workbook.
        WorkbookFaulty: It has authoring errors; each was said on stderr.
    """
    # Imported here: a command on definitions need not wait for the libraries of workbooks.
    from forms.workbook.sheets import read_sheets
    from forms.workbook.template import is_template, read_template
    from forms.workbook.xlsform import read_xlsform

    try:
        if is_template(read_sheets(path)):
            read, origin = read_template(path, said=said), Origin.TEMPLATE
        else:
            read = read_xlsform(path, effective_from=today(), said=said)
            origin = Origin.XLSFORM
    except BadWorkbook as bad:
        _tell(bad.problems)
        remind(bad.notices)
        raise WorkbookFaulty(file=path.name, count=len(bad.problems)) from None
    doubtful = tuple(map(str, read.doubts))
    return Given(read.form, origin, read.notices, doubtful, stated=read.stated)


def _unplaced(form: Form, origin: Origin, page: reads.VersionPage | None = None) -> Given:
    """Return what was read from no workbook: what is doubtful is told by item and field."""
    return Given(form, origin, doubts=tuple(map(str, doubts(form))), page=page)


def _version(ref: str) -> Given:
    """Return a version of the bureau's library; of the program's where there is no database."""
    found = REF.fullmatch(ref)
    assert found is not None
    try:
        with backend().reading() as session:
            page = reads.one(session, found[1], int(found[2]))
        # Only the library knows since when a version is no longer handed out.
        form = replace(page.form, retired_on=page.row.retired_on)
        return _unplaced(form, Origin.VERSION, page)
    except (InspectError, BadConfiguration, DBAPIError) as error:
        return _packaged(ref, error)


def _packaged(ref: str, error: Exception) -> Given:
    """Return a version that comes with the program; the database could not be asked."""
    try:
        form = packaged().of(ref)[0]
    except FormNotFound:
        if isinstance(error, InspectError) and error.code == NO_DATABASE:
            raise NotPackaged(ref=ref) from None
        raise error from None
    if not isinstance(error, InspectError) or error.code != NO_DATABASE:
        reason = database_sentence(error) if isinstance(error, DBAPIError) else str(error)
        click.echo(f"提醒：未能读取本机关的停用和核对登记：{legible(reason)}", err=True)
    return _unplaced(form, Origin.VERSION)


def _tell(problems: Sequence[Problem]) -> None:
    for problem in problems:
        click.echo(legible(str(problem)), err=True)


def today() -> date:
    """Return the day where the bureau is; no configuration is needed for it."""
    return (clock() or SystemClock()).now().astimezone(Settings().zone).date()
