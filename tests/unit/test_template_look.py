"""How the office template looks to whoever opens it, with another program as the reader."""

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from forms.load import packaged
from forms.model import Form, Item, Kind, Section
from forms.workbook.office.guide import ITEM_COLUMNS
from forms.workbook.template import write_blank_template, write_template
from forms.workbook.words import FORM_ROWS, ITEM_HEADERS, KINDS


@pytest.fixture
def blank(tmp_path: Path) -> Any:
    write_blank_template(tmp_path / "blank.xlsx")
    return openpyxl.load_workbook(tmp_path / "blank.xlsx")


@pytest.fixture
def exported(tmp_path: Path) -> Any:
    write_template(packaged().get("dust-explosion", 1), tmp_path / "out.xlsx")
    return openpyxl.load_workbook(tmp_path / "out.xlsx")


def headers(sheet: Any) -> list[str]:
    return [cell.value for cell in sheet[1]]


def picked(sheet: Any) -> dict[str, Any]:
    """Return the rules of what to pick from by the header of their column."""
    rules = sheet.data_validations.dataValidation
    return {sheet[f"{str(rule.sqref)[0]}1"].value: rule for rule in rules}


def test_the_sheets_stand_in_the_order_in_which_they_are_filled_in(blank: Any) -> None:
    assert blank.sheetnames == ["填写说明", "检查表", "检查项", "选项", "法规", "处罚依据"]


def test_headers_stay_in_sight_and_on_every_printed_page(exported: Any) -> None:
    items = exported["检查项"]

    assert items.freeze_panes == "B2"
    assert items.print_title_rows == "$1:$1"
    assert items.auto_filter.ref is not None


def test_every_sheet_is_printed_across_a_page_of_a4(blank: Any) -> None:
    for sheet in blank:
        assert sheet.page_setup.orientation == "landscape"
        assert str(sheet.page_setup.paperSize) == sheet.PAPERSIZE_A4
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)


def test_a_printed_page_is_not_too_wide_to_be_read(exported: Any) -> None:
    # 100 characters of the base font fill a page in landscape at its own size.
    widths = [
        column.width * (column.max - column.min + 1)
        for column in exported["检查项"].column_dimensions.values()
    ]

    assert sum(widths) < 240


def test_words_of_closed_lists_are_offered(blank: Any) -> None:
    rules = picked(blank["检查项"])

    assert rules["类型"].formula1 == f'"{",".join(KINDS.written)}"'
    assert rules["是否重大隐患"].formula1 == '"是,可能,否"'
    assert rules["可当场改正"].formula1 == '"是,否"'
    assert str(rules["主管部门"].sqref).startswith("N2:N")
    assert rules["类型"].errorStyle == "warning"


def test_conditions_may_stand_where_yes_and_no_are_offered(blank: Any) -> None:
    rule = picked(blank["检查项"])["必填"]

    assert rule.formula1 == '"是,否"'
    assert not rule.showErrorMessage


def test_every_cell_is_a_text_that_wraps(exported: Any) -> None:
    cells = [cell for row in exported["检查项"].iter_rows() for cell in row]

    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}
    assert {cell.number_format for cell in cells} == {"@"}
    assert all(cell.alignment.wrap_text for cell in cells)


def test_what_looks_like_a_formula_stays_a_text(tmp_path: Path) -> None:
    looks = ("=1+1", "@SUM(A1)", "https://example.org", "0012", "-3")
    notes = tuple(Item(f"N{n}", Kind.NOTE, look) for n, look in enumerate(looks))
    form = Form("notes", 1, "说明", date(2026, 1, 1), None, (), None, (Section("现场", notes),))
    write_template(form, tmp_path / "out.xlsx")

    items = openpyxl.load_workbook(tmp_path / "out.xlsx")["检查项"]

    assert [(cell.value, cell.data_type) for cell in items["C"][1:]] == [
        (look, "s") for look in looks
    ]
    assert all(cell.hyperlink is None for cell in items["C"])


def test_sections_are_told_apart_by_a_quiet_tint(exported: Any) -> None:
    items = exported["检查项"]
    tints: dict[str, set[str]] = {}
    for row in items.iter_rows(min_row=2):
        tints.setdefault(row[1].value, set()).add(row[0].fill.fgColor.rgb)

    assert all(len(tint) == 1 for tint in tints.values())
    assert len({next(iter(tint)) for tint in tints.values()}) == 2


def test_an_export_has_the_usual_columns_and_those_in_use(exported: Any) -> None:
    present = headers(exported["检查项"])

    assert present[:4] == ["编号", "章节", "检查项", "类型"]
    assert "监控报警防护" in present
    assert "计算" not in present


def test_every_column_is_explained_in_the_guide(blank: Any) -> None:
    texts = [row[0].value for row in blank["填写说明"].iter_rows()]

    assert set(ITEM_COLUMNS) == set(ITEM_HEADERS.words)
    assert texts[-len(ITEM_COLUMNS) :] == list(ITEM_HEADERS.written)


def test_only_the_blank_template_explains_its_example(blank: Any, exported: Any) -> None:
    assert "示例" in [row[0].value for row in blank["填写说明"].iter_rows()]
    assert "示例" not in [row[0].value for row in exported["填写说明"].iter_rows()]


def test_every_line_of_the_whole_says_what_belongs_there(blank: Any) -> None:
    rows = list(blank["检查表"].iter_rows(values_only=True))

    assert rows[0] == ("项目", "内容", "说明")
    assert [row[0] for row in rows[1:]] == [
        one for one in FORM_ROWS.written if one not in ("语言", "代替的检查表")
    ]
    assert all(row[2] for row in rows[1:])


def test_the_remarks_say_who_chooses_and_what_an_empty_sector_costs(blank: Any) -> None:
    remarks = {row[0].value: row[2].value for row in blank["检查表"].iter_rows()}

    assert "制定检查方案的人员用 --checklist" in remarks["是否按需选用"]
    assert "留空的对所有企业适用，发布时须加 --everyone" in remarks["适用行业"]
