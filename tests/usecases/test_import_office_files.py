"""Lists as offices hand them in: titles, groups of columns, totals, notes, columns of their own."""

from pathlib import Path

import pytest

from inspect_server.reads import registry as reads
from inspect_server.usecases.registry.import_registry import (
    ImportReport,
    import_enterprises,
    import_officers,
)
from inspect_server.usecases.work import Backend
from tests.actors import ALL_ROLES
from tests.usecases.registry_samples import code, read_report, shown, write_csv, write_xlsx

LEDGER: list[list[object]] = [
    ["云湾区企业台账"],
    ["序号", "企业名称\n（全称）", "统一社会信用代码*", "联系人", "", "企业规模"],
    ["", "", "", "姓名", "手机号码", ""],
    ["1", "甲公司", code(1), "王五", 13800000001.0, "小型"],
    ["2", "乙公司", "", "赵六", 13800000002.0, "微型"],
    ["3"],
    ["合计", "", "", "", "", "2"],
    ["说明：本表由各街道填报。"],
    ["制表人：张三", "", "", "填表日期：2026-01-05"],
]


def _import(backend: Backend, file: Path, *, dry_run: bool = False) -> ImportReport:
    with backend.begin(ALL_ROLES) as work:
        return import_enterprises(work, file, dry_run=dry_run)


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_ledger_of_an_office_is_read_and_every_row_is_in_one_figure(
    sqlite_backend: Backend, tmp_path: Path, kind: str
) -> None:
    path = tmp_path / f"台账.{kind}"
    if kind == "xlsx":
        write_xlsx(path, {"台账": LEDGER})
    else:
        write_csv(path, [[str(cell) for cell in row] for row in LEDGER])

    done = _import(sqlite_backend, path)

    assert done.rows_read == done.created + done.updated + done.unchanged + done.rejected
    assert (done.rows_read, done.created, done.rejected, done.asides) == (2, 1, 1, 4)
    assert done.headers[0].endswith("表头在第 2、3 行，采用 4 列")
    with sqlite_backend.reading() as session:
        found = shown(session, 1)
    assert found.contacts == ({"name": "王五", "position": "", "phone": "13800000001"},)
    page = read_report(done.report)["不是名录的行"]
    assert [row[1:3] for row in page[1:]] == [
        ["6", "只有序号的空行"],
        ["7", "合计"],
        ["8", "说明"],
        ["9", "填表信息"],
    ]
    assert page[4][3] == "制表人：张三"
    assert page[4][6] == "填表日期：2026-01-05"


def test_a_corrected_report_passes_over_its_own_sheets_and_columns(
    sqlite_backend: Backend, tmp_path: Path
) -> None:
    report = _import(sqlite_backend, write_xlsx(tmp_path / "a.xlsx", {"台账": LEDGER})).report
    pages = read_report(report)
    pages["台账"][1][5] = code(2)

    done = _import(sqlite_backend, write_xlsx(tmp_path / "b.xlsx", dict(pages)))

    assert (done.rows_read, done.created) == (1, 1)
    assert not any("没有表头" in note or "行号" in note for note in done.warnings)
    with sqlite_backend.reading() as session:
        found = shown(session, 2)
    assert found.contacts == ({"name": "赵六", "position": "", "phone": "13800000002"},)


def test_a_column_of_their_own_is_named_and_the_file_is_kept_with_it(
    sqlite_backend: Backend, tmp_path: Path
) -> None:
    file = write_xlsx(tmp_path / "a.xlsx", {"台账": LEDGER})
    kept = sqlite_backend.settings.data_dir / "imports"

    tried = _import(sqlite_backend, file, dry_run=True)
    assert not kept.exists()
    done = _import(sqlite_backend, file)

    assert "工作表“台账”未识别的列没有导入：企业规模" in tried.warnings
    assert "工作表“台账”未识别的列没有导入，原值随原文件保存：企业规模" in done.warnings
    (copy,) = kept.iterdir()
    assert copy.name == f"{done.file_sha256}.xlsx"
    assert copy.read_bytes() == file.read_bytes()


def test_a_file_of_an_import_that_was_not_committed_is_not_kept(
    sqlite_backend: Backend, tmp_path: Path
) -> None:
    file = write_xlsx(tmp_path / "a.xlsx", {"台账": LEDGER})

    with pytest.raises(RuntimeError), sqlite_backend.begin(ALL_ROLES) as work:
        import_enterprises(work, file)
        raise RuntimeError("no commit")

    assert list((sqlite_backend.settings.data_dir / "imports").iterdir()) == []


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_progress_ends_at_the_number_of_rows_of_the_file(
    sqlite_backend: Backend, tmp_path: Path, kind: str
) -> None:
    rows = [["企业名称", "信用代码"], *([f"{n}号公司", code(n)] for n in range(1200)), ["合计"]]
    path = tmp_path / f"a.{kind}"
    write_xlsx(path, {"a": rows}) if kind == "xlsx" else write_csv(path, rows)
    told: list[tuple[int, int]] = []

    with sqlite_backend.begin(ALL_ROLES) as work:
        import_enterprises(work, path, lambda rows, expected: told.append((rows, expected)))

    assert sum(rows for rows, _ in told) == told[-1][1] == 1202


def test_officers_with_a_period_in_two_columns_and_day_numbers_are_read(
    sqlite_backend: Backend, tmp_path: Path
) -> None:
    rows: list[list[object]] = [
        ["姓名", "执法证号", "有效期", ""],
        ["", "", "起", "止"],
        ["王五", 32079900001.0, 45000.0, 47000.0],
        ["合计：1人"],
    ]

    with sqlite_backend.begin(ALL_ROLES) as work:
        done = import_officers(work, write_xlsx(tmp_path / "a.xlsx", {"人员": rows}))

    assert (done.created, done.rejected, done.asides) == (1, 0, 1)
    with sqlite_backend.reading() as session:
        (officer,) = reads.officers(session)
    assert officer.cert_no == "32079900001"
    assert str(officer.cert_valid_to) == "2028-09-04"
