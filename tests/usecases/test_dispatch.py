"""Schemes, approval, dispatch and reassignment."""

import json
from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select

from forms.model import Form
from inspect_server.domain.assignment import (
    CapReached,
    NoChecklist,
    Scheme,
    TeamNotAllowed,
    VisitDaysOver,
)
from inspect_server.domain.enums import InspectionState, Role, Sector, TeamRole
from inspect_server.domain.errors import BadInput, Forbidden, NotFound
from inspect_server.domain.identity import AuthorMayNotApprove
from inspect_server.domain.inspection import StepNotAllowed
from inspect_server.reads import record_checks
from inspect_server.store import record
from inspect_server.store.models.identity import User
from inspect_server.store.models.inspection import (
    EnterpriseCheck,
    Inspection,
    InspectionForm,
    InspectionMember,
)
from inspect_server.store.models.journal import ReplicaScope
from inspect_server.store.models.planning import Draw, DrawState
from inspect_server.store.models.registry import Enterprise
from inspect_server.usecases.inspecting.dispatch import (
    DrawNotRevealed,
    SchemesMadeAlready,
    approve_scheme,
    dispatch,
    make_schemes,
    reassign,
    refresh_scheme,
)
from inspect_server.usecases.work import Actor, Backend
from tests.conftest import FixedClock
from tests.tampering import unguard
from tests.usecases.bureau import FIRST, LAST, USCC, open_bureau, small_form

__all__ = ["small_form"]

pytestmark = pytest.mark.usefixtures("small_form")


def _visit(backend: Backend, number: str = "2026-0001") -> Inspection:
    with backend.reading() as session:
        return session.scalars(select(Inspection).where(Inspection.number == number)).one()


def _leaves(backend: Backend, number: str = "2026-0001") -> list[dict[str, object]]:
    with backend.reading() as session:
        return [json.loads(leaf.content) for leaf in record.leaves(session, f"inspection/{number}")]


def test_a_draw_becomes_numbered_schemes_with_pinned_checklists(
    backend: Backend, small_form: Form
) -> None:
    bureau = open_bureau(backend)
    bureau.schemes()

    visit = _visit(backend)
    scheme = Scheme.from_json(visit.scheme)
    with backend.reading() as session:
        pinned = session.scalars(select(InspectionForm)).all()

    assert visit.state is InspectionState.SCHEME_DRAFT
    assert visit.form_set == "small@1"
    assert [officer.role for officer in scheme.officers] == ["lead", "member"]
    assert (scheme.checks_this_year, scheme.cap, scheme.contact) == (0, 1, "孙联系")
    assert scheme.contents == (small_form.title,)
    assert len(pinned) == 2
    assert Scheme.from_json(scheme.to_json()) == scheme


def test_numbers_run_on_over_draws_without_gaps(sqlite_backend: Backend) -> None:
    bureau = open_bureau(sqlite_backend)
    with sqlite_backend.begin(bureau.author) as work:
        numbers = [step.number for step in make_schemes(work, bureau.draw_id).schemes]

    assert numbers == ["2026-0001", "2026-0002"]


def test_the_schemes_of_a_draw_are_made_once(backend: Backend) -> None:
    bureau = open_bureau(backend)
    bureau.schemes()

    with pytest.raises(SchemesMadeAlready):
        bureau.schemes()
    with backend.reading() as session:
        assert len(session.scalars(select(Inspection)).all()) == 2


@pytest.mark.parametrize("state", [DrawState.COMMITTED, DrawState.VOID])
def test_no_scheme_without_a_result(sqlite_backend: Backend, state: DrawState) -> None:
    bureau = open_bureau(sqlite_backend)
    with sqlite_backend.begin(bureau.author) as work:
        unguard(work.session, "draw")
        work.session.get_one(Draw, bureau.draw_id).state = state

    with pytest.raises(DrawNotRevealed):
        bureau.schemes()


def test_the_author_never_approves(sqlite_backend: Backend) -> None:
    bureau = open_bureau(sqlite_backend)
    first = bureau.schemes()[0]

    with pytest.raises(AuthorMayNotApprove), sqlite_backend.begin(bureau.author) as work:
        approve_scheme(work, first)

    assert _visit(sqlite_backend).state is InspectionState.SCHEME_DRAFT


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SUPERVISOR, Role.APPROVER}))
def test_nobody_else_takes_any_step(sqlite_backend: Backend, role: Role) -> None:
    bureau = open_bureau(sqlite_backend)
    first = bureau.schemes()[0]
    actor = Actor(f"user:{uuid4()}", frozenset({role}))

    for step in (approve_scheme, dispatch, refresh_scheme):
        with pytest.raises(Forbidden), sqlite_backend.begin(actor) as work:
            step(work, first)
    with pytest.raises(Forbidden), sqlite_backend.begin(actor) as work:
        make_schemes(work, bureau.draw_id)
    with pytest.raises(Forbidden), sqlite_backend.begin(actor) as work:
        reassign(work, first, bureau.officers[0], bureau.officers[2], "leave")


def test_a_dispatch_sends_the_task_to_its_team_and_counts_the_check(backend: Backend) -> None:
    bureau = open_bureau(backend)
    first = bureau.dispatched()[0]

    with backend.reading() as session:
        seen_by = set(
            session.scalars(
                select(ReplicaScope.user_id).where(ReplicaScope.scope == f"inspection/{first}")
            )
        )
        check = session.scalars(
            select(EnterpriseCheck).where(EnterpriseCheck.inspection_id == first)
        ).one()
        team = session.scalars(
            select(InspectionMember).where(InspectionMember.inspection_id == first)
        ).all()

    assert seen_by == {bureau.accounts[officer] for officer in bureau.officers[:2]}
    assert (check.counts, check.checked_on) == (True, FIRST)
    assert {row.role for row in team} == {TeamRole.LEAD, TeamRole.MEMBER}
    assert _visit(backend).state is InspectionState.DISPATCHED


def test_an_unapproved_scheme_is_not_sent_and_a_sent_one_not_twice(sqlite_backend: Backend) -> None:
    bureau = open_bureau(sqlite_backend)
    first = bureau.schemes()[0]
    with pytest.raises(StepNotAllowed), sqlite_backend.begin(bureau.author) as work:
        dispatch(work, first)
    with sqlite_backend.begin(bureau.approver) as work:
        approve_scheme(work, first)
    with sqlite_backend.begin(bureau.author) as work:
        dispatch(work, first)

    with pytest.raises(StepNotAllowed), sqlite_backend.begin(bureau.author) as work:
        dispatch(work, first)


def test_the_annual_cap_holds_a_dispatch_back(backend: Backend) -> None:
    bureau = open_bureau(backend)
    first = bureau.approved()[0]
    visit = _visit(backend)
    with backend.begin(bureau.author) as work:
        work.session.add(
            EnterpriseCheck(
                id=uuid4(),
                enterprise_id=visit.enterprise_id,
                checked_on=date(2026, 1, 5),
                source="key",
                counts=True,
            )
        )

    with pytest.raises(CapReached) as refused, backend.begin(bureau.author) as work:
        dispatch(work, first)
    assert "2026-01-05 重点企业计划检查" in str(refused.value)
    assert "disclosure result" in str(refused.value)  # the way out of a check that was drawn


def test_checks_that_do_not_count_and_other_years_leave_room(sqlite_backend: Backend) -> None:
    bureau = open_bureau(sqlite_backend)
    first = bureau.approved()[0]
    visit = _visit(sqlite_backend)
    with sqlite_backend.begin(bureau.author) as work:
        for day, counts in ((date(2026, 1, 5), False), (date(2025, 12, 31), True)):
            work.session.add(
                EnterpriseCheck(
                    id=uuid4(),
                    enterprise_id=visit.enterprise_id,
                    checked_on=day,
                    source="complaint",
                    counts=counts,
                )
            )

    with sqlite_backend.begin(bureau.author) as work:
        assert dispatch(work, first).state is InspectionState.DISPATCHED


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"cert_valid_to": date(2026, 3, 30)}, "执法证"),
        ({"cert_valid_from": date(2026, 3, 10)}, "执法证"),
        ({"active": False}, "名录"),
        ({"may_lead": False}, "主办资格"),
    ],
)
def test_an_officer_who_may_not_go_stops_approval_and_dispatch(
    sqlite_backend: Backend, values: dict[str, object], reason: str
) -> None:
    bureau = open_bureau(sqlite_backend)
    first, second = bureau.schemes()
    with sqlite_backend.begin(bureau.approver) as work:
        approve_scheme(work, first)
    bureau.change(0, **values)

    with pytest.raises(TeamNotAllowed, match=reason), sqlite_backend.begin(bureau.author) as work:
        dispatch(work, first)
    with pytest.raises(TeamNotAllowed, match=reason), sqlite_backend.begin(bureau.approver) as work:
        approve_scheme(work, second)


def test_recusal_leave_and_missing_account_stop_a_dispatch(sqlite_backend: Backend) -> None:
    bureau = open_bureau(sqlite_backend)
    first, second = bureau.approved()
    bureau.recuse(1, USCC[0])
    bureau.leave(0, FIRST, date(2026, 3, 15))
    bureau.leave(1, date(2026, 3, 16), LAST)

    with pytest.raises(TeamNotAllowed, match="回避"), sqlite_backend.begin(bureau.author) as work:
        dispatch(work, first)
    with pytest.raises(TeamNotAllowed, match="请假"), sqlite_backend.begin(bureau.author) as work:
        dispatch(work, second)


def test_an_officer_without_account_is_not_sent(sqlite_backend: Backend) -> None:
    bureau = open_bureau(sqlite_backend)
    first = bureau.approved()[0]
    with sqlite_backend.begin(bureau.author) as work:
        for officer in bureau.officers[:2]:
            work.session.get_one(User, bureau.accounts[officer]).disabled_at = work.now

    with (
        pytest.raises(TeamNotAllowed, match="账号") as refused,
        sqlite_backend.begin(bureau.author) as work,
    ):
        dispatch(work, first)

    for cert_no in ("32079900000", "32079900001"):
        assert f"--role inspector --officer {cert_no}" in str(refused.value)


def test_after_the_last_day_nothing_goes_out(sqlite_backend: Backend, clock: FixedClock) -> None:
    bureau = open_bureau(sqlite_backend)
    first = bureau.approved()[0]
    clock.forward(days=30)

    with pytest.raises(VisitDaysOver), sqlite_backend.begin(bureau.author) as work:
        dispatch(work, first)


def test_without_a_checklist_a_scheme_waits_until_it_is_refreshed(sqlite_backend: Backend) -> None:
    bureau = open_bureau(sqlite_backend, sectors=(Sector.AMMONIA,))
    first = bureau.schemes()[0]
    with pytest.raises(NoChecklist), sqlite_backend.begin(bureau.approver) as work:
        approve_scheme(work, first)

    with sqlite_backend.begin(bureau.author) as work:
        enterprise = work.session.get_one(Enterprise, _visit(sqlite_backend).enterprise_id)
        enterprise.sectors = [Sector.CONFINED_SPACE.value]
        refresh_scheme(work, first)
    with sqlite_backend.begin(bureau.approver) as work:
        step = approve_scheme(work, first)

    assert step.state is InspectionState.SCHEME_APPROVED
    assert _visit(sqlite_backend).form_set == "small@1"


def test_a_refused_step_leaves_nothing_behind(sqlite_backend: Backend) -> None:
    bureau = open_bureau(sqlite_backend)
    first = bureau.approved()[0]
    bureau.change(1, active=False)
    before = _leaves(sqlite_backend)

    with pytest.raises(TeamNotAllowed), sqlite_backend.begin(bureau.author) as work:
        dispatch(work, first)
    with sqlite_backend.reading() as session:
        assert session.scalars(select(InspectionMember)).all() == []
        assert session.scalars(select(EnterpriseCheck)).all() == []

    assert _leaves(sqlite_backend) == before


def test_a_changed_team_before_dispatch_needs_a_new_approval(sqlite_backend: Backend) -> None:
    bureau = open_bureau(sqlite_backend)
    first = bureau.approved()[0]

    with sqlite_backend.begin(bureau.approver) as work:
        reassign(work, first, bureau.officers[1], bureau.officers[2], "illness")
    visit = _visit(sqlite_backend)

    assert visit.state is InspectionState.SCHEME_DRAFT
    assert visit.approved_by is None
    assert Scheme.from_json(visit.scheme).officers[1].officer_id == str(bureau.officers[2])
    with pytest.raises(AuthorMayNotApprove), sqlite_backend.begin(bureau.approver) as work:
        approve_scheme(work, first)


def test_who_wrote_a_scheme_does_not_approve_it_after_somebody_else_changed_it(
    sqlite_backend: Backend,
) -> None:
    bureau = open_bureau(sqlite_backend)
    first = bureau.schemes()[0]
    second = Actor(f"user:{uuid4()}", frozenset({Role.APPROVER}), unit="局领导")
    with sqlite_backend.begin(second) as work:
        reassign(work, first, bureau.officers[1], bureau.officers[2], "illness")

    for author in (bureau.author, second):
        with pytest.raises(AuthorMayNotApprove), sqlite_backend.begin(author) as work:
            approve_scheme(work, first)
    with sqlite_backend.begin(bureau.approver) as work:
        assert approve_scheme(work, first).state is InspectionState.SCHEME_APPROVED


def test_why_an_officer_was_replaced_stands_in_no_leaf(sqlite_backend: Backend) -> None:
    bureau = open_bureau(sqlite_backend)
    first = bureau.dispatched()[0]
    with sqlite_backend.begin(bureau.author) as work:
        reassign(work, first, bureau.officers[1], bureau.officers[2], "illness")
    with sqlite_backend.reading() as session:
        row = session.scalars(
            select(InspectionMember).where(InspectionMember.left_at.is_not(None))
        ).one()
        faults = [check.faults for check in record_checks.check_cases(session)]

    assert "illness" not in json.dumps(_leaves(sqlite_backend))
    assert row.left_reason == "illness"
    assert set(faults) == {()}


def test_a_reassignment_moves_the_task_and_keeps_who_was_there(backend: Backend) -> None:
    bureau = open_bureau(backend)
    first = bureau.dispatched()[0]
    out, instead = bureau.officers[1], bureau.officers[3]

    with backend.begin(bureau.author) as work:
        reassign(work, first, out, instead, "leave")
    with backend.reading() as session:
        rows = {
            row.officer_id: row
            for row in session.scalars(
                select(InspectionMember).where(InspectionMember.inspection_id == first)
            )
        }
        scopes = {
            row.user_id: row.removed_pos
            for row in session.scalars(
                select(ReplicaScope).where(ReplicaScope.scope == f"inspection/{first}")
            )
        }

    assert rows[out].left_reason == "leave"
    assert rows[out].left_at is not None
    assert rows[instead].left_at is None
    assert rows[instead].role is rows[out].role
    assert scopes[bureau.accounts[out]] is not None
    assert scopes[bureau.accounts[instead]] is None


def test_a_lead_is_replaced_only_by_somebody_who_may_lead(sqlite_backend: Backend) -> None:
    bureau = open_bureau(sqlite_backend)
    first = bureau.dispatched()[0]

    with (
        pytest.raises(TeamNotAllowed, match="主办资格"),
        sqlite_backend.begin(bureau.author) as work,
    ):
        reassign(work, first, bureau.officers[0], bureau.officers[3], "leave")


def test_who_joins_must_be_eligible_and_new(sqlite_backend: Backend) -> None:
    bureau = open_bureau(sqlite_backend)
    first = bureau.dispatched()[0]
    bureau.recuse(2, USCC[0])
    out = bureau.officers[1]

    for joining in (bureau.officers[2], bureau.officers[0]):
        with pytest.raises(TeamNotAllowed), sqlite_backend.begin(bureau.author) as work:
            reassign(work, first, out, joining, "leave")
    with pytest.raises(NotFound), sqlite_backend.begin(bureau.author) as work:
        reassign(work, first, out, uuid4(), "leave")
    with pytest.raises(NotFound), sqlite_backend.begin(bureau.author) as work:
        reassign(work, first, bureau.officers[3], bureau.officers[4], "leave")
    with pytest.raises(BadInput), sqlite_backend.begin(bureau.author) as work:
        reassign(work, first, out, bureau.officers[3], "because")


def test_every_step_stands_in_the_record_without_names(sqlite_backend: Backend) -> None:
    bureau = open_bureau(sqlite_backend)
    first = bureau.dispatched()[0]
    with sqlite_backend.begin(bureau.author) as work:
        reassign(work, first, bureau.officers[1], bureau.officers[2], "leave")

    leaves = _leaves(sqlite_backend)
    text = json.dumps(leaves, ensure_ascii=False)

    assert [leaf["type"] for leaf in leaves] == [
        "scheme.made",
        "scheme.approved",
        "inspection.dispatched",
        "inspection.reassigned",
    ]
    for secret in ("检查", "孙联系", "13900000000", '"leave"'):  # officers by id only
        assert secret not in text
