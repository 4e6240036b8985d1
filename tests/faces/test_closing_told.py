"""What whoever closes a record is shown: failures that were left out, hazards without a place."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from forms import load
from forms.expressions.parsing import parse
from forms.library import Library
from forms.model import Condition, Major, Section
from inspect_server import app
from inspect_server.cli import root
from inspect_server.domain.enums import Role
from inspect_server.usecases.work import Backend
from tests.actors import ALL_ROLES
from tests.faces.rest_client import connect
from tests.tampering import unguard
from tests.usecases.bureau import FORM, item, open_bureau
from tests.usecases.phones import Visit

Run = Callable[..., Result]

WET = "${A1} = 'pass'"
STAR = replace(item("A2", Major.YES), question="除尘器为干式", relevant=Condition(WET, parse(WET)))
LIBRARY = Library([replace(FORM, sections=(Section("一", (item("A1"), STAR, item("A3"))),))])
TOLD = "有 1 个检查项曾填为不符合：A2“除尘器为干式”（不符合，为重大事故隐患判定项）；后因"
REASON = "现场复核为湿式除尘"


@pytest.fixture
def run(sqlite_backend: Backend, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command of `record` on the test's database."""
    monkeypatch.setattr(app, "make_backend", lambda **_: sqlite_backend)

    def invoke(*words: str) -> Result:
        return CliRunner().invoke(root, ["record", *words], catch_exceptions=False)

    return invoke


@pytest.fixture
def visit(sqlite_backend: Backend, monkeypatch: pytest.MonkeyPatch) -> Visit:
    """A visit with a ★ that was failed and is not asked any more, and a hazard without photo."""
    monkeypatch.setattr(load, "packaged", lambda: LIBRARY)
    bureau = open_bureau(sqlite_backend)
    visit = Visit(bureau, bureau.dispatched()[0])
    visit.start(0, 1)
    phone = visit.phone(0)
    asked = phone.answer("A1", "pass")
    phone.answer("A2", "fail")
    phone.answer("A3", "pass")
    phone.answer("A1", "not_applicable", [asked], reason="无除尘器")
    phone.find("", level="major", measure="suspend")
    visit.sign_all()
    return visit


def test_the_command_shows_what_was_failed_and_keeps_the_reason(
    run: Run, visit: Visit, sqlite_backend: Backend
) -> None:
    close = ("close", "2026-0001", "--as", "officer0")
    refused, blank = run(*close), run(*close, "--unasked-reason", "  ")
    several = run("close", "2026-0001", "2026-0002", "--unasked-reason", REASON, "--as", "officer0")
    closed = run(*close, "--unasked-reason", REASON)
    shown, whole = run("show", "2026-0001"), run("verify", "2026-0001")
    with sqlite_backend.begin(ALL_ROLES) as work:
        unguard(work.session, "personal_value")
        changed = f"UPDATE personal_value SET value = replace(value, '{REASON}', '无')"
        work.session.execute(text(changed))
    tampered = run("verify", "2026-0001")

    assert (refused.exit_code, blank.exit_code, several.exit_code) == (1, 1, 2)
    assert TOLD in refused.output
    assert TOLD in blank.output
    assert "--unasked-reason 只与一个检查编号合用" in several.output
    assert closed.exit_code == 0
    assert "检查项 A2 的填写（不符合，或者是否不符合已不能确定）不列为问题，" in closed.output
    for told in (closed.output, shown.output):
        assert "问题 1 属于重大事故隐患，没有带定位的照片，请核对所写部位" in told
    assert (whole.exit_code, tampered.exit_code) == (0, 1)
    assert "留存的保密内容与登记不符" in tampered.output


def test_a_program_and_the_page_show_them_as_well(visit: Visit, sqlite_backend: Backend) -> None:
    client = connect(sqlite_backend, app.create_app(sqlite_backend), "wangwu", Role.APPROVER)
    at = f"/inspections/{visit.inspection}/close"
    refused: Any = client.post(at, json={}).get_json()
    closed: Any = client.post(at, json={"unasked_reason": REASON}).get_json()
    page = client.client.get(f"/inspections/{visit.inspection}").text

    assert refused["code"] == "record.failures_unasked"
    assert TOLD in refused["detail"]
    assert (closed["failures_unasked"], closed["unlocated_findings"]) == (["A2"], [1])
    assert f"检查项 A2 曾填为不符合，后因其他项的填写有变而不列为问题，理由：{REASON}" in page
