"""Who sees which inspection: role × relation × state, and lists that agree with single pages."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import update

from inspect_server.domain.enums import InspectionState, Role
from inspect_server.domain.errors import NotFound
from inspect_server.reads.inspections import listing, one
from inspect_server.reads.visibility import may_see
from inspect_server.store.models.inspection import Inspection
from inspect_server.usecases.inspecting.dispatch import reassign
from inspect_server.usecases.work import Actor, Backend
from tests.actors import ALL_ROLES
from tests.usecases.bureau import Bureau, open_bureau, small_form

__all__ = ["small_form"]

pytestmark = pytest.mark.usefixtures("small_form")

WHOLE = {Role.APPROVER, Role.LEGAL_REVIEWER, Role.OFFICE, Role.AUDITOR}
AUTHORITY = "云湾区应急管理局"


def _actor(bureau: Bureau, role: Role, relation: str) -> Actor:
    """An account of one role: on the team (own), in its unit (same), in another, or the bureau."""
    if relation == "own":
        own = bureau.inspector(0)
        return Actor(own.label, frozenset({role}), own.user_id, own.officer_id, own.unit)
    unit = {"same": "一科", "other": "二科", "bureau": AUTHORITY, "none": ""}[relation]
    return Actor(f"user:{uuid4()}", frozenset({role}), uuid4(), bureau.officers[4], unit)


def _expected(role: Role, relation: str, dispatched: bool, begun: bool = False) -> bool:
    if role in WHOLE:
        return begun or role not in {Role.LEGAL_REVIEWER, Role.OFFICE}  # unannounced until then
    if role is Role.SUPERVISOR:
        return relation in {"own", "same", "bureau"}
    if role is Role.INSPECTOR:
        return relation == "own" and dispatched
    return False


@pytest.mark.parametrize("state", ["draft", "dispatched", "closed"])
def test_each_role_sees_what_concerns_it_and_nothing_else(
    sqlite_backend: Backend, state: str
) -> None:
    bureau = open_bureau(sqlite_backend)
    first = bureau.schemes()[0] if state == "draft" else bureau.dispatched()[0]
    if state == "closed":
        _set_state(sqlite_backend, first, InspectionState.RECORD_CLOSED)

    seen, expected = {}, {}
    with sqlite_backend.reading() as session:
        for role in Role:
            for relation in ("own", "same", "other", "bureau", "none"):
                actor = _actor(bureau, role, relation)
                seen[role, relation] = may_see(session, actor, first)
                expected[role, relation] = _expected(
                    role, relation, state != "draft", begun=state == "closed"
                )

    assert seen == expected


def test_the_list_and_the_page_agree_with_the_rule(backend: Backend) -> None:
    bureau = open_bureau(backend)
    first = bureau.dispatched()[0]
    for role in Role:
        actor = _actor(bureau, role, "other")

        with backend.reading() as session:
            listed = {row.id for row in listing(session, actor).rows}
            if may_see(session, actor, first):
                assert one(session, actor, first).row.id == first
            else:
                with pytest.raises(NotFound):
                    one(session, actor, first)

        assert (first in listed) == _expected(role, "other", dispatched=True), role


def test_a_reassigned_officer_no_longer_sees_the_task(backend: Backend) -> None:
    bureau = open_bureau(backend)
    first = bureau.dispatched()[0]
    with backend.begin(bureau.author) as work:
        reassign(work, first, bureau.officers[1], bureau.officers[2], "leave")

    with backend.reading() as session:
        seen = [may_see(session, bureau.inspector(n), first) for n in range(4)]

    assert seen == [True, False, True, False]


def test_an_unknown_inspection_is_seen_by_nobody(sqlite_backend: Backend) -> None:
    bureau = open_bureau(sqlite_backend)

    with sqlite_backend.reading() as session:
        assert not may_see(session, bureau.approver, uuid4())


def test_a_list_filters_and_pages(backend: Backend) -> None:
    bureau = open_bureau(backend)
    first, second = bureau.schemes()
    _set_state(backend, second, InspectionState.RECORD_CLOSED)

    with backend.reading() as session:
        viewer = bureau.approver
        pages = [listing(session, viewer, page=n, size=1) for n in (1, 2, 3)]
        by_state = listing(session, viewer, state=InspectionState.RECORD_CLOSED)
        by_text = listing(session, viewer, text="第1机械")
        by_percent = listing(session, viewer, text="%")
        by_draw = listing(session, viewer, draw_no="2026-D01")
        by_year = listing(session, viewer, year=2025)

    assert [row.number for page in pages for row in page.rows] == ["2026-0002", "2026-0001"]
    assert (pages[0].total, pages[0].pages) == (2, 2)
    assert [row.id for row in by_state.rows] == [second]
    assert [row.id for row in by_text.rows] == [first]
    assert by_percent.total == 0
    assert by_draw.total == 2
    assert by_year.total == 0


def test_a_page_shows_team_scheme_and_timeline_by_name(backend: Backend) -> None:
    bureau = open_bureau(backend)
    first = bureau.dispatched()[0]
    with backend.begin(bureau.author) as work:
        reassign(work, first, bureau.officers[1], bureau.officers[2], "leave")

    with backend.reading() as session:
        page = one(session, bureau.approver, first)

    assert [row.title for row in page.timeline] == [
        "编制检查方案",
        "批准检查方案",
        "派发任务",
        "改派人员",
    ]
    assert page.row.team == ("赵检查", "孙检查")
    assert [member.left_reason for member in page.members] == ["", "leave", ""]
    assert page.scheme.draw_no == "2026-D01"
    assert page.forms[0].name == "small"
    assert page.record is None


def _set_state(backend: Backend, inspection_id: UUID, state: InspectionState) -> None:
    with backend.begin(ALL_ROLES) as work:
        work.session.execute(
            update(Inspection).where(Inspection.id == inspection_id).values(state=state)
        )
