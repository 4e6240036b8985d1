"""`documents verify` of what is made of the record without being registered, and of receipts."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import update

from inspect_server import app
from inspect_server.cli import root
from inspect_server.store.models.inspection import IssuedDocument
from inspect_server.usecases.work import Backend
from pdf_templates.facts import canonical_json
from tests.actors import ALL_ROLES
from tests.conftest import FixedClock
from tests.faces.test_cli_case_file import NUMBER, issued, made_again, run
from tests.faces.test_cli_documents import ORDER_NO, RECORD_NO, office
from tests.sampling import rows_in
from tests.scenes import scene
from tests.tampering import unguard
from tests.usecases.bureau import small_form

__all__ = ["issued", "office", "small_form"]

AGAIN_NO = ORDER_NO.replace("1号", "1-1号")


@pytest.fixture
def case_file(
    sqlite_backend: Backend, small_form: object, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Path:
    """The bureau's case file, which is made once for all."""
    monkeypatch.setattr(app, "make_backend", lambda **_: sqlite_backend)
    path = tmp_path / "案卷.pdf"
    path.write_bytes(filed(sqlite_backend))
    return path


@scene
def filed(backend: Backend) -> bytes:
    made_again(backend)
    return made(backend.settings.data_dir / "made.pdf", "case-file", NUMBER).read_bytes()


def verify(path: Path) -> Result:
    return CliRunner().invoke(root, ["documents", "verify", str(path)])


def made(path: Path, *arguments: str) -> Path:
    done = run(*arguments, "-o", str(path))
    assert done.exit_code == 0, done.output
    return path


def rewritten(path: Path, name: str, change: Callable[[Any], object]) -> Path:
    """Change the data inside a paper; its pages stay."""
    with pikepdf.open(io.BytesIO(path.read_bytes())) as pdf:
        inside = json.loads(pdf.attachments[name].get_file().read_bytes())
        change(inside)
        file = pdf.attachments[name].obj["/EF"]["/F"]
        file.write(canonical_json(inside))
        pdf.save(path)
    return path


def test_a_receipt_is_known_as_one_and_one_that_was_voided_is_four(
    issued: Backend, tmp_path: Path
) -> None:
    good = verify(made(tmp_path / "a.pdf", "receipt", AGAIN_NO))
    voided = verify(made(tmp_path / "b.pdf", "receipt", ORDER_NO))

    assert good.exit_code == 3, good.output
    assert f"文件是 {AGAIN_NO} 的热敏纸版" in good.output
    assert "×" not in good.output.replace("“×”", "")
    assert voided.exit_code == 4, voided.output
    assert f"文件是 {ORDER_NO} 的热敏纸版" in voided.output


def test_a_receipt_with_another_page_or_content_is_one(issued: Backend, tmp_path: Path) -> None:
    path = made(tmp_path / "a.pdf", "receipt", AGAIN_NO)
    page = verify(rewritten(path, "facts.json", lambda _: None))
    path = made(tmp_path / "b.pdf", "receipt", AGAIN_NO)
    content = verify(rewritten(path, "facts.json", lambda facts: facts.update(authority="某局")))

    assert page.exit_code == 1
    assert "所附内容数据与登记一致，但文件与登记的不同" in page.output
    assert content.exit_code == 1
    assert "所附内容数据与登记的内容不符" in content.output


def test_a_case_file_is_compared_document_by_document(issued: Backend, tmp_path: Path) -> None:
    found = verify(made(tmp_path / "案卷.pdf", "case-file", NUMBER))

    assert found.exit_code == 3, found.output
    assert f"电子案卷，检查 {NUMBER}" in found.output
    assert "编入的文书 3 份，内容与登记一致" in found.output
    assert "事件哈希与登记一致" in found.output
    assert "所载登记总值与登记一致" in found.output
    for said in ("封面所载检查单位", "事件的时间、内容、人员与登记一致", "重新编制的逐字节一致"):
        assert said in found.output
    assert found.output.count("？") == 2  # nobody signed it; the mark in the last line
    assert "未发现改动" in found.output


def _of(inside: Any, doc_no: str) -> Any:
    return next(one for one in inside["documents"] if one["facts"].get("doc_no") == doc_no)


def cover_in(inside: Any) -> Any:
    return inside["documents"][0]["facts"]


def record_in(inside: Any) -> Any:
    return inside["documents"][-1]["facts"]


def entries_in(inside: Any) -> Any:
    return record_in(inside)["entries"]


@pytest.mark.parametrize(
    ("change", "said"),
    rows_in(
        3,
        [
            (
                lambda it: _of(it, RECORD_NO)["facts"].update(authority="某局"),
                "的内容与登记的内容不符",
            ),
            (lambda it: it["documents"].remove(_of(it, RECORD_NO)), "案卷中没有"),
            (lambda it: _of(it, ORDER_NO).update(voided=False), "是否作废，与登记不符"),
            (lambda it: it.update(case="2026-0009"), "登记中该检查没有这份文书"),
            (
                lambda it: it["documents"][-1]["facts"].update(ledger="0" * 64),
                "不在本库的历次总值中",
            ),
            (
                lambda it: it["documents"][-1]["facts"]["entries"][0].update(leaf="0" * 64),
                "有 1 条不在登记中",
            ),
            (lambda it: it.update(documents=[]), "不是本系统编制的案卷"),
            (lambda it: it["documents"].pop(), "由 documents bind 合订，不是按登记编制的"),
            (lambda it: it.update(case="\x1b[2J"), "检查 （不可显示）"),
            (lambda it: cover_in(it).update(result="未发现问题"), "封面所载与登记不符"),
            (lambda it: cover_in(it)["officers"].pop(0), "封面所载与登记不符"),
            (lambda it: entries_in(it)[0].update(event="结束检查"), "事件的时间、内容与登记不符"),
            (lambda it: entries_in(it)[1].update(noted_at="x"), "事件的时间、内容与登记不符"),
            (lambda it: entries_in(it).pop(1), "有缺漏，或者先后不符"),
            (lambda it: entries_in(it).reverse(), "有缺漏，或者先后不符"),
            (lambda it: record_in(it).update(verified="均相符。"), "核验说明与所列事件不符"),
            (lambda it: record_in(it).update(entries=[]), "不是本系统编制的案卷"),
            (lambda it: cover_in(it).update(made_at="0001-01-01T00:00:00+08:00"), "早于所列事件"),
        ],
    ),
    ids=[
        "facts",
        "left out",
        "void",
        "case",
        "total",
        "event",
        "empty",
        "bound",
        "escape",
        "result",
        "officer",
        "event",
        "time",
        "entry",
        "order",
        "words",
        "none",
        "year",
    ],
)
def test_a_case_file_that_says_otherwise_than_the_record_is_one(
    case_file: Path, change: Callable[[Any], object], said: str
) -> None:
    found = verify(rewritten(case_file, "case.json", change))

    assert found.exit_code == 1, found.output
    assert said in found.output
    assert "\x1b" not in found.output


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda it: None, "各页与按所附内容数据重新编制的不同"),
        (lambda it: cover_in(it).update(state="已结案"), "办理、归档情况与登记现在的情况不同"),
        (lambda it: entries_in(it)[0].update(actor="某人"), "姓名与账号现在的姓名不同"),
        (lambda it: it.update(title="某案卷"), "名称与登记现在的名称不同"),
    ],
    ids=["pages", "state", "name", "title"],
)
def test_what_may_have_changed_since_is_not_proven(
    case_file: Path, change: Callable[[Any], object], said: str
) -> None:
    found = verify(rewritten(case_file, "case.json", change))

    assert found.exit_code == 3, found.output
    assert said in found.output
    assert "各页与按所附内容数据重新编制的不同" in found.output


def test_what_came_after_a_case_file_is_said_and_no_fault(
    issued: Backend, clock: FixedClock, tmp_path: Path
) -> None:
    path = made(tmp_path / "案卷.pdf", "case-file", NUMBER)
    clock.forward(hours=1)
    run("void", AGAIN_NO, "--reason", "期限有误")
    run("issue", NUMBER)

    found = verify(path)

    assert found.exit_code == 3, found.output
    assert f"{AGAIN_NO} 在编制之后已作废" in found.output
    assert "编制之后又制作了" in found.output


def test_a_ledger_is_looked_up_by_its_total(issued: Backend, tmp_path: Path) -> None:
    path = made(tmp_path / "台账.pdf", "ledger")
    run("void", AGAIN_NO, "--reason", "期限有误")

    found = verify(path)

    assert found.exit_code == 3, found.output
    for said in (
        "执法日台账，台账所记日期",
        "所载登记总值与登记一致",
        "重新排印的逐字节一致",
        "检查结果、办理情况和当日事件条数未逐项比对",
    ):
        assert said in found.output
    assert "未发现改动" in found.output


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda it: it.update(total="0" * 64), "不在本库的历次总值中"),
        (lambda it: it.update(items=1), "所载登记总值计 1 项"),
        (lambda it: it["papers"][0].update(doc_no="甲1号"), "登记中没有所载文号：甲1号"),
        (lambda it: it.update(papers=3), "不是本系统制作的台账"),
    ],
    ids=["total", "items", "paper", "shape"],
)
def test_a_ledger_that_says_otherwise_than_the_record_is_one(
    issued: Backend, tmp_path: Path, change: Callable[[Any], object], said: str
) -> None:
    found = verify(rewritten(made(tmp_path / "台账.pdf", "ledger"), "facts.json", change))

    assert found.exit_code == 1, found.output
    assert said in found.output


def test_a_ledger_whose_page_may_differ_from_its_data_is_not_proven(
    issued: Backend, tmp_path: Path
) -> None:
    path = made(tmp_path / "台账.pdf", "ledger")

    found = verify(rewritten(path, "facts.json", lambda _: None))

    assert found.exit_code == 3, found.output
    assert "重新排印的不同：页面可能被改动" in found.output


def test_a_case_file_is_held_to_the_stored_rows(issued: Backend, tmp_path: Path) -> None:
    path = made(tmp_path / "案卷.pdf", "case-file", NUMBER)
    with issued.begin(ALL_ROLES) as work:
        unguard(work.session, "issued_document")
        changed = update(IssuedDocument).where(IssuedDocument.doc_no == AGAIN_NO)
        work.session.execute(changed.values(content_sha256="0" * 64))

    found = verify(path)

    assert found.exit_code == 1, found.output
    assert f"{AGAIN_NO} 的内容与登记的内容不符" in found.output
