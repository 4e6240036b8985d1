"""How the sheets of an XLSForm workbook look: quiet, and wide enough to be read."""

from collections.abc import Mapping
from typing import Any

from forms.workbook.sheets import put_row
from forms.workbook.xlsforms.writing.table import Rows

_WIDTHS = {"label": 48, "type": 24, "检查方法": 48, "依据": 48, "问题表述": 40, "核实情况": 32}
_USUAL_WIDTH = 18


def draw(book: Any, sheets: Mapping[str, Rows]) -> None:
    """Draw the sheets, by their names, into a workbook of xlsxwriter."""
    head = book.add_format({"bold": True, "bg_color": "#EDEDED", "text_wrap": True, "border": 1})
    body = book.add_format({"text_wrap": True, "valign": "top"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for position, header in enumerate(rows[0]):
            width = _WIDTHS.get(header.partition(":")[0], _USUAL_WIDTH)
            sheet.set_column(position, position, width)
        for number, row in enumerate(rows):
            put_row(sheet, number, row, body if number else head)
