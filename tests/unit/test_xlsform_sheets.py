"""Workbooks as sheets of texts: what is read, what is refused unread, what is written."""

import subprocess
import sys
import zipfile
from collections.abc import Mapping
from datetime import date, datetime, time
from pathlib import Path

import pytest
import xlsxwriter
from pyxform.xls2xform import ConvertResult

from forms.errors import UnreadableWorkbook, UnwritableWorkbook
from forms.workbook.measuring import MAX_CELLS
from forms.workbook.sheets import (
    LONGEST_CELL,
    Row,
    Sheet,
    letters,
    put_row,
    read_sheets,
    writing,
)
from tests.unit.xlsform_samples import (
    CHOICES,
    asked_by_pyxform,
    asked_here,
    judged,
    read,
    survey,
    tables,
    write,
)

OLD = Path(__file__).parents[1] / "vectors" / "forms" / "workbooks" / "survey.xls"
"""A workbook as programs of the nineties write it."""

TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"


def open_document(path: Path, rows: str) -> Path:
    """Write an .ods whose one sheet, named survey, has these rows."""
    content = (
        f'<?xml version="1.0"?><office:document-content xmlns:office="{OFFICE}"'
        f' xmlns:table="{TABLE}" xmlns:text="{TEXT}"><office:body><office:spreadsheet>'
        f'<table:table table:name="survey">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return path


def row(*cells: str) -> str:
    """Return a row of texts of an .ods."""
    texts = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
        for cell in cells
    )
    return f"<table:table-row>{texts}</table:table-row>"


def cells_of(path: Path) -> Mapping[str, list[dict[int, str]]]:
    """Return the cells below the headers, by sheet."""
    sheets = read_sheets(path)
    return {name: [dict(row.cells) for row in sheet.rows] for name, sheet in sheets.items()}


def refusal(path: Path) -> str:
    """Return why a file is not read."""
    with pytest.raises(UnreadableWorkbook) as caught:
        read_sheets(path)
    return str(caught.value)


def test_other_kinds_of_files_are_called_what_they_are(tmp_path: Path) -> None:
    kinds = {
        "word/document.xml": "是 Word 文档",
        "ppt/presentation.xml": "是演示文稿",
        "a": "不是工作簿，或者内容已损坏",
    }
    for part, said in kinds.items():
        with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
            archive.writestr(part, "<document/>")
        assert f"（{said}" in refusal(tmp_path / "a.xlsx")
    (tmp_path / "b.xlsx").write_bytes(b"%PDF-1.7 ...")
    assert "（是 PDF 文件" in refusal(tmp_path / "b.xlsx")
    (tmp_path / "b.xlsx").write_bytes("条目,题目".encode())
    assert "（不是工作簿，或者内容已损坏）" in refusal(tmp_path / "b.xlsx")


def test_cells_become_the_texts_that_other_tools_see(tmp_path: Path) -> None:
    cells = [
        5,
        5.0,
        0.5,
        1e-7,
        True,
        False,
        date(2026, 1, 1),
        datetime(2026, 1, 1, 8, 30),  # noqa: DTZ001 -- cells have no zone
        time(8, 30),
        " a\u00a0b\u00a0",
        "a\nb",
        "=1+1",
    ]
    path = write(tmp_path / "a.xlsx", {"s": [["h"], cells]})

    assert list(read_sheets(path)["s"].rows[0].cells.values()) == [
        "5",
        "5",
        "0.5",
        "1e-07",
        "TRUE",
        "FALSE",
        "2026-01-01 00:00:00",
        "2026-01-01 08:30:00",
        "08:30:00",
        "a b",
        "a\nb",
        "=1+1",
    ]


def test_rows_keep_their_numbers_and_columns_their_places(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", {"s": [["", "b"], [], ["", "", "x"]], "t": []})
    sheets = read_sheets(path)

    assert sheets["s"] == Sheet("s", ("", "b", ""), (Row(3, {2: "x"}),))
    assert (sheets["s"].column(0), sheets["s"].column(1)) == ("A", "b")
    assert sheets["s"].rows[0][1] == ""
    assert sheets["t"] == Sheet("t", (), ())


def test_columns_have_the_letters_of_spreadsheets() -> None:
    assert [letters(at) for at in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_an_old_workbook_is_read() -> None:
    result = judged(OLD)
    assert isinstance(result, ConvertResult)
    imported = read(OLD)
    form = imported.form

    assert not any("错误值" in notice for notice in imported.notices)
    assert asked_here(form) == asked_by_pyxform(result, form.language)
    assert [choice.name for choice in form.choice_lists[0].choices] == ["1", "TRUE"]
    assert form.items[1].default is not None
    assert form.items[1].default.text == "2026-01-01"


def test_an_open_document_is_read(tmp_path: Path) -> None:
    path = open_document(tmp_path / "a.ods", row("type", "name", "label") + row("text", "a", "甲"))

    assert [item.question for item in read(path).form.items] == ["甲"]


@pytest.mark.parametrize("ending", ["xls", "ods", "et", "XLSX"])
def test_what_a_workbook_is_called_does_not_matter(ending: str, tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", {"s": [["h"], ["甲"]]})

    assert cells_of(path.rename(path.with_suffix(f".{ending}"))) == {"s": [{0: "甲"}]}


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0" * 200])
def test_what_is_no_workbook_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)

    assert refusal(path).endswith("请另存为 .xlsx 文件后重试。")


def test_a_file_that_is_not_there_is_the_disk_s_matter(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_sheets(tmp_path / "none.xlsx")


def test_a_truncated_workbook_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", tables(CHOICES))
    content = bytearray(path.read_bytes())
    at = content.find(b"xl/worksheets/sheet1.xml") + 60
    content[at : at + 40] = bytes(40)
    path.write_bytes(content)

    assert "压缩内容被截断或校验不符" in refusal(path)


def test_an_encrypted_part_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", tables(CHOICES))
    content = path.read_bytes()
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        parts = content.split(mark)
        content = mark.join([parts[0], *(_flagged(part, flags - 4) for part in parts[1:])])
    path.write_bytes(content)

    assert "内容被加密" in refusal(path)


def test_a_large_file_is_not_even_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with path.open("wb") as file:
        file.truncate(20_000_001)

    assert "文件超过 20 MB" in refusal(path)


def test_a_lone_cell_far_away_is_refused_before_room_is_made(tmp_path: Path) -> None:
    grid: list[list[str]] = [[] for _ in range(100_000)]
    path = write(tmp_path / "a.xlsx", {"s": [["type"], *grid, [*([""] * 300), "x"]]})

    assert f"单元格超过 {MAX_CELLS} 个" in refusal(path)


def test_cells_without_content_far_away_do_no_harm(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet("s")
        sheet.write(0, 0, "type")
        sheet.write_blank(1_000_000, 10_000, None, book.add_format({"bold": True}))

    assert read_sheets(tmp_path / "a.xlsx")["s"].headers == ("type",)


def test_repeated_cells_of_an_open_document_count_each(tmp_path: Path) -> None:
    cell = '<table:table-cell table:number-columns-repeated="16000" office:value-type="string"/>'
    rows = f'<table:table-row table:number-rows-repeated="1000">{cell}</table:table-row>'

    assert "单元格超过" in refusal(open_document(tmp_path / "a.ods", rows))


@pytest.mark.parametrize("times", ["abc", "9" * 6000], ids=["words", "too long"])
def test_a_number_of_repeats_that_is_none_is_refused(times: str, tmp_path: Path) -> None:
    rows = f'<table:table-row table:number-rows-repeated="{times}"/>'

    assert "内部结构无法识别" in refusal(open_document(tmp_path / "a.ods", rows))


def test_a_repeated_text_of_an_open_document_counts_each_time(tmp_path: Path) -> None:
    text = f"<text:p>{'x' * 400_000}</text:p>"
    attributes = 'table:number-columns-repeated="100" office:value-type="string"'
    cell = f"<table:table-cell {attributes}>{text}</table:table-cell>"
    path = open_document(tmp_path / "a.ods", f"<table:table-row>{cell}</table:table-row>")

    assert "文字超过" in refusal(path)


ODS_LOST = {
    "an error": (
        'calcext:value-type="error" office:value-type="string" office:string-value=""',
        "错误值",
    ),
    "a formula without a result": ('table:formula="of:=A1"', "没有算出结果"),
}


@pytest.mark.parametrize(("attributes", "reason"), ODS_LOST.values(), ids=ODS_LOST)
def test_a_lost_value_of_an_open_document_is_told(
    attributes: str, reason: str, tmp_path: Path
) -> None:
    row_2 = (
        f"<table:table-row><table:table-cell/><table:table-cell {attributes}/></table:table-row>"
    )
    path = open_document(tmp_path / "a.ods", row("type", "name") + row_2)

    (problem,) = read_sheets(path)["survey"].problems()

    assert (problem.row, problem.column) == (2, "name")
    assert reason in problem.reason


def test_a_part_that_inflates_without_end_is_refused(tmp_path: Path) -> None:
    with (
        zipfile.ZipFile(tmp_path / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w") as part,
    ):
        for _ in range(310):
            part.write(bytes(1_000_000))

    assert "解压后超过 300 MB" in refusal(tmp_path / "a.xlsx")


def test_entities_in_a_part_are_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        text = '<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet>&a;</worksheet>'
        archive.writestr("xl/worksheets/sheet1.xml", text)

    assert "内部结构无法识别" in refusal(tmp_path / "a.xlsx")


def test_a_text_too_long_for_a_cell_leaves_no_file(tmp_path: Path) -> None:
    with (
        pytest.raises(UnwritableWorkbook, match="第2行B列超过 32767 个字"),
        writing(tmp_path / "a.xlsx") as book,
    ):
        put_row(book.add_worksheet("s"), 1, ["", "字" * (LONGEST_CELL + 1)])

    assert list(tmp_path.iterdir()) == []


def test_a_control_character_is_refused(tmp_path: Path) -> None:
    with (
        pytest.raises(UnwritableWorkbook, match="工作表“s”第1行A列有控制字符"),
        writing(tmp_path / "a.xlsx") as book,
    ):
        put_row(book.add_worksheet("s"), 0, ["a\x0b"])


def test_a_disk_that_refuses_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), writing(tmp_path / "none" / "a.xlsx") as book:
        book.add_worksheet("s")


FULL = """
import errno, resource, sys
from pathlib import Path
from forms.workbook.template import write_blank_template
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
try:
    write_blank_template(Path(sys.argv[1], "a.xlsx"))
except OSError as error:
    print(errno.errorcode[error.errno])
"""


def test_a_full_disk_leaves_nothing_and_no_complaint_of_a_library(tmp_path: Path) -> None:
    command = [sys.executable, "-c", FULL, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)

    assert (done.stdout, done.stderr) == ("EFBIG\n", "")
    assert list(tmp_path.iterdir()) == []


def test_texts_that_look_like_formulas_numbers_or_addresses_stay_texts(tmp_path: Path) -> None:
    texts = ["=1+1", "007", "https://example.com", "TRUE", "{=x}"]
    with writing(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet("s")
        put_row(sheet, 0, ["a"])
        put_row(sheet, 1, texts)

    assert cells_of(tmp_path / "a.xlsx") == {"s": [dict(enumerate(texts))]}


def test_what_lies_beyond_many_blanks_is_named_and_not_read(tmp_path: Path) -> None:
    grid = [["type", "name", "label", *[""] * 25, "far"], ["text", "a", "甲"]]
    grid += [[] for _ in range(61)] + [["text", "b", "乙"]]
    path = write(tmp_path / "a.xlsx", {"survey": grid})
    result = judged(path)
    assert isinstance(result, ConvertResult)
    imported = read(path)

    assert asked_here(imported.form) == asked_by_pyxform(result, "")
    assert imported.notices == (
        "survey：X列起在许多空列之后，未读入",
        "survey：第64行起在许多空行之后，未读入",
    )


def test_sixty_blank_rows_are_no_end(tmp_path: Path) -> None:
    grid = [["type", "name", "label"], ["text", "a", "甲"]]
    grid += [[] for _ in range(60)] + [["text", "b", "乙"]]
    path = write(tmp_path / "a.xlsx", {"survey": grid})
    result = judged(path)
    assert isinstance(result, ConvertResult)

    assert asked_here(read(path).form) == asked_by_pyxform(result, "")
    assert len(read(path).form.items) == 2


def test_a_column_without_a_header_is_named(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.xlsx",
        tables(survey("type | name | label | | remark", "text | a | 甲 | x | y")),
    )

    assert read(path).notices == (
        "保留但不使用的列：survey.remark",
        "survey：D列没有列名，未读入",
    )


def _flagged(part: bytes, at: int) -> bytes:
    return part[:at] + bytes([part[at] | 1]) + part[at + 1 :]
