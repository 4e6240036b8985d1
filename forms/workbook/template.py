"""
The plain Chinese workbook in which offices write checklists, read and written.

A workbook that was written is read back before it stands: what does not come back as it was is
refused, never lost.
"""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from forms.errors import BadWorkbook
from forms.load import LawTables, packaged_tables
from forms.model import Form
from forms.workbook.assembling import Imported
from forms.workbook.office.citing import Citations
from forms.workbook.office.guide import example, explained_example
from forms.workbook.office.layout import draw
from forms.workbook.office.reading import is_template, read
from forms.workbook.office.rows import BeyondTemplate, Sheets, law_rows, penalty_rows, sheets_of
from forms.workbook.sheets import UnwritableWorkbook, read_sheets, writing
from forms.workbook.words import ITEM_HEADERS

__all__ = [
    "BeyondTemplate",
    "is_template",
    "read_template",
    "write_blank_template",
    "write_template",
]


def read_template(path: Path, tables: LawTables | None = None) -> Imported:
    """
    Return the checklist of a filled-in template.

    Args:
        path: An .xlsx, .xls or .ods file.
        tables: The laws and penalty clauses that it may cite beside its own; those that come with
            the program where left out.

    Raises:
        BadWorkbook: Every authoring error, by sheet and row.
        UnreadableWorkbook: The file is no workbook.
    """
    return read(read_sheets(path), path.name, tables or packaged_tables())


def write_template(form: Form, path: Path, tables: LawTables | None = None) -> None:
    """
    Write a checklist as a template; the file appears whole or not at all.

    Raises:
        BeyondTemplate: The template has no place for something that the checklist says.
        UnwritableWorkbook: The disk refuses the file, or a text fits into no cell.
    """
    tables = tables or packaged_tables()
    sheets = sheets_of(form, tables)
    try:
        # Beside the file, so that it takes its place in one step.
        with TemporaryDirectory(prefix=".", dir=path.parent) as folder:
            part = Path(folder, path.name)
            _write(sheets, part)
            _compare(form, part, tables)
            part.replace(path)
    except OSError as error:
        reason = error.strerror or "磁盘拒绝写入"
        raise UnwritableWorkbook(file=path.name, reason=reason) from error


def write_blank_template(path: Path) -> None:
    """
    Write a template with an example and with all laws and penalty clauses of the program.

    Raises:
        UnwritableWorkbook: The disk refuses the file.
    """
    tables = packaged_tables()
    form = example(tables)
    citations = Citations({}, tables.laws, form.effective_from)
    sheets = sheets_of(form, tables)
    sheets = replace(
        sheets,
        guide=(*sheets.guide, *explained_example()),
        laws=law_rows(tables.laws.values()),
        penalties=penalty_rows(tables.penalties.values(), citations),
    )
    _write(sheets, path)


def _write(sheets: Sheets, path: Path) -> None:
    with writing(path) as book:
        draw(book, sheets)


def _compare(form: Form, path: Path, tables: LawTables) -> None:
    """Refuse what does not come back as it was."""
    try:
        back = read_template(path, tables).form
    except BadWorkbook as bad:
        raise BeyondTemplate(ref=form.ref, reason=str(bad.problems[0])) from None
    if back != form:
        raise BeyondTemplate(ref=form.ref, reason=_difference(form, back))


def _difference(form: Form, back: Form) -> str:
    """Return in words what did not come back as it was."""
    pairs = zip(form.items, back.items, strict=False)
    for item, other in pairs:
        for field in ITEM_HEADERS.words:
            if getattr(item, field, None) != getattr(other, field, None):
                header = ITEM_HEADERS.word(field)
                return f"条目 {item.code} 的“{header}”写成表格后会改变"
    return "章节、表格或者选项写成表格后会改变"
