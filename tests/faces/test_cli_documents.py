"""`inspect-server documents`: what an office sees, types and finds in its folder."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from inspect_server import app
from inspect_server.cli import root
from inspect_server.domain.enums import Role
from inspect_server.store.models.inspection import IssuedDocument
from inspect_server.usecases.accounts import add_user
from inspect_server.usecases.work import Backend
from pdf_templates.catalogue import render_receipt
from tests.actors import ALL_ROLES
from tests.conftest import FixedClock
from tests.usecases.bureau import small_form
from tests.usecases.test_documents import closed_visit

__all__ = ["small_form"]

DRAW_NO = "2026-D01"
RECORD_NO, ORDER_NO = "（苏·云）应急检记〔2026〕1号", "（苏·云）应急责改〔2026〕1号"


@pytest.fixture
def office(sqlite_backend: Backend, small_form: object, monkeypatch: pytest.MonkeyPatch) -> Backend:
    """A bureau with one closed record, on which the command line works."""
    monkeypatch.setattr(app, "make_backend", lambda **_: sqlite_backend)
    closed_visit(sqlite_backend)
    with sqlite_backend.begin(ALL_ROLES) as work:
        add_user(work, "neiqin", "内勤", "办公室", [Role.OFFICE], "office-passphrase-2026")
    return sqlite_backend


def run(*arguments: str) -> Result:
    who = ("--as", "neiqin") if arguments[0] in {"issue", "void"} else ()
    return CliRunner().invoke(root, ["documents", *arguments, *who])


def test_issue_without_a_number_makes_what_waits(office: Backend) -> None:
    first, second = run("issue"), run("issue")

    assert first.exit_code == 0, first.output
    assert RECORD_NO in first.output
    assert ORDER_NO in first.output
    assert "新制作文书 2 份" in first.output
    assert "新制作文书 0 份" in second.output


def test_issue_for_a_draw_makes_what_is_closed_and_tells_no_office_of_visits_to_come(
    office: Backend,
) -> None:
    first, second = run("issue", "--draw", DRAW_NO), run("issue", "--draw", DRAW_NO)

    assert first.exit_code == 0, first.output
    assert "新制作文书 2 份" in first.output
    assert "尚未办结" not in first.output
    assert "新制作文书 0 份" in second.output
    assert run("issue", "2026-0001", "--draw", DRAW_NO).exit_code == 2
    assert "没有找到" in run("issue", "--draw", "2099-D09").output


def test_a_deadline_gone_by_is_refused_until_somebody_who_may_gives_another(
    office: Backend, clock: FixedClock
) -> None:
    with office.begin(ALL_ROLES) as work:
        add_user(work, "wangke", "王科", "一科", [Role.SUPERVISOR], "super-passphrase-2026")
    clock.forward(days=30)
    new = ("issue", "2026-0001", "--deadline", "2026-04-20")

    late, by_office, without_number = (
        run("issue"),
        run(*new),
        run("issue", "--deadline", "2026-04-20"),
    )
    renewed = CliRunner().invoke(root, ["documents", *new, "--as", "wangke"])

    assert late.exit_code == 1
    assert "［document.deadlines_passed］" in late.output
    assert "--deadline" in late.output
    assert "无权另定该检查的整改期限" in by_office.output
    assert without_number.exit_code == 2
    assert renewed.exit_code == 0, renewed.output
    assert ORDER_NO in renewed.output


def test_each_refusal_is_shown_and_the_command_fails(office: Backend) -> None:
    for path in (office.settings.data_dir / "blobs").rglob("*"):
        if path.is_file():
            path.unlink()

    result = run("issue", "--draw", DRAW_NO)

    assert result.exit_code == 1
    assert "2026-0001：" in result.output
    assert "［blob.missing］" in result.output
    assert "有 1 件检查的文书未能制作" in result.output


def test_where_nothing_waits_it_says_why_and_what_next(office: Backend, tmp_path: Path) -> None:
    empty = run("export", "--to", str(tmp_path / "out"))
    run("issue")

    assert "没有可导出的文书" in empty.output
    assert "documents issue" in empty.output
    assert not (tmp_path / "out").exists()
    assert "没有等待制作文书的检查" in run("issue").output
    assert "没有找到" in run("export", "2026-9999", "--to", str(tmp_path / "out")).output


def test_export_writes_files_named_by_title_and_number(office: Backend, tmp_path: Path) -> None:
    run("issue", "2026-0001")

    result = run("export", "--to", str(tmp_path / "out"))

    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert result.exit_code == 0, result.output
    assert names == [f"现场检查记录_{RECORD_NO}.pdf", f"责令限期整改指令书_{ORDER_NO}.pdf"]
    assert all(path.read_bytes().startswith(b"%PDF") for path in (tmp_path / "out").iterdir())


def test_receipt_sets_an_issued_document_on_narrow_paper_with_the_same_content(
    office: Backend, tmp_path: Path
) -> None:
    run("issue")
    out = tmp_path / "new" / "责改.pdf"

    made = run("receipt", ORDER_NO, "-o", str(out))
    unknown = run("receipt", "（苏·云）应急责改〔2026〕9号", "-o", str(out))

    assert made.exit_code == 0, made.output
    with office.reading() as session:
        issued = session.scalars(
            select(IssuedDocument).where(IssuedDocument.doc_no == ORDER_NO)
        ).one()
    assert out.read_bytes() == render_receipt("rectification_order", issued.facts)
    assert unknown.exit_code == 1
    assert "没有找到" in unknown.output


def test_the_receipt_of_a_voided_document_says_so(office: Backend, tmp_path: Path) -> None:
    run("issue")
    run("void", ORDER_NO, "--reason", "期限有误")
    out = tmp_path / "责改.pdf"

    run("receipt", ORDER_NO, "-o", str(out))

    with office.reading() as session:
        issued = session.scalars(
            select(IssuedDocument).where(IssuedDocument.doc_no == ORDER_NO)
        ).one()
    voided = render_receipt("rectification_order", issued.facts, watermark="作废")
    assert out.read_bytes() == voided


def test_list_and_void_speak_of_the_number(office: Backend) -> None:
    run("issue")
    listed = run("list", "2026-0001")

    voided = run("void", ORDER_NO, "--reason", "期限有误")
    again = run("issue", "2026-0001")

    assert ORDER_NO in listed.output
    assert voided.exit_code == 0, voided.output
    assert "1-1号" in again.output
    assert "已作废" in run("list").output


def test_check_reproduces_and_fails_on_a_changed_byte(office: Backend) -> None:
    run("issue")
    whole = run("check", "--again")
    pdf = next(
        path
        for path in (office.settings.data_dir / "blobs").rglob("*")
        if path.is_file() and path.read_bytes().startswith(b"%PDF")
    )
    content = bytearray(pdf.read_bytes())
    content[-100] ^= 1
    pdf.write_bytes(bytes(content))

    damaged = run("check")

    assert "逐字节一致 2 份，不一致 0 份" in whole.output
    assert whole.output.endswith("核验通过，未发现改动。\n")
    assert "核验通过" not in damaged.output
    assert damaged.exit_code == 1
    assert "已损坏" in damaged.output
    assert "Traceback" not in damaged.output


def test_an_unknown_number_is_one_clear_sentence(office: Backend) -> None:
    result = run("void", "（苏·云）应急检记〔2026〕99号", "--reason", "有误")

    assert result.exit_code == 1
    assert "没有找到" in result.output


def test_a_folder_that_cannot_be_written_is_one_clear_sentence(
    office: Backend, tmp_path: Path
) -> None:
    run("issue")
    (tmp_path / "file").write_text("x")

    result = run("export", "--to", str(tmp_path / "file" / "below"))

    assert result.exit_code == 1
    assert "无法写入" in result.output
