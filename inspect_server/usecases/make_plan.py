"""The year's plan: made by one person, approved by another."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from inspect_server.domain import law
from inspect_server.domain.enums import Role
from inspect_server.domain.errors import InspectError, NotFound
from inspect_server.domain.identity import check_approver, require
from inspect_server.domain.law.book import read
from inspect_server.domain.plan import EnterpriseFacts, Plan, Rules, make
from inspect_server.domain.record import canonical
from inspect_server.gateways.calendar import load_calendar
from inspect_server.store import planning
from inspect_server.store.models.planning import Plan as PlanRow
from inspect_server.store.models.planning import PlanState
from inspect_server.usecases.disclosing.notices import publish_rules
from inspect_server.usecases.drawing.beforehand.departments import configured
from inspect_server.usecases.law_used import law_used
from inspect_server.usecases.record import note
from inspect_server.usecases.work import Work

STEP = 1_000
STATES = {
    PlanState.DRAFT: "待审批",
    PlanState.APPROVED: "已批准",
    PlanState.SUPERSEDED: "已被新计划替代",
}


class PlanNotADraft(InspectError):
    """Only a draft can be approved."""

    code, kind = "plan.not_a_draft", "conflict"
    message = "该计划{state}，不能再次审批，请用 plan show 查看当前计划。"


@dataclass(frozen=True)
class MadePlan:
    """A draft that waits for approval."""

    id: UUID
    year: int
    plan: Plan


@dataclass(frozen=True)
class ApprovedPlan:
    """The plan now in force, and which ones it replaced."""

    id: UUID
    year: int
    superseded: tuple[UUID, ...]


def make_plan(
    work: Work,
    year: int,
    rates: str | None = None,
    advance: Callable[[int], None] = lambda _: None,
) -> MadePlan:
    """
    Make the year's plan from the registry and keep it as a draft.

    Args:
        year: The calendar year; within it, the plan covers what is left.
        rates: TOML text of the bureau's own rates, laid over the shipped ones; see docs/law.md.
        advance: Called with how many enterprises were counted since the last call.

    Raises:
        PlanImpossible: Capacity, caps or the registry forbid it; nothing is stored.
        PlanIsOver: The year is past.
        BadLawFile: `rates` cannot be used.
        BadRates: The rates do not fit together.
        Forbidden: The actor is no supervisor.
    """
    require(work.actor.roles, Role.SUPERVISOR, action="编制检查计划")
    made_on = work.now.astimezone(work.settings.zone).date()
    book = law.book()
    if rates is not None:
        book = book.with_local(read(rates, "--rates"), "--rates")
    plan = make(
        year,
        made_on,
        _counted(planning.enterprise_facts(work.session, year), advance),
        planning.officer_facts(work.session, _units_of_partners(work)),
        load_calendar(work.settings.data_dir),
        Rules.read(book, max(made_on, date(year, 1, 1))),
        work.settings.division,
    )
    row = PlanRow(
        id=uuid4(),
        year=year,
        state=PlanState.DRAFT,
        body=plan.to_json(),
        created_at=work.now,
        created_by=work.actor.label,
    )
    work.session.add(row)
    work.session.flush()
    note(work, "plan.made", f"plan/{year}", _facts(row.id, plan) | {"law_sha256": law_used(work)})
    return MadePlan(row.id, year, plan)


def approve_plan(work: Work, plan_id: UUID) -> ApprovedPlan:
    """
    Put a draft in force; the plan that was in force for its year is superseded.

    Raises:
        NotFound: No such plan.
        Forbidden: The actor is no approver.
        PlanNotADraft: It is approved or superseded already.
        AuthorMayNotApprove: Nobody approves their own plan, the system's accounts included.
    """
    require(work.actor.roles, Role.APPROVER, action="审批检查计划")
    row = planning.lock(work.session, plan_id)
    if row is None:
        raise NotFound(what="检查计划")
    if row.state is not PlanState.DRAFT:
        raise PlanNotADraft(state=STATES[row.state])
    check_approver("检查计划", row.created_by, work.actor.label)
    superseded = planning.supersede(work.session, row.year)
    row.state = PlanState.APPROVED
    row.approved_at, row.approved_by = work.now, work.actor.label
    note(
        work,
        "plan.approved",
        f"plan/{row.year}",
        {"plan": str(row.id), "superseded": [str(id) for id in superseded]},
    )
    publish_rules(work, row)
    return ApprovedPlan(row.id, row.year, tuple(superseded))


def _units_of_partners(work: Work) -> set[str]:
    partners = configured(work.settings.partner_departments)
    return {unit for one in partners for unit in one.units}


def _counted(
    facts: Iterator[EnterpriseFacts], advance: Callable[[int], None]
) -> Iterator[EnterpriseFacts]:
    number = 0
    for number, one in enumerate(facts, start=1):
        yield one
        if number % STEP == 0:
            advance(STEP)
    advance(number % STEP)


def _facts(id: UUID, plan: Plan) -> dict[str, object]:
    body = canonical(plan.to_json()).encode("utf-8")
    return {
        "plan": str(id),
        "sha256": hashlib.sha256(body).hexdigest(),
        "enterprises": plan.enterprises,
        "key_visits": plan.key_visits,
        "random_visits": plan.random_visits,
        "capacity_visits": plan.capacity.visits,
        "rules": list(plan.rules.refs),
    }
