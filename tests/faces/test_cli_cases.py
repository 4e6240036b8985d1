"""user, dispatch and record on the command line: the whole way, and refusals as one sentence."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text, update

from inspect_server import app
from inspect_server.cli import root
from inspect_server.domain.enums import InspectionState
from inspect_server.store.models.inspection import Inspection
from inspect_server.store.models.registry import Officer
from inspect_server.usecases.work import Backend
from tests.actors import ALL_ROLES
from tests.tampering import unguard
from tests.usecases.bureau import open_bureau, small_form
from tests.usecases.phones import Visit

__all__ = ["small_form"]

pytestmark = pytest.mark.usefixtures("small_form")

PASSWORD = "Yun-Wan#2026x"

Run = Callable[..., Result]


@pytest.fixture
def run(sqlite_backend: Backend, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run one command on the test's database; an unexpected exception fails the test."""
    monkeypatch.setattr(app, "make_backend", lambda **_: sqlite_backend)

    def invoke(*args: str, stdin: str | None = None) -> Result:
        result = CliRunner().invoke(root, list(args), input=stdin)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return invoke


def _people(run: Run) -> None:
    for login, role in (("author", "supervisor"), ("boss", "approver")):
        added = run("user", "add", login, "--name", "某", "--role", role, stdin=PASSWORD + "\n")
        assert added.exit_code == 0, added.output


def test_an_account_is_added_listed_and_disabled(run: Run) -> None:
    _people(run)

    run("user", "disable", "boss")
    listed = run("user", "list").output.splitlines()

    assert any("author" in line and "承办机构负责人" in line and "正常" in line for line in listed)
    assert any("boss" in line and "停用" in line for line in listed)
    assert PASSWORD not in "".join(listed)


def test_a_password_comes_from_standard_input_and_never_from_the_command_line(run: Run) -> None:
    add = ("user", "add", "li", "--name", "李", "--role", "office")

    assert run(*add, "--password", PASSWORD).exit_code == 2
    assert "标准输入为空" in run(*add, stdin="").output
    assert "密码强度不足" in run(*add, stdin="12345678\n").output


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--role", "audit_admin", "--role", "supervisor"), "三员分立"),
        (("--role", "inspector"), "执法证号"),
        (("--role", "inspector", "--officer", "没有"), "没有找到该执法证号的执法人员"),
    ],
)
def test_accounts_that_must_not_be_are_one_chinese_sentence(
    run: Run, options: tuple[str, ...], sentence: str
) -> None:
    refused = run("user", "add", "li", "--name", "李", *options, stdin=PASSWORD + "\n")

    assert refused.exit_code == 1
    assert sentence in refused.output
    assert "Traceback" not in refused.output


def test_an_account_needs_a_unit_and_says_where_to_name_one(
    run: Run, sqlite_backend: Backend
) -> None:
    nameless = replace(sqlite_backend.settings, authority="")
    object.__setattr__(sqlite_backend, "settings", nameless)
    add = ("user", "add", "li", "--name", "李", "--role", "office")

    refused = run(*add, stdin=PASSWORD + "\n")
    added = run(*add, "--unit", "执法一科", stdin=PASSWORD + "\n")

    assert refused.exit_code == 1
    assert all(word in refused.output for word in ("--unit", "authority", "INSPECT_AUTHORITY"))
    assert "已新增账号 li：内勤。" in added.output
    assert "下一步：办理事项时在命令后加 --as li；本人登录网页可以查看。" in added.output


def test_an_inspectors_account_is_tied_to_the_certificate(
    run: Run, sqlite_backend: Backend
) -> None:
    open_bureau(sqlite_backend)
    taken = run(
        "user", "add", "x", "--name", "李", "--role", "inspector", "--officer", "32079900001",
        stdin=PASSWORD + "\n",
    )  # fmt: skip

    assert taken.exit_code == 1
    assert "该执法人员已有账号" in taken.output


def test_an_officers_account_bears_the_registered_name(run: Run, sqlite_backend: Backend) -> None:
    open_bureau(sqlite_backend)
    with sqlite_backend.begin(ALL_ROLES) as work:
        work.session.add(
            Officer(
                id=uuid4(),
                cert_no="32079900077",
                cert_valid_from=date(2024, 1, 1),
                cert_valid_to=date(2028, 12, 31),
                name="吴检查",
                unit="一科",
                specialties=[],
                may_lead=True,
                active=True,
                created_at=work.now,
                updated_at=work.now,
            )
        )
    added = run(
        "user", "add", "zf05", "--name", "李", "--role", "inspector", "--officer", "32079900077",
        stdin=PASSWORD + "\n",
    )  # fmt: skip

    assert "姓名按执法人员名录记为“吴检查”，不用所写的“李”" in added.output
    assert "吴检查" in run("user", "list").output


def test_nothing_stands_between_a_login_and_the_stop_behind_it(run: Run) -> None:
    assert "没有找到账号 nobody，" in run("user", "disable", "nobody").output


def test_a_draw_goes_from_schemes_to_phones_and_one_officer_is_replaced(
    run: Run, sqlite_backend: Backend
) -> None:
    open_bureau(sqlite_backend)
    _people(run)

    made = run("dispatch", "schemes", "--draw", "2026-D01", "--as", "author")
    own = run("dispatch", "approve", "--draw", "2026-D01", "--as", "author")
    approved = run("dispatch", "approve", "--draw", "2026-D01", "--as", "boss")
    sent = run("dispatch", "send", "--draw", "2026-D01", "--as", "author")
    replaced = run(
        "dispatch", "reassign", "2026-0001", "--out", "32079900001", "--in", "32079900002",
        "--reason", "leave", "--as", "author",
    )  # fmt: skip
    shown = run("record", "show", "2026-0001", "--as", "boss")
    verified = run("record", "verify", "2026-0001")

    assert "2 份" in made.output
    assert (own.exit_code, "不能由编制人自己审批" in own.output) == (1, True)
    assert "完成 2 件" in approved.output
    assert "完成 2 件" in sent.output
    assert (replaced.exit_code, "已改派" in replaced.output) == (0, True)
    assert "赵检查、孙检查" in shown.output
    assert "改派人员" in shown.output
    assert verified.exit_code == 0


def test_one_refusal_does_not_hold_the_rest(run: Run, sqlite_backend: Backend) -> None:
    bureau = open_bureau(sqlite_backend)
    _people(run)
    bureau.schemes()
    bureau.recuse(1, "91320799MA1WAAAA1X")

    approved = run("dispatch", "approve", "--draw", "2026-D01", "--as", "boss")

    assert approved.exit_code == 1
    assert "完成 1 件，未完成 1 件" in approved.output
    assert "2026-0001" in approved.output
    assert "回避" in approved.output


@pytest.mark.parametrize(
    "args",
    [
        ("dispatch", "schemes", "--draw", "2026-X"),
        ("dispatch", "send", "2026-9999"),
        ("record", "close", "2026-9999"),
        ("record", "show", "2026-9999"),
        ("record", "verify", "2026-9999"),
        ("dispatch", "send", "--draw", "2026-D01", "--as", "nobody"),
    ],
)
def test_unknown_numbers_and_accounts_are_one_chinese_sentence(
    run: Run, args: tuple[str, ...]
) -> None:
    refused = run(*args)

    assert refused.exit_code == 1
    assert refused.output.startswith("错误：没有找到")


def test_numbers_or_a_draw_but_not_both(run: Run) -> None:
    assert run("dispatch", "send").exit_code == 2
    assert run("dispatch", "send", "2026-0001", "--draw", "D").exit_code == 2


def test_a_record_is_closed_and_a_changed_byte_makes_its_verification_fail(
    run: Run, sqlite_backend: Backend
) -> None:
    bureau = open_bureau(sqlite_backend)
    visit = Visit(bureau, bureau.dispatched()[0])
    visit.start(0, 1)
    refused = run("record", "close", "2026-0001", "--as", "officer0")
    visit.answer_all()
    visit.sign_all()

    closed = run("record", "close", "2026-0001", "--as", "officer0")
    whole = run("record", "verify", "2026-0001")
    _change_record(sqlite_backend)
    changed = run("record", "verify")

    assert (refused.exit_code, "3 项未填写" in refused.output) == (1, True)
    assert (closed.exit_code, "已办结" in closed.output) == (0, True)
    assert (whole.exit_code, "核验通过，未发现改动。" in whole.output) == (0, True)
    assert changed.exit_code == 1
    assert "record 与全过程记录不符" in changed.output


def test_a_changed_leaf_makes_verification_fail(run: Run, sqlite_backend: Backend) -> None:
    bureau = open_bureau(sqlite_backend)
    bureau.dispatched()
    with sqlite_backend.begin(ALL_ROLES) as work:
        work.session.execute(text("DROP TRIGGER record_leaf_no_update"))
        work.session.execute(
            text("UPDATE record_leaf SET content = content || ' ' WHERE type = 'scheme.approved'")
        )

    changed = run("record", "verify")

    assert changed.exit_code == 1
    assert "内容与其哈希不符" in changed.output


def test_closing_a_draw_with_nothing_under_way_says_why_and_what_next(
    run: Run, sqlite_backend: Backend
) -> None:
    bureau = open_bureau(sqlite_backend)
    close = ("record", "close", "--draw", "2026-D01", "--as", "officer0")

    before = run(*close)
    bureau.dispatched()
    after = run(*close)
    nobody = run("record", "close", "--draw", "2026-D01", "--as", "nobody")

    assert "尚未编制检查方案" in before.output
    assert "dispatch schemes --draw 2026-D01" in before.output
    assert "已派发 2 件" in after.output
    assert "在手机上开始检查" in after.output
    assert "没有找到可用的账号 nobody" in nobody.output


@pytest.mark.parametrize("change", ["type = 'visit.started'", "at = '2020-01-01 00:00:00'"])
def test_a_changed_copy_of_a_leaf_makes_verification_fail(
    run: Run, sqlite_backend: Backend, change: str
) -> None:
    bureau = open_bureau(sqlite_backend)
    bureau.dispatched()
    with sqlite_backend.begin(ALL_ROLES) as work:
        work.session.execute(text("DROP TRIGGER record_leaf_no_update"))
        work.session.execute(
            text(f"UPDATE record_leaf SET {change} WHERE type = 'scheme.approved'")
        )

    changed = run("record", "verify")

    assert changed.exit_code == 1
    assert "登记的类型或时间与内容不符" in changed.output


@pytest.mark.parametrize(
    "command",
    [
        ("user",), ("user", "add"), ("user", "list"), ("user", "roles"), ("user", "password"),
        ("user", "disable"), ("dispatch",), ("dispatch", "schemes"), ("dispatch", "approve"),
        ("dispatch", "send"), ("dispatch", "refresh"), ("dispatch", "reassign"), ("record",),
        ("record", "close"), ("record", "show"), ("record", "verify"),
    ],
)  # fmt: skip
def test_every_help_is_chinese_with_an_example(run: Run, command: tuple[str, ...]) -> None:
    shown = run(*command, "--help")

    assert shown.exit_code == 0
    assert "用法" in shown.output
    assert len(command) == 1 or "示例" in shown.output


def _change_record(backend: Backend) -> None:
    with backend.begin(ALL_ROLES) as work:
        row = work.session.query(Inspection).filter_by(number="2026-0001").one()
        assert row.state is InspectionState.RECORD_CLOSED
        record = {**(row.record or {}), "place": "别处"}
        unguard(work.session, "inspection")
        work.session.execute(
            update(Inspection).where(Inspection.id == row.id).values(record=record)
        )


def test_closing_tells_what_is_to_be_referred_and_supervised_and_show_lists_it(
    run: Run, sqlite_backend: Backend
) -> None:
    bureau = open_bureau(sqlite_backend)
    _people(run)
    visit = Visit(bureau, bureau.dispatched()[0])
    visit.start(0, 1)
    visit.answer_all()
    visit.phone(0).find("", text="灭火器过期", measure="refer", deadline="")
    visit.phone(0).find("", text="除尘器停用", level="major", measure="suspend")
    visit.sign_all()

    told = run("record", "close", "2026-0001", "--as", "boss").output
    shown = run("record", "show", "2026-0001", "--as", "boss").output

    assert "一般隐患 0 项，重大隐患 1 项" in told
    assert "须移送其他部门的线索 1 项" in told
    assert "待挂牌督办的重大事故隐患 1 项" in told
    assert "待移送 问题 1 移送其他有管辖权的部门：灭火器过期（一号池）" in shown
    assert "待挂牌督办 问题 2" in shown
