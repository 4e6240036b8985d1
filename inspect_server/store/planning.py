"""Plans, and what the registry, the checks and the draws say of each enterprise and officer."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, case, exists, func, or_, select
from sqlalchemy.orm import Session

from inspect_server.domain.assignment import PLANNED_SOURCES
from inspect_server.domain.enums import InspectionState
from inspect_server.domain.plan import EnterpriseFacts, OfficerFacts
from inspect_server.domain.plan import Plan as PlanBody
from inspect_server.store.drawing.replacements import stands
from inspect_server.store.models.inspection import EnterpriseCheck, Inspection
from inspect_server.store.models.planning import Draw, DrawLeaf, DrawState, Plan, PlanState
from inspect_server.store.models.registry import Enterprise, Officer, OfficerLeave

ROWS_AT_ONCE = 2_000
CLOSED = (
    InspectionState.RECORD_CLOSED,
    InspectionState.DOCUMENTS_ISSUED,
    InspectionState.ENDED,
)


def count_enterprises(session: Session) -> int:
    """Return how many enterprises the registry holds."""
    return session.scalar(select(func.count()).select_from(Enterprise)) or 0


def enterprise_facts(
    session: Session, year: int, only_key: bool = False, unseen: Collection[UUID] = ()
) -> Iterator[EnterpriseFacts]:
    """
    Yield what the plan and the draw need to know of every enterprise, in the order of the codes.

    The rows stream: a registry of 150,000 is never held at once.

    Args:
        only_key: 重点企业 only.
        unseen: Draws for which nobody counts as under way.
    """
    checks = (
        select(
            EnterpriseCheck.enterprise_id,
            func.sum(
                case(
                    (
                        EnterpriseCheck.checked_on.between(date(year, 1, 1), date(year, 12, 31)),
                        1,
                    ),
                    else_=0,
                )
            ).label("in_year"),
            func.max(
                case((EnterpriseCheck.source.in_(PLANNED_SOURCES), EnterpriseCheck.checked_on))
            ).label("last"),
        )
        .where(EnterpriseCheck.counts)
        .group_by(EnterpriseCheck.enterprise_id)
        .subquery()
    )
    statement = (
        select(
            Enterprise.id,
            Enterprise.uscc,
            Enterprise.division,
            Enterprise.sectors,
            Enterprise.risk,
            Enterprise.credit,
            Enterprise.standardisation,
            Enterprise.is_key,
            Enterprise.status,
            Enterprise.recusal,
            func.coalesce(checks.c.in_year, 0).label("in_year"),
            checks.c.last,
            _is_under_way(unseen).label("under_way"),
        )
        .outerjoin(checks, checks.c.enterprise_id == Enterprise.id)
        .order_by(Enterprise.uscc)
        .execution_options(yield_per=ROWS_AT_ONCE)
    )
    if only_key:
        statement = statement.where(Enterprise.is_key)
    for row in session.execute(statement):
        yield EnterpriseFacts(
            id=str(row.id),
            uscc=row.uscc,
            division=row.division,
            sectors=row.sectors,
            risk=row.risk,
            credit=row.credit,
            standardisation=row.standardisation,
            is_key=row.is_key,
            status=row.status,
            checks_this_year=int(row.in_year),
            last_checked_on=row.last,
            is_under_way=bool(row.under_way),
            recusal=row.recusal or "",
        )


def _is_under_way(unseen: Collection[UUID]) -> ColumnElement[bool]:
    """
    A check of the plan is open, or a draw chose the enterprise and nobody made its scheme yet.

    An open 投诉举报, 转办交办 or 复查 keeps nobody out: a report against oneself would.
    """
    open_inspection = exists().where(
        Inspection.enterprise_id == Enterprise.id,
        Inspection.state.not_in(CLOSED),
        Inspection.source.in_(PLANNED_SOURCES),
        or_(Inspection.draw_id.is_(None), Inspection.draw_id.not_in(unseen)),
    )
    has_scheme = exists().where(
        Inspection.draw_id == DrawLeaf.draw_id,
        Inspection.enterprise_id == DrawLeaf.enterprise_id,
    )
    # Uncorrelated, so that it is computed once and not for every enterprise of the registry.
    drawn = (
        select(DrawLeaf.enterprise_id)
        .join(Draw, Draw.id == DrawLeaf.draw_id)
        .where(Draw.state == DrawState.REVEALED, Draw.id.not_in(unseen), stands(), ~has_scheme)
    )
    return or_(open_inspection, Enterprise.id.in_(drawn))


def officer_facts(session: Session, without: Collection[str] = ()) -> list[OfficerFacts]:
    """
    Return validity and leave of every officer, by 执法证号.

    Args:
        without: Units (所在科室) of other departments, whose officers are none of our capacity.
    """
    leave: dict[UUID, list[tuple[date, date]]] = defaultdict(list)
    for row in session.scalars(select(OfficerLeave)):
        leave[row.officer_id].append((row.first_day, row.last_day))
    return [
        OfficerFacts(
            str(officer.id),
            officer.cert_valid_from,
            officer.cert_valid_to,
            officer.active,
            tuple(leave[officer.id]),
        )
        for officer in session.scalars(
            select(Officer).where(Officer.unit.not_in(without)).order_by(Officer.cert_no)
        )
    ]


def smallest_cell(session: Session, plan_id: UUID) -> int:
    """Return how many enterprises a cell of a plan's draws has at least, to be shown by itself."""
    return PlanBody.from_json(session.get_one(Plan, plan_id).body).rules.min_cell_leaves


def lock(session: Session, plan_id: UUID) -> Plan | None:
    """
    Return a plan's row for changing, or None.

    Every plan of its year is locked with it, so that two approvals at once cannot both stand.
    """
    year = session.scalar(select(Plan.year).where(Plan.id == plan_id))
    rows = session.scalars(
        select(Plan)
        .where(Plan.year == year)
        .order_by(Plan.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    return next((row for row in rows if row.id == plan_id), None)


def approved(session: Session, year: int) -> tuple[UUID, PlanBody] | None:
    """Return the year's plan in force with its id, or None."""
    row = session.scalar(select(Plan).where(Plan.year == year, Plan.state == PlanState.APPROVED))
    return None if row is None else (row.id, PlanBody.from_json(row.body))


def supersede(session: Session, year: int) -> list[UUID]:
    """End the year's approved plans and return their ids; `lock` comes first."""
    rows = session.scalars(
        select(Plan).where(Plan.year == year, Plan.state == PlanState.APPROVED).order_by(Plan.id)
    ).all()
    for row in rows:
        row.state = PlanState.SUPERSEDED
    session.flush()
    return [row.id for row in rows]
