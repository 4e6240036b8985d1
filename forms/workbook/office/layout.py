"""How the template looks: columns, colours, choices to pick from, and the printed page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from forms.workbook.office.guide import FORM_REMARKS, ITEM_COLUMNS, TITLE, guide_rows
from forms.workbook.office.rows import Rows, Sheets
from forms.workbook.sheets import put_row
from forms.workbook.words import (
    CHOICE_HEADERS,
    COMPETENCES,
    FLAGS,
    FORM_HEADERS,
    FORM_ROWS,
    ITEM_HEADERS,
    KINDS,
    LAW_HEADERS,
    MAJORS,
    PENALTY_HEADERS,
    SECTION,
    SECTION_HEADERS,
    SHEETS,
    Vocabulary,
)

FONT = "宋体"
ROOM = 1000
"""Rows with something to pick from, the filled ones among them."""

_A4 = 9
_WIDTHS = {
    "code": 7,
    SECTION: 12,
    "question": 30,
    "kind": 6,
    "how_to_check": 26,
    "basis": 26,
    "major": 6,
    "major_note": 16,
    "penalties": 12,
    "rectify": 8,
    "finding": 26,
    "photos_on_failure": 7,
    "correctable_on_site": 7,
    "competence": 9,
    "verification": 16,
    "device_clause": 7,
    "major_needs": 9,
    "title": 30,
    "label": 30,
    "source": 36,
    "number": 22,
    "effective_from": 12,
    "effective_until": 12,
    "verified": 8,
    "article": 16,
    "unit_range": 34,
    "person_range": 34,
    "aggravated_range": 34,
    "law": 34,
    "relevant": 18,
}
_WIDTH = 12
"""Of every other column, in characters of the base font."""

_ASKED, _JUDGED, _MORE = "#DCE6F1", "#E2EFDA", "#EDEDED"
_BAND = "#F7F9FB"
_EDGE = "#BFBFBF"
_JUDGED_FIELDS = frozenset(
    {
        "basis",
        "major",
        "major_note",
        "major_needs",
        "device_clause",
        "penalties",
        "rectify",
        "finding",
        "photos_on_failure",
        "correctable_on_site",
        "competence",
        "focus",
        "fails_if",
        "verification",
    }
)
_PICKED: Mapping[str, Vocabulary[Any]] = {
    "kind": KINDS,
    "major": MAJORS,
    "competence": COMPETENCES,
    "device_clause": FLAGS,
    "correctable_on_site": FLAGS,
    "focus": FLAGS,
    "verified": FLAGS,
}
_SUGGESTED: Mapping[str, Vocabulary[Any]] = {"required": FLAGS, "read_only": FLAGS}
"""Columns that take other texts too: what to pick from is offered, nothing is asked back."""


@dataclass(frozen=True)
class _Styles:
    """The formats of one workbook."""

    title: Any
    heading: Any
    asked: Any
    judged: Any
    more: Any
    cell: Any
    band: Any
    text: Any
    plain: Any


def draw(book: Any, sheets: Sheets) -> None:
    """
    Draw all sheets of a template into a workbook.

    Args:
        book: What `forms.workbook.sheets.writing` gave.
        sheets: What stands in it; a sheet without rows is left out.

    Raises:
        Unfit: A text fits into no cell.
    """
    styles = _styles(book)
    _guide(_sheet(book, "guide"), styles)
    _whole(_sheet(book, "form"), sheets.form, styles)
    _items(_sheet(book, "items"), sheets.items, styles)
    for meaning, rows, headers in (
        ("sections", sheets.sections, SECTION_HEADERS),
        ("choices", sheets.choices, CHOICE_HEADERS),
        ("laws", sheets.laws, LAW_HEADERS),
        ("penalties", sheets.penalties, PENALTY_HEADERS),
    ):
        if rows:
            sheet = _sheet(book, meaning)
            fields = [headers.value(header) or "" for header in rows[0]]
            _table(sheet, rows, fields, [styles.asked] * len(fields), styles)
            _bands(sheet, rows, [styles.cell] * (len(rows) - 1))


def _sheet(book: Any, meaning: str) -> Any:
    sheet = book.add_worksheet(SHEETS.word(meaning))
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer("&C第 &P 页，共 &N 页&R&A")
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    return sheet


def _guide(sheet: Any, styles: _Styles) -> None:
    sheet.set_column(0, 0, 18, styles.plain)
    sheet.set_column(1, 1, 78, styles.plain)
    sheet.set_column(2, 2, 34, styles.plain)
    put_row(sheet, 0, (TITLE,), styles.title)
    row = 2
    for line in guide_rows():
        put_row(sheet, row, line, styles.plain)
        row += 1
    headings = ("“检查项”的列", "怎么填", "例")
    explained = [(ITEM_HEADERS.word(field), *ITEM_COLUMNS[field]) for field in ITEM_HEADERS.words]
    put_row(sheet, row + 1, headings, styles.asked)
    for number, line in enumerate(explained, start=row + 2):
        put_row(sheet, number, line, styles.cell)


def _whole(sheet: Any, rows: Rows, styles: _Styles) -> None:
    sheet.set_column(0, 0, 34, styles.text)
    sheet.set_column(1, 1, 56, styles.text)
    sheet.set_column(2, 2, 56, styles.text)
    sheet.freeze_panes(1, 0)
    put_row(sheet, 0, FORM_HEADERS.written, styles.asked)
    for number, (item, content) in enumerate(rows, start=1):
        field = FORM_ROWS.value(item) or ""
        _filled(sheet, number, (item, content, FORM_REMARKS[field]), styles.cell)
        if field == "on_request":
            _pick(sheet, number, number, 1, FLAGS, "warning")


def _items(sheet: Any, rows: Rows, styles: _Styles) -> None:
    fields = [ITEM_HEADERS.value(header) or "" for header in rows[0]]
    usual = {"code", SECTION, "question", "kind", "how_to_check"}
    tints = [
        styles.judged
        if field in _JUDGED_FIELDS
        else styles.asked
        if field in usual
        else styles.more
        for field in fields
    ]
    _table(sheet, rows, fields, tints, styles)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(len(rows) - 1, 1), len(fields) - 1)
    _bands(sheet, rows, _by_section(rows, fields.index(SECTION), styles))


def _by_section(rows: Rows, position: int, styles: _Styles) -> list[Any]:
    """Return the styles of the rows: one section plain, the next one tinted."""
    chosen: list[Any] = []
    before, is_tinted = None, True
    for row in rows[1:]:
        if row[position] != before:
            before, is_tinted = row[position], not is_tinted
        chosen.append(styles.band if is_tinted else styles.cell)
    return chosen


def _table(
    sheet: Any, rows: Rows, fields: Sequence[str], tints: Sequence[Any], styles: _Styles
) -> None:
    """Draw the headers, the widths and what there is to pick from."""
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    last = max(len(rows), ROOM)
    for position, (header, field, tint) in enumerate(zip(rows[0], fields, tints, strict=True)):
        sheet.set_column(position, position, _WIDTHS.get(field, _WIDTH), styles.text)
        sheet.write_string(0, position, header, tint)
        if field in _PICKED:
            _pick(sheet, 1, last, position, _PICKED[field], "warning")
        elif field in _SUGGESTED:
            _pick(sheet, 1, last, position, _SUGGESTED[field], "")


def _bands(sheet: Any, rows: Rows, row_styles: Sequence[Any]) -> None:
    for number, (row, style) in enumerate(zip(rows[1:], row_styles, strict=True), start=1):
        _filled(sheet, number, row, style)


def _filled(sheet: Any, number: int, row: Sequence[str], style: Any) -> None:
    """Write a row with an edge around blank cells too."""
    put_row(sheet, number, row, style)
    for position, text in enumerate(row):
        if not text:
            sheet.write_blank(number, position, None, style)


def _pick(
    sheet: Any, first: int, last: int, position: int, words: Vocabulary[Any], refusal: str
) -> None:
    rule: dict[str, Any] = {"validate": "list", "source": list(words.written)}
    if refusal:
        rule["error_type"] = refusal
        rule["error_title"] = "请核对"
        rule["error_message"] = "这不是列表中的词，请核对后再填写。"
    else:
        rule["show_error"] = False
    sheet.data_validation(first, position, last, position, rule)


def _styles(book: Any) -> _Styles:
    base = {"font_name": FONT, "font_size": 10, "valign": "top", "text_wrap": True}
    text = {**base, "num_format": "@"}
    edged = {**text, "border": 1, "border_color": _EDGE}
    header = {**edged, "bold": True, "valign": "vcenter", "align": "center"}
    return _Styles(
        title=book.add_format({"font_name": FONT, "font_size": 16, "bold": True}),
        heading=book.add_format({**base, "bold": True}),
        asked=book.add_format({**header, "bg_color": _ASKED}),
        judged=book.add_format({**header, "bg_color": _JUDGED}),
        more=book.add_format({**header, "bg_color": _MORE}),
        cell=book.add_format(edged),
        band=book.add_format({**edged, "bg_color": _BAND}),
        text=book.add_format(text),
        plain=book.add_format(base),
    )
