"""Files that cannot be imported: a clear sentence, and nothing half-written."""

import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import func, select

from inspect_server.domain.errors import InspectError
from inspect_server.domain.registry.headers import DuplicateHeader, MissingHeader
from inspect_server.gateways.registry_files.errors import (
    BrokenQuotes,
    DamagedWorkbook,
    EmptyFile,
    FileNotThere,
    MarkupFile,
    NotText,
    OldWorkbook,
    Oversized,
    UnknownEncoding,
)
from inspect_server.store.models.record import RecordLeaf
from inspect_server.store.models.registry import Enterprise, Officer, RegistryImport
from inspect_server.usecases.registry.import_registry import (
    ImportReport,
    NoHeader,
    NoRows,
    import_enterprises,
    import_officers,
)
from inspect_server.usecases.work import Backend, Work
from tests.actors import ALL_ROLES
from tests.usecases.registry_samples import (
    OFFICER_TITLES,
    TITLES,
    code,
    enterprise,
    officer,
    read_report,
    replace_part,
    write_csv,
    write_xlsx,
)

SHEET = "xl/worksheets/sheet1.xml"


@dataclass(frozen=True)
class Listing:
    """One of the two registries as a file, and what the importer calls its columns."""

    verb: Callable[[Work, Path], ImportReport]
    titles: list[str]
    row: Callable[..., list[str]]
    key: str
    unkeyed: str  # a required title besides the key
    open_text: str  # a title that takes any text
    twice: str  # what is said where that title stands at the end once more

    @property
    def rows(self) -> list[list[str]]:
        return [self.titles, *(self.row(n) for n in range(1200))]


LISTINGS = {
    "enterprises": Listing(
        import_enterprises,
        TITLES,
        enterprise,
        key="统一社会信用代码",
        unkeyed="企业名称",
        open_text="地址",
        twice="C 列“地址”与 H 列“地址”是同一项",
    ),
    "officers": Listing(
        import_officers,
        OFFICER_TITLES,
        officer,
        key="执法证号",
        unkeyed="姓名",
        open_text="科室",
        twice="E 列“科室”与 I 列“科室”是同一项",
    ),
}
ENTERPRISES = LISTINGS["enterprises"]


def _workbook(folder: Path, listing: Listing) -> Path:
    path = folder / "a.xlsx"
    path.write_bytes(_whole(next(name for name, one in LISTINGS.items() if one is listing)))
    return path


@cache
def _whole(name: str) -> bytes:
    with TemporaryDirectory() as folder:
        return write_xlsx(Path(folder) / "a.xlsx", {"名录": LISTINGS[name].rows}).read_bytes()


def _bytes(folder: Path, content: bytes, name: str = "a.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def _truncated(folder: Path, listing: Listing) -> Path:
    path = _workbook(folder, listing)
    path.write_bytes(path.read_bytes()[:-2000])
    return path


def _cut_inside(folder: Path, listing: Listing) -> Path:
    """Return a workbook whose directory is whole but whose sheet was overwritten in the middle."""
    path = _workbook(folder, listing)
    with zipfile.ZipFile(path) as archive:
        start = archive.getinfo(SHEET).header_offset
        size = archive.getinfo(SHEET).compress_size
    content = bytearray(path.read_bytes())
    middle = start + size // 2
    content[middle : middle + 400] = b"\x00" * 400
    path.write_bytes(content)
    return path


def _directory_astray(folder: Path, listing: Listing) -> Path:
    """Return a workbook whose end says that its directory begins far beyond the file."""
    content = bytearray(_workbook(folder, listing).read_bytes())
    end = content.rindex(b"PK\x05\x06")
    content[end + 12 : end + 16] = (1 << 30).to_bytes(4, "little")
    return _bytes(folder, bytes(content), "a.xlsx")


def _half_a_sheet(folder: Path, listing: Listing) -> Path:
    path = _workbook(folder, listing)
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read(SHEET)
    return replace_part(path, SHEET, sheet[: len(sheet) * 2 // 3])


def _bomb(folder: Path, listing: Listing) -> Path:
    head, tail = _around_the_rows(folder, listing)
    row = b'<row r="1"><c r="A1" t="inlineStr"><is><t>' + b" " * (60 << 20) + b"</t></is></c></row>"
    return replace_part(folder / "a.xlsx", SHEET, head + row + tail)


def _lying_bomb(folder: Path, listing: Listing) -> Path:
    """Return a bomb whose directory claims that it is small."""
    path = _bomb(folder, listing)
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo(SHEET).file_size
    claimed = (1 << 20).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(size.to_bytes(4, "little"), claimed))
    return path


def _strewn(folder: Path, listing: Listing) -> Path:
    head, tail = _around_the_rows(folder, listing)
    row = '<row r="{0}"><c r="A{0}"><v>1</v></c></row>'
    rows = (row.format(1) + row.format(1_048_576)).encode()
    return replace_part(folder / "a.xlsx", SHEET, head + rows + tail)


def _too_wide(folder: Path, listing: Listing) -> Path:
    head, tail = _around_the_rows(folder, listing)
    rows = b'<row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>1</v></c></row>'
    return replace_part(folder / "a.xlsx", SHEET, head + rows + tail)


def _around_the_rows(folder: Path, listing: Listing) -> tuple[bytes, bytes]:
    with zipfile.ZipFile(_workbook(folder, listing)) as archive:
        sheet = archive.read(SHEET)
    start, end = sheet.index(b"<sheetData>") + len(b"<sheetData>"), sheet.index(b"</sheetData>")
    return sheet[:start], sheet[end:]


def _wrong_encoding(folder: Path, listing: Listing) -> Path:
    good = "\n".join(",".join(row) for row in listing.rows[:30]).encode()
    return _bytes(folder, good + b"\n\xff\xfe\xff,1\n")


def _unclosed(folder: Path, listing: Listing) -> Path:
    good = "\n".join(",".join(row) for row in listing.rows).encode()
    return _bytes(folder, good + '\n"没有结束的引号,1\n2,3\n'.encode())


BAD: dict[str, tuple[Callable[[Path, Listing], Path], type[InspectError], str]] = {
    "absent": (lambda f, listing: f / "nix.csv", FileNotThere, "请核对路径"),
    "empty": (lambda f, listing: _bytes(f, b""), EmptyFile, "是空的"),
    "truncated": (_truncated, DamagedWorkbook, "压缩内容被截断"),
    "damaged inside": (_cut_inside, DamagedWorkbook, "另存为新文件"),
    "directory astray": (_directory_astray, DamagedWorkbook, "压缩内容被截断"),
    "half a sheet": (_half_a_sheet, DamagedWorkbook, "内部结构"),
    "a zip that is no workbook": (
        lambda f, listing: replace_part(_workbook(f, listing), "xl/workbook.xml", b"<workbook/>"),
        DamagedWorkbook,
        "内部结构",
    ),
    "bomb": (_bomb, Oversized, "解压为 60 MB"),
    "lying bomb": (_lying_bomb, DamagedWorkbook, "校验不符"),
    "strewn cells": (_strewn, Oversized, "第 1048576 行"),
    "endless width": (_too_wide, Oversized, "第 100 列"),
    "old workbook": (
        lambda f, listing: _bytes(f, bytes.fromhex("d0cf11e0a1b11ae1") + b"\x00" * 600, "a.xls"),
        OldWorkbook,
        "另存为 .xlsx",
    ),
    "picture": (
        lambda f, listing: _bytes(f, b"\x89PNG\r\n\x1a\n\x00\x00\x00"),
        NotText,
        "不是 .xlsx 或 .csv",
    ),
    "wrong encoding": (_wrong_encoding, UnknownEncoding, "第 31 行附近"),
    "unclosed quote": (_unclosed, BrokenQuotes, "第 1202 行"),
    "cell of two million characters": (
        lambda f, listing: write_csv(
            f / "a.csv",
            [
                listing.titles,
                listing.row(1),
                listing.row(2, **{listing.open_text: "长" * 2_000_000}),
            ],
        ),
        BrokenQuotes,
        "单元格过长",
    ),
    "no header": (
        lambda f, listing: write_csv(f / "a.csv", listing.rows[1:]),
        NoHeader,
        "没有找到表头",
    ),
    "header too far down": (
        lambda f, listing: write_csv(f / "a.csv", [["说明"]] * 25 + listing.rows),
        NoHeader,
        "{unkeyed}",
    ),
    "no code column": (
        lambda f, listing: write_csv(
            f / "a.csv", [[listing.unkeyed, listing.open_text], ["甲", "乙"]]
        ),
        MissingHeader,
        "{key}",
    ),
    "header twice": (
        lambda f, listing: write_csv(
            f / "a.csv", [[*listing.titles, listing.open_text], [*listing.row(1), "别处"]]
        ),
        DuplicateHeader,
        "{twice}",
    ),
    "blank lines": (lambda f, listing: _bytes(f, b"\n\n\n"), NoHeader, "没有找到表头"),
    "other text": (lambda f, listing: _bytes(f, b"a,b\n1,2\n"), NoHeader, "没有找到表头"),
    "a page of the web": (
        lambda f, listing: _bytes(f, b"<html><table></table>"),
        MarkupFile,
        "内容是网页",
    ),
    "byte order mark alone": (
        lambda f, listing: _bytes(f, b"\xef\xbb\xbf"),
        NoHeader,
        "没有找到表头",
    ),
    "header alone": (
        lambda f, listing: write_csv(f / "a.csv", [listing.titles]),
        NoRows,
        "没有数据行",
    ),
}


@pytest.mark.seldom_on_postgresql
@pytest.mark.parametrize("kind", LISTINGS)
@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_one_clear_sentence_and_nothing_is_written(
    backend: Backend, tmp_path: Path, name: str, kind: str
) -> None:
    make, error, words = BAD[name]
    listing = LISTINGS[kind]
    folder = tmp_path / "files"
    folder.mkdir()
    file = make(folder, listing)

    with pytest.raises(error) as refused, backend.begin(ALL_ROLES) as work:
        listing.verb(work, file)

    said = words.format(**vars(listing))
    assert said in str(refused.value)
    assert str(refused.value).endswith("。")
    _nothing_written(backend)
    reports = tmp_path / "reports"
    assert not reports.exists() or list(reports.iterdir()) == []


def _nothing_written(backend: Backend) -> None:
    with backend.reading() as session:
        for model in (Enterprise, Officer, RegistryImport, RecordLeaf):
            assert session.scalar(select(func.count()).select_from(model)) == 0


@pytest.mark.parametrize("write", ["csv", "xlsx"])
def test_a_cell_of_200_000_characters_rejects_its_row_alone_and_is_kept(
    sqlite_backend: Backend, tmp_path: Path, write: str
) -> None:
    endless = "长" * 200_000
    file = write_csv(
        tmp_path / "a.csv", [TITLES, enterprise(1), enterprise(2, 地址=endless), enterprise(3)]
    )
    if write == "xlsx":
        file = write_xlsx(
            tmp_path / "a.xlsx", {"a": [TITLES, enterprise(1, 地址="@"), enterprise(3)]}
        )
        with zipfile.ZipFile(file) as archive:
            strings = archive.read("xl/sharedStrings.xml")
        replace_part(
            file, "xl/sharedStrings.xml", strings.replace(b"<t>@</t>", f"<t>{endless}</t>".encode())
        )

    with sqlite_backend.begin(ALL_ROLES) as work:
        done = import_enterprises(work, file)

    pages = read_report(done.report)
    assert done.rejected == 1
    assert "内容过长（200000 字，最多 500 字）" in str(pages)
    assert "".join(row[4] for row in pages["超长内容"][1:]) == endless


def test_control_characters_reject_the_row_on_both_engines(
    backend: Backend, tmp_path: Path
) -> None:
    file = write_csv(tmp_path / "a.csv", [TITLES, enterprise(1, 地址="甲\x01乙"), enterprise(2)])

    with backend.begin(ALL_ROLES) as work:
        done = import_enterprises(work, file)

    assert (done.created, done.rejected) == (1, 1)


def test_a_report_never_replaces_a_file_but_takes_the_next_free_name(
    sqlite_backend: Backend, tmp_path: Path
) -> None:
    file = _workbook(tmp_path, ENTERPRISES)
    before = file.read_bytes()

    reports = []
    for _ in range(2):
        with sqlite_backend.begin(ALL_ROLES) as work:
            reports.append(import_enterprises(work, file, report=file).report)

    assert file.read_bytes() == before
    assert [report.name for report in reports] == ["a(2).xlsx", "a(3).xlsx"]
    assert all("汇总" in read_report(report) for report in reports)


def test_a_report_that_is_no_workbook_by_name_is_refused(
    sqlite_backend: Backend, tmp_path: Path
) -> None:
    with (
        pytest.raises(InspectError, match=r"“退回\.csv”应以 \.xlsx 结尾"),
        sqlite_backend.begin(ALL_ROLES) as work,
    ):
        import_enterprises(work, _workbook(tmp_path, ENTERPRISES), report=tmp_path / "退回.csv")

    _nothing_written(sqlite_backend)


def test_a_report_of_what_was_not_committed_does_not_stay(
    sqlite_backend: Backend, tmp_path: Path
) -> None:
    file = _workbook(tmp_path, ENTERPRISES)

    with (
        pytest.raises(RuntimeError, match="disk"),
        sqlite_backend.begin(ALL_ROLES) as work,
    ):
        report = import_enterprises(work, file).report
        raise RuntimeError("disk full at the commit")

    _nothing_written(sqlite_backend)
    assert not report.exists()


_DIES = """
import os, sys
from pathlib import Path
from tempfile import TemporaryDirectory
from inspect_server.config import Settings
from inspect_server.domain.enums import Role
from inspect_server.gateways.blobs import LocalBlobs
from inspect_server.store.engine import open_engine
from inspect_server.usecases.registry.import_registry import import_enterprises
from inspect_server.usecases.work import Actor, Backend, SystemClock

settings = Settings(data_dir=Path(sys.argv[1]))
blobs = LocalBlobs(settings.data_dir / "blobs")
backend = Backend(open_engine(settings.database_url), blobs, settings, SystemClock())
with backend.begin(Actor("system:test", frozenset({Role.OFFICE}))) as work:
    import_enterprises(work, Path(sys.argv[2]), lambda rows, expected: os.kill(os.getpid(), 9))
"""


def test_a_process_killed_in_the_middle_leaves_nothing_and_the_next_import_works(
    sqlite_backend: Backend, tmp_path: Path
) -> None:
    file = write_csv(tmp_path / "a.csv", ENTERPRISES.rows)

    died = subprocess.run([sys.executable, "-c", _DIES, str(tmp_path), str(file)], check=False)

    assert died.returncode == -9
    _nothing_written(sqlite_backend)
    with sqlite_backend.begin(ALL_ROLES) as work:
        assert import_enterprises(work, file).created == 1200


def test_a_code_spoiled_by_a_spreadsheet_is_told_apart_from_a_wrong_one(
    sqlite_backend: Backend, tmp_path: Path
) -> None:
    spoiled = [
        enterprise(1, 统一社会信用代码="9.1320799E+17"),
        enterprise(2, 统一社会信用代码="913207990000000000"),
        enterprise(3, 统一社会信用代码=code(3)[:-2]),
        enterprise(4, 统一社会信用代码="I" * 18),
    ]

    with sqlite_backend.begin(ALL_ROLES) as work:
        done = import_enterprises(work, write_csv(tmp_path / "a.csv", [TITLES, *spoiled]))

    reasons = [row[2] for row in read_report(done.report)["未导入的行"][1:]]
    assert "科学计数" in reasons[0]
    assert "设为文本" in reasons[1]
    assert "应为 18 位，现为 16 位" in reasons[2]
    assert "不允许的字符" in reasons[3]
