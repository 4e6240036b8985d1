"""A case keeps the template that it began with, whatever comes in force, through every command."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from inspect_server.usecases.work import Backend
from pdf_templates.check import rectification_order
from tests.conftest import FixedClock
from tests.faces.test_cli_case_file import NUMBER, run, text_of
from tests.faces.test_cli_documents import ORDER_NO, office
from tests.faces.test_cli_documents import run as documents
from tests.usecases.bureau import small_form
from tests.usecases.test_template_versions import NEW, OLD, carries, events_of, forgotten

__all__ = ["forgotten", "office", "small_form"]

AGAIN_NO = ORDER_NO.replace("1号", "1-1号")


@pytest.fixture(autouse=True)
def two_issued(office: Backend, forgotten: None) -> Backend:
    """A record and an order, issued by the versions that the program has now."""
    assert run("issue", NUMBER).exit_code == 0
    return office


def bound(folder: Path) -> str:
    out = folder / "案卷.pdf"
    done = run("case-file", NUMBER, "-o", str(out))
    assert done.exit_code == 0, done.output
    return text_of(out.read_bytes())


@pytest.mark.parametrize("since", [NEW.effective_from, "2026-01-01"], ids=["later", "all along"])
def test_a_case_is_made_again_checked_and_bound_with_the_form_that_it_began_with(
    two_issued: Backend,
    clock: FixedClock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    since: str,
) -> None:
    carries(monkeypatch, rectification_order, replace(NEW, effective_from=since), OLD)
    clock.moment = datetime(2026, 3, 11, 1, 0, tzinfo=UTC)
    run("void", ORDER_NO, "--reason", "期限有误")

    again = run("issue", NUMBER)
    checked = documents("check", "--again")
    text = bound(tmp_path)

    assert again.exit_code == 0, again.output
    assert f"{OLD.title}  {AGAIN_NO}" in again.output
    assert "提醒" not in again.output
    assert checked.exit_code == 0, checked.output
    assert "逐字节一致 3 份，不一致 0 份" in checked.output
    assert text.count(OLD.title) > 3
    assert "责令整改通知书" not in text
    made = [body["template"] for body in events_of(two_issued, "doc.issue")]
    assert made[1:] == [OLD.version, OLD.version]


def test_what_cannot_be_set_again_is_counted_and_named_and_no_pass(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    carries(monkeypatch, rectification_order, NEW)

    plain, again = documents("check"), documents("check", "--again")

    assert plain.exit_code == 0, plain.output
    assert "核验通过" in plain.output
    assert again.exit_code == 3, again.output
    assert "核验通过" not in again.output
    assert "逐字节一致 1 份，不一致 0 份" in again.output
    assert f"未能重新排版：{ORDER_NO}  {NEW.title}，模板版本 {OLD.version}" in again.output
    assert "有 1 份文书未能重新排版" in again.output


def test_a_case_file_says_which_version_is_lacking(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    carries(monkeypatch, rectification_order, NEW)

    refused = run("case-file", NUMBER, "-o", str(tmp_path / "案卷.pdf"))

    assert refused.exit_code == 1
    assert f"版本 {OLD.version} 的文书模板" in refused.output
    assert not [*tmp_path.glob("案卷*")]


def test_a_form_that_had_to_be_given_up_is_said_in_the_answer_and_in_the_process_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("void", ORDER_NO, "--reason", "期限有误")
    with monkeypatch.context() as patch:
        carries(patch, rectification_order, NEW)
        made = run("issue", NUMBER)
    carries(monkeypatch, rectification_order, NEW, OLD)

    assert made.exit_code == 0, made.output
    assert f"{AGAIN_NO} 所替代的文书按模板 {OLD.version} 制作" in made.output
    assert f"改用模板 {NEW.version}" in made.output
    assert f"{AGAIN_NO}（本程序没有原模板{OLD.version}，改用{NEW.version}）" in bound(tmp_path)
