"""Plans and draws: what the year demands, and what chance decided."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from inspect_server.console.drawing.next_steps import after_draw
from inspect_server.domain.draw.entropy import Source, SourceKind
from inspect_server.domain.draw.replacement.requests import OFFICER
from inspect_server.domain.enums import Role
from inspect_server.domain.errors import NotFound
from inspect_server.domain.plan import Figures, Part, merged_name
from inspect_server.reads import draws as draw_reads
from inspect_server.reads import inspections
from inspect_server.reads import plan as plan_reads
from inspect_server.reads import replacements as replacement_reads
from inspect_server.reads.draws import TeamOfTask
from inspect_server.reads.replacements import ReplacementLine
from inspect_server.usecases.disclosing.identities import (
    IdentitiesSealed,
    show_drawn,
    shows_cells,
    unseen_draws,
)
from inspect_server.usecases.disclosing.owners import may_decide
from inspect_server.usecases.drawing.afterwards.replace_drawn import APPROVES
from inspect_server.usecases.drawing.auditing.merged_cells import merged_cells
from inspect_server.web.begin import actor, backend, begin, reading
from inspect_server.web.guard import allow
from inspect_server.web.policies import BUREAU

MOST_TASKS = 200
"""Of one draw on one page; the list of tasks has the rest."""


def register(console: Blueprint) -> None:
    """Add the pages to the console."""
    console.add_url_rule("/plans", "plans", plans)
    console.add_url_rule("/plans/<uuid:plan_id>", "plan", plan)
    console.add_url_rule("/draws", "draws", draws)
    console.add_url_rule("/draws/<uuid:draw_id>", "draw", draw)


@allow(*BUREAU)
def plans() -> ResponseReturnValue:
    """Show all plans, the newest first."""
    with reading() as session:
        rows = plan_reads.plans(session)
    return render_template("plans.html", rows=rows)


@allow(*BUREAU)
def plan(plan_id: UUID) -> ResponseReturnValue:
    """Show one plan with its arithmetic."""
    unseen = unseen_draws(backend(), actor(), "coverage")
    with reading() as session:
        page = plan_reads.plan_page(session, plan_id)
        if page is None:
            raise NotFound(what="该检查计划")
        coverage = plan_reads.key_coverage(session, page.plan, backend().today(), unseen)
    by_weight = sorted(page.cells, key=lambda cell: -cell.visits_ppm)
    return render_template("plan.html", page=page, cells=by_weight, coverage=coverage)


@allow(*BUREAU)
def draws() -> ResponseReturnValue:
    """Show all draws, the newest first."""
    with reading() as session:
        rows = draw_reads.draws(session)
    return render_template("draws.html", rows=rows)


@allow(*BUREAU)
def draw(draw_id: UUID) -> ResponseReturnValue:
    """Show one draw: what was promised, what chance gave, and the tasks that came of it."""
    with begin() as work:
        is_open, session = show_drawn(work, draw_id, "page"), work.session
        has_cells = shows_cells(work, draw_id)
        page = draw_reads.draw_page(session, draw_id, is_open=is_open, has_cells=has_cells)
        visits = inspections.listing(
            session, actor(), draw_no=page.line.draw_no, size=MOST_TASKS
        ).rows
        replacements = replacement_reads.replacements(session, draw_id) if is_open else ()
        voids = replacement_reads.voids(session, draw_id)
        parts = merged_cells(session, backend().blobs, draw_id) if has_cells else {}
        decides = may_decide(session, actor(), draw_id)
        follows = may_decide(session, actor(), draw_id, APPROVES)
        by_state = inspections.of_draw_by_state(session, actor(), draw_id)
        made = inspections.count_of_draw(session, draw_id)
    teams = {visit.enterprise_id: visit.team for visit in visits}
    acting = actor().roles if decides else actor().roles - {Role.SUPERVISOR}
    return render_template(
        "draw.html",
        page=page,
        decides=decides,
        follows=follows,
        replaced=_replaced(replacements),
        changed=changed(page.tasks, teams),
        next_steps=after_draw(
            page,
            {state: len(found) for state, found in by_state.items()},
            made,
            acting,
            backend().clock.now(),
        ),
        cells=[(_called(row, parts), row, parts.get(row.code, ())) for row in page.cells],
        declared=[Source(SourceKind(one.kind), one.name, one.issue) for one in page.sources],
        visits={visit.enterprise_id: visit for visit in visits},
        replacements=replacements,
        sealed="" if is_open else str(IdentitiesSealed(draw_no=page.line.draw_no)),
        voids=voids,
    )


def _called(row: Figures, parts: Mapping[str, Sequence[Part]]) -> str:
    """Return what the office calls a row of cells: a merged one by what went into it."""
    return merged_name(row.code, parts[row.code]) if row.code in parts else row.name


def _replaced(lines: Sequence[ReplacementLine]) -> dict[str, list[str]]:
    """Return by an enterprise's commitment what replacements changed there, in words."""
    found: dict[str, list[str]] = {}
    for one in (line for line in lines if line.completed_at):
        if one.kind == OFFICER:
            said = f"第 {one.k} 次替补：{one.went_out} 退出，{one.came_in} 替补"
            found.setdefault(one.task, []).append(said)
        else:
            said = f"第 {one.k} 次替补进入，{one.went_out} 退出"
            found.setdefault(one.chosen, []).append(said)
    return found


def changed(tasks: Sequence[TeamOfTask], teams: Mapping[UUID, Sequence[str]]) -> dict[UUID, str]:
    """Return the team that goes to an enterprise now where it is not the one that was drawn."""
    found = {}
    for task in tasks:
        drawn = [name for stage, _, name in task.officers if not stage.startswith("expert/")]
        now = teams.get(task.enterprise_id, ())
        if now and sorted(now) != sorted(drawn):
            found[task.enterprise_id] = "、".join(now)
    return found
