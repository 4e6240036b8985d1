"""`plan` on the command line: figures in Chinese, and refusals as one sentence."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import CliRunner, Result

from inspect_server.app import make_backend
from inspect_server.cli import root
from inspect_server.domain.enums import Credit, EnterpriseStatus, Risk, Role, Standardisation
from inspect_server.store.models.registry import Enterprise, Officer
from inspect_server.store.schema import upgrade
from inspect_server.usecases.accounts import add_user
from tests.actors import ALL_ROLES

YEAR = str(datetime.now(UTC).year + 1)

Run = Callable[..., Result]

AUTHORS = "plan-author-2026-pass"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A bureau of ten enterprises, two officers and one approver."""
    monkeypatch.setenv("INSPECT_DATA_DIR", str(tmp_path))
    held = make_backend()
    upgrade(held.engine)
    with held.begin(ALL_ROLES) as work:
        stamps = {"created_at": work.now, "updated_at": work.now}
        for number in range(10):
            row = Enterprise(
                id=uuid4(),
                uscc=f"9132{number:014d}",
                name=f"企业{number}",
                division="320799",
                sectors=["dust_explosion"],
                risk=Risk.RED,
                credit=Credit.B,
                standardisation=Standardisation.NONE,
                is_key=number == 0,
                status=EnterpriseStatus.CLOSED if number == 9 else EnterpriseStatus.OPERATING,
                contacts=[],
                **stamps,
            )
            work.session.add(row)
        for number in range(2):
            officer = Officer(
                id=uuid4(),
                cert_no=f"JS{number}",
                cert_valid_from=date(2020, 1, 1),
                cert_valid_to=date(2200, 1, 1),
                name=f"人员{number}",
                unit="执法大队",
                specialties=[],
                may_lead=True,
                active=True,
                **stamps,
            )
            work.session.add(officer)
        add_user(work, "wangwu", "王五", "综合科", {Role.SUPERVISOR, Role.APPROVER}, AUTHORS)
        add_user(work, "lisi", "李四", "法制科", {Role.APPROVER}, "plan-approver-2026-pass")
    held.engine.dispose()
    return lambda *args: CliRunner().invoke(root, ["plan", *args])


def test_making_shows_the_arithmetic_and_the_next_step(run: Run) -> None:
    result = run("make", "--as", "wangwu", "--year", YEAR)

    assert result.exit_code == 0, result.output
    assert "名录库 10 家，其中重点企业 1 家；一年 12 批" in result.output
    assert "2 名持证人员" in result.output
    assert "不纳入：已注销或关闭 1 家。" in result.output
    assert "2.1667%" in result.output
    assert "县级·粉尘涉爆·红·B级·未检查过  county.dust_explosion.red.B.never" in result.output
    assert "应覆盖 1 家：已检查 0 家，已抽中未办结 0 家，待抽取 1 家，" in result.output
    assert "any.dust_explosion.any.any.key.p83334" in result.output
    assert "下一步" in result.output


def test_a_draft_is_approved_by_another_account_and_then_in_force(run: Run) -> None:
    run("make", "--as", "wangwu", "--year", YEAR)
    nobody = run("approve", "--year", YEAR)
    own = run("approve", "--year", YEAR, "--as", "wangwu")
    other = run("approve", "--year", YEAR, "--as", "lisi")
    shown = run("show", "--year", YEAR)

    assert nobody.exit_code == own.exit_code == 1
    assert "--as" in nobody.stderr
    assert "检查计划不能由编制人自己审批" in own.stderr
    assert other.exit_code == 0, other.output
    assert "（已批准）" in shown.output


def test_an_impossible_plan_is_one_sentence_and_exit_code_1(run: Run, tmp_path: Path) -> None:
    rates = tmp_path / "本局.toml"
    rates.write_text(
        '[capacity.share_permille]\ntitle = "份额"\nunit = "permille"\n'
        "[[capacity.share_permille.rows]]\nfrom = 2026-01-01\nvalue = 1\n"
        'source = "本局"\nverified = true\n',
        "utf-8",
    )
    result = run("make", "--as", "wangwu", "--year", YEAR, "--rates", str(rates))

    assert result.exit_code == 1
    assert "可完成 0 次" in result.stderr
    assert "[" not in result.stderr  # no traceback, no list
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"rate = [", "TOML"),
        ("抽查率".encode("gb18030"), "UTF-8"),
        (b"[cap.annual_checks]\n", "rows"),
    ],
)
def test_a_rates_file_that_cannot_be_used_is_explained(
    run: Run, tmp_path: Path, content: bytes, named: str
) -> None:
    rates = tmp_path / "rates.toml"
    rates.write_bytes(content)
    result = run("make", "--as", "wangwu", "--year", YEAR, "--rates", str(rates))

    assert result.exit_code == 1
    assert named in result.stderr


def test_showing_or_approving_nothing_says_so(run: Run) -> None:
    shown, approved = run("show", "--year", YEAR), run("approve", "--year", YEAR, "--as", "lisi")

    assert shown.exit_code == approved.exit_code == 1
    assert f"{YEAR} 年还没有检查计划，请先编制" in shown.stderr
    assert f"{YEAR} 年待审批的检查计划草稿，请先编制计划" in approved.stderr
