"""Making and approving a plan on real databases: what is stored, noted, refused."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from inspect_server.domain.enums import (
    Credit,
    EnterpriseStatus,
    InspectionState,
    Risk,
    Role,
    Standardisation,
)
from inspect_server.domain.errors import Forbidden, NotFound
from inspect_server.domain.identity import AuthorMayNotApprove
from inspect_server.domain.law import BadLawFile
from inspect_server.domain.plan import Plan as PlanBody
from inspect_server.domain.plan import PlanImpossible
from inspect_server.reads import plan as reads
from inspect_server.reads.record_checks import check_cases
from inspect_server.store import planning, record
from inspect_server.store.models.inspection import EnterpriseCheck, Inspection
from inspect_server.store.models.planning import Draw, DrawLeaf, DrawState, Plan
from inspect_server.store.models.record import RecordCase
from inspect_server.store.models.registry import Enterprise, Officer, OfficerLeave
from inspect_server.usecases.make_plan import PlanNotADraft, approve_plan, make_plan
from inspect_server.usecases.work import Actor, Backend, Work
from tests.actors import ALL_ROLES
from tests.conftest import FixedClock
from tests.tampering import unguard

AUTHOR = Actor("user:author", frozenset({Role.SUPERVISOR}))
APPROVER = Actor("user:approver", frozenset({Role.APPROVER}))
RATES = """
[rate.base_ppm_by_sector]
title = "抽查率"
unit = "ppm"
[[rate.base_ppm_by_sector.rows]]
from = 2026-01-01
source = "本局 2026 年抽查率公告"
verified = true
[rate.base_ppm_by_sector.rows.value]
hazardous_chemicals = 100
metal_smelting = 100
dust_explosion = 300000
ammonia_refrigeration = 100
confined_space = 100
none = 100
"""


def enterprise(work: Work, number: int, **facts: object) -> UUID:
    row = Enterprise(
        id=uuid4(),
        uscc=f"9132{number:014d}",
        name=f"企业{number}",
        division="320799",
        **{
            "sectors": ["dust_explosion"],
            "risk": Risk.RED,
            "credit": Credit.B,
            "standardisation": Standardisation.NONE,
            "is_key": False,
            "status": EnterpriseStatus.OPERATING,
            "contacts": [],
            "created_at": work.now,
            "updated_at": work.now,
            **facts,
        },
    )
    work.session.add(row)
    work.session.flush()
    return row.id


def officer(work: Work, number: int, valid_to: date = date(2028, 1, 1)) -> UUID:
    row = Officer(
        id=uuid4(),
        cert_no=f"JS{number:08d}",
        cert_valid_from=date(2024, 1, 1),
        cert_valid_to=valid_to,
        name=f"人员{number}",
        unit="执法大队",
        specialties=[],
        may_lead=True,
        active=True,
        created_at=work.now,
        updated_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    return row.id


@pytest.fixture
def registry(backend: Backend) -> Backend:
    with backend.begin(AUTHOR) as work:
        for number in range(40):
            enterprise(work, number, is_key=number < 4)
        for number in range(4):
            officer(work, number)
    return backend


def made(backend: Backend, rates: str | None = None) -> UUID:
    with backend.begin(AUTHOR) as work:
        return make_plan(work, 2026, rates).id


def test_a_plan_is_stored_as_made_and_noted_in_the_case_of_its_year(registry: Backend) -> None:
    with registry.begin(AUTHOR) as work:
        result = make_plan(work, 2026)

    with registry.reading() as session:
        row = session.get_one(Plan, result.id)
        leaves = [leaf.content for leaf in record.leaves(session, "plan/2026")]
    assert PlanBody.from_json(row.body) == result.plan
    assert (result.plan.enterprises, result.plan.key_enterprises) == (40, 4)
    assert len(leaves) == 1
    assert b'"type":"plan.made"' in leaves[0]
    assert b"rate.risk_permille@2025-01-01" in leaves[0]


def test_a_plan_changed_in_the_database_no_longer_matches_the_record(registry: Backend) -> None:
    plan_id = made(registry)
    with registry.reading() as session:
        assert [check.faults for check in check_cases(session, "plan/2026")] == [()]
    with registry.begin(AUTHOR) as work:
        unguard(work.session, "plan")
        row = work.session.get_one(Plan, plan_id)
        row.body = {**row.body, "enterprises": 1}

    with registry.reading() as session:
        (check,) = check_cases(session, "plan/2026")
    assert check.faults == (f"检查计划 {plan_id}：body 与全过程记录不符",)


def test_the_author_never_approves_the_system_account_included(registry: Backend) -> None:
    everything = ALL_ROLES
    with registry.begin(everything) as work:
        plan_id = make_plan(work, 2026).id

    with pytest.raises(AuthorMayNotApprove), registry.begin(everything) as work:
        approve_plan(work, plan_id)
    by_author = made(registry)
    with pytest.raises(AuthorMayNotApprove), registry.begin(everything) as work:
        approve_plan(work, by_author)
    with registry.reading() as session:
        assert planning.approved(session, 2026) is None


def test_an_approved_plan_replaces_the_one_in_force(registry: Backend) -> None:
    first, second = made(registry), made(registry)
    with registry.begin(APPROVER) as work:
        approve_plan(work, first)
    with registry.begin(APPROVER) as work:
        approved = approve_plan(work, second)

    assert approved.superseded == (first,)
    with registry.reading() as session:
        in_force = planning.approved(session, 2026)
        assert in_force is not None
        assert in_force[0] == second
        states = {line.id: line.state for line in reads.plans(session, 2026)}
    assert states == {first: "superseded", second: "approved"}


def test_a_draft_older_than_the_plan_in_force_is_not_offered_for_approval(
    registry: Backend, clock: FixedClock
) -> None:
    older = made(registry)
    clock.forward(hours=1)
    newer = made(registry)
    with registry.begin(APPROVER) as work:
        approve_plan(work, newer)

    with registry.reading() as session:
        assert reads.newest_draft(session, 2026) is None
    clock.forward(hours=1)
    newest = made(registry)
    with registry.reading() as session:
        assert reads.newest_draft(session, 2026) == newest != older


def test_of_approvals_at_the_same_moment_one_stays_in_force(registry: Backend) -> None:
    drafts = [made(registry) for _ in range(4)]
    start = Barrier(len(drafts))

    def approve(plan_id: UUID) -> None:
        start.wait()
        with registry.begin(APPROVER) as work:
            approve_plan(work, plan_id)

    with ThreadPoolExecutor(len(drafts)) as pool:
        list(pool.map(approve, drafts))

    with registry.reading() as session:
        states = sorted(line.state for line in reads.plans(session, 2026))
    assert states == ["approved", "superseded", "superseded", "superseded"]


def test_only_a_draft_is_approved_and_only_by_an_approver(registry: Backend) -> None:
    plan_id = made(registry)
    with pytest.raises(Forbidden), registry.begin(AUTHOR) as work:
        approve_plan(work, plan_id)
    with registry.begin(APPROVER) as work:
        approve_plan(work, plan_id)

    with pytest.raises(PlanNotADraft, match="已批准"), registry.begin(APPROVER) as work:
        approve_plan(work, plan_id)
    with pytest.raises(NotFound), registry.begin(APPROVER) as work:
        approve_plan(work, uuid4())


def test_nobody_but_a_supervisor_makes_a_plan(registry: Backend) -> None:
    with pytest.raises(Forbidden, match="编制"), registry.begin(APPROVER) as work:
        make_plan(work, 2026)


def test_an_impossible_plan_leaves_nothing_behind(registry: Backend) -> None:
    with registry.begin(AUTHOR) as work:
        for row in work.session.scalars(select(Officer)).all()[1:]:
            row.cert_valid_to = date(2025, 12, 31)
    with (
        pytest.raises(PlanImpossible, match="只有 1 名持有效执法证"),
        registry.begin(AUTHOR) as work,
    ):
        make_plan(work, 2026)

    with registry.reading() as session:
        assert session.scalar(select(func.count()).select_from(Plan)) == 0
        assert session.scalars(select(RecordCase.name)).all() == []


def test_the_bureaus_own_rates_change_the_odds_and_are_named_as_its_own(
    registry: Backend,
) -> None:
    with registry.begin(AUTHOR) as work:
        plan = make_plan(work, 2026, RATES).plan

    odds = {cell.id: cell.p_ppm for cell in plan.cells}
    # 300,000 ppm × 2.0 red × 1.0 credit B × 1.3 never checked, shared among 12 batches
    assert odds["county.dust_explosion.red.B.never"] == 65_000
    assert "rate.base_ppm_by_sector@2026-01-01+local" in plan.rules.refs


def test_rates_may_not_touch_the_cap(registry: Backend) -> None:
    text = RATES.replace("rate.base_ppm_by_sector", "cap.annual_checks").replace(
        '"ppm"', '"checks"'
    )

    with pytest.raises(BadLawFile, match=r"cap\.annual_checks"), registry.begin(AUTHOR) as work:
        make_plan(work, 2026, text)


def test_progress_adds_up_to_the_registry(registry: Backend) -> None:
    seen: list[int] = []
    with registry.begin(AUTHOR) as work:
        make_plan(work, 2026, advance=seen.append)

    assert sum(seen) == 40


def test_facts_count_the_years_checks_and_know_what_is_under_way(backend: Backend) -> None:
    with backend.begin(AUTHOR) as work:
        ids = [enterprise(work, number) for number in range(4)]
        for day, counts in [("2025-12-31", True), ("2026-01-05", True), ("2026-02-01", False)]:
            check = EnterpriseCheck(
                id=uuid4(),
                enterprise_id=ids[0],
                checked_on=date.fromisoformat(day),
                source="draw",
                counts=counts,
            )
            work.session.add(check)
        inspection(work, ids[1], InspectionState.DISPATCHED)
        inspection(work, ids[2], InspectionState.RECORD_CLOSED)
        for number in range(2):
            officer(work, number)
        work.session.flush()
        plan_id = make_plan(work, 2026).id
        drawn(work, plan_id, [ids[2], ids[3]])
        inspection(work, ids[2], InspectionState.DOCUMENTS_ISSUED, drawn_in=plan_id)

    with backend.reading() as session:
        facts = {one.id: one for one in planning.enterprise_facts(session, 2026)}
    found = [facts[str(id)] for id in ids]
    assert [one.checks_this_year for one in found] == [1, 0, 0, 0]
    assert found[0].last_checked_on == date(2026, 1, 5)
    assert [one.is_under_way for one in found] == [False, True, False, True]


def test_recorded_leave_reaches_the_capacity(registry: Backend) -> None:
    before = plan_of(registry)
    with registry.begin(AUTHOR) as work:
        one = work.session.scalars(select(Officer)).first()
        assert one is not None
        leave = OfficerLeave(
            id=uuid4(),
            officer_id=one.id,
            first_day=date(2026, 4, 1),
            last_day=date(2026, 9, 30),
            reason="借调",
        )
        work.session.add(leave)

    assert plan_of(registry).capacity.officer_days < before.capacity.officer_days - 100


def test_the_page_shows_every_factor_and_the_cells(registry: Backend) -> None:
    plan_id = made(registry)
    with registry.reading() as session:
        page = reads.current(session, 2026)

    assert page is not None
    assert page.line.id == plan_id
    for figure in ("4 名持证人员", "600‰", "每组 2 人", f"计划需要 {page.plan.visits} 次"):
        assert figure in page.capacity_text
    assert [(cell.name, cell.enterprises) for cell in page.cells] == [
        ("县级·粉尘涉爆·重点企业（公布为“粉尘涉爆·重点企业，概率 10.0000%”）", 4),
        ("县级·粉尘涉爆·红·B级·未检查过", 36),
    ]


def plan_of(backend: Backend) -> PlanBody:
    with backend.begin(AUTHOR) as work:
        return make_plan(work, 2026).plan


def inspection(
    work: Work, enterprise_id: UUID, state: InspectionState, drawn_in: UUID | None = None
) -> None:
    draw_id = None
    if drawn_in is not None:
        draw_id = work.session.scalar(select(Draw.id).where(Draw.plan_id == drawn_in))
    row = Inspection(
        id=uuid4(),
        number=uuid4().hex,
        enterprise_id=enterprise_id,
        draw_id=draw_id,
        source="draw",
        state=state,
        visit_from=date(2026, 3, 3),
        visit_to=date(2026, 3, 20),
        scheme={},
        form_set="",
        scheme_made_by="user:author",
    )
    work.session.add(row)
    work.session.flush()


def drawn(work: Work, plan_id: UUID, enterprises: list[UUID]) -> None:
    draw = Draw(
        id=uuid4(),
        draw_no="2026-01",
        plan_id=plan_id,
        authority="云湾区应急管理局",
        unit="",
        state=DrawState.REVEALED,
        visit_from=date(2026, 3, 3),
        visit_to=date(2026, 3, 20),
        commit_body="{}",
        commit_hex="0" * 64,
        committed_at=work.now,
        committed_by="user:author",
    )
    work.session.add(draw)
    work.session.flush()
    for number, id in enumerate(enterprises):
        leaf = DrawLeaf(
            draw_id=draw.id,
            commitment=f"{number:064d}",
            enterprise_id=id,
            salt=b"",
            record="{}",
            label="x",
            included=True,
            selected=True,
        )
        work.session.add(leaf)
    work.session.flush()
