"""How the template looks: columns, colours, choices to pick from, and the printed page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from forms.definition.parse import JUDGED_FIELDS
from forms.workbook.office.guide import FORM_REMARKS, ITEM_COLUMNS, TITLE
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
ROOM = 2000
"""The last row in which there is something to pick from."""

_A4 = 9
_WIDTHS = {
    "code": 7,
    SECTION: 12,
    "question": 27,
    "kind": 6,
    "how_to_check": 23,
    "basis": 23,
    "major": 6,
    "major_note": 14,
    "penalties": 12,
    "rectify": 8,
    "finding": 23,
    "photos_on_failure": 7,
    "correctable_on_site": 7,
    "competence": 9,
    "verification": 14,
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
_WIDTH = 10
"""Of every other column, in characters of the base font."""

_WIDTHS_OF = {"laws": {"code": 24}, "form": {"item": 34, "content": 50, "remark": 56}}
"""Where a sheet's columns of the same meaning are wider: codes of laws are words."""

_USUAL = frozenset({"code", SECTION, "question", "kind", "how_to_check"})

_ASKED, _JUDGED, _MORE = "#DCE6F1", "#E2EFDA", "#EDEDED"
_BAND = "#F7F9FB"
_EDGE = "#BFBFBF"
_TINTED = frozenset({*JUDGED_FIELDS, "focus", "fails_if"})
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
    _guide(_sheet(book, "guide"), sheets.guide, styles)
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
            widths = {**_WIDTHS, **_WIDTHS_OF.get(meaning, {})}
            _columns(sheet, fields, widths, styles)
            _headers(sheet, rows, [styles.asked] * len(fields))
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


def _guide(sheet: Any, rows: Rows, styles: _Styles) -> None:
    sheet.set_column(0, 0, 18, styles.plain)
    sheet.set_column(1, 1, 78, styles.plain)
    sheet.set_column(2, 2, 34, styles.plain)
    put_row(sheet, 0, (TITLE,), styles.title)
    for number, line in enumerate(rows, start=2):
        put_row(sheet, number, line, styles.plain)
    headers = len(rows) + 3
    put_row(sheet, headers, ("“检查项”的列", "怎么填", "例"), styles.asked)
    explained = [(ITEM_HEADERS.word(field), *ITEM_COLUMNS[field]) for field in ITEM_HEADERS.words]
    for number, line in enumerate(explained, start=headers + 1):
        put_row(sheet, number, line, styles.cell)


def _whole(sheet: Any, rows: Rows, styles: _Styles) -> None:
    _columns(sheet, list(FORM_HEADERS.words), _WIDTHS_OF["form"], styles)
    said = [(*row, FORM_REMARKS[FORM_ROWS.value(row[0]) or ""]) for row in rows]
    lines = (FORM_HEADERS.written, *said)
    _headers(sheet, lines, [styles.asked] * len(FORM_HEADERS.words))
    _bands(sheet, lines, [styles.cell] * len(said))
    for number, (item, _) in enumerate(rows, start=1):
        if FORM_ROWS.value(item) == "on_request":
            _pick(sheet, number, number, 1, FLAGS)


def _items(sheet: Any, rows: Rows, styles: _Styles) -> None:
    fields = [ITEM_HEADERS.value(header) or "" for header in rows[0]]
    _columns(sheet, fields, _WIDTHS, styles)
    _headers(sheet, rows, [_tint(field, styles) for field in fields])
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(rows) - 1, len(fields) - 1)
    _bands(sheet, rows, _by_section(rows, fields.index(SECTION), styles))


def _tint(field: str, styles: _Styles) -> Any:
    if field in _USUAL:
        return styles.asked
    return styles.judged if field in _TINTED else styles.more


def _by_section(rows: Rows, position: int, styles: _Styles) -> list[Any]:
    """Return the styles of the rows: one section plain, the next one tinted."""
    chosen: list[Any] = []
    before, is_tinted = None, True
    for row in rows[1:]:
        if row[position] != before:
            before, is_tinted = row[position], not is_tinted
        chosen.append(styles.band if is_tinted else styles.cell)
    return chosen


def _columns(sheet: Any, fields: Sequence[str], widths: Mapping[str, int], styles: _Styles) -> None:
    """Set the widths of the columns and what there is to pick from."""
    for position, field in enumerate(fields):
        sheet.set_column(position, position, widths.get(field, _WIDTH), styles.text)
        if field in _PICKED:
            _pick(sheet, 1, ROOM, position, _PICKED[field])
        elif field in _SUGGESTED:
            _suggest(sheet, 1, ROOM, position, _SUGGESTED[field])


def _headers(sheet: Any, rows: Sequence[Sequence[str]], tints: Sequence[Any]) -> None:
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    for position, (header, tint) in enumerate(zip(rows[0], tints, strict=True)):
        sheet.write_string(0, position, header, tint)


def _bands(sheet: Any, rows: Sequence[Sequence[str]], row_styles: Sequence[Any]) -> None:
    for number, (row, style) in enumerate(zip(rows[1:], row_styles, strict=True), start=1):
        _filled(sheet, number, row, style)


def _filled(sheet: Any, number: int, row: Sequence[str], style: Any) -> None:
    """Write a row with an edge around blank cells too."""
    put_row(sheet, number, row, style)
    for position, text in enumerate(row):
        if not text:
            sheet.write_blank(number, position, None, style)


def _pick(sheet: Any, first: int, last: int, position: int, words: Vocabulary[Any]) -> None:
    """Offer words, and ask back about others: some are read as well."""
    rule = {
        "validate": "list",
        "source": list(words.written),
        "error_type": "warning",
        "error_title": "请核对",
        "error_message": "这不是列表中的词，请核对后再填写。",
    }
    sheet.data_validation(first, position, last, position, rule)


def _suggest(sheet: Any, first: int, last: int, position: int, words: Vocabulary[Any]) -> None:
    rule = {"validate": "list", "source": list(words.written), "show_error": False}
    sheet.data_validation(first, position, last, position, rule)


def _styles(book: Any) -> _Styles:
    base = {"font_name": FONT, "font_size": 10, "valign": "top", "text_wrap": True}
    text = {**base, "num_format": "@"}
    edged = {**text, "border": 1, "border_color": _EDGE}
    header = {**edged, "bold": True, "valign": "vcenter", "align": "center"}
    return _Styles(
        title=book.add_format({"font_name": FONT, "font_size": 16, "bold": True}),
        asked=book.add_format({**header, "bg_color": _ASKED}),
        judged=book.add_format({**header, "bg_color": _JUDGED}),
        more=book.add_format({**header, "bg_color": _MORE}),
        cell=book.add_format(edged),
        band=book.add_format({**edged, "bg_color": _BAND}),
        text=book.add_format(text),
        plain=book.add_format(base),
    )
