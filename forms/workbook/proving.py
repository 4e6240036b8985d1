"""A workbook that was written is read back before it stands: what is lost is refused."""

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from forms.errors import BadWorkbook, FormError
from forms.model import Form
from forms.workbook.assembling import Imported
from forms.workbook.sheets import writing
from forms.workbook.words import ITEM_HEADERS


def put_in_place(
    form: Form,
    path: Path,
    draw: Callable[[Any], None],
    read: Callable[[Path], Imported],
    beyond: type[FormError],
) -> None:
    """
    Write a checklist as a workbook; the file appears whole and proved or not at all.

    Args:
        form: The checklist.
        path: Where the file is to stand.
        draw: Draws it into what `forms.workbook.sheets.writing` gives.
        read: Reads a workbook of that kind.
        beyond: The refusal of what does not come back as it was, by `ref` and `reason`.

    Raises:
        UnwritableWorkbook: A text fits into no cell.
        OSError: The disk refuses the file.
    """
    # Beside the file, so that it takes its place in one step, and under its name, for refusals.
    with TemporaryDirectory(prefix=".", dir=path.parent) as folder:
        part = Path(folder, path.name)
        with writing(part) as book:
            draw(book)
        if reason := _lost(form, part, read):
            raise beyond(ref=form.ref, reason=reason)
        part.replace(path)


def _lost(form: Form, path: Path, read: Callable[[Path], Imported]) -> str:
    """Return what does not come back as it was, "" where all does."""
    try:
        back = read(path).form
    except BadWorkbook as bad:
        return str(bad.problems[0])
    return "" if back == form else _difference(form, back)


def _difference(form: Form, back: Form) -> str:
    for item, other in zip(form.items, back.items, strict=False):
        for one in fields(item):
            if getattr(item, one.name) != getattr(other, one.name):
                named = one.name in ITEM_HEADERS.words
                what = f"“{ITEM_HEADERS.word(one.name)}”" if named else "内容"
                return f"条目 {item.code} 的{what}写成表格后会改变"
    return "章节、表格、选项或者设置写成表格后会改变"
