"""A look at the pool before anything is committed: who is in, at which odds, and who is out."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from inspect_server.domain.draw.entropy import Source
from inspect_server.domain.draw.errors import (
    BadCommit,
    ChainExhausted,
    ChainMissing,
    NoLead,
    OpenCommitExists,
    TeamsInfeasible,
    TooFewOfficers,
)
from inspect_server.domain.draw.hashes.tagged import suite
from inspect_server.domain.plan import (
    EXCLUSIONS,
    KEY_AT_CAP,
    Part,
    Plan,
    cell_name,
    figures,
    in_display,
    merged_name,
)
from inspect_server.store.drawing import draws
from inspect_server.usecases.drawing.beforehand import batches, sources
from inspect_server.usecases.drawing.beforehand.salting import salted
from inspect_server.usecases.drawing.beforehand.staffing import (
    Sendable,
    Wanted,
    sendable,
    staffed,
)
from inspect_server.usecases.drawing.chains import ChainGivenUp, chain_sources
from inspect_server.usecases.drawing.pool import Entry, Survey, plan_in_force, survey

SEALED = (
    "有抽取尚未公示：各项家数把其抽中、尚未办结的企业也算作列入，家数少的单元只列合计，"
    "实际家数以发布承诺时为准；能否为每家企业组成检查组、哪些重点企业本轮不能覆盖、"
    "合并了哪些单元，只对可以查看其抽中企业的人员（组织该抽取的机构负责人、审计人员）显示，"
    "发布承诺时仍会检查。"
)


@dataclass(frozen=True)
class CellPreview:
    """One published cell before anything is committed, or several small ones as one."""

    cell: str
    name: str  # in Chinese; of a merged cell with what went into it
    enterprises: int
    p_ppm: int | None  # None of several: they differ
    expected_ppm: int  # expected number drawn, in millionths
    parts: tuple[Part, ...]  # the cells that were merged into it, none when it is its own or sealed


@dataclass(frozen=True)
class DrawPreview:
    """What a commit made now would contain."""

    cells: tuple[CellPreview, ...]
    excluded: tuple[tuple[str, int], ...]  # reason code, enterprises
    included: int
    registered: int
    batch: str
    obstacles: tuple[str, ...]  # why a commit for these days would be refused now
    uncovered: tuple["Listed", ...]  # key enterprises that no draw of this round can cover
    staff: Sendable | None = None  # with `teams`: rules and officers, if they can make teams
    sealed: str = ""  # what is left out, and who sees it

    @property
    def expected_ppm(self) -> int:
        """Expected number drawn, in millionths."""
        return sum(cell.expected_ppm for cell in self.cells)


@dataclass(frozen=True)
class Listed:
    """One enterprise of the registry as the preview places it."""

    uscc: str
    name: str
    label: str  # published cell, or the code of the reason that keeps it out
    text: str  # the same in Chinese
    included: bool


def preview_draw(
    session: Session,
    plan_id: UUID,
    visit_from: date,
    visit_to: date,
    *,
    today: date | None = None,
    teams: Wanted | None = None,
    public: Sequence[Source] = (),
    now: datetime | None = None,
    deadline: date | None = None,
    unseen: Collection[UUID] = (),
) -> DrawPreview:
    """
    Show pool, odds and exclusions without committing to anything.

    Args:
        today: With it, days that are over are named as an obstacle, and a chain without a value.
        teams: With it, what would keep some enterprise from getting a team is one, too. Nothing is
            rehearsed: that is left to the commit, whose refusal is noted.
        public: Public values to be named; with `now`, what keeps one from it is an obstacle: it may
            be known, another commit named it, or it is not to come by `deadline`.
        deadline: As for a commit.
        unseen: Draws of which who looks may not know whom they chose (`identities.unseen_draws`).
            With any, nothing depends on it: their enterprises count as still in the pool, no cell
            of few is shown by itself, and nothing is told of a single enterprise.

    Raises:
        NotFound, PlanNotInForce, BadInput, EmptyPool, NothingToDraw: As for a commit.
    """
    plan = plan_in_force(session, plan_id, visit_from, visit_to)
    found = survey(session, plan, visit_from, unseen=unseen)
    is_open = not unseen
    batch = plan.batch_on(visit_from)
    obstacles = []
    if today is not None and visit_from < today:
        obstacles.append(f"开始日期 {visit_from} 已过，请改为今天或者以后的日期")
    if deadline is not None and deadline > visit_to:
        obstacles.append(f"最迟揭示日 {deadline} 晚于检查末日 {visit_to}，请改为检查末日以前")
    if (drawn := batches.drawn_for(session, batch)) is not None:
        obstacles.append(str(batches.drawn_already(drawn)))
    if (waiting := draws.open_commit(session)) is not None and waiting is not drawn:
        obstacles.append(str(OpenCommitExists(draw_no=waiting.draw_no)))
    if today is not None:
        obstacles += _chainless(session, visit_from.year)
    if now is not None:
        obstacles += sources.obstacles(session, public, now, deadline or visit_from)
    staff = None
    if teams is not None:
        days = (visit_from, visit_to)
        staff, starving = _staffed(session, plan, teams, days, found, is_open=is_open)
        obstacles += starving
    return DrawPreview(
        cells=_cells(found) if is_open else _figures(found, plan.rules.min_cell_leaves),
        excluded=tuple(sorted(_reasons(found).items())),
        included=found.included,
        registered=len(found.entries),
        batch=batch.name,
        obstacles=tuple(obstacles),
        uncovered=tuple(
            _listed(one) for one in found.entries if is_open and one.label == KEY_AT_CAP
        ),
        staff=staff,
        sealed="" if is_open else SEALED,
    )


def preview_list(
    session: Session, plan_id: UUID, visit_from: date, visit_to: date, label: str = ""
) -> tuple[Listed, ...]:
    """
    Return, by 统一社会信用代码, who is out and why; or who is in one cell, or out for one reason.

    Raises:
        NotFound, PlanNotInForce, BadInput, EmptyPool, NothingToDraw: As for a commit.
    """
    plan = plan_in_force(session, plan_id, visit_from, visit_to)
    found = survey(session, plan, visit_from)
    chosen = (one for one in found.entries if (one.label == label if label else not one.included))
    return tuple(map(_listed, chosen))


def _chainless(session: Session, year: int) -> list[str]:
    """Return why the two hash chains have no value for a commit, as it would say it."""
    try:
        chain_sources(session, year)
    except (ChainMissing, ChainGivenUp, ChainExhausted, BadCommit) as error:
        return [str(error)]
    return []


def _staffed(
    session: Session,
    plan: Plan,
    teams: Wanted,
    days: tuple[date, date],
    found: Survey,
    *,
    is_open: bool,
) -> tuple[Sendable | None, list[str]]:
    """Return who could be sent, or why some enterprise could get no team, as a commit says it."""
    h = suite("sha256")  # of fresh salts that are thrown away: any suite shows the same
    make = staffed if is_open else sendable
    try:
        return make(session, h, plan.rules, teams, days, salted(h, found)), []
    except (TooFewOfficers, NoLead, TeamsInfeasible) as error:
        return None, [str(error)]


def _figures(found: Survey, smallest: int) -> tuple[CellPreview, ...]:
    """Return the cells for whoever may not know, small ones as one."""
    sizes = Counter(one.label for one in found.entries if one.included)
    return tuple(
        CellPreview(row.code, row.name, row.enterprises, row.p_ppm, row.expected_ppm, ())
        for row in figures(found.cells, sizes, None, smallest)
    )


def _cells(found: Survey) -> tuple[CellPreview, ...]:
    """Return every cell with what went into it."""
    sizes = Counter(one.label for one in found.entries if one.included)
    merged = dict(found.merged)
    cells = (
        CellPreview(
            cell,
            merged_name(cell, merged.get(cell, ())),
            sizes[cell],
            p,
            sizes[cell] * p,
            merged.get(cell, ()),
        )
        for cell, p in found.cells
    )
    return in_display(cells, lambda one: one.cell)


def _reasons(found: Survey) -> Counter[str]:
    return Counter(one.label for one in found.entries if not one.included)


def _listed(entry: Entry) -> Listed:
    text = cell_name(entry.label) if entry.included else EXCLUSIONS.get(entry.label, entry.label)
    return Listed(entry.uscc, entry.name, entry.label, text, entry.included)
