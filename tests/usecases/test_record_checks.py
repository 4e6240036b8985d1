"""What verifying the record finds beside the chain: everything that its events name."""

import pytest
from sqlalchemy import text

from inspect_server.reads.record_checks import check_cases
from inspect_server.usecases.inspecting.dispatch import reassign
from inspect_server.usecases.work import Backend
from tests.actors import ALL_ROLES
from tests.tampering import unguard
from tests.usecases.bureau import Bureau, open_bureau, small_form

__all__ = ["small_form"]

pytestmark = pytest.mark.usefixtures("small_form")

CASE = "inspection/2026-0001"


def _faults(backend: Backend) -> tuple[str, ...]:
    with backend.reading() as session:
        (check,) = check_cases(session, CASE)
    return check.faults


def _changed(backend: Backend) -> Bureau:
    """Schemes made; the first had its team changed since."""
    bureau = open_bureau(backend)
    visit = bureau.schemes()[0]
    with backend.begin(bureau.author) as work:
        reassign(work, visit, bureau.officers[1], bureau.officers[2], "leave")
    return bureau


def test_a_case_that_nobody_touched_has_no_faults(backend: Backend) -> None:
    bureau = open_bureau(backend)
    bureau.dispatched()

    assert _faults(backend) == ()


def test_a_team_changed_before_dispatch_is_no_fault(sqlite_backend: Backend) -> None:
    _changed(sqlite_backend)

    assert _faults(sqlite_backend) == ()


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE personal_value SET value = replace(value, '港前路', '港后路')", "保密内容"),
        ("UPDATE personal_value SET value = '{'", "保密内容"),
        ("UPDATE personal_value SET salt = zeroblob(32)", "保密内容"),
        ("UPDATE inspection SET scheme = replace(scheme, '2026-03-31', '2026-04-30')", "检查方案"),
        ("UPDATE inspection SET form_set = 'small@2'", "检查表"),
        ("UPDATE inspection_form SET version = 2", "检查表"),
        (f"UPDATE inspection_form SET content_sha256 = '{'0' * 64}'", "检查表"),
        ("UPDATE inspection SET number = '2026-9' || substr(number, 7)", "不在数据库"),
    ],
)
def test_what_was_changed_behind_the_record_is_found(
    sqlite_backend: Backend, statement: str, fault: str
) -> None:
    open_bureau(sqlite_backend).dispatched()
    with sqlite_backend.begin(ALL_ROLES) as work:
        unguard(work.session, "personal_value", "inspection")
        work.session.execute(text(statement))

    assert any(fault in one for one in _faults(sqlite_backend))


def test_an_erased_personal_value_is_no_fault(sqlite_backend: Backend) -> None:
    open_bureau(sqlite_backend).dispatched()
    with sqlite_backend.begin(ALL_ROLES) as work:
        work.session.execute(text("DELETE FROM personal_value"))

    assert _faults(sqlite_backend) == ()
