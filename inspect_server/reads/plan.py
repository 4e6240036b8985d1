"""What lists and pages show of plans."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspect_server.domain.plan import (
    EXCLUSIONS,
    KEY_AT_CAP,
    Capacity,
    Plan,
    in_display,
    merged_name,
    merged_parts,
    published_labels,
)
from inspect_server.store import planning
from inspect_server.store.models.planning import Plan as PlanRow
from inspect_server.store.models.planning import PlanState
from inspect_server.store.models.registry import Enterprise


@dataclass(frozen=True)
class PlanLine:
    """One plan in a list."""

    id: UUID
    year: int
    state: PlanState
    created_at: datetime
    created_by: str
    approved_at: datetime | None
    approved_by: str | None

    @property
    def is_draft(self) -> bool:
        """Whether it waits for approval."""
        return self.state == PlanState.DRAFT

    @property
    def is_in_force(self) -> bool:
        """Whether draws go by it."""
        return self.state == PlanState.APPROVED


@dataclass(frozen=True)
class CellLine:
    """One cell as it may be published: never under five enterprises where that can be helped."""

    label: str
    name: str  # in Chinese; of a merged cell with what went into it
    enterprises: int
    p_ppm: int
    visits_ppm: int


@dataclass(frozen=True)
class Uncovered:
    """A key enterprise whose round no draw can cover any more, and why."""

    uscc: str
    name: str
    reason: str


@dataclass(frozen=True)
class Coverage:
    """How far the round of the key enterprises is on a day."""

    round_from: date
    on: date
    covered: int
    under_way: int  # drawn, not closed yet
    due: int  # still in the pool: the last batch of the round takes all of them
    uncovered: tuple[Uncovered, ...]

    @property
    def enterprises(self) -> int:
        """All key enterprises that the round is to cover."""
        return self.covered + self.under_way + self.due + len(self.uncovered)


@dataclass(frozen=True)
class PlanPage:
    """A plan with its arithmetic."""

    line: PlanLine
    plan: Plan
    cells: tuple[CellLine, ...]
    excluded: tuple[tuple[str, int], ...]  # Chinese reason, enterprises
    capacity_text: str


def count_enterprises(session: Session) -> int:
    """Return how many enterprises a plan would look at."""
    return planning.count_enterprises(session)


def plans(session: Session, year: int | None = None) -> tuple[PlanLine, ...]:
    """Return the plans, the newest first."""
    statement = select(PlanRow).order_by(PlanRow.created_at.desc(), PlanRow.id)
    if year is not None:
        statement = statement.where(PlanRow.year == year)
    return tuple(_line(row) for row in session.scalars(statement))


def plan_page(session: Session, plan_id: UUID) -> PlanPage | None:
    """Return one plan with its cells and arithmetic, or None."""
    row = session.get(PlanRow, plan_id)
    if row is None:
        return None
    plan = Plan.from_json(row.body)
    return PlanPage(
        line=_line(row),
        plan=plan,
        cells=_cells(plan),
        excluded=tuple((EXCLUSIONS[code], count) for code, count in plan.excluded),
        capacity_text=capacity_text(plan.capacity, plan.visits),
    )


def key_coverage(
    session: Session, plan: Plan, today: date, unseen: Collection[UUID] = ()
) -> Coverage:
    """
    Return the coverage of the round that runs today, or of the plan's first or last one.

    Who is closed, stopped or lies elsewhere is to be covered by nobody and not counted.

    Args:
        unseen: Draws of which who looks may not know whom they chose: theirs are still due.
    """
    on = min(max(today, date.fromisoformat(plan.first_day)), date(plan.year, 12, 31))
    found: Counter[str | None] = Counter()
    codes = []
    for facts in planning.enterprise_facts(session, plan.year, only_key=True, unseen=unseen):
        reason = plan.exclusion_of(facts, on)
        found[reason] += 1
        if reason == KEY_AT_CAP:
            codes.append(facts.uscc)
    names = select(Enterprise.uscc, Enterprise.name).where(Enterprise.is_key)
    name_of = {row.uscc: row.name for row in session.execute(names)} if codes else {}
    return Coverage(
        plan.round_start(on),
        on,
        found["key_covered"],
        found["under_way"],
        found[None],
        tuple(Uncovered(uscc, name_of[uscc], EXCLUSIONS[KEY_AT_CAP]) for uscc in codes),
    )


def current(session: Session, year: int) -> PlanPage | None:
    """Return the year's plan in force, else the newest draft, else None."""
    lines = plans(session, year)
    in_force = [line for line in lines if line.is_in_force]
    drafts = [line for line in lines if line.is_draft]
    chosen = next(iter(in_force + drafts), None)
    return None if chosen is None else plan_page(session, chosen.id)


def newest_draft(session: Session, year: int) -> UUID | None:
    """Return the id of the year's newest draft, None if the plan in force is newer than it."""
    lines = (line for line in plans(session, year) if line.state != PlanState.SUPERSEDED)
    newest = next(lines, None)
    return newest.id if newest is not None and newest.is_draft else None


def capacity_text(capacity: Capacity, visits: int) -> str:
    """Return the capacity arithmetic as one Chinese sentence, every factor in it."""
    estimated = "（放假安排未公布，暂估）" if capacity.is_estimated else ""
    return (
        f"{capacity.first_day} 至 {capacity.last_day} "
        f"共 {capacity.working_days} 个工作日{estimated}，"
        f"{capacity.officers} 名持证人员扣除休假后 {capacity.officer_days} 人日 × "
        f"{capacity.share_permille}‰ 用于检查 ÷（每组 {capacity.team_officers} 人 × 每次 "
        f"{capacity.half_days_per_visit} 个半天）＝可检查 {capacity.visits} 次；"
        f"计划需要 {visits} 次，余 {capacity.visits - visits} 次。"
    )


def _cells(plan: Plan) -> tuple[CellLine, ...]:
    labels = published_labels(
        {cell.id: (cell.p_ppm, cell.enterprises) for cell in plan.cells},
        plan.rules.min_cell_leaves,
    )
    parts = merged_parts(labels, {cell.id: cell.enterprises for cell in plan.cells})
    merged: dict[tuple[str, int], list[int]] = defaultdict(lambda: [0, 0])
    for cell in plan.cells:
        sums = merged[labels[cell.id], cell.p_ppm]
        sums[0] += cell.enterprises
        sums[1] += cell.visits_ppm
    lines = (
        CellLine(label, merged_name(label, parts.get(label, ())), enterprises, p_ppm, visits_ppm)
        for (label, p_ppm), (enterprises, visits_ppm) in sorted(merged.items())
    )
    return in_display(lines, lambda line: line.label)


def _line(row: PlanRow) -> PlanLine:
    return PlanLine(
        row.id,
        row.year,
        row.state,
        row.created_at,
        row.created_by,
        row.approved_at,
        row.approved_by,
    )
