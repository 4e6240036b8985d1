"""`inspect-server documents`: what an office sees, types and finds in its folder."""

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from inspect_server import app
from inspect_server.cli import root
from inspect_server.domain.enums import Role
from inspect_server.store.models.inspection import IssuedDocument
from inspect_server.usecases.accounts import add_user
from inspect_server.usecases.documents.fonts import bureau_fonts
from inspect_server.usecases.work import Backend
from pdf_templates.catalogue import render_receipt
from pdf_templates.fonts.prepare import prepared
from tests.actors import ALL_ROLES
from tests.conftest import FixedClock
from tests.scenes import scene
from tests.unit.own_fonts import make_font
from tests.usecases.bureau import small_form
from tests.usecases.test_documents import closed_visit

__all__ = ["small_form"]

DRAW_NO = "2026-D01"
RECORD_NO, ORDER_NO = "（苏·云）应急检记〔2026〕1号", "（苏·云）应急责改〔2026〕1号"


@pytest.fixture
def office(sqlite_backend: Backend, small_form: object, monkeypatch: pytest.MonkeyPatch) -> Backend:
    """A bureau with one closed record, on which the command line works."""
    monkeypatch.setattr(app, "make_backend", lambda **_: sqlite_backend)
    furnish(sqlite_backend)
    return sqlite_backend


@scene
def furnish(backend: Backend) -> None:
    """Close one record, and give the office somebody who makes the documents."""
    closed_visit(backend)
    with backend.begin(ALL_ROLES) as work:
        add_user(work, "neiqin", "内勤", "办公室", [Role.OFFICE], "office-passphrase-2026")


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

    made = run("receipt", ORDER_NO, "-o", str(out))

    assert "所印带“作废”字样，不得送达" in made.output
    with office.reading() as session:
        issued = session.scalars(
            select(IssuedDocument).where(IssuedDocument.doc_no == ORDER_NO)
        ).one()
    voided = render_receipt("rectification_order", issued.facts, watermark="作废")
    assert out.read_bytes() == voided


def test_export_says_of_voided_documents_that_their_pages_do_not_say_so(
    office: Backend, tmp_path: Path
) -> None:
    run("issue")
    whole = run("export", "--to", str(tmp_path / "a"), "--with-voided")
    for doc_no in (ORDER_NO, RECORD_NO):
        run("void", doc_no, "--reason", "期限有误")
        exported = run("export", "--to", str(tmp_path / doc_no), "--with-voided")
        assert "页面上没有“作废”字样，仅供存档，不得送达" in exported.output
        assert ("（已作废的除外）" in exported.output) == (doc_no == ORDER_NO)

    assert "作废" not in whole.output
    assert "打印后由检查人员送达当事人" in whole.output
    assert "送达当事人" not in exported.output
    issued, voided = (
        next(path for path in (tmp_path / name).iterdir() if ORDER_NO in path.name)
        for name in ("a", ORDER_NO)
    )
    assert "_已作废" in voided.name
    assert voided.read_bytes() == issued.read_bytes()


def test_export_names_the_files_that_it_replaces_by_others(office: Backend, tmp_path: Path) -> None:
    run("issue")
    first = run("export", "--to", str(tmp_path))
    (tmp_path / f"现场检查记录_{RECORD_NO}.pdf").write_bytes(b"earlier")

    second = run("export", "--to", str(tmp_path))

    assert "已替换" not in first.output
    assert f"已替换目录中内容不同的同名文件：现场检查记录_{RECORD_NO}.pdf" in second.output
    assert second.output.count("已替换") == 1


def test_a_document_whose_file_is_gone_is_no_matter_of_a_phone_alone(
    office: Backend, tmp_path: Path
) -> None:
    run("issue")
    for path in (office.settings.data_dir / "blobs").rglob("*"):
        if path.is_file():
            path.unlink()

    for gone in (run("check"), run("export", "--to", str(tmp_path))):
        assert gone.exit_code == 1
        assert "是文书等其他文件的，数据已缺失，请立即停止使用并从备份恢复" in gone.output


def test_list_and_void_speak_of_the_number(office: Backend) -> None:
    run("issue")
    listed = run("list", "2026-0001")
    with office.reading() as session:
        digests = session.scalars(select(IssuedDocument.content_sha256)).all()

    voided = run("void", ORDER_NO, "--reason", "期限有误")
    again = run("issue", "2026-0001")

    assert ORDER_NO in listed.output
    for digest in digests:
        assert f"内容摘要 SHA-256：{digest}" in listed.output
    assert voided.exit_code == 0, voided.output
    assert "1-1号" in again.output
    assert "已作废" in run("list").output


def test_after_a_void_the_next_step_gives_a_deadline_where_the_old_one_has_passed(
    office: Backend, clock: FixedClock
) -> None:
    run("issue")
    soon = run("void", ORDER_NO, "--reason", "期限有误")
    again = run("issue", "2026-0001")
    clock.forward(days=30)

    record = run("void", RECORD_NO, "--reason", "有误")
    late = run("void", ORDER_NO.replace("1号", "1-1号"), "--reason", "期限有误")

    assert "documents issue 2026-0001 --as 账号" in soon.output
    assert again.exit_code == 0, again.output
    assert "documents issue 2026-0001 --deadline 日期 --as 账号" in late.output
    assert "由主办人员、承办机构负责人或审批人办理" in late.output
    assert "documents issue 2026-0001 --as 账号" in record.output


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


def test_what_is_set_otherwise_with_an_own_font_is_said_to_be_no_change(
    office: Backend, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    run("issue")
    font = tmp_path / "own.glyphs"
    font.write_bytes(prepared(make_font(tmp_path / "own.ttf", "检查")))
    settings = replace(office.settings, fonts_body=str(font))
    own = replace(office, settings=settings, fonts=bureau_fonts(settings))
    monkeypatch.setattr(app, "make_backend", lambda **_: own)

    otherwise = run("check", "--again").output
    monkeypatch.setattr(app, "make_backend", lambda **_: replace(own, settings=office.settings))
    without = run("check", "--again").output

    assert "逐字节一致 0 份，不一致 2 份" in otherwise
    assert "可能由字体、程序库版本不同所致" in otherwise
    assert f"现用本机关自有字体：fonts_body（{font}）" in otherwise
    assert otherwise.endswith("核验通过，未发现改动。\n")
    assert "所致" in without
    assert "自有字体" not in without
    assert "所致" not in run("check").output


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
