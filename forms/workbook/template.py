"""
The plain Chinese workbook in which offices write checklists, read and written.

A workbook that was written is read back before it stands: what does not come back as it was is
refused, never lost.
"""

from dataclasses import replace
from pathlib import Path

from forms.load import LawTables, packaged_tables
from forms.model import Form
from forms.workbook.assembling import UNSAID, Imported, Said
from forms.workbook.office.citing import Citations
from forms.workbook.office.guide import example, explained_example
from forms.workbook.office.layout import draw
from forms.workbook.office.reading import is_template, read
from forms.workbook.office.rows import BeyondTemplate, law_rows, penalty_rows, sheets_of
from forms.workbook.proving import put_in_place
from forms.workbook.sheets import blind_spots, read_sheets, writing

__all__ = [
    "BeyondTemplate",
    "is_template",
    "read_template",
    "write_blank_template",
    "write_template",
]


def read_template(path: Path, tables: LawTables | None = None, said: Said = UNSAID) -> Imported:
    """
    Return the checklist of a filled-in template.

    Args:
        path: An .xlsx, .xls or .ods file.
        tables: The laws and penalty clauses that it may cite beside its own; those that come with
            the program where left out.
        said: What goes before the sheet 检查表, or stands for what is blank there.

    Raises:
        BadWorkbook: Every authoring error, by sheet and row.
        UnreadableWorkbook: The file is no workbook.
    """
    imported = read(read_sheets(path), path.name, tables or packaged_tables(), said)
    return replace(imported, notices=(*imported.notices, *blind_spots(path)))


def write_template(form: Form, path: Path, tables: LawTables | None = None) -> None:
    """
    Write a checklist as a template; the file appears whole or not at all.

    Raises:
        BeyondTemplate: The template has no place for something that the checklist says.
        UnwritableWorkbook: A text fits into no cell.
        OSError: The disk refuses the file.
    """
    tables = tables or packaged_tables()
    sheets = sheets_of(form, tables)
    put_in_place(
        form,
        path,
        lambda book: draw(book, sheets),
        lambda part: read_template(part, tables),
        BeyondTemplate,
    )


def write_blank_template(path: Path) -> None:
    """
    Write a template with an example and with all laws and penalty clauses of the program.

    Raises:
        OSError: The disk refuses the file.
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
    with writing(path) as book:
        draw(book, sheets)
