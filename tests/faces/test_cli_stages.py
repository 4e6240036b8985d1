"""A step taken too early, or with somebody else's tasks: what is missing and whose step it is."""

from dataclasses import replace

import pytest

from inspect_server import app
from inspect_server.store.models.inspection import Inspection
from inspect_server.usecases.inspecting.dispatch import approve_scheme
from inspect_server.usecases.work import Backend
from tests.faces.test_cli_cases import Run, run
from tests.usecases.bureau import open_bureau, small_form
from tests.usecases.phones import Visit

__all__ = ["run", "small_form"]

pytestmark = pytest.mark.usefixtures("small_form")

PASSWORD = "Yunwan-2026-cli"


def _supervisor(run: Run, backend: Backend) -> None:
    added = run(
        "user", "add", "chief", "--name", "王", "--unit", backend.settings.authority,
        "--role", "supervisor", stdin=PASSWORD + "\n",
    )  # fmt: skip
    assert added.exit_code == 0, added.output


def test_sending_before_there_are_schemes_says_whose_step_is_missing(
    run: Run, sqlite_backend: Backend
) -> None:
    open_bureau(sqlite_backend)
    _supervisor(run, sqlite_backend)

    sent = run("dispatch", "send", "--draw", "2026-D01", "--as", "chief")

    assert "尚未编制检查方案" in sent.output
    assert "由承办机构负责人编制检查方案" in sent.output
    assert "dispatch schemes --draw 2026-D01" in sent.output


@pytest.mark.parametrize(("number", "is_told"), [("", True), ("0518-85550110", False)])
def test_sending_says_that_no_number_for_complaints_will_be_on_the_notice(
    run: Run,
    sqlite_backend: Backend,
    monkeypatch: pytest.MonkeyPatch,
    number: str,
    is_told: bool,
) -> None:
    settings = replace(sqlite_backend.settings, desk_complaint_phone=number)
    backend = replace(sqlite_backend, settings=settings)
    monkeypatch.setattr(app, "make_backend", lambda **_: backend)
    open_bureau(sqlite_backend).approved()
    _supervisor(run, sqlite_backend)

    sent = run("dispatch", "send", "--draw", "2026-D01", "--as", "chief")

    assert "手机上同步任务" in sent.stderr
    assert ("没有填写监督投诉电话" in sent.stderr) == is_told


def test_a_task_not_begun_says_whose_step_comes_before_closing(
    run: Run, sqlite_backend: Backend
) -> None:
    open_bureau(sqlite_backend).dispatched()

    refused = run("record", "close", "2026-0001", "--as", "officer0")

    assert "“已派发”" in refused.output
    assert "由检查人员到场，在手机上记录开始检查并同步" in refused.output


def test_closing_a_draw_takes_only_what_the_account_may_close(
    run: Run, sqlite_backend: Backend
) -> None:
    bureau = open_bureau(sqlite_backend)
    visit = Visit(bureau, bureau.dispatched()[0])
    visit.start(0, 1)
    with sqlite_backend.reading() as session:
        number = session.get_one(Inspection, visit.inspection).number

    member = run("record", "close", "--draw", "2026-D01", "--as", "officer1")
    lead = run("record", "close", "--draw", "2026-D01", "--as", "officer0")

    assert "没有一件由当前账号办结" in member.output
    assert number not in member.output
    assert f"{number} 未办结" in lead.output


def test_sending_some_tasks_of_a_draw_names_those_that_nobody_approved(
    run: Run, sqlite_backend: Backend
) -> None:
    bureau = open_bureau(sqlite_backend)
    _supervisor(run, sqlite_backend)
    approved, draft = bureau.schemes()
    with sqlite_backend.begin(bureau.approver) as work:
        approve_scheme(work, approved)
        left = work.session.get_one(Inspection, draft).number

    sent = run("dispatch", "send", "--draw", "2026-D01", "--as", "chief")

    assert "完成 1 件，未完成 0 件" in sent.output
    assert f"有 1 件检查方案尚未审批，任务没有派发：{left}。" in sent.output
    assert sent.output.index("dispatch approve --draw 2026-D01") < sent.output.index(
        "dispatch send --draw 2026-D01"
    )
