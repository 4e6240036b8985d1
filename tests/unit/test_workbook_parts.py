"""What a workbook holds beside the texts that readers see: errors, formulas, sheets elsewhere."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from forms.errors import BadWorkbook, UnreadableWorkbook
from forms.load import packaged
from forms.workbook.measuring import MAX_CELLS, MAX_CHARACTERS
from forms.workbook.sheets import read_sheets
from forms.workbook.template import read_template, write_template
from tests.unit.xlsform_samples import problems, read, survey, tables, write

SHEET = "xl/worksheets/sheet1.xml"
QUESTION = survey("type | name | label | relevant", "text | k | 问题 | MARK", "text | b | 备注")


def rewritten(path: Path, change: Callable[[str, bytes], tuple[str, bytes]]) -> Path:
    """Change the parts of a workbook: their names and what they hold."""
    with zipfile.ZipFile(path) as archive:
        parts = [(name, archive.read(name)) for name in archive.namelist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            archive.writestr(*change(name, content))
    return path


def with_cell(path: Path, place: str, cell: bytes) -> Path:
    """Put raw XML in place of one cell of the first sheet."""

    def change(name: str, content: bytes) -> tuple[str, bytes]:
        if name != SHEET:
            return name, content
        at = content.index(f'<c r="{place}"'.encode())
        end = content.index(b"</c>", at) + 4
        return name, content[:at] + cell + content[end:]

    return rewritten(path, change)


def refusal(path: Path) -> str:
    """Return why a file is not read."""
    with pytest.raises(UnreadableWorkbook) as caught:
        read_sheets(path)
    return str(caught.value)


UNSEEN = {
    "an error": b'<c r="D2" t="e"><v>#NAME?</v></c>',
    "a formula that came to an error": b'<c r="D2" t="e"><f>selected(A1)</f><v>#NAME?</v></c>',
    "a formula without a result": b'<c r="D2"><f>A1</f></c>',
    "a formula with a blank result of no type": b'<c r="D2"><f>A1</f><v></v></c>',
}


@pytest.mark.parametrize("cell", UNSEEN.values(), ids=UNSEEN)
def test_a_cell_whose_value_cannot_be_read_is_an_error_at_its_place(
    cell: bytes, tmp_path: Path
) -> None:
    path = with_cell(write(tmp_path / "a.xlsx", tables(QUESTION)), "D2", cell)

    assert problems(path) == [("survey", 2, "relevant")]


def test_a_formula_with_a_result_is_its_result(tmp_path: Path) -> None:
    cell = b'<c r="D2" t="str"><f>A1</f><v>${b} = \'x\'</v></c>'
    path = with_cell(write(tmp_path / "a.xlsx", tables(QUESTION)), "D2", cell)

    (item, _) = read(path).form.items

    assert item.relevant is not None
    assert item.relevant.text == "${b} = 'x'"


def test_a_formula_whose_result_is_blank_is_a_blank_cell(tmp_path: Path) -> None:
    cell = b'<c r="D2" t="str"><f>A1</f><v></v></c>'
    path = with_cell(write(tmp_path / "a.xlsx", tables(QUESTION)), "D2", cell)

    assert [item.relevant for item in read(path).form.items] == [None, None]


def test_an_error_in_the_template_is_told_and_no_major_hazard_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_template(packaged().get("dust-explosion", 1), path)
    (items,) = (one for name, one in read_sheets(path).items() if name == "检查项")
    column = items.headers.index("是否重大隐患")
    sheet = f"xl/worksheets/sheet{list(read_sheets(path)).index('检查项') + 1}.xml"

    def change(name: str, content: bytes) -> tuple[str, bytes]:
        place = f"{chr(65 + column)}2"
        if name != sheet:
            return name, content
        at = content.index(f'<c r="{place}"'.encode())
        end = content.index(b"</c>", at) + 4
        cell = f'<c r="{place}" t="e"><v>#N/A</v></c>'.encode()
        return name, content[:at] + cell + content[end:]

    with pytest.raises(BadWorkbook) as caught:
        read_template(rewritten(path, change))

    (problem,) = caught.value.problems
    assert (problem.sheet, problem.row, problem.column) == ("检查项", 2, "是否重大隐患")
    assert "错误值" in problem.reason


def test_errors_in_a_sheet_that_is_not_read_do_no_harm(tmp_path: Path) -> None:
    asked = tables(survey("type | name | label", "text | k | 问题"))
    path = write(tmp_path / "a.xlsx", {"草稿": [["x"]], **asked})

    assert problems(with_cell(path, "A1", b'<c r="A1" t="e"><v>#N/A</v></c>')) == []


FAR = b'<c r="XFD1048576"><v>1</v></c>'
ELSEWHERE = {
    "beside the worksheets": ("xl/other/s.xml", "/xl/other/s.xml"),
    "in a folder of the worksheets": ("xl/worksheets/a/sheet1.xml", "worksheets/a/sheet1.xml"),
    "in large letters": ("xl/Worksheets/Sheet1.xml", "Worksheets/Sheet1.xml"),
    "under another ending": ("xl/s.dat", "s.dat"),
}


@pytest.mark.parametrize(("part", "target"), ELSEWHERE.values(), ids=ELSEWHERE)
def test_a_sheet_counts_wherever_it_lies(part: str, target: str, tmp_path: Path) -> None:
    path = with_cell(write(tmp_path / "a.xlsx", {"s": [["x"]]}), "A1", FAR)

    def change(name: str, content: bytes) -> tuple[str, bytes]:
        content = content.replace(b"worksheets/sheet1.xml", target.encode())
        return (part if name == SHEET else name), content

    assert f"单元格超过 {MAX_CELLS} 个" in refusal(rewritten(path, change))


NOWHERE = ('r="A99999999"', 'r="AAAA1"', 'r="1A"', f'r="A{"9" * 6000}"')


@pytest.mark.parametrize("place", NOWHERE, ids=range(len(NOWHERE)))
def test_a_place_that_no_spreadsheet_has_is_refused(place: str, tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", {"s": [["x"]]})

    assert "内部结构无法识别" in refusal(with_cell(path, "A1", f"<c {place}><v>1</v></c>".encode()))


@pytest.mark.parametrize("number", ["abc", "-1", "9" * 6000], ids=["words", "below 0", "too long"])
def test_a_row_number_that_is_none_is_refused(number: str, tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", {"s": [["x"]]})

    def change(name: str, content: bytes) -> tuple[str, bytes]:
        return name, content.replace(b'<row r="1"', f'<row r="{number}"'.encode())

    assert "内部结构无法识别" in refusal(rewritten(path, change))


def test_a_shared_text_counts_in_every_cell_that_cites_it(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("s")
        for row in range(MAX_CHARACTERS // 30_000 + 2):
            sheet.write_string(row, 0, "x" * 30_000)

    assert path.stat().st_size < 1_000_000
    assert f"文字超过 {MAX_CHARACTERS} 个" in refusal(path)


def test_a_binary_workbook_is_refused_by_its_name(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsb", "w") as archive:
        archive.writestr("xl/workbook.bin", b"x")

    assert "不支持 .xlsb 格式" in refusal(tmp_path / "a.xlsb")
