"""What verifying the record finds beside the chain: everything that its events name."""

import pytest
from sqlalchemy import text

from inspect_server.reads.record_checks import check_cases
from inspect_server.usecases.inspecting.dispatch import reassign
from inspect_server.usecases.record import note
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
        ("DELETE FROM personal_value", "没有依法删除的登记"),
        ("UPDATE inspection SET scheme = replace(scheme, '2026-03-31', '2026-04-30')", "scheme"),
        ("UPDATE inspection SET scheme = '{'", "scheme"),
        ("UPDATE inspection SET form_set = 'small@2'", "form_set"),
        ("UPDATE inspection SET state = 'lost'", "state"),
        ("UPDATE inspection_form SET version = 2", "version"),
        (f"UPDATE inspection_form SET content_sha256 = '{'0' * 64}'", "content_sha256"),
        ("DELETE FROM inspection_form", "已缺失"),
        ("UPDATE inspection SET number = '2026-9' || substr(number, 7)", "已缺失"),
        ("DELETE FROM inspection_member", "已缺失"),
        ("UPDATE record_leaf SET content = 'x' WHERE case_seq = 1", "内容不可读"),
    ],
)
def test_what_was_changed_behind_the_record_is_found(
    sqlite_backend: Backend, statement: str, fault: str
) -> None:
    open_bureau(sqlite_backend).dispatched()
    with sqlite_backend.begin(ALL_ROLES) as work:
        unguard(work.session, "personal_value", "inspection", "inspection_member", "record_leaf")
        work.session.execute(text(statement))

    assert any(fault in one for one in _faults(sqlite_backend))


def test_a_personal_value_that_was_erased_for_a_reason_is_no_fault(
    sqlite_backend: Backend,
) -> None:
    open_bureau(sqlite_backend).dispatched()
    with sqlite_backend.begin(ALL_ROLES) as work:
        gone = work.session.scalars(text("SELECT commitment FROM personal_value")).all()
        work.session.execute(text("DELETE FROM personal_value"))
        for ref in gone:
            note(work, "pii.erase", "erasures", {"ref": ref, "basis": "request"})

    assert _faults(sqlite_backend) == ()
