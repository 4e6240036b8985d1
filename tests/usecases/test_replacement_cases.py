"""The cases after a replacement or a void: teams reassigned, inspections ended, others drafted."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from inspect_server.domain.disclosure import Result
from inspect_server.domain.draw.errors import ReplacementNotAllowed
from inspect_server.domain.draw.replacement.requests import Reason
from inspect_server.domain.draw.replacement.void import PaperReason, VoidReason
from inspect_server.domain.enums import InspectionState, Role
from inspect_server.domain.inspection import Event, move
from inspect_server.store import inspections, planning
from inspect_server.store.models.identity import User
from inspect_server.store.models.inspection import EnterpriseCheck, Inspection, InspectionMember
from inspect_server.store.models.journal import ReplicaScope
from inspect_server.store.models.registry import Officer
from inspect_server.store.models.replacing import InspectionEnd
from inspect_server.usecases.disclosing.results import ReplacementAsked, state_result
from inspect_server.usecases.drawing.afterwards.follow_cases import (
    Followed,
    follow,
    open_steps,
)
from inspect_server.usecases.drawing.commit_draw import CommittedDraw
from inspect_server.usecases.inspecting.dispatch import (
    approve_scheme,
    dispatch,
    make_schemes,
    refresh_scheme,
)
from inspect_server.usecases.work import Actor, Backend
from sync.ids import inspection_scope
from tests.conftest import BUREAU
from tests.usecases.checklist_samples import publish
from tests.usecases.draw_world import SUPERVISOR, World, add_leave, build
from tests.usecases.test_replacement import agree, ask_void, drawn, first, replace_one, request
from tests.usecases.test_requested_checklists import MANAGEMENT

pytestmark = pytest.mark.seldom_on_postgresql

HEAD = Actor("user:head", frozenset({Role.SUPERVISOR}), unit=BUREAU["authority"])
CHIEF = Actor("user:chief", frozenset({Role.APPROVER}), unit=BUREAU["authority"])


@pytest.fixture
def world(backend: Backend, tmp_path: Path) -> World:
    made = build(backend, tmp_path)
    with backend.begin(SUPERVISOR) as work:
        for officer in work.session.scalars(select(Officer)):
            work.session.add(
                User(
                    id=uuid4(),
                    login=officer.cert_no.lower(),
                    name=officer.name,
                    unit=officer.unit,
                    roles=[Role.INSPECTOR.value],
                    password_hash="",
                    officer_id=officer.id,
                    failed_attempts=0,
                    created_at=work.now,
                )
            )
    return made


def sent(world: World, draw: CommittedDraw) -> list[UUID]:
    """Make, approve and send every scheme of a draw."""
    with world.backend.begin(HEAD) as work:
        made = [step.inspection_id for step in make_schemes(work, draw.id).schemes]
    for one in made:
        with world.backend.begin(CHIEF) as work:
            approve_scheme(work, one)
        with world.backend.begin(HEAD) as work:
            dispatch(work, one)
    return made


def visit_of(world: World, draw: CommittedDraw, enterprise: UUID) -> Inspection:
    with world.backend.reading() as session:
        found = inspections.of_draw(session, draw.id)
        return next(visit for visit in found if visit.enterprise_id == enterprise)


def states(world: World, draw: CommittedDraw) -> list[InspectionState]:
    with world.backend.reading() as session:
        return [visit.state for visit in inspections.of_draw(session, draw.id)]


def what(followed: Followed) -> list[str]:
    return [step.what for step in followed.done]


def team(world: World, visit: Inspection) -> list[UUID]:
    with world.backend.reading() as session:
        return [row.officer_id for row in inspections.members(session, visit.id)]


def test_a_replaced_officer_leaves_the_inspection_and_another_joins(world: World) -> None:
    draw = drawn(world)
    enterprise = first(world, draw)
    lead, member = (officer for _, officer, _ in enterprise.officers)
    sent(world, draw)
    replace_one(world, draw, Reason.LEAVE, enterprise.uscc, lead)
    done = follow(world.backend, HEAD, draw.id)
    again = follow(world.backend, HEAD, draw.id)
    visit = visit_of(world, draw, enterprise.enterprise_id)

    assert what(done) == ["reassign"]
    assert (again.done, again.refused) == ((), ())
    joined = first(world, draw).officers[0][1]
    assert team(world, visit) == [joined, member]
    with world.backend.reading() as session:
        gone = session.scalars(
            select(InspectionMember).where(InspectionMember.left_at.is_not(None))
        ).one()
    assert (gone.officer_id, gone.left_reason) == (lead, "leave")


def test_a_replaced_enterprise_ends_its_inspection_and_another_is_drafted(world: World) -> None:
    draw = drawn(world)
    enterprise = first(world, draw)
    visits = sent(world, draw)
    done = replace_one(world, draw, Reason.MOVED, enterprise.uscc)
    followed = follow(world.backend, HEAD, draw.id)
    again = follow(world.backend, HEAD, draw.id)
    visit = visit_of(world, draw, enterprise.enterprise_id)

    assert what(followed) == ["end", "draft"]
    assert again.done == ()
    assert done.version == 2
    assert visit.state is InspectionState.ENDED
    assert states(world, draw).count(InspectionState.SCHEME_DRAFT) == 1
    assert len(states(world, draw)) == len(visits) + 1
    assert team(world, visit) == []
    with world.backend.reading() as session:
        end = session.get_one(InspectionEnd, visit.id)
        check = session.scalars(
            select(EnterpriseCheck).where(EnterpriseCheck.inspection_id == visit.id)
        ).one()
        facts = {row.id: row for row in planning.enterprise_facts(session, 2026)}
        shown = session.scalars(
            select(ReplicaScope).where(ReplicaScope.scope == inspection_scope(str(visit.id)))
        ).all()
    assert (end.reason, end.ended_by) == ("enterprise.moved", HEAD.label)
    assert not check.counts
    assert not facts[str(enterprise.enterprise_id)].is_under_way
    assert len(shown) == 2
    assert all(scope.removed_pos is not None for scope in shown)
    assert world.verify(draw.id).ok


def test_a_scheme_of_a_replacement_asks_for_what_all_others_are_asked(
    sqlite_backend: Backend, tmp_path: Path
) -> None:
    world = build(sqlite_backend, tmp_path)
    draw = drawn(world)
    enterprise = first(world, draw)
    publish(sqlite_backend, replace(MANAGEMENT, effective_from=date(2026, 1, 1)))
    publish(sqlite_backend, replace(MANAGEMENT, name="other", effective_from=date(2026, 1, 1)))
    with world.backend.begin(HEAD) as work:
        made = make_schemes(work, draw.id, ["management"]).schemes
        refresh_scheme(work, made[0].inspection_id, ["management", "other"])
    replace_one(world, draw, Reason.MOVED, enterprise.uscc)
    before = {step.inspection_id for step in made}
    follow(world.backend, HEAD, draw.id)

    with world.backend.reading() as session:
        (drafted,) = [one for one in inspections.of_draw(session, draw.id) if one.id not in before]
    assert "management@1" in drafted.form_set.split("+")
    assert "other@1" not in drafted.form_set.split("+")


def test_before_its_schemes_are_made_a_draw_needs_no_following(world: World) -> None:
    draw = drawn(world)
    enterprise = first(world, draw)
    replace_one(world, draw, Reason.CLOSED, enterprise.uscc)
    nothing = follow(world.backend, HEAD, draw.id)
    with world.backend.begin(HEAD) as work:
        made = make_schemes(work, draw.id).schemes
        facing = {visit.enterprise_id for visit in inspections.of_draw(work.session, draw.id)}

    assert (nothing.done, nothing.refused) == ((), ())
    assert enterprise.enterprise_id not in facing
    assert len(made) == len(facing)


def test_a_case_that_cannot_follow_is_listed_until_somebody_else_comes_in(
    sqlite_backend: Backend, tmp_path: Path
) -> None:
    world = build(sqlite_backend, tmp_path)
    draw = drawn(world)
    enterprise = first(world, draw)
    with world.backend.begin(HEAD) as work:
        make_schemes(work, draw.id)
    member = enterprise.officers[1][1]
    replace_one(world, draw, Reason.LEAVE, enterprise.uscc, member)
    joined = first(world, draw).officers[1][1]
    with world.backend.begin(HEAD) as work:
        add_leave(work, joined, date(2026, 1, 1), date(2026, 12, 31))
    refused = follow(world.backend, HEAD, draw.id)
    replace_one(world, draw, Reason.LEAVE, enterprise.uscc, joined)
    done = follow(world.backend, HEAD, draw.id)

    assert [(step.what, step.k) for step, _ in refused.refused] == [("reassign", 1)]
    assert "请假" in refused.refused[0][1]
    assert what(done) == ["reassign"]
    with world.backend.reading() as session:
        assert open_steps(session, draw.id) == []


def test_an_inspection_that_began_is_closed_as_it_was_found(world: World) -> None:
    draw = drawn(world)
    enterprise = first(world, draw)
    sent(world, draw)
    with world.backend.begin(HEAD) as work:
        visit = inspections.lock(work.session, visit_of(world, draw, enterprise.enterprise_id).id)
        visit.state = move(visit.state, Event.START_VISIT)

    with pytest.raises(ReplacementNotAllowed, match="检查中"):
        request(world, draw, Reason.CLOSED, enterprise.uscc)
    replace_one(world, draw, Reason.RECUSAL, enterprise.uscc, enterprise.officers[0][1])
    assert what(follow(world.backend, HEAD, draw.id)) == ["reassign"]


def test_a_stated_result_and_a_replacement_never_stand_for_the_same_enterprise(
    world: World,
) -> None:
    draw = drawn(world)
    enterprise = first(world, draw)
    sent(world, draw)
    with world.backend.begin(HEAD) as work:
        state_result(work, draw.id, enterprise.uscc, Result.UNCOOPERATIVE, "拒绝检查人员进入")
    member = enterprise.officers[1][1]

    for reason, officer in ((Reason.MOVED, None), (Reason.LEAVE, member)):
        with pytest.raises(ReplacementNotAllowed, match="已登记结果并终止"):
            request(world, draw, reason, enterprise.uscc, officer)


def test_no_result_is_stated_of_whom_a_request_takes_out(world: World) -> None:
    draw = drawn(world)
    enterprise = first(world, draw)
    sent(world, draw)
    request(world, draw, Reason.MOVED, enterprise.uscc)

    with pytest.raises(ReplacementAsked), world.backend.begin(HEAD) as work:
        state_result(work, draw.id, enterprise.uscc, Result.UNCOOPERATIVE, "拒绝检查人员进入")


def test_a_void_draw_ends_what_nobody_began_and_keeps_the_rest(world: World) -> None:
    draw = drawn(world)
    begun = first(world, draw)
    visits: Sequence[UUID] = sent(world, draw)
    with world.backend.begin(HEAD) as work:
        visit = inspections.lock(work.session, visit_of(world, draw, begun.enterprise_id).id)
        visit.state = move(visit.state, Event.START_VISIT)
    ask_void(world, draw.id, VoidReason.LAW_CHANGED, PaperReason.LOST)
    voided = agree(world, draw.id, paper=b"scan")

    assert (voided.ended, voided.kept) == (len(visits) - 1, 1)
    assert set(states(world, draw)) == {InspectionState.ENDED, InspectionState.UNDER_WAY}
    with world.backend.reading() as session:
        assert {row.reason for row in session.scalars(select(InspectionEnd))} == {"draw.void"}
