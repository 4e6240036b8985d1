"""Registries by REST: a file in, figures out, the report on what was rejected beside it."""

import io
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from inspect_server.api import resource
from inspect_server.api.resources import imports
from inspect_server.app import create_app
from inspect_server.domain.enums import Role
from inspect_server.usecases.work import Backend
from tests.faces.rest_client import Program, connect

CSV = "企业名称,统一社会信用代码\n云湾铸造厂,{code}\n坏行厂,123\n"


@pytest.fixture
def office(sqlite_backend: Backend) -> Program:
    return connect(sqlite_backend, create_app(sqlite_backend), "bangongshi", Role.OFFICE)


def good_code() -> str:
    from stdnum.cn import uscc

    body = "91320799MA1WXXXX0"
    return body + str(uscc.calc_check_digit(body))


def upload(
    office: Program, content: bytes, name: str = "企业名录.csv", path: str = "enterprises"
) -> Any:
    # Written out: werkzeug's client leaves the temporary file of a large form open.
    head = (
        '--part\r\nContent-Disposition: form-data; name="file"; '
        f'filename="{name}"\r\nContent-Type: application/octet-stream\r\n\r\n'
    )
    body = head.encode() + content + b"\r\n--part--\r\n"
    return office.post(
        f"/imports/{path}", data=body, content_type="multipart/form-data; boundary=part"
    )


def test_good_rows_are_in_and_each_bad_one_is_in_the_report(office: Program) -> None:
    content = CSV.format(code=good_code()).encode("gb18030")

    done = upload(office, content).get_json()
    stored = office.get("/enterprises").get_json()
    listed = office.get("/imports").get_json()
    report = office.get(f"/imports/{done['import_id']}/report")
    book = CalamineWorkbook.from_filelike(io.BytesIO(report.data))
    cells = {
        str(cell)
        for name in book.sheet_names
        for row in book.get_sheet_by_name(name).to_python()
        for cell in row
    }

    assert (done["created"], done["rejected"], done["dry_run"]) == (1, 1, False)
    assert done["file_name"] == "企业名录.csv"
    assert [row["name"] for row in stored["rows"]] == ["云湾铸造厂"]
    assert [row["id"] for row in listed] == [done["import_id"]]
    assert "坏行厂" in cells


def test_a_dry_run_writes_its_report_and_nothing_else(office: Program) -> None:
    content = CSV.format(code=good_code()).encode()
    data = {"file": (io.BytesIO(content), "a.csv")}

    done = office.post("/imports/enterprises?dry_run=true", data=data).get_json()

    assert (done["created"], done["rejected"], done["dry_run"]) == (1, 1, True)
    assert office.get("/enterprises").get_json()["total"] == 0
    assert office.get("/imports").get_json() == []
    assert office.get(f"/imports/{done['import_id']}/report").status_code == 200


def test_the_same_file_twice_changes_nothing(office: Program) -> None:
    content = CSV.format(code=good_code()).encode()
    upload(office, content)

    again = upload(office, content).get_json()

    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, 1)


BAD: list[tuple[bytes, str, str]] = [
    (b"", "a.csv", "registry.file_empty"),
    (b"PK\x03\x04broken", "a.xlsx", "registry.damaged_workbook"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.xls", "registry.old_workbook"),
    ("甲,乙\n1,2\n".encode(), "a.csv", "registry.no_header"),
    (b"%PDF-1.7\n\x00\x01\x02", "../../etc/passwd", "registry.not_text"),
]


@pytest.mark.parametrize(("content", "name", "code"), BAD, ids=[case[2] for case in BAD])
def test_a_file_that_is_no_registry_is_refused_and_leaves_nothing(
    sqlite_backend: Backend, office: Program, content: bytes, name: str, code: str
) -> None:
    answer = upload(office, content, name)
    left = sorted((sqlite_backend.settings.data_dir / "tmp").rglob("*"))

    assert (answer.status_code, answer.get_json()["code"]) == (422, code)
    assert office.get("/imports").get_json() == []
    assert left == []


def test_a_body_that_is_no_upload_is_said_so(office: Program) -> None:
    text = office.post("/imports/officers", data=b"x", content_type="text/csv")
    empty = office.post("/imports/officers", data={}, content_type="multipart/form-data")

    assert text.status_code == 415
    assert (empty.status_code, empty.get_json()["errors"]) == (422, {"file": ["必须填写。"]})


def test_a_registry_may_be_larger_than_any_other_body_but_not_without_end(
    office: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    long_row = f"坏行厂{'厂' * 60},123\n".encode()
    large = CSV.format(code=good_code()).encode() + long_row * 6_000

    taken = upload(office, large)
    monkeypatch.setattr(resource, "MAX_UPLOAD", len(large) // 2)
    refused = upload(office, large)

    assert len(large) > 1024 * 1024
    assert taken.get_json()["rejected"] == 6_001
    assert (refused.status_code, refused.get_json()["code"]) == (413, "http.413")


def test_a_second_import_is_told_to_come_back_while_one_is_under_way(office: Program) -> None:
    with imports._alone():
        answer = upload(office, CSV.format(code=good_code()).encode())
    after = upload(office, CSV.format(code=good_code()).encode())

    assert (answer.status_code, answer.get_json()["code"]) == (503, "registry.import_under_way")
    assert "Retry-After" in answer.headers
    assert after.status_code == 200


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("企业名录.xlsx", "企业名录.xlsx"),
        ("C:\\桌面\\a.csv", "a.csv"),
        ("../../etc/passwd", "passwd"),
        ("..", imports.UNNAMED),
        ("a\x00b\n.csv", "ab.csv"),
        ("名" * 300 + ".xlsx", "名" * 55 + ".xlsx"),
    ],
)
def test_a_file_keeps_only_a_name_that_every_disk_takes(
    given: str, kept: str, tmp_path: Path
) -> None:
    name = imports._plain_name(given)
    (tmp_path / name).write_bytes(b"")

    assert name == kept
