"""Reading registry files: encodings, delimiters, and workbooks slice by slice."""

import codecs
import errno
import zipfile
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inspect_server.gateways.registry_files import open_registry_file, xlsx_parts
from inspect_server.gateways.registry_files.report import RejectionReport, harmless
from tests.usecases.registry_samples import read_report, replace_part, write_csv, write_xlsx

ROWS = [["企业名称", "备注"], ["甲公司", '第一行\n"第二行"，尾'], ["乙公司", "丙;丁"]]


def _read(path: Path) -> dict[str, list[tuple[int, list[str]]]]:
    with open_registry_file(path) as file:
        return {sheet.name: list(sheet.rows) for sheet in file.sheets()}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", "|"])
def test_text_is_read_in_every_encoding_and_with_every_delimiter(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    path = write_csv(tmp_path / "a.csv", ROWS, encoding, delimiter)

    assert _read(path) == {"": list(enumerate(ROWS, start=1))}


def test_plain_ascii_is_text_although_every_encoding_fits(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"name,code\nplain,1\n")

    assert _read(path) == {"": [(1, ["name", "code"]), (2, ["plain", "1"])]}


def test_utf_8_that_could_be_gb18030_is_read_as_utf_8(tmp_path: Path) -> None:
    rows = [["甲乙", "丙丁"]]  # an even number of bytes: GB18030 reads them as other characters
    path = write_csv(tmp_path / "a.csv", rows)

    assert path.read_bytes().decode("gb18030") != path.read_bytes().decode()
    assert _read(path) == {"": [(1, rows[0])]}


def test_an_encoding_is_told_by_the_whole_file_not_by_its_beginning(tmp_path: Path) -> None:
    rows = [["name", "code"], *([["plain", "ascii"]] * 200_000), ["甲公司", "末行"]]
    path = write_csv(tmp_path / "a.csv", rows, "gb18030")

    assert _read(path)[""][-1] == (200_002, ["甲公司", "末行"])


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("shift", range(4))
def test_a_character_cut_by_a_block_is_still_whole(
    tmp_path: Path, encoding: str, shift: int
) -> None:
    cell = "𠮷" * 100_000  # four bytes each, and the blocks end inside some of them
    rows = [["a" * shift, "乙", cell], ["甲", cell, cell]]

    assert _read(write_csv(tmp_path / "a.csv", rows, encoding))[""] == [(1, rows[0]), (2, rows[1])]


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.lists(st.text(alphabet="甲a1,;\"\n\t |'，", max_size=6), min_size=3, max_size=3).filter(
            lambda row: row[0] != ""
        ),
        min_size=1,
        max_size=6,
    )
)
def test_what_was_written_is_what_is_read(tmp_path: Path, rows: list[list[str]]) -> None:
    rows = [
        ["甲,", "乙", "丙,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,"],
        *rows,
    ]  # the comma is plainly the mark
    path = write_csv(tmp_path / "a.csv", rows)

    assert [cells for _, cells in _read(path)[""]] == rows


def test_a_workbook_in_slices_gives_every_row_its_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows: list[list[object]] = [["企业名称", "数", "日"]]
    rows += [[f"公司{n}", n + 0.5, date(2026, 3, 1)] for n in range(700)]
    rows[300] = []  # a blank row in the middle
    path = write_xlsx(tmp_path / "a.xlsx", {"名录": [[], [], *([None, *row] for row in rows)]})
    monkeypatch.setattr(xlsx_parts, "SLICE", 3000)
    monkeypatch.setattr(xlsx_parts, "HEAD", 2000)

    found = dict(_read(path)["名录"])

    assert found[3][1:] == ["企业名称", "数", "日"]
    assert found[4] == ["", "公司0", "0.5", "2026-03-01"]
    assert found[702][1] == "公司698"
    assert not any(found.get(303, []))
    filled = [number for number, cells in found.items() if any(cells)]
    assert filled == [n for n in range(3, 704) if n != 303]


def test_rows_without_numbers_of_their_own_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"名录": [["x"]]})
    cell = "<x:c t='inlineStr'><x:is><x:t>公司{}</x:t></x:is></x:c>"
    rows = "".join(f"<x:row>{cell.format(n)}</x:row>" for n in range(400))
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    xml = f'<x:worksheet xmlns:x="{space}"><x:sheetData>{rows}</x:sheetData></x:worksheet>'
    replace_part(path, "xl/worksheets/sheet1.xml", xml.encode())
    monkeypatch.setattr(xlsx_parts, "SLICE", 3000)
    monkeypatch.setattr(xlsx_parts, "HEAD", 2000)

    assert _read(path)["名录"] == [(n + 1, [f"公司{n}"]) for n in range(400)]


def test_cells_of_every_kind_become_the_text_an_office_sees(tmp_path: Path) -> None:
    row = [13800000001, 0.25, True, date(2026, 3, 1), "甲 ", 913207990000000123]
    path = write_xlsx(tmp_path / "a.xlsx", {"名录": [row]})

    (found,) = _read(path)["名录"]
    assert found == (1, ["13800000001", "0.25", "是", "2026-03-01", "甲 ", "913207990000000000"])


def test_hidden_sheets_are_not_read(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"名录": [["x"]], "旧": [["y"]]})
    with zipfile.ZipFile(path) as archive:
        book = archive.read("xl/workbook.xml")
    replace_part(
        path,
        "xl/workbook.xml",
        book.replace('name="旧"'.encode(), 'name="旧" state="hidden"'.encode()),
    )

    assert list(_read(path)) == ["名录"]
    with open_registry_file(path) as file:
        assert file.hidden == ("旧",)


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_reported_cell_is_taken_for_a_formula(cell: str) -> None:
    assert harmless(cell) == "'" + cell


def test_an_endless_original_is_kept_whole_in_pieces(tmp_path: Path) -> None:
    original = "甲乙丙丁戊" * 40_000
    with RejectionReport(tmp_path / "r.xlsx") as report:
        report.start_sheet("名录", ["企业名称", "备注"])
        report.add(2, ["备注"], ["内容过长"], ["甲公司", original])
        report.finish([])

    pages = read_report(tmp_path / "r.xlsx")
    assert pages["名录"][1][4] == "（共 200000 字，全文见工作表“超长内容”）"
    assert "".join(row[4] for row in pages["超长内容"][1:]) == original


def test_a_report_that_cannot_be_put_in_its_folder_is_told_before_anything_is_read() -> None:
    with pytest.raises(OSError, match=r"No such file|Permission denied|Read-only"):
        RejectionReport(Path("/proc/r.xlsx"))


def test_a_disk_that_fills_up_while_the_report_is_saved_is_told_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = OSError(errno.ENOSPC, "No space left on device")

    def store(book: xlsxwriter.Workbook) -> None:
        monkeypatch.undo()  # what cleans up afterwards writes to nowhere, where there is room
        raise full

    monkeypatch.setattr(xlsxwriter.Workbook, "_store_workbook", store)
    with (
        pytest.raises(OSError, match="No space left") as told,
        RejectionReport(tmp_path / "r.xlsx") as report,
    ):
        report.finish([])

    assert told.value is full
    assert list(tmp_path.iterdir()) == []


def test_an_unfinished_report_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), RejectionReport(tmp_path / "r.xlsx") as report:
        report.start_sheet("名录", ["企业名称"])
        report.add(2, ["企业名称"], ["必填"], [""])
        raise RuntimeError

    assert list(tmp_path.iterdir()) == []


def test_a_byte_order_mark_of_utf_16_is_believed(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(codecs.BOM_UTF16_BE + "甲\t乙\r\n".encode("utf-16-be"))

    assert _read(path) == {"": [(1, ["甲", "乙"])]}
