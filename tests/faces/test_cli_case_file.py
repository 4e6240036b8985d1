"""`inspect-server documents case-file`: the electronic case file as PDF and as an archive."""

import hashlib
import io
import json
import re
import zipfile
from pathlib import Path

import pypdfium2
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, null, select, update

from inspect_server import app
from inspect_server.cli import root
from inspect_server.domain.enums import Role
from inspect_server.reads.record_checks import totals
from inspect_server.store.models.inspection import Inspection, IssuedDocument
from inspect_server.store.models.record import RecordLeaf
from inspect_server.usecases.accounts import add_user
from inspect_server.usecases.work import Backend
from tests.actors import ALL_ROLES
from tests.faces.test_cli_documents import ORDER_NO, RECORD_NO, furnish, office
from tests.scenes import scene
from tests.tampering import unguard
from tests.usecases.bureau import small_form

__all__ = ["office", "small_form"]

NUMBER = "2026-0001"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(root, ["documents", *arguments, "--as", "neiqin"])


def text_of(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return re.sub(r"\s", "", text)


def leaves_of(backend: Backend) -> list[tuple[bytes, str]]:
    with backend.reading() as session:
        rows = session.execute(
            select(RecordLeaf.content, RecordLeaf.leaf)
            .where(RecordLeaf.case_name == f"inspection/{NUMBER}")
            .order_by(RecordLeaf.case_seq)
        )
        return [(content, leaf) for content, leaf in rows]


@pytest.fixture
def issued(sqlite_backend: Backend, small_form: object, monkeypatch: pytest.MonkeyPatch) -> Backend:
    """The bureau with its documents issued, the order voided and made again."""
    monkeypatch.setattr(app, "make_backend", lambda **_: sqlite_backend)
    made_again(sqlite_backend)
    return sqlite_backend


@scene
def made_again(backend: Backend) -> None:
    """By the command line, on which the backend must stand."""
    furnish(backend)
    assert run("issue").exit_code == 0
    voided = run("void", ORDER_NO, "--reason", "期限有误")
    assert voided.exit_code == 0, voided.output
    assert run("issue", NUMBER).exit_code == 0


def test_the_case_file_holds_all_documents_and_every_event(issued: Backend, tmp_path: Path) -> None:
    out = tmp_path / "案卷.pdf"

    done = run("case-file", NUMBER, "-o", str(out))

    assert done.exit_code == 0, done.output
    text = text_of(out.read_bytes())
    for named in (RECORD_NO, ORDER_NO, ORDER_NO.replace("1号", "1-1号"), "卷内目录", "已作废"):
        assert named in text
    leaves = leaves_of(issued)
    for _, leaf in leaves:
        assert leaf in text
    assert f"{len(leaves)}条事件哈希相符" in text
    for whose in ("主办人员", "协办人员", "被检查单位"):
        assert f"{whose}签名现场检查记录" in text
    assert f"作废文书{ORDER_NO}" in text
    assert not list(tmp_path.glob("*.part"))


def test_the_archive_checks_without_this_system(issued: Backend, tmp_path: Path) -> None:
    out = tmp_path / "案卷.zip"

    done = run("case-file", NUMBER, "-o", str(out))

    assert done.exit_code == 0, done.output
    with zipfile.ZipFile(out) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    sums = dict(reversed(line.split("  ", 1)) for line in files["SHA256SUMS"].decode().splitlines())
    assert sums.keys() == files.keys() - {"SHA256SUMS"}
    for path, sha256 in sums.items():
        assert hashlib.sha256(files[path]).hexdigest() == sha256
    events = files["全过程记录/events.jsonl"].splitlines()
    hashed = [hashlib.sha256(b"\0" + line).hexdigest() for line in events]
    assert hashed == [leaf for _, leaf in leaves_of(issued)]
    with issued.reading() as session:
        stored = set(session.scalars(select(IssuedDocument.pdf_sha256)))
    assert stored == {sha256 for path, sha256 in sums.items() if path.startswith("文书/")}
    manifest = json.loads(files["manifest.json"])
    assert {one["path"] for one in manifest["files"]} == files.keys() - {
        "SHA256SUMS",
        "manifest.json",
        "说明.txt",
    }
    assert [one["voided"] for one in manifest["files"] if "voided" in one] == [False, True, False]
    assert zipfile.ZipFile(io.BytesIO(out.read_bytes())).testzip() is None


def test_an_open_record_and_an_unknown_number_have_no_case_file(
    office: Backend, tmp_path: Path
) -> None:
    with office.engine.begin() as connection:
        unguard(connection, "inspection")
        connection.execute(update(Inspection).values(record=null()))

    for number, code in (("2099-0001", "common.not_found"), (NUMBER, "record_not_closed")):
        refused = run("case-file", number, "-o", str(tmp_path / "x.pdf"))
        assert refused.exit_code == 1
        assert code in refused.output
    assert not [*tmp_path.glob("案卷*"), *tmp_path.glob("x.pdf*")]


def test_a_number_of_another_unit_is_answered_like_one_that_does_not_exist(
    issued: Backend, tmp_path: Path
) -> None:
    with issued.begin(ALL_ROLES) as work:
        add_user(work, "taren", "他人", "他科", [Role.SUPERVISOR], "other-passphrase-2026")

    said = []
    for number in (NUMBER, "2099-0001"):
        place = str(tmp_path / "x.zip")
        arguments = ["documents", "case-file", number, "-o", place, "--as", "taren"]
        refused = CliRunner().invoke(root, arguments)
        assert refused.exit_code == 1
        said.append(refused.output.replace(number, "…"))
    assert said[0] == said[1]
    assert not [*tmp_path.glob("x.zip*")]


@pytest.mark.parametrize("day", ["9999-12-31", "2026-12-31", "0001-01-01"])
def test_a_day_that_has_not_come_or_never_was_has_no_ledger(
    issued: Backend, tmp_path: Path, day: str
) -> None:
    refused = run("ledger", "--day", day, "-o", str(tmp_path / "x.pdf"))
    assert refused.exit_code == 1
    assert "应为今天或以前的日期" in refused.output
    assert not [*tmp_path.glob("x.pdf*")]


def test_a_case_that_does_not_hold_is_not_bound(issued: Backend, tmp_path: Path) -> None:
    with issued.engine.begin() as connection:
        unguard(connection, "issued_document")
        connection.execute(update(IssuedDocument).values(void_reason="改过的理由"))

    done = run("case-file", NUMBER, "-o", str(tmp_path / "案卷.pdf"))

    assert done.exit_code == 1
    assert "case_file.damaged" in done.output
    assert not [*tmp_path.glob("案卷*"), *tmp_path.glob("x.pdf*")]


def test_the_ledger_of_a_day_holds_what_was_registered_and_the_total(
    issued: Backend, tmp_path: Path
) -> None:
    with issued.reading() as session:
        number = session.scalar(select(func.count()).select_from(RecordLeaf))
        total = totals.current(session).total
    today, other = tmp_path / "台账.pdf", tmp_path / "昨日.pdf"

    done = run("ledger", "-o", str(today))
    before = run("ledger", "--day", "2026-02-01", "-o", str(other))

    assert done.exit_code == 0, done.output
    text, empty = text_of(today.read_bytes()), text_of(other.read_bytes())
    assert before.exit_code == 0, before.output
    for named in (NUMBER, RECORD_NO, ORDER_NO, f"当日登记事件{number}条", total):
        assert named in text
    assert len(re.findall(r"\d时\d\d分现场检查记录|\d时\d\d分责令限期整改指令书", text)) == 4
    assert "补制" not in text
    assert "补制时的登记总值，不是当日的登记总值" in empty
    assert "当日没有办结检查。当日没有" in empty.replace(
        "二、当日制作、签名、作废的文书（0份次）", ""
    )
    assert total in empty


def test_a_place_that_cannot_be_written_is_said(issued: Backend, tmp_path: Path) -> None:
    done = run("case-file", NUMBER, "-o", str(tmp_path / "no" / "案卷.zip"))

    assert done.exit_code == 1
    assert "case_file.not_written" in done.output
