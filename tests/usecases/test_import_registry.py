"""What an import leaves in the database, the history, the report and the record."""

import json
from pathlib import Path

import pytest
from sqlalchemy import func, select

from inspect_server.domain.enums import Risk, Sector
from inspect_server.gateways.registry_files.report import RejectionReport
from inspect_server.reads import registry as reads
from inspect_server.reads.registry import EnterpriseFilter
from inspect_server.store.models.registry import Enterprise, OfficerChange, RegistryImport
from inspect_server.store.record import leaves
from inspect_server.usecases.registry.import_registry import (
    ImportReport,
    import_enterprises,
    import_officers,
)
from inspect_server.usecases.work import Backend
from tests.actors import ALL_ROLES
from tests.conftest import FixedClock
from tests.usecases.registry_samples import (
    OFFICER_TITLES,
    TITLES,
    code,
    enterprise,
    officer,
    read_report,
    shown,
    write_csv,
    write_xlsx,
)


def _import(backend: Backend, file: Path, *, dry_run: bool = False) -> ImportReport:
    with backend.begin(ALL_ROLES) as work:
        return import_enterprises(work, file, dry_run=dry_run)


def _officers(backend: Backend, file: Path) -> ImportReport:
    with backend.begin(ALL_ROLES) as work:
        return import_officers(work, file)


def _count(backend: Backend) -> int:
    with backend.reading() as session:
        return session.scalar(select(func.count()).select_from(Enterprise)) or 0


def test_rows_become_enterprises_as_the_orm_would_have_stored_them(
    backend: Backend, tmp_path: Path
) -> None:
    file = write_csv(tmp_path / "a.csv", [TITLES, *(enterprise(n) for n in range(3))])

    done = _import(backend, file)

    assert (done.rows_read, done.created, done.rejected) == (3, 3, 0)
    with backend.reading() as session:
        found = shown(session, 1)
        assert reads.enterprise(session, found.id) == found
    assert found.name == "云湾区1号公司"
    assert found.risk is Risk.YELLOW
    assert found.sectors == (Sector.DUST.value,)
    assert found.contacts == ({"name": "王五", "position": "", "phone": "13800000001"},)
    assert found.created_at == found.updated_at == backend.clock.now()
    assert found.last_import_id == done.import_id


def test_a_second_import_updates_by_code_and_keeps_what_was(
    backend: Backend, tmp_path: Path, clock: FixedClock
) -> None:
    first = write_csv(tmp_path / "a.csv", [TITLES, *(enterprise(n) for n in range(3))])
    short = [["企业名称", "信用代码", "风险等级"]]
    short += [["云湾区1号公司", code(1), "红"], ["云湾区2号公司", code(2), "黄"]]
    _import(backend, first)
    clock.forward(days=1)

    done = _import(backend, write_csv(tmp_path / "b.csv", short))

    assert (done.created, done.updated, done.unchanged) == (0, 1, 1)
    with backend.reading() as session:
        found = shown(session, 1)
        (change,) = reads.history(session, found.id)
        untouched = shown(session, 2)
        assert reads.history(session, untouched.id) == ()
    assert found.risk is Risk.RED
    assert found.address == "工业路1号"  # the second file had no such column
    assert change.changes == {"risk": ["yellow", "red"]}
    assert change.file_name == "b.csv"
    assert change.changed_at == found.updated_at == backend.clock.now()
    assert untouched.updated_at < found.updated_at


def test_a_blank_in_a_column_that_is_there_clears_the_value_and_history_keeps_it(
    sqlite_backend: Backend, tmp_path: Path
) -> None:
    _import(sqlite_backend, write_csv(tmp_path / "a.csv", [TITLES, enterprise(1)]))
    cleared = write_csv(tmp_path / "b.csv", [TITLES, enterprise(1, 地址="N/A")])

    _import(sqlite_backend, cleared)

    with sqlite_backend.reading() as session:
        found = shown(session, 1)
        (change,) = reads.history(session, found.id)
    assert found.address is None
    assert change.changes == {"address": ["工业路1号", None]}


def test_the_same_file_again_changes_nothing(backend: Backend, tmp_path: Path) -> None:
    file = write_csv(tmp_path / "a.csv", [TITLES, *(enterprise(n) for n in range(3))])
    _import(backend, file)

    again = _import(backend, file)

    assert (again.created, again.updated, again.unchanged) == (0, 0, 3)


def test_rejected_rows_stand_in_the_report_beside_their_originals(
    backend: Backend, tmp_path: Path
) -> None:
    bad_code = code(2)[:-1] + ("0" if code(2)[-1] != "0" else "1")
    rows = [
        enterprise(1),
        enterprise(2, 统一社会信用代码=bad_code, 风险等级="紫"),
        enterprise(1, 企业名称="另一个1号公司"),
        enterprise(3, 行业领域="烟花", 联系人='=HYPERLINK("http://example.com")'),
    ]

    done = _import(backend, write_csv(tmp_path / "a.csv", [["名录"], TITLES, *rows]))

    page = read_report(done.report)["未导入的行"]
    assert (done.rows_read, done.created, done.rejected) == (4, 1, 3)
    assert page[0] == ["行号", "列", "原因", *TITLES]
    assert [row[:2] for row in page[1:]] == [
        ["4", "统一社会信用代码；风险等级"],
        ["6", "行业领域"],
    ]
    assert "校验位不正确" in page[1][2]
    assert "烟花" in page[2][2]
    assert page[1][3:] == rows[1]
    repeated = read_report(done.report)["重复的行"][1]
    assert repeated[1:3] == ["5", "统一社会信用代码与第 3 行重复，以该行为准"]
    assert repeated[3:] == rows[2]
    assert page[2][8] == '\'=HYPERLINK("http://example.com")'


def test_a_corrected_report_can_be_imported_as_it_is(
    sqlite_backend: Backend, tmp_path: Path
) -> None:
    rows = [enterprise(1), enterprise(2, 风险等级="紫", 联系人="-=李四=-")]
    report = _import(sqlite_backend, write_csv(tmp_path / "a.csv", [TITLES, *rows])).report
    pages = read_report(report)
    corrected = [[cell.replace("紫", "红") for cell in row] for row in pages["未导入的行"]]

    done = _import(
        sqlite_backend,
        write_xlsx(tmp_path / "b.xlsx", {"未导入的行": corrected, "汇总": pages["汇总"]}),
    )

    assert (done.created, done.rejected) == (1, 0)
    with sqlite_backend.reading() as session:
        found = shown(session, 2)
    assert (found.risk, found.contacts[0]["name"]) == (Risk.RED, "-=李四=-")


def test_a_dry_run_reports_and_writes_nothing(backend: Backend, tmp_path: Path) -> None:
    rows = [enterprise(1), enterprise(2, 风险等级="紫")]

    done = _import(backend, write_csv(tmp_path / "a.csv", [TITLES, *rows]), dry_run=True)

    assert (done.created, done.rejected, done.dry_run) == (1, 1, True)
    assert ["方式", "试运行，未写入数据库"] in read_report(done.report)["汇总"]
    assert _count(backend) == 0
    with backend.reading() as session:
        assert reads.imports(session) == ()
        assert list(leaves(session, "registry")) == []


def test_the_record_carries_the_counts_and_the_files_hash_and_no_person(
    sqlite_backend: Backend, tmp_path: Path
) -> None:
    file = write_csv(tmp_path / "王五的名录.csv", [TITLES, enterprise(1)])

    done = _import(sqlite_backend, file)

    with sqlite_backend.reading() as session:
        (leaf,) = leaves(session, "registry")
    event = json.loads(leaf.content)
    assert event["type"] == "import.done"
    assert event["body"] == {
        "import": str(done.import_id),
        "kind": "enterprises",
        "file_sha256": done.file_sha256,
        "rows_read": 1,
        "created": 1,
        "updated": 0,
        "unchanged": 0,
        "rejected": 0,
    }
    assert "王五" not in leaf.content.decode()


def test_the_report_is_complete_before_anything_is_committed(
    backend: Backend, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: RejectionReport, summary: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(RejectionReport, "finish", fail)

    with pytest.raises(OSError, match="disk full"):
        _import(backend, write_csv(tmp_path / "a.csv", [TITLES, enterprise(1)]))

    assert _count(backend) == 0
    assert list((tmp_path / "reports").iterdir()) == []


def test_more_rows_than_one_batch_are_all_kept_once(backend: Backend, tmp_path: Path) -> None:
    rows = [enterprise(n) for n in range(1500)]
    rows[1200] = enterprise(7)

    done = _import(backend, write_csv(tmp_path / "a.csv", [TITLES, *rows]))

    assert (done.created, done.rejected) == (1499, 1)
    assert _count(backend) == 1499
    assert "与第 9 行重复" in read_report(done.report)["重复的行"][1][2]


def test_importing_the_report_overwrites_nobody_with_a_repeated_row(
    sqlite_backend: Backend, tmp_path: Path
) -> None:
    rows = [enterprise(1), enterprise(2, 风险等级="紫"), enterprise(1, 企业名称="另一个1号公司")]
    done = _import(sqlite_backend, write_csv(tmp_path / "a.csv", [TITLES, *rows]))

    again = _import(sqlite_backend, done.report)

    assert any("1 行与前面的行重复" in warning for warning in done.warnings)
    assert (again.rows_read, again.updated, again.rejected) == (1, 0, 1)
    with sqlite_backend.reading() as session:
        assert set(session.scalars(select(Enterprise.name))) == {enterprise(1)[0]}


def test_lists_are_filtered_counted_and_cut_into_pages(backend: Backend, tmp_path: Path) -> None:
    rows = [enterprise(n, 行业领域="有限空间" if n % 2 else "") for n in range(9)]
    _import(backend, write_csv(tmp_path / "a.csv", [TITLES, *rows]))

    with backend.reading() as session:
        page = reads.enterprises(
            session, EnterpriseFilter(sector=Sector.CONFINED_SPACE, risk=Risk.YELLOW), 2, 3
        )
        named = reads.enterprises(session, EnterpriseFilter(text="区8号"))
        none = reads.enterprises(session, EnterpriseFilter(text="%"))

    assert (page.total, [row.uscc for row in page.rows]) == (4, [code(7)])
    assert [row.uscc for row in named.rows] == [code(8)]
    assert none.total == 0


def test_officers_come_with_leave_and_recusals_and_keep_their_history(
    backend: Backend, tmp_path: Path
) -> None:
    first = write_csv(tmp_path / "a.csv", [OFFICER_TITLES, officer(1), officer(2)])
    moved = officer(1, 科室="危化科", 休假="2026-04-01至2026-04-02", 回避="")

    created = _officers(backend, first)
    updated = _officers(backend, write_csv(tmp_path / "b.csv", [OFFICER_TITLES, moved, officer(2)]))

    assert (created.created, updated.updated, updated.unchanged) == (2, 1, 1)
    with backend.reading() as session:
        one, two = sorted(reads.officers(session), key=lambda row: row.cert_no)
    assert (one.unit, one.recusals) == ("危化科", ())
    assert [(str(first), str(last)) for first, last, _ in one.leaves] == [
        ("2026-04-01", "2026-04-02")
    ]
    with backend.reading() as session:
        kept = session.scalars(select(OfficerChange.changes)).one()
    assert kept["leaves"] == [
        [["2026-03-01", "2026-03-05", "年休假"]],
        [["2026-04-01", "2026-04-02", ""]],
    ]
    assert kept["recusals"] == [[[code(1), ""]], []]
    assert two.recusals == ((code(1), ""),)
    assert two.leaves[0][2] == "年休假"
    assert two.specialties == (Sector.CONFINED_SPACE.value, Sector.DUST.value)


def test_an_expired_certificate_is_imported_with_a_warning(
    sqlite_backend: Backend, tmp_path: Path
) -> None:
    rows = [officer(1, 有效期止="2026-03-01"), officer(2, 有效期止="2026-03-02")]

    done = _officers(sqlite_backend, write_csv(tmp_path / "a.csv", [OFFICER_TITLES, *rows]))

    assert (done.created, done.rejected) == (2, 0)
    assert done.warnings == ("1 人的执法证已过有效期，不会被抽中，请及时换证",)


def test_a_certificate_that_ends_before_it_begins_is_rejected(
    sqlite_backend: Backend, tmp_path: Path
) -> None:
    rows = [officer(1, 有效期止="2022-01-01"), officer(2, 回避="91320799MA0000001X")]

    done = _officers(sqlite_backend, write_csv(tmp_path / "a.csv", [OFFICER_TITLES, *rows]))

    page = read_report(done.report)["未导入的行"]
    assert done.rejected == 2
    assert "早于有效期起" in page[1][2]
    assert "91320799MA0000001X：统一社会信用代码" in page[2][2]


def test_dates_that_contradict_each_other_are_named_beside_what_cannot_be_read(
    sqlite_backend: Backend, tmp_path: Path
) -> None:
    rows = [officer(1, 有效期止="2022-01-01", 回避="91320799MA0000001X")]

    done = _officers(sqlite_backend, write_csv(tmp_path / "a.csv", [OFFICER_TITLES, *rows]))

    reasons = read_report(done.report)["未导入的行"][1][2]
    assert "早于有效期起" in reasons
    assert "91320799MA0000001X：统一社会信用代码" in reasons


def test_each_sheet_with_a_header_is_read_and_others_are_named(
    sqlite_backend: Backend, tmp_path: Path
) -> None:
    file = write_xlsx(
        tmp_path / "a.xlsx",
        {
            "填表说明": [["请如实填写"]],
            "港城街道": [TITLES, enterprise(1)],
            "云湾街道": [TITLES, enterprise(2), enterprise(1)],
        },
    )

    done = _import(sqlite_backend, file)

    assert (done.created, done.rejected) == (2, 1)
    assert done.warnings[0] == "工作表“填表说明”没有表头，未读取"
    repeated = read_report(done.report)["重复的行"][1]
    assert repeated[0] == "云湾街道"
    assert repeated[2] == "统一社会信用代码与工作表“港城街道”第 2 行重复，以该行为准"
    with sqlite_backend.reading() as session:
        assert session.scalar(select(func.count()).select_from(RegistryImport)) == 1


def test_why_the_whole_bureau_may_not_check_an_enterprise_is_imported_with_its_history(
    backend: Backend, tmp_path: Path
) -> None:
    titles = ["企业名称", "统一社会信用代码", "本机关回避"]
    rows = [[f"企业{n}", code(n)] for n in range(4)]
    said = ["本机关下属单位", "", "否", "是"]
    first = _import(backend, write_csv(tmp_path / "a.csv", [titles, *map(_with, rows, said)]))
    again = _import(backend, write_csv(tmp_path / "b.csv", [titles, _with(rows[0], "")]))
    silent = _import(backend, write_csv(tmp_path / "c.csv", [titles[:2], rows[0]]))
    with backend.reading() as session:
        page = reads.enterprises(session, EnterpriseFilter())
        one = next(row for row in page.rows if row.uscc == code(0))
        (change,) = reads.history(session, one.id)

    assert (first.created, first.rejected) == (3, 1)
    assert "应写明回避原因" in str(read_report(first.report))
    assert (again.updated, silent.unchanged) == (1, 1)
    assert [row.recusal for row in page.rows] == [None, None, None]
    assert change.changes == {"recusal": ["本机关下属单位", None]}
    assert change.actor == ALL_ROLES.label


def _with(row: list[str], last: str) -> list[str]:
    return [*row, last]
